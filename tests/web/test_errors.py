"""Errors say what to do, and tell the log nothing about people."""

import logging
from datetime import date

import pytest

from matching.database import db
from matching.models.pupils import Pupil
from matching.models.users import Role, User
from tests.factories import people, places


def test_a_page_that_does_not_exist_says_what_to_do(client):
    answer = client.get("/nulle-part")
    assert answer.status_code == 404
    assert "Revenez à l’accueil" in answer.text


def test_a_wrong_method_is_a_page_too(client):
    assert client.post("/health").status_code == 405


def test_a_file_that_is_too_heavy_is_refused_in_words(client, session):
    browser = client.sign_in(people.adult(Role.PRINCIPAL, school=places.school()))
    answer = browser.post("/etablissement/import", data={"file": "x" * 4_000_000})
    assert answer.status_code == 413
    assert "trop lourd" in answer.text


def test_a_crash_tells_the_log_no_name(app, session, caplog, monkeypatch):
    group = places.class_group()

    def crash(*_args, **_kwargs):
        db.session.add(
            Pupil(
                user=User(login_name="x", code_hash="y"),
                school_id=group.school_id,
                class_group_id=None,
                school_year=2026,
                first_name="Prénomsecret",
                last_name="Nomsecret",
                birth_date=date(2012, 5, 4),
                identity="nomsecret",
            )
        )
        db.session.flush()

    monkeypatch.setitem(app.view_functions, "public.credits", marked_public(crash))
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/credits")
    assert answer.status_code == 500
    assert "Rien n’a été enregistré" in answer.text
    assert "IntegrityError" in caplog.text
    assert "secret" not in caplog.text


def marked_public(view):
    view.permission = "public"
    return view


@pytest.mark.parametrize("header", ["Content-Security-Policy", "X-Content-Type-Options"])
def test_every_page_carries_the_headers_that_protect_it(client, header):
    assert header in client.get("/").headers
    assert "unsafe" not in client.get("/").headers["Content-Security-Policy"]
