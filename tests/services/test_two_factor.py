"""A second proof at sign-in, and the codes on paper."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, TooManyAttempts
from matching.models.events import Event
from matching.models.mail import Mail
from matching.models.two_factor import RecoveryCode, TwoFactor
from matching.models.users import Role
from matching.rules import totp
from matching.services import foundation, sign_ins, throttle, two_factor
from tests.factories import people, places


@pytest.fixture
def lou(session):
    return people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of())


def secret(session, user) -> bytes:
    return two_factor._secret(user, session.get(TwoFactor, user.id))


def code(session, user, steps: int = 0) -> str:
    now = totp.step_at(clock.now().timestamp())
    return totp.code_of(secret(session, user), now + steps)


def set_up(session, user) -> list[str]:
    two_factor.begin(user)
    return two_factor.confirm(user, code(session, user))


def later(monkeypatch, **delta) -> None:
    moment = clock.now() + timedelta(**delta)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_nothing_is_asked_before_the_phone_gave_a_right_code(session, lou):
    two_factor.begin(lou)
    first = two_factor.secret_of(lou)
    two_factor.begin(lou)  # the page opened twice
    assert two_factor.secret_of(lou) == first
    with pytest.raises(RuleBroken, match="code_wrong"):
        two_factor.confirm(lou, "000000" if code(session, lou) != "000000" else "000001")
    assert not two_factor.is_on(lou)
    assert len(two_factor.confirm(lou, code(session, lou))) == two_factor.CODES
    assert two_factor.is_on(lou)
    assert two_factor.secret_of(lou) is None


def test_a_code_serves_once(session, lou, monkeypatch):
    set_up(session, lou)
    later(monkeypatch, seconds=60)
    typed = code(session, lou)
    assert two_factor.check(lou, f" {typed[:3]} {typed[3:]} ")
    assert not two_factor.check(lou, typed)


def test_a_code_on_paper_serves_once_however_it_is_typed(session, lou):
    codes = set_up(session, lou)
    assert two_factor.check(lou, codes[0].upper().replace("-", " "))
    assert not two_factor.check(lou, codes[0])
    assert two_factor.check(lou, codes[1])
    assert two_factor.codes_left(lou) == two_factor.CODES - 2
    told = session.scalars(sa.select(Mail.name).order_by(Mail.id)).all()
    assert told == ["two_factor_on", "recovery_code_used", "recovery_code_used"]


def test_codes_of_one_person_open_nothing_for_another(session, lou):
    other = people.adult(Role.FOUNDATION_ADMIN)
    mine, _theirs = set_up(session, lou), set_up(session, other)
    assert not two_factor.check(other, mine[0])


def test_guessing_stops_after_ten_failures(session, lou, monkeypatch):
    codes = set_up(session, lou)
    for _ in range(throttle.SECOND_CODE.most):
        assert not two_factor.check(lou, "zzzzz-zzzzz")
    with pytest.raises(TooManyAttempts):
        two_factor.check(lou, codes[0])
    later(monkeypatch, minutes=16)
    assert two_factor.check(lou, codes[0])


def test_new_codes_kill_the_former_ones(session, lou):
    former = set_up(session, lou)
    fresh = two_factor.renew_codes(lou)
    assert not two_factor.check(lou, former[0])
    assert two_factor.check(lou, fresh[0])


def test_neither_secret_nor_codes_can_be_read_in_the_tables(session, lou, monkeypatch):
    codes = set_up(session, lou)
    kept = set(session.scalars(sa.select(RecoveryCode.code_hash)))
    assert not kept & {one.replace("-", "") for one in codes}
    before = secret(session, lou)
    monkeypatch.setattr("matching.keyed_hash._key", b"the key of another installation")
    assert secret(session, lou) != before


def test_it_is_taken_away_with_its_codes(session, lou):
    set_up(session, lou)
    two_factor.turn_off(lou)
    assert not two_factor.is_on(lou)
    assert two_factor.codes_left(lou) == 0
    assert (
        session.scalars(sa.select(Mail.name).order_by(Mail.id.desc())).first() == "two_factor_off"
    )
    with pytest.raises(RuleBroken, match="two_factor_not_begun"):
        two_factor.renew_codes(lou)


def test_it_concerns_those_who_coordinate(session, lou):
    assert two_factor.concerns(lou)
    assert two_factor.concerns(people.adult(Role.FOUNDATION_ADMIN))
    assert not two_factor.concerns(people.adult(Role.PRINCIPAL, school=places.school()))


def test_the_foundation_lets_in_who_lost_everything_but_never_itself(session, lou):
    admin = people.adult(Role.FOUNDATION_ADMIN)
    set_up(session, lou)
    set_up(session, admin)
    here = sign_ins.start(lou, "ici")
    with pytest.raises(RuleBroken, match="why_missing"):
        foundation.drop_second_factor(admin, lou, why=" ")
    foundation.drop_second_factor(admin, lou, why="Rappelée à son bureau.")
    assert not two_factor.is_on(lou)
    assert sign_ins.person(lou.ref, here.ref) is None
    event = session.scalars(sa.select(Event).where(Event.subject == "user")).one()
    assert (event.to_status, event.actor_id) == ("second_factor_off", admin.id)
    with pytest.raises(RuleBroken, match="second_factor_own"):
        foundation.drop_second_factor(admin, admin, why="Perdu.")
