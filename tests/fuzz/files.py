"""Files of pupils, mutated in every way that a disk, a spreadsheet or an enemy knows."""

import random
import re
from collections.abc import Callable

import sqlalchemy as sa

from matching.database import db
from matching.models.imports import PupilImport
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup
from matching.rules.pupils_columns import template_csv
from tests.factories.files import THREE
from tests.factories.pronote import pronote_lines
from tests.factories.workbooks import workbook
from tests.fuzz.values import SHORT
from tests.fuzz.world import World

IMPORT = "/etablissement/import"
BOUNDARY = "zzqboundaryzzq"
SIECLE = (
    "Nom de famille;Prénom 1;Date de naissance;Division;Nom de famille repr. légal;"
    "Prénom repr. légal;Courriel repr. légal;INE\r\n"
    'ROUX;Léo;30/11/2012;="3B";ROUX;Marc;marc@example.org;123456789FF\r\n'
    "PETIT;Éva;01/12/2012;3B;PETIT;Ana;ana@example.org;123456788FF\r\n"
)
SHORT_PRONOTE = "Élèves\tNé(e) le\tSexe\tClasse\r\n" + "".join(
    f"{cells[0]} {cells[1]}\t{cells[2]}\t{cells[3]}\t{cells[4]}\r\n"
    for cells in pronote_lines()[40:46]
)
BOOK = workbook(
    {"3A": [["Nom", "Prénom", "Né(e) le", "Classe"], ["ROUX", "Léo", "30/11/2012", "3A"]]}
)
TEXTS = (THREE, SIECLE, SHORT_PRONOTE, template_csv().decode("utf-8-sig"))
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac_roman", "cp850", "utf-7")

Mutation = Callable[[random.Random, bytes], bytes]


def mutated(source: random.Random) -> bytes:
    """One file more."""
    if source.random() < 0.15:
        data = BOOK
    else:
        text = source.choice(TEXTS)
        for _ in range(source.randint(0, 3)):
            text = source.choice(ON_TEXT)(source, text)
        data = text.encode(source.choice(ENCODINGS), "replace")
    for _ in range(source.choice((0, 0, 1, 1, 3, 12))):
        data = source.choice(ON_BYTES)(source, data)
    return data


def _cells(source: random.Random, text: str) -> str:
    """A hostile value in the place of some cell."""
    parts = re.split(r"([;\t\n])", text)
    parts[source.randrange(len(parts))] = source.choice(SHORT)
    return "".join(parts)


def _delimiters(source: random.Random, text: str) -> str:
    return text.replace(source.choice(";\t,"), source.choice(";,\t|:"))


def _quotes(source: random.Random, text: str) -> str:
    at = source.randrange(len(text) + 1)
    return text[:at] + source.choice(('"', '""', "'", '";"', '="', '"\n"')) + text[at:]


def _lines(source: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    source.shuffle(lines)
    return "".join(lines * source.choice((1, 1, 2, 40)))


def _ends(source: random.Random, text: str) -> str:
    return text.replace("\n", source.choice(("\r", "\r\n", "\n\n", "\x0b", "\u2028")))


def _flip(source: random.Random, data: bytes) -> bytes:
    at = source.randrange(len(data) + 1)
    return data[:at] + bytes([source.randrange(256)]) + data[at + 1 :]


def _cut(source: random.Random, data: bytes) -> bytes:
    return data[: source.randrange(len(data) + 1)]


def _insert(source: random.Random, data: bytes) -> bytes:
    at = source.randrange(len(data) + 1)
    piece = source.choice((b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", b"\x1a", b"\xc3"))
    return data[:at] + piece * source.choice((1, 1, 50)) + data[at:]


def _long_line(source: random.Random, data: bytes) -> bytes:
    """A line of up to five megabytes; rarely, for it is slow to send."""
    if source.random() > 0.02:
        return data
    size = source.choice((200_000, 1_900_000, 5_000_000))
    return data + source.choice((b"x", b";", b'"', b"\xe9", b"=")) * size


ON_TEXT = (_cells, _cells, _delimiters, _quotes, _lines, _ends)
ON_BYTES: tuple[Mutation, ...] = (_flip, _flip, _cut, _insert, _long_line)


def send_many(world: World, source: random.Random, count: int) -> int:
    """Send `count` files, correct some, confirm what may be; how many were written in the end."""
    written = 0
    for _ in range(count):
        with world.undone():
            written += _one(world, source, mutated(source))
    return written


def _one(world: World, source: random.Random, data: bytes) -> bool:
    browser, who = world.browser("school_clerk"), "school_clerk"
    before = _counts()
    answer = world.ask(
        browser,
        who,
        "POST",
        IMPORT,
        data=_body(data),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    if answer is None or answer.status_code != 303:
        return _unchanged(world, before, data)
    page = _page(world, browser, who)
    if source.random() < 0.3:
        world.ask(browser, who, "POST", f"{IMPORT}/corriger", data=_correction(source, page))
        page = _page(world, browser, who)
    if re.search(r"\b[0-9]{9}[A-Z]{2}\b", page):
        world.findings.wrong.append(f"a national number is shown: {data[:200]!r}")
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    _unchanged(world, before, data)
    if seen is None:
        return False
    world.ask(browser, who, "POST", f"{IMPORT}/confirmer", data={"seen": seen[1]})
    return _whole(world, before, data)


def _body(data: bytes) -> bytes:
    """The form as a browser sends it; the test client would leave a temporary file open."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
        'filename="eleves.csv"\r\nContent-Type: text/csv\r\n\r\n'
    )
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def _page(world: World, browser, who: str) -> str:
    answer = world.ask(browser, who, "GET", f"{IMPORT}/apercu")
    return "" if answer is None else answer.get_data(as_text=True)


def _correction(source: random.Random, page: str) -> dict[str, str]:
    """Some cells and answers of the page, hostile or right, and its reference."""
    names = re.findall(r'name="([cd]-[0-9-]+)"', page)
    typed = {name: source.choice((*SHORT, "skip", "ROUX", "3A", "04/05/2012")) for name in names}
    return typed | dict(re.findall(r'name="(ref)" value="([^"]+)"', page))


def _counts() -> tuple[int, ...]:
    """Pupils, classes and imports; the session ends here, so that none lies under a request."""
    found = tuple(
        db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (Pupil, ClassGroup, PupilImport)
    )
    db.session.remove()
    return found


def _unchanged(world: World, before: tuple[int, ...], data: bytes) -> bool:
    if _counts() != before:
        world.findings.wrong.append(f"written without a word: {data[:200]!r}")
    return False


def _whole(world: World, before: tuple[int, ...], data: bytes) -> bool:
    """All that the file promised, or nothing."""
    after = _counts()
    if after == before:
        return False
    record = db.session.scalars(sa.select(PupilImport).order_by(PupilImport.id.desc())).first()
    if record is None or after[0] - before[0] != record.added or len(record.marks) != record.added:
        world.findings.wrong.append(f"half an import: {before} {after} {data[:200]!r}")
    return True
