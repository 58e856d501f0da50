"""The sectors that pupils choose among, and the activity codes (NAF rév. 2) behind them.

Icons are names of Lucide; surfaces are the eight background colours of the style sheet, always
shown with the icon and the words. The order is the order of the filters: industry first.
"""

import re
from dataclasses import dataclass

from matching.translated import Translated


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector, with the NAF divisions (two digits) and groups (three) that it gathers."""

    key: str
    label: Translated[str]
    icon: str
    surface: int
    naf: tuple[str, ...]


SECTORS: tuple[Sector, ...] = (
    Sector("aerospace", "Avions et espace", "plane", 3, ("30", "303")),
    Sector("automotive", "Automobile et cycles", "car", 3, ("29", "45", "309")),
    Sector("rail", "Trains et métros", "train-front", 3, ("302",)),
    Sector("ships", "Bateaux", "ship", 3, ("301",)),
    Sector("machines", "Machines et robots", "cog", 7, ("28",)),
    Sector("electronics", "Électronique et électricité", "cpu", 7, ("26", "27")),
    Sector("metal", "Métaux et mécanique", "anvil", 1, ("24", "25")),
    Sector("materials", "Verre, pierre et matériaux", "layers", 1, ("05", "07", "08", "09", "23")),
    Sector("chemistry", "Chimie et plastiques", "flask-conical", 4, ("20", "22")),
    Sector("health", "Médicaments et santé", "pill", 4, ("21", "325", "86")),
    Sector("food", "Agroalimentaire", "wheat", 2, ("10", "11", "12")),
    Sector("farming", "Agriculture, forêt et mer", "leaf", 5, ("01", "02", "03")),
    Sector("textile", "Textile, mode et cuir", "shirt", 6, ("13", "14", "15")),
    Sector("wood", "Bois et meubles", "armchair", 2, ("16", "31")),
    Sector("printing", "Papier, imprimerie et édition", "printer", 6, ("17", "18", "58")),
    Sector("crafts", "Bijoux, jouets et instruments", "gem", 6, ("32",)),
    Sector("energy", "Énergie", "zap", 2, ("06", "19", "35")),
    Sector("recycling", "Eau, déchets et recyclage", "recycle", 5, ("36", "37", "38", "39")),
    Sector("construction", "Bâtiment et travaux publics", "hard-hat", 1, ("41", "42", "43")),
    Sector("maintenance", "Maintenance et réparation", "wrench", 7, ("33", "95")),
    Sector("logistics", "Transport et logistique", "truck", 8, ("49", "50", "51", "52", "53")),
    Sector("digital", "Numérique et télécoms", "code", 8, ("61", "62", "63")),
    Sector("research", "Recherche et ingénierie", "microscope", 4, ("71", "72")),
    Sector("trade", "Commerce", "package", 8, ("46", "47")),
    Sector(
        "services",
        "Services et administrations",
        "building-2",
        8,
        (
            *("55", "56", "59", "60", "64", "65", "66", "68", "69", "70", "73", "74", "75"),
            *("77", "78", "79", "80", "81", "82", "84", "85", "87", "88"),
            *("90", "91", "92", "93", "94", "96", "97", "98", "99"),
        ),
    ),
)
SECTOR_KEYS = tuple(sector.key for sector in SECTORS)

_BY_KEY = {sector.key: sector for sector in SECTORS}
_BY_NAF = {code: sector for sector in SECTORS for code in sector.naf}


def sector(key: str) -> Sector | None:
    """The sector of this key."""
    return _BY_KEY.get(key)


def sector_of_naf(code: str) -> Sector | None:
    """The sector of an activity code ("29.10Z", "2910Z", "29"), by group and then by division.

    A suggestion for the form, never a verdict: None when the code is not one.
    """
    written = re.fullmatch(r"([0-9]{2})\.?([0-9]?)[0-9]?[A-Z]?", code.strip().upper())
    if written is None:
        return None
    division, group = written[1], written[1] + written[2]
    if division not in _BY_NAF:
        return None
    return _BY_NAF.get(group, _BY_NAF[division])
