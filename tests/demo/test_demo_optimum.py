"""`letabli solve` on the campaigns of the demonstration gives the optimum of OR-Tools, level by
level to the last.

From the matcher come the reading of the folder, the distance, the lottery and the tie bits, which
are rules, and nothing else.
"""

import csv
import json
from collections import deque

import numpy as np
import pytest
import sqlalchemy as sa

from matching import cli
from matching.database import db
from matching.demo.plan import CAMPAIGNS
from matching.engine.distance import distances
from matching.engine.lottery import draws, draws_of_sectors, tie_bits
from matching.engine.problem import Policy, Problem
from matching.models.campaigns import Campaign
from matching.spreadsheet.export import export
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.problem import problem_from
from tests.engine.independent import Network, best_by_flow

pytestmark = pytest.mark.parametrize("loaded", ["sqlite"], indirect=True, scope="session")
SMALL = {"ranks", "distance", "ties"}  # the smaller the better; of the others, the larger


@pytest.fixture(scope="module")
def exported(loaded, tmp_path_factory):
    """Key of a campaign → its folder and its seed."""
    found = {}
    with loaded.app_context():
        for plan in CAMPAIGNS:
            campaign = db.session.scalars(sa.select(Campaign).where(Campaign.name == plan.name))
            folder = tmp_path_factory.mktemp(plan.key)
            found[plan.key] = folder, export(db.session(), campaign.one(), folder).seed
        db.session.remove()
    return found


