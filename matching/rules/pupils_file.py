"""A school's file of pupils: bytes → the pupils to enrol, and one problem for each wrong cell.

Nothing is stored here, and what we do not keep (national number, sex, birthplace, address…) is
dropped before anything else sees it: only the names of those columns come out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matching.rules import pupils_cells as cells
from matching.rules.file_reading import Row, Table, Unreadable, fold, read_table
from matching.rules.pupils_cells import CellProblem, Guardian
from matching.rules.pupils_columns import (
    EXAMPLE_BIRTH_DATE,
    EXAMPLE_NAME,
    FULL_NAME,
    HEADINGS,
    REQUIRED,
    column_of,
    known_columns,
)

Identity = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil, ready to enrol. `access_needs` are keys of rules/access.py."""

    line: int
    last_name: str
    first_name: str
    birth_date: date
    class_name: str
    guardians: tuple[Guardian, ...]
    commune: str
    postcode: str
    access_needs: tuple[str, ...]

    @property
    def identity(self) -> Identity:
        return identity(self.last_name, self.first_name, self.birth_date)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to mend. `line` and `column` are as the person sees them in the file.

    `found` is the start of the cell, `expected` what may stand there when it is a short list,
    `other_line` the first line of a pupil that comes twice.
    """

    code: str
    line: int | None = None
    column: str | None = None
    found: str = ""
    expected: str = ""
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the import would do. The file is taken only when there is no problem at all."""

    rows: tuple[PupilRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""


def identity(last_name: str, first_name: str, birth_date: date) -> Identity:
    """What makes two rows the same pupil of a school: accents, case and hyphens do not count."""
    return fold(last_name), fold(first_name), birth_date


def read_pupils(data: bytes, *, today: date, default_class: str | None = None) -> Preview:
    """Read a file of pupils; never raises.

    `today` serves to check ages. `default_class` is the class of every pupil when the file of one
    class has no such column.
    """
    table = read_table(data, known_columns=known_columns)
    if isinstance(table, Unreadable):
        return Preview(problems=(FileProblem(table.code),))
    places, problems = _columns(table.header, class_needed=default_class is None)
    rows: list[PupilRow] = []
    if not problems:
        headings = {key: table.header.cells[place] for key, place in places.items()}
        for row in table.rows:
            found = _read_row(row, table, places, today, default_class)
            if isinstance(found, PupilRow):
                rows.append(found)
            else:
                problems += [_with_heading(problem, row.line, headings) for problem in found]
        if not table.rows:
            problems.append(FileProblem("file_no_rows"))
        problems += _duplicates(rows, headings)
    return Preview(
        rows=tuple(rows),
        problems=tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        ignored_columns=tuple(
            heading for heading in table.header.cells if heading and column_of(heading) is None
        ),
        delimiter=table.delimiter,
        encoding=table.encoding,
    )


def _columns(header: Row, *, class_needed: bool) -> tuple[dict[str, int], list[FileProblem]]:
    """The place of each column that we know, and what is wrong with the first line."""
    places: dict[str, int] = {}
    problems: list[FileProblem] = []
    for place, heading in enumerate(header.cells):
        key = column_of(heading)
        if key is None:
            continue
        if key in places:
            problems.append(FileProblem("column_twice", header.line, heading))
        places.setdefault(key, place)
    if not places:
        return places, [FileProblem("file_no_headings", header.line)]
    needed = [key for key in REQUIRED if key != "class_name" or class_needed]
    if FULL_NAME in places:
        needed = [key for key in needed if key not in {"last_name", "first_name"}]
    problems += [
        FileProblem("column_missing", header.line, HEADINGS[key])
        for key in needed
        if key not in places
    ]
    return places, problems


def _read_row(
    row: Row, table: Table, places: Mapping[str, int], today: date, default_class: str | None
) -> PupilRow | list[CellProblem]:
    if any(row.cells[len(table.header.cells) :]):
        return [CellProblem("row_too_long", None)]
    typed = {
        key: row.cells[place] if place < len(row.cells) else "" for key, place in places.items()
    }
    if default_class is not None and not typed.get("class_name"):
        typed["class_name"] = default_class
    if _is_example(typed):
        return [CellProblem("row_example", "last_name", typed["last_name"])]
    problems: list[CellProblem] = []
    last_name, first_name = cells.names(typed, problems)
    birth_date = cells.birth_date(typed, today, problems)
    class_name = cells.class_name(typed, problems)
    guardians = tuple(
        guardian
        for who in ("guardian1", "guardian2")
        if (guardian := cells.guardian(typed, who, problems))
    )
    postcode = cells.postcode(typed, problems)
    commune = cells.commune(typed, problems)
    access_needs = cells.access_needs(typed, problems)
    if problems or birth_date is None:
        return problems
    return PupilRow(
        line=row.line,
        last_name=last_name,
        first_name=first_name,
        birth_date=birth_date,
        class_name=class_name,
        guardians=guardians,
        commune=commune,
        postcode=postcode,
        access_needs=access_needs,
    )


def _is_example(typed: Mapping[str, str]) -> bool:
    """Whether this is the row of our template, however the spreadsheet saved it."""
    names = (fold(typed.get("last_name", "")), fold(typed.get("first_name", "")))
    written = cells.parse_date(typed.get("birth_date", ""))
    return names == tuple(map(fold, EXAMPLE_NAME)) and written == EXAMPLE_BIRTH_DATE


def _with_heading(problem: CellProblem, line: int, headings: Mapping[str, str]) -> FileProblem:
    """The problem as the person sees it: under the heading of the file, or of our template."""
    column = None
    if problem.column is not None:
        column = headings.get(problem.column) or HEADINGS[problem.column]
    return FileProblem(problem.code, line, column, cells.shorten(problem.found), problem.expected)


def _duplicates(rows: list[PupilRow], headings: Mapping[str, str]) -> Iterator[FileProblem]:
    first_lines: dict[Identity, int] = {}
    for row in rows:
        first = first_lines.setdefault(row.identity, row.line)
        if first != row.line:
            yield FileProblem(
                "row_duplicate",
                row.line,
                headings.get("last_name") or headings[FULL_NAME],
                cells.shorten(f"{row.last_name} {row.first_name}"),
                other_line=first,
            )
