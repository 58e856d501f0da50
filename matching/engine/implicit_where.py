"""Where everybody sits at the best levels, over pairs that are never stored.

Column generation (Dantzig and Wolfe, 1960; Gilmore and Gomory, 1961): the steps of `fair` give the
seats over some pairs, the seat that everybody holds in one matching and his best few among them.
The prices found are then held against every pair within reach (implicit_pricing.py). Pairs that
cost less than what is paid are added, and the seats given again from there (warm_start.py), until
there is none: then the answer is the best over all pairs, for the same prices prove it.

Before that they prove a bound: who is placed pays, whatever the seat, at least the least of cost
plus price over all pairs, and no price is below 0 (weak duality: Gale, Kuhn and Tucker, 1951).
Words compared from left to right are an ordered group, so this holds for all levels at once: the
first level at which the answer and the bound differ is known within what they differ by. In the
minimum cut prices below 0 are allowed: all its seats are filled, and its price at the level
"placed" comes first. Pairs across blocks of the cut are in no such answer (parts.py).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.answer import Answer, give_seats, hold, levels_of
from matching.engine.assignment import Assignment, assign
from matching.engine.fair import prices_of_blocks, seats_of_cut
from matching.engine.filling import LARGE
from matching.engine.groups import Groups, interchangeable
from matching.engine.handing import hand_out
from matching.engine.implicit import select_implicit
from matching.engine.implicit_pricing import (
    Pairs,
    cheapest_pairs,
    field_of,
    joined,
    values_of,
    worth_of_nodes,
)
from matching.engine.implicit_samples import Share, barred, sample_of, units_through
from matching.engine.learnt_prices import learnt_prices
from matching.engine.market import Market, Selection
from matching.engine.network import Hubs, Network, build_network, feasible_wishes
from matching.engine.pairs import Arcs
from matching.engine.prices import DEAR, sorted_by_price, worth_of_columns
from matching.engine.priority import ALIVE
from matching.engine.problem import Policy, Problem
from matching.engine.seats import SeatNodes, seat_nodes
from matching.engine.solution import Level
from matching.engine.warm_start import assign_again, paid_by_groups, paid_by_hubs
from matching.engine.words import Packing, place_levels

NEAREST = 24  # pairs of each hub to begin with, and one more for each unit
DRAWN = 16
ADDED = 64  # as many, at the most, in a round
ROUNDS = 100
SAMPLES = (1 / 64, 1 / 16, 1 / 4, 1 / 2)
SMALLEST_SAMPLE = 250  # seats
REWARDED = ("placed", "wishes", "sectors", "territory")  # levels of which more is better


class Located(NamedTuple):
    """An answer, and what no answer that places the same pupils is better than."""

    slot: NDArray[np.int32]  # of each given pupil, −1 for none; held placements are counted in
    reserved_seat: NDArray[np.bool_]
    prices: NDArray[np.int64]  # (L, 2, S), as those of a certificate; they prove the bound
    levels: tuple[Level, ...]  # "placed" first
    bound: tuple[Level, ...]
    rounds: int
    pairs: int  # kept at the end

    @property
    def gap(self) -> Level | None:
        """The first level that may be better, and by how much at the most; None when exact."""
        for own, bound in zip(self.levels, self.bound, strict=True):
            if own.value != bound.value:
                return Level(own.name, abs(own.value - bound.value))
        return None


class Round(NamedTuple):
    """The last round: what was given, and the best bound of all with its prices."""

    network: Network
    hubs: Hubs
    found: Assignment
    value: list[int]  # of each level of the packing, as a cost
    bound: list[int]
    price: NDArray[np.int64]
    number: int


def place_where(
    problem: Problem, *, rounds: int = ROUNDS, enough: Callable[[], bool] = lambda: False
) -> Located:
    """The answer of `fair`, without its reasons: exact, or with the bound that is proven when
    `rounds` (1 at least) are over or, between two of them, `enough()` says so.

    Raises ValueError for another policy, caps or a table of travel.
    """
    if problem.policy != Policy.FAIR:
        raise ValueError("a policy under which the levels say who is placed, or wishes in turn")
    groups, nodes = interchangeable(problem), seat_nodes(problem)
    chosen = select_implicit(problem, groups, nodes)
    return Generation(problem, groups, nodes, chosen).run(rounds, enough)


class Generation:
    """What the rounds have in common, and the pairs kept so far."""

    def __init__(
        self, problem: Problem, groups: Groups, nodes: SeatNodes, chosen: Selection
    ) -> None:
        self.problem, self.groups, self.nodes, self.chosen = problem, groups, nodes, chosen
        self.field = field_of(problem, groups, nodes, chosen)
        none = Arcs(np.zeros(len(groups.site_first) + 1, dtype=np.int64),
                    np.zeros(0, np.int32), np.zeros(0, np.int64), len(nodes.slot))  # fmt: skip
        self.market = Market(problem, groups, nodes, none)
        self.arcs = joined(none, self._held_and_wished())
        self.wished = feasible_wishes(self.market, self.arcs)
        self.packing = self._packing()
        self.cut = chosen.column_block != ALIVE
        self.from_cut = np.zeros(self.market.sites, dtype=np.bool_)
        self.from_cut[seats_of_cut(self.market, chosen).site] = True

    def _held_and_wished(self) -> Pairs:
        """The pairs of the selection, and the wishes of those who are placed."""
        groups, wishes, held = self.groups, self.problem.wishes, self.chosen.holder >= 0
        group = groups.of_pupil[wishes.pupil]
        asked = (group >= 0) & (np.append(self.chosen.units, 0)[group] > 0)
        node = self.market.node_of[:, wishes.slot[asked]]
        kind, row = np.nonzero(node >= 0)
        site = np.append(self.chosen.holder[held], groups.site[group[asked]][row])
        node = np.append(self.market.seat_column[held], node[kind, row])
        site, node = np.divmod(np.unique(site.astype(np.int64) * len(self.nodes.slot) + node),
                               len(self.nodes.slot))  # fmt: skip
        value = values_of(self.field, site.astype(np.int32), node.astype(np.int32))
        allowed = value >= 0
        return Pairs(site[allowed], node[allowed].astype(np.int32), value[allowed])

    def _packing(self) -> Packing:
        """Room for what any pair may cost, kept or not."""
        pupils, slots = self.problem.pupils, self.problem.slots
        home = np.intersect1d(pupils.territory[pupils.territory >= 0], slots.territory)
        most = {
            "sectors": int(pupils.sectors.any() and (slots.sector >= 0).any()),
            "territory": int(len(home) > 0),
            "distance": int(pupils.reach.max(initial=0)),
        }
        if not len(self.wished.column):
            most |= {"wishes": 0, "ranks": 0}
        return place_levels(most, int(self.chosen.units.sum()))

    def run(self, rounds: int, enough: Callable[[], bool]) -> Located:
        """Prices learnt on samples of the cut, each larger; then rounds for everybody."""
        samples = [sample_of(self.market, self.chosen, share) for share in SAMPLES]
        samples = [sample for sample in samples if sample.seats.sum() >= SMALLEST_SAMPLE]
        everybody = Share(self.chosen.units, self.nodes.seats)
        self._draw_pairs((*samples, everybody)[0])
        price = np.zeros((len(self.nodes.slot), self.packing.words), dtype=np.int64)
        for sample in samples:
            price = self._learnt(sample, price)
        return self._located(self._rounds(everybody, price, rounds, enough))

    def _draw_pairs(self, share: Share) -> None:
        """Keep some pairs of these pupils, the near ones sooner: those of the least distance with a
        random part, for which the tie bits are taken.
        """
        network, hubs = self._network(share)
        terms = np.array([[-(1 << 40)], [1 << 16], [1]])
        nothing = np.zeros((len(self.nodes.slot), 1), dtype=np.int64)
        limit = np.full((len(hubs.site), 1), DEAR, dtype=np.int64)
        most = DRAWN + units_through(network, share.units)
        more, _ = cheapest_pairs(self.field, terms, hubs, nothing, limit, most)
        self.arcs = joined(self.arcs, more)

    def _learnt(self, share: Share, price: NDArray[np.int64]) -> NDArray[np.int64]:
        """What the seats are worth to a sample, by an auction over the pairs that are cheapest at
        `price`, and another with those that were cheaper after the first.
        """
        network, hubs = self._network(share)
        limit = np.full((len(hubs.site), self.packing.words), DEAR, dtype=np.int64)
        self._add_cheapest(network, hubs, share, barred(price, share), limit, NEAREST)
        for last in (False, True):
            network, hubs = self._network(share)
            price = barred(learnt_prices(network, self.packing, *share), share)
            network = sorted_by_price(network, price, share.seats > 0)
            paid = paid_by_hubs(network, price)
            if not last:
                self._add_cheapest(network, hubs, share, price, paid, ADDED)
        paid = np.concatenate([paid, paid_by_groups(network, paid, price)])
        return self._worth(share, network, hubs, paid)

    def _rounds(
        self, share: Share, price: NDArray[np.int64], rounds: int, enough: Callable[[], bool]
    ) -> Round:
        """Give the seats until no pair is cheaper than what is paid, or it is enough."""
        network, hubs = self._network(share)
        limit = np.full((len(hubs.site), self.packing.words), DEAR, dtype=np.int64)
        self._add_cheapest(network, hubs, share, price, limit, NEAREST)
        proven: tuple[list[int], NDArray[np.int64]] = [], price
        found, number = None, 0
        while True:
            number += 1
            network, hubs = self._network(share)
            network, found = self._assign(network, share, price, found)
            price, paid = found.price, found.paid[: len(hubs.site)]
            paid[network.hub_start[1:] == network.hub_start[:-1]] = DEAR
            least = self._add_cheapest(network, hubs, share, price, paid, ADDED)
            value = self._sum(share, paid_by_groups(network, paid, price), price)
            bound = self._sum(share, paid_by_groups(network, least, price), price)
            proven = max(proven, (bound, price), key=lambda known: known[0])
            if number >= rounds or (least == paid).all() or enough():
                return Round(network, hubs, found, value, *proven, number)

    def _add_cheapest(
        self,
        network: Network,
        hubs: Hubs,
        share: Share,
        price: NDArray[np.int64],
        limit: NDArray[np.int64],
        most: int,
    ) -> NDArray[np.int64]:
        """Keep `most` pairs of each hub, and one more for each unit, that cost less than its limit
        (hubs, K); returns the least that any of its pairs costs, or the limit.
        """
        terms = np.stack([network.inside, network.by_distance, network.by_tie])
        most_of_each = most + units_through(network, share.units)
        more, least = cheapest_pairs(self.field, terms, hubs, price, limit, most_of_each)
        self.arcs = joined(self.arcs, more)
        return least

    def _worth(
        self, share: Share, network: Network, hubs: Hubs, paid: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Prices of all nodes of the cut, those left out of a sample too, at which nobody in it
        finds anything cheaper than is paid (hubs + groups, K).
        """
        terms = np.stack([network.inside, network.by_distance, network.by_tie])
        worth = worth_of_nodes(self.field, terms, hubs, paid[: len(hubs.site)])
        kept = worth_of_columns(network, paid, share.units, len(worth))
        wished = np.zeros(len(worth), dtype=np.bool_)
        by = np.repeat(np.arange(len(share.units)), np.diff(network.wish_start))
        wished[network.wish_column[share.units[by] > 0]] = True
        before, same = np.zeros_like(wished), wished
        for one, other in zip(worth.T, kept.T, strict=True):
            before, same = before | (same & (one < other)), same & (one == other)
        worth[before] = kept[before]
        worth[~self.cut] = 0
        return worth

    def _network(self, share: Share) -> tuple[Network, Hubs]:
        """The network of a share, over the pairs kept so far."""
        always = np.zeros((len(self.packing.names), len(share.units)), dtype=np.int64)
        return build_network(
            self.market, self.arcs, self.wished, share.units > 0, self.packing, always
        )

    def _assign(
        self, network: Network, share: Share, price: NDArray[np.int64], before: Assignment | None
    ) -> tuple[Network, Assignment]:
        """The seats given over the pairs of a network, which comes back sorted by price."""
        price = np.where(self.cut[:, None], price, 0)
        if not self._has_room(price):
            price, before = np.zeros_like(price), None
        in_cut = np.where(self.cut, share.seats, 0).astype(np.int32)
        if before is None and in_cut.sum() >= LARGE:
            units = np.where(self.from_cut[self.groups.site], share.units, 0).astype(np.int32)
            learnt = learnt_prices(network, self.packing, units, in_cut)
            price = np.where(in_cut[:, None] > 0, learnt, price)
        network = sorted_by_price(network, price, np.ones(len(price), dtype=np.bool_))
        if before is None:
            return network, assign(network, *share, price)
        return network, assign_again(network, *share, price, before)

    def _has_room(self, price: NDArray[np.int64]) -> bool:
        """Whether the digits of prices can take what one more round adds (words.py)."""
        return bool((np.abs(self.packing.unpack(price)) <= self.packing.start).all())

    def _sum(self, share: Share, paid: NDArray[np.int64], price: NDArray[np.int64]) -> list[int]:
        """What groups pay (G, K) less what seats cost (N, K), at each level."""
        both = np.concatenate([paid, price])
        count = np.concatenate([share.units, -share.seats]).astype(np.int64)
        high, low = np.divmod(self.packing.unpack(both), 2**31)
        return [
            int(one) * 2**31 + int(other)
            for one, other in zip(high @ count, low @ count, strict=True)
        ]

    def _located(self, last: Round) -> Located:
        """For each pupil and slot."""
        problem, nodes, names = self.problem, self.nodes, ("placed", *self.packing.names)
        seats = hand_out(
            self.market, last.network, last.hubs, self.wished, self.market.seat_column, last.found
        )
        answer = Answer(len(problem.pupils.keys))
        hold(problem, answer)
        give_seats(problem, self.groups, nodes, seats, answer)
        levels = levels_of(problem, names, answer)
        left = [own - least for own, least in zip(last.value, last.bound, strict=True)]
        gap = dict(zip(self.packing.names, left, strict=True))
        prices = np.zeros((len(names), 2, len(problem.slots.keys)), dtype=np.int64)
        prices[0, nodes.kind, nodes.slot] = prices_of_blocks(self.chosen)
        prices[1:, nodes.kind, nodes.slot] = self.packing.unpack(last.price)
        return Located(
            answer.slot,
            answer.reserved_seat,
            prices,
            levels,
            tuple(
                Level(name, own + gap.get(name, 0) * (1 if name in REWARDED else -1))
                for name, own in levels
            ),
            last.number,
            len(self.arcs.column),
        )
