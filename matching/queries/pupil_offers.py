"""What a pupil may wish for: the same rules as the matcher, for one pupil.

Offers of the campaign that the school takes part in (any published offer while there is none), in
the weeks of the class, within the school's reach, joined by road, accessible if need be, not
refused before, with a free seat that is not kept for others.
"""

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import Session

from matching.geography.communes import gazetteer
from matching.models.applications import RefusedPair
from matching.models.campaigns import Campaign
from matching.models.offers import Offer
from matching.models.pupils import Pupil
from matching.models.schools import PlacementWindow
from matching.models.users import User
from matching.queries import campaigns, search
from matching.queries.matching_input import entitlements_of
from matching.queries.matching_rows import FEWEST_COMMON_DAYS

WORKING_DAYS = "12345"


def pupil_of(user: User) -> Select[Pupil]:
    """The pupil whose account this is."""
    return sa.select(Pupil).where(Pupil.user_id == user.id)


def windows_of(session: Session, pupil: Pupil) -> dict[str, str]:
    """Week → weekdays in which the pupil may leave: those of the class, else of the school."""
    rows = session.execute(
        sa.select(PlacementWindow.class_group_id, PlacementWindow.week, PlacementWindow.weekdays)
        .where(
            PlacementWindow.school_id == pupil.school_id,
            PlacementWindow.school_year == pupil.school_year,
            sa.or_(
                PlacementWindow.class_group_id.is_(None),
                PlacementWindow.class_group_id == pupil.class_group_id,
            ),
        )
        .order_by(PlacementWindow.week)
    ).all()
    own = {week: days for group, week, days in rows if group is not None}
    return own or {week: days for _group, week, days in rows}


def around(pupil: Pupil, km: int | None = None) -> search.Around:
    """The circle around the commune of residence, or the school's; never beyond its reach."""
    school = pupil.school
    reach = min(km or school.reach_km, school.reach_km)
    home = gazetteer().by_code(pupil.commune_code or "")
    if home is not None:
        return search.Around(home.lat, home.lon, reach, home.link_group)
    commune = gazetteer().by_code(school.commune_code)
    link_group = commune.link_group if commune else school.commune_code
    return search.Around(school.lat, school.lon, reach, link_group)


def offers_for(pupil: Pupil, campaign: Campaign | None, windows: dict[str, str]) -> Select[Offer]:
    """The offers that could suit the pupil, wherever they are."""
    offers = campaigns.offers_of(campaign) if campaign else search.published(pupil.school_year)
    refused = sa.select(RefusedPair.offer_id).where(RefusedPair.pupil_id == pupil.id)
    offers = offers.where(
        Offer.id.not_in(refused), Offer.weekdays.in_(_suitable_weekdays(windows.values()))
    )
    return offers.where(Offer.accessible) if pupil.needs_access else offers


def find_for(
    session: Session,
    pupil: Pupil,
    campaign: Campaign | None,
    *,
    km: int | None = None,
    week: str | None = None,
    sector: str | None = None,
    accessible: bool = False,
    only: Collection[int] | None = None,
    held_too: bool = False,
    beyond_km: int | None = None,
) -> list[search.Found]:
    """The offers that the pupil may wish for, nearest first, narrowed by what he filters.

    ``only`` asks about these offers alone. To explain why there is nothing: ``held_too`` counts the
    seats that others hold, ``beyond_km`` looks farther than the school's reach.
    """
    windows = windows_of(session, pupil)
    offers = offers_for(pupil, campaign, windows)
    if sector:
        offers = offers.where(Offer.sector == sector)
    if accessible:
        offers = offers.where(Offer.accessible)
    if only is not None:
        offers = offers.where(Offer.id.in_(only))
    weeks = [one for one in windows if week in (None, one)]
    entitlements = entitlements_of(pupil.school.priority_education, pupil.school.uai)
    seats = search.free_seats(search.in_weeks(weeks), entitlements, held_too=held_too)
    circle = around(pupil, km)
    if beyond_km is not None:
        circle = replace(circle, km=max(beyond_km, circle.km))
    return search.find(session, offers, seats, circle)


def _suitable_weekdays(windows: Collection[str]) -> list[str]:
    """The days of an offer that leave a pupil of these windows at least three of them."""
    patterns = ["".join(days) for size in (3, 4, 5) for days in combinations(WORKING_DAYS, size)]
    return [
        pattern
        for pattern in patterns
        if any(len(set(pattern) & set(days)) >= FEWEST_COMMON_DAYS for days in windows)
    ]
