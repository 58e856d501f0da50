"""The lines of offers.csv."""

from dataclasses import dataclass, field

from matching.spreadsheet import cells
from matching.spreadsheet.caps import Limits, read_limits
from matching.spreadsheet.faults import Fault, LineRefused
from matching.spreadsheet.places import Place, locate
from matching.spreadsheet.read import Row, Table

MOST_SEATS = 10_000


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Seats of one offer in one week, or in any one of several (`weeks` empty: any week at all).
    `sector` and `reserved_for` are codes, `""` for none."""

    offer: str
    weeks: tuple[str, ...]
    place: Place
    seats: int
    reserved: int
    reserved_for: str
    sector: str
    accessible: bool
    limits: Limits | None = None
    line: int = field(default=0, compare=False)  # in the file

    @property
    def key(self) -> str:
        """Unique in the file: the offer and its weeks, `offer-ref|2027-W05`."""
        return f"{self.offer}|{' '.join(self.weeks)}"

    def open_in(self, week: str) -> bool:
        return not self.weeks or week in self.weeks


def read_offers(table: Table) -> tuple[list[OfferRow], set[str], list[Fault]]:
    """The offers in order of key, every name of an offer (bad lines included, so that one fault
    is not told again for each wish), and a fault for each bad line."""
    offers: dict[str, OfferRow] = {}
    faults: list[Fault] = []
    for row in table.rows:
        try:
            offer = _offer(row)
            if offer.key in offers:
                expected = "une seule ligne par offre et par semaine"
                raise row.refuse("offer", expected, offer.key.replace("|", " ").strip())
            offers[offer.key] = offer
        except LineRefused as refusal:
            faults.append(refusal.fault)
    return [offers[key] for key in sorted(offers)], {row["offer"] for row in table.rows}, faults


def _offer(row: Row) -> OfferRow:
    name = cells.key(row, "offer")
    place = locate(row)
    seats = cells.integer(row, "seats", 1, MOST_SEATS)
    weeks = cells.weeks(row, "week")
    reserved = cells.integer(row, "reserved", 0, MOST_SEATS, default=0)
    reserved_for = cells.code(row, "reserved_for")
    if reserved > seats:
        raise row.refuse("reserved", f"{seats} au plus, le nombre de places de la ligne")
    if reserved and not reserved_for:
        raise row.refuse(
            "reserved_for", "le droit demandé pour les places réservées (rep, un UAI…)"
        )
    if reserved_for and not row["reserved"]:
        raise row.refuse("reserved", f"le nombre de places réservées à « {reserved_for} »")
    return OfferRow(
        offer=name,
        weeks=weeks,
        place=place,
        seats=seats,
        reserved=reserved,
        reserved_for=reserved_for if reserved else "",
        sector=cells.code(row, "sector"),
        accessible=cells.flag(row, "accessible"),
        limits=read_limits(row),
        line=row.line,
    )
