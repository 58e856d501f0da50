"""What a file of pupils would change in a school: compared line by line, nothing written."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.errors import RuleBroken
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.models.users import User
from matching.queries import pupils, schools
from matching.rules import pupils_file
from matching.rules.pupils_alike import Alikes
from matching.rules.pupils_cells import Guardian
from matching.rules.pupils_columns import HEADINGS
from matching.rules.pupils_file import FileProblem, PupilRow
from matching.services import locations
from matching.services.classes import same_class
from matching.services.enrolment import PupilDetails, identity_of
from matching.services.schools import sees_whole_school

NEW = "new"  # the decision that a pupil is none of those who look like him
SHOWN_CANDIDATES = 6  # communes named beside a cell that could be any of them


@dataclass(frozen=True, slots=True)
class Addition:
    """A pupil whom the school does not have yet."""

    row: PupilRow
    details: PupilDetails


@dataclass(frozen=True, slots=True)
class Update:
    """A pupil whom the file changes; ``changes`` names what differs (``NAMES`` of a change)."""

    row: PupilRow
    details: PupilDetails
    pupil: Pupil
    changes: tuple[str, ...]


@dataclass(slots=True)
class ClassPlan:
    """What the file does to one class; ``opened`` when the class does not exist yet."""

    name: str
    opened: bool
    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """What confirming would do; with a problem, nothing.

    ``classes`` is keyed by ``same_class``; ``absent`` counts the pupils that the person sees and
    the file does not name, ``skipped`` the lines left out; ``mark`` changes with anything that the
    plan depends on.
    """

    additions: list[Addition] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    unchanged: int = 0
    classes: dict[str, ClassPlan] = field(default_factory=dict)
    absent: int = 0
    skipped: int = 0
    problems: list[FileProblem] = field(default_factory=list)
    mark: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is already so."""
        return not (self.additions or self.updates or self.problems)


def compare(
    user: User,
    school: School,
    rows: Iterable[PupilRow],
    decisions: Mapping[int, str] | None = None,
) -> Plan:
    """The plan of this person for these lines.

    A person who sees only some classes may neither open one nor touch a pupil of another.
    ``decisions`` says, by line, whether a pupil who looks like one of the list is ``NEW`` or that
    one, named by his reference; until then it is a problem of the plan.
    """
    rows = list(rows)
    known = _Known(user, school)
    decided = {} if decisions is None else decisions
    plan, marks = Plan(), []
    find = commune_finder()
    details = {}
    for row in rows:
        details[row.line], problems = _details(row, find)
        plan.problems += problems
    exact = {row.line: known.take(identity_of(details[row.line])) for row in rows}
    for row in rows:
        key = same_class(row.class_name)
        group = known.groups.get(key)
        pupil = exact[row.line]
        if not known.whole and (group is None or group.id not in known.mine):
            plan.problems.append(_problem(row, "class_not_yours", "class_name", row.class_name))
        elif pupil is not None and pupil.class_group_id not in known.mine:
            plan.problems.append(_problem(row, "pupil_elsewhere", "last_name", row.last_name))
        elif pupil is None:
            pupil, alike = known.take_alike(row, decided.get(row.line, ""))
            if alike is not None:
                plan.problems.append(_question(row, alike))
        if key not in plan.classes:
            name = group.name if group else row.class_name
            plan.classes[key] = ClassPlan(name, opened=group is None)
        marks.append(_place(plan, plan.classes[key], row, details[row.line], pupil))
    plan.absent = known.left()
    plan.classes = dict(sorted(plan.classes.items()))
    opened = [key for key, one in plan.classes.items() if one.opened]
    plan.mark = hashlib.sha256(repr((school.id, opened, marks)).encode()).hexdigest()
    return plan


class _Known:
    """The pupils and classes of the school this year; each pupil is taken by one line at most."""

    def __init__(self, user: User, school: School) -> None:
        year = clock.school_year()
        found = list(db.session.scalars(pupils.of_school(school, year)))
        self._by_identity = {pupil.identity: pupil for pupil in found}
        seen = db.session.scalars(schools.classes_visible_to(user, year))
        self.mine = {group.id for group in seen}
        self.whole = sees_whole_school(user)
        every = db.session.scalars(
            sa.select(ClassGroup).where(
                ClassGroup.school_id == school.id, ClassGroup.school_year == year
            )
        )
        self.groups = {same_class(group.name): group for group in every}
        self._alikes: Alikes | None = None
        self._numbered: list[Pupil] = []

    def take(self, identity: str) -> Pupil | None:
        """The pupil of this identity, who is no longer free."""
        return self._by_identity.pop(identity, None)

    def take_alike(self, row: PupilRow, decision: str) -> tuple[Pupil | None, Pupil | None]:
        """The pupil whom the person says that this line is; or one to ask about, left free."""
        alike = self._find(row)
        if alike is None or decision == NEW:
            return None, None
        if alike.ref == decision:
            return self.take(alike.identity), None
        return None, alike

    def left(self) -> int:
        """How many pupils that the person sees no line has taken."""
        return sum(pupil.class_group_id in self.mine for pupil in self._by_identity.values())

    def _find(self, row: PupilRow) -> Pupil | None:
        if self._alikes is None:  # once the lines about known pupils have taken theirs
            self._alikes = Alikes()
            self._numbered = [
                one for one in self._by_identity.values() if one.class_group_id in self.mine
            ]
            for place, one in enumerate(self._numbered):
                names = pupils_file.identity(one.last_name, one.first_name, one.birth_date)
                self._alikes.add(names, place)
        found = self._alikes.find(row.identity)
        pupil = None if found is None else self._numbered[found]
        return pupil if pupil is not None and pupil.identity in self._by_identity else None


