"""Caps in the folder: read, solved, written with their proof, checked; refused when they cross."""

import json

import pytest

from matching.spreadsheet.check import failures
from matching.spreadsheet.faults import FolderRefused
from matching.spreadsheet.folder import read_folder, sha256

from .conftest import PUPILS, Write
from .test_solving import bytes_of, report, rows, solve

CAPPED = (
    "offer;postcode;commune;seats;week;reserved;reserved_for;at_once;most_of_a_school;offer_total;"
    "school_total;host;host_total\n"
)
CLASS = "pupil;postcode;commune;weeks;school;apart\n" + "".join(
    f"{name};44600;Saint-Nazaire;{weeks};{school};{apart}\n"
    for name, weeks, school, apart in (
        ("anna", "2027-W05", "C1", "jumeaux"), ("bilal", "2027-W05", "C1", "jumeaux"),
        ("chloe", "2027-W05", "C1", ""), ("david", "2027-W05", "C2", "jumeaux"),
        ("emma", "2027-W05 2027-W06", "C2", ""),
    )
)  # fmt: skip


def capped(*lines: str) -> dict[str, str | None]:
    offers = CAPPED + "".join(f"{line}\n" for line in lines)
    return {"offers": offers, "pupils": CLASS, "wishes": None}


FORGE = "forge;44600;Saint-Nazaire;5;2027-W05"


@pytest.mark.parametrize(
    ("lines", "placed", "reason"),
    [
        ((f"{FORGE};;;;;;;;",), 4, "kept_apart"),  # anna or bilal; david is of another school
        ((f"{FORGE};;;;1;;;;",), 2, "school_cap"),
        ((f"{FORGE};;;2;;;;;",), 2, "host_cap"),
        (("forge;44600;Saint-Nazaire;5;;;;2;;;;;",), 3, "host_cap"),  # emma in the other week
        ((f"{FORGE};;;;;3;;;", "forge;44600;Saint-Nazaire;5;2027-W06;;;;;3;;;"), 3, "host_cap"),
        ((f"{FORGE};;;;;;;Dupont;2", "port;44600;Saint-Nazaire;5;2027-W06;;;;;;;Dupont;"), 2,
         "host_cap"),
    ],
    ids=["apart", "school", "at once", "at once in any week", "offer", "host"],
)  # fmt: skip
@pytest.mark.parametrize("policy", ["fair", "best_total", "cannot_be_gamed"])
def test_each_cap_holds_and_the_answer_is_checked(
    write: Write, lines: tuple[str, ...], placed: int, reason: str, policy: str
) -> None:
    folder = write(**capped(*lines))
    out = solve(folder, policy)
    assert len(rows(out / "placements.csv")) == placed
    without = rows(out / "unplaced.csv")
    assert reason in {row["reason"] for row in without}
    assert all(row["detail"] for row in without)
    assert failures(read_folder(folder), out) == []


def test_the_order_of_the_lines_decides_nothing(write: Write) -> None:
    lines = [f"{FORGE};;;;2;;;Dupont;3", "port;44600;Saint-Nazaire;2;2027-W06;;;;1;;;Dupont;"]
    heading, *pupils = CLASS.splitlines(keepends=True)
    one = write(**capped(*lines))
    other = write(**capped(*lines[::-1]) | {"pupils": heading + "".join(pupils[::-1])}, name="b")
    assert bytes_of(solve(one)) == bytes_of(solve(other))


def test_empty_columns_leave_the_answer_as_it_was(write: Write) -> None:
    plain = write(wishes=None)
    with_columns = write(wishes=None, name="b", pupils=PUPILS.replace("access\n", "access;apart\n"))
    assert sha256(read_folder(plain)) == sha256(read_folder(with_columns))
    assert bytes_of(solve(plain)) == bytes_of(solve(with_columns))


@pytest.mark.parametrize("damage", ["less", "word", "missing"])
def test_a_damaged_price_of_a_cap_is_told(write: Write, damage: str) -> None:
    folder = write(**capped(f"{FORGE};;;;1;;;;"))
    out = solve(folder)
    told = report(out)
    rows_of = told["certificate"]["placed"]["caps"]
    assert rows_of
    assert [row[:4] for row in rows_of] == [
        ["school", "forge|2027-W05", "2027-W05", "C1"],
        ["school", "forge|2027-W05", "2027-W05", "C2"],
    ]
    if damage == "less":
        rows_of[0][4] -= 1
    elif damage == "word":
        rows_of[0][3] = "C9"
    else:
        del told["certificate"]["placed"]["caps"]
    (out / "report.json").write_text(json.dumps(told), encoding="utf-8")
    assert failures(read_folder(folder), out)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (
            (f"{FORGE};;;;;;1;;", "forge;44600;Saint-Nazaire;5;2027-W06;;;;;;1;;"),
            ("offers.csv", 2, "school_total", "1"),
        ),
        (("forge;44600;Saint-Nazaire;5;;1;rep;2;;;;;",), ("offers.csv", 2, "at_once", "2")),
        ((f"{FORGE};;;x;;;;;",), ("offers.csv", 2, "at_once", "x")),
        ((f"{FORGE};;;;-1;;;;",), ("offers.csv", 2, "most_of_a_school", "-1")),
        ((f"{FORGE};;;;;;;;3",), ("offers.csv", 2, "host", "")),
        (
            (f"{FORGE};;;;;3;;;", "forge;44600;Saint-Nazaire;5;2027-W06;;;;;4;;;"),
            ("offers.csv", 3, "offer_total", "4"),
        ),
        (
            (f"{FORGE};;;;;;;A;3", "port;44600;Saint-Nazaire;5;2027-W06;;;;;;;A;4"),
            ("offers.csv", 3, "host_total", "4"),
        ),
        (
            (f"{FORGE};;;;;;;A;", "forge;44600;Saint-Nazaire;5;2027-W06;;;;;;;B;"),
            ("offers.csv", 3, "host", "B"),
        ),
    ],
)
def test_what_crosses_or_does_not_agree_is_told_by_line(
    write: Write, lines: tuple[str, ...], place: tuple[str, int, str, str]
) -> None:
    folder = write(**capped(*lines))
    with pytest.raises(FolderRefused) as refusal:
        solve(folder)
    fault = refusal.value.faults[0]
    assert (fault.file, fault.line, fault.column, fault.found) == place
    assert len(fault.expected) > 3


def test_a_school_that_is_entitled_in_part_crosses_reserved_seats(write: Write) -> None:
    offers = "offer;postcode;commune;seats;week;reserved;reserved_for;most_of_a_school\n"
    line = "forge;44600;Saint-Nazaire;5;2027-W05;1;rep;2\n"
    with pytest.raises(FolderRefused, match=r"ligne 2, colonne «.most_of_a_school"):
        solve(write(offers=offers + line, wishes=None))
    together = (
        "pupil;postcode;commune;entitled;school;apart\n"
        "anna;44600;Saint-Nazaire;;C1;x\nbilal;44600;Saint-Nazaire;rep;C1;x\n"
    )
    with pytest.raises(FolderRefused, match=r"pupils.csv, ligne 2, colonne «.apart"):
        solve(write(offers=offers + line.replace(";2\n", ";\n"), pupils=together, wishes=None))
