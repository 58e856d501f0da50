"""Telephone numbers, at home, overseas and abroad."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import phones


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("06\u00a012\u202f34-56/78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("+330612345678", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("06 39 98 12 34", "+33639981234"),
        ("+33 6 39 98 12 34", "+33639981234"),
        ("01 99 00 12 34", "+33199001234"),
        ("02 61 91 12 34", "+33261911234"),
        ("03 53 01 12 34", "+33353011234"),
        ("04 65 71 12 34", "+33465711234"),
        ("05 36 49 12 34", "+33536491234"),
        ("0590 28 12 34", "+590590281234"),
        ("0690 35 12 34", "+590690351234"),
        ("0596 60 12 34", "+596596601234"),
        ("0696 30 12 34", "+596696301234"),
        ("0594 28 12 34", "+594594281234"),
        ("0262 20 12 34", "+262262201234"),
        ("0692 12 34 56", "+262692123456"),
        ("+33 692 12 34 56", "+262692123456"),
        ("0033 692 12 34 56", "+262692123456"),
        ("0269 60 12 34", "+262269601234"),
        ("0639 01 12 34", "+262639011234"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0041 79 123 45 67", "+41791234567"),
    ],
)
def test_a_number_is_stored_as_it_would_be_dialled_from_abroad(typed: str, stored: str) -> None:
    assert phones.phone_e164(typed) == stored
    assert phones.phone_problem(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["", "06 12 34 56", "06 12 34 56 78 90", "3949", "bonjour", "06 12 34 56 7O", "+", "0000"],
)
def test_a_number_that_nobody_can_dial_is_refused(typed: str) -> None:
    assert phones.phone_e164(typed) is None
    assert phones.phone_problem(typed) == "phone_format"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+33639981234", "06 39 98 12 34"),
        ("+262692123456", "06 92 12 34 56"),
        ("+32470123456", "+32 470 12 34 56"),
        ("not a number", "not a number"),
    ],
)
def test_a_stored_number_is_shown_the_way_people_read_it(stored: str, shown: str) -> None:
    assert phones.display_phone(stored).replace("\u00a0", " ") == shown


@given(st.text(alphabet="0123456789+ .()-", max_size=20))
def test_whatever_is_stored_is_e164_and_stays_itself(text: str) -> None:
    stored = phones.phone_e164(text)
    if stored is not None:
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", stored)
        assert phones.phone_e164(stored) == stored
