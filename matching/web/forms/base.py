"""Base form: typed values lose their outer spaces; messages are ours."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice

from matching.translated import Translated

# What WTForms says by itself, in sentences that tell what to do.
SENTENCES: Translated[dict[str, str]] = {
    "Invalid Choice: could not coerce.": "Choisissez dans la liste.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Choisissez dans la liste.",
    "Invalid input.": "Cette valeur ne convient pas.",
    "Not a valid choice.": "Choisissez dans la liste.",
    "'%(value)s' is not a valid choice for this field.": "Choisissez dans la liste.",
    "'%(value)s' are not valid choices for this field.": "Choisissez dans la liste.",
    "Not a valid date value.": "Écrivez une date, par exemple 22/01/2027.",
    "Not a valid integer value.": "Écrivez un nombre entier, par exemple 3.",
    "Not a valid time value.": "Écrivez une heure, par exemple 09:00.",
    "This field is required.": "Remplissez ce champ.",
    "Invalid email address.": "Écrivez une adresse comme prenom.nom@exemple.fr.",
}


class Translations:
    """The sentences of WTForms in ours, then in the language of the page."""

    def gettext(self, text: str) -> str:
        """One sentence."""
        return str(_(SENTENCES.get(text, text)))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """A sentence that counts."""
        return self.gettext(one if count < 2 else many)


# PostgreSQL stores no NUL; none of these can be read, and a new line or a tab is not one.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def strip(value: Any) -> Any:
    """Take away spaces around a text, the unbreakable ones too, and control characters."""
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n")  # browsers send two signs for a new line
    return CONTROLS.sub("", value).strip().strip("\u00a0\u202f\u200b")


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Parent of every form of ours."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # same
        """Put the filter on every field that takes text."""

        def get_translations(self, _form: Any) -> Translations:
            return Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = [*unbound_field.kwargs.get("filters", ()), strip]
            kind = unbound_field.field_class
            if issubclass(kind, Field) and kind.__name__ not in ("FileField", "FieldList"):
                options["filters"] = filters
            choices = unbound_field.kwargs.get("choices")
            if isinstance(choices, list | tuple):
                # (value, label) reads well in a form; WTForms wants its own class.
                options["choices"] = [
                    SelectChoice(*one) if type(one) is tuple else one for one in choices
                ]
            return unbound_field.bind(form=form, **options)

    def add_error(self, field: str | None, message: str) -> None:
        """Put a message beside a field, or above the form when it concerns no field."""
        if field and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)
