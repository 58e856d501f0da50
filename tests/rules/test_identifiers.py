"""Numbers copied from official papers, checked against real ones and against independent sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import identifiers


@pytest.mark.parametrize(
    "typed",
    [
        "73282932000074",
        "732 829 320 00074",
        "732\u00a0829\u202f320\u00a000074",
        " 732.829.320-00074 ",
        "35600000000048",
        "35600000049837",
        "00000001800010",
        "７３２８２９３２００００７４",
    ],
)
def test_a_true_siret_is_accepted_however_it_is_typed(typed: str) -> None:
    assert identifiers.siret_problem(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "siret_format"),
        ("732829320", "siret_format"),
        ("7328293200007A", "siret_format"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧x", "siret_format"),
        ("73282932000075", "siret_key"),
        ("73282932000047", "siret_key"),
        ("35600000049838", "siret_key"),
    ],
)
def test_a_false_siret_names_its_fault(typed: str, code: str) -> None:
    assert identifiers.siret_problem(typed) == code


def luhn_sum(number: str) -> int:
    """The key of bank cards, done by hand and from the right."""
    total = 0
    for place, digit in enumerate(reversed(number), start=1):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return total


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_a_siren_is_right_exactly_when_its_luhn_sum_ends_with_zero(number: str) -> None:
    assert (identifiers.siren_problem(number) is None) == (luhn_sum(number) % 10 == 0)


def with_luhn_key(number: str) -> str:
    """The number followed by the digit that makes its sum a multiple of ten."""
    return next(f"{number}{key}" for key in range(10) if luhn_sum(f"{number}{key}") % 10 == 0)


@given(st.integers(0, 99_999_999), st.integers(0, 9_999), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(company: int, site: int, place: int, shift: int) -> None:
    number = with_luhn_key(with_luhn_key(f"{company:08}") + f"{site:04}")
    changed = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"
    if "356000000" not in (number[:9], changed[:9]):
        assert identifiers.siret_problem(number) is None
        assert identifiers.siret_problem(changed) == "siret_key"


def test_siren_and_printed_form_come_from_the_siret() -> None:
    assert identifiers.siren_of("732 829 320 00074") == "732829320"
    assert identifiers.display_siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert identifiers.siren_problem("552 081 317") is None
    assert identifiers.siren_problem("552081318") == "siren_key"
    assert identifiers.siren_problem("55208131") == "siren_format"


@pytest.mark.parametrize(
    ("typed", "departement"),
    [
        ("0132572A", "13"),
        ("0752694W", "75"),
        ("075 2694 w", "75"),
        ("9710003B", "971"),
        ("7200013B", "2B"),
    ],
)
def test_a_true_uai_is_accepted_and_tells_its_departement(typed: str, departement: str) -> None:
    assert identifiers.uai_problem(typed) is None
    assert identifiers.departement_of_uai(typed) == departement


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "uai_format"),
        ("0132572", "uai_format"),
        ("013257A2", "uai_format"),
        ("0132572B", "uai_key"),
        ("0132573A", "uai_key"),
        ("0132572O", "uai_key"),
        ("0960001E", "uai_departement"),
        ("0200001A", "uai_departement"),
        ("0000001B", "uai_departement"),
    ],
)
def test_a_false_uai_names_its_fault(typed: str, code: str) -> None:
    assert identifiers.uai_problem(typed) == code


def test_each_departement_of_the_mainland_has_a_school_prefix() -> None:
    found = {identifiers.departement_of_uai(f"{prefix:03}0000A") for prefix in range(1000)}
    mainland = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
    overseas = {"971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"}
    assert found - {None} == mainland | overseas


@pytest.mark.parametrize("typed", ["01108", "69001", "20 000", "97410", "98800", "75001"])
def test_a_postcode_has_five_digits(typed: str) -> None:
    assert identifiers.postcode_problem(typed) is None


@pytest.mark.parametrize("typed", ["", "1108", "00100", "96000", "99000", "690001", "2A004"])
def test_a_false_postcode_is_refused(typed: str) -> None:
    assert identifiers.postcode_problem(typed) == "postcode_format"


@pytest.mark.parametrize("typed", ["01283", "2A004", "2b033", "97411", "98818", "75056"])
def test_a_commune_code_may_hold_a_letter(typed: str) -> None:
    assert identifiers.commune_code_problem(typed) is None


@pytest.mark.parametrize("typed", ["", "1283", "00283", "20004", "2C004", "96001", "97911"])
def test_a_false_commune_code_is_refused(typed: str) -> None:
    assert identifiers.commune_code_problem(typed) == "commune_code_format"


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    for problem in (
        identifiers.siret_problem,
        identifiers.siren_problem,
        identifiers.uai_problem,
        identifiers.postcode_problem,
        identifiers.commune_code_problem,
    ):
        assert problem(text) == problem(identifiers.clean(text))
