"""Two pupils who may be one: a date that differs, names in the wrong order, half a double name."""

from collections.abc import Iterator
from datetime import date

Identity = tuple[str, str, date]  # last name and first name, folded, and date of birth
SHORTEST = 3  # letters that a name must share with a longer one


class Alikes:
    """Pupils under numbers of the caller's; looking one up costs the length of his names."""

    def __init__(self) -> None:
        self._by_names: dict[tuple[str, str], int] = {}
        self._whole: dict[Identity, int] = {}
        self._begun: dict[tuple[str, str, date, str], int] = {}

    def add(self, identity: Identity, number: int) -> None:
        last, first, born = identity
        self._by_names.setdefault((last, first), number)
        self._whole.setdefault(identity, number)
        for start in _starts(first):
            self._begun.setdefault((last, start, born, "first"), number)
        for start in _starts(last):
            self._begun.setdefault((start, first, born, "last"), number)

    def find(self, identity: Identity) -> int | None:
        """The number of a pupil who may be this one under other words, or None."""
        return next((number for number in self._alike(identity) if number is not None), None)

    def _alike(self, identity: Identity) -> Iterator[int | None]:
        last, first, born = identity
        yield self._by_names.get((last, first))
        yield self._whole.get((first, last, born))
        # Jean and Jean-Paul, Dupont and Dupont-Martin: whichever of the two came first.
        yield self._begun.get((last, first, born, "first"))
        yield self._begun.get((last, first, born, "last"))
        for start in _starts(first):
            yield self._whole.get((last, start, born))
        for start in _starts(last):
            yield self._whole.get((start, first, born))


def _starts(name: str) -> Iterator[str]:
    """What a longer name may begin with."""
    return (name[:length] for length in range(SHORTEST, len(name)))
