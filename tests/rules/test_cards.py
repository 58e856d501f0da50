"""Codes on pupils' cards: hard to guess, easy to read, forgiving to type."""

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import cards

codes = st.text(alphabet=cards.ALPHABET, min_size=cards.CODE_LENGTH, max_size=cards.CODE_LENGTH)


def test_a_code_holds_at_least_sixty_bits() -> None:
    assert len(set(cards.ALPHABET)) ** cards.CODE_LENGTH >= 2**60
    assert cards.CODE_BITS >= 60


def test_no_symbol_can_be_taken_for_another() -> None:
    assert not set(cards.ALPHABET) & set("0O1IL")
    for pair in ("2Z", "5S", "8B", "UV"):
        assert len(set(pair) & set(cards.ALPHABET)) == 1


def test_no_word_can_appear_by_chance() -> None:
    assert not set(cards.ALPHABET) & set("AEIOU")


def test_codes_and_login_names_come_from_the_source_given() -> None:
    first = cards.new_card_code(random.Random(7))
    assert first == cards.new_card_code(random.Random(7))
    assert first != cards.new_card_code(random.Random(8))
    assert len(cards.new_card_code(secrets)) == 16
    assert len(cards.new_login_name(secrets)) == 8


def test_every_symbol_is_drawn() -> None:
    source = random.Random(3)
    assert set("".join(cards.new_card_code(source) for _ in range(200))) == set(cards.ALPHABET)


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert cards.display_code("KTRM4W7PBCDF3467") == "KTRM-4W7P-BCDF-3467"
    assert cards.display_code("KTRM4W7P") == "KTRM-4W7P"


@given(codes)
def test_a_printed_code_reads_back(code: str) -> None:
    shown = cards.display_code(code)
    for typed in (shown, shown.lower(), shown.replace("-", " "), f" {shown}\u00a0", code):
        assert cards.clean_code(typed) == code
        assert cards.card_code_problem(typed) is None


def test_misread_symbols_are_put_right() -> None:
    assert cards.clean_code("52u8-zzzz") == "SZVBZZZZ"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "card_code_length"),
        ("KTRM-4W7P", "card_code_length"),
        ("KTRM-4W7P-BCDF-346", "card_code_length"),
        ("KTRM-4W7P-BCDF-3460", "card_code_symbol"),
        ("KTRM-4W7P-BCDF-346O", "card_code_symbol"),
        ("KTRM-4W7P-BCDF-346é", "card_code_symbol"),
    ],
)
def test_what_no_card_can_hold_is_told_before_any_attempt(typed: str, code: str) -> None:
    assert cards.card_code_problem(typed) == code


def test_a_login_name_is_checked_by_its_own_length() -> None:
    assert cards.card_code_problem("KTRM-4W7P", cards.LOGIN_LENGTH) is None
