"""The offline geocoder against addresses written by hand and against every commune."""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from matching.geography.communes import Commune, gazetteer
from matching.geography.geocoder import AmbiguousPlace, GazetteerGeocoder, geocoder

with (Path(__file__).parent / "addresses.csv").open(encoding="utf-8", newline="") as lines:
    ADDRESSES = list(csv.DictReader(lines, delimiter=";"))


def read(address: str) -> tuple[str | None, list[str]]:
    """The accepted commune if any, and the candidates if somebody is asked."""
    try:
        place = geocoder().geocode(address)
    except AmbiguousPlace as several:
        return None, [commune.code for commune in several.candidates]
    return (place.raw["commune"] if place else None), []


def is_right(row: dict[str, str]) -> bool:
    accepted, candidates = read(row["address"])
    expected = row["codes"].split()
    if row["outcome"] == "commune":
        return [accepted] == expected
    if row["outcome"] == "choose":
        return accepted is None and set(expected) <= set(candidates)
    return accepted is None


def test_at_least_98_addresses_in_100_are_read_right(say: Callable[[str], None]) -> None:
    wrong = [row["address"] for row in ADDRESSES if not is_right(row)]
    share = 1 - len(wrong) / len(ADDRESSES)
    right = len(ADDRESSES) - len(wrong)
    say(f"addresses read right: {right} of {len(ADDRESSES)} ({share:.1%}); not: {wrong}")
    assert len(ADDRESSES) >= 220
    assert share >= 0.98


def test_no_address_is_silently_given_another_commune(say: Callable[[str], None]) -> None:
    silent = {
        row["address"]: accepted
        for row in ADDRESSES
        if (accepted := read(row["address"])[0])
        and (row["outcome"] != "commune" or accepted != row["codes"])
    }
    homonyms = [row for row in ADDRESSES if row["outcome"] == "choose"]
    say(f"wrong communes accepted silently: {len(silent)} ({len(homonyms)} homonyms asked)")
    assert len(homonyms) >= 25
    assert silent == {}


def test_every_commune_is_found_by_its_postcode_and_name() -> None:
    asked = []
    for commune in gazetteer():
        if commune.code in ("75056", "69123", "13055"):
            continue  # their postcodes are those of their arrondissements
        accepted, candidates = read(f"3 rue Haute, {commune.postcodes[0]} {commune.name}")
        if accepted is None:
            assert commune.code in candidates
            asked.append(commune.name)
        else:
            assert accepted == commune.code
    assert len(asked) <= 3  # "Château-Chinon (Ville)" and "(Campagne)", "Sarroux - Saint Julien"


def test_no_name_borne_twice_is_accepted_alone() -> None:
    bearers = defaultdict(list)
    for commune in gazetteer():
        bearers[unicodedata.normalize("NFC", commune.name).casefold()].append(commune.code)
    homonyms = {name: codes for name, codes in bearers.items() if len(codes) > 1}
    assert sum(len(codes) for codes in homonyms.values()) > 3_500
    for name, codes in homonyms.items():
        accepted, candidates = read(name)
        assert accepted is None, name
        assert set(codes) <= set(candidates)


def test_a_place_carries_its_point_code_and_precision() -> None:
    place = geocoder().geocode("6 rue Paul-Bert, 69100 Villeurbane")
    commune = gazetteer().by_code("69266")
    assert isinstance(commune, Commune)
    assert (place.latitude, place.longitude) == (commune.lat, commune.lon)
    assert place.raw == {"commune": "69266", "postcode": "69100", "precision": "commune"}
    assert place.address == "69100 Villeurbanne"


def test_all_candidates_come_when_more_than_one_is_wanted() -> None:
    places = geocoder().geocode("Saint-Denis", exactly_one=False)
    assert {"93066", "97411"} <= {place.raw["commune"] for place in places}
    assert [place.raw["commune"] for place in geocoder().geocode("Oyonnax", exactly_one=False)] == [
        "01283"
    ]
    assert geocoder().geocode("Wakanda", exactly_one=False) is None


@pytest.mark.parametrize("query", ["", "   ", "12", "-- , --", "06 12 34 56 78"])
def test_nothing_readable_gives_no_place(query: str) -> None:
    assert geocoder().geocode(query) is None


def test_an_ambiguous_place_names_its_candidates() -> None:
    with pytest.raises(AmbiguousPlace, match=r"Trois-Rivières.*971.*80|Trois-Rivières.*80.*971"):
        GazetteerGeocoder().geocode("Trois-Rivières")


def test_the_settings_choose_among_known_geocoders_only() -> None:
    assert isinstance(geocoder("gazetteer"), GazetteerGeocoder)
    with pytest.raises(ValueError, match="no geocoder is called 'google'"):
        geocoder("google")
