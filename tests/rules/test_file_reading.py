"""Bytes that people upload: tables of many makes, and what is no table at all."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.rules.file_reading import (
    Table,
    Unreadable,
    fold,
    fold_losing_accents,
    read_table,
)

TEXT = "Nom;Prénom\r\nNOËL;Zoé\r\n"
CELLS = [("Nom", "Prénom"), ("NOËL", "Zoé")]


def cells_of(table: Table | Unreadable) -> list[tuple[str, ...]]:
    assert isinstance(table, Table), table
    return [table.header.cells, *(row.cells for row in table.rows)]


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
    ],
)
def test_usual_encodings_are_recognised(encoding: str, recognised: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert cells_of(table) == CELLS
    assert isinstance(table, Table)
    assert table.encoding == recognised


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_usual_separators_and_line_ends_are_recognised(delimiter: str, end: str) -> None:
    text = TEXT.replace(";", delimiter).replace("\r\n", end)
    table = read_table(text.encode())
    assert cells_of(table) == CELLS
    assert isinstance(table, Table)
    assert table.delimiter == delimiter


def test_the_separator_that_names_most_columns_wins() -> None:
    def known(cells: list[str]) -> int:
        return sum(cell in {"Nom", "Ville"} for cell in cells)

    table = read_table(b"Nom;a, b, c, d;Ville\nx;1;y", known_columns=known)
    assert cells_of(table) == [("Nom", "a, b, c, d", "Ville"), ("x", "1", "y")]


def test_text_saved_twice_in_the_wrong_encoding_is_put_right() -> None:
    assert cells_of(read_table(TEXT.encode().decode("cp1252").encode())) == CELLS
    assert cells_of(read_table("Nom\nJOÃO".encode())) == [("Nom",), ("JOÃO",)]


def test_spreadsheet_habits_are_undone() -> None:
    data = 'sep=;\r\nNom;Classe\r\n  Le\u00a0 Goff ;="3A"\r\n"Roux";"=""03B"""\r\n'.encode()
    assert cells_of(read_table(data)) == [("Nom", "Classe"), ("Le Goff", "3A"), ("Roux", "03B")]


def test_formulas_stay_text() -> None:
    assert cells_of(read_table(b"Nom\n=1+1\n@SUM(A1)\n-2"))[1:] == [
        ("=1+1",),
        ("@SUM(A1)",),
        ("-2",),
    ]


def test_lines_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read_table(b'Nom;Rue\n\nA;"une\nautre"\n;\nB;c\n')
    assert isinstance(table, Table)
    assert [(row.line, row.cells[0]) for row in table.rows] == [(3, "A"), (5, "B")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b" \r\n;;\r\n", "file_empty"),
        (b"a" * (2 * 1024 * 1024 + 1), "file_too_big"),
        (b"PK\x03\x04" + bytes(50), "file_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_spreadsheet"),
        (b"Nom;Pr\x00nom\n", "file_not_table"),
        (b"%PDF-1.7\n\x81\x8d\x8f", "file_not_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file_not_table"),
        (b"\xff\xfea", "file_not_table"),
        (b";" * 1000 + b"a", "file_not_table"),
        (b"Nom\n" + b"a\n" * 5001, "file_too_many_rows"),
        (b"Nom\n" + b"a\n" * 10_000, "file_too_many_rows"),
    ],
)
def test_what_is_no_table_has_one_reason(data: bytes, code: str) -> None:
    assert read_table(data) == Unreadable(code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'Nom\n"' + b"a" * 200_000, 2),
        (b'Nom;Note\nA;"quotes\nB;left open\n', 2),
        (b'Nom;Classe\nRoux;3A\n"Petit;3B\nBlanc;3C', 3),
        (b'Nom;Classe\n"Roux"x;3A\n', 2),
    ],
)
def test_a_quotation_mark_that_nothing_closes_is_told_with_its_line(data: bytes, line: int) -> None:
    assert read_table(data) == Unreadable("file_not_table", line)


def test_five_thousand_lines_are_taken() -> None:
    assert len(cells_of(read_table(b"Nom\n" + b"a\n" * 5000))) == 5001


@given(st.binary(max_size=400))
@example(b'"')
@example(b"\r")
@example(b"sep=;")
def test_any_bytes_give_a_table_or_a_reason(data: bytes) -> None:
    found = read_table(data)
    if isinstance(found, Table):
        assert all(any(row.cells) for row in (found.header, *found.rows))


@given(
    st.lists(
        st.lists(
            st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([";", ",", "\t"]),
)
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    data = written.getvalue().encode("utf-8-sig")
    expected = [tuple(row) for row in rows]
    assert cells_of(read_table(data)) == expected


def test_headings_are_compared_without_accents_case_and_punctuation() -> None:
    assert fold(" Né(e) le * ") == fold("NEE LE") == "neele"
    assert fold("Prénom 1") == fold("PRENOM_1") == "prenom1"
    assert fold_losing_accents("Prénom") == fold("Pr?nom") == fold("Pr\ufffdnom") == "prnom"


def test_a_line_of_separators_alone_is_no_line():
    lines = "Nom;Prénom\r\nROUX;Léo\r\n"
    assert read_table((lines + ";" * 300).encode()) == read_table(lines.encode())


def test_words_beyond_the_last_column_are_not_lost_without_a_word():
    far = "Nom;Prénom\r\nROUX;Léo\r\n" + ";" * 300 + "PETIT"
    assert read_table(far.encode()) == Unreadable("file_not_table")
