"""Codes of communes that have merged follow their commune; what nobody knows is told."""

import csv
import gzip

import pytest
import sqlalchemy as sa

from matching import paths
from matching.geography.communes import GAZETTEER_YEAR, gazetteer
from matching.models.schools import School
from matching.services import commune_refresh, locations
from tests.factories import people, places


@pytest.fixture(scope="module")
def merged() -> tuple[str, str]:
    """A former code and today's, read from the shipped file."""
    with gzip.open(paths.DATA / "aliases.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["former_code"] and gazetteer().by_code(row["code"]):
                return row["former_code"], row["code"]
    raise AssertionError("the shipped file knows no former code")


def test_rows_of_a_merged_commune_move_and_keep_their_point(session, merged) -> None:
    former, today = merged
    school, site = places.school(), places.site()
    pupil = people.pupil(places.class_group(), commune_code=former)
    for row in (school, site):
        row.commune_code, row.gazetteer_year = former, 2019
    session.commit()
    points = [(row.lat, row.lon) for row in (school, site)]
    done = commune_refresh.refresh()
    session.expire_all()
    assert (done.rows, done.merged, done.unknown) == (3, {former: today}, ())
    assert {school.commune_code, site.commune_code, pupil.commune_code} == {today}
    assert {school.gazetteer_year, site.gazetteer_year} == {GAZETTEER_YEAR}
    assert [(row.lat, row.lon) for row in (school, site)] == points
    expected = locations.at_commune(gazetteer().by_code(today))
    assert school.attached_territory_id == expected.attached_territory_id
    assert site.territory_id == expected.territory_id


def test_a_second_time_changes_nothing(session, merged) -> None:
    school = places.school()
    school.commune_code = merged[0]
    session.commit()
    assert commune_refresh.refresh().rows == 1
    assert commune_refresh.refresh().rows == 0


def test_a_code_that_nobody_knows_is_told_and_left(session) -> None:
    for _ in range(2):
        places.school().commune_code = "99999"
    session.commit()
    done = commune_refresh.refresh()
    assert (done.rows, done.unknown) == (0, (("school", "99999", 2),))
    assert set(session.scalars(sa.select(School.commune_code))) == {"99999"}


def test_pupils_without_a_commune_stay_so(session) -> None:
    pupil = people.pupil(places.class_group())
    assert commune_refresh.refresh().rows == 0
    session.expire_all()
    assert pupil.commune_code is None
