"""The address of an account is proved by a link, and changed by another."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, TooManyAttempts
from matching.models.mail import Mail
from matching.services import addresses, throttle
from tests.factories import people


def tokens(session) -> list[str]:
    texts = session.scalars(sa.select(Mail.text).order_by(Mail.id)).all()
    lines = [line for text in texts for line in text.splitlines()]
    return [line.rpartition("/")[2] for line in lines if "/adresse/" in line]


def written(session) -> list[tuple[str, str]]:
    return [(row.name, row.address) for row in session.scalars(sa.select(Mail).order_by(Mail.id))]


@pytest.fixture
def lou(session):
    return people.adult(email="lou@example.org")


def test_an_address_is_proved_by_the_button_of_its_link_once(session, lou):
    addresses.ask_to_verify(lou)
    (token,) = tokens(session)
    assert addresses.proved_by(token) == "lou@example.org"
    assert lou.email_verified_at is None
    addresses.prove(token)
    assert lou.email_verified_at is not None
    with pytest.raises(RuleBroken, match="link_dead"):
        addresses.prove(token)


def test_a_proved_address_is_not_asked_again(session, lou):
    lou.email_verified_at = clock.now()
    addresses.ask_to_verify(lou)
    assert written(session) == []


def test_links_are_not_sent_without_end(session, lou):
    for _ in range(throttle.PROOFS.most):
        addresses.ask_to_verify(lou)
    with pytest.raises(TooManyAttempts):
        addresses.ask_to_verify(lou)


def test_a_new_address_takes_the_place_of_the_old_one_once_proved(session, lou):
    addresses.ask_to_change(lou, " Lou.New@Example.org")
    assert (lou.email, addresses.waiting(lou)) == ("lou@example.org", "lou.new@example.org")
    assert written(session) == [
        ("new_email", "lou.new@example.org"),
        ("email_changing", "lou@example.org"),
    ]
    addresses.prove(tokens(session)[0])
    assert (lou.email, addresses.waiting(lou)) == ("lou.new@example.org", None)
    assert written(session)[-1] == ("email_changed", "lou@example.org")


def test_the_same_address_is_no_change(session, lou):
    with pytest.raises(RuleBroken, match="email_same"):
        addresses.ask_to_change(lou, "LOU@example.org")


def test_an_address_of_another_account_is_told_to_its_reader_alone(session, lou):
    people.adult(email="taken@example.org")
    addresses.ask_to_change(lou, "taken@example.org")
    assert ("new_email", "taken@example.org") in written(session)
    with pytest.raises(RuleBroken, match="email_of_another"):
        addresses.prove(tokens(session)[0])
    session.rollback()
    assert lou.email == "lou@example.org"


def test_a_link_to_a_former_address_proves_nothing(session, lou, monkeypatch):
    addresses.ask_to_verify(lou)
    (token,) = tokens(session)
    lou.email = "other@example.org"
    session.commit()
    with pytest.raises(RuleBroken, match="link_dead"):
        addresses.prove(token)


def test_links_to_an_address_run_out(session, lou, monkeypatch):
    addresses.ask_to_change(lou, "new@example.org")
    (token,) = tokens(session)
    moment = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert addresses.proved_by(token) is None
    assert addresses.waiting(lou) is None
