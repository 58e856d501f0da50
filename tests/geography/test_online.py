"""The online geocoder against a service of our own on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from matching.geography.geocoder import AmbiguousPlace, GazetteerGeocoder, geocoder
from matching.geography.online import OnlineGeocoder


class Service(ThreadingHTTPServer):
    """Answers as the State's service does, with what the test gives it; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status = 200
        self.feature: dict | None = None
        self.asked: list[str] = []

    def answers(self, *, citycode: str, score: float = 0.9, kind: str = "housenumber") -> None:
        self.feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [4.8801, 45.7701]},
            "properties": {
                "label": "6 Rue Paul Bert 69100 Villeurbanne",
                "score": score,
                "postcode": "69100",
                "citycode": citycode,
                "type": kind,
            },
        }


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        assert asked.path == "/geocodage/search"
        self.server.asked.extend(parse_qs(asked.query)["q"])
        features = [self.server.feature] if self.server.feature else []
        body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def online(service: Service) -> OnlineGeocoder:
    address = f"127.0.0.1:{service.server_port}/geocodage"
    return OnlineGeocoder(GazetteerGeocoder(), domain=address, scheme="http", timeout=2)


ADDRESS = "6 rue Paul-Bert, 69100 Villeurbanne"


def test_the_street_is_taken_when_the_service_agrees_on_the_commune(
    service: Service, online: OnlineGeocoder
) -> None:
    service.answers(citycode="69266")
    place = online.geocode(ADDRESS)
    assert (place.latitude, place.longitude) == (45.7701, 4.8801)
    assert place.raw == {"commune": "69266", "postcode": "69100", "precision": "housenumber"}
    assert service.asked == [ADDRESS]
    assert online.geocode(ADDRESS, exactly_one=False)[0].raw == place.raw


def test_an_arrondissement_of_the_service_agrees_with_its_city(
    service: Service, online: OnlineGeocoder
) -> None:
    service.answers(citycode="69383")
    assert online.geocode("129 rue Servient, 69000 Lyon").raw["commune"] == "69383"


def test_a_service_that_names_another_commune_is_not_believed(
    service: Service, online: OnlineGeocoder
) -> None:
    service.answers(citycode="69381")
    assert online.geocode(ADDRESS).raw["precision"] == "commune"
    service.answers(citycode="00000")
    assert online.geocode(ADDRESS).raw["commune"] == "69266"


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_service_that_fails_leaves_the_communes_point(
    service: Service, online: OnlineGeocoder, status: int
) -> None:
    service.status = status
    assert online.geocode(ADDRESS).raw == {
        "commune": "69266", "postcode": "69100", "precision": "commune",
    }  # fmt: skip
    assert len(service.asked) == 2  # once more, then no longer


def test_a_service_that_is_down_leaves_the_communes_point() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody listens
        address = f"127.0.0.1:{held.getsockname()[1]}"
        online = OnlineGeocoder(GazetteerGeocoder(), domain=address, scheme="http", timeout=1)
        assert online.geocode(ADDRESS).raw["commune"] == "69266"


def test_a_homonym_is_asked_of_the_person_not_of_the_service(
    service: Service, online: OnlineGeocoder
) -> None:
    service.answers(citycode="93066")
    with pytest.raises(AmbiguousPlace):
        online.geocode("2 rue de la République, Saint-Denis")
    places = online.geocode("2 rue de la République, Saint-Denis", exactly_one=False)
    assert {"93066", "97411"} <= {place.raw["commune"] for place in places}
    assert service.asked == []


def test_a_place_that_the_gazetteer_ignores_needs_a_good_score(
    service: Service, online: OnlineGeocoder
) -> None:
    service.answers(citycode="91477", score=0.7, kind="locality")
    assert online.geocode("Wakanda").raw["commune"] == "91477"
    service.answers(citycode="91477", score=0.4)
    assert online.geocode("Wakanda") is None


def test_nothing_found_anywhere_is_nothing(service: Service, online: OnlineGeocoder) -> None:
    assert online.geocode("Wakanda") is None
    assert online.geocode("Wakanda", exactly_one=False) is None
    assert service.asked == ["Wakanda", "Wakanda"]


def test_the_online_geocoder_asks_the_geoplateforme() -> None:
    chosen = geocoder("ban")
    assert isinstance(chosen, OnlineGeocoder)
    assert chosen.asks == "https://data.geopf.fr/geocodage/search"
