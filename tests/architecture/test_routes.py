"""Each route names its permission, and the grid route × role holds."""

import re

import pytest

from matching.permissions import PERMISSIONS, Permission, can
from matching.web import blueprints
from tests.factories import people, places

PART = r"([a-z0-9-]+(\.csv)?|<(any\([a-z, -]+\):)?[a-z_]+>)"
PATH = re.compile(rf"^/({PART}(/{PART})*)?$")


def rules(app):
    """Pages before forms: a form may end the sessions that the pages are read in."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(found, key=lambda rule: "GET" not in rule.methods)


@pytest.fixture
def cast(session):
    """One person of each kind, each somewhere."""
    pupil = people.pupil(places.class_group())
    return people.one_of_each(pupil, places.company(), places.territory_of())


@pytest.fixture
def browser_of(app, client, cast):
    """The browser of a person: a new one to send a form, which may end what the next one needs."""
    readers = {}

    def found(name, method):
        if method == "GET" and name in readers:
            return readers[name]
        browser = app.test_client()
        if cast[name] is not None:
            browser.sign_in(cast[name])
        if method == "GET":
            readers[name] = browser
        return browser

    return found


def test_every_route_names_its_permission(app):
    unnamed = [
        rule.endpoint
        for rule in rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    assert unnamed == []


def test_every_permission_of_the_table_opens_some_door(app):
    used = {app.view_functions[rule.endpoint].permission for rule in rules(app)}
    assert used == {"public", *Permission}
    assert set(PERMISSIONS) == set(Permission)


def test_paths_are_written_in_kebab_case(app):
    assert [rule.rule for rule in rules(app) if not PATH.match(rule.rule)] == []


def test_every_blueprint_is_registered(app):
    assert {blueprint.name for blueprint in blueprints()} == set(app.blueprints)


def test_the_grid_of_routes_and_roles_holds(app, browser_of, cast):
    """Without the permission: a 404, or the sign-in page for a visitor. With it: never these.

    Addresses that name a row are asked for a row that does not exist: a 404 for everybody.
    """
    wrong = []
    for rule in rules(app):
        permission = app.view_functions[rule.endpoint].permission
        url = re.sub(r"<any\(([a-z-]+)[^>]*>", r"\1", rule.rule)
        url = re.sub(r"<[^>]+>", "zzzzzzzzzz", url)
        for name, user in cast.items():
            if permission == "public":
                continue
            method = "GET" if "GET" in rule.methods else "POST"
            answer = browser_of(name, method).open(url, method=method)
            allowed = user is not None and can(user, permission)
            if user is None:
                right = answer.status_code == 302 and "/connexion" in answer.location
            elif not allowed:
                right = answer.status_code == 404
            elif rule.arguments:
                # An empty form may be refused before the row is looked for.
                right = answer.status_code in (404, 400)
            else:
                right = answer.status_code in (200, 302, 303, 400, 422)
            if not right:
                wrong.append((method, url, name, answer.status_code))
    assert wrong == []


def test_public_pages_answer_everyone(app, browser_of, cast):
    wrong = []
    for rule in rules(app):
        if app.view_functions[rule.endpoint].permission != "public" or rule.arguments:
            continue
        for name in cast:
            method = "GET" if "GET" in rule.methods else "POST"
            status = browser_of(name, method).open(rule.rule, method=method).status_code
            if status not in (200, 302, 303, 404, 405, 422) or (status == 404 and method == "GET"):
                wrong.append((rule.rule, name, status))
    assert wrong == []
