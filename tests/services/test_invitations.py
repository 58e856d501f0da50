"""A colleague is invited, accepts once, or the invitation is taken back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, TooManyAttempts
from matching.models.invitations import Invitation
from matching.models.mail import Mail
from matching.models.users import SCHOOL_ROLES, Membership, Role
from matching.services import invitations, throttle
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords")
NEW = {"first_name": "Sam", "last_name": "Petit", "password": "Trois rabots neufs 7"}


@pytest.fixture
def company(session):
    return places.company()


@pytest.fixture
def host(company):
    return people.adult(Role.COMPANY_MEMBER, company=company)


def token(session) -> str:
    text = session.scalars(sa.select(Mail.text).order_by(Mail.id.desc())).first()
    return next(line for line in text.splitlines() if "/invitation/" in line).rpartition("/")[2]


def invited(session, host, company, email="Sam@Example.org") -> str:
    invitations.invite(host, company, email=email, role=Role.COMPANY_MEMBER)
    return token(session)


def test_a_colleague_joins_with_a_new_account_whose_address_the_link_proves(session, host, company):
    user = invitations.accept_with_new_account(invited(session, host, company), **NEW)
    assert (user.email, user.email_verified_at is not None) == ("sam@example.org", True)
    (membership,) = user.memberships
    assert (membership.role, membership.company_id) == (Role.COMPANY_MEMBER, company.id)
    row = session.scalars(sa.select(Invitation)).one()
    assert (row.accepted_by_id, row.invited_by_id) == (user.id, host.id)


def test_a_colleague_joins_with_an_account_of_another_address(session, host, company):
    teacher = people.adult(Role.PRINCIPAL, school=places.school())
    invitations.accept(invited(session, host, company), teacher)
    assert {one.role for one in teacher.memberships} == {Role.PRINCIPAL, Role.COMPANY_MEMBER}


def test_an_invitation_serves_once(session, host, company):
    link = invited(session, host, company)
    invitations.accept_with_new_account(link, **NEW)
    with pytest.raises(RuleBroken, match="link_dead"):
        invitations.accept(link, people.adult())
    with pytest.raises(RuleBroken, match="link_dead"):
        invitations.accept_with_new_account(link, **NEW)


def test_an_invitation_lasts_a_week(session, host, company, monkeypatch):
    link = invited(session, host, company)
    moment = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert invitations.find(link) is None


def test_an_invitation_taken_back_opens_nothing(session, host, company):
    link = invited(session, host, company)
    row = session.scalars(sa.select(Invitation)).one()
    invitations.revoke(host, row)
    invitations.revoke(host, row)  # a double click
    with pytest.raises(RuleBroken, match="link_dead"):
        invitations.accept(link, people.adult())


def test_an_invitation_that_served_is_not_taken_back(session, host, company):
    invitations.accept(invited(session, host, company), people.adult())
    with pytest.raises(RuleBroken, match="invitation_accepted"):
        invitations.revoke(host, session.scalars(sa.select(Invitation)).one())


def test_inviting_again_kills_the_first_link(session, host, company):
    first, second = invited(session, host, company), invited(session, host, company)
    assert invitations.find(first) is None
    assert invitations.find(second) is not None


def test_a_role_that_one_holds_already_is_not_held_twice(session, host, company):
    link = invited(session, host, company)
    invitations.accept(link, host)
    assert len(host.memberships) == 1
    with pytest.raises(RuleBroken, match="already_colleague"):
        invitations.invite(host, company, email=host.email, role=Role.COMPANY_MEMBER)


def test_nobody_invites_where_he_does_not_work(session, host, company):
    stranger = people.adult(Role.COMPANY_MEMBER, company=places.company())
    for place, role in (
        (company, Role.COMPANY_MEMBER),
        (places.school(), Role.CLASS_TEACHER),
        (places.territory_of(), Role.TERRITORY_COORDINATOR),
    ):
        with pytest.raises(RuleBroken, match="role_not_yours"):
            invitations.invite(stranger, place, email="x@example.org", role=role)


def test_no_role_of_elsewhere_is_offered(session, host, company):
    for role in set(Role) - {Role.COMPANY_MEMBER}:
        with pytest.raises(RuleBroken, match="role_not_yours"):
            invitations.invite(host, company, email="x@example.org", role=role)


def test_a_teacher_invites_a_head_only_where_there_is_none(session):
    school = places.school()
    teacher = people.adult(Role.CLASS_TEACHER, school=school)
    assert invitations.roles_to_offer(teacher, school) == SCHOOL_ROLES
    head = people.adult(Role.PRINCIPAL, school=school)
    assert Role.PRINCIPAL not in invitations.roles_to_offer(teacher, school)
    assert invitations.roles_to_offer(head, school) == SCHOOL_ROLES


def test_a_coordinator_and_the_foundation_invite_to_a_territory(session):
    territory = places.territory_of()
    for user in (
        people.adult(Role.TERRITORY_COORDINATOR, territory=territory),
        people.adult(Role.FOUNDATION_ADMIN),
    ):
        assert invitations.roles_to_offer(user, territory) == (Role.TERRITORY_COORDINATOR,)


def test_the_first_person_of_the_foundation_is_invited_from_the_machine(session):
    path = invitations.invite_to_foundation("Fondation@Example.org")
    user = invitations.accept_with_new_account(path.rpartition("/")[2], **NEW)
    assert [one.role for one in user.memberships] == [Role.FOUNDATION_ADMIN]


def test_a_pupil_accepts_nothing(session, host, company):
    link = invited(session, host, company)
    with pytest.raises(RuleBroken, match="adults_only"):
        invitations.accept(link, people.pupil(places.class_group()).user)


def test_a_weak_password_leaves_the_invitation_as_it_was(session, host, company):
    link = invited(session, host, company)
    with pytest.raises(RuleBroken, match="password_too_short"):
        invitations.accept_with_new_account(link, **(NEW | {"password": "court"}))
    assert invitations.find(link) is not None


def test_one_person_does_not_write_to_the_whole_world(session, host, company, monkeypatch):
    limit = throttle.Limit("invitations", 2, timedelta(days=1))
    monkeypatch.setattr(throttle, "INVITATIONS", limit)
    for number in range(2):
        invited(session, host, company, f"{number}@example.org")
    with pytest.raises(TooManyAttempts):
        invited(session, host, company)


def test_the_link_is_kept_as_a_hash(session, host, company):
    link = invited(session, host, company)
    assert link not in session.scalars(sa.select(Invitation.token_hash)).one()


def test_the_email_says_who_invites_where_and_as_what(session, host, company):
    invited(session, host, company)
    row = session.scalars(sa.select(Mail)).one()
    assert row.user_id is None
    for words in (host.name, company.name, "membre de l’entreprise"):
        assert words in row.text
    assert session.scalar(sa.select(sa.func.count(Membership.id))) == 1
