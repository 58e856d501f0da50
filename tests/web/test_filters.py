"""Numbers, distances, dates and spaces, as a French or an English reader writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from matching import typography
from matching.web import filters

T = "\u202f"  # narrow no-break space
N = "\u00a0"  # no-break space


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Prêt ? Oui !", f"Prêt{T}? Oui{T}!"),
        ("Prêt? Oui!", f"Prêt{T}? Oui{T}!"),
        ("Vraiment ?!", f"Vraiment{T}?!"),
        ("Étape 1 : choisir ; valider", f"Étape 1{N}: choisir{T}; valider"),
        ("« Bravo »", f"«{N}Bravo{N}»"),
        ("«Bravo»", f"«{N}Bravo{N}»"),
        ("L'élève n'a qu'un stage", "L’élève n’a qu’un stage"),
        ("Attends...", "Attends…"),
        ("61 % à 7 km en 20 min, 2 Go", f"61{N}% à 7{N}km en 20{N}min, 2{N}Go"),
        ("https://exemple.fr/?a=1;b 8:30", "https://exemple.fr/?a=1;b 8:30"),
    ],
)
def test_french_spaces_and_apostrophes_are_set(typed: str, set_: str) -> None:
    assert typography.typo(typed) == set_


@given(st.text(alphabet="ab «»'!?:;%. \u00a0\u202f1", max_size=40))
def test_setting_twice_changes_nothing_more(text: str) -> None:
    once = typography.typo(text)
    assert typography.typo(once) == once


def test_markup_keeps_its_tags_and_entities_and_stays_markup() -> None:
    text = Markup('<a href="/x?a=1;b" title="c\'est">R&amp;D, c\'est quoi ?</a>')
    found = typography.typo(text)
    assert found == f'<a href="/x?a=1;b" title="c\'est">R&amp;D, c’est quoi{T}?</a>'
    assert isinstance(found, Markup)


def test_a_text_that_is_not_markup_is_still_escaped_by_the_page() -> None:
    assert not isinstance(typography.typo("<b>Oui !</b>"), Markup)


def test_english_is_left_as_typed() -> None:
    assert typography.typo("Ready? It's on.", "en") == "Ready? It's on."


def test_thousands_are_parted_by_a_thin_space_or_a_comma() -> None:
    assert typography.number(4100) == f"4{T}100"
    assert typography.number(1234567) == f"1{T}234{T}567"
    assert typography.number(999) == "999"
    assert typography.number(4100, language="en") == "4,100"
    assert typography.number(1234.56, 1) == f"1{T}234,6"


@given(st.integers(-(10**12), 10**12))
def test_a_number_read_back_without_its_spaces_is_the_same(value: int) -> None:
    assert int(typography.number(value).replace(T, "")) == value


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0.1, f"0,1{N}km", f"0.1{N}km"),
        (7.36, f"7,4{N}km", f"7.4{N}km"),
        (9.96, f"10{N}km", f"10{N}km"),
        (17.4, f"17{N}km", f"17{N}km"),
        (1042, f"1{T}042{N}km", f"1,042{N}km"),
    ],
)
def test_kilometres_have_one_decimal_under_ten(value: float, french: str, english: str) -> None:
    assert typography.km(value) == french
    assert typography.km(value, "en") == english


def test_a_share_is_told_in_percent() -> None:
    assert typography.percent(0.61) == f"61{N}%"
    assert typography.percent(0.61, "en") == "61%"


def test_nearly_everybody_is_not_told_as_everybody() -> None:
    assert [typography.percent(share) for share in (918 / 920, 2 / 920, 0.0, 1.0)] == [
        f"99{N}%", f"1{N}%", f"0{N}%", f"100{N}%",
    ]  # fmt: skip


def test_nothing_is_singular_in_french_and_plural_in_english() -> None:
    assert [typography.plural(n, "place", "places") for n in (0, 1, 2, 4100)] == [
        f"0{N}place",
        f"1{N}place",
        f"2{N}places",
        f"4{T}100{N}places",
    ]
    assert typography.plural(0, "place", "places", "en") == f"0{N}places"
    assert typography.plural(1, "place", "places", "en") == f"1{N}place"


def test_the_first_of_a_month_is_the_only_ordinal() -> None:
    assert typography.day(date(2027, 2, 1)) == f"lundi 1er{N}février 2027"
    assert typography.day(date(2027, 2, 11)) == "jeudi 11 février 2027"
    assert typography.day(date(2027, 2, 21), weekday=False) == "21 février 2027"
    assert typography.day(date(2027, 8, 1), weekday=False, year=False) == f"1er{N}août"
    assert typography.day(date(2027, 2, 1), "en") == "Monday 1 February 2027"


def test_a_moment_is_told_in_paris_in_summer_and_in_winter() -> None:
    assert typography.moment(datetime(2027, 2, 1, 16, 5, tzinfo=UTC)) == (
        f"1er{N}février 2027 à 17{N}h{N}05"
    )
    assert typography.moment(datetime(2027, 6, 30, 22, 30, tzinfo=UTC)) == (
        f"1er{N}juillet 2027 à 0{N}h{N}30"
    )
    assert typography.moment(datetime(2027, 2, 1, 16, 5, tzinfo=UTC), "en") == (
        "1 February 2027 at 17:05"
    )
    assert typography.short_day(datetime(2027, 6, 30, 22, 30, tzinfo=UTC)) == "01/07/2027"


@pytest.mark.parametrize(
    ("iso", "weekdays", "french"),
    [
        ("2027-W05", (1, 2, 3, 4, 5), "semaine du 1er au 5 février 2027"),
        ("2027-W06", (1, 2, 3, 4, 5), "semaine du 8 au 12 février 2027"),
        ("2027-W13", (1, 2, 3, 4, 5), "semaine du 29 mars au 2 avril 2027"),
        ("2026-W53", (1, 2, 3, 4, 5), f"semaine du 28 décembre 2026 au 1er{N}janvier 2027"),
        ("2027-W05", (2, 3, 4), "semaine du 2 au 4 février 2027"),
        ("2027-W05", (3,), "semaine du mercredi 3 février 2027"),
    ],
)
def test_a_week_is_told_by_its_days(iso: str, weekdays: tuple[int, ...], french: str) -> None:
    assert typography.week(iso, weekdays) == french


def test_a_week_is_told_in_english() -> None:
    assert typography.week("2027-W05", language="en") == "week of 1 to 5 February 2027"
    assert typography.week("2027-W13", language="en") == "week of 29 March to 2 April 2027"


@given(st.dates(date(2018, 1, 1), date(2040, 12, 31)))
def test_a_week_always_ends_on_the_friday_of_its_monday(any_day: date) -> None:
    monday = any_day - timedelta(days=any_day.weekday())
    iso = any_day.strftime("%G-W%V")
    told = typography.week(iso)
    friday = monday + timedelta(days=4)
    assert told.endswith(typography.day(friday, weekday=False))
    assert told.startswith(f"semaine du {monday.day if monday.day > 1 else '1er'}")


def test_what_is_no_week_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid"):
        typography.week("2027-W54")


@pytest.mark.parametrize(("locale", "expected"), [("fr", f"4{T}100"), ("en", "4,100")])
def test_a_template_speaks_the_language_of_the_request(locale: str, expected: str) -> None:
    app = Flask("site")
    Babel(app, locale_selector=lambda: locale)
    filters.init_app(app)
    with app.test_request_context():
        assert app.jinja_env.from_string("{{ 4100|number }}").render() == expected
