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
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching import cli
from matching.database import db
from matching.demo.plan import CAMPAIGNS
from matching.engine.distance import distances
from matching.engine.lottery import draws, tie_bits
from matching.engine.problem import Policy, Problem
from matching.models.campaigns import Campaign
from matching.spreadsheet.export import export
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.problem import problem_from
from tests.engine.independent import Network

LEVELS = ("wishes", "ranks", "sectors", "territory", "distance", "ties")
MOST = ("wishes", "sectors", "territory")  # the larger the better
FREE, FORCED = 0, 1  # may stay idle; must be used to the full


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


def bit(of: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Whether each set holds the number; never when it is negative."""
    shifted = of >> np.maximum(number, 0).astype(np.uint64)
    return (number >= 0) & ((shifted & np.uint64(1)) == 1)


def group_keys(problem: Problem) -> list[str]:
    """The smallest key among those to place who differ in nothing and named no offer."""
    pupils = problem.pupils
    named = {*problem.wishes.pupil.tolist(), *problem.refused.pupil.tolist()}
    columns = [n for n in pupils.__dataclass_fields__ if n not in {"keys", "lottery"}]
    traits = list(zip(*(getattr(pupils, name).tolist() for name in columns), strict=True))
    alike = [(k,) if k in named else trait for k, trait in enumerate(traits)]
    smallest: dict[tuple, str] = {}
    for k in set(range(len(alike))) - set(problem.fixed.pupil.tolist()):
        smallest[alike[k]] = min(pupils.keys[k], smallest.get(alike[k], pupils.keys[k]))
    return [smallest.get(trait, pupils.keys[k]) for k, trait in enumerate(alike)]


def worth(problem: Problem, pupil: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """(6, pairs): each of LEVELS for the placement of `pupil` in `slot`, as people read it."""
    p, s = problem.pupils, problem.slots
    ranks = np.zeros((len(p.keys), len(s.keys)), dtype=np.int64)
    ranks[problem.wishes.pupil, problem.wishes.slot] = problem.wishes.rank
    rank = ranks[pupil, slot]
    named = (rank == 0) & bit(p.sectors[pupil], s.sector[slot])
    inside = (p.territory[pupil] >= 0) & (p.territory[pupil] == s.territory[slot])
    tens = distances(p.lat[pupil], p.lon[pupil], s.lat[slot], s.lon[slot])
    ties = tie_bits(
        draws(problem.seed, group_keys(problem))[pupil], draws(problem.seed, s.keys)[slot]
    )
    return np.stack([rank > 0, rank, named, inside, tens, ties]).astype(np.int64)


def network(problem: Problem) -> Network:
    """All that is allowed to those not yet placed; worth as costs. Nodes: 2 * slot + seat kind."""
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
    entitled = allowed & bit(p.entitlements[:, None], s.reserved_for[None, :])
    pupil, kind, slot = np.nonzero(np.stack([allowed, entitled], axis=1))
    costs = worth(problem, pupil, slot)
    costs[[LEVELS.index(name) for name in MOST]] *= -1
    return Network(
        list(range(len(p.keys))), pupil, 2 * slot + kind, costs, seats, list(LEVELS)
    )


def placed_in_turn(net: Network, problem: Problem) -> set[int]:
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


def largest(net: Network) -> int:
    """How many can be placed."""
    flow, sink = SimpleMaxFlow(), len(net.pupils) + len(net.seats)
    rows, nodes = np.arange(len(net.pupils)), len(net.pupils) + np.arange(len(net.seats))
    one = np.ones(len(net.pupil), dtype=np.int64)
    flow.add_arcs_with_capacity(net.pupil, len(net.pupils) + net.node, one)
    flow.add_arcs_with_capacity(np.full(len(rows), sink + 1), rows, one[:1].repeat(len(rows)))
    flow.add_arcs_with_capacity(nodes, np.full(len(nodes), sink), net.seats)
    assert flow.solve(sink + 1, sink) == flow.OPTIMAL
    return flow.optimal_flow()


def best_in_stages(net: Network, chosen: set[int] | None) -> list[int]:
    """The value of each level when as many as can be are placed, or exactly those `chosen`.

    Each stage is one flow for as many levels as fit its costs; the next has only the best flows
    of this one: arcs of no reduced cost, and the rows (pupils, then seat nodes) of positive price
    used to the full.
    """
    rows, sink = len(net.pupils), len(net.pupils) + len(net.seats)
    most = np.concatenate([np.ones(rows, dtype=np.int64), net.seats])
    must = np.zeros(sink, dtype=np.int64)
    tail, head, costs, open_to = net.pupil, rows + net.node, net.worth, most > 0
    if chosen is None:
        total = largest(net)
    else:
        total = len(chosen)
        must[sorted(chosen)] = FORCED
        open_to[:rows] = must[:rows] == FORCED
    values = [total]
    while len(values) <= len(LEVELS):
        keep = open_to[tail] & open_to[head]
        tail, head, costs = tail[keep], head[keep], costs[:, keep]
        cost, levels = stage(costs[len(values) - 1 :], total, sink)
        used, through = cheapest(tail, head, cost, most, must, open_to, rows, total)
        values += [int(abs((level * used).sum())) for level in costs[len(values) - 1 :][:levels]]
        price = prices(tail, head, cost, used, through, most, must, open_to, rows)
        ahead = price[tail] + cost - price[head]
        assert (ahead >= 0).all()
        assert not used[ahead > 0].any()
        slack = np.where(np.arange(sink) < rows, -price[:sink], price[:sink]) + price[sink] * 0
        raise NotImplementedError
    return values
