"""All the ways in which a file of pupils goes wrong, each told by its line and heading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.rules.pupils_columns import template_csv
from matching.rules.pupils_file import FileProblem, Preview, read_pupils
from tests.rules.pupils_text import OURS, TODAY, read


def faults(preview: Preview) -> list[tuple[int | None, str | None, str, str]]:
    return [(one.line, one.column, one.found, one.code) for one in preview.problems]


def test_an_accent_broken_in_a_name_is_told() -> None:
    preview = read("Nom;Prénom;Né le;Classe\nROUX;L\ufffdo;30/11/2012;3B\n")
    assert faults(preview) == [(2, "Prénom", "L\ufffdo", "cell_broken_accent")]


def test_names_that_cannot_be_cut_in_two_are_told() -> None:
    preview = read("Élève;Né le\nROUX LEO;30/11/2012\nLéo Roux;30/11/2012\n", default_class="3A")
    assert faults(preview) == [
        (2, "Élève", "ROUX LEO", "name_split"),
        (3, "Élève", "Léo Roux", "name_split"),
    ]


def test_each_wrong_cell_has_one_problem_with_its_line_and_heading() -> None:
    preview = read(
        "NOM;Prénom;Né(e) le;Classe;Courriel repr. légal;Tél. repr. légal;Nom repr. légal;CP;"
        "Besoins d'accès\n"
        "\n"
        "Roux;;31/02/2012;3A;anne@;12;Roux;999999;Fauteuil\n"
        "R0UX;Léo;12 mars 2012;;;;;;\n"
        "Petit;Éva;30/11/1912;3A;eva@example.org;;;;\n"
        "Blanc;Max;30/11/2012;3A;;;;;\n"
    )
    assert faults(preview) == [
        (3, "Prénom", "", "cell_empty"),
        (3, "Né(e) le", "31/02/2012", "date_impossible"),
        (3, "Courriel repr. légal", "anne@", "email_format"),
        (3, "Tél. repr. légal", "12", "phone_format"),
        (3, "CP", "999999", "postcode_format"),
        (3, "Besoins d'accès", "Fauteuil", "access_unknown"),
        (4, "NOM", "R0UX", "name_symbols"),
        (4, "Né(e) le", "12 mars 2012", "date_format"),
        (4, "Classe", "", "cell_empty"),
        (5, "Né(e) le", "30/11/1912", "age_out_of_range"),
        (5, "Nom repr. légal", "", "guardian_name_missing"),
    ]
    assert [row.line for row in preview.rows] == [6]


@pytest.mark.parametrize(
    ("born", "taken"),
    [
        ("23/11/2016", False),
        ("22/11/2016", True),
        ("22/11/2008", True),
        ("23/11/2007", True),
        ("22/11/2007", False),
        ("15-3-2012", True),
        ("15.03.2012", True),
        ("2012-03-15 00:00:00", True),
        ("15/03/12", False),
        ("03/15/2012", False),
        ("29/02/2012", True),
        ("29/02/2013", False),
    ],
)
def test_pupils_are_from_ten_to_eighteen_and_born_on_a_real_day(born: str, taken: bool) -> None:
    preview = read(f"Nom;Prénom;Né le;Classe\nRoux;Léo;{born};3A\n")
    assert bool(preview.rows) == taken
    assert bool(preview.problems) != taken


def test_long_cells_are_shown_shortened() -> None:
    preview = read(f"Nom;Prénom;Né le;Classe\n{'x' * 81};Léo;30/11/2012;{'3' * 41}\n")
    assert faults(preview) == [
        (2, "Nom", "x" * 39 + "…", "cell_too_long"),
        (2, "Classe", "3" * 39 + "…", "cell_too_long"),
    ]
    assert [one.expected for one in preview.problems] == ["80", "40"]


def test_the_same_pupil_twice_is_told_with_the_first_line() -> None:
    preview = read(
        "Nom;Prénom;Né le;Classe\nLe Goff;Zoé;30/11/2012;3A\nRoux;Léo;30/11/2012;3A\n"
        "LE-GOFF;ZOE;2012-11-30;3B\nLe Goff;Zoé;29/11/2012;3A\n"
    )
    keep = (("keep", ""),)
    assert preview.problems == (
        FileProblem("row_duplicate", 4, "Nom", "LE-GOFF ZOE", other_line=2, key="last_name"),
        FileProblem(
            "row_alike", 5, "Nom", "Le Goff Zoé", other_line=2, key="last_name", choices=keep
        ),
    )


def test_the_example_row_of_the_template_is_refused_politely() -> None:
    preview = read_pupils(template_csv(), today=TODAY)
    assert faults(preview) == [(2, "Nom", "EXEMPLE", "row_example")]
    assert preview.rows == ()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("Nom;Prénom;Né le\nRoux;Léo;30/11/2012\n", [(1, "Classe", "", "column_missing")]),
        (
            "Nom;Classe\nRoux;3A\n",
            [(1, "Prénom", "", "column_missing"), (1, "Date de naissance", "", "column_missing")],
        ),
        (
            "Nom;Prénom;Né le;Classe;Division\nRoux;Léo;30/11/2012;3A;3B\n",
            [(1, "Division", "", "column_twice")],
        ),
        ("Roux;Léo;hier;3A\n", [(1, None, "", "file_no_headings")]),
        ("Nom;Prénom;Né le;Classe\n", [(None, None, "", "file_no_rows")]),
        ("Nom;Prénom;Né le;Classe\nRoux;Léo;30/11/2012;3A;x\n", [(2, None, "", "row_too_long")]),
        ("", [(None, None, "", "file_empty")]),
        ("Nom;Pr\x00nom\n", [(None, None, "", "file_not_table")]),
        ("Nom\n" + "x\n" * 10_000, [(None, None, "", "file_too_many_rows")]),
    ],
)
def test_a_wrong_file_is_told_once(
    text: str, problems: list[tuple[int | None, str | None, str, str]]
) -> None:
    preview = read(text)
    assert faults(preview) == problems
    assert preview.rows == ()


def test_formulas_are_never_names() -> None:
    preview = read("Nom;Prénom;Né le;Classe\n=cmd|calc;+1;30/11/2012;@SUM(A1)\n")
    assert faults(preview) == [
        (2, "Nom", "=cmd|calc", "name_symbols"),
        (2, "Prénom", "+1", "name_symbols"),
    ]


VALID = OURS + "Noël;Zoé;05/03/2012;3A;NOËL;Anne;a@example.org;0639981234;;;;;Oyonnax;01100;\n" * 2


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_damaged_files_give_problems_and_no_exception(data: st.DataObject, encoding: str) -> None:
    damaged = bytearray(VALID.encode(encoding))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(damaged)))
        end = data.draw(st.integers(at, min(len(damaged), at + 8)))
        damaged[at:end] = data.draw(st.binary(max_size=8))
    preview = read_pupils(bytes(damaged), today=TODAY)
    assert preview.problems or preview.rows
    assert not {row.line for row in preview.rows} & {
        one.line for one in preview.problems if one.code not in ("row_duplicate", "row_alike")
    }


cell = st.text(st.characters(codec="utf-8", exclude_characters='";\r\n\x00'), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cell, min_size=15, max_size=15), min_size=1, max_size=3))
def test_any_text_in_the_cells_gives_pupils_or_problems(rows: list[list[str]]) -> None:
    preview = read(OURS + "\n".join(";".join(row) for row in rows))
    assert preview.problems or preview.rows
    for pupil in preview.rows:
        assert pupil.last_name
        assert pupil.first_name
        assert pupil.class_name


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_no_file_of_pupils(data: bytes) -> None:
    preview = read_pupils(data, today=TODAY)
    assert preview.problems
    assert preview.rows == ()
