"""Every sentence for people can be translated: it is marked, whole, and names its holes."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from matching.i18n import CATALOGUE
from tools import catalogue

ROOT = Path(__file__).parents[2]
HOLE = re.compile(r"%\(\w+\)[a-z]")
UNNAMED_HOLE = re.compile(r"%[sd]|\{\}")


@pytest.fixture(scope="module")
def marked() -> list[tuple[str, int, str]]:
    """(file, line, sentence) of each marked string."""
    return [
        (path, line, text)
        for path, line, sentence in catalogue.sentences()
        for text in ([sentence] if isinstance(sentence, str) else sentence)
    ]


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The sentences of the sources, with the English of the catalogue."""
    return catalogue.up_to_date()[0]


def sides(message: Message) -> list[tuple[str, str]]:
    """French and English of a sentence, in one number or in both."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return list(zip(message.id, message.string, strict=True))


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


def test_the_catalogue_is_that_of_the_sources(english):
    """``make catalogue`` collects the sentences; their English is written in messages.po."""
    assert catalogue.up_to_date()[1] == 0, "some are not used any more"
    assert CATALOGUE.read_bytes() == catalogue.written(english)


def test_every_sentence_has_its_english(english):
    assert [one.id for one in english if one.id and not catalogue.translated(one)] == []
    assert [one.id for one in english if one.id and one.fuzzy] == []


def test_english_keeps_the_holes(english):
    wrong = [
        (french, said)
        for one in english
        if one.id
        for french, said in sides(one)
        if sorted(set(HOLE.findall(french))) != sorted(set(HOLE.findall(said)))
    ]
    assert wrong == []


NOT_ENGLISH = re.compile(
    r"\u202f"  # no thin space
    r"|[\s\u00a0][;:!?](?=\s|$)"  # none before a sign
    r"|[\s\u00a0]%(?!\()"  # nor before a percent sign
    r"|[«»]"  # quotation marks of its own
    r"|\w'\w"  # typographic apostrophes
    r"|\b\d \d{3}\b"  # 5,450
)


def test_english_is_set_as_english(english):
    wrong = [
        said
        for one in english
        if one.id
        for _french, said in sides(one)
        if NOT_ENGLISH.search(said)
    ]
    assert wrong == []


def test_the_file_says_nothing_of_a_machine_or_a_day():
    head = CATALOGUE.read_text().partition("\n\n")[0]
    assert "-Date" not in head
    assert str(ROOT) not in CATALOGUE.read_text()
