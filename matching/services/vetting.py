"""The host's person is vetted before a company is approved (nobody meets a minor before).

One of three ways, recorded with who did it and when: the domain of an address that was proved, a
call to a public number, an official document of which only the kind and the reference are kept.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.models.companies import Company, DocumentKind, VettedHow
from matching.models.users import Membership, User
from matching.rules.mail_domains import FREE_MAIL, domain_of

SHORTEST_NOTE = 10
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Check:
    """``person`` is a reference; ``words`` the note of a call, or the reference of a document."""

    person: str
    how: VettedHow
    words: str = ""
    document: DocumentKind | None = None


@transactional
def record(actor: User, company: Company, check: Check) -> None:
    """Write how this person of the company was vetted.

    Raises RuleBroken: ``vetting_person`` (field ``person``), ``vetting_unproved`` or
    ``vetting_free_mail`` (field ``how``), ``vetting_note``, ``vetting_reference`` or
    ``vetting_long`` (field ``proof``).
    """
    user = _person(company, check.person)
    words = check.words.strip()
    if len(words) > MOST_WORDS:
        raise RuleBroken("vetting_long", field="proof", most=MOST_WORDS)
    if check.how is VettedHow.EMAIL_DOMAIN:
        words = _domain(user)
    elif check.how is VettedHow.CALL_BACK and len(words) < SHORTEST_NOTE:
        raise RuleBroken("vetting_note", field="proof")
    elif check.how is VettedHow.DOCUMENT and not (words and check.document):
        raise RuleBroken("vetting_reference", field="proof")
    company.vetted_how = check.how
    company.vetted_words = words
    company.vetted_document = check.document if check.how is VettedHow.DOCUMENT else None
    company.vetted_user_id = user.id
    company.vetted_by_id = actor.id
    company.vetted_at = clock.now()


def _person(company: Company, ref: str) -> User:
    found = db.session.scalar(
        sa.select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(User.ref == ref, Membership.company_id == company.id, Membership.ended_at.is_(None))
        .limit(1)
    )
    if found is None:
        raise RuleBroken("vetting_person", field="person")
    return found


def _domain(user: User) -> str:
    """The domain of an address that its owner has proved, and that not anybody can have."""
    if user.email_verified_at is None:
        raise RuleBroken("vetting_unproved", field="how")
    domain = domain_of(user.email or "")
    if domain in FREE_MAIL:
        raise RuleBroken("vetting_free_mail", field="how", domain=domain)
    return domain
