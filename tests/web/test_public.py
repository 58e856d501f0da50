"""What everyone may see."""

import re

import pytest

from matching.geography.communes import gazetteer
from matching.models.statuses import OfferStatus, PlacementStatus
from tests.factories import places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("in_november")


def figure(page: str, label: str) -> str:
    return re.search(rf"<dt>(?:<[^>]*>)?{label}.*?<dd>(.*?)</dd>", page, re.DOTALL)[1]


def listed(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/(?:eleve/)?offres/(\w+)"', page)


def test_the_home_page_counts_promises_and_shades_the_map(client, session):
    company = places.company()
    places.pledge(company, 1200)
    offer = places.offer(places.site(company), seats=3)
    placement(offer.seats[0], status=PlacementStatus.CONFIRMED)
    page = client.get("/").text
    assert figure(page, "places promises") == "1\u202f200"
    assert figure(page, "places ouvertes") == "2"
    assert figure(page, "élèves avec un stage") == "1"
    assert "Ain – 2 places" in page
    assert 'href="/offres?departement=01"' in page


def test_a_commune_gives_the_offers_nearest_first(client, session):
    far = places.offer(places.site(commune_code="01269"))
    near = places.offer()
    places.offer(places.site(commune_code="75056"))
    page = client.get("/offres?place=Oyonnax&km=20")
    assert page.status_code == 200
    assert listed(page.text) == [near.ref, far.ref]
    assert listed(client.get("/offres?place=Oyonnax&km=5").text) == [near.ref]


def test_a_homonym_is_a_choice_and_the_chosen_one_is_kept(client, session):
    places.offer(places.site(commune_code="97411"))
    asked = client.get("/offres?place=Saint-Denis&sector=metal").text
    assert "Quelle commune" in asked
    assert listed(asked) == []
    link = next(
        each.replace("&amp;", "&")
        for each in re.findall(r'href="(/offres\?[^"]*)"', asked)
        if "commune=97411" in each
    )
    assert "sector=metal" in link
    chosen = client.get(link.replace("sector=metal", "sector=")).text
    assert len(listed(chosen)) == 1
    # Whoever then types another name is not kept on the first.
    moved = client.get("/offres?place=Oyonnax&commune=97411").text
    assert "km de Oyonnax" in moved


@pytest.mark.parametrize("place", ["Xyzzy", "99999", "<b>Xyzzy</b>", "'; --"])
def test_an_unknown_place_says_so(client, session, place):
    places.offer()
    page = client.get("/offres", query_string={"place": place})
    assert page.status_code == 200
    assert "Commune introuvable" in page.text
    assert listed(page.text) == []
    assert "<b>Xyzzy" not in page.text


def test_filters_narrow_the_list(client, session):
    wood = places.offer(sector="wood", accessible=True, weeks=("2027-W06",))
    metal = places.offer(sector="metal", weeks=("2027-W05",))
    assert set(listed(client.get("/offres").text)) == {wood.ref, metal.ref}
    for query in ("sector=wood", "accessible=y", "week=2027-W06"):
        assert listed(client.get(f"/offres?{query}").text) == [wood.ref]
    assert listed(client.get("/offres?departement=75").text) == []


def test_a_filter_made_up_in_the_address_is_refused_politely(client, session):
    places.offer()
    page = client.get("/offres?sector=piracy&week=1999-W01&km=abc")
    assert page.status_code == 422
    assert "Il reste quelque chose à corriger" in page.text


def test_a_week_that_has_begun_is_no_longer_on_offer(client, session):
    over = places.offer(weeks=("2026-W46",))
    assert listed(client.get("/offres").text) == []
    assert "2026-W46" not in client.get("/offres").text
    assert client.get(f"/offres/{over.ref}").status_code == 200


def test_every_offer_is_on_exactly_one_page(client, session):
    at = places.site()
    refs = {places.offer(at).ref for _ in range(45)}
    pages = [listed(client.get(f"/offres?km=20&page={number}").text) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert {ref for page in pages for ref in page} == refs
    assert listed(client.get("/offres?page=99").text) == pages[2]
    assert listed(client.get("/offres?page=-1").text) == pages[0]
    assert listed(client.get("/offres?page=x").text) == pages[0]


def test_an_offer_page_tells_the_programme_and_never_whom_to_call(client, session):
    offer = places.offer(
        tutor_name="Mme Tutrice", access="Sonner chez M. Portier", gear="Chaussures fermées"
    )
    page = client.get(f"/offres/{offer.ref}").text
    assert offer.site.company.name in page
    assert gazetteer().by_code(offer.site.commune_code).name in page
    assert "Chaussures fermées" in page
    for hidden in ("Mme Tutrice", "Portier", offer.site.address, offer.site.siret):
        assert hidden not in page


@pytest.mark.parametrize("status", [each for each in OfferStatus if each != OfferStatus.PUBLISHED])
def test_an_offer_that_is_not_published_does_not_exist(client, session, status):
    assert client.get(f"/offres/{places.offer(status=status).ref}").status_code == 404


def test_credits_name_what_we_carry(client):
    page = client.get("/credits").text
    for name in ("Licence Ouverte 2.0", "htmx.org", "lucide-static", "OFL-1.1", "IGN"):
        assert name in page


def test_health_answers_for_the_database(client):
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
