"""Each e-mail, word for word: French beside this file, one snapshot an e-mail.

LETABLI_WRITE_SNAPSHOTS=1 writes them again after a change of words, to be read before a commit.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import jinja2
import pytest
from bs4 import BeautifulSoup

from matching import letters, paths

HERE = Path(__file__).parent
FOLDERS = sorted(path.name for path in (paths.TEMPLATES / "emails").iterdir())
VALUES = {
    "first_name": "Camille",
    "kind": "company",
    "place": "Plasturgie fictive",
    "words": "Le SIREN n’est pas le vôtre <b>.",
    "title": "Mouler une pièce",
    "ref": "abcdefghjk",
    "token": "T" * 32,
    "until": datetime(2026, 12, 1, 16, 5, tzinfo=UTC),
    "inviter": "Lou Martin",
    "role": "principal",
    "left": 9,
    "years": "2026-2027",
    "space": "entreprise",
}


@pytest.fixture
def told(app, monkeypatch):
    """Writes a letter as an installation at stages.example.org does."""
    monkeypatch.setattr(letters, "_site", "https://stages.example.org")
    return lambda name, locale="fr", **more: letters.letter(name, locale, **(VALUES | more))


@pytest.mark.parametrize("name", FOLDERS)
def test_an_email_says_word_for_word_what_was_read_over(told, name):
    found = told(name)
    page = f"{found.subject}\n\n{found.text}\n{found.html}\n"
    snapshot = HERE / f"{name}.txt"
    if os.environ.get("LETABLI_WRITE_SNAPSHOTS"):
        snapshot.write_text(page, encoding="utf-8")
    assert page == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FOLDERS)
def test_text_and_html_say_the_same_and_lead_to_the_same_page(app, told, name):
    found = told(name)
    page = BeautifulSoup(found.html, "html5lib")
    words = " ".join(page.body.get_text(" ").split())
    for line in found.text.splitlines():
        assert " ".join(line.split()) in words
    for link in page.find_all("a"):
        assert link["href"] in found.text
        path = urlsplit(link["href"]).path or "/"
        endpoint, _values = app.url_map.bind("stages.example.org").match(path)
        assert endpoint
    html5lib.HTMLParser(strict=True).parse(found.html)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_subject_is_one_short_line(told, name):
    subject = told(name).subject
    assert "\n" not in subject
    assert 10 < len(subject) < 80


def test_a_subject_cannot_begin_another_header(told):
    found = told("offer_published", title="Un\r\nBcc: all@example.org")
    assert "\n" not in found.subject
    assert "\r" not in found.subject


def test_what_people_typed_is_not_read_as_html(told):
    assert "vôtre &lt;b&gt;." in told("not_let_in").html
    assert "vôtre <b>." in told("not_let_in").text


def test_french_spaces_are_set(told):
    assert not re.search(r"[^\u00a0\u202f][!?;:](\s|$)", told("not_let_in").text)


def test_nobody_is_greeted_by_a_name_that_is_not_known(told):
    assert told("let_in", first_name="").text.startswith("Bonjour,\n")


def test_a_value_that_is_missing_is_an_error_not_a_hole(app):
    with pytest.raises(jinja2.UndefinedError):
        letters.letter("not_let_in", "fr", first_name="Camille", kind="school", place="Collège")
