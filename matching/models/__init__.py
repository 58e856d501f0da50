"""The tables. Importing this package registers all of them."""

from matching.models import (
    applications,
    campaigns,
    companies,
    events,
    imports,
    legal_texts,
    match_runs,
    offers,
    placements,
    pupils,
    schools,
    sign_ins,
    territories,
    users,
)

__all__ = [
    "applications",
    "campaigns",
    "companies",
    "events",
    "imports",
    "legal_texts",
    "match_runs",
    "offers",
    "placements",
    "pupils",
    "schools",
    "sign_ins",
    "territories",
    "users",
]
