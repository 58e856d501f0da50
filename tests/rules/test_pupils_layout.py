"""Headings and columns that are guessed, and what is never kept whatever its heading."""

from datetime import date

import pytest

from matching.rules.file_reading import Unreadable
from matching.rules.pupils_alike import Alikes
from matching.rules.pupils_file import KEEP, SKIP, check, read_pupils
from matching.rules.pupils_kept import Choices, KeptFile, ignored_columns, keep

TODAY = date(2026, 11, 22)
INE = "123456789FF"


def kept(text: str, **choices) -> KeptFile:
    found = keep(text.encode(), today=TODAY, choices=Choices(**choices))
    assert not isinstance(found, Unreadable)
    return found


def keys(file: KeptFile) -> list[str | None]:
    return [column.key for column in file.columns]


def test_lines_above_the_headings_are_left_out() -> None:
    file = kept(
        "Collège du Lac;;\nListe au 22/11/2026\nNom;Prénom;Né le;Classe\nRoux;Léo;1/2/2012;3A"
    )
    assert file.header_line == 3
    assert [line.line for line in file.lines] == [4]
    assert "Lac" not in repr(file)


def test_headings_printed_again_on_each_page_are_no_pupils() -> None:
    head = "Nom;Prénom;Né le;Classe"
    file = kept(f"{head}\nRoux;Léo;1/2/2012;3A\n{head}\nPetit;Éva;1/2/2012;3A")
    assert [line.line for line in file.lines] == [2, 4]


def test_a_table_without_headings_is_told_by_what_stands_in_it() -> None:
    file = kept(
        f"3A;F;ROUX;Zoé;04/05/2012;{INE}\n3B;M;LE GOFF;Léo;05/05/2012;{INE}\n"
        f"3A;M;PETIT;Basile;06/05/2012;{INE}\n"
    )
    assert keys(file) == ["class_name", None, "last_name", "first_name", "birth_date", None]
    assert file.header_line == 0
    assert check(file, today=TODAY).problems == ()
    assert INE not in repr(file)


def test_first_names_before_names_are_told_by_their_capitals() -> None:
    file = kept("Zoé;ROUX;04/05/2012;3A\nLéo;PETIT;04/05/2011;3A\n")
    assert keys(file)[:2] == ["first_name", "last_name"]


def test_names_and_first_names_in_one_column_need_no_heading() -> None:
    file = kept("ROUX Zoé;04/05/2012;3A\nLE GOFF Léo;04/05/2011;3A\n")
    assert keys(file) == ["full_name", "birth_date", "class_name"]


def test_an_unknown_heading_over_dates_of_birth_is_guessed_but_not_other_dates() -> None:
    file = kept("Nom;Prénom;Entrée;Anniversaire;Classe\nRoux;Léo;01/09/2026;1/2/2012;3A")
    assert keys(file) == ["last_name", "first_name", None, "birth_date", "class_name"]
    assert ignored_columns(file.columns) == ("Entrée",)
    assert [column.looks for column in file.columns][2:4] == ["dates", "dates"]


def test_a_place_of_birth_is_never_taken_for_a_name() -> None:
    file = kept("Lieu de naissance;Né le;Classe\nLyon;1/2/2012;3A\nBrest;1/2/2012;3B")
    assert keys(file) == [None, "birth_date", "class_name"]
    assert "Brest" not in repr(file)


@pytest.mark.parametrize("number", [INE, "1234567890A", "0a1b2c3d4e5".upper(), "123456789 FF"])
def test_a_national_number_is_never_kept_even_under_another_heading(number: str) -> None:
    text = f"Nom;Prénom;Né le;Classe;Commune\n{number};Léo;1/2/2012;3A;{number}\n"
    file = kept(text, keys=("last_name", "first_name", "birth_date", "class_name", "commune"))
    assert number not in repr(file)
    preview = check(file, today=TODAY)
    assert number not in repr(preview)
    assert [one.code for one in preview.problems] == ["cell_empty"]


@pytest.mark.parametrize("number", [INE, "1234567890A", INE.lower()])
def test_a_national_number_within_a_cell_is_taken_out_of_it(number: str) -> None:
    head = f"Nom;Prénom;Né le;Classe;Commune;E-mail resp. légal;Division {number}"
    cells = f'ROUX {number};Léo;1/2/2012;3A;"Lyon\n{number}\nBrest";marie201205@example.org'
    file = kept(f"{head}\n{cells}\n")
    assert number not in repr(file)
    assert "ROUX" in repr(file)
    assert "marie201205@example.org" in repr(file)


