"""A file of pupils as its page shows it: the lines to mend, cell by cell, and the columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from matching.rules.pupils_columns import FULL_NAME, HEADINGS
from matching.rules.pupils_file import KEEP, SKIP, FileProblem
from matching.rules.pupils_kept import KeptFile, Line
from matching.services.import_plan import NEW
from matching.web.school_messages import cell_sentence

MOST_LINES = 100  # to mend on one page; the others come after
_NAMES = ("last_name", "first_name", FULL_NAME, "birth_date")
# Cells that may be wrong together: the one that the problem names, and those that explain it.
_TOGETHER = {
    "row_duplicate": _NAMES,
    "row_alike": _NAMES,
    "pupil_alike": _NAMES,
    "commune_unknown": ("commune", "postcode"),
    "commune_ambiguous": ("commune", "postcode"),
}
LOOKS = {
    "empty": _l("rien"),
    "dates": _l("des dates"),
    "emails": _l("des adresses électroniques"),
    "numbers": _l("des nombres"),
    "classes": _l("des classes"),
    "full_names": _l("des noms suivis de prénoms"),
    "words": _l("des mots"),
    "other": _l("autre chose"),
}


@dataclass(slots=True)
class Cell:
    """One cell to correct, under its heading; ``messages`` say what is wrong with it."""

    name: str
    heading: str
    value: str
    messages: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LineToMend:
    """One line of the file: its cells to correct, what is said of the whole, answers to choose."""

    number: int
    pupil: str
    cells: dict[int, Cell] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


def lines_to_mend(kept: KeptFile, problems: Iterable[FileProblem]) -> list[LineToMend]:
    """The problems of lines, line after line."""
    lines = {line.line: line for line in kept.lines}
    places = {column.key: place for place, column in enumerate(kept.columns) if column.key}
    found: dict[int, LineToMend] = {}
    for one in problems:
        if one.line not in lines:
            continue
        line = lines[one.line]
        mend = found.setdefault(line.line, LineToMend(line.line, _pupil(line, places)))
        _add(mend, line, one, places, kept)
    return list(found.values())


def of_the_file(kept: KeptFile, problems: Iterable[FileProblem]) -> list[FileProblem]:
    """The problems that are not about one line of pupils."""
    lines = {line.line for line in kept.lines}
    return [one for one in problems if one.line not in lines]


def typed_cells(form: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """(line, place) → text of the cells that the page sent."""
    found = {}
    for name, text in form.items():
        kind, *numbers = name.split("-")
        if kind == "c" and len(numbers) == 2 and all(_number(one) for one in numbers):
            found[int(numbers[0]), int(numbers[1])] = text
    return found


def decisions(form: "MultiDict[str, str]") -> dict[int, str]:
    """Line → what the person decided of it."""
    return {
        int(name[2:]): text
        for name, text in form.items()
        if name.startswith("d-") and _number(name[2:])
    }


def column_choices() -> list[tuple[str, str]]:
    """What a column may be."""
    names = [(key, _(heading)) for key, heading in HEADINGS.items()]
    return [("", _("Ne pas garder")), (FULL_NAME, _("Nom et prénom")), *names]


def typed_keys(form: Mapping[str, str], kept: KeptFile) -> tuple[str | None, ...]:
    """For each column what the page says that it is."""
    known = {FULL_NAME, *HEADINGS}
    given = [form.get(f"colonne-{place}", "") for place in range(len(kept.columns))]
    return tuple(key if key in known else None for key in given)


def letter(place: int) -> str:
    """The letters that a spreadsheet shows over a column: A, B… Z, AA…"""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 8


def _add(
    mend: LineToMend,
    line: Line,
    problem: FileProblem,
    places: Mapping[str, int],
    kept: KeptFile,
) -> None:
    message = cell_sentence(problem.code, problem.expected, problem.other_line)
    for key in _keys(problem, places):
        place = places[key]
        if place not in mend.cells:
            name = f"c-{line.line}-{place}"
            heading = kept.columns[place].heading or HEADINGS.get(key, "")
            mend.cells[place] = Cell(name, heading, line.cells.get(place, ""))
    if problem.key and problem.key in places and problem.code not in _TOGETHER:
        mend.cells[places[problem.key]].messages.append(message)
    else:
        heading = "" if problem.key in places or not problem.column else f"{problem.column} – "
        mend.messages.append(f"{heading}{message}")
    for decision, whom in problem.choices:
        mend.answers[decision] = _answer(decision, whom)
    mend.answers[SKIP] = _("Laisser cette ligne de côté")


def _keys(problem: FileProblem, places: Mapping[str, int]) -> Sequence[str]:
    """Our names of the cells to show for a problem, those that the file has."""
    wanted: Sequence[str] = _TOGETHER.get(problem.code, (problem.key or "",))
    if problem.code == "guardian_name_missing" and problem.key not in places:
        who = (problem.key or "").split("_")[0]
        wanted = [key for key in places if key.startswith(f"{who}_")]
    if problem.code in ("row_too_long", "row_example"):
        wanted = [*_NAMES, "class_name"]
    return [key for key in wanted if key in places]


def _answer(decision: str, whom: str) -> str:
    if decision == KEEP and whom == "":
        return str(_("Garder cette ligne comme elle est"))
    if decision == NEW:
        return str(_("Non, c’est un autre élève : l’ajouter"))
    return str(_("Oui, c’est %(name)s : mettre sa fiche à jour", name=whom))


def _pupil(line: Line, places: Mapping[str, int]) -> str:
    keys = ("last_name", "first_name", FULL_NAME)
    return " ".join(filter(None, (line.cells.get(places[k], "") for k in keys if k in places)))
