"""The two commands as a coordinator types them: exit statuses, words, and what is on the disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from matching import memory
from matching.cli import COMMANDS, main

from .conftest import OFFERS, PUPILS, Write

ROOT = Path(__file__).parent.parent.parent


def test_solve_then_verify_end_with_status_0(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write()
    out = folder.parent / "deep" / "out"
    assert main(["solve", str(folder), "--out", str(out), "--seed", "5"]) == 0
    said = capsys.readouterr()
    assert "4 élèves placés, 0 sans place" in said.out
    assert said.err == ""
    assert sorted(file.name for file in out.iterdir()) == [
        "placements.csv",
        "report.json",
        "unplaced.csv",
    ]
    assert sorted(out.parent.iterdir()) == [out]
    assert main(["verify", str(folder), str(out)]) == 0
    assert "Résultat exact" in capsys.readouterr().out


def test_results_may_go_into_the_folder_itself_and_be_made_again(write: Write) -> None:
    folder = write()
    for _ in range(2):
        assert main(["solve", str(folder), "--out", str(folder)]) == 0
    assert main(["verify", str(folder), str(folder)]) == 0


def test_a_bad_line_ends_with_status_2_one_message_and_nothing_written(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(offers=OFFERS.replace("Trignac;2", "Trignac;0"), pupils=PUPILS + "x;;;;;;;;;;\n")
    assert main(["solve", str(folder), "--out", str(folder.parent / "out")]) == 2
    said = capsys.readouterr()
    lines = said.err.replace("\u00a0", " ").splitlines()
    seats = "colonne « seats » : trouvé « 0 », attendu un nombre entier de 1 à 10\u202f000."
    commune = "trouvé rien, attendu un code postal et une commune, ou lat et lon."
    assert lines == [
        f"offers.csv, ligne 4, {seats}",
        f"pupils.csv, ligne 6, colonne « commune » : {commune}",
        "2 erreurs. Rien n’a été écrit.",
    ]
    assert said.out == ""
    assert [path.name for path in folder.parent.iterdir()] == ["input"]


def test_a_wrong_answer_ends_with_status_1(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write()
    out = folder.parent / "out"
    main(["solve", str(folder), "--out", str(out)])
    placements = out / "placements.csv"
    placements.write_text(placements.read_text("utf-8").replace("anna;atelier", "anna;chantier"))
    assert main(["verify", str(folder), str(out)]) == 1
    assert "Résultat refusé" in capsys.readouterr().err


def test_verify_ends_with_status_2_when_the_folder_cannot_be_read(write: Write) -> None:
    assert main(["verify", str(write(pupils=None)), str(write("out"))]) == 2


@pytest.mark.parametrize("policy", ["fair", "best_total"])
def test_each_policy_can_be_asked_for(write: Write, policy: str) -> None:
    folder = write()
    out = folder.parent / "out"
    assert main(["solve", str(folder), "--out", str(out), "--policy", policy]) == 0
    assert f'"policy": "{policy}"' in (out / "report.json").read_text("utf-8")
    assert main(["verify", str(folder), str(out)]) == 0


def test_a_file_in_the_place_of_the_results_is_left_alone(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write()
    target = folder.parent / "out"
    target.write_text("mine")
    assert main(["solve", str(folder), "--out", str(target)]) == 2
    assert target.read_text() == "mine"
    assert "un dossier pour les résultats" in capsys.readouterr().err


def test_results_that_cannot_be_written_end_with_status_2(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write()
    (folder.parent / "file").write_text("")
    assert main(["solve", str(folder), "--out", str(folder.parent / "file" / "out")]) == 2
    assert "Écriture impossible" in capsys.readouterr().err


def test_a_folder_too_large_for_this_machine_says_how_much_memory_it_needs(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "most_for_a_round", lambda: 7)
    folder = write()
    out = folder.parent / "out"
    assert main(["solve", str(folder), "--out", str(out)]) == 2
    assert "Go de mémoire ; cette machine peut en donner 0,0" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "il manque : COMMANDE"),
        (["solve"], "il manque : DOSSIER, --out"),
        (["solve", "a", "--out"], "--out : il manque une valeur"),
        (["solve", "a", "--out", "b", "--seed", "-1"], "n’est pas un nombre entier"),
        (["solve", "a", "--out", "b", "--seed", "18446744073709551616"], "n’est pas un nombre"),
        (["solve", "a", "--out", "b", "--policy", "kind"], "n’est pas dans"),
        (["verify", "a", "b", "c"], "en trop : c"),
        (["solv"], "n’est pas dans"),
    ],
)
def test_a_command_typed_wrong_ends_with_status_2_in_french(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"utilisation : letabli {name} ")
    assert "affiche cette aide" in said


def test_help_loads_neither_the_matcher_nor_the_web() -> None:
    code = (
        "import sys; from matching.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'numpy', 'numba', 'flask', 'sqlalchemy'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.endswith("set()\n")


def test_another_machine_writes_the_same_bytes(write: Write) -> None:
    """Another process, hash seed, locale and hour."""
    folder = write(pupils=PUPILS + "".join(f"é{n};44600;Saint-Nazaire\n" for n in range(9)))
    here, there = folder.parent / "here", folder.parent / "there"
    assert main(["solve", str(folder), "--out", str(here)]) == 0
    subprocess.run(
        [sys.executable, "-m", "matching", "solve", str(folder), "--out", str(there)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Noumea"},
    )
    for name in ("placements.csv", "unplaced.csv", "report.json"):
        assert (here / name).read_bytes() == (there / name).read_bytes()
