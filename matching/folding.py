"""Text compared without accents or capitals, the same in Python and in both databases."""

import re
import unicodedata
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ACCENTS = re.compile("[\u0300-\u036f]")
_LIGATURES = {"œ": "oe", "æ": "ae"}
_BETWEEN_WORDS = re.compile(r"[\s\-'’.,]+")


def folded(text: str) -> str:
    """Small letters without accents: « Ste-Foy-lès-Lyon » is "ste-foy-les-lyon"."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).lower())
    for two_in_one, letters in _LIGATURES.items():
        plain = plain.replace(two_in_one, letters)
    return plain


def words_of(typed: str, most: int = 5) -> list[str]:
    """What somebody looks for, word by word, folded."""
    return [word for word in _BETWEEN_WORDS.split(folded(typed)) if word][:most]


class Folded(FunctionElement[str]):
    """``folded`` of a column, in SQL."""

    name = "folded"
    inherit_cache = True


@compiles(Folded, "sqlite")
def _in_sqlite(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    # prepare_engine gives each connection this function.
    return f"folded({compiler.process(element.clauses, **options)})"


@compiles(Folded, "postgresql")
def _in_postgresql(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    plain = rf"regexp_replace(lower(normalize({column}, NFKD)), '[\u0300-\u036f]', '', 'g')"
    for two_in_one, letters in _LIGATURES.items():
        for one in (two_in_one, two_in_one.upper()):
            plain = f"replace({plain}, '{one}', '{letters}')"
    return plain
