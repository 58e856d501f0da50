"""The proofs of an answer under caps that nest: who is placed, and that no level could be better.

As verify_proof.py, over the residual graph of a flow: sites, counted sets, the sink. A flow places
most when no way leads from somebody unplaced to the sink (Ford and Fulkerson, 1956); the sets that
can be linked to the sink are a matroid (Perfect, 1968), so the order of service is kept when nobody
left out reaches a site of whom somebody later is placed.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import kernel
from matching.engine.problem import Policy, Problem
from matching.engine.solution import Solution
from matching.engine.verify_caps import Doors, doors_of, prices_of_sets
from matching.engine.verify_flow import (
    Placed,
    door_of,
    follow,
    inside_of,
    open_arcs,
    site_of_doors,
    sums,
)
from matching.engine.verify_levels import Facts, difference, know_wishes, write_worth
from matching.engine.verify_order import service_order
from matching.engine.verify_pairs import Candidates, Kinds
from matching.engine.verify_rules import Broken


class CappedProof:
    """What the proofs look at, worked out once."""

    def __init__(
        self,
        problem: Problem,
        solution: Solution,
        kinds: Kinds,
        pairs: Candidates,
        facts: Facts,
        names: tuple[str, ...],
    ) -> None:
        self.problem, self.solution, self.kinds = problem, solution, kinds
        self.facts, self.names = facts, names
        self.doors, self.sets = doors_of(problem, solution, kinds, pairs)
        rows = np.flatnonzero((solution.slot >= 0) & (kinds.of_pupil >= 0))
        kind = kinds.of_pupil[rows]
        door = door_of(self.doors, kinds.site[kind], solution.slot[rows], solution.week[rows])
        self.placed = Placed(rows, kind, door, inside_of(self.doors, self.sets, door))
        self.turn = service_order(problem)

    def broken(self) -> Iterator[Broken]:
        reached, overtaken = self._reach_of_unplaced()
        sink = len(reached) - 1
        if reached[sink]:
            yield "maximum", "somebody unplaced could come in"
        if overtaken and self.problem.policy != Policy.BEST_TOTAL:
            yield "order", f"{overtaken} sites served before their turn"
        rest = np.ones(len(self.placed.row), dtype=np.bool_)
        if self.problem.policy == Policy.CANNOT_BE_GAMED:
            overlooked = self._overlooked()
            if overlooked:
                yield "choice", f"{overlooked} better wishes could have been granted"
            rest = self.solution.rank[self.placed.row] == 0
        certificate = self.solution.certificate
        if certificate is None:
            yield "prices", "under caps the certificate is needed"
            return
        shape = (len(self.names), 2, len(self.problem.slots.keys))
        if certificate.levels != self.names or certificate.prices.shape != shape:
            yield "prices", f"levels {certificate.levels}"
            return
        prices = prices_of_sets(self.problem, certificate, self.sets)
        if prices is None:
            yield "prices", "a price of what no cap counts"
            return
        of_door = sums(self.doors, prices)
        yield from self._cut(prices[:, 0], of_door[:, 0])
        yield from self._optimal(prices, of_door, rest)

    def _reach_of_unplaced(self) -> tuple[NDArray[np.bool_], int]:
        """The nodes that ways from unplaced pupils reach, the first in turn first; and how many
        sites among them have somebody placed after the turn of who reached them first.
        """
        kinds, sets = self.kinds, len(self.sets.left)
        sites = len(kinds.site_example)
        decided = np.flatnonzero(kinds.of_pupil >= 0)
        site = kinds.site[kinds.of_pupil[decided]]
        placed = self.solution.slot[decided] >= 0
        last, first = np.full(sites, -1), np.full(sites, len(self.turn))
        np.maximum.at(last, site[placed], self.turn[decided[placed]])
        np.minimum.at(first, site[~placed], self.turn[decided[~placed]])
        origins = np.argsort(first, kind="stable")
        origins = origins[first[origins] < len(self.turn)]
        graph = open_arcs(self.doors, self.sets, self.placed)
        seen = np.zeros(sets + sites + 1, dtype=np.bool_)
        overtaken = 0
        for origin in origins.tolist():
            if not seen[sets + origin]:
                new = follow(sets + origin, graph, seen)
                of_sites = new[(new >= sets) & (new < sets + sites)] - sets
                overtaken += int(np.sum(last[of_sites] > first[origin]))
        return seen, overtaken

    def _overlooked(self) -> int:
        """In turn, with the wishes granted before locked: how many better wishes, or the same in an
        earlier week, lead to the sink or to the place that the pupil leaves.
        """
        placed, facts, doors = self.placed, self.facts, self.doors
        own = np.full(len(self.kinds.example), -1)
        own[placed.kind] = placed.door
        got = np.zeros(len(own), dtype=np.bool_)
        got[placed.kind] = self.solution.rank[placed.row] > 0
        wishing = np.flatnonzero((np.diff(facts.wishes.start) > 0) & (own >= 0))
        choosers = wishing[np.argsort(self.turn[self.kinds.example[wishing]])]
        nodes = len(self.sets.left) + len(doors.start)
        closed = np.full(nodes, -1)
        row_of_kind = np.full(len(own), -1)
        row_of_kind[placed.kind] = np.arange(len(placed.kind))
        graph, overlooked = open_arcs(doors, self.sets, placed), 0
        for search, chooser in enumerate(choosers.tolist()):
            better = self._better_doors(chooser, int(own[chooser]), bool(got[chooser]))
            home = doors.chain[own[chooser]]
            home = home[home >= 0]
            for door in better:
                entry = int(doors.chain[door, 0])
                if closed[entry] > closed[home[0]]:
                    continue  # a search from here led nowhere, and did not pass where he is
                seen = np.zeros(nodes, dtype=np.bool_)
                new = follow(entry, graph, seen)
                if seen[-1] or seen[home].any():
                    overlooked += 1
                else:
                    closed[new] = search
            if got[chooser]:
                graph.there[1 + row_of_kind[chooser]] = 0
                graph.there[1 + len(placed.row) + home] -= 1
        return overlooked

    def _better_doors(self, kind: int, own: int, got: bool) -> list[int]:  # noqa: FBT001
        """Doors of the wishes of a kind that he would rather have than what he got."""
        facts, doors = self.facts, self.doors
        rank = {
            int(facts.wishes.slot[row]): int(facts.wishes.number[row])
            for row in range(int(facts.wishes.start[kind]), int(facts.wishes.start[kind + 1]))
        }
        site, found = int(facts.site[kind]), []
        worth = np.zeros(len(self.names), dtype=np.int64)
        for door in range(int(doors.start[site]), int(doors.start[site + 1])):
            slot = int(doors.slot[door])
            if slot in rank:
                write_worth(facts, kind, slot, int(doors.tens[door]), rank[slot], worth)
                found.append(((*worth[-5:].tolist(), int(doors.week[door])), door))
        mine = next((order for order, door in found if door == own), None)
        return [door for order, door in sorted(found) if not got or mine is None or order < mine]

    def _cut(self, price: NDArray[np.int64], of_door: NDArray[np.int64]) -> Iterator[Broken]:
        """No more can be placed than the prices at the first level allow: places in priced sets,
        and pupils who can avoid them.
        """
        least = np.full(len(self.kinds.site_example), 1)
        np.minimum.at(least, site_of_doors(self.doors), of_door)
        pupils = int((self.kinds.size * (1 - least[self.kinds.site])).sum())
        bound = int((self.sets.left * price).sum()) + pupils
        if bound != len(self.placed.row):
            yield "cut", f"{len(self.placed.row)} placed, {bound} in the cut"

    def _optimal(
        self, prices: NDArray[np.int64], of_door: NDArray[np.int64], rest: NDArray[np.bool_]
    ) -> Iterator[Broken]:
        """Complementary slackness level by level, then both sums (as verify_proof.py)."""
        placed, solution = self.placed, self.solution
        left = self.sets.left - inside_of(self.doors, self.sets, placed.door[~rest])
        inside = placed.inside - inside_of(self.doors, self.sets, placed.door[~rest])
        if _any_negative(prices):
            yield "prices", "a price below 0"
        if ((prices != 0).any(axis=1) & (inside < left)).any():
            yield "prices", "a price on a set that is not full"
        kind, door, row = placed.kind[rest], placed.door[rest], placed.row[rest]
        worth = np.zeros((len(kind), len(self.names)), dtype=np.int64)
        for i in range(len(kind)):
            tens, rank = int(self.doors.tens[door[i]]), int(solution.rank[row[i]])
            write_worth(
                self.facts, int(kind[i]), int(self.doors.slot[door[i]]), tens, rank, worth[i]
            )
        paid = worth + of_door[door]
        pays = np.zeros((len(self.kinds.example), len(self.names)), dtype=np.int64)
        pays[kind] = paid
        if (pays[kind] != paid).any():
            yield "optimal", "interchangeable pupils pay differently"
        count = np.bincount(kind, minlength=len(self.kinds.example))
        taking_part = count > 0
        if self.problem.policy == Policy.BEST_TOTAL:
            taking_part[:] = True
            if _any_negative(-pays) or (pays[count < self.kinds.size] != 0).any():
                yield "optimal", "somebody unplaced would pay more than somebody placed"
        cheaper = np.zeros(len(self.names), dtype=np.int64)
        _count_cheaper(self.facts, self.doors, taking_part, of_door, pays, cheaper)
        for name, number in zip(self.names, cheaper.tolist(), strict=True):
            if number:
                yield "optimal", f"{name}: {number} doors cost less than what is paid"
        dual = paid.sum(axis=0) - (left[:, None] * prices).sum(axis=0)
        for name, one, other in zip(
            self.names, worth.sum(axis=0).tolist(), dual.tolist(), strict=True
        ):
            if one != other:
                yield "dual", f"{name} {one} against {other}"


def _any_negative(vectors: NDArray[np.int64]) -> bool:
    """Whether one of the vectors along the last axis has a first number but 0 that is below 0."""
    first = np.argmax(vectors != 0, axis=1)
    return bool((vectors[np.arange(len(vectors)), first] < 0).any())


@kernel
def _count_cheaper(
    f: Facts,
    doors: Doors,
    taking_part: NDArray[np.bool_],
    of_door: NDArray[np.int64],
    pays: NDArray[np.int64],
    broken: NDArray[np.int64],
) -> None:
    """Count in `broken`, per level, the doors that would cost a kind less than it pays."""
    rank = np.zeros(len(f.sector), dtype=np.int64)
    worth = np.zeros(of_door.shape[1], dtype=np.int64)
    for kind in range(len(f.site)):
        if not taking_part[kind]:
            continue
        know_wishes(f, kind, rank, 0)
        for door in range(doors.start[f.site[kind]], doors.start[f.site[kind] + 1]):
            slot = doors.slot[door]
            write_worth(f, kind, slot, doors.tens[door], rank[slot], worth)
            verdict = difference(worth, of_door[door], pays[kind])
            if verdict < 0:
                broken[-verdict - 1] += 1
        know_wishes(f, kind, rank, 1)
