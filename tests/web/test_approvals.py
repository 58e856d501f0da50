"""The coordinator's queue page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from matching.models.events import Event
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.services import offers
from matching.web.waiting_items import PER_PAGE, mail_domain
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("in_november")
QUEUE = "/territoire/a-approuver"
MULHOUSE = "68224"


@pytest.fixture
def browser(client, session):
    """The browser of the coordinator of Oyonnax."""
    return client.sign_in(people.adult(Role.TERRITORY_COORDINATOR, territory=places.territory_of()))


def submitted(site=None, **values):
    return places.offer(
        site or places.site(), status=OfferStatus.SUBMITTED, tutor_name="Karim B.",
        access="Bus 2.", **values,
    )  # fmt: skip


def answer(browser, kind, row, answer, **data):
    fields = {f"{row.ref}-{name}": value for name, value in data.items()}
    return browser.post(f"{QUEUE}/{kind}/{row.ref}/{answer}", data=fields)


def vetted(company, **more) -> dict:
    """What a coordinator types who has rung a person of the company."""
    host = people.adult(Role.COMPANY_MEMBER, company=company)
    proof = "Standard rappelé le 23, Mme Roux."
    return {"person": host.ref, "how": "call_back", "proof": proof} | more


def test_a_company_is_not_let_in_before_its_person_is_vetted(browser, session):
    company = places.company(status=ApprovalStatus.REGISTERED)
    places.site(company)
    person = vetted(company)["person"]
    for data, words in (
        ({}, "Dites d’abord comment"),
        ({"how": "nonsense"}, "Dites d’abord comment"),
        ({"how": "call_back"}, "Notez qui vous a répondu"),
        ({"how": "document", "document": "nonsense", "proof": "12"}, "référence du document"),
        ({"how": "email_domain"}, "pas encore confirmé son adresse"),
        (vetted(company, person="zzzzzzzzzz"), "Choisissez une personne"),
    ):
        page = answer(browser, "entreprises", company, "oui", **({"person": person} | data))
        assert page.status_code == 422
        assert words in page.text.replace("\u00a0", " ")
    session.expire_all()
    assert company.status == ApprovalStatus.REGISTERED
    answer(browser, "entreprises", company, "oui", **vetted(company, person=person))
    session.expire_all()
    assert company.status == ApprovalStatus.APPROVED


def test_the_page_shows_what_it_takes_to_judge(browser):
    registered = ApprovalStatus.REGISTERED
    school = places.school(status=registered, name="Collège du Lac", address="1 rue du Lac")
    people.adult(Role.PRINCIPAL, school=school, email="chef@ac-lyon.fr")
    company = places.company(status=registered, name="Moules fictifs")
    site = places.site(company)
    people.adult(Role.COMPANY_MEMBER, company=company, email="zoe@gmail.com", phone="+33639981234")
    places.pledge(company, 7)
    submitted(site, title="Mouler un jouet", charter=["tutor", "safety", "feedback"])
    page = browser.get(QUEUE).text.replace("\u00a0", " ")
    for words in (
        "Collège du Lac", school.uai, "1 rue du Lac", "adresse académique", "Moules fictifs",
        "messagerie grand public", "06 39 98 12 34", "7 élèves", "Mouler un jouet", "3 sur 10",
        "de 9 h à 16 h", "2 places chaque semaine", "Ce que l’élève verra",
        "Son entreprise n’est pas encore validée",
    ):  # fmt: skip
        assert words in page
    assert re.search(r"<button[^>]*disabled[^>]*>.{0,200}Publier l’offre", page)


def test_the_oldest_comes_first_and_tabs_count(browser, session):
    start = datetime(2026, 10, 1, tzinfo=UTC)
    for days, name in ((2, "Troisième"), (0, "Première"), (1, "Deuxième")):
        company = places.company(
            name=name, status=ApprovalStatus.REGISTERED, created_at=start + timedelta(days)
        )
        places.site(company)
    places.school(status=ApprovalStatus.REGISTERED)
    page = browser.get(QUEUE).text
    assert page.index("Première") < page.index("Deuxième") < page.index("Troisième")
    counts = re.findall(r'(\w+) <span class="count">(\d+)</span>', page)
    assert counts == [("Tout", "4"), ("Collèges", "1"), ("Entreprises", "3"), ("Offres", "0")]
    assert "Première" not in browser.get(f"{QUEUE}?genre=etablissements").text
    assert "Première" in browser.get(f"{QUEUE}?genre=<b>&page=-3").text


def test_a_long_queue_is_cut_into_pages(browser):
    company = places.company()
    site = places.site(company)
    for number in range(PER_PAGE + 1):
        submitted(site, title=f"Offre longue {number:02}", seats=1)
    first, second = browser.get(QUEUE).text, browser.get(f"{QUEUE}?page=2").text
    assert first.count("Publier l’offre") == PER_PAGE
    assert second.count("Publier l’offre") == 1
    assert f"Offre longue {PER_PAGE:02}" in second
    assert browser.get(f"{QUEUE}?page=99").text.count("Publier l’offre") == 1


def test_company_then_offer_then_school_are_let_in_by_one_click_each(browser, session):
    school = places.school(status=ApprovalStatus.REGISTERED)
    site = places.site(places.company(status=ApprovalStatus.REGISTERED))
    offer = submitted(site)
    let_in = answer(browser, "entreprises", site.company, "oui", **vetted(site.company))
    assert let_in.location.startswith(QUEUE)
    answer(browser, "offres", offer, "oui", version="1")
    answer(browser, "etablissements", school, "oui")
    session.expire_all()
    assert (site.company.status, offer.status, school.status) == (
        "approved", "published", "approved",
    )  # fmt: skip
    page = browser.get(QUEUE).text
    assert "Rien n’attend" in page
    assert "L’offre est publiée" in page


def test_a_no_without_words_comes_back_with_the_field_and_writes_nothing(browser, session):
    offer = submitted()
    page = answer(browser, "offres", offer, "non", version="1", words="  ")
    assert page.status_code == 422
    assert re.search(rf'id="{offer.ref}-words-error"', page.text)
    assert session.scalar(sa.select(sa.func.count(Event.id))) == 0
    answer(browser, "offres", offer, "non", version="1", words="Retirez les sigles.")
    session.expire_all()
    assert (offer.status, offer.returned_because) == ("returned", "Retirez les sigles.")


def test_words_that_are_too_long_stay_typed(browser):
    company = places.company(status=ApprovalStatus.REGISTERED)
    places.site(company)
    page = answer(browser, "entreprises", company, "non", words="Trop " * 200)
    assert page.status_code == 422
    assert "500 caractères au plus" in page.text.replace("\u00a0", " ")
    assert "Trop Trop Trop" in page.text


def test_a_stale_page_is_answered_politely_and_publishes_nothing(browser, session):
    offer = submitted()
    host = people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    offers.revise(host, offer, version=1, what_you_do="Tout autre chose.")
    sent = answer(browser, "offres", offer, "oui", version="1")
    assert sent.status_code == 303
    assert "Relisez-la, puis" in browser.get(sent.location).text
    session.expire_all()
    assert offer.status == OfferStatus.SUBMITTED


def test_what_a_colleague_answered_first_is_told(browser, session):
    company = places.company(status=ApprovalStatus.REFUSED)
    places.site(company)
    sent = answer(browser, "entreprises", company, "oui")
    assert "Quelqu’un a répondu avant vous" in browser.get(sent.location).text
    session.expire_all()
    assert company.status == ApprovalStatus.REFUSED


def test_a_site_that_inspectors_found_unsafe_is_not_published(browser, session):
    offer = submitted(places.site(blocked_by_inspection=True))
    assert "L’inspection du travail a signalé ce site" in browser.get(QUEUE).text
    sent = answer(browser, "offres", offer, "oui", version="1")
    assert "aucun élève ne peut y aller" in browser.get(sent.location).text
    session.expire_all()
    assert offer.status == OfferStatus.SUBMITTED


def test_another_territory_is_not_found(browser, session):
    registered = ApprovalStatus.REGISTERED
    school = places.school(MULHOUSE, status=registered, name="Collège d’ailleurs")
    company = places.company(status=registered, name="Usine d’ailleurs")
    offer = submitted(places.site(company, MULHOUSE), title="Offre d’ailleurs")
    assert "d’ailleurs" not in browser.get(QUEUE).text
    for kind, row in (("etablissements", school), ("entreprises", company), ("offres", offer)):
        for word in ("oui", "non"):
            assert answer(browser, kind, row, word, version="1", words="x").status_code == 404
    session.expire_all()
    assert (school.status, company.status, offer.status) == (registered, registered, "submitted")


def test_a_reference_of_the_wrong_kind_is_not_found(browser):
    offer = submitted()
    assert answer(browser, "entreprises", offer, "oui").status_code == 404
    assert browser.post(f"{QUEUE}/offres/nothing/oui").status_code == 404
    assert browser.post(f"{QUEUE}/offres/{offer.ref}/peut-etre").status_code == 404


def test_hostile_words_are_shown_as_words(browser):
    company = places.company(name="<script>alert(1)</script>", status=ApprovalStatus.REGISTERED)
    site = places.site(company, name="<img src=x onerror=alert(1)>")
    submitted(site, title='"><svg onload=alert(1)>', what_you_see="{{ 7*7 }}</dd><script>")
    page = browser.get(QUEUE).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg onload" not in page
    assert "{{ 7*7 }}&lt;/dd&gt;" in page


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("chef@ac-lyon.fr", "adresse académique"),
        ("x@AC-AIX-MARSEILLE.FR", "adresse académique"),
        ("x@gmail.com", "messagerie grand public"),
        ("x@atelier.example", ""),
        ("x@ac-lyon.fr.example", ""),
    ],
)
def test_the_domain_of_an_address_tells_who_writes(app, email, told):
    with app.test_request_context():
        assert mail_domain(email)[1] == told


def test_the_queue_costs_the_same_whatever_its_length(browser, session):
    seen: list[str] = []
    sa.event.listen(
        session.connection(), "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: seen.append(statement),
    )  # fmt: skip

    def cost() -> int:
        seen.clear()
        browser.get(QUEUE)
        return len(seen)

    for _ in range(2):
        submitted(places.site(places.company(status=ApprovalStatus.REGISTERED)))
    few = cost()
    for _ in range(6):
        submitted(places.site(places.company(status=ApprovalStatus.REGISTERED)))
    assert cost() == few > 5
