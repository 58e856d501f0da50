"""What the pages of the foundation share: lists in pages, tabs, the key of a role."""

from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from matching.database import db
from matching.models.users import Membership
from matching.web.forms.foundation import Search

PER_PAGE = 25
TABS = (
    ("foundation.people", _l("Personnes")),
    ("foundation.schools", _l("Collèges")),
    ("foundation.companies", _l("Entreprises")),
    ("foundation.sites", _l("Sites")),
    ("foundation.territories", _l("Territoires")),
    ("foundation.campaigns", _l("Campagnes")),
    ("foundation_settings.settings", _l("Réglages")),
    ("changes.index", _l("Journal")),
)


def listing(
    template: str,
    form: Search,
    query: Any,
    *,
    whole_rows: bool = False,
    per_page: int = PER_PAGE,
    **values: Any,
) -> tuple[str, int]:
    """One page of a list; ``query`` is a Select, or None when the filters make no sense."""
    total = 0
    if query is not None:
        counted = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
        total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows: Any = []
    if query is not None:
        chosen = query.limit(per_page).offset((page - 1) * per_page)
        found = db.session.execute(chosen)
        rows = found.all() if whole_rows else found.scalars().all()
    address = url_for(str(request.endpoint), **(form.kept() if query is not None else {}))
    html = render_template(
        template,
        form=form,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        url=f"{address}{'&' if '?' in address else '?'}page=",
        **values,
    )
    return html, 200 if query is not None else 422


def tabs() -> list[dict[str, Any]]:
    """The lists of the foundation, the one of this page marked."""
    here = url_for(str(request.endpoint), **(request.view_args or {}))
    found = []
    for endpoint, label in TABS:
        url = url_for(endpoint)
        found.append({"label": str(label), "url": url, "current": here.startswith(url)})
    return found


def membership_key(membership: Membership) -> str:
    """The role and the place of a live membership: unique among those of a person."""
    where = membership.school or membership.company
    place = where.ref if where else membership.territory.code if membership.territory else ""
    return f"{membership.role.value}.{place}"
