"""What is served to browsers: pinned, found, fingerprinted, and nothing inline."""

import gzip
import importlib.util
import json
import posixpath
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matching import assets
from matching.paths import ROOT, STATIC, TEMPLATES
from matching.rules.sectors import SECTORS

PAGES = sorted(TEMPLATES.rglob("*.html"))


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    """tools/vendor.py, which is no package."""
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools/vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder of static files that a test may spoil."""
    return Path(shutil.copytree(STATIC, tmp_path / "static"))


def site(folder: Path) -> Flask:
    app = Flask("site", static_folder=str(folder), static_url_path="/static")
    assets.init_app(app)
    return app


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return str(app.jinja_env.globals["asset"](name))  # type: ignore[operator]


@pytest.fixture
def client() -> FlaskClient:
    return site(STATIC).test_client()


def test_every_vendored_file_is_the_pinned_one(vendor: ModuleType) -> None:
    assert vendor.check() == []


@pytest.mark.parametrize(
    "name", ["vendor/htmx.min.js", "fonts/bricolage-grotesque.woff2", "img/icons.svg"]
)
def test_a_changed_vendored_file_is_noticed(vendor: ModuleType, copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    assert [problem.split()[0] for problem in vendor.check(copy)] == [name]


def test_a_missing_and_an_unlisted_file_are_noticed(vendor: ModuleType, copy: Path) -> None:
    (copy / "vendor/htmx.min.js").unlink()
    (copy / "fonts/stray.woff2").write_bytes(b"x")
    assert vendor.check(copy) == [
        "vendor/htmx.min.js is missing",
        "fonts/stray.woff2 is in no package",
    ]


def test_a_version_pinned_but_not_fetched_is_noticed(vendor: ModuleType, copy: Path) -> None:
    pins = copy / "vendor/vendor.toml"
    pins.write_text(pins.read_text().replace('version = "4.0.1"', 'version = "4.0.2"'))
    assert len(vendor.check(copy)) == 1


def test_each_package_ships_its_licence() -> None:
    manifest = json.loads((STATIC / "vendor/manifest.json").read_text())
    for package in manifest:
        licences = [name for name in package["files"] if name.startswith("vendor/licences/")]
        assert len(licences) == 1, package["name"]
        assert len((STATIC / licences[0]).read_text()) > 300


def test_the_address_of_a_file_follows_its_content(copy: Path) -> None:
    before = address(site(copy), "js/app.js")
    assert before == address(site(copy), "js/app.js")
    (copy / "js/app.js").write_text("// another\n")
    assert address(site(copy), "js/app.js") != before


def test_the_style_sheet_changes_address_with_the_sheets_and_fonts_it_uses(copy: Path) -> None:
    first = address(site(copy), "css/app.css")
    with (copy / "css/parts.css").open("a") as sheet:
        sheet.write(".x { color: inherit; }\n")
    second = address(site(copy), "css/app.css")
    with (copy / "fonts/bricolage-grotesque.woff2").open("ab") as font:
        font.write(b" ")
    third = address(site(copy), "css/app.css")
    assert len({first, second, third}) == 3


def test_a_marked_address_is_kept_for_ever_and_a_plain_one_is_not(client: FlaskClient) -> None:
    kept = client.get(address(client.application, "js/app.js"))
    assert kept.cache_control.immutable
    assert kept.cache_control.max_age == 31536000
    plain = client.get("/static/js/app.js")
    assert plain.cache_control.no_cache
    assert not plain.cache_control.immutable
    assert plain.data == kept.data == (STATIC / "js/app.js").read_bytes()


def test_an_outdated_mark_is_answered_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/js/app.0123456789.js")
    assert answer.status_code == 200
    assert not answer.cache_control.immutable


def test_texts_travel_compressed_when_the_browser_can(client: FlaskClient) -> None:
    where = address(client.application, "css/app.css")
    small = client.get(where, headers={"Accept-Encoding": "gzip"})
    assert small.content_encoding == "gzip"
    assert gzip.decompress(small.data) == client.get(where).data
    assert "Accept-Encoding" in small.vary


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/static/js/app.js").headers["ETag"]
    assert client.get("/static/js/app.js", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("name", ["nothing.css", "../pyproject.toml", "css/../../pyproject.toml"])
def test_nothing_outside_the_folder_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_the_style_sheet_asks_for_nothing_elsewhere(client: FlaskClient) -> None:
    sheet = client.get("/static/css/app.css").text
    assert "@import" not in sheet
    addresses = re.findall(r"url\(\"?([^\")]+)", sheet)
    assert len(addresses) == 4
    for each in addresses:
        answer = client.get(posixpath.normpath(f"/static/css/{each}"))
        assert answer.status_code == 200, each
        assert answer.cache_control.immutable, each


def test_every_asset_that_a_template_names_exists() -> None:
    shelf = assets.Assets(STATIC)
    names = {name for page in PAGES for name in re.findall(r"asset\('([^']+)'\)", page.read_text())}
    assert {"css/app.css", "js/app.js", "vendor/htmx.min.js", "img/icons.svg"} <= names
    for name in names:
        assert shelf.get(name).body, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_no_page_carries_inline_style_or_script(page: Path) -> None:
    """The content security policy would drop them: the page would look or behave otherwise."""
    text = re.sub(r"\{#.*?#\}", "", page.read_text(), flags=re.DOTALL)
    assert re.findall(r"<style|\sstyle\s*=|\son\w+\s*=\s*[\"']|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag] == []


def icons_of_the_sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    wanted = {sector.icon for sector in SECTORS}
    for page in PAGES:
        text = page.read_text()
        wanted |= set(re.findall(r"\b(?:icon|draw)\(\"([\w-]+)\"", text))
        wanted |= set(re.findall(r"\bicon=\"([\w-]+)\"", text))
        wanted |= set(re.findall(r"_url, \"([\w-]+)\", \d", text))  # the plates of the home page
        wanted |= set(re.findall(r"\(_\([^)]*\), \"\w+\", \"([\w-]+)\"\)", text))  # statuses
    for source in (ROOT / "matching/web").rglob("*.py"):
        text = source.read_text()
        wanted |= set(re.findall(r"icon=\"([\w-]+)\"", text))
        wanted |= set(re.findall(r"\(\"\w+\.\w+\", \"[^\"]+\", \"([\w-]+)\"\)", text))  # links
    assert {"factory", "hourglass", "graduation-cap", "circle-alert", "house"} <= wanted
    assert wanted - icons_of_the_sprite() == set()


def test_scripts_and_styles_stay_light(client: FlaskClient) -> None:
    """Bytes on the wire; the budget of a page on a phone is 120 KB without the map."""
    squeezed = {"Accept-Encoding": "gzip"}

    def weight(name: str) -> int:
        return len(client.get(f"/static/{name}", headers=squeezed).data)

    assert weight("js/app.js") <= 2_048
    assert weight("css/app.css") <= 12_000
    assert weight("img/icons.svg") <= 9_000
    assert weight("vendor/htmx.min.js") <= 14_000
    # Only when the map is opened.
    map_parts = ("vendor/leaflet.js", "vendor/leaflet.css", "map/outlines.json")
    assert sum(weight(name) for name in map_parts) <= 95_000
    assert weight("js/offer-map.js") <= 3_000
    fonts = weight("fonts/bricolage-grotesque.woff2") + weight(
        "fonts/atkinson-hyperlegible-next.woff2"
    )
    assert fonts <= 40_000