def holds(of: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Whether each set holds the number; never when it is negative."""
    shifted = of >> np.maximum(number, 0).astype(np.uint64)
    return (number >= 0) & ((shifted & np.uint64(1)) == 1)


def tie_keys(problem: Problem) -> tuple[list[str], list[str]]:
    """Of each pupil the keys of his site and of his group: the smallest among those who may have
    the same places and, for the group, named the same sectors and wish nothing.
    """
    assert problem.travel is None
    pupils = problem.pupils
    apart, wishing = set(problem.refused.pupil.tolist()), set(problem.wishes.pupil.tolist())
    columns = [n for n in pupils.__dataclass_fields__ if n not in {"keys", "lottery", "sectors"}]
    traits = list(zip(*(getattr(pupils, name).tolist() for name in columns), strict=True))
    sites = [(k,) if k in apart else trait for k, trait in enumerate(traits)]
    named = pupils.sectors.tolist()
    groups = [(k,) if k in wishing else (site, named[k]) for k, site in enumerate(sites)]
    return smallest_keys(problem, sites), smallest_keys(problem, groups)


def smallest_keys(problem: Problem, alike: list[tuple]) -> list[str]:
    keys = problem.pupils.keys
    smallest: dict[tuple, str] = {}
    for trait, key in zip(alike, keys, strict=True):
        smallest[trait] = min(key, smallest.get(trait, key))
    return [smallest[trait] for trait in alike]


def level_names(problem: Problem) -> list[str]:
    """Under best_total, each class of those to place has a level, but the lowest."""
    classes = np.unique(np.delete(problem.pupils.class_of_service, problem.fixed.pupil))
    counted = classes[:0:-1] if problem.policy == Policy.BEST_TOTAL else []
    places = ["wishes", "ranks", "sectors", "territory", "distance", "ties"]
    return ["placed", *(f"class {number}" for number in counted), *places]


def worth(problem: Problem, pupil: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """(L, pairs): what the placement of `pupil` in `slot` adds to each level."""
    p, s = problem.pupils, problem.slots
    ranks = np.zeros((len(p.keys), len(s.keys)), dtype=np.int64)
    ranks[problem.wishes.pupil, problem.wishes.slot] = problem.wishes.rank
    rank = ranks[pupil, slot]
    named = (rank == 0) & holds(p.sectors[pupil], s.sector[slot])
    added = {
        f"class {number}": p.class_of_service[pupil] == number
        for number in np.unique(p.class_of_service)
    } | {
        "placed": np.ones(len(pupil)),
        "wishes": rank > 0,
        "ranks": rank,
        "sectors": named,
        "territory": (p.territory[pupil] >= 0) & (p.territory[pupil] == s.territory[slot]),
        "distance": distances(p.lat[pupil], p.lon[pupil], s.lat[slot], s.lon[slot]),
        "ties": ties(problem, pupil, slot, rank > 0, named),
    }
    return np.stack([added[name].astype(np.int64) for name in level_names(problem)])


def ties(
    problem: Problem, pupil: np.ndarray, slot: np.ndarray, wished: np.ndarray, named: np.ndarray
) -> np.ndarray:
    """The bits of group and slot for a wish; where the pupil named the sector, half of those of
    site and slot and those of group and sector; else those of site and slot and of group and 7.
    """
    site, group = (draws(problem.seed, keys)[pupil] for keys in tie_keys(problem))
    of_slots, sector = draws(problem.seed, problem.slots.keys), problem.slots.sector
    place = of_slots[slot]
    through = np.where(named, draws_of_sectors(sector, of_slots)[sector[slot]], np.uint64(7))
    of_site = tie_bits(site, place) // np.where(named, 2, 1).astype(np.uint64)
    return np.where(wished, tie_bits(group, place), of_site + tie_bits(group, through))


def network(problem: Problem, chosen: set[int] | None = None) -> Network:
    """All that is allowed to those not yet placed, or to those `chosen` among them."""
    assert problem.travel is None
    p, s, held = problem.pupils, problem.slots, problem.fixed
    seats = np.stack([s.seats - s.reserved, s.reserved], axis=1).astype(np.int64).ravel()
    np.subtract.at(seats, 2 * held.slot + held.reserved, 1)
    tens = distances(p.lat[:, None], p.lon[:, None], s.lat, s.lon)
    allowed = (p.weeks[:, None] & s.weeks) != 0
    allowed &= tens <= p.reach[:, None]
    allowed &= s.accessible | ~p.needs_access[:, None]
    allowed &= p.link_group[:, None] == s.link_group
    allowed[problem.refused.pupil, problem.refused.slot] = False
    allowed[held.pupil] = False
    if chosen is not None:
        allowed[[k for k in range(len(p.keys)) if k not in chosen]] = False
    entitled = allowed & holds(p.entitlements[:, None], s.reserved_for[None, :])
    pupil, kind, slot = np.nonzero(np.stack([allowed, entitled], axis=1))
    names = level_names(problem)
    sign = np.array([1 if name in SMALL else -1 for name in names])
    costs = sign[:, None] * worth(problem, pupil, slot)
    return Network(list(range(len(p.keys))), pupil, 2 * slot + kind, costs, seats, names)


def placed_one_by_one(net: Network, problem: Problem) -> set[int]:
    """Each pupil in the order of service is placed if all those placed before him keep a place:
    if some may move so that a seat comes free. Where that fails once, it fails for ever.
    """
    reach: dict[int, list[int]] = {pupil: [] for pupil in net.pupils}
    for pupil, node in zip(net.pupil.tolist(), net.node.tolist(), strict=True):
        reach[pupil].append(node)
    sitting: list[set[int]] = [set() for _ in net.seats]
    dead: set[int] = set()
    for first in np.lexsort((problem.pupils.lottery, -problem.pupils.class_of_service)).tolist():
        came: dict[int, tuple[int, int]] = {}  # node → who would come to it, and from where
        looking = deque([(first, -1)])
        while looking:
            pupil, seat = looking.popleft()
            new = [node for node in reach[pupil] if node not in dead and node not in came]
            came.update(dict.fromkeys(new, (pupil, seat)))
            free = next((node for node in new if len(sitting[node]) < net.seats[node]), -1)
            if free >= 0:
                break
            looking.extend((other, node) for node in new for other in sitting[node])
        else:
            dead |= came.keys()
            continue
        while free >= 0:
            pupil, left = came[free]
            sitting[free].add(pupil)
            if left >= 0:
                sitting[left].remove(pupil)
            free = left
    return set().union(*sitting)


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.BEST_TOTAL])
@pytest.mark.parametrize("key", [plan.key for plan in CAMPAIGNS])
def test_the_command_finds_the_best_at_every_level(key, policy, exported, tmp_path):
    folder, seed = exported[key]
    asked = ["solve", str(folder), "--out", str(tmp_path), "--policy", policy, "--seed", str(seed)]
    assert cli.main(asked) == cli.OK
    given = json.loads((tmp_path / "report.json").read_text())["levels"]
    with (tmp_path / "placements.csv").open(encoding="utf-8-sig") as lines:
        placed = {line["pupil"] for line in csv.DictReader(lines, delimiter=";")}

    problem = problem_from(read_folder(folder), policy=policy, seed=seed)
    net, held = network(problem), problem.fixed
    if policy == Policy.FAIR:
        chosen = placed_one_by_one(net, problem)
        assert placed == {problem.pupils.keys[k] for k in chosen.union(held.pupil.tolist())}
        net = network(problem, chosen)
    kept = dict(zip(net.names, worth(problem, held.pupil, held.slot).sum(axis=1), strict=True))
    kept["ties"] = 0  # nothing is drawn for a placement that is held
    best = [(name, value + kept[name]) for name, value in best_by_flow(net)]
    assert [(level["name"], level["value"]) for level in given] == best
