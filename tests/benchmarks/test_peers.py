"""Our steps and the general solvers find the same least cost on the same arcs."""

from dataclasses import replace

import pytest

from matching.engine.market import select
from tests.benchmarks import nearest, ours, peers
from tests.benchmarks.worlds import DEMO, problem_of

SMALL = replace(DEMO, pupils=600, seats=300, departements=("49", "68"), points="address")


@pytest.mark.parametrize("k", [5, 0])
@pytest.mark.parametrize("seed", [1, 2])
def test_all_find_the_same_least_cost(k: int, seed: int) -> None:
    problem = problem_of(replace(SMALL, seed=seed))
    told = nearest.market_of_nearest(problem, k) if k else nearest.market_of_all(problem)
    market = nearest.untold(told)
    free, fixed = ours.least_cost(market), ours.least_cost_of_chosen(market)
    of_all, of_chosen = ours.plain_of(market), ours.plain_of(market, select(market))
    assert peers.or_tools(of_all) == peers.scipy_assignment(of_all) == free
    assert peers.or_tools(of_chosen) == peers.scipy_assignment(of_chosen) == fixed
    assert peers.scipy_most_placed(of_all).placed == free.placed == fixed.placed
    assert free.cost < fixed.cost


def test_nearest_pairs_are_among_all_and_the_best_come_first() -> None:
    problem = problem_of(SMALL)
    near, all_pairs = nearest.market_of_nearest(problem, 5), nearest.market_of_all(problem)
    cut = 0
    for site in range(all_pairs.sites):
        mine, every = (dict.fromkeys(pairs_of(m, site)) for m in (near, all_pairs))
        assert mine.keys() <= every.keys()
        assert list(mine) == [pair for pair in every if pair in mine]
        cut += len(mine) < len(every)
    assert cut > 100


def pairs_of(market: nearest.Market, site: int) -> list[tuple[int, int]]:
    """(value, node) of each pair of a site, in order."""
    arcs = market.arcs
    here = slice(arcs.start[site], arcs.start[site + 1])
    return list(zip(arcs.value[here].tolist(), arcs.column[here].tolist(), strict=True))
