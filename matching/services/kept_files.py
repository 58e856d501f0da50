"""What we keep of a file of pupils, to and from the JSON of its row."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from matching.rules.pupils_kept import KeptFile, Line
from matching.rules.pupils_layout import Column


def to_json(kept: KeptFile) -> dict[str, Any]:
    """Plain lists and objects; the places of columns become text, as JSON wants its keys."""
    plain = asdict(kept)
    for line in plain["lines"]:
        line["cells"] = {str(place): text for place, text in line["cells"].items()}
    return plain


def from_json(plain: dict[str, Any]) -> KeptFile:
    """The file as it was kept; changing its cells does not change the row."""
    return KeptFile(
        **plain
        | {
            "columns": tuple(Column(**one) for one in plain["columns"]),
            "lines": tuple(
                Line(
                    one["line"],
                    {int(place): text for place, text in one["cells"].items()},
                    one["extra"],
                )
                for one in plain["lines"]
            ),
            "sheets": tuple(plain["sheets"]),
        }
    )


def with_keys(kept: KeptFile, keys: Sequence[str | None]) -> KeptFile:
    """The same file with these columns; the cells of the others are dropped."""
    columns = tuple(
        replace(column, key=key) for column, key in zip(kept.columns, keys, strict=True)
    )
    lines = tuple(
        replace(
            line, cells={place: text for place, text in line.cells.items() if columns[place].key}
        )
        for line in kept.lines
    )
    return replace(kept, columns=columns, lines=lines)
