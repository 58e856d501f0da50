"""Make the fonts of printed documents from those of the pages: typst reads fixed TrueType files.

    python tools/document_fonts.py      needs ``pip install fonttools brotli``; no network

The Latin and the wider subset of a font become two families, the second named as a fallback.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
STATIC, DOCUMENTS = ROOT / "static/fonts", ROOT / "matching/data/fonts"
# Of the pages, of the documents, its family there, its weight.
FONTS = (
    ("atkinson-hyperlegible-next", "text", "Etabli Text", 400),
    ("atkinson-hyperlegible-next", "text-bold", "Etabli Text", 700),
    ("atkinson-hyperlegible-next-names", "names", "Etabli Names", 400),
    ("atkinson-hyperlegible-next-names", "names-bold", "Etabli Names", 700),
    ("bricolage-grotesque", "title", "Etabli Title", 700),
    ("bricolage-grotesque-names", "title-names", "Etabli Title Names", 700),
)
NAMES = {1: "{family}", 2: "{style}", 4: "{family} {style}", 6: "{joined}-{style}"}


def make(source: str, result: str, family: str, weight: int) -> None:
    """One fixed font, named after us so that nothing on a machine stands in for it."""
    font = TTFont(STATIC / f"{source}.woff2", recalcTimestamp=False)
    if "fvar" in font:
        instantiateVariableFont(font, {"wght": weight}, inplace=True)
    words = {
        "family": family,
        "style": "Bold" if weight == 700 else "Regular",
        "joined": family.replace(" ", ""),
    }
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in (0, 13, 14)]  # authors, licence
    for number, pattern in NAMES.items():
        table.setName(pattern.format(**words), number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if weight == 700 else 0x40
    font["head"].macStyle = 1 if weight == 700 else 0
    font.flavor = None
    DOCUMENTS.mkdir(exist_ok=True)
    font.save(DOCUMENTS / f"{result}.ttf")


if __name__ == "__main__":
    for font in FONTS:
        make(*font)
