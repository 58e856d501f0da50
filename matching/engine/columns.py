"""The columns of the matcher's tables: one exact type each, copied, read-only, checked."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Fault(NamedTuple):
    """One thing wrong in the input: `field` is "pupils.lat", `row` is −1 for a whole column."""

    field: str
    row: int
    code: str


class ProblemInvalid(ValueError):  # noqa: N818 - what is invalid is the problem
    """The input breaks the rules of the tables; `faults` says where."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(", ".join(f"{f.field}[{f.row}] {f.code}" for f in self.faults[:5]))


_TYPES: dict[str, Any] = {
    "offers": np.int32, "weeks": np.uint64, "seats": np.int32, "reserved_for": np.int16,
    "lat": np.float64, "lon": np.float64, "territory": np.int32, "sector": np.int16,
    "accessible": np.bool_, "link_group": np.int32, "lottery": np.uint64, "reach": np.int32,
    "class_of_service": np.int16, "entitlements": np.uint64, "school": np.int32,
    "sectors": np.uint64, "needs_access": np.bool_, "pupil": np.int32, "slot": np.int32,
    "rank": np.int8, "week": np.int8, "distance": np.int32, "at_once": np.int32,
    "of_a_school": np.int32, "apart": np.int32, "total": np.int32, "total_of_a_school": np.int32,
    "member_total": np.int32, "member_slot": np.int32,
}  # fmt: skip


def settle(table: Any, name: str, length: int, columns: Iterable[str] = ()) -> list[Fault]:
    """Copy each column of `table`, or these only, into its exact type; say which cannot be."""
    faults: list[Fault] = []
    for column in columns or table.__dataclass_fields__:
        values = getattr(table, column)
        if column == "keys":
            object.__setattr__(table, column, tuple(values))
            continue
        kind = _TYPES.get(column)
        if column == "reserved":
            kind = np.bool_ if name == "fixed" else np.int32
        settled, fault = _exact(values, kind, length)
        if fault:
            faults.append(Fault(f"{name}.{column}", -1, fault))
        else:
            object.__setattr__(table, column, settled)
    return faults


def _exact(values: ArrayLike, kind: Any, length: int) -> tuple[NDArray[Any], str]:
    given = np.asarray(values)
    if given.shape != (length,):
        return given, "wrong_length"
    if length == 0:
        return _settled(np.zeros(0, dtype=kind)), ""
    allowed = "b" if kind is np.bool_ else "f" + "iu" if kind is np.float64 else "iu"
    if given.dtype.kind == "O":  # Python integers above 63 bits
        try:
            given = np.array([int(value) for value in given], dtype=kind)
        except (OverflowError, TypeError, ValueError):
            return given, "out_of_range"
    if given.dtype.kind not in allowed:
        return given, "wrong_type"
    if kind not in (np.bool_, np.float64):
        limits = np.iinfo(kind)
        if int(given.min()) < limits.min or int(given.max()) > limits.max:
            return given, "out_of_range"
    return _settled(np.array(given, dtype=kind, order="C")), ""


def _settled(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values


def points(name: str, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> list[Fault]:
    return [
        *where(f"{name}.lat", ~(np.abs(lat) <= 90), "not_a_latitude"),
        *where(f"{name}.lon", ~(np.abs(lon) <= 180), "not_a_longitude"),
    ]


def where(name: str, wrong: Any, code: str) -> list[Fault]:
    return [Fault(name, int(row), code) for row in np.flatnonzero(wrong)]


def duplicates(name: str, keys: Sequence[Any] | NDArray[Any]) -> list[Fault]:
    distinct = np.unique(keys) if isinstance(keys, np.ndarray) else set(keys)
    if len(distinct) == len(keys):
        return []
    seen: set[Any] = set()
    faults = []
    for row, key in enumerate(keys):
        if key in seen:
            faults.append(Fault(name, row, "twice"))
        seen.add(key)
    return faults


def pair_numbers(pupil: NDArray[np.int32], slot: NDArray[np.int32]) -> NDArray[np.int64]:
    """One number for each pair."""
    numbers: NDArray[np.int64] = pupil.astype(np.int64) * 2**32 + slot
    return numbers
