"""The pairs as a network: groups of pupils, hubs of sites, seats.

A site has one hub for "any seat" and one for each sector that some of its groups named, with the
site's seats of that sector. A pupil goes to a seat through a hub, or straight to a seat that he
wishes. Pupils who go through one hub may change seats among themselves at no cost, so the network
need not say who of them has which; and the pairs of a site are kept once, not once for each pupil.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.compiled import bare_kernel, inlined_kernel, kernel
from matching.engine.cost import (
    DISTANCE_MASK,
    OUTSIDE_SHIFT,
    PREFERENCE_SHIFT,
    TIE_MASK,
)
from matching.engine.lottery import TIE_BITS, tie_bits
from matching.engine.market import Market
from matching.engine.pairs import Arcs
from matching.engine.problem import MOST_SECTORS
from matching.engine.words import Packing

ANY_SECTOR = MOST_SECTORS  # the sector of a hub for any seat


class Network(NamedTuple):
    """H hubs, G groups, K words. Arrays called start delimit the rows of those under them."""

    hub_start: NDArray[np.int64]  # H + 1
    hub_column: NDArray[np.int32]
    hub_value: NDArray[np.int64]  # as in pairs.py, with half the tie in hubs of sectors
    member_start: NDArray[np.int64]  # H + 1
    member_link: NDArray[np.int64]  # links into each hub
    link_start: NDArray[np.int64]  # G + 1
    link_hub: NDArray[np.int32]
    link_group: NDArray[np.int32]
    link_cost: NDArray[np.int64]  # (links, K)
    wish_start: NDArray[np.int64]  # G + 1
    wish_column: NDArray[np.int32]
    wish_cost: NDArray[np.int64]  # (wishes, K)
    inside: NDArray[np.int64]  # (K,) cost of a pair inside the territory
    by_distance: NDArray[np.int64]  # (K,)
    by_tie: NDArray[np.int64]  # (K,)


class Wished(NamedTuple):
    """Feasible wishes of groups, the best first in each group."""

    start: NDArray[np.int64]  # G + 1
    column: NDArray[np.int32]
    value: NDArray[np.int64]  # cost with its preference (cost.py)


class Hubs(NamedTuple):
    """What each hub stands for."""

    site: NDArray[np.int32]
    sector: NDArray[np.int32]  # ANY_SECTOR for any seat


def feasible_wishes(market: Market, arcs: Arcs) -> Wished:
    """The wishes of each group among the pairs `arcs` of its site."""
    problem, groups, nodes = market.problem, market.groups, market.nodes
    wishes = problem.wishes
    group = groups.of_pupil[wishes.pupil]
    kept = np.flatnonzero(group >= 0)
    kept = kept[np.lexsort((group[kept], groups.site[group[kept]]))]
    group, slot = group[kept], wishes.slot[kept]
    # the nodes of a slot are neighbours
    first_node = np.searchsorted(_slot_rank(market)[nodes.slot], np.arange(len(problem.slots.keys)))
    place = first_node[_slot_rank(market)[slot]]
    found = np.full((2, len(group)), -1, dtype=np.int64)
    _find_wished(arcs.start, arcs.column, groups.site[group], slot, place, nodes.slot, found)
    kind, row = np.nonzero(found >= 0)
    arc = found[kind, row]
    column, value = arcs.column[arc], arcs.value[arc] & ~np.int64(TIE_MASK)
    rank = wishes.rank[kept[row]].astype(np.int64)
    ties = tie_bits(groups.draw[groups.first[group[row]]], nodes.slot_draw[slot[row]])
    value = (rank << PREFERENCE_SHIFT) + value + ties.astype(np.int64)
    order = np.lexsort((column, value, group[row]))
    counts = np.bincount(group[row], minlength=len(groups.first))
    return Wished(_starts(counts), column[order], value[order])


def build_network(
    market: Market,
    arcs: Arcs,
    wished: Wished,
    taking_part: NDArray[np.bool_],
    packing: Packing,
    always: NDArray[np.int64],
) -> tuple[Network, Hubs]:
    """The network of the groups `taking_part`, over the pairs `arcs` of their sites.

    `always` (L, G) is what each group costs at each level wherever it is placed.
    """
    groups, sector_draw, names = market.groups, market.nodes.sector_draw, packing.names
    hubs, link_group, link_hub = _hubs(market, taking_part)
    hub_start = np.zeros(len(hubs.site) + 1, dtype=np.int64)
    sectors = market.problem.slots.sector[market.nodes.slot]
    none32, none64 = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    _fill_hubs(arcs.start, arcs.column, arcs.value, hubs, sectors, hub_start, none32, none64)
    hub_start = np.cumsum(hub_start)
    hub_column = np.empty(hub_start[-1], dtype=np.int32)
    hub_value = np.empty(hub_start[-1], dtype=np.int64)
    _fill_hubs(arcs.start, arcs.column, arcs.value, hubs, sectors, hub_start, hub_column, hub_value)

    leads_somewhere = (hub_start[1:] > hub_start[:-1])[link_hub]
    link_group, link_hub = link_group[leads_somewhere], link_hub[leads_somewhere]
    in_sector = hubs.sector[link_hub] < ANY_SECTOR
    levels = always[:, link_group].copy()
    levels[names.index("sectors")] -= in_sector
    levels[names.index("ties")] += tie_bits(
        groups.draw[groups.first[link_group]], sector_draw[hubs.sector[link_hub]]
    ).astype(np.int64)
    by_hub = np.argsort(link_hub, kind="stable")
    size = len(groups.first)
    one = np.eye(len(names), dtype=np.int64)
    network = Network(
        hub_start=hub_start,
        hub_column=hub_column,
        hub_value=hub_value,
        member_start=_starts(np.bincount(link_hub, minlength=len(hubs.site))),
        member_link=by_hub,
        link_start=_starts(np.bincount(link_group, minlength=size)),
        link_hub=link_hub,
        link_group=link_group,
        link_cost=packing.pack(levels),
        wish_start=wished.start,
        wish_column=wished.column,
        wish_cost=packing.pack(_levels_of_wishes(wished, names, always)),
        inside=packing.pack(-one[names.index("territory")]),
        by_distance=packing.pack(one[names.index("distance")]),
        by_tie=packing.pack(one[names.index("ties")]),
    )
    return network, hubs


def _hubs(
    market: Market, taking_part: NDArray[np.bool_]
) -> tuple[Hubs, NDArray[np.int32], NDArray[np.int32]]:
    """The hubs that the groups need, and their links: group and hub, sorted by group, sectors in
    the order of their draws, before the hub for any seat.
    """
    groups = market.groups
    part = np.flatnonzero(taking_part).astype(np.int32)
    sectors = market.problem.pupils.sectors[groups.first[part]]
    draws = market.nodes.sector_draw[:ANY_SECTOR]
    by_draw = np.append(np.argsort(draws, kind="stable"), ANY_SECTOR)
    links = [(part, np.full(len(part), ANY_SECTOR))]
    for place, number in enumerate(by_draw[:-1].tolist()):
        named = part[(sectors >> np.uint64(number)) & np.uint64(1) != 0]
        if len(named):
            links.append((named, np.full(len(named), place)))
    linked = np.concatenate([named for named, _ in links])
    places = np.concatenate([place for _, place in links])
    order = np.lexsort((places, linked))
    group, place_of = linked[order], places[order]
    code = groups.site[group].astype(np.int64) * (ANY_SECTOR + 1) + place_of
    codes, hub = np.unique(code, return_inverse=True)
    sector = by_draw[codes % (ANY_SECTOR + 1)]
    hubs = Hubs((codes // (ANY_SECTOR + 1)).astype(np.int32), sector.astype(np.int32))
    return hubs, group.astype(np.int32), hub.astype(np.int32)


def _levels_of_wishes(
    wished: Wished, names: tuple[str, ...], always: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(L, wishes) cost of each wish at each level."""
    group = np.repeat(np.arange(len(wished.start) - 1), np.diff(wished.start))
    levels = always[:, group].copy()
    value = wished.value
    levels[names.index("wishes")] -= 1
    levels[names.index("ranks")] += value >> PREFERENCE_SHIFT
    levels[names.index("territory")] -= 1 - ((value >> OUTSIDE_SHIFT) & 1)
    levels[names.index("distance")] += (value >> TIE_BITS) & DISTANCE_MASK
    levels[names.index("ties")] += value & TIE_MASK
    return levels


