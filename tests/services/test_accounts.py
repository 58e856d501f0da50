"""Accounts of adults and pupils, and what keeps strangers out of them."""

import hashlib
import hmac
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, TooManyAttempts
from matching.models.sign_ins import Attempt
from matching.models.users import User
from matching.rules.cards import CODE_LENGTH, LOGIN_LENGTH, display_code
from matching.services import accounts, throttle
from tests.conftest import TEST_SECRET

pytestmark = pytest.mark.usefixtures("cheap_passwords")
PASSWORD = "Trois rabots neufs 7"


@pytest.fixture
def adult(session) -> User:
    return accounts.create_adult(
        " Lou.Martin@Example.org ", PASSWORD, "Lou", "Martin", phone="06 39 98 12 34"
    )


def later(monkeypatch, **delta) -> None:
    moment = clock.now() + timedelta(**delta)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_an_adult_signs_in_whatever_the_case_of_the_address(adult):
    assert (adult.email, adult.phone) == ("lou.martin@example.org", "+33639981234")
    assert adult.password_hash.startswith("$argon2id$")
    assert accounts.authenticate("LOU.MARTIN@example.org ", PASSWORD).id == adult.id


def test_an_accent_opens_the_account_however_the_keyboard_writes_it(session):
    user = accounts.create_adult("eve@example.org", "Forêt dorée à l’aube 9", "Ève", "Noël")
    decomposed = "Fore\u0302t dore\u0301e a\u0300 l’aube 9"
    assert accounts.authenticate("eve@example.org", decomposed).id == user.id


def test_a_wrong_password_an_unknown_address_and_a_blocked_account_look_alike(adult, session):
    assert accounts.authenticate("lou.martin@example.org", PASSWORD + "!") is None
    assert accounts.authenticate("nobody@example.org", PASSWORD) is None
    adult.blocked_at = clock.now()
    session.commit()
    assert accounts.authenticate("lou.martin@example.org", PASSWORD) is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"password": "court"}, "password_too_short", "password"),
        ({"password": "lou.martin-2026-X"}, "password_has_email", "password"),
        ({"phone": "12"}, "phone_format", "phone"),
    ],
)
def test_an_account_that_breaks_a_rule_is_not_opened(session, changes, code, field):
    values = {"email": "lou.martin@example.org", "password": PASSWORD, "phone": None} | changes
    with pytest.raises(RuleBroken) as refused:
        accounts.create_adult(first_name="Lou", last_name="Martin", **values)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_an_address_serves_one_account(adult):
    with pytest.raises(RuleBroken) as refused:
        accounts.create_adult("lou.martin@EXAMPLE.org", PASSWORD, "Lou", "Autre")
    assert (refused.value.code, refused.value.field) == ("email_taken", "email")


def test_a_pupil_signs_in_with_what_a_child_makes_of_the_card(session):
    user, code = accounts.new_pupil_account()
    assert (len(user.login_name), len(code)) == (LOGIN_LENGTH, CODE_LENGTH)
    typed_name = " " + display_code(user.login_name).lower() + " "
    typed_code = display_code(code).lower().replace("-", " ").replace("z", "2").replace("b", "8")
    assert accounts.authenticate_pupil(typed_name, typed_code).id == user.id


def test_a_card_code_is_kept_as_a_keyed_hash_bound_to_its_account(session):
    (first, code), (second, _) = accounts.new_pupil_account(), accounts.new_pupil_account()
    message = f"card\0{first.login_name}\0{code}".encode()
    expected = hmac.new(TEST_SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert first.code_hash == expected
    assert accounts.authenticate_pupil(second.login_name, code) is None


def test_a_new_card_ends_the_former_one(session):
    user, lost = accounts.new_pupil_account()
    code = accounts.new_code(user)
    assert code != lost
    assert accounts.authenticate_pupil(user.login_name, lost) is None
    assert accounts.authenticate_pupil(user.login_name, code).id == user.id


def test_an_adult_has_no_card_and_a_pupil_no_password(adult):
    pupil, code = accounts.new_pupil_account()
    with pytest.raises(ValueError, match="card"):
        accounts.new_code(adult)
    assert accounts.authenticate(pupil.login_name, code) is None
    assert accounts.authenticate_pupil("lou.martin@example.org", PASSWORD) is None


@pytest.mark.parametrize("known", [True, False])
def test_guessing_a_code_stops_after_ten_failures_for_a_quarter_of_an_hour(
    session, monkeypatch, known
):
    user, code = accounts.new_pupil_account()
    login_name = user.login_name if known else "BCDFGHJK"
    for _ in range(throttle.PASSWORD.most):
        assert accounts.authenticate_pupil(login_name, "wrong") is None
    with pytest.raises(TooManyAttempts) as refused:
        accounts.authenticate_pupil(login_name.lower(), code)
    assert refused.value.values == {"minutes": 15}
    later(monkeypatch, minutes=14)
    with pytest.raises(TooManyAttempts):
        accounts.authenticate_pupil(login_name, code)
    later(monkeypatch, minutes=2)
    found = accounts.authenticate_pupil(login_name, code)
    assert (found.id if found else None) == (user.id if known else None)


def test_guessing_at_one_account_does_not_close_another(adult):
    other = accounts.create_adult("sam@example.org", PASSWORD, "Sam", "Petit")
    for _ in range(throttle.PASSWORD.most):
        throttle.count(throttle.PASSWORD, "lou.martin@example.org")
    with pytest.raises(TooManyAttempts):
        accounts.authenticate("lou.martin@example.org", PASSWORD)
    assert accounts.authenticate("sam@example.org", PASSWORD).id == other.id


def test_failures_are_forgotten_once_they_no_longer_count_and_name_nobody(session, monkeypatch):
    accounts.authenticate_pupil("BCDFGHJK", "wrong")
    assert len(session.scalars(sa.select(Attempt.key)).one()) == 64
    later(monkeypatch, minutes=16)
    accounts.authenticate_pupil("BCDFGHJK", "wrong")
    assert session.scalar(sa.select(sa.func.count(Attempt.id))) == 1
    later(monkeypatch, days=2)
    throttle.forget_old()
    assert session.scalar(sa.select(sa.func.count(Attempt.id))) == 0


def test_one_address_of_the_network_cannot_try_every_card(session, monkeypatch):
    monkeypatch.setattr(throttle, "ADDRESS", throttle.Limit("address", 3, timedelta(minutes=15)))
    user, code = accounts.new_pupil_account()
    for name in ("BCDFGHJK", "BCDFGHJM", "BCDFGHJN"):
        assert accounts.authenticate_pupil(name, "wrong", address="192.0.2.1") is None
    with pytest.raises(TooManyAttempts):
        accounts.authenticate_pupil(user.login_name, code, address="192.0.2.1")
    found = accounts.authenticate_pupil(user.login_name, code, address="192.0.2.2")
    assert found.id == user.id
