"""Base form: typed values lose their outer spaces; messages are ours."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field


def strip(value: Any) -> Any:
    """Take away spaces around a text, the unbreakable ones too."""
    return value.strip().strip("\u00a0\u202f\u200b") if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """Parent of every form of ours."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # same
        """Put the filter on every field that takes text."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = [*unbound_field.kwargs.get("filters", ()), strip]
            kind = unbound_field.field_class
            if issubclass(kind, Field) and kind.__name__ not in ("FileField", "FieldList"):
                options["filters"] = filters
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    def add_error(self, field: str | None, message: str) -> None:
        """Put a message beside a field, or above the form when it concerns no field."""
        if field and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)
