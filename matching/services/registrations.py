"""A school or a company registers: held first, made when the link in a letter is opened.

The page answers the same, in the same time, whether the address has an account or not. Whoever
reads the mailbox chooses the password, so nobody opens an account in the name of another.
"""

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from matching import clock
from matching.database import db, on_commit, transactional
from matching.errors import RuleBroken, TooManyAttempts
from matching.i18n import language
from matching.jobs import queue
from matching.models.registrations import Registered, Registration
from matching.models.schools import PriorityEducation
from matching.models.users import Role, User
from matching.services import account_links, accounts, companies, mail, schools, throttle
from matching.services.schools import SchoolDetails

HELD_FOR = timedelta(days=3)


@transactional
def ask_for_company(*, email: str, **details: Any) -> None:
    """Hold the registration of a company; ``details`` as ``companies.register`` takes them.

    Raises RuleBroken as ``companies.check``, or ``phone_format`` (field ``phone``).
    """
    companies.check(
        siret=details["siret"],
        postcode=details["postcode"],
        commune=details["commune"],
        commune_code=details.get("commune_code", ""),
        address=details["address"],
    )
    accounts.clean_phone(details.get("phone"))
    _hold(Registered.COMPANY, email, details)


@transactional
def ask_for_school(details: SchoolDetails, *, role: Role, email: str, **person: Any) -> None:
    """Hold the registration of a school; the arguments as ``schools.register`` takes them.

    Raises RuleBroken as ``schools.check``.
    """
    schools.check(details)
    _hold(Registered.SCHOOL, email, {"school": asdict(details), "role": role, **person})


@transactional
def answer(registration_id: int) -> None:
    """Write the letter: how to go on, or that there is an account. Answering twice is the same."""
    held = db.session.get(Registration, registration_id, with_for_update=True)
    if held is None or held.token_hash is not None:
        return
    user = db.session.scalar(sa.select(User).where(User.email == held.email))
    if user is not None:
        db.session.delete(held)
        mail.write("registration_known", user, place=_name(held))
        return
    token = account_links.new_token()
    held.token_hash = account_links.token_hash(token)
    mail.write_to_address(
        "registration",
        held.email,
        held.locale,
        first_name=held.details["first_name"],
        place=_name(held),
        token=token,
        until=held.expires_at,
    )


@transactional
def answer_waiting() -> None:
    """Answer what a lost job left."""
    waiting = sa.select(Registration.id).where(Registration.token_hash.is_(None))
    for registration_id in db.session.scalars(waiting.order_by(Registration.id)).all():
        answer(registration_id)


def held_by(token: str) -> Registration | None:
    """The registration that this link finishes, while it may."""
    return db.session.scalar(
        sa.select(Registration)
        .where(
            Registration.token_hash == account_links.token_hash(token),
            Registration.expires_at > clock.now(),
        )
        .with_for_update()
    )


@transactional
def finish(token: str, password: str) -> User:
    """Make the account and the school or company; the reader of the letter accepts the texts.

    Raises RuleBroken ``link_dead``, or as ``companies.register`` and ``schools.register`` when
    something has changed since.
    """
    held = held_by(token)
    if held is None:
        raise RuleBroken("link_dead")
    if held.kind is Registered.COMPANY:
        user = companies.register(**held.details, email=held.email, password=password)
    else:
        person = dict(held.details)
        school = person.pop("school")
        school["priority_education"] = PriorityEducation(school["priority_education"])
        person["role"] = Role(person["role"])
        user = schools.register(
            SchoolDetails(**school), **person, email=held.email, password=password
        )
    user.email_verified_at = clock.now()
    # Those that the same person sent besides: the button pressed twice.
    db.session.execute(sa.delete(Registration).where(Registration.email == held.email))
    return user


@transactional
def forget_old() -> None:
    """What nobody confirmed is not kept."""
    db.session.execute(sa.delete(Registration).where(Registration.expires_at <= clock.now()))


def _hold(kind: Registered, email: str, details: dict[str, Any]) -> None:
    email = accounts.clean_email(email)
    try:
        throttle.refuse(throttle.REGISTRATIONS_OF_EMAIL, email)
    except TooManyAttempts:
        return  # answered the same, and not followed
    throttle.count(throttle.REGISTRATIONS_OF_EMAIL, email)
    held = Registration(
        kind=kind,
        email=email,
        locale=language(),
        details=details,
        expires_at=clock.now() + HELD_FOR,
    )
    db.session.add(held)
    db.session.flush()
    on_commit(partial(queue.enqueue, "answer_registration", held.id))


def _name(held: Registration) -> str:
    """The name of the school or company."""
    details = held.details
    return str(details["school"]["name"] if held.kind is Registered.SCHOOL else details["name"])
