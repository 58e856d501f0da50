"""Classes with their teachers, and the weeks in which they leave."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from matching.demo import calendar
from matching.demo.adults import Post, hire
from matching.demo.plan import chance, reference, shares
from matching.demo.rows import insert, insert_silently
from matching.demo.schools import PlantedSchool
from matching.models.schools import ClassGroup, PlacementWindow
from matching.models.users import Role

CLASS_SIZE = 25
WITH_OWN_WEEKS = 0.12  # share of classes that do not leave with their school
LONELY = 4  # number of the school, in the first campaign, whose class A leaves out of season
_LETTERS = "ABCDEFGHJKLM"


@dataclass(frozen=True, slots=True)
class PlantedClass:
    """A class, how many pupils it has, and the weeks in which they may leave."""

    id: int
    school: PlantedSchool
    name: str
    pupils: int
    weeks: tuple[str, ...]
    own_weeks: bool


def plant(
    schools: list[PlantedSchool], weeks: dict[str, list[str]], school_year: int, now: datetime
) -> list[PlantedClass]:
    """Insert the classes; return them in order."""
    source = chance("classes")
    drafts: list[PlantedClass] = []
    windows: list[dict[str, Any]] = []
    for number, school in enumerate(schools):
        known = weeks[school.ground.code]
        usual = calendar.some_weeks(source, known, source.choice(school.campaign.windows))
        windows += _window_rows(school.id, None, school_year, usual)
        classes = _of_school(source, school, known, usual)
        if number == LONELY:
            other = calendar.other_week(school.ground.zone, school_year, known)
            classes[0] = replace(classes[0], weeks=(other,) if other else usual, own_weeks=True)
        drafts += classes
    posts = [Post(Role.CLASS_TEACHER, school_id=draft.school.id) for draft in drafts]
    teachers = hire(source, posts, now - timedelta(days=68))
    ids = insert(
        ClassGroup,
        [
            {
                "ref": reference(source),
                "school_id": draft.school.id,
                "school_year": school_year,
                "name": draft.name,
                "class_teacher_id": teacher,
            }
            for draft, teacher in zip(drafts, teachers, strict=True)
        ],
    )
    planted = [replace(draft, id=class_id) for draft, class_id in zip(drafts, ids, strict=True)]
    for one in planted:
        if one.own_weeks:
            windows += _window_rows(one.school.id, one.id, school_year, one.weeks)
    insert_silently(PlacementWindow, windows)
    return planted


def _of_school(
    source: random.Random, school: PlantedSchool, known: list[str], usual: tuple[str, ...]
) -> list[PlantedClass]:
    """Classes of about the same size; they are numbered once inserted."""
    count = min(len(_LETTERS), max(1, round(school.pupils / CLASS_SIZE)))
    sizes = shares(school.pupils, [source.uniform(0.9, 1.1) for _ in range(count)])
    classes = []
    for letter, size in zip(_LETTERS[:count], sizes, strict=True):
        apart = source.random() < WITH_OWN_WEEKS
        weeks = calendar.some_weeks(source, known, 2) if apart else usual
        classes.append(PlantedClass(0, school, f"3e {letter}", size, weeks, apart))
    return classes


def _window_rows(
    school_id: int, class_id: int | None, school_year: int, weeks: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Whole weeks, of a school or of one of its classes."""
    return [
        {
            "school_id": school_id,
            "class_group_id": class_id,
            "school_year": school_year,
            "week": week,
            "weekdays": "12345",
        }
        for week in weeks
    ]
