"""From a folder to its three result files."""

import csv
import json
import random
from pathlib import Path

import pytest

from matching.spreadsheet import run
from matching.spreadsheet.check import failures
from matching.spreadsheet.faults import FolderRefused
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.run import place

from .conftest import OFFERS, PUPILS, WISHES, Write
from .oracle import any_world, best

RESULTS = ["placements.csv", "report.json", "unplaced.csv"]


def solve(folder: Path, policy: str = "fair", seed: int = 7, out: str = "out") -> Path:
    result = folder.parent / f"{folder.name}-{out}"
    place(folder, result, policy=policy, seed=seed, remark=lambda _: None)
    return result


def bytes_of(out: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def report(out: Path) -> dict:
    return json.loads((out / "report.json").read_bytes())


# Two seats for three pupils. Louis is of a lower class: he stays out, though he lives nearest.
# One of the two others can have the forge; Nina ranked it first, so Marc's wish gives way.
WORKED = {
    "offers": "offer;postcode;commune;seats;week;territory\n"
    "forge;44600;Saint-Nazaire;1;2027-W05;estuaire\n"
    "port;44600;Saint-Nazaire;1;;-\n",
    "pupils": "pupil;postcode;commune;weeks;class_of_service;territory\n"
    "louis;44600;Saint-Nazaire;2027-W05;;estuaire\n"
    "marc;44600;Saint-Nazaire;2027-W05 2027-W06;1;estuaire\n"
    "nina;44600;Saint-Nazaire;2027-W05;1;estuaire\n",
    "wishes": "pupil;offer;rank\nmarc;forge;2\nnina;forge;1\nlouis;forge;1\n",
    "travel": "pupil;offer;km\nlouis;forge;1\nlouis;port;1\n"
    "marc;forge;3\nmarc;port;5\nnina;forge;4,25\nnina;port;9\n",
}


def test_the_worked_example_is_solved_as_by_hand(write: Write) -> None:
    out = solve(write(**WORKED))
    assert (out / "placements.csv").read_bytes() == (
        b"\xef\xbb\xbfpupil;offer;week;km;rank;same_territory;reserved_seat\r\n"
        b"marc;port;2027-W05;5.00;;0;0\r\n"
        b"nina;forge;2027-W05;4.25;1;1;0\r\n"
    )
    [unplaced] = rows(out / "unplaced.csv")
    assert (unplaced["pupil"], unplaced["reason"]) == ("louis", "class")
    assert "classe de service" in unplaced["detail"]
    found = report(out)
    assert {level["name"]: level["value"] for level in found["levels"]} | {"ties": 0} == {
        "placed": 2, "wishes": 1, "ranks": 1, "sectors": 0, "territory": 1, "distance": 925,
        "ties": 0,
    }  # fmt: skip
    assert found["km"] == {"median": 4.625, "mean": 4.625, "p95": 5.0}
    assert (found["policy"], found["seed"], found["pupils"], found["seats"]) == ("fair", 7, 3, 2)
    assert (found["placed"], found["unplaced"]) == (2, 1)


@pytest.mark.parametrize("policy", ["fair", "best_total"])
@pytest.mark.parametrize("first", range(0, 120, 40))
def test_small_folders_are_solved_as_by_trying_everything(
    write: Write, policy: str, first: int
) -> None:
    for number in range(first, first + 40):
        world = any_world(number)
        folder = write(f"w{number}", **({"wishes": None} | world.files()))
        out = solve(folder, policy, seed=number)
        found = {level["name"]: level["value"] for level in report(out)["levels"]}
        levels, placed = best(world, policy, seed=number)
        assert {name: found[name] for name in levels} == levels, number
        if policy == "fair":
            assert {row["pupil"] for row in rows(out / "placements.csv")} == placed, number
        assert failures(read_folder(folder), out) == [], number


def test_no_order_delimiter_or_encoding_changes_a_byte(write: Write) -> None:
    """Many equal pupils and few seats: only ties and the lottery tell them apart."""
    offers = OFFERS + "".join(f"o{n};44600;Saint-Nazaire;1;2027-W05;\n" for n in range(20))
    pupils = PUPILS + "".join(f"é{n};44600;Saint-Nazaire;2027-W05;\n" for n in range(60))
    wishes = WISHES + "".join(f"é{n};o{n % 7};{n % 5 + 1};\n" for n in range(0, 60, 2))
    texts = {"offers": offers, "pupils": pupils, "wishes": wishes}
    expected = bytes_of(solve(write("plain", **texts)))
    assert len(rows(write("plain").parent / "plain-out" / "unplaced.csv")) > 20
    draw = random.Random(5)
    dialects = [(";", "utf-8"), (",", "cp1252"), ("\t", "utf-8-sig"), (";", "cp1252")]
    for number, (delimiter, encoding) in enumerate(dialects):
        files = {}
        for name, text in texts.items():
            head, *lines = text.replace("12,5", "12.5").splitlines()
            draw.shuffle(lines)
            columns = draw.sample(range(head.count(";") + 1), head.count(";") + 1)
            table = [line.split(";") + [""] * 12 for line in (head, *lines)]
            files[name] = "\n".join(
                delimiter.join(line[column] for column in columns) for line in table
            ).encode(encoding)
        assert bytes_of(solve(write(f"d{number}", **files))) == expected


def test_another_seed_gives_another_answer(write: Write) -> None:
    pupils = PUPILS + "".join(f"p{n};44600;Saint-Nazaire;2027-W05;\n" for n in range(60))
    folder = write(pupils=pupils)
    one, other = solve(folder, seed=1, out="1"), solve(folder, seed=2, out="2")
    assert rows(one / "unplaced.csv") != rows(other / "unplaced.csv")


def test_accepted_pupils_stay_even_beyond_reach(write: Write) -> None:
    folder = write(
        offers=OFFERS + "loin;67000;Strasbourg;1;\n",
        accepted="pupil;offer;week\nanna;loin;\nbilal;mairie;2027-W06\n",
    )
    placed = {row["pupil"]: row for row in rows(solve(folder) / "placements.csv")}
    assert placed["anna"]["offer"] == "loin"
    assert float(placed["anna"]["km"]) > 700
    assert placed["bilal"]["reserved_seat"] == "1"


def test_unreachable_wishes_are_reported_and_ranks_stay(write: Write) -> None:
    folder = write(
        offers=OFFERS + "loin;67000;Strasbourg;1;\nile;56360;Le Palais;1;\n",
        pupils=PUPILS.replace("2027-W05;20;1;;C2", "2027-W05;200;1;;C2"),
        wishes="pupil;offer;rank;week\nanna;loin;1;\nanna;atelier;3;\nanna;mairie;2;2027-W06\n"
        "chloe;ile;1;\ndavid;chantier;1;\n",
        refused="pupil;offer\nbilal;chantier\n",
    )
    out = solve(folder)
    unreachable = report(out)["wishes"]["unreachable"]
    assert [
        (wish["pupil"], wish["offer"], wish["rank"], wish["reason"]) for wish in unreachable
    ] == [
        ("anna", "loin", 1, "out_of_reach"),
        ("anna", "mairie", 2, "no_week"),
        ("chloe", "ile", 1, "no_link"),
        ("david", "chantier", 1, "no_access"),
    ]
    placed = {row["pupil"]: row for row in rows(out / "placements.csv")}
    assert (placed["anna"]["offer"], placed["anna"]["rank"]) == ("atelier", "3")


def test_a_folder_without_any_week_leaves_the_week_empty(write: Write) -> None:
    folder = write(
        offers="offer;lat;lon;seats\na;47,28;-2,21;1\n",
        pupils="pupil;lat;lon\np;47.28;-2.22\n",
        wishes=None,
    )
    [placed] = rows(solve(folder) / "placements.csv")
    assert placed["week"] == ""
    assert failures(read_folder(folder), solve(folder)) == []


def test_two_lines_that_serve_the_same_week_are_told_apart(write: Write) -> None:
    folder = write(
        offers="offer;lat;lon;seats;week\na;47.28;-2.21;1;2027-W05\na;47.28;-2.21;1;\n",
        pupils="pupil;lat;lon;weeks\np;47.28;-2.22;2027-W05\nq;47.28;-2.22;2027-W05\n",
        wishes=None,
    )
    out = solve(folder)
    assert sorted(report(out)["lines"].values()) == ["a|", "a|2027-W05"]
    assert failures(read_folder(folder), out) == []


def test_the_week_of_a_wish_chooses_among_the_lines_of_the_offer(write: Write) -> None:
    folder = write(
        offers=OFFERS + "atelier;44600;Saint-Nazaire;1;2027-W06;\n",
        wishes="pupil;offer;rank;week\nbilal;atelier;2;\nbilal;atelier;1;2027-W06\n",
    )
    placed = {row["pupil"]: row for row in rows(solve(folder) / "placements.csv")}
    assert (placed["bilal"]["week"], placed["bilal"]["rank"]) == ("2027-W06", "1")


def test_the_territory_comes_from_the_commune_the_point_or_the_line(write: Write) -> None:
    folder = read_folder(
        write(
            offers="offer;postcode;commune;lat;lon;seats;territory\n"
            "commune;44600;Saint-Nazaire;;;1;\npoint;;;47.2735;-2.2138;1;\n"
            "none;44600;Saint-Nazaire;;;1;-\nname;44600;Saint-Nazaire;;;1;Cap Excellence\n"
            "own;44600;Saint-Nazaire;;;1;estuaire\n",
            wishes=None,
        )
    )
    territory = {row.offer: row.place.territory for row in folder.offers}
    assert territory["commune"] == territory["point"] != ""
    assert territory["none"] == ""
    assert territory["own"] == "estuaire"
    assert any("estuaire" in remark for remark in folder.remarks)


def test_a_postcode_that_lost_its_zero_and_a_cedex_are_understood(write: Write) -> None:
    folder = read_folder(
        write(
            offers="offer;postcode;commune;seats\na;1000;BOURG EN BRESSE;1\n"
            "b;69361;LYON CEDEX 07;1\nc;69003;Lyon;1\n",
            wishes=None,
        )
    )
    assert [row.place.commune for row in folder.offers] == ["01053", "69387", "69383"]


def test_a_refused_folder_leaves_the_results_as_they_were(write: Write) -> None:
    out = solve(write())
    before = bytes_of(out)
    with pytest.raises(FolderRefused):
        solve(write(offers=OFFERS + "atelier;44600;Saint-Nazaire;0;\n"))
    assert bytes_of(out) == before


def test_new_results_replace_old_ones_and_other_files_stay(write: Write) -> None:
    folder = write()
    out = solve(folder)
    (out / "notes.txt").write_text("mine")
    (out / "placements.csv").write_text("old")
    fresh = bytes_of(solve(folder))
    assert sorted(fresh) == sorted([*RESULTS, "notes.txt"])
    assert fresh["notes.txt"] == b"mine"
    assert fresh["placements.csv"].startswith(b"\xef\xbb\xbfpupil;")


def test_nothing_is_written_when_a_result_cannot_take_its_place(write: Write) -> None:
    folder = write()
    out = folder.parent / "input-out"
    (out / "report.json").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        solve(folder)
    assert [file.name for file in out.iterdir()] == ["report.json"]


def test_nothing_is_written_when_the_check_refuses_the_answer(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer to another question stands for a solver gone wrong."""
    other = write("other", offers=OFFERS.replace("44550;Montoir-de-Bretagne", "44570;Trignac"))
    wrong = run.solve(run.problem_from(read_folder(other), policy=run.Policy.FAIR, seed=7))
    monkeypatch.setattr(run, "solve", lambda _problem, **_limits: wrong)
    folder = write()
    with pytest.raises(run.AnswerRefused):
        solve(folder)
    assert not (folder.parent / "input-out").exists()


def test_a_folder_of_ten_thousand_pupils_is_placed(write: Write) -> None:
    draw = random.Random(3)
    towns = ["44600;Saint-Nazaire", "44550;Montoir-de-Bretagne", "44570;Trignac", "44380;Pornichet"]
    offers = "".join(f"o{n};{draw.choice(towns)};2;2027-W0{n % 5 + 1}\n" for n in range(2_000))
    pupils = "".join(f"p{n};{draw.choice(towns)};2027-W0{n % 5 + 1}\n" for n in range(10_000))
    wishes = "".join(f"p{n};o{draw.randrange(2_000)};{n % 5 + 1}\n" for n in range(10_000))
    folder = write(
        offers="offer;postcode;commune;seats;week\n" + offers,
        pupils="pupil;postcode;commune;weeks\n" + pupils,
        wishes="pupil;offer;rank\n" + wishes,
    )
    out = solve(folder)
    assert report(out)["placed"] == 4_000
    assert len(rows(out / "placements.csv")) == 4_000
    assert len(rows(out / "unplaced.csv")) == 6_000
