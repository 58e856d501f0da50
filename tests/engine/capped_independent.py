"""The best answer under caps by OR-Tools' flows, for thousands of pupils."""

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from matching.engine.distance import distances
from matching.engine.problem import Policy, Problem
from tests.engine.independent import _cheapest, _prices, _together


class CappedNetwork:
    """Arcs from pupils to (slot, week), through the counters of each cap, to the sink.

    Without refusals, travel, held placements and tie bits; at least one pair is allowed.
    """

    def __init__(self, problem: Problem, chosen: np.ndarray) -> None:
        pupils, slots, caps = problem.pupils, problem.slots, problem.caps
        assert caps is not None
        self.problem, self.chosen, self.nodes = problem, chosen, {}
        self.names = ["placed"]
        classes: list[int] = []
        if problem.policy == Policy.BEST_TOTAL:
            classes = sorted(np.unique(pupils.class_of_service).tolist(), reverse=True)[:-1]
        self.names += [f"class {c}" for c in classes]
        self.names += ["wishes", "ranks", "sectors", "territory", "distance"]
        rank = np.zeros((len(pupils.keys), len(slots.keys)), dtype=np.int64)
        rank[problem.wishes.pupil, problem.wishes.slot] = problem.wishes.rank
        totals: dict[int, list[int]] = {}
        sizes = np.bincount(caps.member_total, minlength=len(caps.total))
        for total, slot in zip(caps.member_total.tolist(), caps.member_slot.tolist(), strict=True):
            totals.setdefault(slot, []).append(total)
        self.arcs: dict[tuple[int, int], int] = {}  # (tail, head) → most
        pairs = []
        for row in np.flatnonzero(chosen).tolist():
            tens = distances(
                np.full(len(slots.keys), pupils.lat[row]),
                np.full(len(slots.keys), pupils.lon[row]),
                slots.lat,
                slots.lon,
            )
            allowed = (
                (tens <= pupils.reach[row])
                & ((slots.weeks & pupils.weeks[row]) != 0)
                & (slots.accessible | ~pupils.needs_access[row])
                & (slots.link_group == pupils.link_group[row])
            )
            for slot in np.flatnonzero(allowed).tolist():
                sector = int(slots.sector[slot])
                wished = int(rank[row, slot])
                named = not wished and sector >= 0 and int(pupils.sectors[row]) >> sector & 1
                home = int(pupils.territory[row])
                worth = (
                    -1, *(-int(pupils.class_of_service[row] == c) for c in classes),
                    -int(wished > 0), wished, -int(bool(named)),
                    -int(home >= 0 and home == slots.territory[slot]), int(tens[slot]),
                )  # fmt: skip
                common = int(pupils.weeks[row] & slots.weeks[slot])
                for week in range(len(problem.weeks)):
                    if common >> week & 1:
                        over = sorted(totals.get(slot, []), key=sizes.__getitem__)
                        head = self._door(row, slot, week, over)
                        if head >= 0:
                            pairs.append((row, head, *worth))
        columns = np.array(pairs, dtype=np.int64).T
        place = np.cumsum(chosen) - 1
        self.pupil, self.head, self.worth = place[columns[0]], columns[1], columns[2:]

    def _door(self, row: int, slot: int, week: int, totals: list[int]) -> int:
        """The first counter of a placement, −1 when he has no right to a seat."""
        problem, caps = self.problem, self.problem.caps
        assert caps is not None
        slots, school = problem.slots, int(problem.pupils.school[row])
        right = int(slots.reserved_for[slot])
        entitled = right >= 0 and bool(int(problem.pupils.entitlements[row]) >> right & 1)
        chain: list[tuple[object, int]] = []
        if caps.apart[row] >= 0:
            chain.append((("apart", slot, week, int(caps.apart[row])), 1))
        if caps.of_a_school[slot] >= 0 and school >= 0:
            chain.append((("school", slot, week, school), int(caps.of_a_school[slot])))
        if not entitled and slots.reserved[slot] > 0:
            chain.append((("open", slot), int(slots.seats[slot] - slots.reserved[slot])))
        if caps.at_once[slot] >= 0:
            chain.append((("at once", slot, week), int(caps.at_once[slot])))
        chain.append((("slot", slot), int(slots.seats[slot])))
        chain += [(("total", t), int(caps.total[t])) for t in totals if caps.total[t] >= 0]
        if not entitled and slots.seats[slot] == slots.reserved[slot]:
            return -1
        numbers = [self.nodes.setdefault(name, len(self.nodes)) for name, _ in chain]
        for number, above, (_, most) in zip(numbers, [*numbers[1:], -1], chain, strict=True):
            self.arcs[number, above] = most
        return numbers[0]


def best_capped_by_flow(problem: Problem, chosen: np.ndarray) -> list[tuple[str, int]]:
    """Values of the levels but the tie bits, of the pupils `chosen`: flow after flow, each within
    the best ones of the one before (as in independent.py).
    """
    net = CappedNetwork(problem, chosen)
    rows, nodes = int(chosen.sum()), len(net.nodes)
    source, sink = rows + nodes, rows + nodes + 1
    below, above = np.array(list(net.arcs), dtype=np.int64).T
    tail = np.concatenate([net.pupil, np.full(rows, source), rows + below])
    head = np.concatenate(
        [rows + net.head, np.arange(rows), np.where(above < 0, sink, rows + above)]
    )
    most = np.concatenate(
        [np.ones(len(net.pupil) + rows, dtype=np.int64), np.array(list(net.arcs.values()))]
    )
    least = np.zeros_like(most)
    free = np.zeros((len(net.worth) - 1, rows + len(below)), dtype=np.int64)
    left = np.concatenate([net.worth[1:], free], axis=1)
    largest = SimpleMaxFlow()
    largest.add_arcs_with_capacity(tail, head, most)
    assert largest.solve(source, sink) == largest.OPTIMAL
    values = [largest.optimal_flow()]
    while len(left):
        cost, levels = _together(left, values[0], sink)
        flow = _cheapest(tail, head, least, most, cost, values[0])
        values += [abs(int(value)) for value in left[:levels] @ flow]
        price = _prices(tail, head, flow > least, flow < most, cost)
        reduced = cost + price[tail] - price[head]
        least, most = np.where(reduced < 0, flow, least), np.where(reduced > 0, flow, most)
        left = left[levels:]
    return list(zip(net.names, values, strict=True))