def test_a_national_number_in_the_first_line_is_no_heading() -> None:
    file = kept(f"{INE};Nom;Prénom;Né le;Classe\n1;Roux;Léo;1/2/2012;3A")
    assert INE not in repr(file)


def test_what_a_person_says_wins_over_the_guess() -> None:
    text = "Nom,Prénom;Né le;Classe\nRoux,Léo;1/2/2012;3A"
    assert kept(text, delimiter=",").delimiter == ","
    file = kept(
        "Prénom;Nom;Né le;Classe\nROUX;Léo;1/2/2012;3A",
        keys=("last_name", "first_name", "birth_date", None),
    )
    assert keys(file) == ["last_name", "first_name", "birth_date", None]
    assert "3A" not in repr(file.lines)
    assert kept("A;B\nNom;Prénom;Né le\nRoux;Léo;1/2/2012", header_line=1).header_line == 1
    assert kept("Nom;Prénom\nRoux;Léo", header_line=0).header_line == 0


def test_another_encoding_may_be_chosen() -> None:
    data = "Nom;Prénom;Né le;Classe\nNoël;Zoé;1/2/2012;3A".encode("mac_roman")
    file = keep(data, today=TODAY, choices=Choices(encoding="mac_roman"))
    assert isinstance(file, KeptFile)
    assert file.lines[0].cells[0] == "Noël"
    lost = keep(data, today=TODAY, choices=Choices(encoding="utf-8-sig"))
    assert isinstance(lost, KeptFile)
    assert "cell_broken_accent" in {one.code for one in check(lost, today=TODAY).problems}


def test_lines_are_skipped_or_kept_when_a_person_says_so() -> None:
    file = kept(
        "Nom;Prénom;Né le;Classe\nRoux;Léo;1/2/2012;3A;trop\nTotal;;;\nRoux;Leo;2012-02-01;3B"
    )
    assert [one.code for one in check(file, today=TODAY).problems] == [
        *("row_too_long", "cell_empty", "cell_empty", "cell_empty")
    ]
    preview = check(file, today=TODAY, decisions={2: KEEP, 3: SKIP, 4: SKIP})
    assert (preview.problems, preview.skipped, len(preview.rows)) == ((), 2, 1)
    assert "trop" not in repr(file)


def test_two_lines_that_look_like_one_pupil_are_asked_about_once() -> None:
    text = (
        "Nom;Prénom;Né le;Classe\nRoux;Léo;1/2/2012;3A\nRoux;Léo;2/1/2012;3A\nPetit;Zoé;1/2/2012;3A"
    )
    preview = read_pupils(text.encode(), today=TODAY)
    assert [(one.code, one.line, one.other_line) for one in preview.problems] == [
        ("row_alike", 3, 2)
    ]
    assert check(kept(text), today=TODAY, decisions={3: KEEP}).problems == ()


BORN = date(2012, 5, 4)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("durand", "lea", BORN), ("durand", "lea", date(2012, 4, 5)), True),
        (("durand", "lea", BORN), ("lea", "durand", BORN), True),
        (("durand", "jean", BORN), ("durand", "jeanpaul", BORN), True),
        (("durand", "lea", BORN), ("durandmartin", "lea", BORN), True),
        (("durand", "lea", BORN), ("durand", "leo", BORN), False),  # twins
        (("durand", "lea", BORN), ("petit", "lea", BORN), False),
        (("durand", "jean", BORN), ("durand", "jeanpaul", date(2012, 4, 5)), False),
        (("li", "a", BORN), ("lind", "a", BORN), False),
    ],
)
def test_pupils_who_may_be_one(one, other, alike: bool) -> None:
    seen = Alikes()
    seen.add(one, 7)
    assert seen.find(other) == (7 if alike else None)


def test_a_column_of_whole_names_without_a_heading_is_told_by_ours() -> None:
    names = ("MARTIN Léa", "PETIT Hugo", "ROUX ZOE", "DURAND Inès", "LEBLANC Tom")
    preview = check(kept("".join(f"{name};04/05/2012;3A\n" for name in names)), today=TODAY)
    assert [(one.line, one.column) for one in preview.problems] == [(3, "Nom et prénom")]
    twice = kept("MARTIN Léa;04/05/2012;3A\n" * 2)
    assert [one.column for one in check(twice, today=TODAY).problems] == ["Nom et prénom"]
