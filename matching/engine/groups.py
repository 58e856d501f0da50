"""Pupils who may stand for one another.

Pupils of one *site* may have the same places at the same distances: same point, reach, weeks,
entitlements, access, class of service, school, set kept apart, territory, road links, and no row of
refusals or travel. Pupils of one *group* are of one site, named the same sectors and have no wish:
they differ in nothing but their key and their lottery number. Solving group by group is exact: two
members can always swap their places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.lottery import draws
from matching.engine.numbering import along_curve, in_order_of_keys
from matching.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Groups:
    """G groups and Z sites, along the curve of numbering.py. The key of each is the first of its
    pupils' keys, held ones included, so that holding a placement changes nobody's tie bits.

    The members of group g are members[start[g]:start[g + 1]], the smallest lottery number first:
    those whose placement is not held. Groups and sites without any are left out.
    """

    first: NDArray[np.int32]  # row of the pupil whose key is the group's
    start: NDArray[np.int64]  # G + 1
    members: NDArray[np.int32]  # rows of the given pupils
    of_pupil: NDArray[np.int32]  # group of each given pupil, −1 when his placement is held
    key_rank: NDArray[np.int32]  # place of each given pupil in the order of the keys
    site: NDArray[np.int32]  # of each group
    site_first: NDArray[np.int32]  # row of the pupil whose key is the site's
    draw: NDArray[np.uint64]  # what the keys of these pupils bring to the tie bits; by row

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.start)

    @property
    def site_of_pupil(self) -> NDArray[np.int32]:
        """Site of each given pupil, −1 when his placement is held."""
        sites: NDArray[np.int32] = np.append(self.site, np.int32(-1))[self.of_pupil]
        return sites


def interchangeable(problem: Problem) -> Groups:
    """The sites and groups of the pupils whose placement is not held."""
    pupils = problem.pupils
    size = len(pupils.keys)
    by_key = in_order_of_keys(pupils.keys)
    key_rank = np.empty(size, dtype=np.int32)
    key_rank[by_key] = np.arange(size, dtype=np.int32)
    order = along_curve(by_key, pupils.lat, pupils.lon)
    decided = ~_named(size, problem.fixed.pupil)[order]
    site, site_first = numbered(_traits_of_site(problem, order))
    alone = _named(size, problem.wishes.pupil)[order]
    by_himself = np.where(alone, np.arange(size), -1)
    group, first = numbered([by_himself, pupils.sectors[order], site])
    site_of_group = site[first]
    first, site_first = order[first], order[site_first]

    rows = order[decided]
    kept, group = np.unique(group[decided], return_inverse=True)
    first = first[kept]
    kept_sites, site = np.unique(site_of_group[kept], return_inverse=True)
    site_first = site_first[kept_sites]
    in_order = np.lexsort((np.arange(len(rows)), pupils.lottery[rows], group))
    of_pupil = np.full(size, -1, dtype=np.int32)
    of_pupil[rows] = group
    start = np.zeros(len(first) + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=len(first)), out=start[1:])
    draw = np.zeros(size, dtype=np.uint64)
    drawn = np.union1d(first, site_first).astype(np.int32)
    draw[drawn] = draws_of(problem, drawn)
    return Groups(
        first=first.astype(np.int32),
        start=start,
        members=rows[in_order].astype(np.int32),
        of_pupil=of_pupil,
        key_rank=key_rank,
        site=site.astype(np.int32),
        site_first=site_first.astype(np.int32),
        draw=draw,
    )


def in_turn(problem: Problem, groups: Groups) -> NDArray[np.int32]:
    """Rows of the pupils to decide, in the order in which they are served: class, then lottery."""
    rows, pupils = groups.members, problem.pupils
    classes = pupils.class_of_service[rows].astype(np.int32)
    order = np.lexsort((groups.key_rank[rows], pupils.lottery[rows], -classes))
    return rows[order]


def draws_of(problem: Problem, rows: NDArray[np.int32]) -> NDArray[np.uint64]:
    """The 64 bits that the keys of these pupils bring to the tie bits."""
    return draws(problem.seed, [problem.pupils.keys[row] for row in rows.tolist()])


def _traits_of_site(problem: Problem, rows: NDArray[np.int64]) -> list[NDArray[np.generic]]:
    """Columns that must all be equal for two of the pupils `rows` to be of one site."""
    pupils = problem.pupils
    alone = _named(len(pupils.keys), problem.refused.pupil)
    if problem.travel is not None:
        alone |= _named(len(pupils.keys), problem.travel.pupil)
    apart = [] if problem.caps is None else [problem.caps.apart[rows]]
    return [
        np.where(alone[rows], np.arange(len(rows)), -1),
        *apart,
        *(
            column[rows]
            for column in (
                pupils.lat, pupils.lon, pupils.weeks, pupils.reach, pupils.class_of_service,
                pupils.entitlements, pupils.school, pupils.territory, pupils.needs_access,
                pupils.link_group,
            )
        ),
    ]  # fmt: skip


def _named(size: int, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    named = np.zeros(size, dtype=np.bool_)
    named[rows] = True
    return named


def numbered(
    columns: list[NDArray[np.generic]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number per row, equal where all columns are, and the first row of each number; numbers go
    in the order of these first rows.
    """
    order = np.lexsort(columns)
    changes = np.zeros(len(order), dtype=np.bool_)
    for column in columns:
        changes[1:] |= column[order][1:] != column[order][:-1]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(changes)
    _, first = np.unique(number, return_index=True)
    by_first = np.argsort(first)
    rank = np.empty(len(first), dtype=np.int64)
    rank[by_first] = np.arange(len(first))
    return rank[number], first[by_first]
