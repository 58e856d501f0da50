"""The mark of constants that people read.

What is annotated ``Translated[…]``, a table or a field, holds French words that
``tools/catalogue.py`` collects and that the page shows in its language, through gettext.
"""

from typing import Annotated, TypeVar

T = TypeVar("T")

Translated = Annotated[T, "French words, shown in the language of the page"]
