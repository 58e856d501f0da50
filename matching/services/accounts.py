"""Accounts: adults with an e-mail address and a password, pupils with a card.

A refused sign-in never tells whether the account exists: the answer, the time it takes and the
count of failures are the same.
"""

import secrets
import unicodedata

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.exc import IntegrityError

from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.i18n import language
from matching.keyed_hash import keyed_hash, same_hash
from matching.models.users import User
from matching.rules.cards import clean_code, new_card_code, new_login_name
from matching.rules.passwords import password_problem
from matching.rules.phones import phone_e164
from matching.services import throttle

_hasher = PasswordHasher()  # argon2id, parameters of RFC 9106
# Verified when nobody has this address, so that the answer takes as long.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$oci1Cz0MJzIqtaJvJYpr3Q"
    "$xs8b8/IrWwMeVOyDvIpZ6SQY4RftO3PpricFbvZW/SA"
)


@transactional
def create_adult(
    email: str, password: str, first_name: str, last_name: str, phone: str | None = None
) -> User:
    """Open an adult's account, without any role.

    Raises RuleBroken: a code of ``rules.passwords`` (field ``password``), ``phone_format`` (field
    ``phone``), or ``email_taken`` (field ``email``).
    """
    email = clean_email(email)
    if problem := password_problem(password, email):
        raise RuleBroken(problem, field="password")
    number = clean_phone(phone)
    if db.session.scalar(sa.select(User.id).where(User.email == email)):
        raise RuleBroken("email_taken", field="email")
    user = User(
        email=email,
        password_hash=hashed(password),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        phone=number,
        locale=language(),
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:  # the same form twice at once
        raise RuleBroken("email_taken", field="email") from None
    return user


@transactional
def choose_language(user: User, code: str) -> None:
    """Speak this language to the user, "fr" or "en", on pages and in e-mails."""
    user.locale = code


@transactional
def authenticate(email: str, password: str, *, address: str = "") -> User | None:
    """The adult with this e-mail address and password, or None, with the failure counted.

    ``address`` is where the attempt comes from, when it comes from the network. Raises
    TooManyAttempts (``too_many_attempts``, value ``minutes``) without looking further.
    """
    email = clean_email(email)
    _refuse_guessing(throttle.PASSWORD, email, address)
    user = db.session.scalar(sa.select(User).where(User.email == email))
    stored = user.password_hash if user is not None else None
    right = _password_matches(stored or _NOBODY, password)
    if user is None or not right or not user.is_active:
        _count_failure(throttle.PASSWORD, email, address)
        return None
    if _hasher.check_needs_rehash(stored or ""):
        user.password_hash = hashed(password)
    return user


@transactional
def new_pupil_account() -> tuple[User, str]:
    """An account for a pupil and the code of its card, which is told only this once.

    The account tells nothing of the pupil: names are kept in ``Pupil``.
    """
    login_name = new_login_name(secrets)
    while db.session.scalar(sa.select(User.id).where(User.login_name == login_name)):
        login_name = new_login_name(secrets)
    code = new_card_code(secrets)
    user = User(login_name=login_name, code_hash=card_hash(login_name, code))
    db.session.add(user)
    db.session.flush()
    return user, code


@transactional
def new_code(user: User) -> str:
    """A new code for a pupil's card, told only this once; the former card no longer opens."""
    if user.login_name is None:
        raise ValueError("only pupils have a card")
    code = new_card_code(secrets)
    user.code_hash = card_hash(user.login_name, code)
    return code


@transactional
def authenticate_pupil(login_name: str, code: str, *, address: str = "") -> User | None:
    """The pupil with this card, as a child types it, or None, with the failure counted.

    Raises TooManyAttempts (``too_many_attempts``, value ``minutes``) without looking further.
    """
    login_name, code = clean_code(login_name), clean_code(code)
    _refuse_guessing(throttle.CARD, login_name, address)
    user = db.session.scalar(sa.select(User).where(User.login_name == login_name))
    stored = user.code_hash if user is not None else None
    right = same_hash(stored or "", card_hash(login_name, code))
    if user is None or not right or not user.is_active:
        _count_failure(throttle.CARD, login_name, address)
        return None
    return user


def card_hash(login_name: str, code: str) -> str:
    """What is kept of a card's code. It holds 74 random bits, so a fast keyed hash is enough."""
    return keyed_hash("card", login_name, code)


def clean_email(email: str) -> str:
    """One address has one spelling here."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def clean_phone(phone: str | None) -> str | None:
    """The number as it is kept, if any; raises RuleBroken ``phone_format`` (field ``phone``)."""
    number = phone_e164(phone) if phone else None
    if phone and number is None:
        raise RuleBroken("phone_format", field="phone")
    return number


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(_clean_password(password))


def _clean_password(password: str) -> str:
    # The same accent may be typed as one character or two, depending on the keyboard.
    return unicodedata.normalize("NFKC", password)


def _password_matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _clean_password(password))
    except VerifyMismatchError:
        return False


def _refuse_guessing(limit: throttle.Limit, account: str, address: str) -> None:
    """Raise TooManyAttempts while too many failures are fresh, here or from there."""
    throttle.refuse(limit, account)
    if address:
        throttle.refuse(throttle.ADDRESS, address)


def _count_failure(limit: throttle.Limit, account: str, address: str) -> None:
    throttle.count(limit, account)
    if address:
        throttle.count(throttle.ADDRESS, address)
