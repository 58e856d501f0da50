"""The map of the offers: always the offers of the list, and nothing of who looks."""

import json
import re

import pytest

from matching.geography.clusters import pixels
from matching.geography.communes import gazetteer
from matching.models.statuses import OfferStatus
from matching.paths import STATIC
from matching.web import offer_map
from tests.factories import people, places

CLOSE = "zoom=9&west=262&north=180&east=266&south=184"  # the Ain, in tiles
FRANCE = "zoom=5&west=15&north=10&east=18&south=13"


@pytest.fixture(autouse=True)
def fresh(in_november):
    offer_map.kept.clear()


def counted(client, address: str) -> int:
    return sum(one["n"] for one in client.get(address).json)


def listed(client, address: str) -> int:
    found = re.search(r"<strong>([\d\u202f]+)\u00a0offre", client.get(address).text)
    return int(found[1].replace("\u202f", "")) if found else 0


@pytest.mark.parametrize(
    "query", ["", "sector=wood", "week=2027-W05", "accessible=y", "place=Oyonnax&km=20",
              "departement=01", "sector=metal&place=Oyonnax&km=20"],
)  # fmt: skip
def test_the_map_holds_the_offers_of_the_list(client, session, query):
    places.offer(sector="wood", accessible=True)
    places.offer(places.site(commune_code="01269"), sector="metal", weeks=("2027-W06",))
    places.offer(places.site(commune_code="75056"), sector="metal")
    places.offer(status=OfferStatus.PAUSED)
    whole = client.get(f"/offres/carte?{query}").json
    assert whole["total"] == listed(client, f"/offres?{query}") > 0
    assert sum(area["n"] for area in whole["areas"]) == whole["total"]
    assert counted(client, f"/offres/carte?{query}&{FRANCE}") == whole["total"]


def test_the_offers_of_one_commune_are_named_and_lead_to_their_pages(client, session):
    offer = places.offer(title="Mouler & souder")
    (bubble,) = client.get(f"/offres/carte?{CLOSE}").json
    home = gazetteer().by_code("01283")
    assert bubble["commune"] == "Oyonnax"
    assert bubble["offers"] == [["Mouler & souder", f"/offres/{offer.ref}"]]
    # The middle of the commune, wherever the site stands in it.
    assert bubble["at"] == [round(home.lat, 4), round(home.lon, 4)]


def test_a_full_commune_names_a_few_and_counts_the_rest(client, session):
    at = places.site()
    for _ in range(11):
        places.offer(at)
    (bubble,) = client.get(f"/offres/carte?{CLOSE}").json
    assert (bubble["n"], len(bubble["offers"])) == (11, 8)


def test_an_offer_that_leaves_the_list_leaves_the_map_at_once(client, session):
    offer, _other = places.offer(), places.offer()
    assert counted(client, f"/offres/carte?{FRANCE}") == 2
    offer.status, offer.version = OfferStatus.PAUSED, offer.version + 1
    session.commit()
    assert counted(client, f"/offres/carte?{FRANCE}") == 1


@pytest.mark.parametrize(
    "tiles",
    ["zoom=5", "zoom=99&west=0&north=0&east=1&south=1", "zoom=5&west=x&north=0&east=1&south=1",
     "zoom=5&west=0&north=0&east=0&south=1", "zoom=9&west=0&north=0&east=500&south=500",
     "zoom=5&west=-" + "9" * 400 + "&north=0&east=1&south=1"],
)  # fmt: skip
def test_tiles_that_make_no_sense_are_refused(client, session, tiles):
    places.offer()
    assert client.get(f"/offres/carte?{tiles}").status_code == 400


@pytest.mark.parametrize("query", ["sector=piracy", "place=Xyzzy", "place=Saint-Denis", "km=abc"])
def test_filters_that_the_list_refuses_leave_an_empty_map(client, session, query):
    places.offer()
    answer = client.get(f"/offres/carte?{query}")
    assert answer.json == {"areas": [], "total": 0}


def test_the_same_tiles_are_not_sent_twice(client, session):
    places.offer()
    answer = client.get(f"/offres/carte?{FRANCE}")
    assert answer.cache_control.private
    again = client.get(f"/offres/carte?{FRANCE}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_pupil_sees_the_offers_of_his_list_and_no_sign_of_his_home(client, session):
    places.offer()
    places.offer(places.site(commune_code="75056"))
    row = people.pupil(places.class_group(), commune_code="01269")
    client.sign_in(row.user)
    answer = client.get("/eleve/offres/carte")
    assert answer.json["total"] == 1 == listed(client, "/eleve/offres")
    home, work = gazetteer().by_code("01269"), gazetteer().by_code("01283")
    (bubble,) = client.get(f"/eleve/offres/carte?{CLOSE}").json
    assert bubble["at"] == [round(work.lat, 4), round(work.lon, 4)]
    page = client.get("/eleve/offres").text
    for secret in (str(round(home.lat, 2)), str(round(home.lon, 2)), row.ref):
        assert secret not in answer.text
        assert secret not in page.partition("data-offer-map")[2].partition(">")[0]


def test_two_pupils_never_share_a_map(app, client, session):
    places.offer()
    here = people.pupil(places.class_group())
    far = people.pupil(places.class_group(places.school("75056")))
    seen = [
        app.test_client().sign_in(one.user).get("/eleve/offres/carte").json["total"]
        for one in (here, far)
    ]
    assert seen == [1, 0]


def test_without_a_script_the_map_is_hidden_and_the_list_whole(client, session):
    places.offer()
    page = client.get("/offres").text
    assert re.search(r"<details[^>]* hidden[^>]*data-offer-map=", page)
    assert 'class="grid is-even"' in page


def test_the_outlines_hold_every_departement_and_territory():
    shapes = json.loads((STATIC / "map" / "outlines.json").read_text())
    assert len(shapes["departements"]) == 101
    assert len(shapes["territories"]) == 183
    for code, home in (("01", "01283"), ("974", "97411"), ("75", "75056")):
        commune = gazetteer().by_code(home)
        rings = [ring(flat, shapes["steps"]) for flat in shapes["departements"][code]]
        assert any(inside(commune.lon, commune.lat, one) for one in rings)


def ring(flat: list[int], steps: int) -> list[tuple[float, float]]:
    lat, lon = flat[:2]
    points = [(lon / steps, lat / steps)]
    for north, east in zip(flat[2::2], flat[3::2], strict=True):
        lat, lon = lat + north, lon + east
        points.append((lon / steps, lat / steps))
    return points


def inside(x: float, y: float, points: list[tuple[float, float]]) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_the_tiles_of_these_tests_hold_oyonnax():
    import numpy as np

    home = gazetteer().by_code("01283")
    x, y = pixels(np.array([home.lat]), np.array([home.lon]), 9)
    assert 262 <= x[0] / 256 < 266
    assert 180 <= y[0] / 256 < 184
