"""From one file of the folder to rows of cells under known column names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.rules.file_reading import Unreadable, UnreadableCode, fold
from matching.rules.file_reading import read_table as read_bytes
from matching.spreadsheet.columns import File
from matching.spreadsheet.faults import Fault, LineRefused

LARGEST_FILE = 512 * 1024 * 1024  # bytes; a whole country of pupils takes about a tenth of it
MOST_ROWS = 20_000_000

UNREADABLE: dict[UnreadableCode, tuple[str, str]] = {
    "file_empty": ("", "une ligne de titres puis des données"),
    "file_too_big": ("un fichier trop gros", f"{LARGEST_FILE // 1024**2} Mo au plus"),
    "file_not_table": (
        "autre chose qu’un tableau",
        "du texte CSV en UTF-8 ou en Windows-1252, où chaque guillemet ouvert est fermé",
    ),
    "file_spreadsheet": ("un classeur", "un fichier enregistré en CSV"),
    "file_too_many_rows": ("trop de lignes", f"{MOST_ROWS} lignes au plus"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `cells` by column name (a column that the file lacks is absent), `headings` as
    they were typed, for the messages."""

    file: str
    line: int
    cells: dict[str, str]
    headings: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def refuse(self, column: str, expected: str, found: str | None = None) -> LineRefused:
        """The error to raise when the cell under `column` is not what it should be."""
        heading = self.headings.get(column, column)
        return LineRefused(
            Fault(self.file, self.line, heading, self[column] if found is None else found, expected)
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file. `faults` has one entry for each line that is not a row, or one for
    the file when it cannot be read at all. `ignored` lists the headings that nobody asked for."""

    rows: list[Row]
    faults: list[Fault]
    ignored: list[str]


def read_table(folder: Path, file: File) -> Table:
    """Reads `file` in `folder`. A missing file is an empty table, with a fault if it is needed."""
    path = folder / file.name
    if not path.is_file():
        missing = [Fault(file.name, 0, "", "", f"ce fichier dans le dossier « {folder} »")]
        return Table([], missing if file.needed or path.exists() else [], [])
    try:
        if path.stat().st_size > LARGEST_FILE:
            return _unreadable(file, "file_too_big")
        return parse_table(path.read_bytes(), file)
    except OSError as error:
        found = error.strerror or type(error).__name__
        return Table([], [Fault(file.name, 0, "", found, "un fichier lisible")], [])


def parse_table(content: bytes, file: File) -> Table:
    """The same from the bytes of the file."""
    known = {fold(name) for column in file.columns for name in (column.name, *column.also)}

    def known_columns(cells: Sequence[str]) -> int:
        return sum(fold(cell) in known for cell in cells)

    table = read_bytes(
        content, known_columns=known_columns, max_bytes=LARGEST_FILE, max_rows=MOST_ROWS
    )
    if isinstance(table, Unreadable):
        return _unreadable(file, table.code)
    try:
        columns = _columns(table.header.cells, table.header.line, file)
    except LineRefused as refusal:
        return Table([], [refusal.fault], [])
    width = len(table.header.cells)
    headings = {column: table.header.cells[place] for column, place in columns.items()}
    rows: list[Row] = []
    faults: list[Fault] = []
    for row in table.rows:
        if any(row.cells[width:]):
            faults.append(_too_long(file.name, row.line, row.cells, width))
            continue
        cells = {name: row.cells[at] for name, at in columns.items() if at < len(row.cells)}
        rows.append(Row(file.name, row.line, cells, headings))
    if file.filled and not rows and not faults:
        faults.append(Fault(file.name, 0, "", "", "au moins une ligne sous les titres"))
    used = set(columns.values())
    ignored = [name for at, name in enumerate(table.header.cells) if name and at not in used]
    return Table(rows, faults, ignored)


def _unreadable(file: File, code: UnreadableCode) -> Table:
    found, expected = UNREADABLE[code]
    return Table([], [Fault(file.name, 0, "", found, expected)], [])


def _columns(headings: Sequence[str], line: int, file: File) -> dict[str, int]:
    """Column name → position. Refuses a needed column that is missing and one that comes twice."""
    places: dict[str, int] = {}
    folded = [fold(heading) for heading in headings]
    for column in file.columns:
        names = {fold(name) for name in column.also}
        found = [at for at, name in enumerate(folded) if name == fold(column.name)]
        found = found or [at for at, name in enumerate(folded) if name in names]
        if len(found) > 1:
            twice = " et ".join(headings[at] for at in found)
            expected = f"une seule colonne « {column.name} »"
            raise LineRefused(Fault(file.name, line, headings[found[-1]], twice, expected))
        if found:
            places[column.name] = found[0]
        elif column.needed:
            either = f" (ou « {column.also[0]} »)" if column.also else ""
            expected = f"une colonne « {column.name} »{either}"
            raise LineRefused(
                Fault(file.name, line, "", ", ".join(filter(None, headings)), expected)
            )
    return places


def _too_long(name: str, line: int, cells: Sequence[str], width: int) -> Fault:
    extra = next(cell for cell in cells[width:] if cell)
    expected = (
        f"{width} cellules comme dans les titres (un nombre à virgule se met entre guillemets "
        "quand la virgule sépare les cellules)"
    )
    return Fault(name, line, "", extra, expected)
