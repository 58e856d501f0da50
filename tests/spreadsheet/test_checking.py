"""`verify` accepts what `solve` wrote, and nothing else."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from matching.engine.solution import Reason
from matching.spreadsheet.check import failures
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.reasons import WHY_UNPLACED
from matching.spreadsheet.run import place

from .conftest import Write

# Four seats for six pupils; every trip is written, so a damaged line can be right in all but one
# thing. Ana and Bob hold the two seats of the week before the first wish is read.
FILES = {
    "offers": "offer;postcode;commune;seats;week;reserved;reserved_for;territory;accessible\n"
    "forge;44600;Saint-Nazaire;1;2027-W05;;;estuaire;1\n"
    "port;44600;Saint-Nazaire;1;2027-W05;;;-;1\n"
    "mairie;44600;Saint-Nazaire;2;2027-W06;1;rep;estuaire;0\n",
    "pupils": "pupil;postcode;commune;weeks;max_km;class_of_service;entitled;territory\n"
    "ana;44600;Saint-Nazaire;2027-W05;;1;;estuaire\n"
    "bob;44600;Saint-Nazaire;2027-W05;;1;;estuaire\n"
    "cid;44600;Saint-Nazaire;2027-W06;;;rep;estuaire\n"
    "dan;44600;Saint-Nazaire;2027-W06;;;;-\n"
    "eve;44600;Saint-Nazaire;2027-W05;;;;estuaire\n"
    "fay;44600;Saint-Nazaire;2027-W06;2;;;estuaire\n",
    "wishes": "pupil;offer;rank\nana;forge;1\nbob;forge;2\ncid;port;1\n",
    "accepted": "pupil;offer;week\ndan;mairie;2027-W06\n",
    "refused": "pupil;offer\neve;port\n",
    "travel": "pupil;offer;km\nana;forge;4\nana;port;3\nbob;forge;5\nbob;port;6\n"
    "cid;mairie;1\ndan;mairie;2\neve;forge;1\neve;port;1\nfay;mairie;3\n",
}


@dataclass
class Results:
    """The three files, to be changed by a damage."""

    placements: list[dict[str, str]]
    unplaced: list[dict[str, str]]
    report: dict[str, Any]

    def row(self, pupil: str) -> dict[str, str]:
        return next(row for row in self.placements + self.unplaced if row["pupil"] == pupil)

    def level(self, name: str) -> dict[str, Any]:
        return next(level for level in self.report["levels"] if level["name"] == name)


def read(out: Path) -> Results:
    tables = []
    for name in ("placements.csv", "unplaced.csv"):
        with (out / name).open(encoding="utf-8-sig", newline="") as lines:
            tables.append(list(csv.DictReader(lines, delimiter=";")))
    return Results(*tables, json.loads((out / "report.json").read_bytes()))


def rewrite(out: Path, results: Results) -> None:
    for name, rows in (("placements", results.placements), ("unplaced", results.unplaced)):
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    (out / "report.json").write_text(json.dumps(results.report))


@pytest.fixture
def solved(write: Write) -> tuple[Path, Path]:
    folder = write(**FILES)
    out = folder.parent / "out"
    place(folder, out, policy="fair", seed=11, remark=lambda _: None)
    return folder, out


def test_the_answer_that_the_damages_start_from(solved: tuple[Path, Path]) -> None:
    _, out = solved
    results = read(out)
    assert [(row["pupil"], row["offer"], row["km"]) for row in results.placements] == [
        ("ana", "forge", "4.00"),
        ("bob", "port", "6.00"),
        ("cid", "mairie", "1.00"),
        ("dan", "mairie", "2.00"),
    ]
    assert [(row["pupil"], row["reason"]) for row in results.unplaced] == [
        ("eve", "class"),
        ("fay", "out_of_reach"),
    ]


def test_a_sound_answer_is_accepted_even_saved_again_by_a_spreadsheet(
    solved: tuple[Path, Path],
) -> None:
    folder, out = solved
    assert failures(read_folder(folder), out) == []
    results = read(out)
    for row in results.placements:
        row["km"] = row["km"].rstrip("0").rstrip(".").replace(".", ",")
    results.placements.reverse()
    rewrite(out, results)
    assert failures(read_folder(folder), out) == []


def exchange(results: Results) -> None:
    """Ana and Bob change places: allowed, every column right, but a worse rank."""
    results.row("ana").update(offer="port", km="3.00", rank="", same_territory="0")
    results.row("bob").update(offer="forge", km="5.00", rank="2", same_territory="1")
    results.level("ranks")["value"] += 1
    results.level("territory")["value"] += 0
    results.level("distance")["value"] -= 200


def out_of_turn(results: Results) -> None:
    """Eve takes Ana's seat: as many are placed, but Ana is of a higher class."""
    ana, eve = results.row("ana"), results.row("eve")
    results.placements[results.placements.index(ana)] = ana | {
        "pupil": "eve", "km": "1.00", "rank": "",
    }  # fmt: skip
    results.unplaced[results.unplaced.index(eve)] = eve | {"pupil": "ana"}


