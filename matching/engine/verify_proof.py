"""The proofs of an answer whose rules hold: who is placed, and that no level could be better."""

from collections.abc import Iterator
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Policy, Problem
from matching.engine.solution import Solution
from matching.engine.verify_choice import overlooked_wishes
from matching.engine.verify_levels import (
    Facts,
    Held,
    count_cheaper_pairs,
    facts_of,
    level_names,
    worth_of_held,
)
from matching.engine.verify_order import reach_of_unplaced, service_order
from matching.engine.verify_pairs import Candidates, Kinds
from matching.engine.verify_prices import lower_prices, new_labels
from matching.engine.verify_rules import Broken


class Proof:
    """What the proofs look at, worked out once."""

    def __init__(
        self, problem: Problem, solution: Solution, kinds: Kinds, pairs: Candidates
    ) -> None:
        self.problem, self.solution, self.kinds, self.pairs = problem, solution, kinds, pairs
        self.facts: Facts = facts_of(problem, kinds)
        self.names = level_names(problem, kinds)
        rows = np.flatnonzero((solution.slot >= 0) & (kinds.of_pupil >= 0))
        rows = rows[np.argsort(kinds.of_pupil[rows], kind="stable")]
        self.held = Held(
            kinds.of_pupil[rows],
            solution.reserved_seat[rows].astype(np.int8),
            solution.slot[rows],
            solution.distance[rows],
            solution.rank[rows].astype(np.int64),
        )
        self.worth = np.zeros((len(rows), len(self.names)), dtype=np.int64)
        worth_of_held(self.facts, self.held, self.worth)
        self.left = _seats_left(problem)
        # what the levels decide: everything, but wishes granted in turn
        free = np.ones(len(rows), dtype=np.bool_)
        if problem.policy == Policy.CANNOT_BE_GAMED:
            free = self.held.rank == 0
        held = self.held
        self.rest = Held(
            held.kind[free], held.seat[free], held.slot[free], held.tens[free], held.rank[free]
        )
        self.rest_worth = self.worth[free]
        self.rest_left = self.left.copy()
        np.subtract.at(self.rest_left, (self.held.seat[~free], self.held.slot[~free]), 1)
        self.used = np.zeros_like(self.left)
        np.add.at(self.used, (self.rest.seat, self.rest.slot), 1)
        self.placed_of = np.bincount(self.rest.kind, minlength=len(kinds.example))

    def broken(self) -> Iterator[Broken]:
        yield from self.values()
        reached = reach_of_unplaced(
            self.problem, self.kinds, self.pairs, self.facts, self.held, self.left,
            self.solution.slot >= 0,
        )  # fmt: skip
        if reached.free_seats:
            yield "maximum", f"{reached.free_seats} free seats reached"
        if reached.overtaken and self.problem.policy != Policy.BEST_TOTAL:
            yield "order", f"{reached.overtaken} kinds served before their turn"
        if self.problem.policy == Policy.CANNOT_BE_GAMED:
            turn = service_order(self.problem)[self.kinds.example]
            overlooked = overlooked_wishes(self.facts, self.pairs, self.held, self.left, turn)
            if overlooked:
                yield "choice", f"{overlooked} better wishes could have been granted"
        certificate = self.solution.certificate
        if certificate is None:
            yield from self._cut(reached.seats)
            prices = self._recovered_prices()
            if prices is None:
                yield "optimal", "a chain of exchanges is better"
                return
        else:
            shape = (len(self.names), 2, len(self.problem.slots.keys))
            if certificate.levels != self.names or certificate.prices.shape != shape:
                yield "prices", f"levels {certificate.levels}"
                return
            yield from self._cut(certificate.dead)
            prices = np.ascontiguousarray(np.moveaxis(certificate.prices, 0, 2))
        yield from self._optimal(prices)

    def values(self) -> Iterator[Broken]:
        """The levels told are those of the placements, held ones counted in."""
        told = dict(self.solution.levels)
        if tuple(told) != self.names:
            yield "values", f"levels {tuple(told)}"
            return
        totals = np.abs(self.worth.sum(axis=0)) + self._worth_of_fixed()
        for name, value in zip(self.names, totals.tolist(), strict=True):
            if told[name] != value:
                yield "values", f"{name} {told[name]} for {value}"

    def _worth_of_fixed(self) -> NDArray[np.int64]:
        solution, rows = self.solution, self.problem.fixed.pupil
        pupils, slots = self.problem.pupils, self.problem.slots
        places = solution.slot[rows]
        wished = solution.rank[rows] > 0
        sector = slots.sector[places]
        bit = np.left_shift(np.uint64(1), np.maximum(sector, 0).astype(np.uint64))
        named = (sector >= 0) & ((pupils.sectors[rows] & bit) != 0) & ~wished
        home = pupils.territory[rows]
        inside = (home >= 0) & (home == slots.territory[places])
        classes = [np.sum(pupils.class_of_service[rows] == c) for c in self.facts.classes]
        return np.array(
            [
                len(rows), *classes, wished.sum(), solution.rank[rows].sum(dtype=np.int64),
                named.sum(), inside.sum(), solution.distance[rows].sum(dtype=np.int64), 0,
            ],
            dtype=np.int64,
        )  # fmt: skip

    def _cut(self, cut: NDArray[np.bool_]) -> Iterator[Broken]:
        """Placed = seats in the cut + pupils who have a pair outside it (König, 1931)."""
        slot = self.pairs.slot
        site = np.repeat(np.arange(len(self.kinds.site_example)), np.diff(self.pairs.start))
        entitlements = self.problem.pupils.entitlements[self.kinds.site_example]
        entitled = (self.facts.reserved_bit[slot] & entitlements[site]) != 0
        outside = (self.facts.has_open[slot] & ~cut[0, slot]) | (entitled & ~cut[1, slot])
        site_free = np.zeros(len(self.kinds.site_example), dtype=np.bool_)
        site_free[site[outside]] = True
        free = site_free[self.kinds.site]
        bound = int(self.left[cut].sum() + self.kinds.size[free].sum())
        if bound != len(self.held.kind):
            yield "cut", f"{len(self.held.kind)} placed, {bound} in the cut"

    def _optimal(self, prices: NDArray[np.int64]) -> Iterator[Broken]:
        """`prices` (2, S, L): complementary slackness, then both sums."""
        if _any_negative(prices):
            yield "prices", "a price below 0"
        priced = (prices != 0).any(axis=2)
        if (priced & (self.used < self.rest_left)).any():
            yield "prices", "a price on a free seat"
        paid = self.rest_worth + prices[self.rest.seat, self.rest.slot]
        pays = np.zeros((len(self.kinds.example), len(self.names)), dtype=np.int64)
        pays[self.rest.kind] = paid
        if (pays[self.rest.kind] != paid).any():
            yield "optimal", "interchangeable pupils pay differently"
        taking_part = self.placed_of > 0
        if self.problem.policy == Policy.BEST_TOTAL:
            taking_part[:] = True
            waiting = self.placed_of < self.kinds.size
            if _any_negative(-pays) or (pays[waiting] != 0).any():
                yield "optimal", "somebody unplaced would pay more than somebody placed"
        cheaper, worth = np.zeros((2, len(self.names)), dtype=np.int64)
        ranks = np.zeros(len(self.problem.slots.keys), dtype=np.int64)
        count_cheaper_pairs(
            self.facts, self.pairs, taking_part, prices, pays, ranks, worth, cheaper
        )
        for name, count in zip(self.names, cheaper.tolist(), strict=True):
            if count:
                yield "optimal", f"{name}: {count} pairs cost less than what is paid"
        dual = paid.sum(axis=0) - (self.rest_left[..., None] * prices).sum(axis=(0, 1))
        for name, left, right in zip(
            self.names, self.rest_worth.sum(axis=0).tolist(), dual.tolist(), strict=True
        ):
            if left != right:
                yield "dual", f"{name} {left} against {right}"

    def _recovered_prices(self) -> NDArray[np.int64] | None:
        """What emptying each full seat costs; None when some chain of exchanges pays by itself.

        Kinds look from north to south, then back (Yen, 1970): prices spread over the map in fewer
        rounds.
        """
        full = self.used >= self.rest_left
        labels = new_labels(full & (self.used > 0), len(self.kinds.example), len(self.names))
        labels.prices[self.rest_left == 0, 0] = len(self.solution.slot) + 1  # beyond anyone's means
        held_start = np.searchsorted(self.rest.kind, np.arange(len(self.kinds.example) + 1))
        north = np.argsort(-self.problem.pupils.lat[self.kinds.example], kind="stable")
        there_and_back = cycle((north, north[::-1].copy()))
        rounds = turn = 0
        while True:
            before, turn = turn, lower_prices(
                self.facts, self.pairs, self.rest, held_start, full, self.rest_worth, labels,
                next(there_and_back), turn,
            )  # fmt: skip
            if turn == before:
                return labels.prices
            rounds += 1
            broken = _any_negative(labels.prices)
            if broken or (rounds % 8 == 0 and _goes_round(labels.next_seat)):
                return None


def _seats_left(problem: Problem) -> NDArray[np.int64]:
    """(2, S): open and reserved seats that held placements leave."""
    slots, held = problem.slots, problem.fixed
    left = np.stack([slots.seats - slots.reserved, slots.reserved]).astype(np.int64)
    np.subtract.at(left, (held.reserved.astype(np.int8), held.slot), 1)
    return left


def _any_negative(vectors: NDArray[np.int64]) -> bool:
    """Whether one of the vectors along the last axis has a first number but 0 that is below 0."""
    flat = vectors.reshape(-1, vectors.shape[-1])
    first = np.argmax(flat != 0, axis=1)
    return bool((flat[np.arange(len(flat)), first] < 0).any())


def _goes_round(next_seat: NDArray[np.int64]) -> bool:
    """Whether following `next_seat` from some seat comes back to it: as many steps as there are
    seats, doubled from one, then lead nowhere out.
    """
    seats = next_seat.size
    follow = np.append(next_seat.T.ravel(), seats)
    follow[follow < 0] = seats
    for _ in range(seats.bit_length()):
        follow = follow[follow]
    return bool((follow < seats).any())
