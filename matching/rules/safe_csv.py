"""CSV that a French spreadsheet opens well and that cannot run anything when it does."""

import csv
import io
from collections.abc import Iterable, Sequence

_RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, `;`, one line a row. None is an empty cell; numbers stay numbers.

    Text that starts like a formula gets an apostrophe in front, which spreadsheets show or hide
    but never run. Give telephone numbers in their national form, so that they stay readable.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(heading) for heading in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_RISKY_STARTS) else text
