"""The weeks in which a school lets its pupils leave.

The weeks of a class replace those of the school; several weeks mean any one of them.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, PlacementWindow, School
from matching.models.statuses import HOLDING
from matching.models.users import User
from matching.rules import school_calendar as calendar
from matching.services import schools

Stranded = tuple[str, str, int]  # a week, a class, pupils who hold a place in it


@transactional
def choose(
    user: User,
    school: School,
    *,
    week: str,
    weekdays: str | None = None,
    class_group: ClassGroup | None = None,
) -> None:
    """Let the pupils of the school, or of one class, leave in this week.

    ``weekdays`` is written "1245"; without it, every free day of the week. Choosing a week again
    only sets its days. Raises RuleBroken (field ``week``): a code of ``week_problem`` (value
    ``why``, the holiday's name), ``week_past``, ``week_other_year``, ``week_in_use``.
    """
    stranded = _prepare(user, school, class_group)
    days = _days(school.holiday_zone, week, weekdays)
    known = _window(school, class_group, week)
    if known is None:
        known = PlacementWindow(
            school_id=school.id,
            class_group_id=class_group.id if class_group else None,
            school_year=clock.school_year(),
            week=week,
        )
        db.session.add(known)
    known.weekdays = days
    _refuse_to_strand(school, stranded)


@transactional
def give_up(
    user: User, school: School, *, week: str, class_group: ClassGroup | None = None
) -> None:
    """Take a week away; a week that is not there is already away.

    Raises RuleBroken ``week_in_use`` (values ``pupils``, ``week``) when pupils of these classes
    hold a place in it.
    """
    stranded = _prepare(user, school, class_group)
    known = _window(school, class_group, week)
    if known is None:
        return
    db.session.delete(known)
    _refuse_to_strand(school, stranded)


def effective(windows: Iterable[PlacementWindow], class_group: ClassGroup) -> list[PlacementWindow]:
    """The windows that hold for a class, of all those of its school."""
    windows = list(windows)
    own = [window for window in windows if window.class_group_id == class_group.id]
    return own or [window for window in windows if window.class_group_id is None]


def _prepare(user: User, school: School, class_group: ClassGroup | None) -> set[Stranded]:
    """Check the right to change, lock, and note who is already outside the weeks of his class."""
    if class_group is None:
        schools.refuse_part_of_school(user)
    schools.refuse_closed(school)
    schools.lock(school)
    return _stranded(school)


def _days(zone: str, week: str, weekdays: str | None) -> str:
    """The days to keep, or RuleBroken with the reason."""
    try:
        monday = calendar.monday_of(week)
    except ValueError:
        raise RuleBroken("week_format", field="week", week=week, why="") from None
    if calendar.school_year_of_week(week) != clock.school_year():
        raise RuleBroken("week_other_year", field="week", week=week, why="")
    if monday <= clock.today():
        raise RuleBroken("week_past", field="week", week=week, why="")
    wanted = calendar.free_weekdays(zone, week)
    if weekdays is not None:
        wanted = frozenset(int(day) for day in weekdays if day.isdecimal())
    elif len(wanted) < calendar.MIN_WEEKDAYS:
        raise RuleBroken(
            "week_holiday", field="week", week=week, why=calendar.holiday_in(zone, week)
        )
    if problem := calendar.week_problem(zone, week, wanted):
        raise RuleBroken(problem, field="week", week=week, why=calendar.holiday_in(zone, week))
    return "".join(str(day) for day in sorted(wanted))


def _window(school: School, class_group: ClassGroup | None, week: str) -> PlacementWindow | None:
    return db.session.scalar(
        sa.select(PlacementWindow).where(
            PlacementWindow.school_id == school.id,
            PlacementWindow.class_group_id == class_group.id
            if class_group
            else PlacementWindow.class_group_id.is_(None),
            PlacementWindow.week == week,
        )
    )


def _refuse_to_strand(school: School, before: set[Stranded]) -> None:
    """No change may put the place of a pupil outside the weeks of the class.

    Those who were outside before, having changed class, are not counted against it.
    """
    db.session.flush()
    for week, class_name, pupils in sorted(_stranded(school) - before):
        raise RuleBroken(
            "week_in_use", field="week", week=week, class_name=class_name, pupils=pupils
        )


def _stranded(school: School) -> set[Stranded]:
    windows = list(
        db.session.scalars(
            sa.select(PlacementWindow).where(
                PlacementWindow.school_id == school.id,
                PlacementWindow.school_year == clock.school_year(),
            )
        )
    )
    held = db.session.execute(
        sa.select(ClassGroup, Placement.week, sa.func.count(Placement.id))
        .join(Pupil, Pupil.class_group_id == ClassGroup.id)
        .join(Placement, Placement.pupil_id == Pupil.id)
        .where(
            ClassGroup.school_id == school.id,
            ClassGroup.school_year == clock.school_year(),
            Placement.status.in_(HOLDING),
        )
        .group_by(ClassGroup.id, Placement.week)
    )
    return {
        (week, class_group.name, pupils)
        for class_group, week, pupils in held
        if week not in {window.week for window in effective(windows, class_group)}
    }
