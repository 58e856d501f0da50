"""Adults of the demonstration: nobody knows their password, one click makes you one of them."""

import random
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher

from matching.demo import names
from matching.demo.plan import reference
from matching.demo.rows import insert, insert_silently
from matching.models.legal_texts import LegalAcceptance
from matching.models.users import Membership, Role, User
from matching.rules.legal_texts import ACCEPTED_BY_COMPANIES, ACCEPTED_BY_SCHOOLS, in_force

_ACCEPTED = {Role.PRINCIPAL: ACCEPTED_BY_SCHOOLS, Role.COMPANY_MEMBER: ACCEPTED_BY_COMPANIES}


@dataclass(frozen=True, slots=True)
class Post:
    """A role, in one school, one company, one or more territories, or the foundation."""

    role: Role
    school_id: int | None = None
    company_id: int | None = None
    territory_ids: tuple[int, ...] = ()


def hire(source: random.Random, posts: list[Post], now: datetime) -> list[int]:
    """Insert one adult for each post; return their numbers, in order."""
    users = []
    for _post in posts:
        first_name, last_name = names.adult(source)
        ref = reference(source)
        users.append(
            {
                "ref": ref,
                "email": f"{_plain(first_name)}.{_plain(last_name)}.{ref[:5]}@example.org",
                "password_hash": _nobody_knows(),
                "first_name": first_name,
                "last_name": last_name,
                # ARCEP keeps these numbers for fiction.
                "phone": f"+33199{source.randint(0, 999_999):06}",
                "created_at": now,
                "email_verified_at": now,
            }
        )
    ids = insert(User, users)
    insert_silently(
        Membership,
        [
            {
                "user_id": user_id,
                "role": post.role,
                "school_id": post.school_id,
                "company_id": post.company_id,
                "territory_id": territory_id,
                "created_at": now,
            }
            for user_id, post in zip(ids, posts, strict=True)
            for territory_id in (post.territory_ids or (None,))
        ],
    )
    accept_texts(posts, ids, now)
    return ids


def accept_texts(posts: list[Post], ids: list[int], now: datetime) -> None:
    """Heads and members of companies accepted the texts in force when they registered."""
    insert_silently(
        LegalAcceptance,
        [
            {
                "text": text,
                "version": in_force(text).version,
                "school_id": post.school_id,
                "company_id": post.company_id,
                "user_id": user_id,
                "accepted_at": now,
            }
            for user_id, post in zip(ids, posts, strict=True)
            for text in _ACCEPTED.get(post.role, ())
        ],
    )


@cache
def _nobody_knows() -> str:
    """One hash for all: hashing five hundred times would take a minute."""
    return PasswordHasher().hash(secrets.token_urlsafe(32))


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in folded if letter.isascii() and letter.isalpha())
