"""Exports open in a spreadsheet and run nothing."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules.safe_csv import csv_bytes


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_french_spreadsheet_opens_it() -> None:
    data = csv_bytes(["Nom", "Places"], [["Société Étoile ; fils", 3], [None, -1.5]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 3
    assert read_back(data) == [["Nom", "Places"], ["Société Étoile ; fils", "3"], ["", "-1.5"]]


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://example.org")', "+33639981234", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"],
)
def test_text_that_looks_like_a_formula_is_defused(text: str) -> None:
    assert read_back(csv_bytes(["Nom"], [[text]]))[1] == ["'" + text]


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_no_cell_ever_starts_like_a_formula(cells: list[str]) -> None:
    rows = read_back(csv_bytes(cells, [cells]))
    assert len(rows) == 2 or cells == [""]
    for row in rows:
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for cell in row)
