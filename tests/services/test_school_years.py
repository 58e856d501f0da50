"""A new school year: the old one is put away once, all of it or nothing."""

from datetime import date

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, Stale
from matching.models.campaigns import Campaign
from matching.models.events import Event
from matching.models.mail import Mail
from matching.models.offers import Offer
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.school_years import OpenedYear
from matching.models.statuses import ApprovalStatus, OfferStatus, PlacementStatus
from matching.models.users import Role, User
from matching.queries import schools as school_queries
from matching.services import notices, school_years, sign_ins
from tests.factories import campaigns, people, places
from tests.factories.placements import placement

LAST, NOW = places.YEAR, places.YEAR + 1


@pytest.fixture(autouse=True)
def in_september(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(NOW, 9, 2))


@pytest.fixture
def head(session):
    """The head of a school that had a class last year."""
    group = places.class_group(name="3e A")
    return people.adult(Role.PRINCIPAL, school=group.school)


@pytest.fixture
def group(session, head):
    return session.scalar(
        school_queries.classes_visible_to(head, LAST),
    )


def test_the_last_year_is_put_away_and_counted(session, head, group) -> None:
    pupil = people.pupil(group)
    sign_in = sign_ins.start(pupil.user, "essai")
    offer = places.offer(school_year=LAST)
    waiting = placement(offer.seats[0], pupil=pupil, status=PlacementStatus.PROPOSED)
    held = placement(offer.seats[1], pupil=people.pupil(group), status=PlacementStatus.DONE)
    campaign = campaigns.campaign()
    done = school_years.open_year()
    session.expire_all()
    assert (done.classes, done.accounts, done.campaigns, done.offers, done.proposals) == (
        *(1, 2, 1, 1, 1),
    )
    assert not pupil.user.is_active
    assert sign_in.ended_at is not None
    assert offer.status is OfferStatus.CLOSED
    assert (waiting.status, held.status) == (PlacementStatus.EXPIRED, PlacementStatus.DONE)
    assert campaign.closed_at is not None
    assert all(one.closed_at is not None for one in campaign.territories)
    assert session.scalars(school_queries.classes_visible_to(head, clock.school_year())).all() == []
    written = sa.select(Event.from_status, Event.to_status).where(Event.subject == "offer")
    assert session.execute(written).all() == [("published", "closed")]


def test_companies_and_schools_are_asked_again_once_each(session, head) -> None:
    member = people.adult(Role.COMPANY_MEMBER, company=places.company())
    people.adult(Role.COMPANY_MEMBER, company=places.company(status=ApprovalStatus.REFUSED))
    people.adult(Role.CLASS_TEACHER, school=places.school())
    assert school_years.open_year().letters == 2
    assert session.execute(sa.select(Mail.name, Mail.user_id).order_by(Mail.name)).all() == [
        ("new_year_company", member.id),
        ("new_year_school", head.id),
    ]
    assert f"{NOW}-{NOW + 1}" in session.scalars(sa.select(Mail.subject)).first()


def test_a_second_time_is_refused_and_writes_nothing(session, head) -> None:
    school_years.open_year()
    with pytest.raises(Stale, match="year_open_already"):
        school_years.open_year()
    assert session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 1
    assert session.scalars(sa.select(OpenedYear.school_year)).all() == [NOW]


def test_an_installation_of_this_year_has_nothing_to_put_away(session) -> None:
    group = places.class_group(school_year=NOW)
    pupil = people.pupil(group)
    with pytest.raises(RuleBroken, match="year_nothing_before"):
        school_years.open_year()
    assert pupil.user.is_active
    assert session.scalar(sa.select(OpenedYear.id)) is None


def test_what_belongs_to_the_new_year_stays_as_it_is(session, head, group) -> None:
    pupil = people.pupil(places.class_group(group.school, school_year=NOW, name="3e B"))
    offer = places.offer(school_year=NOW)
    places.offer(school_year=LAST)
    school_years.open_year()
    session.expire_all()
    assert pupil.user.is_active
    assert offer.status is OfferStatus.PUBLISHED
    assert session.scalar(sa.select(sa.func.count()).where(Offer.status == OfferStatus.CLOSED)) == 1


def test_letters_are_written_some_at_a_time_and_each_once(session, head, monkeypatch) -> None:
    for _ in range(5):
        people.adult(Role.COMPANY_MEMBER, company=places.company())
    write, left = notices.mail.write, [3]

    def full_after_three(*arguments, **values):
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the disk is full")
        return write(*arguments, **values)

    monkeypatch.setattr(school_years, "LETTERS_AT_ONCE", 2)
    monkeypatch.setattr(notices.mail, "write", full_after_three)
    with pytest.raises(OSError, match="full"):
        school_years.open_year()
    assert len(session.scalars(sa.select(Mail.id)).all()) == 2  # the half batch is not written
    left[0] = 100
    assert school_years.open_year().letters == 4
    asked = session.scalars(sa.select(Mail.address)).all()
    assert len(asked) == len(set(asked)) == 6
    with pytest.raises(Stale, match="year_open_already"):
        school_years.open_year()


def test_what_cannot_be_put_away_leaves_the_last_year_open(
    session, head, group, monkeypatch
) -> None:
    pupil = people.pupil(group)
    places.offer(school_year=LAST)

    def broken():
        raise OSError("the disk is full")

    monkeypatch.setattr(school_years.commune_refresh, "refresh", broken)
    with pytest.raises(OSError, match="full"):
        school_years.open_year()
    session.expire_all()
    assert session.get(User, pupil.user_id).is_active
    assert session.scalars(sa.select(Offer.status)).all() == [OfferStatus.PUBLISHED]
    assert session.scalar(sa.select(OpenedYear.id)) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Pupil)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Placement)) == 0