def commune_finder() -> Callable[[str, str], str]:
    """A cached ``locate``, from postcode and commune to the commune's code."""

    @cache
    def find(postcode: str, commune: str) -> str:
        return locations.locate(postcode=postcode, commune=commune).commune_code

    return find


def _place(
    plan: Plan, of_class: ClassPlan, row: PupilRow, details: PupilDetails, pupil: Pupil | None
) -> tuple[str, ...]:
    """Count the line where it belongs; return what its part of the mark is made of."""
    if pupil is None:
        plan.additions.append(Addition(row, details))
        of_class.added += 1
        return ("add", identity_of(details), of_class.name)
    merged, changes = _merge(pupil, details, of_class.name)
    if not changes:
        plan.unchanged += 1
        of_class.unchanged += 1
        return ("same", pupil.ref)
    plan.updates.append(Update(row, merged, pupil, changes))
    of_class.updated += 1
    return ("update", pupil.ref, pupil.class_group.ref, of_class.name, *changes, repr(merged))


def _details(
    row: PupilRow, find: Callable[[str, str], str]
) -> tuple[PupilDetails, list[FileProblem]]:
    """The line as details of a pupil, and what the gazetteer says against it."""
    code, problems = None, []
    if row.commune:
        try:
            code = find(row.postcode, row.commune)
        except RuleBroken as error:
            candidates = error.values.get("candidates", ())[:SHOWN_CANDIDATES]
            choices = ", ".join(name for _, name in candidates)
            problems.append(_problem(row, error.code, "commune", row.commune, choices))
    details = PupilDetails(
        last_name=row.last_name,
        first_name=row.first_name,
        birth_date=row.birth_date,
        guardians=row.guardians,
        commune_code=code,
        needs_access=bool(row.access_needs),
    )
    return details, problems


def _merge(
    pupil: Pupil, given: PupilDetails, class_name: str
) -> tuple[PupilDetails, tuple[str, ...]]:
    """The pupil once the file has spoken; an empty cell never erases what the school has typed."""
    before = tuple(
        Guardian(one.last_name, one.first_name, one.email or "", one.phone or "")
        for one in pupil.guardians
    )
    after = tuple(
        _merge_guardian(before[at] if at < len(before) else None, one)
        for at, one in enumerate(given.guardians)
    )
    after += before[len(after) :]
    merged = PupilDetails(
        last_name=given.last_name,
        first_name=given.first_name,
        birth_date=given.birth_date,
        guardians=after,
        commune_code=given.commune_code or pupil.commune_code,
        needs_access=given.needs_access or pupil.needs_access,
    )
    names = (merged.last_name, merged.first_name)
    changed = {
        "class": same_class(class_name) != same_class(pupil.class_group.name),
        "names": names != (pupil.last_name, pupil.first_name),
        "birth_date": merged.birth_date != pupil.birth_date,
        "guardians": after != before,
        "commune": merged.commune_code != pupil.commune_code,
        "access": merged.needs_access != pupil.needs_access,
    }
    return merged, tuple(what for what, differs in changed.items() if differs)


def _merge_guardian(before: Guardian | None, given: Guardian) -> Guardian:
    if before is None:
        return given
    return Guardian(
        last_name=given.last_name or before.last_name,
        first_name=given.first_name or before.first_name,
        email=given.email or before.email,
        phone=given.phone or before.phone,
    )


def _problem(row: PupilRow, code: str, column: str, found: str, expected: str = "") -> FileProblem:
    return FileProblem(code, row.line, HEADINGS[column], found, expected, key=column)


def _question(row: PupilRow, alike: Pupil) -> FileProblem:
    """Is this line about a pupil of the list?"""
    known = f"{alike.last_name} {alike.first_name}"
    born, name = f"{alike.birth_date:%d/%m/%Y}", alike.class_group.name
    return FileProblem(
        "pupil_alike",
        row.line,
        HEADINGS["last_name"],
        f"{row.last_name} {row.first_name}",
        f"{known}, {born}, {name}",
        key="last_name",
        choices=((alike.ref, known), (NEW, "")),
    )
