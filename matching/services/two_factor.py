"""A second proof at sign-in: a code of a phone, or one on paper the day when the phone is lost."""

import secrets

import sqlalchemy as sa

from matching import clock
from matching.database import REFERENCE_ALPHABET, db, transactional
from matching.errors import RuleBroken
from matching.keyed_hash import keyed_hash
from matching.models.two_factor import RecoveryCode, TwoFactor
from matching.models.users import Role, User
from matching.rules import totp
from matching.services import mail, throttle

CODES = 10
CODE_LENGTH = 10  # 49 bits, throttled


def concerns(user: User) -> bool:
    """Must this person have it where the installation asks for it?"""
    return any(
        one.role in (Role.TERRITORY_COORDINATOR, Role.FOUNDATION_ADMIN)
        for one in user.memberships
        if one.ended_at is None
    )


def is_on(user: User) -> bool:
    """Is a second proof asked at sign-in?"""
    row = db.session.get(TwoFactor, user.id)
    return row is not None and row.confirmed_at is not None


def secret_of(user: User) -> bytes | None:
    """The secret to show while the phone is being set up; never once it is."""
    row = db.session.get(TwoFactor, user.id)
    return None if row is None or row.confirmed_at is not None else _secret(user, row)


def codes_left(user: User) -> int:
    """How many codes on paper may still serve."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(RecoveryCode.id)).where(
                RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


@transactional
def begin(user: User) -> None:
    """Draw a secret, if none waits or serves already."""
    if db.session.get(TwoFactor, user.id) is None:
        db.session.add(TwoFactor(user_id=user.id, salt=secrets.token_hex(16)))


@transactional
def confirm(user: User, typed: str) -> list[str]:
    """The phone gives right codes: ask for one from now on. The codes for paper, told only once.

    Raises RuleBroken ``code_wrong`` (field ``code``), or ``two_factor_not_begun``.
    """
    row = db.session.get(TwoFactor, user.id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise RuleBroken("two_factor_not_begun")
    if not _is_right(user, row, typed):
        raise RuleBroken("code_wrong", field="code")
    row.confirmed_at = clock.now()
    mail.write("two_factor_on", user)
    return _new_codes(user)


@transactional
def check(user: User, typed: str) -> bool:
    """Is this a code of the phone, or one of those on paper? Each serves once; failures count.

    Raises TooManyAttempts without looking further.
    """
    throttle.refuse(throttle.SECOND_CODE, user.ref)
    row = db.session.get(TwoFactor, user.id, with_for_update=True)
    right = row is not None and (_is_right(user, row, typed) or _spend_paper_code(user, typed))
    if not right:
        throttle.count(throttle.SECOND_CODE, user.ref)
    return right


@transactional
def renew_codes(user: User) -> list[str]:
    """New codes for paper, told only once; the former ones serve no more."""
    if not is_on(user):
        raise RuleBroken("two_factor_not_begun")
    return _new_codes(user)


@transactional
def turn_off(user: User) -> None:
    """Ask for the password alone from now on."""
    was_on = is_on(user)
    forget(user)
    if was_on:
        mail.write("two_factor_off", user)


@transactional
def forget(user: User) -> None:
    """Nothing is left of the second factor, and nobody is told."""
    for table in (TwoFactor, RecoveryCode):
        db.session.execute(sa.delete(table).where(table.user_id == user.id))


def _secret(user: User, row: TwoFactor) -> bytes:
    # 160 bits, as RFC 4226 §4 recommends.
    return bytes.fromhex(keyed_hash("two-factor", user.ref, row.salt))[:20]


def _is_right(user: User, row: TwoFactor, typed: str) -> bool:
    """Check a code of the phone, and kill it: a code seen over a shoulder must not serve again."""
    now = totp.step_at(clock.now().timestamp())
    step = totp.step_of_code(_secret(user, row), "".join(typed.split()), now)
    if step is None or step <= row.last_step:
        return False
    row.last_step = step
    return True


def _spend_paper_code(user: User, typed: str) -> bool:
    row = db.session.scalar(
        sa.select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _code_hash(user, typed),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        return False
    row.used_at = clock.now()
    db.session.flush()
    mail.write("recovery_code_used", user, left=codes_left(user))
    return True


def _new_codes(user: User) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [
        "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(CODE_LENGTH))
        for _ in range(CODES)
    ]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=_code_hash(user, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _code_hash(user: User, typed: str) -> str:
    clean = "".join(sign for sign in typed.lower() if sign in REFERENCE_ALPHABET)
    return keyed_hash("recovery", user.ref, clean)
