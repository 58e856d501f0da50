"""A company writes an offer page by page, without JavaScript."""

import re
from datetime import time

import pytest
import sqlalchemy as sa

from matching.models.offers import Offer, Seat
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.services import offers
from tests.factories import people, places
from tests.factories.placements import placement
from tests.web.reading import hidden

pytestmark = pytest.mark.usefixtures("in_november")
W5, W6 = "2027-W05", "2027-W06"
PROGRAMME = {"what_you_see": "Les tours.", "what_you_do": "Observer, dessiner."}
HOURS = {
    "weekdays": ["1", "2", "3", "4", "5"],
    "starts_at": "09:00",
    "ends_at": "16:00",
    "break_minutes": "60",
}
WEEKS = {"weeks": [W5, W6], "any_week": "no", "seats": "2", "reserved": "0"}
WELCOME = {"tutor_name": "Karim B.", "access": "Bus 2.", "charter": ["tutor", "safety"]}


@pytest.fixture
def site(session):
    return places.site()


@pytest.fixture
def member(site):
    return people.adult(Role.COMPANY_MEMBER, company=site.company)


@pytest.fixture
def browser(client, member):
    return client.sign_in(member)


def whole(site, **values) -> Offer:
    return places.offer(site, tutor_name="Karim B.", access="Bus 2.", **values)


def page_of(offer, slug: str = "") -> str:
    return f"/entreprise/offres/{offer.ref}" + (f"/{slug}" if slug else "")


def save(browser, offer, slug, data, version=None):
    shown = offer.version if version is None else version
    return browser.post(page_of(offer, slug), data={"version": str(shown)} | data)


def test_an_offer_is_written_step_by_step_and_handed_in(browser, site, session):
    first = browser.get("/entreprise/offres/nouvelle").text
    place = {"ref": hidden(first, "ref"), "site": site.ref, "title": "Usiner", "sector": "metal"}
    answer = browser.post("/entreprise/offres/nouvelle", data=place)
    offer = session.scalars(sa.select(Offer)).one()
    for slug, data, following in (
        ("programme", PROGRAMME, "horaires"),
        ("horaires", HOURS, "semaines"),
        ("semaines", WEEKS | {"reserved": "1", "reserved_for": "rep"}, "accueil"),
        ("accueil", WELCOME, ""),
    ):
        assert answer.location == page_of(offer, slug)
        page = browser.get(answer.location)
        assert page.status_code == 200
        version = hidden(page.text, "version")
        answer = browser.post(answer.location, data=data | {"version": version})
        assert (answer.status_code, answer.location) == (303, page_of(offer, following))
    page = browser.get(page_of(offer)).text
    assert "Il manque encore" not in page
    sent = browser.post(page_of(offer, "envoyer"), data={"version": hidden(page, "version")})
    assert sent.status_code == 303
    session.expire_all()
    assert (offer.status, offer.charter) == (OfferStatus.SUBMITTED, ["tutor", "safety"])
    seats = session.execute(sa.select(Seat.week, Seat.reserved_for).order_by(Seat.id)).all()
    assert sorted(map(tuple, seats), key=str) == sorted(
        [(W5, None), (W5, "rep"), (W6, None), (W6, "rep")], key=str
    )


def test_the_first_page_sent_twice_makes_one_offer(browser, site, session):
    place = {"ref": "abcdefgh23", "site": site.ref, "title": "Usiner", "sector": "metal"}
    first = browser.post("/entreprise/offres/nouvelle", data=place)
    assert browser.post("/entreprise/offres/nouvelle", data=place).location == first.location
    assert session.scalar(sa.select(sa.func.count(Offer.id))) == 1


def test_a_draft_says_what_is_missing_and_cannot_be_sent(browser, site, session):
    offer = places.offer(site, weeks=(), status=OfferStatus.DRAFT)
    page = browser.get(page_of(offer)).text
    assert "Choisissez au moins une semaine à venir et une place." in page
    answer = browser.post(page_of(offer, "envoyer"), data={"version": "1"})
    assert "Il manque encore quelque chose" in browser.get(answer.location).text
    session.expire_all()
    assert offer.status == OfferStatus.DRAFT


