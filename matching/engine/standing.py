"""An answer that stands: ready to be changed in a few places, then told again.

Only the pupils of the sites whose seats changed are handed theirs afresh.
"""

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.answer import (
    Answer,
    give_reserved_first,
    give_seats,
    hold,
    solution_of,
    ties_of,
)
from matching.engine.assignment import Assignment
from matching.engine.chains import can_be_left
from matching.engine.exchanges import Exchanges, Given, exchanges_left, taken_by
from matching.engine.groups import in_turn, interchangeable
from matching.engine.handing import Seats, hand_out
from matching.engine.holdings import Held, held_by
from matching.engine.market import Market
from matching.engine.pairs import Read, obstacles_without, pairs_of, read
from matching.engine.problem import Policy, Problem
from matching.engine.search_from_seats import Taking
from matching.engine.seats import RESERVED, seat_nodes
from matching.engine.solution import Certificate, Solution
from matching.engine.turns import first_to_enter, last_to_leave
from matching.engine.unplaced import say_why_not

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, made ready to be changed by one seat; N nodes of seats."""

    market: Market
    read: Read
    obstacle: NDArray[np.int8]  # of each site: the Reason why it has no pair, or 0
    exchanges: Exchanges
    given: Given
    taking: Taking
    enters: NDArray[np.int32]  # (N,) under `fair`: who gets a place with one seat more, or NOBODY
    leaves: NDArray[np.int32]  # (N,) under `fair`: who loses his with one seat less, or NOBODY
    waiting: NDArray[np.int32]  # unplaced pupils of each group
    answer: Answer
    levels: tuple[str, ...]

    @property
    def nobody(self) -> int:
        """The node of the group that leaves seats empty."""
        return len(self.exchanges.hubs.site) + len(self.market.groups.first)

    @property
    def site_of_node(self) -> NDArray[np.int32]:
        """Of each hub and group; −1 of nobody, who is also the last."""
        return np.concatenate([self.exchanges.hubs.site, self.market.groups.site, [np.int32(-1)]])


def stand(problem: Problem, solution: Solution) -> Standing:
    """Make the answer `solution` of `problem` ready, under `fair` or `best_total` without caps.

    ValueError is raised for other questions, and when the certificate does not prove the answer.
    """
    if problem.caps is not None or problem.policy == Policy.CANNOT_BE_GAMED:
        raise ValueError("only fair and best_total, without caps, can be changed by one seat")
    nodes, groups = seat_nodes(problem), interchangeable(problem)
    what_is_read = read(problem, groups, nodes)
    arcs, obstacle = pairs_of(what_is_read)
    market = Market(problem, groups, nodes, arcs)
    held = held_by(market, solution)
    exchanges, given = exchanges_left(market, held, solution.certificate)
    waiting = groups.sizes - np.bincount(held.group, minlength=len(groups.first))
    standing = Standing(
        market, what_is_read, obstacle, exchanges, given, taken_by(market, exchanges, given),
        *_turns(market, held, solution), waiting.astype(np.int32),
        Answer(len(problem.pupils.keys)), tuple(level.name for level in solution.levels),
    )  # fmt: skip
    hold(problem, standing.answer)
    everywhere = np.ones(market.sites, dtype=np.bool_)
    give_seats(problem, groups, nodes, _seats_of(standing, everywhere, given), standing.answer)
    if not np.array_equal(standing.answer.slot, solution.slot):
        raise ValueError("an answer to another question")
    return standing


def _turns(
    market: Market, held: Held, solution: Solution
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Under `fair`, of each node, who gets a place with one more seat, and who loses his with one
    less.
    """
    if market.problem.policy == Policy.BEST_TOTAL:
        nobody = np.full(len(market.nodes.seats), NOBODY, dtype=np.int32)
        return nobody, nobody
    seats = market.groups.site[held.group], held.node
    by_turn = in_turn(market.problem, market.groups)
    placed = solution.slot[by_turn] >= 0
    used = np.bincount(held.node, minlength=len(market.nodes.seats))
    kept = can_be_left(market.arcs, *seats, used < market.nodes.seats)
    leaves = np.where(kept, NOBODY, last_to_leave(market, seats, by_turn[placed]))
    return first_to_enter(market, seats, by_turn[~placed]), leaves.astype(np.int32)


