"""What a file of pupils would change in a school: compared line by line, nothing written."""

import hashlib
from collections.abc import Callable, Iterable
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
from matching.rules.pupils_cells import Guardian
from matching.rules.pupils_columns import HEADINGS
from matching.rules.pupils_file import FileProblem, PupilRow
from matching.services import locations
from matching.services.classes import same_class
from matching.services.enrolment import PupilDetails, identity_of
from matching.services.schools import sees_whole_school

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
    the file does not name; ``mark`` changes with anything that the plan depends on.
    """

    additions: list[Addition] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    unchanged: int = 0
    classes: dict[str, ClassPlan] = field(default_factory=dict)
    absent: int = 0
    problems: list[FileProblem] = field(default_factory=list)
    mark: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is already so."""
        return not (self.additions or self.updates or self.problems)


def compare(user: User, school: School, rows: Iterable[PupilRow]) -> Plan:
    """The plan of this person for these lines.

    A person who sees only some classes may neither open one nor touch a pupil of another.
    """
    year = clock.school_year()
    known = {pupil.identity: pupil for pupil in db.session.scalars(pupils.of_school(school, year))}
    seen = list(db.session.scalars(schools.classes_visible_to(user, year)))
    every = db.session.scalars(
        sa.select(ClassGroup).where(
            ClassGroup.school_id == school.id, ClassGroup.school_year == year
        )
    )
    groups = {same_class(group.name): group for group in every}
    mine = {group.id for group in seen}
    whole = sees_whole_school(user)
    plan, marks = Plan(), []
    find = commune_finder()
    for row in rows:
        key = same_class(row.class_name)
        group = groups.get(key)
        details, problems = _details(row, find)
        pupil = known.pop(identity_of(details), None)
        if not whole and (group is None or group.id not in mine):
            problems.append(_problem(row, "class_not_yours", "class_name", row.class_name))
        elif pupil is not None and pupil.class_group_id not in mine:
            problems.append(_problem(row, "pupil_elsewhere", "last_name", row.last_name))
        plan.problems += problems
        if key not in plan.classes:
            name = group.name if group else row.class_name
            plan.classes[key] = ClassPlan(name, opened=group is None)
        marks.append(_place(plan, plan.classes[key], row, details, pupil))
    plan.absent = sum(pupil.class_group_id in mine for pupil in known.values())
    plan.classes = dict(sorted(plan.classes.items()))
    opened = [key for key, one in plan.classes.items() if one.opened]
    plan.mark = hashlib.sha256(repr((school.id, opened, marks)).encode()).hexdigest()
    return plan


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
    return FileProblem(code, row.line, HEADINGS[column], found, expected)
