"""The language of a page: switched in the footer, kept, and English without a French sentence."""

import html
import re

import pytest

from matching.i18n import english
from matching.models.statuses import ApprovalStatus, OfferStatus, PlacementStatus
from matching.models.users import Role
from matching.services import accounts
from matching.typography import typo
from tests.factories import campaigns, people, places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("cheap_passwords")
MOST_PAGES = 60  # for one person
HOLE = re.compile(r"%\(\w+\)[a-z]")
FRENCH_SPACE = re.compile(r"\u202f|\d\s%")


def language_of(answer) -> str:
    return re.search(r'<html lang="(\w+)"', answer.text)[1]


def switch(client, code: str, page: str = "/offres"):
    return client.post(
        "/langue", data={"langue": code}, headers={"Referer": f"http://localhost{page}"}
    )


def test_a_page_is_french_until_another_language_is_chosen(client):
    page = client.get("/")
    assert language_of(page) == "fr"
    assert 'action="/langue"' in page.text
    assert re.search(r'value="en" lang="en">English<', page.text)


def test_the_switch_comes_back_to_the_page_and_keeps_the_language(client):
    answer = switch(client, "en", "/offres?page=1")
    assert (answer.status_code, answer.location) == (303, "/offres?page=1")
    page = client.get("/offres")
    assert language_of(page) == "en"
    assert "Internship offers" in page.text
    assert "Cookie" in page.headers["Vary"]
    assert language_of((switch(client, "fr"), client.get("/"))[1]) == "fr"


@pytest.mark.parametrize(
    "page", ["http://elsewhere.example/offres", "http://localhost//elsewhere.example", ""]
)
def test_the_switch_leads_to_no_other_site(client, page):
    answer = client.post("/langue", data={"langue": "en"}, headers={"Referer": page})
    assert answer.location == "/"


def test_the_switch_goes_home_from_a_page_that_only_takes_a_form(client):
    assert switch(client, "en", "/deconnexion").location == "/"


def test_a_language_that_is_not_spoken_changes_nothing(client):
    assert switch(client, "de").status_code == 303
    assert language_of(client.get("/")) == "fr"


def test_the_account_keeps_the_language_for_other_browsers(app, client, session):
    user = people.adult(Role.COMPANY_MEMBER, company=places.company())
    switch(client.sign_in(user), "en")
    session.refresh(user)
    assert user.locale == "en"
    assert language_of(app.test_client().sign_in(user).get("/")) == "en"


def test_the_language_chosen_before_signing_in_becomes_the_account_s(client, session):
    hashed = accounts.hashed(people.PASSWORD)
    user = people.adult(Role.COMPANY_MEMBER, company=places.company(), password_hash=hashed)
    switch(client, "en")
    client.post("/connexion", data={"email": user.email, "password": people.PASSWORD})
    session.refresh(user)
    assert user.locale == "en"
    assert language_of(client.get("/")) == "en"


def test_signing_out_forgets_the_language(client):
    switch(client, "en")
    client.post("/deconnexion")
    assert language_of(client.get("/")) == "fr"


def test_an_account_opened_in_english_is_written_to_in_english(app):
    with app.test_request_context():
        from flask import session

        session["locale"] = "en"
        user = accounts.create_adult("new@example.org", people.PASSWORD, "Ada", "Nouvelle")
    assert user.locale == "en"


def test_a_text_of_the_law_stays_french_under_an_english_summary(client):
    switch(client, "en")
    page = client.get("/textes/mentions-legales").text
    assert "Only the French text is binding" in page
    binding = re.search(r'<div class="flow" lang="fr">(.*?)</div>', page, re.DOTALL)[1]
    assert "Téléphone" in binding
    assert "Phone" not in binding


# English pages hold no French sentence


@pytest.fixture(scope="module")
def french() -> tuple[set[str], list[str]]:
    """Sentences that English says otherwise: whole ones, and long parts of those with holes."""
    whole, parts = set(), []
    for key, said in english()._catalog.items():
        source = key[0] if isinstance(key, tuple) else key
        if source and source != said and len(source) > 3:
            if HOLE.search(source):
                parts += [part for part in HOLE.split(typo(source)) if len(part) > 15]
            else:
                whole.add(typo(source))
    spoken = {said for said in english()._catalog.values() if isinstance(said, str)}
    return whole - spoken, parts


def visible(page: str) -> list[str]:
    """The texts of a page, and of its attributes that are read; not those said to be French."""
    page = re.sub(r'<div class="flow" lang="fr">.*?</div>', "", page, flags=re.DOTALL)
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    read = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]+)"', page)
    texts = re.split(r"<[^>]*>", page)
    return [
        " ".join(html.unescape(text).split(" ")).strip() for text in texts + read if text.strip()
    ]


def walk(browser, start: str):
    """(address, page) of what one can open from here by links."""
    seen, ahead = {start}, [start]
    while ahead and len(seen) <= MOST_PAGES:
        address = ahead.pop(0)
        answer = browser.get(address)
        if answer.status_code in (302, 303):
            links = [answer.location]
        elif answer.mimetype != "text/html":
            continue
        else:
            yield address, answer.text
            links = re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)
        for link in links:
            link = html.unescape(link)
            if link.partition("?")[0] not in {one.partition("?")[0] for one in seen}:
                seen.add(link)
                ahead.append(link)


@pytest.fixture
def cast(session):
    """One person of each kind, with something to see."""
    school, company = places.school(), places.company()
    group = places.class_group(school)
    offer = places.offer(places.site(company), title="Zzz")
    places.offer(places.site(company), title="Zzz", status=OfferStatus.DRAFT)
    places.company(status=ApprovalStatus.REGISTERED)
    campaigns.campaign()
    pupil, placed = people.pupil(group), people.pupil(group)
    campaigns.wish(pupil, offer)
    placement(offer.seats[0], pupil=placed, status=PlacementStatus.PROPOSED)
    return {
        "visitor": None,
        "pupil": pupil.user,
        "placed pupil": placed.user,
        "principal": people.adult(Role.PRINCIPAL, school=school),
        "company": people.adult(Role.COMPANY_MEMBER, company=company),
        "coordinator": people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()),
        "foundation": people.adult(Role.FOUNDATION_ADMIN),
    }


def test_english_pages_hold_no_french_sentence(app, client, cast, french):
    whole, parts = french
    found, opened = [], {who: [] for who in cast}
    for who, user in cast.items():
        browser = app.test_client()
        if user is not None:
            browser.sign_in(user)
        switch(browser, "en")
        for address, page in walk(browser, "/mon-espace" if user else "/"):
            opened[who].append(address)
            assert '<html lang="en">' in page, address
            texts = visible(page)
            found += [(who, address, text) for text in texts if text in whole]
            told = "\n".join(texts)
            found += [(who, address, part) for part in parts if part in told]
            found += [(who, address, text) for text in texts if FRENCH_SPACE.search(text)]
    assert found == []
    assert sum(map(len, opened.values())) > 80
