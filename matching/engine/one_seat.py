"""What an answer becomes with one seat more or less, without solving again.

*Where*: a flow of least cost stays one when it is changed along a cheapest path of exchanges
(Busacker and Gowen, 1960), which one search as in assignment.py or assignment_of_seats.py finds.
*Who*: under `best_total` the same path says it, because to stay without a place is an exchange too;
under `fair` the order of service does (turns.py).
"""

import numpy as np

from matching.engine.assignment import place_units
from matching.engine.assignment_of_seats import fill_seats, open_links
from matching.engine.problem import Policy
from matching.engine.search import Search, Seating, new_search
from matching.engine.search_from_seats import Taking, new_seat_search
from matching.engine.seats import RESERVED
from matching.engine.solution import Solution
from matching.engine.standing import NOBODY, Standing, answered


def with_one_seat(
    standing: Standing, slot: int, *, reserved: bool = False, prove: bool = True
) -> Solution:
    """The answer when this slot has one seat more of this kind; `prove` adds its certificate.

    ValueError is raised when it never had any.
    """
    column = _node(standing, slot, reserved=reserved)
    given, exchanges = standing.given, standing.exchanges
    if given.used[column] < given.start[column + 1] - given.start[column]:
        return answered(standing, column, 1, given, exchanges.price if prove else None)
    taking = _with_new_seat(standing.taking, column)
    _let_in(standing, column, taking)
    taking = taking._replace(
        open_link=open_links(exchanges.network, exchanges.by_seat.links, taking.unplaced)
    )
    search = new_seat_search(len(taking.first_seat), len(taking.paid), taking.paid.shape[1])
    new_seat = np.array([len(taking.node) - 1])
    if fill_seats(new_seat, exchanges.by_seat, exchanges.network, taking, search):
        raise RuntimeError("a seat more leads nowhere")
    by_hub = (taking.node >= 0) & (taking.node < len(exchanges.hubs.site))
    taking.pair[by_hub] = exchanges.by_seat.pair[taking.pair[by_hub]]
    after = given._replace(
        column=taking.seat_column, node=taking.node, pair=taking.pair, through=taking.through
    )
    price = exchanges.price - taking.paid if prove else None
    return answered(standing, column, 1, after, price)


def without_one_seat(
    standing: Standing, slot: int, *, reserved: bool = False, prove: bool = True
) -> Solution:
    """The answer when this slot has one seat less of this kind; `prove` adds its certificate.

    ValueError is raised when none is left to close: held placements keep theirs.
    """
    column = _node(standing, slot, reserved=reserved)
    given, exchanges = standing.given, standing.exchanges
    if standing.market.nodes.seats[column] == 0:
        raise ValueError("a slot without a seat to close")
    if given.used[column] < given.start[column + 1] - given.start[column]:
        return answered(standing, column, -1, given, exchanges.price if prove else None)
    state = _seating(standing)
    seat = given.start[column]
    origin = int(state.node[seat])
    state.node[seat] = standing.nobody
    pupil = standing.leaves[column]
    search = new_search(len(state.paid), len(state.used), state.price.shape[1])
    goes_himself = pupil != NOBODY and _take_away(standing, pupil, origin, state)
    if not goes_himself and _place(origin, standing, state, search):
        raise RuntimeError("a seat less leads nowhere")
    if pupil != NOBODY and prove:
        _close_what_he_reaches(standing, pupil, state, search)
    after = given._replace(node=state.node, pair=state.pair, through=state.through)
    price = exchanges.price + state.price[:-1] if prove else None
    return answered(standing, column, -1, after, price)


def _node(standing: Standing, slot: int, *, reserved: bool) -> int:
    nodes = standing.market.nodes
    found = np.flatnonzero((nodes.slot == slot) & ((nodes.kind == RESERVED) == reserved))
    if len(found) == 0:
        raise ValueError("a slot that never had a seat of this kind")
    return int(found[0])


def _with_new_seat(taking: Taking, column: int) -> Taking:
    """A copy with one more seat of `column`, the last one."""
    return taking._replace(
        node=np.append(taking.node, np.int32(-1)),
        pair=np.append(taking.pair, -1),
        first_seat=taking.first_seat.copy(),
        next_seat=np.append(taking.next_seat, -1),
        last_seat=np.append(taking.last_seat, -1),
        seat_column=np.append(taking.seat_column, np.int32(column)),
        through=taking.through.copy(),
        unplaced=np.zeros_like(taking.units),
        price=np.zeros_like(taking.price),
        paid=np.zeros_like(taking.paid),
    )


def _let_in(standing: Standing, column: int, taking: Taking) -> None:
    """Say who may get a place, or that a seat may stay empty."""
    pupil = standing.enters[column]
    if pupil != NOBODY:
        taking.unplaced[standing.market.groups.of_pupil[pupil]] = 1
        return
    taking.unplaced[-1] = 1
    if standing.market.problem.policy == Policy.BEST_TOTAL:
        taking.unplaced[:-1] = standing.waiting


def _seating(standing: Standing) -> Seating:
    """What is given, for a search from pupils."""
    given, exchanges = standing.given, standing.exchanges
    words = exchanges.price.shape[1]
    return Seating(
        seat_start=given.start,
        seat_column=given.column,
        node=given.node.copy(),
        pair=given.pair.copy(),
        used=given.used.copy(),
        through=given.through.copy(),
        cost=exchanges.cost,
        wish_cost=exchanges.network.wish_cost,
        price=np.zeros((len(given.used), words), dtype=np.int64),
        paid=np.zeros((standing.nobody + 1, words), dtype=np.int64),
    )


def _place(node: int, standing: Standing, state: Seating, search: Search) -> bool:
    """Let one of this node look for a seat; True when there is none."""
    origin = np.array([node], dtype=np.int32)
    mark = int(search.heap.mark.max()) + 1
    return place_units(origin, standing.exchanges.network, state, search, mark) > 0


def _close_what_he_reaches(standing: Standing, pupil: int, state: Seating, search: Search) -> None:
    """Whoever has no place finds only seats that have a price at the level "placed": all seats that
    exchanges lead him to are one more closed block.
    """
    group = standing.market.groups.of_pupil[pupil]
    _place(len(standing.exchanges.hubs.site) + group, standing, state, search)
    one = np.zeros((len(standing.levels), 1), dtype=np.int64)
    one[0] = 1
    seen = search.touched[: search.counts[0]]
    state.price[seen] += standing.exchanges.packing.pack(one)[0]


def _take_away(standing: Standing, pupil: int, origin: int, state: Seating) -> bool:
    """Take the seat of this pupil, or of one who may change with him, and leave it free. True when
    he goes himself from node `origin`, which then needs no other seat.
    """
    network, group = standing.exchanges.network, standing.market.groups.of_pupil[pupil]
    node = len(network.hub_start) - 1 + group
    links = np.arange(network.link_start[group], network.link_start[group + 1])
    links = links[state.through[links] > 0]
    if origin != node and len(links):
        here = links[network.link_hub[links] == origin]
        link = (*here, *links)[0]
        node = network.link_hub[link]
        state.through[link] -= 1
    if node == origin:
        return True
    seat = np.flatnonzero(state.node == node)[0]
    column = state.seat_column[seat]
    state.used[column] -= 1
    last = state.seat_start[column] + state.used[column]
    state.node[seat], state.pair[seat] = state.node[last], state.pair[last]
    state.node[last] = -1
    return False
