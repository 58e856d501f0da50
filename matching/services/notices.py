"""Who is told what by e-mail, when something waits for them or was decided.

An e-mail says that something waits and where; never a pupil's name, nor anything about one.
"""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.models.companies import Company, Site
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import ApprovalStatus
from matching.models.users import SCHOOL_ROLES, Membership, Role, User
from matching.queries import mail as mails
from matching.services import mail

# Proposals come in dozens: what happens within this time goes into one e-mail.
GATHERED_FOR = timedelta(minutes=10)
AT_ONCE = 10_000  # numbers in one statement, of which PostgreSQL takes 65,535


@transactional
def school_has_proposals(placements: Iterable[Placement]) -> None:
    """Tell the adults who answer for these pupils that proposals wait for the school.

    The class teacher of the class, or the head where a class has none.
    """
    for user in _readers_of(placements):
        _gather("school_proposals", user)


@transactional
def schools_lose_proposals(placements: Iterable[Placement]) -> None:
    """Tell the same adults that placements of their pupils will not take place."""
    for user in _readers_of(placements):
        mail.write("proposals_withdrawn", user, space="etablissement")


@transactional
def hosts_lose_proposals(placements: Iterable[Placement]) -> None:
    """Tell the companies that pupils will not come, and their seats are free."""
    seat_ids = [one.seat_id for one in placements if one.seat_id is not None]
    companies = (
        sa.select(Site.company_id)
        .join(Offer, Offer.site_id == Site.id)
        .join(Seat, Seat.offer_id == Offer.id)
        .where(Seat.id.in_(seat_ids))
    )
    for user in _people(Membership.company_id.in_(companies)):
        mail.write("proposals_withdrawn", user, space="entreprise")


@transactional
def host_has_proposal(placement: Placement) -> None:
    """Tell the people of the company that a school said yes and that they may answer."""
    company_id = db.session.scalar(
        sa.select(Site.company_id)
        .join(Offer, Offer.site_id == Site.id)
        .join(Seat, Seat.offer_id == Offer.id)
        .where(Seat.id == placement.seat_id)
    )
    for user in _people(Membership.company_id == company_id):
        _gather("host_proposals", user)


@transactional
def let_in(party: School | Company) -> None:
    """A coordinator said yes to a school or a company."""
    for user in _people_of(party):
        mail.write("let_in", user, kind=party.__tablename__, place=party.name)


@transactional
def not_let_in(party: School | Company, words: str) -> None:
    """A coordinator said no, and why."""
    for user in _people_of(party):
        mail.write("not_let_in", user, kind=party.__tablename__, place=party.name, words=words)


@transactional
def offer_published(offer: Offer) -> None:
    """Pupils see the offer."""
    for user in _authors(offer):
        mail.write("offer_published", user, title=offer.title, ref=offer.ref)


@transactional
def offer_returned(offer: Offer, words: str) -> None:
    """There is something to mend."""
    for user in _authors(offer):
        mail.write("offer_returned", user, title=offer.title, ref=offer.ref, words=words)


@transactional
def new_year(school_year: int, *, after: int, most: int) -> tuple[int, int | None]:
    """Ask companies for their places and schools for their pupils and weeks, one letter each.

    The next ``most`` people by number get theirs. Returns how many letters were written and the
    number of the last person, None when nobody is left. Those of a company or school that is not
    approved get none.
    """
    held = sa.select(Membership.user_id).where(Membership.ended_at.is_(None))
    approved = ApprovalStatus.APPROVED
    hosts = held.join(Membership.company).where(Company.status == approved)
    heads = held.join(Membership.school).where(
        School.status == approved, Membership.role.in_((Role.PRINCIPAL, Role.SCHOOL_CLERK))
    )
    users = db.session.scalars(
        sa.select(User)
        .where(
            User.id > after,
            User.blocked_at.is_(None),
            sa.or_(User.id.in_(hosts), User.id.in_(heads)),
        )
        .order_by(User.id)
        .limit(most)
    ).all()
    written = 0
    for name, whose in (("new_year_company", hosts), ("new_year_school", heads)):
        asked = set(db.session.scalars(whose.where(Membership.user_id.in_([u.id for u in users]))))
        for user in users:
            if user.id in asked:
                mail.write(name, user, years=f"{school_year}-{school_year + 1}")
                written += 1
    return written, users[-1].id if users else None


def _gather(name: str, user: User) -> None:
    """One e-mail for all that waits; those written within minutes become one."""
    if db.session.scalar(mails.still_here(user, name, clock.now() - GATHERED_FOR)) is None:
        mail.write(name, user, wait=GATHERED_FOR)


def _readers_of(placements: Iterable[Placement]) -> list[User]:
    """Who answers for the pupils of these placements, each once, class after class."""
    pupil_ids = [one.pupil_id for one in placements if one.pupil_id is not None]
    class_ids: set[int] = set()
    for first in range(0, len(pupil_ids), AT_ONCE):
        some = Pupil.id.in_(pupil_ids[first : first + AT_ONCE])
        class_ids |= set(db.session.scalars(sa.select(Pupil.class_group_id).where(some)))
    classes = db.session.scalars(
        sa.select(ClassGroup).where(ClassGroup.id.in_(class_ids)).order_by(ClassGroup.id)
    ).all()
    # A dict keeps the order, and each person once.
    return list(dict.fromkeys(user for group in classes for user in _who_answers_for(group)))


def _who_answers_for(group: ClassGroup) -> list[User]:
    if group.class_teacher_id is not None:
        return [db.session.get_one(User, group.class_teacher_id)]
    heads = _people(Membership.school_id == group.school_id, Role.PRINCIPAL)
    return heads or _people(Membership.school_id == group.school_id, *SCHOOL_ROLES)


def _people_of(party: School | Company) -> list[User]:
    if isinstance(party, School):
        return _people(Membership.school_id == party.id)
    return _people(Membership.company_id == party.id)


def _authors(offer: Offer) -> list[User]:
    """Who wrote the offer, else everybody in the company."""
    author = offer.created_by
    return [author] if author is not None else _people_of(offer.site.company)


def _people(where: sa.ColumnElement[bool], *roles: Role) -> list[User]:
    query = (
        sa.select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(where, Membership.ended_at.is_(None), User.blocked_at.is_(None))
        .group_by(User.id)
        .order_by(User.id)
    )
    if roles:
        query = query.where(Membership.role.in_(roles))
    return list(db.session.scalars(query))
