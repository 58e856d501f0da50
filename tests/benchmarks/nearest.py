"""The pairs that solvers are compared on: each pupil with the k nearest slots of each of his weeks.

The product never cuts so; the comparison does, so that the others can follow.
"""

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from matching.engine.cost import OUTSIDE_SHIFT
from matching.engine.distance import UNIT, distances, geocentric
from matching.engine.groups import draws_of, interchangeable
from matching.engine.lottery import TIE_BITS, draws, tie_bits
from matching.engine.market import Market
from matching.engine.pairs import Arcs, feasible_pairs
from matching.engine.problem import Problem, no_wishes
from matching.engine.seats import SeatNodes, seat_nodes

MARGIN = 2 * UNIT  # metres: the tree looks a little further than the reach, which decides


def market_of_all(problem: Problem) -> Market:
    """Every pair within reach."""
    groups, nodes = interchangeable(problem), seat_nodes(problem)
    arcs, _ = feasible_pairs(problem, groups, nodes)
    return Market(problem, groups, nodes, arcs)


def market_of_nearest(problem: Problem, k: int) -> Market:
    """Pairs of each site with the k nearest slots of each of its weeks, within reach."""
    groups, nodes = interchangeable(problem), seat_nodes(problem)
    sites = groups.site_first
    site, slot = _nearest_slots(problem, sites, k)
    site, node = _seats_of_slots(problem, nodes, sites, site, slot)
    return Market(problem, groups, nodes, _sorted_arcs(problem, nodes, sites, site, node))


def untold(market: Market) -> Market:
    """The same pairs when nobody wished or named anything."""
    problem = market.problem
    pupils = replace(problem.pupils, sectors=np.zeros(len(problem.pupils.keys), dtype=np.uint64))
    problem = replace(problem, pupils=pupils, wishes=no_wishes())
    groups = interchangeable(problem)
    if len(groups.site_first) != market.sites:
        raise ValueError("the sites are not the same")
    return Market(problem, groups, market.nodes, market.arcs)


def _nearest_slots(problem: Problem, sites: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Sites and slots, each pair once."""
    pupils, slots = problem.pupils, problem.slots
    here = np.stack(geocentric(pupils.lat[sites], pupils.lon[sites]), axis=1)
    there = np.stack(geocentric(slots.lat, slots.lon), axis=1)
    found = [np.zeros(0, dtype=np.int64)]
    for week in range(len(problem.weeks)):
        bit = np.uint64(1 << week)
        asking = np.flatnonzero(pupils.weeks[sites] & bit)
        offered = np.flatnonzero(slots.weeks & bit)
        if len(asking) == 0 or len(offered) == 0:
            continue
        most = float(pupils.reach[sites[asking]].max()) * UNIT + MARGIN
        tree = cKDTree(there[offered])
        _, near = tree.query(here[asking], k=list(range(1, k + 1)), distance_upper_bound=most)
        row, column = np.nonzero(near < len(offered))
        found.append(asking[row] * len(slots.keys) + offered[near[row, column]])
    return np.divmod(np.unique(np.concatenate(found)), len(slots.keys))


def _seats_of_slots(
    problem: Problem, nodes: SeatNodes, sites: np.ndarray, site: np.ndarray, slot: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that access, roads and entitlements allow, with the seat nodes of their slots."""
    pupils, slots, rows = problem.pupils, problem.slots, sites[site]
    allowed = slots.accessible[slot] | ~pupils.needs_access[rows]
    allowed &= pupils.link_group[rows] == slots.link_group[slot]
    site, slot = site[allowed], slot[allowed]
    number = np.full((2, len(slots.keys)), -1, dtype=np.int64)
    number[nodes.kind, nodes.slot] = np.arange(len(nodes.slot))
    node = number[:, slot]
    needed = nodes.entitlement[node]
    node[(pupils.entitlements[sites[site]] & needed) != needed] = -1
    kind, pair = np.nonzero(node >= 0)
    return site[pair], node[kind, pair]


def _sorted_arcs(
    problem: Problem, nodes: SeatNodes, sites: np.ndarray, site: np.ndarray, node: np.ndarray
) -> Arcs:
    """The pairs within reach, as the matcher keeps them (pairs.py)."""
    pupils, slots, slot, rows = problem.pupils, problem.slots, nodes.slot[node], sites[site]
    tens = distances(pupils.lat[rows], pupils.lon[rows], slots.lat[slot], slots.lon[slot])
    near = tens <= pupils.reach[rows]
    site, node, slot, rows, tens = (column[near] for column in (site, node, slot, rows, tens))
    home = pupils.territory[rows]
    outside = (home < 0) | (home != slots.territory[slot])
    ties = tie_bits(draws_of(problem, sites)[site], draws(problem.seed, slots.keys)[slot])
    value = outside.astype(np.int64) << OUTSIDE_SHIFT
    value += (tens.astype(np.int64) << TIE_BITS) + ties.astype(np.int64)
    order = np.lexsort((node, value, site))
    start = np.zeros(len(sites) + 1, dtype=np.int64)
    np.cumsum(np.bincount(site, minlength=len(sites)), out=start[1:])
    return Arcs(start, node[order].astype(np.int32), value[order], len(nodes.slot))
