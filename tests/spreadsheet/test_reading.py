"""The same facts are read from any dialect of CSV."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.rules.file_reading import fold
from matching.spreadsheet import cells, columns
from matching.spreadsheet.faults import FolderRefused, LineRefused
from matching.spreadsheet.folder import read_folder, sha256
from matching.spreadsheet.read import Row, parse_table

from .conftest import OFFERS, PUPILS, WISHES, Write

FRENCH = {
    "offers": "Offre;Code postal;Commune;Nombre de places;Semaine;Places réservées;"
    "Réservées à;Secteur d’activité;Territoire;Accessibilité",
    "pupils": "Élève;Code postal;Ville;Semaines possibles;Distance max (km);Priorité;Droits;"
    "Collège;Territoire d'industrie;Centres d’intérêt;Mobilité réduite",
    "wishes": "N° élève;Réf. offre;Rang du vœu;Semaine",
}
ENGLISH = {"offers": OFFERS, "pupils": PUPILS, "wishes": WISHES}


def french(name: str) -> str:
    return FRENCH[name] + "\n" + ENGLISH[name].split("\n", 1)[1]


def with_commas(text: str) -> str:
    return text.replace("12,5", '"12,5"').replace(";", ",")


@pytest.mark.parametrize(
    "dialect",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="utf-8 with a byte order mark"),
        pytest.param(lambda text: text.encode("cp1252"), id="cp1252"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: with_commas(text).encode(), id="commas"),
        pytest.param(lambda text: text.replace(";", "\t").encode(), id="tabs"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR alone"),
        pytest.param(lambda text: text.replace("\n", "\n\n;;\n").encode(), id="blank lines"),
        pytest.param(lambda text: ("\n\n" + text).encode(), id="blank lines first"),
        pytest.param(lambda text: text.replace("anna", ' ="anna" ').encode(), id="excel text"),
    ],
)
@pytest.mark.parametrize("headings", ["english", "french"])
def test_every_dialect_says_the_same(write: Write, dialect, headings: str) -> None:
    plain = read_folder(write("plain"))
    texts = {name: french(name) if headings == "french" else ENGLISH[name] for name in ENGLISH}
    other = read_folder(write("other", **{name: dialect(text) for name, text in texts.items()}))
    assert other == plain
    assert sha256(other) == sha256(plain)


def test_headings_may_come_in_any_order(write: Write) -> None:
    turned = "\n".join(";".join(reversed(line.split(";"))) for line in PUPILS.splitlines())
    assert read_folder(write("turned", pupils=turned)) == read_folder(write("plain"))


def test_the_fingerprint_sees_any_change_of_meaning(write: Write) -> None:
    plain = sha256(read_folder(write("plain")))
    changes = [
        {"offers": OFFERS.replace("Trignac;2", "Trignac;3")},
        {"offers": OFFERS.replace("oui", "non")},
        {"pupils": PUPILS.replace("12,5", "12,6")},
        {"pupils": PUPILS.replace("Pornichet;2027-W05", "Pornichet;2027-W06")},
        {"wishes": WISHES.replace("atelier;2", "atelier;3")},
        {"wishes": None},
        {"refused": "pupil;offer\nanna;atelier\n"},
        {"accepted": "pupil;offer;week\nanna;atelier;2027-W05\n"},
        {"travel": "pupil;offer;km\nanna;atelier;3\n"},
    ]
    prints = {sha256(read_folder(write(f"c{n}", **change))) for n, change in enumerate(changes)}
    assert len(prints | {plain}) == len(changes) + 1


def test_every_heading_means_one_column_of_its_file() -> None:
    for file in columns.INPUTS:
        seen: dict[str, str] = {}
        for column in file.columns:
            for name in (column.name, *column.also):
                assert seen.setdefault(fold(name), column.name) == column.name, name


def test_a_column_or_a_file_with_an_unknown_name_is_reported(write: Write) -> None:
    folder = write(pupils=PUPILS.replace("max_km", "rayon_d_action"), voeux=WISHES, wishes=None)
    remarks = "\n".join(read_folder(folder).remarks)
    assert "voeux.csv" in remarks
    assert "rayon_d_action" in remarks


def row(**found: str) -> Row:
    return Row("pupils.csv", 2, found, {name: name for name in found})


@pytest.mark.parametrize(
    ("text", "tens"), [("20", 2000), ("0,004", 0), ("12.345", 1234), (",5", 50), ("1000", 100_000)]
)
def test_kilometres_become_whole_tens_of_metres(text: str, tens: int) -> None:
    assert cells.tens_of_metres(row(km=text), "km", zero=True) == tens


@pytest.mark.parametrize("text", ["nan", "inf", "1e3", "1 0", "", "1.2.3", "1001", "-1", "²", "٣"])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(LineRefused):
        cells.tens_of_metres(row(km=text), "km", zero=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [("2027-W05", "2027-W05"), ("2027-w5", "2027-W05"), ("2027S05", "2027-W05"),
     ("2026-W53", "2026-W53")],
)  # fmt: skip
def test_a_week_is_read_in_the_usual_spellings(text: str, found: str) -> None:
    assert cells.week(row(week=text), "week") == found


@pytest.mark.parametrize(
    "text", ["2027-W54", "2027-W53", "2027-W00", "2027-05", "W05", "27-W05", "1999-W05", "5"]
)
def test_an_impossible_week_is_refused(text: str) -> None:
    with pytest.raises(LineRefused):
        cells.week(row(week=text), "week")


def test_numbers_keep_their_decimals() -> None:
    assert cells.number(row(lat="48,856613"), "lat", -90, 90) == Decimal("48.856613")


def test_codes_are_compared_without_case_and_rep_plus_has_one_spelling() -> None:
    assert cells.codes(row(entitled="REP+ | 0440001A, rep"), "entitled") == (
        "0440001a",
        "rep",
        "rep_plus",
    )


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"pupil;offer;rank;week\n", b"\xef\xbb\xbf"]))
def test_any_bytes_give_rows_or_faults_never_a_crash(content: bytes, start: bytes) -> None:
    table = parse_table(start + content, columns.WISHES)
    assert all(fault.expected and fault.file == "wishes.csv" for fault in table.faults)
    for line in table.rows:
        assert set(line.cells) <= {"pupil", "offer", "rank", "week"}
        assert all(text == text.strip() for text in line.cells.values())


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=200))
def test_garbage_in_any_file_never_crashes_the_reading(tmp_path_factory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    for name, text in ENGLISH.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "refused.csv").write_bytes(b"pupil;offer\n" + content)
    (folder / "travel.csv").write_bytes(content)
    with pytest.raises(FolderRefused) as refused:  # travel.csv can never have its three headings
        read_folder(folder)
    assert refused.value.faults