def _slot_rank(market: Market) -> NDArray[np.int64]:
    """Place of each given slot among those of the nodes, where it comes once."""
    nodes = market.nodes
    rank = np.full(len(market.problem.slots.keys), -1, dtype=np.int64)
    distinct = nodes.slot[np.append(True, nodes.slot[1:] != nodes.slot[:-1])[: len(nodes.slot)]]
    rank[distinct] = np.arange(len(distinct))
    return rank


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


@kernel
def _find_wished(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    site: NDArray[np.int32],
    slot: NDArray[np.int32],
    place: NDArray[np.int64],
    slot_of: NDArray[np.int32],
    found: NDArray[np.int64],
) -> None:
    """For each wish, sorted by site, the pairs of its site with the nodes of its slot, which begin
    at node `place`, in found[0] and found[1].
    """
    pair_of = np.full(len(slot_of), -1, dtype=np.int64)
    last = -1
    for row in range(len(site)):
        if site[row] != last:
            last = site[row]
            for pair in range(start[last], start[last + 1]):
                pair_of[column[pair]] = pair
        for kind in range(2):
            node = place[row] + kind
            if node < len(slot_of) and slot_of[node] == slot[row]:
                pair = pair_of[node]
                if start[last] <= pair < start[last + 1]:
                    found[kind, row] = pair


