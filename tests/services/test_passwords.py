"""A password that was forgotten, or is changed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock, tasks
from matching.errors import RuleBroken, TooManyAttempts
from matching.models.account_links import AccountLink
from matching.models.mail import Mail
from matching.models.sign_ins import SignIn
from matching.services import account_links, accounts, addresses, passwords, sign_ins, throttle
from tests.factories import people

pytestmark = pytest.mark.usefixtures("cheap_passwords", "nothing_queued")
NEW = "Quatre gouges bleues 8"


@pytest.fixture
def lou(session):
    hashed = accounts._hasher.hash("Trois rabots neufs 7")
    return people.adult(email="lou@example.org", password_hash=hashed)


def later(monkeypatch, **delta) -> None:
    moment = clock.now() + timedelta(**delta)
    monkeypatch.setattr(clock, "now", lambda: moment)


def mails(session) -> list[Mail]:
    return list(session.scalars(sa.select(Mail).order_by(Mail.id)))


def token_of(row: Mail) -> str:
    """The secret part of the link in an e-mail."""
    return next(line for line in row.text.splitlines() if "/mot-de-passe/" in line).rpartition("/")[
        2
    ]


def link_for(session, email="LOU@example.org ") -> str:
    passwords.ask_new(email, address="192.0.2.1")
    passwords.answer_waiting()
    return token_of(mails(session)[-1])


def test_a_forgotten_password_is_chosen_anew_by_a_link(session, lou):
    token = link_for(session)
    assert passwords.owner(token).id == lou.id
    passwords.choose(token, NEW)
    assert accounts.authenticate("lou@example.org", NEW).id == lou.id
    assert lou.email_verified_at is not None
    assert [row.name for row in mails(session)] == ["new_password", "password_changed"]


def test_a_link_serves_once(session, lou):
    token = link_for(session)
    passwords.choose(token, NEW)
    assert passwords.owner(token) is None
    with pytest.raises(RuleBroken, match="link_dead"):
        passwords.choose(token, "Cinq limes rondes 3")


def test_a_link_lasts_an_hour(session, lou, monkeypatch):
    token = link_for(session)
    later(monkeypatch, minutes=59)
    assert passwords.owner(token) is not None
    later(monkeypatch, minutes=2)
    assert passwords.owner(token) is None
    account_links.forget_old()
    assert session.scalar(sa.select(sa.func.count(AccountLink.id))) == 0


def test_a_second_link_kills_the_first(session, lou):
    first, second = link_for(session), link_for(session)
    assert passwords.owner(first) is None
    assert passwords.owner(second) is not None


def test_what_is_kept_of_a_link_does_not_open_it(session, lou):
    token = link_for(session)
    kept = session.scalars(sa.select(AccountLink.token_hash)).one()
    assert token not in kept
    assert passwords.owner(kept) is None


def test_an_unknown_address_leaves_the_same_row_and_no_email(session, lou):
    passwords.ask_new("nobody@example.org", address="192.0.2.1")
    passwords.ask_new("lou@example.org", address="192.0.2.1")
    rows = session.scalars(sa.select(AccountLink)).all()
    assert {(row.user_id, row.token_hash) for row in rows} == {(None, None)}
    passwords.answer_waiting()
    assert [row.address for row in mails(session)] == ["lou@example.org"]
    assert session.scalar(sa.select(sa.func.count(AccountLink.id))) == 1


def test_a_job_given_twice_writes_once(session, lou):
    passwords.ask_new("lou@example.org", address="192.0.2.1")
    number = session.scalars(sa.select(AccountLink.id)).one()
    tasks.answer_forgotten_password(number)
    tasks.answer_forgotten_password(number)
    tasks.answer_forgotten_passwords()
    assert len(mails(session)) == 1


def test_a_blocked_account_gets_no_link(session, lou):
    lou.blocked_at = clock.now()
    session.commit()
    passwords.ask_new("lou@example.org", address="192.0.2.1")
    passwords.answer_waiting()
    assert mails(session) == []


def test_a_weak_password_is_refused_and_the_link_still_serves(session, lou):
    token = link_for(session)
    with pytest.raises(RuleBroken, match="password_too_short"):
        passwords.choose(token, "court")
    session.rollback()
    assert passwords.owner(token) is not None


def test_every_session_and_every_other_link_ends_with_the_old_password(session, lou):
    sign_ins.start(lou, "Firefox, Windows")
    addresses.ask_to_change(lou, "thief@example.org")
    passwords.choose(link_for(session), NEW)
    assert session.scalars(sa.select(SignIn.ended_at)).one() is not None
    assert addresses.waiting(lou) is None


def test_changing_a_password_keeps_this_device_only(session, lou):
    here, there = sign_ins.start(lou, "ici"), sign_ins.start(lou, "là")
    passwords.change(lou, NEW, keep=here.ref)
    assert sign_ins.person(lou.ref, here.ref).id == lou.id
    assert sign_ins.person(lou.ref, there.ref) is None


@pytest.mark.parametrize("email", ["lou@example.org", "nobody@example.org"])
def test_one_mailbox_is_not_flooded_and_nothing_tells(session, lou, email):
    for _ in range(throttle.LINKS.most + 3):
        passwords.ask_new(email, address="192.0.2.1")
    assert session.scalar(sa.select(sa.func.count(AccountLink.id))) == throttle.LINKS.most


def test_one_place_cannot_ask_for_everybody(session, lou, monkeypatch):
    limit = throttle.Limit("links_of_address", 2, timedelta(hours=1))
    monkeypatch.setattr(throttle, "LINKS_OF_ADDRESS", limit)
    for number in range(2):
        passwords.ask_new(f"{number}@example.org", address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        passwords.ask_new("lou@example.org", address="192.0.2.1")
    passwords.ask_new("lou@example.org", address="192.0.2.2")


def test_a_session_runs_out_by_itself(session, lou, monkeypatch):
    row = sign_ins.start(lou, "ici")
    later(monkeypatch, days=29)
    assert sign_ins.person(lou.ref, row.ref) is not None
    later(monkeypatch, days=2)
    assert sign_ins.person(lou.ref, row.ref) is None
    sign_ins.forget_old()
    assert session.scalar(sa.select(sa.func.count(SignIn.id))) == 0


def test_nobody_ends_the_session_of_another(session, lou):
    row = sign_ins.start(lou, "ici")
    sign_ins.end(people.adult(), row.ref)
    assert sign_ins.person(lou.ref, row.ref) is not None
    sign_ins.end(lou, row.ref)
    assert sign_ins.person(lou.ref, row.ref) is None
