"""Figures to compare answers by: two policies on the same data, or two years."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.explain import surroundings
from matching.engine.market import Market
from matching.engine.solution import Solution

NEAR_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts and shares; a share of nobody is 0. Distances in tens of metres."""

    pupils: int
    placed: int
    wishing: int  # pupils with at least one wish
    entitled: int  # pupils with an entitlement
    by_rank: tuple[int, ...]  # wishes honoured of rank 1, 2, 3, 4, 5
    in_sector: int  # placed without a wish honoured, in a sector named
    in_territory: int
    median_distance: int
    mean_distance: float
    distance_95: int  # nineteen in twenty are nearer
    placed_with_wishes: float
    placed_without_wishes: float
    placed_entitled: float
    placed_near: float  # of the quarter of pupils who have the nearest seats
    placed_remote: float  # of the quarter who have the farthest
    envious: float  # of those with wishes, who see a better wish in the hands of a later turn


def measures(market: Market, solution: Solution) -> Measures:
    """The figures of one answer."""
    problem = market.problem
    pupils = problem.pupils
    placed = solution.slot >= 0
    wishing = np.zeros(len(placed), dtype=np.bool_)
    wishing[problem.wishes.pupil] = True
    far = solution.distance[placed]
    around = surroundings(market, solution)
    near = around.nearest
    order = np.flatnonzero(near >= 0)[np.argsort(near[near >= 0], kind="stable")]
    quarter = int(len(order) * NEAR_SHARE)
    territory = pupils.territory
    there = np.append(problem.slots.territory, -1)[solution.slot]  # −1, the last, when unplaced
    sector = np.append(problem.slots.sector, -1)[solution.slot]
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = placed & (sector >= 0) & ((pupils.sectors & bit) != 0) & (solution.rank == 0)
    return Measures(
        pupils=len(placed),
        placed=int(placed.sum()),
        wishing=int(wishing.sum()),
        entitled=int((pupils.entitlements != 0).sum()),
        by_rank=tuple(int((solution.rank == rank).sum()) for rank in range(1, 6)),
        in_sector=int(named.sum()),
        in_territory=int(((territory >= 0) & (there == territory)).sum()),
        median_distance=_quantile(far, 0.5),
        mean_distance=float(far.mean()) if len(far) else 0.0,
        distance_95=_quantile(far, 0.95),
        placed_with_wishes=_share(placed[wishing]),
        placed_without_wishes=_share(placed[~wishing]),
        placed_entitled=_share(placed[pupils.entitlements != 0]),
        placed_near=_share(placed[order[:quarter]]),
        placed_remote=_share(placed[order[len(order) - quarter :]]),
        envious=_share(_envious(market, solution, around.turn)[wishing]),
    )


def _envious(market: Market, solution: Solution, turn: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Pupils of whom a wish that they may have, better than what they got, is held by somebody who
    comes after them in the order of service (`turn`), or by nobody.
    """
    problem, groups, nodes, arcs = market.problem, market.groups, market.nodes, market.arcs
    size = len(problem.slots.keys)
    last = np.full(size, -1, dtype=np.int64)
    decided = (groups.of_pupil >= 0) & (solution.slot >= 0)
    np.maximum.at(last, solution.slot[decided], turn[decided])
    used = np.bincount(solution.slot[solution.slot >= 0], minlength=size)
    last[used < problem.slots.seats] = len(turn) + 1
    site = np.repeat(np.arange(market.sites), np.diff(arcs.start))
    allowed = np.unique(site * size + nodes.slot[arcs.column])
    wishes = problem.wishes
    mine = solution.rank[wishes.pupil]
    wanted = (
        np.isin(groups.site_of_pupil[wishes.pupil].astype(np.int64) * size + wishes.slot, allowed)
        & ((mine == 0) | (wishes.rank < mine))
        & (groups.of_pupil[wishes.pupil] >= 0)
        & (last[wishes.slot] > turn[wishes.pupil])
    )
    envious = np.zeros(len(turn), dtype=np.bool_)
    envious[wishes.pupil[wanted]] = True
    return envious


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _quantile(values: NDArray[np.int32], share: float) -> int:
    return int(np.quantile(values, share, method="lower")) if len(values) else 0
