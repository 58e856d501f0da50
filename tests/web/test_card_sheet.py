"""The sheet of login cards as a PDF: what is on it, and that the camera of a phone reads it."""

import io
from types import SimpleNamespace

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from matching.web import card_pages, card_sheet
from matching.web.card_pages import PrintedCard

ADDRESS = "letabli.example.org/connexion/eleve"
NAMES = (
    ("Léa", "DURAND"),
    ("Łukasz", "WÓJCIK ŞAHIN"),
    ("Marie-Antoinette Joséphine", "DE LA TOUR D’AUVERGNE-LAURAGUAIS-MONTMORENCY-BOUTEVILLE"),
    ("#panic()", "*a* _b_ $x$ \\ @c <d>"),
    *(("Inès", f"Élève{number}") for number in range(6)),
)


def link(number: int) -> str:
    return f"https://{ADDRESS}?nom=KTRM4W7{number}"


@pytest.fixture
def cards() -> list[PrintedCard]:
    group = SimpleNamespace(name="3e A")
    return [
        PrintedCard(
            SimpleNamespace(first_name=first, last_name=last, class_group=group),
            f"KTRM-4W7{number}",
            f"BCDF-GH2{number}-KMNP-QR34",
            card_pages._qr(link(number)),
        )
        for number, (first, last) in enumerate(NAMES)
    ]


def test_eight_cards_a_page_each_with_its_name_login_and_code(app, cards) -> None:
    with app.test_request_context("/"):
        pages = PdfReader(io.BytesIO(card_sheet.pdf(cards, ADDRESS))).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [
        (595, 842),
        (595, 842),
    ]
    texts = ["".join(page.extract_text().split()) for page in pages]
    for number, (first, last) in enumerate(NAMES):
        text = texts[number // 8]
        assert f"{first}{last}".replace(" ", "") in text
        assert f"KTRM-4W7{number}" in text
        assert f"BCDF-GH2{number}KMNP-QR34" in text
    assert texts[0].count(ADDRESS) == 8


def test_the_sheet_is_the_same_each_time_and_open_to_readers_of_screens(app, cards) -> None:
    with app.test_request_context("/"):
        first, second = (card_sheet.pdf(cards, ADDRESS) for _ in range(2))
    assert first == second
    catalogue = PdfReader(io.BytesIO(first)).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("fr")


def test_the_codes_to_photograph_lead_to_the_sign_in_page_of_each(app, cards) -> None:
    with app.test_request_context("/"):
        data = card_sheet.words(cards[:8], ADDRESS)
    picture = Image.open(io.BytesIO(card_sheet.compiled(data, format="png", ppi=100)))
    found = {one.text for one in zxingcpp.read_barcodes(picture)}
    assert found == {link(number) for number in range(8)}


def test_what_cannot_be_drawn_is_said_and_not_printed(app, cards) -> None:
    with app.test_request_context("/"):
        data = card_sheet.words(cards[:1], ADDRESS)
    data["cards"][0]["qr"] = "no drawing"
    with pytest.raises(card_sheet.SheetFailed):
        card_sheet.compiled(data, format="pdf")
