"""The communes of France, offline: names, postcodes, points, intercommunality, road links.

Rows come from ``matching/data`` (see SOURCES.md there). What a request does not need is not built:
names are indexed at the first question about a name.
"""

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from heapq import nsmallest

from matching.geography.names import fold, without_article
from matching.paths import DATA

GAZETTEER_YEAR = 2026
"""Year of the official geographic code in the shipped file; rows of the database keep it."""

ARRONDISSEMENTS = {
    "75056": ("751", "75100", 20),
    "69123": ("6938", "69380", 9),
    "13055": ("132", "13200", 16),
}
"""City → what the codes of its arrondissements begin with, the code before the first, how many."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or a municipal arrondissement of today, with the point that stands for it."""

    code: str
    name: str
    departement: str
    region: str
    postcodes: tuple[str, ...]
    population: int
    epci: str | None
    ept: str | None
    lat: float
    lon: float
    link_group: str
    """Communes joined by road share it: "FR" for the mainland and the islands with a bridge,
    "2A2B" for Corsica, the département overseas, and the smallest code of an island alone."""


class Gazetteer:
    """Finds communes by code, by postcode and by name. Made by `gazetteer`."""

    def __init__(self, communes: list[Commune], aliases: list[tuple[str, str, str]]) -> None:
        """``aliases``: (name or "", code of today, former code or "")."""
        self._by_code = {commune.code: commune for commune in communes}
        self._aliases = aliases

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Commune]:
        """Every commune and arrondissement, by code."""
        return iter(self._by_code.values())

    def by_code(self, code: str) -> Commune | None:
        """The commune or arrondissement of today with this INSEE code."""
        return self._by_code.get(code)

    def by_postcode(self, postcode: str) -> list[Commune]:
        """The communes that a postcode serves, largest first; a city with its arrondissement."""
        return list(self._by_postcode.get(postcode, ()))

    def named(self, name: str) -> list[Commune]:
        """Every commune that bears this name, or bore it, today's bearers first.

        Accents, case, hyphens, St/Ste and a missing article do not count. Several rows are
        homonyms: somebody must choose.
        """
        key = fold(name)
        exact = [*self._by_name.get(key, ()), *self._by_alias.get(key, ())]
        bare = without_article(key)
        if bare == key or not exact:  # "Trinité" may be La Trinité; "La Trinité" is no Trinité
            exact += self._by_bare_name.get(bare, ())
        return list(dict.fromkeys(exact))

    def current_code(self, code: str) -> str | None:
        """Today's code of a commune that may have merged; an arrondissement keeps its own."""
        return code if code in self._by_code else self._former.get(code)

    def fold_arrondissement(self, code: str) -> str:
        """The commune of an arrondissement of Paris, Lyon or Marseille; other codes unchanged."""
        for city, (prefix, _, _) in ARRONDISSEMENTS.items():
            if code.startswith(prefix) and code in self._by_code and code != city:
                return city
        return code

    def arrondissement(self, city: str, number: int) -> Commune | None:
        """The n-th arrondissement of a city given by code, None if there is none."""
        _, before, last = ARRONDISSEMENTS.get(city, ("", "", 0))
        return self._by_code[f"{int(before) + number}"] if 1 <= number <= last else None

    def spellings(self) -> Iterator[tuple[str, Commune]]:
        """Every folded name, of today or of before, with each commune that bears or bore it."""
        for names in (self._by_name, self._by_alias):
            for key, communes in names.items():
                for commune in communes:
                    yield key, commune

    def search(self, text: str, limit: int = 10) -> list[Commune]:
        """Communes to propose while somebody types a name, a postcode, or both.

        A name matches by its beginning, with or without its article, former names included; a
        postcode by its first digits. Exact names come first, then the most inhabitants.
        """
        words = fold(text).split()
        digits = next((word for word in words if len(word) >= 2 and word.isdecimal()), "")
        name = " ".join(word for word in words if word != digits)
        if digits and not name:
            tiers = self._with_postcode(digits)
        else:
            tiers = self._beginning_with(" ".join(words))
            if digits and not any(tiers):
                there = set().union(*self._with_postcode(digits))
                tiers = [tier & there for tier in self._beginning_with(name)]
        found: list[int] = []
        for tier in tiers:
            found += nsmallest(limit - len(found), tier.difference(found))
        return [self._by_population[rank] for rank in found]

    def _with_postcode(self, digits: str) -> list[set[int]]:
        """Ranks of the communes whose postcode is these digits, then begins with them."""
        postcodes = sorted(self._by_postcode)
        begun = postcodes[_begun(postcodes, digits)]
        ranks = [
            {self._rank[commune.code] for commune in self._by_postcode[postcode]}
            for postcode in begun
        ]
        whole = ranks[0] if begun and begun[0] == digits else set()
        return [whole, set().union(*ranks)]

    def _beginning_with(self, name: str) -> list[set[int]]:
        """Ranks of the communes that bear or bore this name, whose name begins so, whose old one.

        One letter alone finds whole names only (the commune of Y).
        """
        if not name:
            return []
        keys, ranks = self._names_typed
        old_keys, old_ranks = self._old_names_typed
        whole = {*ranks[_equal(keys, name)], *old_ranks[_equal(old_keys, name)]}
        if len(name) == 1:
            return [whole]
        return [whole, set(ranks[_begun(keys, name)]), set(old_ranks[_begun(old_keys, name)])]

    @cached_property
    def _by_population(self) -> list[Commune]:
        return sorted(self, key=lambda commune: (-commune.population, commune.code))

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {commune.code: rank for rank, commune in enumerate(self._by_population)}

    @cached_property
    def _by_postcode(self) -> dict[str, list[Commune]]:
        index = defaultdict(list)
        for commune in self._by_population:
            for postcode in commune.postcodes:
                index[postcode].append(commune)
        return dict(index)

    @cached_property
    def _former(self) -> dict[str, str]:
        return {former: code for _, code, former in self._aliases if former}

    @cached_property
    def _by_name(self) -> dict[str, list[Commune]]:
        index = defaultdict(list)
        for commune in self._by_population:
            index[fold(commune.name)].append(commune)
            if "(" in commune.name:  # "Castillon (Canton de Lembeye)"
                index[fold(commune.name.partition("(")[0])].append(commune)
        return dict(index)

    @cached_property
    def _by_alias(self) -> dict[str, list[Commune]]:
        index: defaultdict[str, list[Commune]] = defaultdict(list)
        for name, code, _ in self._aliases:
            commune, key = self._by_code[code], fold(name)
            if key and commune not in index[key]:
                index[key].append(commune)
        return dict(index)

    @cached_property
    def _by_bare_name(self) -> dict[str, list[Commune]]:
        index: defaultdict[str, list[Commune]] = defaultdict(list)
        for names in (self._by_name, self._by_alias):
            for key, communes in names.items():
                bare = index[without_article(key)]
                bare.extend(commune for commune in communes if commune not in bare)
        return dict(index)

    @cached_property
    def _names_typed(self) -> tuple[list[str], list[int]]:
        return self._typed(self._by_name)

    @cached_property
    def _old_names_typed(self) -> tuple[list[str], list[int]]:
        return self._typed(self._by_alias)

    def _typed(self, names: dict[str, list[Commune]]) -> tuple[list[str], list[int]]:
        """Every spelling, with and without article, sorted; and the rank of its bearer."""
        pairs = sorted(
            {
                (spelling, self._rank[commune.code])
                for key, communes in names.items()
                for spelling in (key, without_article(key))
                for commune in communes
            }
        )
        return [key for key, _ in pairs], [rank for _, rank in pairs]


def _equal(keys: list[str], key: str) -> slice:
    """Where the sorted keys are the key."""
    return slice(bisect_left(keys, key), bisect_right(keys, key))


def _begun(keys: list[str], prefix: str) -> slice:
    """Where the sorted keys begin with the prefix."""
    return slice(bisect_left(keys, prefix), bisect_left(keys, prefix + "\x7f"))


@cache
def gazetteer() -> Gazetteer:
    """The shipped communes, read once."""
    with gzip.open(DATA / "communes.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        communes = [
            Commune(
                code, name, departement, region, tuple(postcodes.split()), int(population),
                epci or None, ept or None, float(lat), float(lon), link_group,
            )
            for code, name, departement, region, postcodes, population, epci, ept, lat, lon,
            link_group in rows
        ]  # fmt: skip
    with gzip.open(DATA / "aliases.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        aliases = [(row["name"], row["code"], row["former_code"]) for row in csv.DictReader(lines)]
    return Gazetteer(communes, aliases)
