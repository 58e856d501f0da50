"""Seeded questions of real size on the real communes and territories; all people are made up.

Schools of about 114 pupils stand in communes drawn by population, offers (2.4 seats each) in
communes drawn by population to the power 1.12. Eight weeks; one school in five may use two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from matching.engine.distance import distance, geocentric
from matching.engine.lottery import draws
from matching.engine.problem import Policy, Problem, Pupils, Slots, Wishes
from matching.geography.communes import ARRONDISSEMENTS, Commune, gazetteer
from matching.geography.territories import nearest_territory

WEEKS = tuple(f"2027-W{week:02d}" for week in range(2, 10))
SECTORS = 20
SCHOOL_SIZE = 114
SEATS_PER_OFFER = 2.4
SUPPLY = {"scarce": 0.5, "balanced": 1.0, "ample": 1.5}  # seats per pupil


@dataclass(frozen=True, slots=True)
class World:
    """What to make. `region` is its name, "" for the whole country."""

    name: str
    pupils: int
    seats: int
    region: str = ""
    departements: tuple[str, ...] = ()  # only what is within 15 km of the largest town of each
    points: str = "school"  # "school", "commune" (of residence) or "address" (made up around it)
    wishing: float = 0.6  # share of pupils with wishes
    concentrated: bool = False  # nearly everybody wishes the same few offers
    seed: int = 1

    def supplied(self, supply: str) -> "World":
        """The same world with other seats: "scarce", "balanced" or "ample"."""
        return replace(self, seats=round(self.pupils * SUPPLY[supply]))


DEMO = World(
    "demo", 8_000, 4_100,
    departements=("01", "08", "25", "35", "49", "59", "63", "68", "76", "81", "85", "974"),
)  # fmt: skip
REGION = World("region", 100_000, 80_000, region="Auvergne-Rhône-Alpes")
COUNTRY = World("country", 800_000, 600_000)
SIZES = {world.name: world for world in (DEMO, REGION, COUNTRY)}


@dataclass(frozen=True, slots=True)
class _Towns:
    lat: np.ndarray
    lon: np.ndarray
    population: np.ndarray
    link: np.ndarray
    territory: np.ndarray


@cache
def _largest(departement: str) -> Commune:
    there = (town for town in gazetteer() if town.departement == departement)
    return max(there, key=lambda town: town.population)


def _near_the_largest(town: Commune, departements: tuple[str, ...]) -> bool:
    if town.departement not in departements:
        return False
    centre = _largest(town.departement)
    return distance(town.lat, town.lon, centre.lat, centre.lon) <= 1_500


@cache
def _towns(region: str, departements: tuple[str, ...]) -> _Towns:
    kept = [
        town
        for town in gazetteer()
        if town.population > 0
        and town.code not in ARRONDISSEMENTS  # a city counts by its arrondissements
        and (not region or town.region == region)
        and (not departements or _near_the_largest(town, departements))
    ]
    links = {group: k for k, group in enumerate(sorted({town.link_group for town in kept}))}
    found = [nearest_territory(town.code) for town in kept]
    codes = sorted({territory.code for territory in found if territory})
    number = {code: k for k, code in enumerate(codes)}
    return _Towns(
        np.array([town.lat for town in kept]),
        np.array([town.lon for town in kept]),
        np.array([town.population for town in kept], dtype=float),
        np.array([links[town.link_group] for town in kept]),
        np.array([number[t.code] if t else -1 for t in found]),
    )


def problem_of(world: World, policy: Policy = Policy.FAIR) -> Problem:
    """The question of a world; the same world and seed give the same question."""
    random = np.random.default_rng(world.seed)
    towns = _towns(world.region, world.departements)
    slots = _slots(world, random, towns)
    pupils = _pupils(world, random, towns)
    wishes = _wishes(world, random, slots, pupils)
    return Problem(
        weeks=WEEKS, slots=slots, pupils=pupils, wishes=wishes, seed=world.seed, policy=policy
    )


def _slots(world: World, random: np.random.Generator, towns: _Towns) -> Slots:
    offers = max(1, round(world.seats / SEATS_PER_OFFER))
    town = _drawn(random, towns.population**1.12, offers)
    seats = 1 + np.bincount(random.integers(0, offers, world.seats - offers), minlength=offers)
    # an offer's seats lie in one to three weeks, or in any week
    rows = []
    for offer, count in enumerate(seats.tolist()):
        if random.random() < 0.15:
            rows.append((offer, (1 << len(WEEKS)) - 1, count))
            continue
        weeks = random.integers(0, len(WEEKS), count)
        for week, here in zip(*np.unique(weeks, return_counts=True), strict=True):
            rows.append((offer, 1 << int(week), int(here)))
    offer, weeks, count = (np.array(column) for column in zip(*rows, strict=True))
    where = town[offer]
    spread = random.normal(0, 0.012, (2, offers))[:, offer]
    kept = np.where(random.random(len(offer)) < 0.1, 1, 0)
    return Slots(
        keys=[
            f"offer {o:06d} {w:03x}" for o, w in zip(offer.tolist(), weeks.tolist(), strict=True)
        ],
        offers=offer,
        weeks=weeks.astype(np.uint64),
        seats=count,
        reserved=kept,
        reserved_for=np.where(kept > 0, 0, -1),
        lat=np.clip(towns.lat[where] + spread[0], -90, 90),
        lon=towns.lon[where] + spread[1],
        territory=towns.territory[where],
        sector=random.integers(0, SECTORS, offers)[offer],
        accessible=(random.random(offers) < 0.7)[offer],
        link_group=towns.link[where],
    )


def _pupils(world: World, random: np.random.Generator, towns: _Towns) -> Pupils:
    schools = max(1, world.pupils // SCHOOL_SIZE)
    site = _drawn(random, towns.population, schools)
    school = np.sort(random.integers(0, schools, world.pupils))
    home = site[school]
    if world.points != "school":
        home = _homes(random, towns, site, school)
    lat, lon = towns.lat[home], towns.lon[home]
    if world.points == "address":
        lat = lat + random.normal(0, 0.012, world.pupils)
        lon = lon + random.normal(0, 0.016, world.pupils)
    first = random.integers(0, len(WEEKS), schools)
    second = np.where(random.random(schools) < 0.2, random.integers(0, len(WEEKS), schools), first)
    weeks = (1 << first) | (1 << second)
    numbers = random.choice(2**40, world.pupils, replace=False)
    keys = [f"{number:010x}" for number in numbers.tolist()]
    reach = random.choice([1000, 2000, 2000, 2000, 3000], schools)
    rep = random.random(schools) < 0.2
    sectors = np.zeros(world.pupils, dtype=np.uint64)
    named = random.random(world.pupils) < world.wishing
    for _ in range(2):
        bit = np.uint64(1) << random.integers(0, SECTORS, world.pupils).astype(np.uint64)
        sectors |= np.where(named, bit, np.uint64(0))
    return Pupils(
        keys=keys,
        lottery=draws(world.seed, keys),
        lat=lat,
        lon=lon,
        weeks=weeks[school].astype(np.uint64),
        reach=reach[school],
        class_of_service=np.zeros(world.pupils, dtype=np.int16),
        entitlements=rep[school].astype(np.uint64),
        school=school,
        territory=towns.territory[site][school],
        sectors=sectors,
        # where nobody wishes nothing tells pupils of a school apart
        needs_access=random.random(world.pupils) < 0.01 * (world.wishing > 0),
        link_group=towns.link[site][school],
    )


def _homes(
    random: np.random.Generator, towns: _Towns, site: np.ndarray, school: np.ndarray
) -> np.ndarray:
    """The commune of residence: one of the twelve around the school, by population."""
    points = np.stack(geocentric(towns.lat, towns.lon), axis=1)
    _, around = cKDTree(points).query(points[site], k=min(12, len(points)))
    weight = np.cumsum(towns.population[around], axis=1)
    drawn = random.random(len(school)) * weight[school, -1]
    place = (weight[school] < drawn[:, None]).sum(axis=1)
    return around[school, place]


def _wishes(world: World, random: np.random.Generator, slots: Slots, pupils: Pupils) -> Wishes:
    """One to five wishes among the slots of his weeks within reach, the popular ones more."""
    wishing = np.flatnonzero(random.random(len(pupils.keys)) < world.wishing)
    appeal = random.lognormal(0, 2.0 if world.concentrated else 0.7, len(slots.keys))
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    for members, near in _around_schools(slots, pupils, wishing):
        total = np.cumsum(appeal[near])
        count = random.integers(1, 6, len(members))
        drawn = random.random((len(members), 5)) * total[-1]
        chosen = near[np.searchsorted(total, drawn)]
        chosen[np.arange(5) >= count[:, None]] = -1
        rows.append((members, chosen))
    if not rows:
        return Wishes([], [], [])
    pupil = np.repeat(np.concatenate([members for members, _ in rows]), 5)
    slot = np.concatenate([chosen for _, chosen in rows]).ravel()
    rank = np.tile(np.arange(1, 6), len(slot) // 5)
    kept = slot >= 0
    pair = pupil.astype(np.int64) * len(slots.keys) + slot
    _, first = np.unique(np.where(kept, pair, -1), return_index=True)
    once = np.zeros(len(slot), dtype=bool)
    once[first] = True
    kept &= once
    return Wishes(pupil[kept], slot[kept], rank[kept])


def _around_schools(
    slots: Slots, pupils: Pupils, wishing: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The wishing pupils of each school and the slots that its first one could have."""
    tree = cKDTree(np.stack(geocentric(slots.lat, slots.lon), axis=1))
    cuts = np.flatnonzero(np.diff(pupils.school[wishing])) + 1
    for members in np.split(wishing, cuts):
        if len(members) == 0:
            continue
        one = members[0]
        here = np.array(geocentric(pupils.lat[one], pupils.lon[one]))
        near = np.array(tree.query_ball_point(here, pupils.reach[one] * 10.0), dtype=np.int64)
        near = near[(slots.weeks[near] & pupils.weeks[one]) != 0] if len(near) else near
        if len(near):
            yield members, near


def _drawn(random: np.random.Generator, weight: np.ndarray, count: int) -> np.ndarray:
    total = np.cumsum(weight)
    return np.searchsorted(total, random.random(count) * total[-1])
