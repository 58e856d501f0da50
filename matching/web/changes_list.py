"""The list of changes in words: what, from what to what, by whom, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matching.database import db
from matching.models.campaigns import Campaign
from matching.models.companies import Company, Site
from matching.models.events import Event
from matching.models.schools import School
from matching.models.settings import Setting
from matching.models.users import Membership, User
from matching.queries import foundation as queries
from matching.web import placement_pages
from matching.web.forms.foundation import KIND_WORDS, ROLE_WORDS, SETTING_WORDS

STATUS_WORDS = {
    "registered": _l("inscrit"), "approved": _l("validé"), "refused": _l("refusé"),
    "blocked": _l("bloqué"), "unblocked": _l("débloqué"), "draft": _l("brouillon"),
    "second_factor_off": _l("sans double vérification"),
    "submitted": _l("envoyé"), "returned": _l("renvoyé"), "published": _l("publié"),
    "paused": _l("en pause"), "closed": _l("fermé"), "read_by_school": _l("lu par le collège"),
    "declined": _l("décliné"), "withdrawn": _l("retiré"), "superseded": _l("mis de côté"),
    "proposed": _l("proposé"), "confirmed": _l("confirmé"), "signed": _l("signé"),
    "done": _l("terminé"), "expired": _l("délai passé"), "cancelled": _l("annulé"),
    "absent": _l("absent"), "declared": _l("déclaré"), "queued": _l("en attente"),
    "running": _l("en cours"), "failed": _l("échoué"), "discarded": _l("écarté"),
    "given": _l("donné"), "ended": _l("retiré"), "flagged": _l("signalé"),
    "cleared": _l("signalement levé"), "fair": _l("équitable"),
    "best_total": _l("meilleur total"), "cannot_be_gamed": _l("sans calcul possible"),
}  # fmt: skip

WHY_WORDS = placement_pages.WORDS | {
    "placement_cancelled": _l("La place de l’élève est annulée"),
    "placement_confirmed": _l("L’élève a une place"),
    "host": _l("L’entreprise accueille cet élève"),
    "policies compared": _l("Règle choisie après comparaison"),
    "worker_lost": _l("Le programme s’est arrêté pendant le calcul"),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change, ready to draw; ``url`` leads to the row when the foundation has a page of it."""

    at: datetime
    kind: str
    name: str
    url: str | None
    before: str
    after: str
    who: str
    why: str


def last_changes(most: int, of: Sequence[tuple[str, int]] | None = None) -> list[ChangeLine]:
    """The last changes, of these rows if any are named."""
    return in_words(db.session.execute(queries.changes(of=of).limit(most)).all())


def in_words(rows: Sequence[Any]) -> list[ChangeLine]:
    """(event, who) as lines; each kind of row is loaded once."""
    named = names([event for event, _who in rows])
    return [line(event, who, *named.get((event.subject, event.subject_id), ("", None)))
            for event, who in rows]  # fmt: skip


def line(event: Event, who: User | None, name: str, url: str | None) -> ChangeLine:
    """One change in words. What a pupil did is told without saying which pupil."""
    actor = _("le programme")
    if who is not None:
        actor = who.name if who.email is not None else _("un élève")
    return ChangeLine(
        at=event.at,
        kind=str(KIND_WORDS.get(event.subject, event.subject)),
        name=name,
        url=url,
        before=status_words(event.from_status),
        after=status_words(event.to_status),
        who=str(actor),
        why=why_words(event.why or ""),
    )


def why_words(why: str) -> str:
    """What a person wrote stands as it is; what the program notes is put in words."""
    if why.startswith("run "):
        return str(_("essai %(number)s", number=why.removeprefix("run ")))
    return str(WHY_WORDS.get(why, why))


def status_words(status: str | None) -> str:
    """A status in words; a number stands for itself."""
    return str(STATUS_WORDS.get(status, status)) if status else ""


def names(events: Sequence[Event]) -> dict[tuple[str, int], tuple[str, str | None]]:
    """(table, row number) → the name to show and the address of its page."""
    found: dict[tuple[str, int], tuple[str, str | None]] = {}
    for kind, (table, told) in _NAMED.items():
        numbers = {event.subject_id for event in events if event.subject == kind}
        if numbers:
            rows = db.session.scalars(
                sa.select(table).where(table.id.in_(numbers)).order_by(table.id)
            )
            found |= {(kind, row.id): told(row) for row in rows}
    return found


def _membership(row: Membership) -> tuple[str, str | None]:
    where = row.school or row.company or row.territory
    place = f" – {where.name}" if where else ""
    words = f"{row.user.name}, {ROLE_WORDS[row.role]}{place}"
    return words, _page_of(row.user)


def _user(row: User) -> tuple[str, str | None]:
    if row.email is None:
        return _("un élève"), None
    return row.name, _page_of(row)


def _page_of(user: User) -> str | None:
    return None if user.erased_at else url_for("foundation.person", ref=user.ref)


_NAMED: dict[str, tuple[Any, Any]] = {
    "school": (School, lambda row: (row.name, url_for("foundation.school", ref=row.ref))),
    "company": (Company, lambda row: (row.name, url_for("foundation.company", ref=row.ref))),
    "site": (Site, lambda row: (row.name, url_for("foundation.site", ref=row.ref))),
    "campaign": (Campaign, lambda row: (row.name, url_for("territory.campaign", ref=row.ref))),
    "setting": (Setting, lambda row: (str(SETTING_WORDS[row.key]), None)),
    "membership": (Membership, _membership),
    "user": (User, _user),
}
