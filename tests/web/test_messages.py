"""Each refusal of the services finds its sentence, and the values that the sentence needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from matching.web.messages import SENTENCES

REFUSALS = {"RuleBroken", "Stale", "TooManyAttempts"}
ADDED_BY_THE_PAGE = {"when"}  # see web/refusals.py


def refusals() -> Iterator[tuple[str, str, set[str]]]:
    """(where, code, names of the values) of each refusal whose code is written in place."""
    for path in sorted(Path("matching").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in REFUSALS and node.args and isinstance(node.args[0], ast.Constant):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield f"{path}:{node.lineno}", str(node.args[0].value), names


def test_each_refusal_has_its_sentence() -> None:
    found = list(refusals())
    assert len(found) > 50
    assert [(where, code) for where, code, _ in found if code not in SENTENCES] == []


def test_each_refusal_gives_the_values_of_its_sentence() -> None:
    lacking = [
        (where, code, missing)
        for where, code, names in refusals()
        if (missing := placeholders(SENTENCES.get(code, "")) - names - ADDED_BY_THE_PAGE)
    ]
    assert lacking == []


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))