def forbidden_pair(results: Results) -> None:
    """Eve takes Bob's seat, which refused.csv forbids her."""
    bob, eve = results.row("bob"), results.row("eve")
    results.placements[results.placements.index(bob)] = bob | {"pupil": "eve", "km": "1.00"}
    results.unplaced[results.unplaced.index(eve)] = eve | {"pupil": "bob"}


def beyond_reach(results: Results) -> None:
    """Fay takes Cid's seat, farther than she may go."""
    cid, fay = results.row("cid"), results.row("fay")
    results.placements[results.placements.index(cid)] = cid | {"pupil": "fay", "km": "3.00"}
    results.unplaced[results.unplaced.index(fay)] = fay | {"pupil": "cid"}


def one_too_many(results: Results) -> None:
    """Eve joins Ana on the only seat of the forge."""
    eve = results.row("eve")
    results.unplaced.remove(eve)
    ana = results.row("ana")
    results.placements.append(ana | {"pupil": "eve", "km": "1.00", "rank": ""})


def held_pupil_put_out(results: Results) -> None:
    """Dan loses the place that he had."""
    dan, fay = results.row("dan"), results.row("fay")
    results.placements.remove(dan)
    results.unplaced.append(fay | {"pupil": "dan"})


def left_at_home(results: Results) -> None:
    """Ana loses her seat and nobody takes it."""
    ana, eve = results.row("ana"), results.row("eve")
    results.placements.remove(ana)
    results.unplaced.append(eve | {"pupil": "ana"})


def set_in(results: Results, *path: Any, value: Any) -> None:
    target: Any = results.report
    for step in path[:-1]:
        target = target[step]
    assert target[path[-1]] != value
    target[path[-1]] = value


