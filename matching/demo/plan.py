"""How much of everything, and where: four campaigns over twelve dense territories.

The figures are those of the story that the demonstration tells. All are fictional; the places are
real. ``PLEDGED`` is the promise that the product exists to keep.
"""

import random
from dataclasses import dataclass

from matching.database import REFERENCE_ALPHABET

SEED = 20181122  # the day of the promise of 4,100 places
PLEDGED = 4100
WAITING_SEATS = 14  # in the offers that wait for an approval (see waiting)
PUBLISHED_DAYS_AGO = 18
NATIONAL_COMPANIES = 20  # whose sites stand in all the other territories


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """One campaign; counts are of the whole of it.

    ``wishes_end`` is the number of days from now to the deadline for wishes, ``flexible`` the
    share of offers that take pupils in any of their weeks, ``windows`` how many weeks a school
    gives, drawn for each.
    """

    key: str
    name: str
    territories: tuple[str, ...]
    schools: int
    pupils: int
    companies: int
    offers: int
    seats: int
    wishes_end: int
    wishing: float  # share of the pupils who sent wishes
    flexible: float = 0.4
    windows: tuple[int, ...] = (1, 1, 2, 2, 2, 3)


CAMPAIGNS = (
    CampaignPlan(
        key="published",
        name="Rhône et Méditerranée",
        territories=("ti-8424", "ti-8420", "ti-9306", "ti-7604"),
        schools=18, pupils=2050, companies=45, offers=122, seats=1420,
        wishes_end=-21, wishing=0.68,
    ),
    CampaignPlan(
        key="short",
        name="Nord et vallée de la Seine",
        territories=("ti-3209", "ti-3207", "ti-2802", "ti-1105"),
        schools=24, pupils=3950, companies=36, offers=110, seats=900,
        wishes_end=-2, wishing=0.66,
    ),
    CampaignPlan(
        key="enough",
        name="Ports et océan",
        territories=("ti-5214", "ti-5307", "ti-0402"),
        schools=10, pupils=920, companies=33, offers=104, seats=1180,
        wishes_end=-1, wishing=0.7, flexible=0.7, windows=(2, 2, 3),
    ),
    CampaignPlan(
        key="open",
        name="Sud Alsace",
        territories=("ti-4414",),
        schools=7, pupils=1080, companies=14, offers=38, seats=340,
        wishes_end=16, wishing=0.38,
    ),
)  # fmt: skip
TERRITORIES = tuple(code for campaign in CAMPAIGNS for code in campaign.territories)
PUPILS = sum(campaign.pupils for campaign in CAMPAIGNS)
SEATS_ELSEWHERE = PLEDGED - WAITING_SEATS - sum(campaign.seats for campaign in CAMPAIGNS)


def chance(subject: str) -> random.Random:
    """The chances of one subject: what another subject draws does not move them."""
    return random.Random(f"{SEED}|{subject}")  # noqa: S311 - fictional people, drawn again alike


def reference(source: random.Random) -> str:
    """A public reference like those of real rows, drawn again alike."""
    return "".join(source.choices(REFERENCE_ALPHABET, k=10))


def shares(total: int, weights: list[float], least: int = 1) -> list[int]:
    """Cut ``total`` into whole parts in proportion to the weights, each at least ``least``."""
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} is too little for {len(weights)} parts of {least}")
    whole = sum(weights)
    exact = [free * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    # The largest remainders take what is left.
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: free - sum(parts)]:
        parts[at] += 1
    return [least + part for part in parts]
