"""Each kind of bad line gets one message that says where, what was found and what was expected."""

import os
from pathlib import Path

import pytest

from matching.spreadsheet.faults import Fault, FolderRefused
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.read import LARGEST_FILE

from .conftest import OFFERS, PUPILS, WISHES, Write


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(FolderRefused) as refused:
        read_folder(folder)
    return refused.value.faults


def offer(**change: str) -> dict[str, str]:
    """offers.csv with one more line, the fifth of the file."""
    line = {
        "offer": "new", "postcode": "44600", "commune": "Saint-Nazaire", "seats": "1", "week": "",
        "reserved": "", "reserved_for": "", "sector": "", "territory": "", "accessible": "",
    }  # fmt: skip
    return {"offers": OFFERS + ";".join((line | change).values()) + "\n"}


def pupil(**change: str) -> dict[str, str]:
    """pupils.csv with one more line, the sixth of the file."""
    line = {
        "pupil": "new", "postcode": "44600", "commune": "Saint-Nazaire", "weeks": "",
        "max_km": "", "class_of_service": "", "entitled": "", "school": "", "territory": "",
        "sectors": "", "needs_access": "",
    }  # fmt: skip
    return {"pupils": PUPILS + ";".join((line | change).values()) + "\n"}


def wish(line: str) -> dict[str, str]:
    return {"wishes": f"pupil;offer;rank;week\n{line}\n"}


def accepted(*lines: str) -> dict[str, str]:
    return {"accepted": "\n".join(("pupil;offer;week", *lines)) + "\n"}


def points(line: str) -> dict[str, str]:
    return {"offers": f"offer;lat;lon;seats\n{line}\n", "wishes": None}