def test_weeks_are_shown_by_month_and_holidays_are_closed_with_their_name(browser, site):
    offer = places.offer(site, weeks=(W5,), status=OfferStatus.DRAFT)
    page = browser.get(page_of(offer, "semaines")).text
    assert page.index("novembre 2026") < page.index("juin 2027")
    assert "septembre 2026" not in page
    boxes = dict(re.findall(r'value="(2\d{3}-W\d\d)" id="[^"]*"((?: checked| disabled)*)', page))
    assert boxes[W5] == " checked"
    assert boxes["2027-W07"] == " disabled"
    assert "2026-W47" not in boxes
    assert re.search(r"du 15 au 19 février.{0,40}Vacances d’hiver", page)
    assert re.search(r"du 29 mars au 2 avril.{0,60}sauf lundi 29 mars \(Lundi de Pâques\)", page)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"weeks": []}, "weeks", "Cochez au moins une semaine"),
        ({"weeks": ["2027-W07"]}, "weeks", "Vacances d’hiver"),
        ({"weeks": ["2027-W99", "<b>"]}, "weeks", "semaine"),
        ({"weeks": ["2026-W40"]}, "weeks", "passée"),
        ({"seats": "0"}, "seats", "de 1 à 60"),
        ({"seats": "10000"}, "seats", "de 1 à 60"),
        ({"seats": "deux"}, "seats", "nombre entier"),
        ({"seats": "9" * 30}, "seats", "trop grand"),
        ({"seats": ""}, "seats", "Écrivez un nombre de places."),
        ({"reserved": "3", "reserved_for": "rep"}, "reserved", "pas plus que vous n’en offrez"),
        ({"reserved": "-1", "reserved_for": "rep"}, "reserved", "Réservez entre 0 et 2"),
        ({"reserved": "1"}, "reserved_for", "à qui ces places sont réservées"),
        ({"reserved": "1", "reserved_for": "uai", "uai": "0132572B"}, "uai", "faute de frappe"),
        ({"reserved": "1", "reserved_for": "uai", "uai": ""}, "uai", "UAI"),
        ({"reserved": "1", "reserved_for": "<b>"}, "uai", "UAI"),
    ],
)
def test_a_wrong_week_or_number_is_told_and_the_rest_stays_typed(
    browser, site, session, changes, field, words
):
    offer = places.offer(site, weeks=(), status=OfferStatus.DRAFT)
    answer = save(browser, offer, "semaines", WEEKS | {"weeks": [W6]} | changes)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error">(.*?)</p>', answer.text, re.DOTALL)[1]
    assert words in error
    if "weeks" not in changes:
        assert re.search(rf'id="week-{W6}" checked', answer.text)
    assert session.scalar(sa.select(sa.func.count(Seat.id))) == 0


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_at": "19:00"}, "ends_at", "L’élève vient entre 8"),
        ({"ends_at": "17:00"}, "ends_at", "6 h de présence au plus avant 15 ans"),
        ({"ends_at": "08:00"}, "ends_at", "après l’heure de début"),
        ({"ends_at": "25:61"}, "ends_at", "Écrivez une heure"),
        ({"starts_at": "matin"}, "starts_at", "Écrivez une heure"),
        ({"break_minutes": "10"}, "break_minutes", "30 minutes d’un seul tenant"),
        ({"break_minutes": "-5"}, "break_minutes", "tenir dans la journée"),
        ({"weekdays": ["1"]}, "weekdays", "trois à cinq jours"),
        ({"weekdays": ["1", "2", "6"]}, "weekdays", ""),
    ],
)
def test_hours_that_the_law_forbids_are_told_in_plain_words(
    browser, site, session, changes, field, words
):
    offer = places.offer(site, status=OfferStatus.DRAFT)
    answer = save(browser, offer, "horaires", HOURS | changes)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error">(.*?)</p>', answer.text, re.DOTALL)[1]
    assert words in error.replace("\u00a0", " ")
    session.expire_all()
    assert (offer.ends_at, offer.weekdays) == (time(16), "12345")


def test_hours_are_read_as_people_write_them(browser, site, session):
    offer = places.offer(site, status=OfferStatus.DRAFT)
    typed = {"starts_at": "9h30", "ends_at": "15 h", "break_minutes": " 45 "}
    assert save(browser, offer, "horaires", HOURS | typed).status_code == 303
    session.expire_all()
    assert (offer.starts_at, offer.ends_at, offer.break_minutes) == (time(9, 30), time(15), 45)


