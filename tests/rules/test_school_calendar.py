"""Weeks of the school year, against the calendars published by the ministry."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import school_calendar as calendar

NATIONAL = ["A", "B", "B-alsace-moselle", "C"]

# First and last days of the holidays of each zone, copied by hand from the published calendars.
PUBLISHED = {
    2018: {
        "A": ["20/10-04/11", "22/12-06/01", "16/02-03/03", "13/04-28/04"],
        "B": ["20/10-04/11", "22/12-06/01", "09/02-24/02", "06/04-22/04"],
        "C": ["20/10-04/11", "22/12-06/01", "23/02-10/03", "20/04-05/05"],
    },
    2025: {
        "A": ["18/10-02/11", "20/12-04/01", "07/02-22/02", "04/04-19/04"],
        "B": ["18/10-02/11", "20/12-04/01", "14/02-01/03", "11/04-26/04"],
        "C": ["18/10-02/11", "20/12-04/01", "21/02-08/03", "18/04-03/05"],
    },
    2026: {
        "A": ["17/10-01/11", "19/12-03/01", "13/02-28/02", "10/04-25/04"],
        "B": ["17/10-01/11", "19/12-03/01", "20/02-07/03", "17/04-02/05"],
        "C": ["17/10-01/11", "19/12-03/01", "06/02-21/02", "03/04-18/04"],
    },
}


def day(text: str, school_year: int) -> date:
    number, month = (int(part) for part in text.split("/"))
    return date(school_year if month >= 9 else school_year + 1, month, number)


@pytest.mark.parametrize(
    ("school_year", "zone", "periods"),
    [(year, zone, periods) for year, zones in PUBLISHED.items() for zone, periods in zones.items()],
)
def test_the_four_holidays_are_those_published(
    school_year: int, zone: str, periods: list[str]
) -> None:
    expected = [tuple(day(end, school_year) for end in period.split("-")) for period in periods]
    found = calendar.school_holidays(zone, school_year)
    assert [(holiday.first_day, holiday.last_day) for holiday in found[:4]] == expected


@pytest.mark.parametrize("zone", ["A", "B", "C"])
@pytest.mark.parametrize("school_year", [2018, 2025, 2026, 2027])
def test_each_day_agrees_with_a_public_table_of_holidays(zone: str, school_year: int) -> None:
    oracle = holidays.France(
        subdiv=f"Zone {zone}", years=range(school_year, school_year + 2), categories=("school",)
    )
    one = date(school_year, 9, 10)
    while one < date(school_year + 1, 9, 10):
        assert (calendar.school_holiday(zone, one) is not None) == (one in oracle), one
        one += timedelta(days=1)


def test_the_year_2026_has_a_week_53() -> None:
    found = calendar.weeks(2026)
    assert found[0] == "2026-W36"
    assert found[17:19] == ["2026-W53", "2027-W01"]
    assert found[-1] == "2027-W34"
    assert len(found) == 52
    assert calendar.monday_of("2026-W53") == date(2026, 12, 28)
    assert calendar.week_problem("A", "2026-W53") == "week_holiday"
    assert calendar.week_problem("A", "2027-W53") == "week_format"


@given(st.integers(2000, 2098))
def test_each_week_belongs_to_one_school_year(school_year: int) -> None:
    this_year, next_year = calendar.weeks(school_year), calendar.weeks(school_year + 1)
    assert not set(this_year) & set(next_year)
    gap = calendar.monday_of(next_year[0]) - calendar.monday_of(this_year[-1])
    assert gap == timedelta(weeks=1)
    assert {calendar.school_year_of_week(week) for week in this_year} == {school_year}


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_day_is_found_again_in_its_week(one: date) -> None:
    assert one in calendar.days_of(calendar.week_of(one), range(1, 8))
    school_year = calendar.school_year_of(one)
    assert calendar.first_day(school_year) <= one <= calendar.last_day(school_year)


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_2026_2027_has_thirty_whole_weeks_and_four_short_ones(zone: str) -> None:
    whole = calendar.bookable_weeks(zone, 2026)
    assert len(whole) == 30
    assert calendar.monday_of(whole[0]) == date(2026, 9, 7)
    assert calendar.days_of(whole[-1])[-1] == date(2027, 6, 25)
    short = sorted(set(calendar.bookable_weeks(zone, 2026, 3)) - set(whole))
    assert short == ["2026-W46", "2027-W13", "2027-W18", "2027-W20"]
    free = [sorted(calendar.free_weekdays(zone, week)) for week in short]
    assert free == [[1, 2, 4, 5], [2, 3, 4, 5], [1, 2, 3], [2, 3, 4, 5]]


def test_alsace_moselle_keeps_good_friday_and_the_day_after_christmas() -> None:
    zone = calendar.zone_of("67")
    assert zone == calendar.zone_of("57") == calendar.zone_of("68") == "B-alsace-moselle"
    assert calendar.free_weekdays("B", "2027-W12") == calendar.WEEKDAYS
    assert calendar.free_weekdays(zone, "2027-W12") == {1, 2, 3, 4}
    assert calendar.public_holiday(zone, date(2025, 12, 26)) is not None
    assert calendar.public_holiday("B", date(2025, 12, 26)) is None
    assert calendar.school_holidays(zone, 2026) == calendar.school_holidays("B", 2026)


@pytest.mark.parametrize(
    ("departement", "holiday"),
    [
        ("971", date(2027, 5, 27)),
        ("972", date(2027, 5, 22)),
        ("973", date(2027, 6, 10)),
        ("974", date(2027, 12, 20)),
        ("976", date(2027, 4, 27)),
    ],
)
def test_overseas_the_end_of_slavery_is_a_holiday(departement: str, holiday: date) -> None:
    zone = calendar.zone_of(departement)
    assert zone is not None
    assert calendar.public_holiday(zone, holiday) is not None
    assert calendar.public_holiday("A", holiday) is None


@pytest.mark.parametrize("departement", ["2A", "2B", "971", "974", "976", "988"])
def test_where_the_school_vouches_only_public_holidays_are_refused(departement: str) -> None:
    zone = calendar.zone_of(departement)
    assert zone is not None
    assert calendar.school_vouches(zone)
    assert calendar.week_problem(zone, "2026-W52") == "week_short"
    assert calendar.week_problem(zone, "2027-W07") is None
    assert calendar.calendar_known(zone, 2040)


def test_academies_cover_the_mainland_in_24_academies() -> None:
    mainland = [f"{number:02}" for number in range(1, 96) if number != 20]
    zones = {calendar.academy_of(code): calendar.zone_of(code) for code in mainland}
    by_letter = [str(zone)[0] for zone in zones.values()]
    assert [by_letter.count(letter) for letter in "ABC"] == [8, 11, 5]


@pytest.mark.parametrize(
    ("departement", "academy", "zone"),
    [
        ("01", "Lyon", "A"),
        ("64", "Bordeaux", "A"),
        ("13", "Aix-Marseille", "B"),
        ("57", "Nancy-Metz", "B-alsace-moselle"),
        ("59", "Lille", "B"),
        ("75", "Paris", "C"),
        ("34", "Montpellier", "C"),
        ("2A", "Corse", "corse"),
        ("974", "La Réunion", "la-reunion"),
        ("96", None, None),
        ("1", None, None),
    ],
)
def test_a_departement_has_its_academy_and_zone(
    departement: str, academy: str | None, zone: str | None
) -> None:
    assert calendar.academy_of(departement) == academy
    assert calendar.zone_of(departement) == zone


def test_each_zone_of_the_table_has_a_name() -> None:
    codes = [f"{number:02}" for number in range(1, 96) if number != 20]
    codes += [
        "2A",
        "2B",
        "971",
        "972",
        "973",
        "974",
        "975",
        "976",
        "977",
        "978",
        "986",
        "987",
        "988",
    ]
    assert {calendar.zone_of(code) for code in codes} == set(calendar.ZONE_NAMES)
    assert max(map(len, calendar.ZONE_NAMES)) <= 16  # the width of the column


@pytest.mark.parametrize(
    ("zone", "week", "weekdays", "code"),
    [
        ("A", "2027-W05", {1, 2, 3, 4, 5}, None),
        ("A", "2027-W05", {1, 2, 4}, None),
        ("A", "2027-W07", {1, 2, 3, 4, 5}, "week_holiday"),
        ("B", "2027-W07", {1, 2, 3, 4, 5}, None),
        ("A", "2026-W46", {1, 2, 3, 4, 5}, "week_short"),
        ("A", "2026-W46", {1, 2, 4, 5}, None),
        ("A", "2026-W46", {1, 2, 3}, "week_short"),
        ("A", "2027-W18", {1, 2, 3}, None),
        ("A", "2027-W05", {1, 2}, "weekdays_count"),
        ("A", "2027-W05", set(), "weekdays_count"),
        ("A", "2027-W05", {1, 2, 3, 6}, "weekdays_weekend"),
        ("A", "2026-W36", {1, 2, 3, 4, 5}, "week_outside_season"),
        ("A", "2027-W26", {1, 2, 3, 4, 5}, "week_outside_season"),
        ("A", "2027-W30", {1, 2, 3, 4, 5}, "week_outside_season"),
        ("A", "2028-W50", {1, 2, 3, 4, 5}, "week_calendar_unknown"),
        ("A", "2027-W5", {1, 2, 3, 4, 5}, "week_format"),
        ("A", "2027-W00", {1, 2, 3, 4, 5}, "week_format"),
        ("A", "", {1, 2, 3, 4, 5}, "week_format"),
        ("A", "9999-W52", {1, 2, 3, 4, 5}, "week_format"),
    ],
)
def test_a_week_is_taken_or_its_fault_named(
    zone: str, week: str, weekdays: set[int], code: str | None
) -> None:
    assert calendar.week_problem(zone, week, weekdays) == code


@pytest.mark.parametrize(
    ("zone", "week", "name"),
    [
        ("A", "2027-W07", "Vacances d’hiver"),
        ("B", "2027-W07", ""),
        ("A", "2026-W46", "Armistice"),
        ("B-alsace-moselle", "2027-W12", "Vendredi saint"),
    ],
)
def test_a_week_tells_its_first_holiday(zone: str, week: str, name: str) -> None:
    assert calendar.holiday_in(zone, week) == name


def test_a_monday_after_the_holidays_only_shortens_its_week() -> None:
    # Zone B came back on Tuesday 23 April 2019, after Easter Monday.
    assert calendar.free_weekdays("B", "2019-W17") == {2, 3, 4, 5}


def test_the_long_summer_runs_into_the_next_school_year() -> None:
    # In 2027 pupils come back on Thursday 2 September.
    assert calendar.school_holiday("A", date(2027, 9, 1)) == "Vacances d’été"
    assert calendar.school_holiday("A", date(2027, 9, 2)) is None


@given(st.sampled_from(NATIONAL), st.sampled_from(calendar.weeks(2025) + calendar.weeks(2026)))
def test_no_bookable_week_holds_a_holiday(zone: str, week: str) -> None:
    if calendar.week_problem(zone, week) is None:
        for one in calendar.days_of(week):
            assert calendar.school_holiday(zone, one) is None
            assert calendar.public_holiday(zone, one) is None


@given(st.text(max_size=12))
def test_any_text_for_a_week_gets_an_answer(text: str) -> None:
    assert calendar.week_problem("A", text) == "week_format"
