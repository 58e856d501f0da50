"""A school's file of pupils: the cells that we kept → the pupils to enrol, and what to mend.

What a person corrects afterwards changes the kept cells, and `check` reads them again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from matching.rules import pupils_cells as cells
from matching.rules.file_reading import Unreadable, fold
from matching.rules.pupils_alike import Alikes, Identity
from matching.rules.pupils_cells import CellProblem, Guardian
from matching.rules.pupils_columns import (
    EXAMPLE_BIRTH_DATE,
    EXAMPLE_NAME,
    FULL_NAME,
    HEADINGS,
    NAMES,
)
from matching.rules.pupils_kept import KeptFile, Line, ignored_columns, keep
from matching.rules.pupils_layout import missing

SKIP, KEEP = "skip", "keep"  # what a person may decide of a line


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

    `key` is our name of the column. `found` is the start of the cell, `expected` what may stand
    there when it is a short list, `other_line` the line of a pupil that comes twice. `choices` are
    decisions that settle it, as (decision, whom it is about).
    """

    code: str
    line: int | None = None
    column: str | None = None
    found: str = ""
    expected: str = ""
    other_line: int | None = None
    key: str | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What the import would do. The file is taken only when there is no problem at all."""

    rows: tuple[PupilRow, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""
    skipped: int = 0


@dataclass(slots=True)
class _Reading:
    """What `check` gathers line after line."""

    rows: list[PupilRow] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)


def identity(last_name: str, first_name: str, birth_date: date) -> Identity:
    """What makes two rows the same pupil of a school: accents, case and hyphens do not count."""
    return fold(last_name), fold(first_name), birth_date


def read_pupils(data: bytes, *, today: date, default_class: str | None = None) -> Preview:
    """Read a file of pupils as we guess it; never raises. `keep` and `check` in one."""
    kept = keep(data, today=today)
    if isinstance(kept, Unreadable):
        return Preview(problems=(unreadable_problem(kept),))
    return check(kept, today=today, default_class=default_class)


def check(
    kept: KeptFile,
    *,
    today: date,
    default_class: str | None = None,
    decisions: Mapping[int, str] | None = None,
) -> Preview:
    """The pupils of the kept lines, and one problem for each wrong cell; never raises.

    `today` serves to check ages. `default_class` is the class of every pupil whose line names
    none. `decisions` says, by line, what a person has answered: SKIP leaves the line out, KEEP
    takes it as it stands.
    """
    decisions = decisions or {}
    problems, headings = _column_problems(kept, class_needed=default_class is None)
    reading = _Reading(problems=problems)
    skipped = 0
    if not problems:
        for line in kept.lines:
            if decisions.get(line.line) == SKIP:
                skipped += 1
                continue
            found = _read_line(line, kept, today, default_class, decisions)
            if isinstance(found, PupilRow):
                reading.rows.append(found)
            else:
                reading.problems += [_with_heading(one, line.line, headings) for one in found]
        if not kept.lines:
            reading.problems.append(FileProblem("file_no_rows"))
        reading.problems += _doubles(reading.rows, decisions, headings)
    return Preview(
        rows=tuple(reading.rows),
        problems=tuple(sorted(reading.problems, key=lambda problem: problem.line or 0)),
        ignored_columns=ignored_columns(kept.columns),
        delimiter=kept.delimiter,
        encoding=kept.encoding,
        skipped=skipped,
    )


def unreadable_problem(found: Unreadable) -> FileProblem:
    """Why nothing of a file could be read; a broken line is named."""
    code = "file_quotes" if found.line and found.code == "file_not_table" else found.code
    return FileProblem(code, found.line)


def _column_problems(
    kept: KeptFile, *, class_needed: bool
) -> tuple[list[FileProblem], dict[str, str]]:
    """What is wrong with the columns, and the heading of each by its key."""
    headings: dict[str, str] = {}
    problems: list[FileProblem] = []
    line = kept.header_line or None
    for column in kept.columns:
        if column.key is None:
            continue
        heading = column.heading or NAMES[column.key]
        if column.key in headings:
            problems.append(FileProblem("column_twice", line, heading, key=column.key))
        headings.setdefault(column.key, heading)
    if not headings:
        return [FileProblem("file_no_headings", line)], headings
    problems += [
        FileProblem("column_missing", line, HEADINGS[key], key=key)
        for key in missing(set(headings), class_needed=class_needed)
    ]
    return problems, headings


def _read_line(
    line: Line,
    kept: KeptFile,
    today: date,
    default_class: str | None,
    decisions: Mapping[int, str],
) -> PupilRow | list[CellProblem]:
    if line.extra and decisions.get(line.line) != KEEP:
        return [CellProblem("row_too_long", None)]
    typed = {
        column.key: line.cells.get(place, "")
        for place, column in enumerate(kept.columns)
        if column.key
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
        line=line.line,
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
        column = headings.get(problem.column) or NAMES[problem.column]
    choices = ((KEEP, ""),) if problem.code == "row_too_long" else ()
    found = cells.shorten(problem.found)
    return FileProblem(
        problem.code, line, column, found, problem.expected, key=problem.column, choices=choices
    )


def _doubles(
    rows: Sequence[PupilRow], decisions: Mapping[int, str], headings: Mapping[str, str]
) -> Iterator[FileProblem]:
    """Lines about a pupil whom an earlier line names, or seems to name."""
    key = "last_name" if "last_name" in headings else FULL_NAME
    first_lines: dict[Identity, int] = {}
    seen = Alikes()
    for row in rows:
        first = first_lines.setdefault(row.identity, row.line)
        found = cells.shorten(f"{row.last_name} {row.first_name}")
        if first != row.line:
            yield FileProblem(
                "row_duplicate", row.line, headings[key], found, other_line=first, key=key
            )
            continue
        other = seen.find(row.identity)
        if other is not None and decisions.get(row.line) != KEEP:
            yield FileProblem(
                "row_alike",
                row.line,
                headings[key],
                found,
                other_line=other,
                key=key,
                choices=((KEEP, ""),),
            )
        seen.add(row.identity, row.line)
