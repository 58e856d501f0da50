"""The three policies under caps that nest: the same promises, over a flow instead of a matching."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.assignment import Assignment
from matching.engine.best_total import total_choice
from matching.engine.capped_sets import WHOLE, Gates, Kind, Tree, capped_sets
from matching.engine.cost import PREFERENCE_SHIFT, TIE_MASK
from matching.engine.filling import Choice, costed_network
from matching.engine.flow import Flow, Visits, choose_in_turn, empty_flow, no_visits, send_in_order
from matching.engine.flow_assignment import Cheapest, cheapest_flow
from matching.engine.groups import in_turn
from matching.engine.handing import Seats, hand_out
from matching.engine.lottery import tie_bits
from matching.engine.market import CappedOutcome, Market, Outcome, Step
from matching.engine.network import Network, Wished
from matching.engine.problem import LAST_RANK, Policy
from matching.engine.seats import RESERVED
from matching.engine.solution import CapPrices, Certificate, Reason

CAP_REASONS = {
    Kind.APART: Reason.KEPT_APART,
    Kind.SCHOOL: Reason.SCHOOL_CAP,
    Kind.SCHOOL_TOTAL: Reason.SCHOOL_CAP,
    Kind.AT_ONCE: Reason.HOST_CAP,
    Kind.TOTAL: Reason.HOST_CAP,
}


class Capped:
    """A market under caps: its tree, its gates, and the market whose columns are capped sets."""

    def __init__(self, market: Market) -> None:
        self.given = market
        self.tree, self.gates = capped_sets(market)
        tree = self.tree
        slot = np.where(tree.kind == Kind.TOTAL, 0, tree.slot)  # no gate leads into a total
        sets = replace(
            market.nodes,
            slot=slot,
            kind=tree.kind,
            seats=tree.limit,
            entitlement=np.zeros(len(slot), np.uint64),
        )
        self.market = replace(market, nodes=sets, arcs=self.gates.arcs)
        self.wished = wishes_through_gates(market, self.gates)
        self.week = _week_of_sets(tree)

    def flow(self) -> Flow:
        arcs = self.gates.arcs
        site = np.repeat(np.arange(self.given.sites), np.diff(arcs.start)).astype(np.int32)
        return empty_flow(site, arcs.column, self.given.sites, len(self.tree.limit))

    def visits(self) -> Visits:
        return no_visits(len(self.tree.limit) + self.given.sites)


def under_caps(market: Market, step: Step) -> Outcome:
    """Place the pupils of a problem with caps by its policy."""
    capped, policy = Capped(market), market.problem.policy
    if policy == Policy.BEST_TOTAL:
        step("who", 1.0)
        return _best_total(capped, step)
    flow, units, dead = selected(capped)
    step("who", 1.0)
    locked: Seats | None = None
    tree, begin = capped.tree, 0.0
    if policy == Policy.CANNOT_BE_GAMED:
        begin = 0.3
        units = units.copy()
        tree = tree._replace(limit=tree.limit.copy())
        locked = _grant_wishes(capped, tree, flow, units, step)
    seats, names, prices = fill_capped(
        capped, tree, units, lambda share: step("where", begin + (1 - begin) * share)
    )
    if locked is not None:
        group, entry, cost = seats
        seats = (
            np.concatenate([locked[0], group]),
            np.concatenate([locked[1], entry]),
            np.concatenate([locked[2], cost]),
        )
    # a full set that failed searches came into and could not leave; the sink is after the sets
    cut = dead & ~np.append(dead, np.zeros(1, dtype=np.bool_))[tree.parent]
    return _outcome(
        capped, seats, ("placed", *names), np.concatenate([cut[None].astype(np.int64), prices])
    )


def selected(capped: Capped) -> tuple[Flow, NDArray[np.int32], NDArray[np.bool_]]:
    """The flow of those whom the order of service selects, how many of each group, and the sets
    that nothing leaves.
    """
    groups = capped.given.groups
    pupils = in_turn(capped.given.problem, groups)
    placed = np.zeros(len(pupils), dtype=np.bool_)
    flow, visits = capped.flow(), capped.visits()
    send_in_order(groups.site_of_pupil[pupils], capped.tree, flow, visits, placed)
    units = np.bincount(groups.of_pupil[pupils[placed]], minlength=len(groups.first))
    return flow, units.astype(np.int32), visits.closed[: len(capped.tree.limit)] >= 0


def _best_total(capped: Capped, step: Step) -> Outcome:
    units = capped.given.groups.sizes.astype(np.int32)
    seats, names, prices = fill_capped(
        capped,
        capped.tree,
        units,
        lambda share: step("where", share),
        choice=total_choice(capped.given),
    )
    return _outcome(capped, seats, names, prices)


def _grant_wishes(
    capped: Capped, tree: Tree, flow: Flow, units: NDArray[np.int32], step: Step
) -> Seats:
    """Group, set and cost of the wishes granted in turn; they leave `units` and the limits."""
    groups, wished = capped.given.groups, capped.wished
    wishing = (np.diff(wished.start) > 0) & (units > 0)
    order = groups.of_pupil[in_turn(capped.given.problem, groups)]
    order = order[wishing[order]]
    granted = np.full(len(wishing), -1, dtype=np.int64)
    visits = capped.visits()
    slice_size = max(1, len(order) // 20)
    most = int(np.diff(wished.start).max(initial=LAST_RANK)) + 1
    for first in range(0, len(order), slice_size):
        choose_in_turn(
            order[first : first + slice_size], groups.site, wished.start, wished.column, granted,
            tree, flow, visits, most * first,
        )  # fmt: skip
        step("where", 0.3 * min(1.0, (first + slice_size) / len(order)))
    chosen = np.flatnonzero(granted >= 0).astype(np.int32)
    units[chosen] = 0
    return chosen, wished.column[granted[chosen]], wished.value[granted[chosen]]


def fill_capped(
    capped: Capped,
    tree: Tree,
    units: NDArray[np.int32],
    step: Callable[[float], None],
    *,
    choice: Choice | None = None,
) -> tuple[Seats, tuple[str, ...], NDArray[np.int64]]:
    """Group, set and cost of each place given at the best levels; levels; their prices (L, sets):
    what each set costs above the one that holds it.
    """
    market, arcs = capped.market, capped.gates.arcs
    packing, network, hubs = costed_network(
        market, arcs, capped.wished, units > 0, int(units.sum()), choice
    )
    found = cheapest_flow(network, tree, units, optional=choice is not None, step=step)
    seats = hand_out(market, network, hubs, capped.wished, *_as_seats(network, found))
    prices = np.concatenate(
        [packing.unpack(found.price), np.zeros((len(packing.names), 1), dtype=np.int64)], axis=1
    )
    return seats, packing.names, prices[:, :-1] - prices[:, tree.parent]


def _as_seats(network: Network, found: Cheapest) -> tuple[NDArray[np.int32], Assignment]:
    """The flow into the sets as seats, one by one: the set of each, and who has it."""
    flow = found.stream.flow
    pair = np.repeat(np.arange(len(flow.units)), flow.units)
    pair = pair[np.argsort(flow.entry[pair], kind="stable")]
    own = np.where(pair < len(network.hub_column), pair, pair - len(network.hub_column))
    nothing = np.zeros((0, 0), dtype=np.int64)
    taken = Assignment(flow.site[pair], own, found.stream.links, nothing, nothing)
    return flow.entry[pair], taken


def _outcome(
    capped: Capped, seats: Seats, names: tuple[str, ...], prices: NDArray[np.int64]
) -> Outcome:
    """Places in sets as seats of slots, with the prices of both."""
    tree, nodes, size = capped.tree, capped.given.nodes, len(capped.given.problem.slots.keys)
    group, entry, cost = seats
    node_of_slot = np.zeros(size, dtype=np.int32)
    node_of_slot[nodes.slot] = np.arange(len(nodes.slot))
    of_slot = np.zeros((2, len(names), size), dtype=np.int64)
    for row, kind in enumerate((Kind.SLOT, Kind.OPEN)):
        own = tree.kind == kind
        of_slot[row][:, tree.slot[own]] = prices[:, own]
    by_node = of_slot[0][:, nodes.slot] + np.where(
        nodes.kind == RESERVED, 0, of_slot[1][:, nodes.slot]
    )
    other = np.flatnonzero((tree.kind != Kind.SLOT) & (tree.kind != Kind.OPEN))
    caps = CapPrices(
        tree.kind[other], tree.slot[other], tree.week[other], tree.team[other], prices[:, other]
    )
    return Outcome(
        group,
        node_of_slot[tree.slot[entry]],
        cost,
        names,
        by_node,
        CappedOutcome(capped.week[entry], caps, _stopped(capped, entry)),
    )


def _stopped(capped: Capped, entry: NDArray[np.int32]) -> NDArray[np.int8]:
    """Of each site, the cap that keeps it from seats that are free, as a Reason; 0 when it reaches
    no free seat. `entry` are the sets of all places given.
    """
    tree, gates = capped.tree, capped.gates.arcs
    through = np.bincount(entry, minlength=len(tree.limit))
    for node in range(len(through)):  # what holds a set comes after it
        if tree.parent[node] >= 0:
            through[tree.parent[node]] += through[node]
    cap = np.zeros(len(through) + 1, dtype=np.int8)  # the first full set above seats; then the sink
    no_seat = np.zeros(len(through) + 1, dtype=np.bool_)
    for node in range(len(through) - 1, -1, -1):
        above, full = tree.parent[node], through[node] >= tree.limit[node]
        seats = tree.kind[node] in (Kind.OPEN, Kind.SLOT)
        no_seat[node] = no_seat[above] or (seats and full)
        cap[node] = CAP_REASONS[Kind(tree.kind[node])] if full and not seats else cap[above]
    told = np.where(no_seat[gates.column], 0, cap[gates.column])
    stopped = np.zeros(capped.given.sites, dtype=np.int8)
    site = np.repeat(np.arange(len(stopped)), np.diff(gates.start))
    for reason in (Reason.HOST_CAP, Reason.KEPT_APART, Reason.SCHOOL_CAP):  # the last one wins
        stopped[site[told == reason]] = reason
    return stopped


def prices_of_sets(tree: Tree, certificate: Certificate) -> NDArray[np.int64]:
    """(L, sets) what a place in each set costs the others, all the sets that hold it counted in."""
    if certificate.caps is None:
        raise ValueError("the certificate of a problem without caps")
    prices = np.zeros((len(certificate.levels), len(tree.limit)), dtype=np.int64)
    seats = np.flatnonzero((tree.kind == Kind.SLOT) | (tree.kind == Kind.OPEN))
    other = np.flatnonzero((tree.kind != Kind.SLOT) & (tree.kind != Kind.OPEN))
    prices[:, other] = certificate.caps.prices
    of_open, of_reserved = np.moveaxis(certificate.prices[:, :, tree.slot[seats]], 1, 0)
    has_reserved = np.isin(tree.slot[seats], tree.slot[tree.kind == Kind.OPEN])
    has_reserved |= (of_reserved != 0).any(axis=0)
    of_slot = np.where(has_reserved, of_reserved, of_open)
    prices[:, seats] = np.where(tree.kind[seats] == Kind.OPEN, of_open - of_reserved, of_slot)
    for node in range(len(tree.limit) - 1, -1, -1):
        if tree.parent[node] >= 0:
            prices[:, node] += prices[:, tree.parent[node]]
    return prices


def _week_of_sets(tree: Tree) -> NDArray[np.int8]:
    """The week of each set; of a set without one, that of the set in the same slot above it."""
    week = tree.week.copy()
    for node in range(len(week) - 1, -1, -1):
        above = tree.parent[node]
        if week[node] == WHOLE and above >= 0 and tree.kind[above] < Kind.SLOT:
            week[node] = week[above]
    return week


def wishes_through_gates(market: Market, gates: Gates) -> Wished:
    """The wishes of each group among the gates of its site, the best first, the earlier week first
    of those that are alike.
    """
    problem, groups, size = market.problem, market.groups, len(market.problem.slots.keys)
    wishes = problem.wishes
    group = groups.of_pupil[wishes.pupil]
    asked = np.where(group >= 0, np.append(groups.site, 0)[group].astype(np.int64), -1)
    asked = np.where(asked >= 0, asked * size + wishes.slot, -1)
    code = np.repeat(np.arange(market.sites), np.diff(gates.arcs.start)) * size + gates.slot
    by_code = np.argsort(code, kind="stable")
    first = np.searchsorted(code[by_code], asked, side="left")
    count = np.searchsorted(code[by_code], asked, side="right") - first
    wish = np.repeat(np.arange(len(asked)), count)
    turn = np.arange(len(wish)) - np.repeat(np.cumsum(count) - count, count)
    gate = by_code[first[wish] + turn]
    slot_draw = market.nodes.slot_draw[gates.slot[gate]]
    ties = tie_bits(groups.draw[groups.first[group[wish]]], slot_draw)
    value = (gates.arcs.value[gate] & ~np.int64(TIE_MASK)) + ties.astype(np.int64)
    value += wishes.rank[wish].astype(np.int64) << PREFERENCE_SHIFT
    order = np.lexsort((gate, value, group[wish]))
    counts = np.bincount(group[wish], minlength=len(groups.first))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Wished(start, gates.arcs.column[gate][order], value[order])
