"""The tables. Importing this package registers all of them."""

from matching.models import (
    applications,
    campaigns,
    companies,
    events,
    match_runs,
    offers,
    placements,
    pupils,
    schools,
    territories,
    users,
)

__all__ = [
    "applications",
    "campaigns",
    "companies",
    "events",
    "match_runs",
    "offers",
    "placements",
    "pupils",
    "schools",
    "territories",
    "users",
]
