"""What the boards of a school draw: figures, steps, classes, pupils, reasons in words."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from matching import clock
from matching.database import db
from matching.geography import distance
from matching.models.companies import Site
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.statuses import HOLDING, ApprovalStatus
from matching.models.users import User
from matching.queries import pupil_offers
from matching.queries import pupils as pupil_queries
from matching.queries import schools as school_queries
from matching.queries.approvals import last_words
from matching.services import windows

NO_COUNTS = (0, 0, 0, 0)


def board(user: User, school: School, classes: Sequence[ClassGroup]) -> dict[str, Any]:
    """Classes with their counts, the totals, and the steps from registration to wishes."""
    visible = school_queries.classes_visible_to(user, clock.school_year())
    counts = {row[0]: row[1:] for row in db.session.execute(school_queries.class_counts(visible))}
    rows = [(group, counts.get(group.id, NO_COUNTS)) for group in classes]
    pupils, sent, placed, nothing = (sum(count[at] for _group, count in rows) for at in range(4))
    without_card = db.session.scalar(
        sa.select(sa.func.count()).select_from(
            pupil_queries.visible_to(user, clock.school_year())
            .where(Pupil.card_issued_at.is_(None))
            .order_by(None)
            .subquery()
        )
    )
    weeks = db.session.scalars(school_queries.windows_of(school, clock.school_year())).all()
    refused = last_words("school", school.id, school.status)
    return {
        "rows": rows,
        "refused_because": db.session.scalar(refused),
        "pupils": pupils,
        "without_card": without_card,
        "figures": [
            {"value": pupils, "label": _("élèves inscrits")},
            {"value": sent, "label": _("ont envoyé des vœux")},
            {"value": placed, "label": _("ont une place")},
            {"value": nothing, "label": _("n’ont encore rien")},
        ],
        "steps": steps(
            Step(
                _("Semaines de stage"),
                bool(weeks),
                _("Choisir les semaines"),
                url_for("school_settings.weeks"),
            ),
            Step(
                _("Élèves inscrits"),
                pupils > 0,
                _("Importer la liste des élèves"),
                url_for("pupil_files.send"),
            ),
            Step(
                _("Cartes imprimées"),
                pupils > 0 and not without_card,
                _("Imprimer les cartes"),
                url_for("login_cards.choose"),
            ),
            Step(
                _("Collège validé"),
                school.status is ApprovalStatus.APPROVED,
                _("Tout est prêt de votre côté : un coordinateur valide votre collège."),
            ),
            Step(
                _("Vœux envoyés"),
                pupils > 0 and sent + placed >= pupils,
                _("Ouvrez une classe pour voir qui n’a pas encore envoyé ses vœux."),
            ),
        ),
    }


class Step(NamedTuple):
    """One step of a school: its name, whether it is done, what to do, where."""

    label: str
    done: bool
    action: str
    url: str | None = None


def steps(*given: Step) -> list[dict[str, Any]]:
    """The items of a list of steps; the first that is not done is the current one."""
    current = next((step for step in given if not step.done), None)
    return [
        {
            **step._asdict(),
            "state": "done" if step.done else "current" if step is current else "next",
        }
        for step in given
    ]


def class_board(class_group: ClassGroup, view: str) -> dict[str, Any]:
    """The pupils of a class that the filter ``view`` lets through, and the tabs with counts."""
    rows = db.session.execute(pupil_queries.of_class(class_group)).all()
    filters: dict[str, tuple[str, Callable[[Any], bool]]] = {
        "": (_("Tous"), lambda row: True),
        "relancer": (_("À relancer"), lambda row: not row[1] and row[3] is None),
        "relire": (_("À relire"), lambda row: row[2] > 0),
        "places": (_("Placés"), lambda row: row[3] is not None),
        "sans-place": (_("Sans place"), lambda row: row[3] is None),
    }
    view = view if view in filters else ""
    kept = {key: [row for row in rows if test(row)] for key, (_label, test) in filters.items()}
    return {
        "rows": kept[view],
        "empty": not rows,
        "views": [
            {
                "label": label,
                "url": url_for("school.class_board", ref=class_group.ref, vue=key or None),
                "count": len(kept[key]),
                "current": key == view,
            }
            for key, (label, _test) in filters.items()
        ],
    }


def km_to(pupil: Pupil, site: Site) -> float:
    """Kilometres from the pupil's point to a site."""
    point = pupil_offers.around(pupil)
    return distance.km(point.lat, point.lon, site.lat, site.lon)


def outside_the_weeks(pupil: Pupil, placement: Placement | None) -> bool:
    """Whether a placement that holds is in no week of the class: the pupil changed class."""
    if placement is None or placement.status not in HOLDING:
        return False
    every = db.session.scalars(school_queries.windows_of(pupil.school, pupil.school_year))
    allowed = windows.effective(every, pupil.class_group)
    return placement.week not in {window.week for window in allowed}
