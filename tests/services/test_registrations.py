"""A registration is held until the link of a letter is opened."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock, tasks
from matching.errors import RuleBroken
from matching.models.companies import Company
from matching.models.events import Event
from matching.models.legal_texts import LegalAcceptance
from matching.models.mail import Mail
from matching.models.registrations import Registration
from matching.models.schools import PriorityEducation, School
from matching.models.users import Role, User
from matching.services import accounts, registrations, throttle
from matching.services.schools import SchoolDetails
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords", "nothing_queued")
NEW = "Trois rabots neufs 7"
PERSON = {"first_name": "Zoé", "last_name": "Hôte"}
PLACE = {"address": "12 rue de l’Essai", "postcode": "01100", "commune": "Oyonnax"}
MADE = (User, Company, School, LegalAcceptance, Event)


def ask_company(email="zoe@example.org", **changes) -> None:
    registrations.ask_for_company(
        **{
            "siret": "732 829 320 00074", "name": "Ateliers fictifs", "site_name": "Usine",
            "email": email, "phone": "06 39 98 12 34",
        } | PERSON | PLACE | changes
    )  # fmt: skip


def ask_school(email="zoe@example.org", role=Role.PRINCIPAL, **changes) -> None:
    values = {
        "uai": "0010002X", "name": "Collège fictif", "public": True,
        "priority_education": PriorityEducation.REP,
    }  # fmt: skip
    details = SchoolDetails(**values | PLACE | changes)
    registrations.ask_for_school(details, role=role, email=email, **PERSON)


def letters(session) -> list[Mail]:
    registrations.answer_waiting()
    return list(session.scalars(sa.select(Mail).order_by(Mail.id)))


def token_of(row: Mail) -> str:
    line = next(line for line in row.text.splitlines() if "/inscription/confirmer/" in line)
    return line.rpartition("/")[2]


def made(session) -> list[int]:
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in MADE]


def test_nothing_is_made_before_the_letter_is_opened(session):
    ask_company()
    ask_school("lou@example.org")
    assert [(row.name, row.address) for row in letters(session)] == [
        ("registration", "zoe@example.org"),
        ("registration", "lou@example.org"),
    ]
    assert made(session) == [0] * len(MADE)


def test_the_link_makes_the_company_and_proves_the_address(session):
    ask_company(" ZOE@example.org")
    (letter,) = letters(session)
    user = registrations.finish(token_of(letter), NEW)
    assert (user.email, user.phone, user.name) == ("zoe@example.org", "+33639981234", "Zoé Hôte")
    assert user.email_verified_at is not None
    assert user.memberships[0].company.sites[0].siret == "73282932000074"
    assert accounts.authenticate("zoe@example.org", NEW).id == user.id


def test_the_link_makes_the_school_with_what_was_typed(session):
    ask_school(role=Role.CLASS_TEACHER)
    (letter,) = letters(session)
    user = registrations.finish(token_of(letter), NEW)
    (membership,) = user.memberships
    assert (membership.role, membership.school.uai) == (Role.CLASS_TEACHER, "0010002X")
    assert membership.school.priority_education is PriorityEducation.REP


@pytest.mark.parametrize("ask", [ask_company, ask_school])
def test_an_address_with_an_account_leaves_the_same_row_and_gets_another_letter(session, ask):
    people.adult(email="zoe@example.org")
    before = made(session)
    ask("zoe@example.org")
    ask("nobody@example.org")
    rows = session.scalars(sa.select(Registration)).all()
    assert {(row.token_hash, row.kind) for row in rows} == {(None, rows[0].kind)}
    assert [row.name for row in letters(session)] == ["registration_known", "registration"]
    assert made(session) == before
    assert session.scalars(sa.select(Registration.email)).all() == ["nobody@example.org"]


def test_the_same_company_may_be_asked_for_again_while_nobody_confirmed(session):
    """Otherwise a second form, with another address, would tell what became of the first."""
    people.adult(email="zoe@example.org")
    for email in ("zoe@example.org", "lou@example.org", "sam@example.org"):
        ask_company(email)
    assert len(letters(session)) == 3


def test_the_first_to_confirm_has_the_company_and_the_second_is_told(session):
    ask_company("lou@example.org")
    ask_company("sam@example.org")
    first, second = letters(session)
    registrations.finish(token_of(first), NEW)
    session.commit()
    with pytest.raises(RuleBroken, match="company_known"):
        registrations.finish(token_of(second), NEW)


def test_the_button_pressed_twice_makes_one_account(session):
    ask_company()
    ask_company()
    first, second = letters(session)
    registrations.finish(token_of(second), NEW)
    assert registrations.held_by(token_of(first)) is None
    assert session.scalar(sa.select(sa.func.count(Registration.id))) == 0
    with pytest.raises(RuleBroken, match="link_dead"):
        registrations.finish(token_of(second), NEW)


def test_a_weak_password_is_refused_and_the_link_still_serves(session):
    ask_company()
    (letter,) = letters(session)
    with pytest.raises(RuleBroken, match="password_too_short"):
        registrations.finish(token_of(letter), "court")
    session.rollback()
    assert registrations.held_by(token_of(letter)) is not None


def test_what_nobody_confirms_is_forgotten(session, monkeypatch):
    ask_company()
    (letter,) = letters(session)
    later = clock.now() + registrations.HELD_FOR + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert registrations.held_by(token_of(letter)) is None
    registrations.forget_old()
    assert session.scalar(sa.select(sa.func.count(Registration.id))) == 0


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"siret": "73282932000075"}, "siret_key", "siret"),
        ({"postcode": "99"}, "postcode_format", "postcode"),
        ({"commune": "Nulle-Part", "postcode": "01999"}, "commune_unknown", "commune"),
        ({"phone": "12"}, "phone_format", "phone"),
    ],
)
def test_what_is_wrong_is_told_at_once_and_nothing_is_held(session, changes, code, field):
    with pytest.raises(RuleBroken) as broken:
        ask_company(**changes)
    assert (broken.value.code, broken.value.field) == (code, field)
    assert session.scalar(sa.select(sa.func.count(Registration.id))) == 0


@pytest.mark.parametrize("email", ["zoe@example.org", "nobody@example.org"])
def test_one_mailbox_is_not_flooded_and_nothing_tells(session, email):
    people.adult(email="zoe@example.org")
    for number in range(throttle.REGISTRATIONS_OF_EMAIL.most + 3):
        ask_company(email, siret=places.siret(900 + number))
    assert len(letters(session)) == throttle.REGISTRATIONS_OF_EMAIL.most


def test_a_job_given_twice_writes_once(session):
    ask_company()
    number = session.scalars(sa.select(Registration.id)).one()
    tasks.answer_registration(number)
    tasks.answer_registration(number)
    tasks.answer_registrations()
    assert len(letters(session)) == 1
