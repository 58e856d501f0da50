"""The lines of pupils.csv."""

from dataclasses import dataclass, field

from matching.spreadsheet import cells
from matching.spreadsheet.faults import Fault, LineRefused
from matching.spreadsheet.places import Place, locate
from matching.spreadsheet.read import Row, Table

DEFAULT_REACH = 2000  # 20 km, in tens of metres
HIGHEST_CLASS = 1000


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil. `weeks` empty: any week. `reach` in tens of metres. `entitled` and `sectors` are
    codes."""

    pupil: str
    weeks: tuple[str, ...]
    place: Place
    reach: int
    class_of_service: int
    entitled: tuple[str, ...]
    school: str
    sectors: tuple[str, ...]
    needs_access: bool
    apart: str = ""  # name of a set in his school, of whom one at most is in a place at a time
    line: int = field(default=0, compare=False)  # in the file

    def free_in(self, week: str) -> bool:
        return not self.weeks or week in self.weeks


def read_pupils(table: Table) -> tuple[list[PupilRow], set[str], list[Fault]]:
    """The pupils in order of key, every name of a pupil (bad lines included), and a fault for
    each bad line."""
    pupils: dict[str, PupilRow] = {}
    faults: list[Fault] = []
    for row in table.rows:
        try:
            pupil = _pupil(row)
            if pupil.pupil in pupils:
                raise row.refuse("pupil", "un identifiant qui ne sert qu’une fois dans le fichier")
            pupils[pupil.pupil] = pupil
        except LineRefused as refusal:
            faults.append(refusal.fault)
    return [pupils[key] for key in sorted(pupils)], {row["pupil"] for row in table.rows}, faults


def _pupil(row: Row) -> PupilRow:
    name = cells.key(row, "pupil")
    place = locate(row)
    reach = cells.tens_of_metres(row, "max_km", zero=False) if row["max_km"] else DEFAULT_REACH
    return PupilRow(
        pupil=name,
        weeks=cells.weeks(row, "weeks"),
        place=place,
        reach=reach,
        class_of_service=cells.integer(
            row, "class_of_service", -HIGHEST_CLASS, HIGHEST_CLASS, default=0
        ),
        entitled=cells.codes(row, "entitled"),
        school=row["school"],
        sectors=cells.codes(row, "sectors"),
        needs_access=cells.flag(row, "needs_access"),
        apart=row["apart"],
        line=row.line,
    )
