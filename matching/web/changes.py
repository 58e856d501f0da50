"""The list of changes: who, what, when, why; filtered, in pages."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, request

from matching import clock
from matching.permissions import Permission
from matching.queries import foundation as queries
from matching.web.changes_list import in_words
from matching.web.forms.foundation import ChangeSearch
from matching.web.foundation_pages import listing
from matching.web.guards import requires

bp = Blueprint("changes", __name__, url_prefix="/fondation/journal")

PER_PAGE = 50
FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)


@bp.get("")
@requires(Permission.FOUNDATION_SPACE)
def index() -> tuple[str, int]:
    """The changes, the last one first."""
    form = ChangeSearch(request.args)
    query = None
    if form.validate():
        query = queries.changes(
            kind=form.kind.data or "",
            by=form.q.data or "",
            since=midnight(form.since.data),
            until=midnight(form.until.data, days=1),
        )
    return listing(
        "foundation/changes.html",
        form,
        query,
        whole_rows=True,
        per_page=PER_PAGE,
        in_words=in_words,
    )


def midnight(day: date | None, days: int = 0) -> datetime | None:
    """When the day begins in Paris, or so many days later; nothing is older than FIRST."""
    if day is None:
        return None
    near = min(max(day, FIRST), LAST)
    return datetime.combine(near + timedelta(days=days), time.min, tzinfo=clock.PARIS)
