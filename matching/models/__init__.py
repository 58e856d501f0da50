"""The tables. Importing this package registers all of them."""

from matching.models import (
    applications,
    campaigns,
    companies,
    events,
    imports,
    legal_texts,
    mail,
    match_runs,
    offers,
    placements,
    pupils,
    schools,
    settings,
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
    "mail",
    "match_runs",
    "offers",
    "placements",
    "pupils",
    "schools",
    "settings",
    "sign_ins",
    "territories",
    "users",
]