KINDS = {
    "no offer name": (offer(offer=""), "offers.csv", 5, "offer", ""),
    "a name that is a formula": (offer(offer="=cmd()"), "offers.csv", 5, "offer", "=cmd()"),
    "seats zero": (offer(seats="0"), "offers.csv", 5, "seats", "0"),
    "seats negative": (offer(seats="-2"), "offers.csv", 5, "seats", "-2"),
    "seats missing": (offer(seats=""), "offers.csv", 5, "seats", ""),
    "seats with words": (offer(seats="deux"), "offers.csv", 5, "seats", "deux"),
    "seats with decimals": (offer(seats="1,5"), "offers.csv", 5, "seats", "1,5"),
    "reserved beyond seats": (
        offer(reserved="2", reserved_for="rep"), "offers.csv", 5, "reserved", "2"),
    "reserved negative": (offer(reserved="-1"), "offers.csv", 5, "reserved", "-1"),
    "reserved for nobody": (offer(reserved="1"), "offers.csv", 5, "reserved_for", ""),
    "reserved_for without a number": (
        offer(reserved_for="rep"), "offers.csv", 5, "reserved", ""),
    "two codes in reserved_for": (
        offer(reserved="1", reserved_for="rep rep_plus"), "offers.csv", 5, "reserved_for",
        "rep rep_plus"),
    "week malformed": (offer(week="semaine 5"), "offers.csv", 5, "week", "semaine 5"),
    "week impossible": (offer(week="2027-W54"), "offers.csv", 5, "week", "2027-W54"),
    "week 53 of a short year": (offer(week="2027-W53"), "offers.csv", 5, "week", "2027-W53"),
    "same offer and week twice": (
        offer(offer="atelier", week="2027-W05"), "offers.csv", 5, "offer", "atelier 2027-W05"),
    "accessible unclear": (offer(accessible="peut-être"), "offers.csv", 5, "accessible",
                           "peut-être"),
    "unknown commune": (offer(commune="Trifouillis"), "offers.csv", 5, "commune", "Trifouillis"),
    "homonym commune": (
        offer(postcode="", commune="Sainte-Colombe"), "offers.csv", 5, "commune",
        "Sainte-Colombe"),
    "postcode of another commune": (
        offer(commune="Nantes"), "offers.csv", 5, "commune", "Nantes"),
    "postcode malformed": (offer(postcode="446"), "offers.csv", 5, "postcode", "446"),
    "postcode of several communes alone": (
        offer(postcode="01400", commune=""), "offers.csv", 5, "commune", ""),
    "no place": (offer(postcode="", commune=""), "offers.csv", 5, "commune", ""),
    "too many cells": (
        {"offers": OFFERS + "new;44600;Saint-Nazaire;1;;;;;;;x\n"}, "offers.csv", 5, "", "x"),
    "latitude beyond the pole": (points("a;91;2;1"), "offers.csv", 2, "lat", "91"),
    "latitude with words": (points("a;nord;2;1"), "offers.csv", 2, "lat", "nord"),
    "longitude missing": (points("a;48;;1"), "offers.csv", 2, "lon", ""),
    "a point in the ocean": (points("a;0;0;1"), "offers.csv", 2, "lat", "0 ; 0"),
    "duplicate pupil": (pupil(pupil="anna"), "pupils.csv", 6, "pupil", "anna"),
    "no pupil name": (pupil(pupil=""), "pupils.csv", 6, "pupil", ""),
    "reach zero": (pupil(max_km="0"), "pupils.csv", 6, "max_km", "0"),
    "reach negative": (pupil(max_km="-5"), "pupils.csv", 6, "max_km", "-5"),
    "reach with words": (pupil(max_km="20 km"), "pupils.csv", 6, "max_km", "20 km"),
    "class of service not whole": (
        pupil(class_of_service="1,5"), "pupils.csv", 6, "class_of_service", "1,5"),
    "one bad week among good ones": (
        pupil(weeks="2027-W05 2027-W60"), "pupils.csv", 6, "weeks", "2027-W60"),
    "needs_access unclear": (pupil(needs_access="2"), "pupils.csv", 6, "needs_access", "2"),
    "wish of an unknown pupil": (wish("zoe;atelier;1;"), "wishes.csv", 2, "pupil", "zoe"),
    "wish for an unknown offer": (wish("anna;usine;1;"), "wishes.csv", 2, "offer", "usine"),
    "wish without a rank": (wish("anna;atelier;;"), "wishes.csv", 2, "rank", ""),
    "rank zero": (wish("anna;atelier;0;"), "wishes.csv", 2, "rank", "0"),
    "rank six": (wish("anna;atelier;6;"), "wishes.csv", 2, "rank", "6"),
    "wish for a week that the offer lacks": (
        wish("anna;atelier;1;2027-W06"), "wishes.csv", 2, "week", "2027-W06"),
    "same wish twice": (
        wish("anna;atelier;1;\nanna;atelier;2;"), "wishes.csv", 3, "offer", "atelier"),
    "accepted pupil unknown": (accepted("zoe;atelier;"), "accepted.csv", 2, "pupil", "zoe"),
    "accepted offer unknown": (accepted("anna;usine;"), "accepted.csv", 2, "offer", "usine"),
    "accepted in a week that the offer lacks": (
        accepted("bilal;atelier;2027-W06"), "accepted.csv", 2, "week", "2027-W06"),
    "accepted in a week that the pupil lacks": (
        accepted("anna;mairie;2027-W06"), "accepted.csv", 2, "week", "2027-W06"),
    "accepted where no week is shared": (
        accepted("anna;mairie;"), "accepted.csv", 2, "offer", "mairie"),
    "accepted twice": (
        accepted("anna;atelier;", "anna;chantier;"), "accepted.csv", 3, "pupil", "anna"),
    "accepted beyond capacity": (
        accepted("chloe;chantier;", "anna;chantier;"), "accepted.csv", 2, "offer", "chantier"),
    "accepted on a seat kept for others": (
        accepted("david;mairie;") | {"offers": OFFERS.replace("2;2027-W06", "1;2027-W06")},
        "accepted.csv", 2, "offer", "mairie"),
    "accepted without saying which week": (
        accepted("david;atelier;") | offer(offer="atelier", week="2027-W06"),
        "accepted.csv", 2, "week", ""),
    "accepted and refused": (
        accepted("anna;atelier;") | {"refused": "pupil;offer\nanna;atelier\n"},
        "accepted.csv", 2, "offer", "atelier"),
    "refused pupil unknown": (
        {"refused": "pupil;offer\nzoe;atelier\n"}, "refused.csv", 2, "pupil", "zoe"),
    "trip of an unknown offer": (
        {"travel": "pupil;offer;km\nanna;usine;3\n"}, "travel.csv", 2, "offer", "usine"),
    "trip without a length": (
        {"travel": "pupil;offer;km\nanna;atelier;\n"}, "travel.csv", 2, "km", ""),
    "trip of negative length": (
        {"travel": "pupil;offer;km\nanna;atelier;-1\n"}, "travel.csv", 2, "km", "-1"),
    "same trip twice": (
        {"travel": "pupil;offer;km\nanna;atelier;1\nanna;atelier;2\n"}, "travel.csv", 3, "offer",
        "atelier"),
    "missing file": ({"offers": None, "wishes": None}, "offers.csv", 0, "", ""),
    "empty file": ({"pupils": ""}, "pupils.csv", 0, "", ""),
    "empty optional file": ({"wishes": ""}, "wishes.csv", 0, "", ""),
    "blank file": ({"pupils": "\n \n"}, "pupils.csv", 0, "", ""),
    "headings alone": ({"offers": OFFERS.split("\n")[0]}, "offers.csv", 0, "", ""),
    "missing column": (
        {"wishes": "pupil;offer\nanna;atelier\n"}, "wishes.csv", 1, "", "pupil, offer"),
    "same column twice": (
        {"wishes": "pupil;offer;rang;ordre\n"}, "wishes.csv", 1, "ordre", "rang et ordre"),
    "garbage bytes": (
        {"pupils": PUPILS.encode() + b"\x00\xff\x81"}, "pupils.csv", 0, "",
        "autre chose qu’un tableau"),
    "a byte that no encoding has": (
        {"pupils": PUPILS.encode() + b"\xe9\x81"}, "pupils.csv", 0, "",
        "autre chose qu’un tableau"),
    "a workbook": ({"pupils": b"PK\x03\x04rest"}, "pupils.csv", 0, "", "un classeur"),
    "quotes left open": (
        {"wishes": WISHES + '"anna;atelier;1;\n'}, "wishes.csv", 0, "",
        "autre chose qu’un tableau"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_line_is_told_by_its_place_and_content(write: Write, kind: str) -> None:
    files, file, line, column, found = KINDS[kind]
    [fault] = faults_of(write(**files))
    assert (fault.file, fault.line, fault.column, fault.found) == (file, line, column, found)
    assert fault.expected


def test_every_bad_line_of_every_file_is_told_once_in_order(write: Write) -> None:
    faults = faults_of(
        write(
            offers=OFFERS + "a;44600;Saint-Nazaire;0;2027-W99\nb;44600;Saint-Nazaire;;;\n",
            pupils=PUPILS + "e;44600;Nantes;;-1\n",
            wishes=WISHES + "anna;a;1;\nanna;nowhere;1;\n",
        )
    )
    assert [(fault.file, fault.line) for fault in faults] == [
        ("offers.csv", 5), ("offers.csv", 6), ("pupils.csv", 6), ("wishes.csv", 7),
    ]  # fmt: skip


def test_the_message_names_file_line_column_found_and_expected(write: Write) -> None:
    [fault] = faults_of(write(**offer(seats="zéro")))
    assert str(fault) == (
        "offers.csv, ligne 5, colonne «\u00a0seats\u00a0»\u00a0: trouvé «\u00a0zéro\u00a0», "
        "attendu un nombre entier de 1 à 10\u202f000."
    )


def test_the_message_repeats_the_heading_as_it_was_typed(write: Write) -> None:
    [fault] = faults_of(write(wishes="Élève;Offre;Rang du vœu\nanna;atelier;9\n"))
    assert fault.column == "Rang du vœu"


def test_homonyms_are_listed_with_their_departement(write: Write) -> None:
    [fault] = faults_of(write(**offer(postcode="", commune="Sainte-Colombe")))
    assert "69560" in fault.expected  # Sainte-Colombe, Rhône
    assert "77650" in fault.expected  # Sainte-Colombe, Seine-et-Marne


def test_a_sixth_offer_among_the_wishes_is_refused_but_not_a_second_week(write: Write) -> None:
    offers = OFFERS + "".join(f"o{n};44600;Saint-Nazaire;1;\n" for n in range(5))
    offers += "o0;44600;Saint-Nazaire;1;2027-W06\n"
    five = "pupil;offer;rank;week\n" + "".join(f"david;o{n};1;\n" for n in range(5))
    read_folder(write("five", offers=offers, wishes=five + "david;o0;2;2027-W06\n"))
    [fault] = faults_of(write("six", offers=offers, wishes=five + "david;atelier;1;\n"))
    assert (fault.line, fault.found) == (7, "atelier")


def test_a_folder_with_more_than_64_weeks_is_refused(write: Write) -> None:
    weeks = [f"{year}-W{week:02d}" for year in (2026, 2027) for week in range(1, 36)]
    lines = "".join(f"o;44600;Saint-Nazaire;1;{week}\n" for week in weeks)
    [fault] = faults_of(write(offers=OFFERS + lines))
    assert fault.found == "70 semaines différentes"


def test_a_file_beyond_the_limit_is_not_read(write: Write) -> None:
    folder = write()
    os.truncate(folder / "wishes.csv", LARGEST_FILE + 1)  # a hole: it takes no room on the disk
    [fault] = faults_of(folder)
    assert (fault.file, fault.line) == ("wishes.csv", 0)
    assert fault.found == "un fichier trop gros"


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path / "nowhere")
    assert fault.expected == "un dossier"


def test_a_cell_cannot_write_to_the_terminal(write: Write) -> None:
    [fault] = faults_of(write(**offer(seats="\u009b31m" + "9" * 200)))
    assert "\u009b" not in str(fault)


def test_ten_thousand_bad_lines_give_ten_thousand_messages(write: Write) -> None:
    lines = "".join(f"p{n};44600;Saint-Nazaire;;0\n" for n in range(10_000))
    faults = faults_of(write(pupils=PUPILS + lines))
    assert [fault.line for fault in faults] == list(range(6, 10_006))