def answered(
    standing: Standing,
    column: int,
    change: int,
    after: Given,
    price: NDArray[np.int64] | None,
) -> Solution:
    """The answer with these seats given, and `change` seats more at node `column`; its certificate
    when there are prices (N, K).
    """
    answer = deepcopy(standing.answer)
    market = _with_seats(standing.market, column, change)
    given = (after.node >= 0) & (after.node < standing.nobody)
    given &= after.column < len(market.nodes.seats)  # who goes nowhere has no seat
    after = after._replace(node=np.where(given, after.node, -1))
    _give_again(standing, market, column, after, answer)
    say_why_not(market, _obstacles(standing, market, column), answer)
    certificate = None if price is None else _certificate(standing, price)
    return solution_of(market.problem, standing.levels, answer, certificate)


def _with_seats(market: Market, column: int, change: int) -> Market:
    seats = market.nodes.seats.copy()
    seats[column] += change
    return replace(market, nodes=replace(market.nodes, seats=seats))


def _certificate(standing: Standing, price: NDArray[np.int64]) -> Certificate:
    nodes = standing.market.nodes
    prices = np.zeros((len(standing.levels), 2, len(standing.market.problem.slots.keys)), np.int64)
    prices[:, nodes.kind, nodes.slot] = standing.exchanges.packing.unpack(price)
    return Certificate(standing.levels, prices)


def _sites_changed(standing: Standing, after: Given) -> NDArray[np.bool_]:
    """The sites of whose pupils one may have another seat, or none."""
    before, sites = standing.given, standing.site_of_node
    size = len(before.node)
    moved = (after.node[:size] != before.node) | (after.pair[:size] != before.pair)
    network = standing.exchanges.network
    rerouted = network.link_group[after.through != before.through]
    changed = np.zeros(standing.market.sites + 1, dtype=np.bool_)
    changed[sites[before.node[moved]]] = True
    changed[sites[after.node[:size][moved]]] = True
    changed[sites[after.node[size:]]] = True
    changed[standing.market.groups.site[rerouted]] = True
    return changed[:-1]


def _give_again(
    standing: Standing, market: Market, column: int, after: Given, answer: Answer
) -> None:
    """Hand their seats afresh to the pupils of the sites that are changed, and those reserved to
    the pupils of the slots that are.
    """
    problem, groups, nodes = market.problem, market.groups, market.nodes
    sites = _sites_changed(standing, after)
    answer.ties -= ties_of(problem, groups, nodes, _seats_of(standing, sites, standing.given))
    rows = np.flatnonzero(np.append(sites, np.False_)[groups.site_of_pupil])
    there = np.zeros(len(problem.slots.keys) + 1, dtype=np.bool_)
    there[answer.slot[rows]] = there[nodes.slot[column]] = True
    answer.slot[rows] = answer.week[rows] = answer.distance[rows] = -1
    answer.rank[rows] = answer.reason[rows] = answer.preference[rows] = 0
    answer.inside[rows] = answer.reserved_seat[rows] = False
    give_seats(problem, groups, nodes, _seats_of(standing, sites, after), answer)
    there[answer.slot[rows]] = True
    there[-1] = False
    rows = np.flatnonzero(there[answer.slot] & (groups.of_pupil >= 0))
    answer.reserved_seat[rows] = False
    give_reserved_first(problem, groups, nodes, rows.astype(np.int32), answer)


def _seats_of(standing: Standing, sites: NDArray[np.bool_], given: Given) -> Seats:
    """Group, node and cost of the seats given to pupils of these sites."""
    exchanges, groups = standing.exchanges, standing.market.groups
    network = exchanges.network
    theirs = np.append(sites, np.False_)[standing.site_of_node[given.node]]
    through = np.where(sites[groups.site[network.link_group]], given.through, 0)
    nothing = np.zeros((0, 0), dtype=np.int64)
    found = Assignment(np.where(theirs, given.node, -1), given.pair, through, nothing, nothing)
    return hand_out(standing.market, network, exchanges.hubs, exchanges.wished, given.column, found)


def _obstacles(standing: Standing, market: Market, column: int) -> NDArray[np.int8]:
    """Why sites have no pair: a slot that loses the last seat that it ever had is out of reach."""
    slots, nodes, arcs = market.problem.slots, market.nodes, market.arcs
    slot = nodes.slot[column]
    reserved = slots.reserved[slot]
    had = reserved if nodes.kind[column] == RESERVED else slots.seats[slot] - reserved
    if nodes.seats[column] > 0 or had > 1:
        return standing.obstacle
    only = np.flatnonzero(np.diff(arcs.start) == 1)
    only = only[arcs.column[arcs.start[only]] == column]
    sites = np.concatenate([np.flatnonzero(standing.obstacle), only])
    obstacle = standing.obstacle.copy()
    obstacle[sites] = obstacles_without(standing.read, sites, column)
    return obstacle
