"""Groups of interchangeable pupils: who differ in nothing but their key and their lottery number.

A pupil with a wish, a refusal or a row of travel is alone in his group. Solving group by group is
exact: two members can always swap their places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.lottery import draws
from matching.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Groups:
    """G groups, in the order of their keys; a group's key is the first of its members' keys.

    The members of group g are members[start[g]:start[g + 1]], the smallest lottery number first.
    """

    first: NDArray[np.int32]  # row of the member whose key is the group's
    start: NDArray[np.int64]  # G + 1
    members: NDArray[np.int32]  # rows of the given pupils
    of_pupil: NDArray[np.int32]  # group of each given pupil, −1 when his placement is held
    key_rank: NDArray[np.int32]  # place of each given pupil in the order of the keys

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.start)


def interchangeable(problem: Problem) -> Groups:
    """The groups of the pupils whose placement is not held."""
    pupils = problem.pupils
    size = len(pupils.keys)
    key_order = np.array(sorted(range(size), key=pupils.keys.__getitem__), dtype=np.int64)
    key_rank = np.empty(size, dtype=np.int32)
    key_rank[key_order] = np.arange(size, dtype=np.int32)
    held = np.zeros(size, dtype=np.bool_)
    held[problem.fixed.pupil] = True
    rows = key_order[~held[key_order]]

    number = _numbered(_traits(problem, rows))
    # number the groups by their first member in the order of the keys
    _, first, inverse = np.unique(number, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    group = rank[inverse]

    in_order = np.lexsort((np.arange(len(rows)), pupils.lottery[rows], group))
    of_pupil = np.full(size, -1, dtype=np.int32)
    of_pupil[rows] = group
    start = np.zeros(len(first) + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=len(first)), out=start[1:])
    return Groups(
        first=rows[np.sort(first)].astype(np.int32),
        start=start,
        members=rows[in_order].astype(np.int32),
        of_pupil=of_pupil,
        key_rank=key_rank,
    )


def in_turn(problem: Problem, groups: Groups) -> NDArray[np.int32]:
    """Rows of the pupils to decide, in the order in which they are served: class, then lottery."""
    rows, pupils = groups.members, problem.pupils
    classes = pupils.class_of_service[rows].astype(np.int32)
    order = np.lexsort((groups.key_rank[rows], pupils.lottery[rows], -classes))
    return rows[order]


def tie_numbers(problem: Problem, keys_of: NDArray[np.int32]) -> NDArray[np.uint64]:
    """The 64 bits that a group brings to its tie bits, from its key and the seed."""
    return draws(problem.seed, [problem.pupils.keys[row] for row in keys_of.tolist()])


def _traits(problem: Problem, rows: NDArray[np.int64]) -> list[NDArray[np.generic]]:
    """Columns that must all be equal for two of the pupils `rows` to be interchangeable."""
    pupils = problem.pupils
    alone = np.zeros(len(pupils.keys), dtype=np.bool_)
    tables = [problem.wishes.pupil, problem.refused.pupil]
    if problem.travel is not None:
        tables.append(problem.travel.pupil)
    for named in tables:
        alone[named] = True
    by_himself = np.where(alone[rows], np.arange(len(rows)), -1)
    return [
        by_himself,
        *(
            column[rows]
            for column in (
                pupils.lat, pupils.lon, pupils.weeks, pupils.reach, pupils.class_of_service,
                pupils.entitlements, pupils.school, pupils.territory, pupils.sectors,
                pupils.needs_access, pupils.link_group,
            )
        ),
    ]  # fmt: skip


def _numbered(columns: list[NDArray[np.generic]]) -> NDArray[np.int64]:
    """One number per row, equal where all columns are."""
    order = np.lexsort(columns)
    changes = np.zeros(len(order), dtype=np.bool_)
    for column in columns:
        changes[1:] |= column[order][1:] != column[order][:-1]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(changes)
    return number
