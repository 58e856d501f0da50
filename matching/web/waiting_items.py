"""What a coordinator needs to judge each thing that waits: rows, adults, e-mail domains."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from matching.database import db
from matching.models.users import Membership, User
from matching.queries import approvals as queries
from matching.queries import offers as offer_queries
from matching.rules.mail_domains import FREE_MAIL, domain_of
from matching.web.forms.approvals import AnswerForm
from matching.web.offer_facts import OfferFacts, facts_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. ``row`` is a School, a Company or an Offer, as ``kind`` says."""

    kind: str
    row: Any
    since: datetime
    adults: list[Membership]
    form: AnswerForm
    offer: OfferFacts | None
    published_before: bool


def items_of(user: User, kind: str | None, page: int, answered: AnswerForm | None) -> list[Item]:
    """One page of the queue, the oldest first."""
    rows = queries.waiting(user)
    if kind:
        rows = rows.where(rows.selected_columns.kind == kind)
    found = db.session.execute(rows.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    ids = defaultdict[str, list[int]](list)
    for name, row_id, _since in found:
        ids[name].append(row_id)
    loaded: dict[tuple[str, int], Any] = {}
    for name, query in (
        ("school", queries.schools(ids["school"])),
        ("company", queries.companies(ids["company"])),
        ("offer", queries.offers(ids["offer"])),
    ):
        loaded |= {(name, row.id): row for row in db.session.scalars(query)}
    adults = defaultdict[tuple[str, int], list[Membership]](list)
    for member in db.session.scalars(
        queries.adults_of(school_ids=ids["school"], company_ids=ids["company"])
    ):
        owner = ("school", member.school_id) if member.school_id else ("company", member.company_id)
        adults[owner].append(member)  # type: ignore[index] # a member of a school or a company
    again = set(db.session.scalars(offer_queries.published_before(ids["offer"])))
    facts = {("offer", one): facts_of(loaded["offer", one]) for one in ids["offer"]}
    return [
        Item(
            name,
            loaded[name, row_id],
            since,
            adults[name, row_id],
            _form(name, loaded[name, row_id], answered, adults[name, row_id]),
            facts.get((name, row_id)),
            name == "offer" and row_id in again,
        )
        for name, row_id, since in found
    ]


def _form(kind: str, row: Any, answered: AnswerForm | None, adults: list[Membership]) -> AnswerForm:
    """An empty answer, or the one that came back with an error."""
    version = str(row.version) if kind == "offer" else ""
    if answered is not None and answered.words.name == f"{row.ref}-words":
        answered.version.data = version
        form = answered
    else:
        form = AnswerForm(formdata=None, prefix=row.ref, version=version)
    form.person.choices = [(one.user.ref, one.user.name) for one in adults]
    return form


def mail_domain(email: str) -> tuple[str, str, str]:
    """The domain of an address, what it tells in words, and the tone of its tag."""
    domain = domain_of(email)
    if domain.startswith("ac-") and domain.endswith(".fr"):
        return domain, _("adresse académique"), "mint"
    if domain in FREE_MAIL:
        return domain, _("messagerie grand public"), "amber"
    return domain, "", "steel"
