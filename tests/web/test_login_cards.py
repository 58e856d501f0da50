"""A pupil who lost his card gets another; the lost one opens nothing any more."""

import re

import pytest

from matching import clock
from matching.models.users import Role
from tests.factories import people, places


@pytest.fixture
def group(session):
    return places.class_group(school_year=clock.school_year())


@pytest.fixture
def teacher(client, group):
    user = people.adult(Role.CLASS_TEACHER, school=group.school)
    client.sign_in(user)
    return user


def code_on(page: str) -> str:
    """The secret code, as it is printed."""
    return re.findall(r"<code>([^<]+)</code>", page)[1]


def make_card(client, pupil) -> str:
    address = f"/etablissement/cartes?eleve={pupil.ref}"
    page = client.get(address).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    form = {"pupils": pupil.ref, "seen": seen[1] if seen else ""}
    return code_on(client.post(address, data=form).text)


def enter(app, pupil, code) -> int:
    form = {"login_name": pupil.user.login_name, "code": code}
    return app.test_client().post("/connexion/eleve", data=form).status_code


def test_one_card_is_made_again_from_the_page_of_its_pupil(client, app, session, group, teacher):
    lea, hugo = people.pupil(group, first_name="Léa"), people.pupil(group, first_name="Hugo")
    for one, name in ((lea, "BBBBBBBB"), (hugo, "CCCCCCCC")):
        one.user.login_name = name
    session.commit()
    first, other = make_card(client, lea), make_card(client, hugo)
    page = client.get(f"/etablissement/eleves/{lea.ref}").text
    assert "Refaire sa carte" in page
    assert f"/etablissement/cartes?eleve={lea.ref}" in page
    choice = client.get(f"/etablissement/cartes?eleve={lea.ref}").text
    assert "Léa" in choice
    assert "Hugo" not in choice
    again = make_card(client, lea)
    assert enter(app, lea, first) == 422
    assert enter(app, lea, again) == 303
    assert enter(app, hugo, other) == 303


def test_nobody_makes_the_card_of_a_pupil_of_another_school(client, session, teacher):
    stranger = people.pupil(places.class_group(school_year=clock.school_year()))
    address = f"/etablissement/cartes?eleve={stranger.ref}"
    assert client.get(address).status_code == 404
    assert client.post(address, data={"pupils": stranger.ref}).status_code == 404
