"""Why each wish was granted or not, in codes and numbers; sentences are written elsewhere."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from matching.engine.capped import Capped, prices_of_sets
from matching.engine.distance import distances
from matching.engine.groups import draws_of
from matching.engine.lottery import tie_bits
from matching.engine.market import Market
from matching.engine.problem import MOST_SECTORS, Policy, Problem
from matching.engine.seats import OPEN, RESERVED
from matching.engine.solution import Certificate, Solution


class WishReason(IntEnum):
    """Why a wish was granted or not. From 20 on, the numbers are those of Reason."""

    GRANTED = 1
    BETTER_GRANTED = 2  # he has another wish, of the same rank or a better one
    HELD_ELSEWHERE = 3  # his placement was held before the run
    WOULD_UNPLACE = 4  # somebody placed would have had no place at all
    WOULD_WORSEN = 5  # a level would have lost: `level` says the first to lose, or one after it
    NO_WEEK = 21
    OUT_OF_REACH = 22
    NO_LINK = 23
    NO_ACCESS = 24
    RESERVED_ONLY = 25
    REFUSED = 26
    HELD_BY_OTHERS = 27
    CLASS = 30
    LOTTERY = 31
    TOTAL = 32
    SCHOOL_CAP = 33
    KEPT_APART = 34
    HOST_CAP = 35


@dataclass(frozen=True, slots=True)
class WishReasons:
    """One row per given wish. When granting it would have worsened the answer, it would have lost
    at `level` (a number in the certificate's levels) at least `loss`, or at a level before it; −1
    when prices do not tell.
    """

    reason: NDArray[np.int8]  # WishReason
    level: NDArray[np.int8]
    loss: NDArray[np.int64]


def wish_reasons(market: Market, solution: Solution) -> WishReasons:
    """Why each wish of the problem was granted or not."""
    problem = market.problem
    wishes, slots = problem.wishes, problem.slots
    pupil, slot = wishes.pupil, wishes.slot
    own = solution.slot[pupil]
    own_rank = solution.rank[pupil]
    rule = _rule_against(problem)
    free = np.zeros((2, len(slots.keys)), dtype=np.int64)
    free[market.nodes.kind, market.nodes.slot] = market.nodes.seats
    entitled = _entitled(problem, pupil, slot)
    all_held = (free[OPEN, slot] == 0) & ((free[RESERVED, slot] == 0) | ~entitled)
    level, loss = _price_of_wishes(market, solution, entitled)
    worsens = np.where(level == 0, WishReason.WOULD_UNPLACE, WishReason.WOULD_WORSEN)
    if problem.policy == Policy.CANNOT_BE_GAMED:
        worsens = np.full(len(pupil), WishReason.WOULD_UNPLACE)
    reason = np.select(
        [
            own == slot,
            market.groups.of_pupil[pupil] < 0,
            (own_rank > 0) & (own_rank <= wishes.rank),
            rule > 0,
            all_held,
            own < 0,
        ],
        [
            WishReason.GRANTED,
            WishReason.HELD_ELSEWHERE,
            WishReason.BETTER_GRANTED,
            rule,
            WishReason.HELD_BY_OTHERS,
            solution.reason[pupil],
        ],
        worsens,
    ).astype(np.int8)
    priced = np.isin(reason, [WishReason.WOULD_UNPLACE, WishReason.WOULD_WORSEN])
    if problem.policy == Policy.CANNOT_BE_GAMED:
        priced[:] = False
    return WishReasons(
        reason,
        np.where(priced, level, -1).astype(np.int8),
        np.where(priced, loss, 0),
    )


def _entitled(
    problem: Problem, pupil: NDArray[np.int32], slot: NDArray[np.int32]
) -> NDArray[np.bool_]:
    slots = problem.slots
    bit = np.left_shift(np.uint64(1), np.maximum(slots.reserved_for, 0).astype(np.uint64))[slot]
    held: NDArray[np.bool_] = (slots.reserved[slot] > 0) & (
        (problem.pupils.entitlements[pupil] & bit) != 0
    )
    return held


def _distances(problem: Problem) -> NDArray[np.int64]:
    """Of each wish; −1 when the table of travel lacks it."""
    pupils, slots, wishes, travel = problem.pupils, problem.slots, problem.wishes, problem.travel
    if travel is None:
        return distances(
            pupils.lat[wishes.pupil], pupils.lon[wishes.pupil],
            slots.lat[wishes.slot], slots.lon[wishes.slot],
        ).astype(np.int64)  # fmt: skip
    table = _pair_numbers(problem, travel.pupil, travel.slot)
    order = np.argsort(table)
    asked = _pair_numbers(problem, wishes.pupil, wishes.slot)
    if len(table) == 0:
        return np.full(len(asked), -1, dtype=np.int64)
    place = order[np.minimum(np.searchsorted(table, asked, sorter=order), len(table) - 1)]
    return np.where(table[place] == asked, travel.distance[place], -1).astype(np.int64)


def _pair_numbers(
    problem: Problem, pupil: NDArray[np.int32], slot: NDArray[np.int32]
) -> NDArray[np.int64]:
    return pupil.astype(np.int64) * len(problem.slots.keys) + slot


def _rule_against(problem: Problem) -> NDArray[np.int8]:
    """The first rule that forbids each wish, as a WishReason; 0 when none does."""
    pupils, slots, wishes = problem.pupils, problem.slots, problem.wishes
    pupil, slot = wishes.pupil, wishes.slot
    tens = _distances(problem)
    refused = np.isin(
        _pair_numbers(problem, pupil, slot),
        _pair_numbers(problem, problem.refused.pupil, problem.refused.slot),
    )
    never_his = (slots.seats == slots.reserved)[slot] & ~_entitled(problem, pupil, slot)
    return np.select(
        [
            (pupils.weeks[pupil] & slots.weeks[slot]) == 0,
            (tens < 0) | (tens > pupils.reach[pupil]),
            pupils.link_group[pupil] != slots.link_group[slot],
            pupils.needs_access[pupil] & ~slots.accessible[slot],
            never_his,
            refused,
        ],
        [
            WishReason.NO_WEEK,
            WishReason.OUT_OF_REACH,
            WishReason.NO_LINK,
            WishReason.NO_ACCESS,
            WishReason.RESERVED_ONLY,
            WishReason.REFUSED,
        ],
        0,
    ).astype(np.int8)


def _worth(
    market: Market,
    names: tuple[str, ...],
    pupil: NDArray[np.int32],
    slot: NDArray[np.int32],
    rank: NDArray[np.int8],
    tens: NDArray[np.int64],
) -> NDArray[np.int64]:
    """(L, W) cost of pairs at each level."""
    problem = market.problem
    pupils, slots = problem.pupils, problem.slots
    sector = slots.sector[slot]
    bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
    named = (sector >= 0) & ((pupils.sectors[pupil] & bit) != 0)
    home = pupils.territory[pupil]
    values: dict[str, NDArray[np.generic]] = {
        "placed": -np.ones(len(pupil), dtype=np.int64),
        "wishes": -(rank > 0).astype(np.int64),
        "ranks": rank,
        "sectors": -(named & (rank == 0)).astype(np.int64),
        "territory": -((home >= 0) & (home == slots.territory[slot])).astype(np.int64),
        "distance": tens,
        "ties": _ties(market, pupil, slot, rank, np.where(named, sector, MOST_SECTORS)),
    }
    mine = pupils.class_of_service[pupil]
    for name in names:
        if name.startswith("class "):
            values[name] = -(mine == int(name[6:])).astype(np.int64)
    return np.stack([values[name].astype(np.int64) for name in names])


def _ties(
    market: Market,
    pupil: NDArray[np.int32],
    slot: NDArray[np.int32],
    rank: NDArray[np.int8],
    named: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Tie bits of pairs, as tie_bits says; `named` is the slot's sector, MOST_SECTORS where the
    pupil did not name it.
    """
    problem, groups, nodes = market.problem, market.groups, market.nodes
    site_first = np.append(groups.site_first, 0)[groups.site_of_pupil[pupil]]
    of_slot = nodes.slot_draw[slot]
    group = draws_of(problem, pupil)  # a pupil who wishes is alone in his group
    of_site = tie_bits(draws_of(problem, site_first), of_slot)
    other = np.where(named < MOST_SECTORS, of_site // 2, of_site)
    other += tie_bits(group, nodes.sector_draw[named])
    return np.where(rank > 0, tie_bits(group, of_slot), other).astype(np.int64)


def _price_of_wishes(
    market: Market, solution: Solution, entitled: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """At which level the answer would lose if each wish were granted, and at least how much."""
    problem, certificate = market.problem, solution.certificate
    wishes = problem.wishes
    if certificate is None:
        raise ValueError("reasons need the prices of the certificate")
    names, prices = certificate.levels, certificate.prices
    asked = _worth(market, names, wishes.pupil, wishes.slot, wishes.rank, _distances(problem))
    own_slot = np.maximum(solution.slot[wishes.pupil], 0)
    own_kind = solution.reserved_seat[wishes.pupil].astype(np.int8)
    pays = prices[:, own_kind, own_slot] + _worth(
        market, names, wishes.pupil, own_slot,
        solution.rank[wishes.pupil], solution.distance[wishes.pupil].astype(np.int64),
    )  # fmt: skip
    if problem.caps is not None:
        more = asked - pays + _prices_under_caps(market, certificate, wishes.pupil, wishes.slot)
        more += prices[:, own_kind, own_slot]
        more -= _prices_under_caps(market, certificate, wishes.pupil, own_slot, solution.week)
        return _first_loss(more)
    has_open = (problem.slots.seats > problem.slots.reserved)[wishes.slot]
    by_open = asked + prices[:, OPEN, wishes.slot] - pays
    by_reserved = asked + prices[:, RESERVED, wishes.slot] - pays
    use_reserved = entitled & (~has_open | _comes_before(by_reserved, by_open))
    return _first_loss(np.where(use_reserved, by_reserved, by_open))


def _prices_under_caps(
    market: Market,
    certificate: Certificate,
    pupil: NDArray[np.int32],
    slot: NDArray[np.int32],
    week: NDArray[np.int8] | None = None,
) -> NDArray[np.int64]:
    """(L, W) what places cost the others with the caps that count them: in the weeks given by
    pupil, or in the cheapest week; 0 for a pair that the rules forbid.
    """
    capped, size = Capped(market), len(market.problem.slots.keys)
    gates, tree = capped.gates, capped.tree
    of_gate = prices_of_sets(tree, certificate)[:, gates.arcs.column]
    site = np.repeat(np.arange(market.sites), np.diff(gates.arcs.start))
    code = site * size + gates.slot
    order = np.lexsort((*of_gate[::-1], code))
    asked = market.groups.site_of_pupil[pupil].astype(np.int64) * size + slot
    asked[market.groups.of_pupil[pupil] < 0] = -1
    gate_week = capped.week[gates.arcs.column]
    first = np.searchsorted(code[order], asked)
    last = np.searchsorted(code[order], asked, side="right")
    prices = np.zeros((len(of_gate), len(asked)), dtype=np.int64)
    for row in np.flatnonzero(first < last).tolist():
        found = order[first[row] : last[row]]
        if week is not None:
            there = gate_week[found]
            found = found[(there < 0) | (there == week[pupil[row]])]
        prices[:, row] = of_gate[:, found[0]] if len(found) else 0
    return prices


def _first_loss(more: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first level at which vectors (L, W) are not 0, −1 when they are, and what is there."""
    level = np.where((more != 0).any(axis=0), np.argmax(more != 0, axis=0), -1)
    return level, more[level, np.arange(more.shape[1])]


def _comes_before(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether vectors (L, W) come before others, level by level."""
    level = np.argmax(a != b, axis=0)
    columns = np.arange(a.shape[1])
    before: NDArray[np.bool_] = a[level, columns] < b[level, columns]
    return before
