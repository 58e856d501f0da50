"""`verify` accepts an answer that OR-Tools found, without prices: it asks for the value only."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.problem import Policy, Problem
from matching.engine.solve import solve
from matching.engine.verify import verify
from tests.engine.brute_force import Table, granted_wishes
from tests.engine.depth import quick_or_deep
from tests.engine.independent import Network, best_flow, network
from tests.engine.instances import around_a_town
from tests.engine.test_verify_refuses import retold

NUMBERS = [2 * k + 1 for k in range(quick_or_deep(10, 200))]  # odd: nearly all pupils differ


def placements(problem: Problem, net: Network, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slot and kind of seat of each pupil; the entitled get reserved seats in their order."""
    table = Table(problem)
    slot = np.full(len(problem.pupils.keys), -1, dtype=np.int32)
    seat = np.zeros(len(slot), dtype=bool)
    slot[problem.fixed.pupil], seat[problem.fixed.pupil] = (
        problem.fixed.slot,
        problem.fixed.reserved,
    )
    used = flow[: len(net.pupil)] > 0
    slot[np.array(net.pupils)[net.pupil[used]]] = net.node[used] // 2
    for place, left in enumerate(table.reserved):
        there = [k for k in table.pupils if slot[k] == place and table.entitled(k, place)]
        there.sort(key=lambda k: ((k, slot[k]) not in table.rank, int(problem.pupils.lottery[k])))
        seat[there[:left]] = True
    return slot, seat


def flow_network(problem: Problem, placed: set[int]) -> Network:
    """What the policy leaves to the levels."""
    if problem.policy == Policy.BEST_TOTAL:
        return network(problem)
    net = network(problem, placed)
    if problem.policy == Policy.CANNOT_BE_GAMED:
        granted, table = granted_wishes(Table(problem)), Table(problem)
        pupil, slot = np.array(net.pupils)[net.pupil], net.node // 2
        kept = np.array(
            [
                granted[p] == s if p in granted else (p, s) not in table.rank
                for p, s in zip(pupil.tolist(), slot.tolist(), strict=True)
            ]
        )
        net = replace(net, pupil=net.pupil[kept], node=net.node[kept], worth=net.worth[:, kept])
    return net


@pytest.mark.parametrize("policy", list(Policy))
def test_an_answer_of_equal_value_found_by_flows_is_accepted(policy: Policy) -> None:
    others = 0
    for number in NUMBERS:
        size = 7 if policy == Policy.CANNOT_BE_GAMED else 40
        problem = around_a_town(number, policy, slots=size, pupils=2 * size, side=6)
        ours = solve(problem)
        placed = set(np.flatnonzero(ours.slot >= 0).tolist())
        net = flow_network(problem, placed)
        slot, seat = placements(problem, net, best_flow(net)[1])
        theirs = retold(problem, ours, slot, seat)
        assert theirs.levels == ours.levels
        assert verify(problem, theirs).failures == ()
        others += len(placed) > 0
    assert others > len(NUMBERS) / 2
