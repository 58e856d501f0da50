"""Each code of the rules has its sentence, typeset as French wants."""

import re
from typing import get_args

import pytest

from matching.rules import (
    cards,
    file_reading,
    hours,
    identifiers,
    passwords,
    phones,
    pupils_cells,
    school_calendar,
)
from matching.web.messages import SENTENCES
from matching.web.rules_messages import RULES
from matching.web.school_messages import FILES

CODES = {
    code
    for codes in (
        *(cards.CardCodeProblem, hours.HoursProblem, identifiers.CommuneCodeProblem),
        *(identifiers.PostcodeProblem, identifiers.SirenProblem, identifiers.SiretProblem),
        *(identifiers.UaiProblem, passwords.PasswordProblem, phones.PhoneProblem),
        school_calendar.WeekProblem,
    )
    for code in get_args(codes)
}
FILE_CODES = {
    *get_args(file_reading.UnreadableCode),
    *get_args(pupils_cells.CellCode),
    *("file_no_headings", "file_no_rows", "column_twice", "column_missing", "row_duplicate"),
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_of_a_form_has_its_sentence(code: str) -> None:
    text = SENTENCES[code]
    # The services give a week and the name of its holiday, or the hours in force.
    given = {"why"} if code.startswith("week") else set()
    given |= {"earliest", "latest"} if code == "hours_window" else set()
    assert set(re.findall(r"%\((\w+)\)s", text)) <= given
    assert text % {"why": "Armistice", "earliest": 8, "latest": 18}


@pytest.mark.parametrize("code", sorted(FILE_CODES))
def test_each_code_of_a_file_says_what_was_expected(code: str) -> None:
    values = {"expected": "Lieu calme", "other_line": 3}
    assert set(re.findall(r"%\((\w+)\)s", FILES[code])) <= set(values)
    assert FILES[code] % values


def test_no_sentence_is_left_without_its_code() -> None:
    assert set(RULES) <= CODES


@pytest.mark.parametrize("text", RULES.values(), ids=RULES.keys())
def test_sentences_are_finished_french(text: str) -> None:
    assert text.endswith(".")
    assert text[0].isupper()
    assert "'" not in text
    assert "  " not in text
