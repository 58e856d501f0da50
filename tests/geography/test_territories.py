"""Which territory a commune belongs to, in both lists."""

import csv

import pytest

from matching.geography.communes import gazetteer
from matching.geography.distance import distance_m10
from matching.geography.territories import (
    communes_of,
    nearest_territory,
    territories,
    territory_of,
)
from matching.paths import DATA

VINTAGES = {2023: (183, 18_640, 41.0), 2018: (149, 16_152, 31.1)}
"""Vintage: territories, communes and million inhabitants, counted when the lists were written."""


@pytest.mark.parametrize("vintage", VINTAGES)
def test_each_list_covers_its_communes(vintage: int) -> None:
    expected, communes, millions = VINTAGES[vintage]
    members = [row for territory in territories(vintage) for row in communes_of(territory)]
    assert len(territories(vintage)) == expected
    assert len(members) == len(set(members)) == communes  # none in two territories
    assert sum(row.population for row in members) / 1e6 == pytest.approx(millions, abs=0.05)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_each_territory_has_the_members_that_its_row_announces(vintage: int) -> None:
    with (DATA / "territories.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines) if row["vintage"] == str(vintage)}
    assert {territory.code for territory in territories(vintage)} == set(rows)
    for territory in territories(vintage):
        members = communes_of(territory)
        row = rows[territory.code]
        parts = set(f"{row['epci_sirens']} {row['ept_sirens']} {row['communes_insee']}".split())
        assert len(members) == int(row["n_communes_2026"])
        assert {commune.departement for commune in members} == set(territory.departements)
        for commune in members:
            assert {commune.epci, commune.ept, commune.code} & parts
            assert territory_of(commune.code, vintage) == territory


@pytest.mark.parametrize(
    ("commune", "vintage", "code"),
    [("97120", 2018, "ti-0101"),  # Pointe-à-Pitre
     ("97105", 2023, "ti-0101"),  # Basse-Terre: the same id for another place
     ("93066", 2023, None),       # Saint-Denis
     ("06033", 2018, "ti-9303"),  # Carros, alone by name
     ("13055", 2023, "ti-9301"),
     ("13208", 2023, "ti-9301"),  # Marseille 8e counts as Marseille
     ("75111", 2023, None),
     ("97502", 2023, None)],
)  # fmt: skip
def test_a_commune_has_its_territory(commune: str, vintage: int, code: str | None) -> None:
    found = territory_of(commune, vintage)
    assert (found.code if found else None) == code


def test_a_former_commune_has_the_territory_of_todays() -> None:
    assert territory_of("59540") == territory_of("59183")  # Saint-Pol-sur-Mer → Dunkerque
    assert territory_of("59183") is not None


def test_a_commune_outside_joins_the_nearest_of_its_departement() -> None:
    known = gazetteer()
    for commune in list(known)[::97]:
        joined = nearest_territory(commune.code)
        own = territory_of(commune.code)
        near = [each for each in territories() if commune.departement in each.departements]
        if own:
            assert joined == own
        elif not near:
            assert joined is None
        else:
            least = {
                each: min(
                    distance_m10(commune.lat, commune.lon, row.lat, row.lon)
                    for row in communes_of(each)
                )
                for each in near
            }
            assert joined in near
            assert least[joined] == min(least.values())


def test_departements_without_a_territory_join_none() -> None:
    assert nearest_territory("75111") is None
    assert nearest_territory("40192") is None  # Mont-de-Marsan: no territory in the Landes
    assert nearest_territory("97502") is None
    assert nearest_territory("no such code") is None


def test_an_unknown_list_is_empty() -> None:
    assert territories(1999) == []
    assert territory_of("01283", 1999) is None
