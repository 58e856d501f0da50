"""Collect the sentences of the sources into the English catalogue; translations are kept.

``python -m tools.catalogue`` writes messages.po again and says how many sentences it has; it ends
with 1 when one of them has no English yet. French is the source: the sentences are

- in Python, what ``_``, ``_l``, ``gettext``, ``lazy_gettext`` and ``ngettext`` receive, and each
  text of a constant or field annotated ``Translated[…]`` (keys of dicts are not texts for people);
- in templates, what ``_`` and ``ngettext`` receive. The French texts of the law bind as they are:
  they stay in French, with a summary in English.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from matching.i18n import CATALOGUE
from matching.rules.legal_texts import LegalText

ROOT = Path(__file__).parents[1]
ONE = {"_", "_l", "gettext", "lazy_gettext"}
TWO = {"ngettext"}
FRENCH_ONLY = {f"templates/legal/{text}.html" for text in LegalText}
HEADER = """\
# English of L’Établi. The French sentences are the sources: see tools/catalogue.py.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

# file, line, sentence; singular and plural for one that counts
Found = tuple[str, int, str | tuple[str, str]]


def sentences() -> Iterator[Found]:
    """Every sentence for people, in the order of the files and of their lines."""
    for path in sorted((ROOT / "matching").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for line, sentence in sorted(of_python(path.read_text()), key=lambda found: found[0]):
            yield name, line, sentence
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in (".html", ".txt") and name not in FRENCH_ONLY:
            for line, sentence in of_template(path):
                yield name, line, sentence


def of_template(path: Path) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """The sentences of one template."""
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    for line, message, _comments, _context in extract_from_file("jinja2", path, keywords=keywords):
        yield line, message if isinstance(message, str) else (message[0], message[1])


def of_python(source: str) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """The sentences of one module."""
    tree = ast.parse(source)
    fields = {
        node.name: _translated_fields(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value and _is_translated(node.annotation):
            yield from _texts(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            given = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            if name in ONE and given and isinstance(given[0], str):
                yield node.lineno, given[0]
            elif name in TWO and isinstance(given[0], str) and isinstance(given[1], str):
                yield node.lineno, (given[0], given[1])
            for place in fields.get(name, ()):
                if place < len(node.args):
                    yield from _texts(node.args[place])


def _translated_fields(node: ast.ClassDef) -> list[int]:
    """The places, in the constructor of a dataclass, of its fields for people."""
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    return [place for place, one in enumerate(fields) if _is_translated(one.annotation)]


def _is_translated(annotation: ast.expr) -> bool:
    return (
        isinstance(annotation, ast.Subscript)
        and isinstance(annotation.value, ast.Name)
        and annotation.value.id == "Translated"
    )


def _texts(node: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and node.value:
            yield node.lineno, node.value
    else:
        inner = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
        for one in inner:
            if isinstance(one, ast.expr):
                yield from _texts(one)


def collected() -> Catalog:
    """The sentences without their English."""
    catalogue = Catalog(locale="en")
    for path, _line, sentence in sentences():
        known = catalogue.get(_key(sentence))
        if known is None or path not in {name for name, _ in known.locations}:
            catalogue.add(sentence, locations=[(path, 1)])
        elif isinstance(sentence, tuple):
            catalogue.add(sentence)
    return catalogue


def up_to_date() -> tuple[Catalog, int]:
    """The catalogue of the sources with the English that is known, and how many are not used."""
    catalogue = collected()
    unused = 0
    with CATALOGUE.open("rb") as file:
        before = read_po(file, locale="en")
    for known in before:
        now = catalogue.get(_key(known.id)) if known.id else None
        if now is not None and now.id == known.id:
            now.string = known.string
        elif known.id:
            unused += 1
    return catalogue, unused


def main() -> int:
    """Bring the catalogue to the sources."""
    catalogue, unused = up_to_date()
    CATALOGUE.write_bytes(written(catalogue))
    messages = [one for one in catalogue if one.id]
    missing = [one for one in messages if not translated(one)]
    print(
        f"{len(messages)} sentences, {len(messages) - len(missing)} in English, "
        f"{len(missing)} missing, {unused} unused taken away"
    )
    return 1 if missing else 0


def written(catalogue: Catalog) -> bytes:
    """The file of a catalogue, the same whenever the sentences are the same."""
    entries = BytesIO()
    write_po(entries, catalogue, width=100, omit_header=True, include_lineno=False)
    return HEADER.encode() + entries.getvalue()


def _key(sentence: str | tuple[str, str]) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]


def translated(message: Message) -> bool:
    """Has the sentence its English, in both numbers when it counts?"""
    if isinstance(message.id, str):
        return bool(message.string)
    return isinstance(message.string, tuple | list) and all(message.string)


if __name__ == "__main__":
    sys.exit(main())
