"""What a newcomer may rely on: codes have sentences, files are short, rooms stay apart."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from matching.web.messages import SENTENCES

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "matching").rglob("*.py"))
MOST_LINES = 330


def raised_codes() -> list[tuple[str, str]]:
    """(code, place) of each rule that the code says is broken, written as a plain string."""
    return [
        (node.args[0].value, f"{path.relative_to(ROOT)}:{node.lineno}")
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("RuleBroken", "Stale", "TooManyAttempts")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def test_every_rule_that_may_be_broken_has_its_sentence():
    missing = [(code, place) for code, place in raised_codes() if code not in SENTENCES]
    assert missing == []


def test_codes_were_found_at_all():
    assert len(raised_codes()) > 20


def test_sentences_end_and_begin_like_sentences():
    for code, text in SENTENCES.items():
        assert text[0].isupper() or text[0] in "«%", code
        assert text.rstrip()[-1] in ".!?:»", code


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_be_read(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_no_file_is_called_after_what_it_is_not():
    names = {path.stem for path in SOURCES}
    assert not names & {"utils", "helpers", "common", "misc", "manager"}


def test_the_engine_loads_without_the_web_the_database_or_the_compiler():
    program = (
        "import sys, matching.engine.problem, matching.engine.solution\n"
        "print([m for m in ('flask', 'sqlalchemy', 'numba', 'wtforms') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_web_code_does_not_load_the_compiler():
    program = "import sys, matching.app\nprint('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_every_setting_is_written_in_the_example():
    example = (ROOT / ".env.example").read_text()
    names = {
        node.value
        for path in (ROOT / "matching" / "config.py", ROOT / "matching" / "running.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ((node.value.startswith("LETABLI_") and node.value.isupper()) or node.value == "PORT")
        and " " not in node.value
    }
    assert names
    assert {name for name in names if f"{name}=" not in example} == set()
