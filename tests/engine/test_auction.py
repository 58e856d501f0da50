"""Prices learnt in an auction change how long the search takes, never what it finds."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matching.engine import auction, filling, learnt_prices
from matching.engine.lottery import TIE_BITS
from matching.engine.network import Network
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Solution
from matching.engine.solve import solve
from matching.engine.verify import verify
from matching.engine.words import Packing, place_levels
from tests.engine.depth import quick_or_deep
from tests.engine.instances import around_a_town


def solved(problem: Problem, monkeypatch: pytest.MonkeyPatch, *, smallest: int) -> Solution:
    """The answer when auctions are held from so many seats on."""
    monkeypatch.setattr(filling, "LARGE", smallest)
    return solve(problem)


@pytest.mark.parametrize("policy", [Policy.FAIR, Policy.CANNOT_BE_GAMED])
def test_the_answer_is_the_same_with_and_without_an_auction(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    real = filling.learnt_prices
    monkeypatch.setattr(
        filling, "learnt_prices", lambda *given: (held.append(given[3].sum()), real(*given))[1]
    )
    for number in range(1, quick_or_deep(80, 800)):
        problem = around_a_town(number, policy, 30, 90, side=8)
        one = solved(problem, monkeypatch, smallest=0)
        other = solved(problem, monkeypatch, smallest=10**9)
        assert one.levels == other.levels
        np.testing.assert_array_equal(one.slot, other.slot)
        assert verify(problem, one).ok, number
    assert sum(seats >= 10 for seats in held) > 40


def drawn(number: int) -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    """A network of one word in which all units can have all seats, and the (units, seats) costs.

    Every group has a hub of its own and one that it shares, and wishes.
    """
    random = np.random.default_rng(number)
    groups, columns = int(random.integers(2, 9)), int(random.integers(2, 9))
    seats = random.integers(1, 4, columns).astype(np.int32)
    units = random.multinomial(seats.sum(), np.ones(groups) / groups).astype(np.int32)
    hubs = groups + 2
    value = random.integers(0, 3_000, (hubs, columns))
    rows = [np.sort(random.permutation(columns)[: random.integers(1, columns + 1)]) for _ in
            range(groups)] + [np.arange(columns)] * 2  # fmt: skip
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    shared = random.integers(0, 2, groups)
    link_hub = np.stack([np.arange(groups), groups + shared], axis=1).ravel().astype(np.int32)
    link_cost = random.integers(-5_000, 5_000, 2 * groups)
    wish_column = random.integers(0, columns, 2 * groups).astype(np.int32)
    wish_cost = random.integers(-9_000, 0, 2 * groups)
    cost = np.full((groups, columns), 10**9)
    for group in range(groups):
        for link in (2 * group, 2 * group + 1):
            row = rows[link_hub[link]]
            through = link_cost[link] + value[link_hub[link], row]
            cost[group, row] = np.minimum(cost[group, row], through)
            there = wish_column[link]
            cost[group, there] = min(cost[group, there], wish_cost[link])
    column = np.concatenate(rows).astype(np.int32)
    hub_value = np.concatenate([value[hub, row] for hub, row in enumerate(rows)])
    none = np.zeros(0, dtype=np.int64)
    network = Network(
        start, column, hub_value << TIE_BITS, none, none,
        2 * np.arange(groups + 1), link_hub, np.repeat(np.arange(groups), 2).astype(np.int32),
        link_cost[:, None], 2 * np.arange(groups + 1), wish_column, wish_cost[:, None],
        np.array([0]), np.array([1]), np.array([0]),
    )  # fmt: skip
    return network, units, seats, np.repeat(np.repeat(cost, units, axis=0), seats, axis=1)


def test_prices_prove_that_the_seats_are_given_nearly_at_the_least_cost() -> None:
    """By duality: what units pay at the least, less what seats cost, is never above the least cost,
    and an auction that ended leaves each unit within two steps of it.
    """
    for number in range(quick_or_deep(300, 3_000)):
        network, units, seats, cost = drawn(number)
        price = auction.auction(network, units, seats)
        asked = np.repeat(price, seats)
        row, column = linear_sum_assignment(cost)
        least = cost[row, column].sum()
        bound = (cost + asked).min(axis=1).sum() - asked.sum()
        assert bound <= least
        assert least - bound <= 2 * auction.FINEST * len(row), number


def test_levels_are_told_from_a_price_above_or_below_those_around_it() -> None:
    packing = place_levels({"distance": 3_000}, 100)
    random = np.random.default_rng(1)
    weights = learnt_prices.weights_of(packing)
    values = np.zeros((len(packing.names), 500), dtype=np.int64)
    for level in np.flatnonzero(weights):
        most = packing.largest[level] * learnt_prices.ROOM // 2 - 1
        values[level] = random.integers(-most, most + 1, 500)
    np.testing.assert_array_equal(
        learnt_prices.told_apart(weights @ values, packing, weights), values
    )


def test_a_level_too_heavy_for_one_number_leaves_prices_at_nothing() -> None:
    packing: Packing = place_levels({"distance": 2**31 - 1}, 100)
    network, units, seats, _ = drawn(1)
    price = learnt_prices.learnt_prices(network, packing, units, seats)
    np.testing.assert_array_equal(price, np.zeros((len(seats), packing.words)))


def test_an_auction_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auction, "TURNS", 3)
    heard: list[float] = []
    network, units, seats, _ = drawn(7)
    auction.auction(network, units, seats, step=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 10


def test_an_auction_in_which_seats_are_missing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auction, "PATIENCE", 20)
    network, units, seats, _ = drawn(3)
    units = units.copy()
    units[0] += 1
    assert len(auction.auction(network, units, seats)) == len(seats)


@pytest.mark.parametrize(("moved", "short"), [(0, True), (10**7, False)])
def test_prices_known_before_make_an_auction_short_where_little_changed(
    moved: int, short: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: set[int] = set()
    real = auction.bid
    monkeypatch.setattr(auction, "bid", lambda *given: (sizes.add(given[1]), real(*given)))
    network, units, seats, _ = drawn(7)
    before = auction.auction(network, units, seats)
    assert max(sizes) > auction.FINEST
    sizes.clear()
    random = np.random.default_rng(7)
    auction.auction(network, units, seats, before + random.integers(0, moved + 1, len(before)))
    assert (sizes == {auction.FINEST}) == short
