"""Workbooks: read without computing anything, and never bigger than they look."""

import time
import tracemalloc
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.rules.file_reading import Rows, Unreadable
from matching.rules.pupils_file import read_pupils
from matching.rules.workbook_reading import read_workbook
from tests.factories.workbooks import with_entry, workbook

TODAY = date(2026, 11, 22)
PUPIL = ("DURAND", "Léa", date(2012, 5, 4), "3A")
HEAD = ("Nom", "Prénom", "Né(e) le", "Classe")
LIST = workbook({"Élèves": [HEAD, PUPIL]})
SHEET = "xl/worksheets/sheet1.xml"


def cells(data: bytes, **more) -> list[tuple[str, ...]]:
    found = read_workbook(data, **more)
    assert isinstance(found, Rows), found
    return [row.cells for row in found.rows]


def test_dates_and_numbers_are_read_as_people_see_them() -> None:
    data = workbook({"A": [[date(2012, 3, 5), 301, 3.5, "  Le\u00a0Goff ", None, True]]})
    assert cells(data) == [("05/03/2012", "301", "3.5", "Le Goff")]


def test_a_formula_is_never_computed() -> None:
    preview = read_pupils(
        workbook({"A": [HEAD, ("=UPPER(B2)", "Léa", PUPIL[2], "3A")]}), today=TODAY
    )
    assert [(one.code, one.line) for one in preview.problems] == [("cell_empty", 2)]


def test_a_list_is_read_with_its_lines_numbered_as_in_the_spreadsheet() -> None:
    rows = [["Collège du Lac"], [], HEAD, PUPIL, [], ("PETIT", "", PUPIL[2], "3A")]
    preview = read_pupils(workbook({"Élèves": rows}), today=TODAY)
    assert [(one.code, one.line, one.column) for one in preview.problems] == [
        ("cell_empty", 6, "Prénom")
    ]
    assert preview.rows[0].birth_date == date(2012, 5, 4)


def test_a_zero_that_the_spreadsheet_ate_is_put_back() -> None:
    head = (*HEAD, "Responsable 1 nom", "Responsable 1 téléphone", "CP")
    row = (*PUPIL, "DURAND", 639980001, 1100)
    (pupil,) = read_pupils(workbook({"A": [head, row]}), today=TODAY).rows
    assert (pupil.guardians[0].phone, pupil.postcode) == ("+33639980001", "01100")


def test_the_sheet_that_holds_the_list_is_found_and_another_may_be_chosen() -> None:
    data = workbook(
        {"Notes": [["Bonjour"]], "3A": [HEAD, PUPIL], "Vieux": [HEAD]}, hidden=["Vieux"]
    )
    known = {"Nom", "Prénom"}

    def count(found):
        return len(known & set(found))

    found = read_workbook(data, known_columns=count)
    assert isinstance(found, Rows)
    assert (found.sheet, found.sheets) == ("3A", ("Notes", "3A"))
    assert cells(data, known_columns=count, sheet="Notes") == [("Bonjour",)]
    assert cells(data, known_columns=count, sheet="Vieux")[0] == HEAD


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LIST[: len(LIST) // 2], "file_workbook_damaged"),
        (with_entry(LIST, SHEET, b"<nothing"), "file_workbook_damaged"),
        (
            with_entry(LIST, SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
            "file_workbook_damaged",
        ),
        (with_entry(LIST, "xl/media/huge.png", bytes(60 * 1024 * 1024)), "file_workbook_heavy"),
        (with_entry(LIST, "xl/workbook.xml", b""), "file_workbook_damaged"),
        (workbook({"A": []}), "file_empty"),
        (workbook({"A": [["x"] * 300]}), "file_not_table"),
    ],
)
def test_what_is_no_list_has_one_reason(data: bytes, code: str) -> None:
    assert read_workbook(data) == Unreadable(code)  # type: ignore[arg-type]


def test_a_document_or_an_archive_is_no_workbook() -> None:
    other = with_entry(LIST, "[Content_Types].xml", b"").replace(
        b"[Content_Types].xml", b"[Content_Types].xmk"
    )
    assert read_workbook(other) == Unreadable("file_spreadsheet")


def test_a_cell_at_the_end_of_the_world_costs_no_memory() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="200000"><c r="XFD200000"><v>1</v></c></row></sheetData></worksheet>'
    )
    tracemalloc.start()
    began = time.perf_counter()
    assert read_workbook(with_entry(LIST, SHEET, far)) is not None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * 1024 * 1024
    assert time.perf_counter() - began < 30


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_workbooks_give_problems_and_no_exception(data: st.DataObject) -> None:
    damaged = bytearray(LIST)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(damaged)))
        end = data.draw(st.integers(at, min(len(damaged), at + 8)))
        damaged[at:end] = data.draw(st.binary(max_size=8))
    preview = read_pupils(bytes(damaged), today=TODAY)
    assert preview.problems or preview.rows
