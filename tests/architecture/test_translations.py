"""Every sentence for people can be translated: it is marked, whole, and names its holes."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
METHODS = [
    ("matching/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}
UNNAMED_HOLE = re.compile(r"%[sd]|\{\}")


@pytest.fixture(scope="module")
def marked() -> list[tuple[str, int, str]]:
    """(file, line, sentence) of each marked string."""
    return [
        (path, line, text)
        for path, line, message, _comments, _context in extract_from_dir(
            ROOT, METHODS, keywords=KEYWORDS
        )
        for text in (message if isinstance(message, tuple) else (message,))
        if isinstance(text, str)
    ]


def test_marked_strings_are_found(marked):
    assert len({text for _path, _line, text in marked}) > 500


def test_holes_are_named_so_that_words_may_change_places(marked):
    assert [found for found in marked if UNNAMED_HOLE.search(found[2])] == []


def test_a_marked_string_holds_no_markup(marked):
    assert [found for found in marked if re.search(r"</?[a-z]+[ >]", found[2])] == []


def test_apostrophes_are_typographic(marked):
    assert [found for found in marked if re.search(r"\w'\w", found[2])] == []


TEXT_BETWEEN_TAGS = re.compile(r">([^<>{}]*[A-Za-zÀ-ÿ]{3}[^<>{}]*)<")


NAMES = re.compile(r"L’Établi|REP\+?|[–·,]")


def test_templates_write_no_sentence_that_is_not_marked():
    """Proper names need no translation; a lone lower-case word is a class of the style sheet."""
    unmarked = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        page = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
        for found in TEXT_BETWEEN_TAGS.finditer(page):
            text = NAMES.sub("", found[1]).strip()
            if text and not re.fullmatch(r"[a-z-]+", text):
                unmarked.append((str(path.relative_to(ROOT)), text))
    assert unmarked == []