Damage = Callable[[Results], object]
DAMAGES: dict[str, tuple[Damage, str]] = {
    # the lines against each other
    "lost pupil": (lambda r: r.placements.pop(0), "ni dans placements.csv"),
    "lost unplaced pupil": (lambda r: r.unplaced.pop(), "ni dans placements.csv"),
    "duplicated row": (lambda r: r.placements.append(r.placements[0]), "2 lignes"),
    "both placed and unplaced": (
        lambda r: r.unplaced.append(r.unplaced[0] | {"pupil": "ana"}), "2 lignes"),
    "unknown pupil": (lambda r: r.row("ana").update(pupil="zoe"), "absent de pupils.csv"),
    "unknown offer": (lambda r: r.row("ana").update(offer="usine"), "usine"),
    "week that the offer lacks": (lambda r: r.row("ana").update(week="2027-W06"), "2027-W06"),
    "week left out": (lambda r: r.row("ana").update(week=""), "offre et semaine"),
    "wrong km": (lambda r: r.row("bob").update(km="5.99"), "km"),
    "wrong rank": (lambda r: r.row("ana").update(rank="2"), "rang"),
    "rank of no wish": (lambda r: r.row("bob").update(rank="1"), "rang"),
    "wrong territory flag": (lambda r: r.row("bob").update(same_territory="1"), "territoire"),
    "invented reason": (lambda r: r.row("eve").update(reason="bad_luck"), "raison"),
    "a reason for placed pupils": (lambda r: r.row("eve").update(reason="wish"), "raison"),
    "another sentence": (lambda r: r.row("eve").update(detail="Dommage."), "raison"),
    "a trip that is not listed": (
        lambda r: r.row("cid").update(offer="forge", week="2027-W05", same_territory="1"),
        "travel.csv"),
    # the rules and the proof
    "reserved seat of nobody entitled": (
        lambda r: r.row("ana").update(reserved_seat="1"), "Propriété"),
    "reserved seat given to the wrong pupil": (
        lambda r: (r.row("cid").update(reserved_seat="0"), r.row("dan").update(reserved_seat="1")),
        "Propriété"),
    "over capacity": (one_too_many, "Propriété"),
    "forbidden pair": (forbidden_pair, "Propriété"),
    "beyond reach": (beyond_reach, "Propriété"),
    "held pupil put out": (held_pupil_put_out, "Propriété"),
    "not the largest number": (left_at_home, "Propriété"),
    "moved pupils, a worse total": (exchange, "Propriété"),
    "a pupil served out of turn": (out_of_turn, "Propriété"),
    "reason of a pupil who reaches full seats": (
        lambda r: r.row("eve").update(
            reason="no_week", detail=WHY_UNPLACED[Reason.NO_WEEK]), "Propriété"),
    "reason of a pupil who reaches nothing": (
        lambda r: r.row("fay").update(
            reason="lottery", detail=WHY_UNPLACED[Reason.LOTTERY]), "Propriété"),
    "value of a level": (lambda r: r.level("distance").update(value=1299), "Propriété"),
    "a level left out": (lambda r: r.report["levels"].pop(), "Propriété"),
    "another policy": (lambda r: set_in(r, "policy", value="best_total"), "Propriété"),
    "a price": (
        lambda r: set_in(r, "certificate", "wishes", "open", "forge|2027-W05", value=3),
        "Propriété"),
    # the report
    "seed changed": (lambda r: set_in(r, "seed", value=12), ""),
    "seed of another kind": (lambda r: set_in(r, "seed", value="11"), "graine"),
    "unknown policy": (lambda r: set_in(r, "policy", value="fairest"), "politique"),
    "version changed": (lambda r: set_in(r, "version", value="0.0.1"), "version"),
    "another input": (lambda r: set_in(r, "input_sha256", value="0" * 64), "autre dossier"),
    "placed changed": (lambda r: set_in(r, "placed", value=5), "placed"),
    "median changed": (lambda r: set_in(r, "km", "median", value=3.1), "km"),
    "honoured changed": (lambda r: set_in(r, "wishes", "honoured", value=2), "wishes"),
    "unreachable wishes hidden": (lambda r: set_in(r, "wishes", "unreachable", value=[]), "wishes"),
    "an entry left out": (lambda r: r.report.pop("seats"), "seats"),
    "an entry added": (lambda r: r.report.update(comment="ok"), "comment"),
    "certificate of an unknown seat": (
        lambda r: r.report["certificate"]["distance"]["open"].update(usine=1), "preuve"),
    "certificate left out": (lambda r: r.report.pop("certificate"), "preuve"),
    "certificate emptied": (lambda r: set_in(r, "certificate", value=None), "preuve"),
    "levels that are no list": (lambda r: set_in(r, "levels", value={"placed": 4}), "preuve"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_answer_is_refused(solved: tuple[Path, Path], kind: str) -> None:
    folder, out = solved
    results = read(out)
    damage, words = DAMAGES[kind]
    damage(results)
    rewrite(out, results)
    found = failures(read_folder(folder), out)
    assert found
    assert any(words in failure for failure in found), found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every number and text of a report."""
    if not isinstance(value, dict | list) or not value:
        return [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for step, below in steps for leaf in leaves(below, (*path, step))]


ANYTHING = [None, True, -1, 3, 1.5, 2**70, float("inf"), "x", [], [[]], {}, {"x": 1}]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_other_value_anywhere_in_the_report_is_refused(
    solved: tuple[Path, Path], data: st.DataObject
) -> None:
    """Prices apart: other prices may prove the same answer, so there only a crash is wrong."""
    folder, out = solved
    sound = (out / "report.json").read_bytes()
    results = read(out)
    path = data.draw(st.sampled_from(leaves(results.report)))
    value = data.draw(st.sampled_from(ANYTHING))
    target: Any = results.report
    for step in path[:-1]:
        target = target[step]
    assume(target[path[-1]] != value)
    target[path[-1]] = value
    try:
        (out / "report.json").write_text(json.dumps(results.report))
        found = failures(read_folder(folder), out)
    finally:
        (out / "report.json").write_bytes(sound)
    assert found or path[0] == "certificate"


@pytest.mark.parametrize("name", ["placements.csv", "unplaced.csv", "report.json"])
@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\xff", b"{}", b"[1]", b"pupil;offer\nana;forge\n", b'"' * 9]
)
def test_a_result_file_that_is_missing_or_garbage_is_refused(
    solved: tuple[Path, Path], name: str, content: bytes | None
) -> None:
    folder, out = solved
    if content is None:
        (out / name).unlink()
    else:
        (out / name).write_bytes(content)
    assert failures(read_folder(folder), out)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pupils", "fay;44600;Saint-Nazaire;2027-W06;2", "fay;44600;Saint-Nazaire;2027-W06;3"),
        ("offers", "port;44600;Saint-Nazaire;1", "port;44600;Saint-Nazaire;2"),
        ("wishes", "bob;forge;2", "bob;forge;3"),
        ("refused", "eve;port", "ana;port"),
        ("travel", "eve;forge;1\n", ""),
    ],
)
def test_an_answer_does_not_outlive_a_change_of_its_folder(
    solved: tuple[Path, Path], write: Write, file: str, old: str, new: str
) -> None:
    _, out = solved
    assert old in FILES[file]
    changed = write("changed", **FILES | {file: FILES[file].replace(old, new)})
    assert any("autre dossier" in failure for failure in failures(read_folder(changed), out))
