"""Values that nobody expects: empty, hostile, huge, nearly right, of another kind."""

import random

SHORT = (
    *("", " ", "0", "-1", "1", "3.5", "1e9", "NaN", "99999999999999999999", "true", "None", "on"),
    *("2027-W05", "2027-W99", "31/02/2012", "2026-13-45", "00:00", "25:61", "12345", "123456"),
    *("a@b", "é@é.é", "01 23 45 67 89", "+33", "12345678901234", "0190001A", "[]", "{}", "null"),
    *("<script>alert(1)</script>", "'\"><img src=x>", "' OR '1'='1", "{{ 7*7 }}", "%s%n", "${x}"),
    *("../../etc/passwd", "=1+1", "\u202eabc", "\ud7ff", "🙂", "\u00a0", "\u200b", "ß" * 90),
    *("\r\nSet-Cookie: a=b", "\x00", "a\x00b", "\x1b[2J", "\ufeff", "İ", "ﬁ"),
)
HUGE = ("x" * 5_000, "é" * 70_000, "9" * 4_000, "a," * 10_000)
NAMES = (
    *("ref", "seen", "version", "q", "page", "classe", "km", "weeks", "week", "name", "email"),
    *("password", "postcode", "commune", "commune_code", "reason", "words", "why", "rank", "offer"),
    *("format", "pupils", "territories", "policy", "answer", "yes", "next", "nom", "code", "token"),
    *("locale", "lang", "bounds", "zoom", "sector", "secteur", "rayon", "role", "key", "value"),
)


class Values:
    """A source of values; the same seed gives the same."""

    def __init__(self, seed: int, references: list[str]) -> None:
        self.random = random.Random(seed)
        self.references = references

    def one(self) -> str:
        """Mostly short, often a reference of some row, sometimes huge."""
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(self.references)
        return self.random.choice(HUGE if kind > 0.97 else SHORT)

    def fields(self, names: list[str]) -> dict[str, list[str]]:
        """A form: most of its own fields, some of others', some twice."""
        chosen = [name for name in names if self.random.random() < 0.85]
        chosen += self.random.sample(NAMES, self.random.randint(0, 4))
        return {
            name: [self.one() for _ in range(2 if self.random.random() < 0.1 else 1)]
            for name in chosen
        }

    def segment(self, argument: str) -> str:
        """A part of an address."""
        text = self.random.choice(self.references) if self.random.random() < 0.6 else self.one()
        return text[:1_500].replace("/", "") or "x"