def test_what_an_earlier_colleague_wrote_is_not_overwritten_unknowingly(
    browser, site, member, session
):
    offer = places.offer(site, status=OfferStatus.DRAFT)
    offers.revise(member, offer, version=1, what_you_see="Version du collègue.")
    answer = save(browser, offer, "programme", PROGRAMME, version=1)
    assert answer.status_code == 422
    assert "Cette offre a changé pendant que vous écriviez" in answer.text
    assert "Observer, dessiner." in answer.text
    again = PROGRAMME | {"version": hidden(answer.text, "version")}
    assert browser.post(page_of(offer, "programme"), data=again).status_code == 303
    session.expire_all()
    assert offer.what_you_see == "Les tours."


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 40, "²"])
def test_a_tampered_version_is_a_stale_page(browser, site, version):
    offer = places.offer(site, status=OfferStatus.DRAFT)
    assert save(browser, offer, "programme", PROGRAMME, version=version).status_code == 422
    assert offer.what_you_see != "Les tours."


def test_a_published_offer_warns_then_goes_back_to_be_read(browser, site, session):
    offer = whole(site)
    assert "un coordinateur la relira" in browser.get(page_of(offer, "programme")).text
    assert save(browser, offer, "programme", PROGRAMME).location == page_of(offer)
    assert "En attente de relecture" in browser.get(page_of(offer)).text


def test_held_seats_are_refused_with_their_number(browser, site):
    offer = whole(site, weeks=(W5,), seats=3)
    placement(offer.seats[0])
    placement(offer.seats[1])
    page = save(browser, offer, "semaines", WEEKS | {"weeks": [W5], "seats": "1"}).text
    assert "Des élèves ont déjà 2 de ces places (semaine du 1er au 5 février 2027)" in page
    page = save(browser, offer, "semaines", WEEKS | {"weeks": [W6]}).text
    assert "Des élèves ont déjà une place semaine du 1er au 5 février 2027" in page


def test_an_offer_is_paused_published_again_and_closed_by_its_buttons(browser, site, session):
    offer = whole(site)
    for act, status in (("pause", "paused"), ("reprise", "published"), ("fermeture", "closed")):
        version = hidden(browser.get(page_of(offer)).text, "version")
        assert browser.post(page_of(offer, act), data={"version": version}).status_code == 303
        session.expire_all()
        assert offer.status == status
    assert "Cette offre est fermée" in save(browser, offer, "programme", PROGRAMME).text


def test_a_stale_button_is_answered_politely(browser, site):
    offer = whole(site)
    answer = browser.post(page_of(offer, "pause"), data={"version": "9"})
    assert "Relisez-la, puis" in browser.get(answer.location).text
    assert offer.status == OfferStatus.PUBLISHED


def test_a_returned_offer_shows_what_to_mend(browser, site):
    offer = whole(site, status=OfferStatus.RETURNED, returned_because="Retirez <b>les sigles</b>.")
    assert "Retirez &lt;b&gt;les sigles&lt;/b&gt;." in browser.get(page_of(offer)).text


def test_hostile_words_are_text_everywhere(browser, site, session):
    offer = places.offer(site, status=OfferStatus.DRAFT)
    words = "<script>alert(1)</script>\r\n\x00%s {{ 7*7 }}"
    data = {"what_you_see": words, "what_you_do": words}
    assert save(browser, offer, "programme", data).status_code == 303
    for page in (browser.get(page_of(offer)).text, browser.get(page_of(offer, "programme")).text):
        assert "<script>alert(1)" not in page
        assert "{{ 7*7 }}" in page
    session.expire_all()
    assert offer.what_you_see == "<script>alert(1)</script>\n%s {{ 7*7 }}"


def test_a_refused_company_cannot_hand_in(browser, site, session):
    offer = whole(site, status=OfferStatus.DRAFT)
    site.company.status = ApprovalStatus.REFUSED
    session.commit()
    answer = browser.post(page_of(offer, "envoyer"), data={"version": "1"})
    assert "n’est pas admise" in browser.get(answer.location).text
    assert offer.status == OfferStatus.DRAFT
