"""Samples of those who will fill the seats of the cut, on whom prices are learnt."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.fair import seats_of_cut
from matching.engine.lottery import mixed
from matching.engine.market import Market, Selection
from matching.engine.network import Network
from matching.engine.prices import DEAR


class Share(NamedTuple):
    """Some of those who are placed, and as many of the seats, or more."""

    units: NDArray[np.int32]  # of each group
    seats: NDArray[np.int32]  # of each node


def sample_of(market: Market, chosen: Selection, share: float) -> Share:
    """About that share of the seats of the cut, and as many units of the sites that hold them in
    the selection.
    """
    exact, site_of = seats_of_cut(market, chosen), market.groups.site
    kept = mixed(np.arange(len(exact.site), dtype=np.uint64)) < np.uint64(share * 2.0**64)
    seats = np.bincount(exact.column[kept], minlength=len(market.nodes.slot))
    held = np.bincount(exact.site[kept], minlength=market.sites)
    group = np.repeat(np.arange(len(site_of)), chosen.units)
    group = group[np.argsort(site_of[group], kind="stable")]
    place = np.arange(len(group)) - np.searchsorted(site_of[group], site_of[group])
    group = group[place < held[site_of[group]]]
    units = np.bincount(group, minlength=len(site_of))
    return Share(units.astype(np.int32), seats.astype(np.int32))


def barred(price: NDArray[np.int64], share: Share) -> NDArray[np.int64]:
    """Prices (columns, K) at which nobody asks for columns without seats in a sample."""
    price = price.copy()
    price[share.seats == 0] = 2 * DEAR
    return price


def units_through(network: Network, units: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many units may go through each hub, at the most."""
    through = np.zeros(len(network.hub_start) - 1, dtype=np.int64)
    np.add.at(through, network.link_hub, units[network.link_group])
    return through