@kernel
def _fill_hubs(
    start: NDArray[np.int64],
    column: NDArray[np.int32],
    value: NDArray[np.int64],
    hubs: Hubs,
    sector_of: NDArray[np.int16],
    hub_start: NDArray[np.int64],
    hub_column: NDArray[np.int32],
    hub_value: NDArray[np.int64],
) -> None:
    """Write the pairs of each hub; with empty outputs, their counts."""
    for hub in range(len(hubs.site)):
        site, sector = hubs.site[hub], hubs.sector[hub]
        count = 0
        for pair in range(start[site], start[site + 1]):
            if sector != ANY_SECTOR and sector_of[column[pair]] != sector:
                continue
            if len(hub_column) > 0:
                tie = value[pair] & TIE_MASK
                own = tie if sector == ANY_SECTOR else tie // 2
                hub_column[hub_start[hub] + count] = column[pair]
                hub_value[hub_start[hub] + count] = value[pair] - tie + own
            count += 1
        if len(hub_column) == 0:
            hub_start[hub + 1] = count


def with_movable_members(network: Network) -> Network:
    """The network whose members of a hub are only those who have elsewhere to go, by another hub or
    a wish: whoever else goes through the hub never leaves it.
    """
    elsewhere = np.diff(network.link_start) + np.diff(network.wish_start) > 1
    kept = elsewhere[network.link_group[network.member_link]]
    before = np.concatenate([[0], np.cumsum(kept)])
    return network._replace(
        member_start=before[network.member_start], member_link=network.member_link[kept]
    )


def pair_words(
    network: Network, pairs: NDArray[np.int64], price: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(pairs, K) costs of pairs of hubs, each with the price (columns, K) of its column."""
    words = np.empty((len(pairs), price.shape[1]), dtype=np.int64)
    _write_pair_words(network, pairs, price, words)
    return words


@bare_kernel
def _write_pair_words(
    network: Network,
    pairs: NDArray[np.int64],
    price: NDArray[np.int64],
    words: NDArray[np.int64],
) -> None:
    for i in range(len(pairs)):
        for k in range(words.shape[1]):
            cost = pair_word(network, pairs[i], k)
            words[i, k] = cost + price[network.hub_column[pairs[i]], k]


@inlined_kernel
def pair_word(net: Network, pair: int, k: int) -> int:
    """Word k of the cost of a pair of a hub."""
    value = net.hub_value[pair]
    word = ((value >> TIE_BITS) & DISTANCE_MASK) * net.by_distance[k]
    word += (value & TIE_MASK) * net.by_tie[k]
    if value >> OUTSIDE_SHIFT == 0:
        word += net.inside[k]
    return int(word)
