"""Decide which commune an address means, or say that somebody must choose."""

from collections import defaultdict
from difflib import SequenceMatcher
from functools import cached_property

from geopy.exc import GeocoderQueryError

from matching.geography.addresses import Address
from matching.geography.communes import Commune, Gazetteer
from matching.geography.names import fold, without_article

ALIKE_IN_POSTCODE = 0.72
ALIKE_IN_DEPARTEMENT = 0.84
ALIKE_ANYWHERE = 0.8
"""Least likeness (difflib's ratio) for a spelling to count; without a postcode it only proposes."""
CLEARLY = 0.05
"""By how much the best spelling must win over another commune's."""
LENGTHS_APART = 2
PROPOSED = 10


# nothing failed: somebody must choose; and geopy has no types
class AmbiguousPlace(GeocoderQueryError):  # type: ignore[misc]  # noqa: N818
    """Several communes may be meant, or one that was misspelt. ``candidates``: what to propose."""

    def __init__(self, query: str, candidates: list[Commune]) -> None:
        names = ", ".join(f"{each.name} ({each.departement})" for each in candidates)
        super().__init__(f"{query!r} may be: {names}")
        self.query = query
        self.candidates = candidates


class Towns:
    """Decides over one gazetteer."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known

    def commune(self, address: Address) -> Commune | None:
        """The commune that the address means, None when nothing resembles it.

        Raises AmbiguousPlace when a person must choose: for homonyms, for a guess without a
        postcode, and when the postcode and the name disagree.
        """
        found = self._with_postcode(address) if address.postcode else self._by_name(address)
        return self._in_city(found, address) if found else None

    def _with_postcode(self, address: Address) -> Commune | None:
        town, there = address.town, self._served(address.postcode)
        bearers = self.known.named(town)
        area = _departements(address.postcode)
        exact = [each for each in bearers if each in there]
        if not exact:  # a CEDEX, or a slip in the postcode
            exact = [each for each in bearers if each.departement in area]
        if exact:
            own = [each for each in exact if fold(each.name) == town]
            return _only(own or exact, town)
        nearby = [pair for code in area for pair in self._spellings.get(code, ())]
        served = self._all_spellings(there)
        least = ALIKE_IN_DEPARTEMENT if bearers else ALIKE_IN_POSTCODE
        found = _alike(town, served, least) or _contained(town, served)
        if not found and not bearers:
            found = _alike(town, nearby, ALIKE_IN_DEPARTEMENT)
        if found:
            return found
        if bearers:  # the postcode says one town and the name another
            raise AmbiguousPlace(town, [*there, *bearers][:PROPOSED])
        return _only(there, town or address.postcode)

    def _by_name(self, address: Address) -> Commune | None:
        bearers = self.known.named(address.town)
        if address.departement:
            bearers = [each for each in bearers if each.departement == address.departement]
        elif len(bearers) == 1:
            bearers += self._larger_than(bearers[0], address.town)
        if bearers:
            return _only(bearers, address.town)
        proposed = self._resembling(address.town)
        if proposed:
            raise AmbiguousPlace(address.town, proposed)
        return None

    def _in_city(self, commune: Commune, address: Address) -> Commune:
        """The arrondissement that the postcode or the number names, else the city itself."""
        for each in self.known.by_postcode(address.postcode):
            if each != commune and self.known.fold_arrondissement(each.code) == commune.code:
                return each
        return self.known.arrondissement(commune.code, address.arrondissement) or commune

    def _served(self, postcode: str) -> list[Commune]:
        """The communes of a postcode, a city standing for its arrondissements."""
        return [
            each
            for each in self.known.by_postcode(postcode)
            if self.known.fold_arrondissement(each.code) == each.code
        ]

    def _larger_than(self, commune: Commune, town: str) -> list[Commune]:
        """Larger communes whose name begins with the same words: "Aix" may be Aix-en-Provence."""
        return [
            each
            for each in self.known.search(town, PROPOSED)
            if each.population > commune.population and fold(each.name).startswith(f"{town} ")
        ]

    def _resembling(self, town: str) -> list[Commune]:
        """Communes spelt nearly so, with the same first two letters, the likest first."""
        likeness: dict[str, float] = {}
        for pairs in self._spellings.values():
            for key, commune in pairs:
                if key[:2] == town[:2] and abs(len(key) - len(town)) <= LENGTHS_APART:
                    likeness[commune.code] = max(
                        likeness.get(commune.code, 0.0), _likeness(town, key)
                    )
        codes = [code for code, value in likeness.items() if value >= ALIKE_ANYWHERE]
        codes.sort(key=lambda code: (-likeness[code], code))
        return [each for each in map(self.known.by_code, codes[:PROPOSED]) if each]

    def _all_spellings(self, communes: list[Commune]) -> list[tuple[str, Commune]]:
        departements = {commune.departement for commune in communes}
        return [
            pair
            for departement in sorted(departements)
            for pair in self._spellings[departement]
            if pair[1] in communes
        ]

    @cached_property
    def _spellings(self) -> dict[str, list[tuple[str, Commune]]]:
        """Département → (folded name of today or of before, commune)."""
        spellings = defaultdict(list)
        for key, commune in self.known.spellings():
            if self.known.fold_arrondissement(commune.code) == commune.code:
                spellings[commune.departement].append((key, commune))
        return dict(spellings)


def _only(communes: list[Commune], query: str) -> Commune | None:
    if len(communes) > 1:
        raise AmbiguousPlace(query, communes)
    return communes[0] if communes else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _alike(town: str, spellings: list[tuple[str, Commune]], least: float) -> Commune | None:
    """The commune spelt most like the town, if alike enough and clearly more than the others."""
    best: dict[str, tuple[float, Commune]] = {}
    bare = without_article(town)
    for key, commune in spellings:
        likeness = max(_likeness(town, key), _likeness(bare, without_article(key)))
        if likeness > best.get(commune.code, (0.0, commune))[0]:
            best[commune.code] = likeness, commune
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].code))
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < CLEARLY:
        return None
    return ranked[0][1]


def _contained(town: str, spellings: list[tuple[str, Commune]]) -> Commune | None:
    """The commune whose whole name stands in the town's words, the longest one."""
    inside = [(key, each) for key, each in spellings if f" {key} " in f" {town} "]
    return max(inside, key=lambda pair: len(pair[0]))[1] if inside else None


def _departements(postcode: str) -> tuple[str, ...]:
    """The départements that a postcode begins with; some CEDEX codes overseas are irregular."""
    if postcode.startswith("20"):
        return ("2A", "2B")
    overseas = {"970": ("971", "977", "978"), "977": ("977",), "978": ("974", "978")}
    if postcode.startswith("97"):
        return overseas.get(postcode[:3], (postcode[:3],))
    return (postcode[:2],)
