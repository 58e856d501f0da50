"""Filters of the lists of offers: sent by GET, so that a list has an address."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from matching.rules.sectors import SECTORS
from matching.web.filters import week
from matching.web.forms.base import Form

ANY_WEEK = SelectChoice("", _l("Toutes"))
SECTOR_CHOICES = [
    SelectChoice("", _l("Tous")),
    *(SelectChoice(sector.key, _l(sector.label)) for sector in SECTORS),
]


def kilometres(distances: Iterable[int]) -> list[SelectChoice]:
    """« 5 km », « 10 km »…"""
    return [SelectChoice(str(km), f"{km}\u00a0km") for km in distances]


class FilterForm(Form):
    """What visitors and pupils filter alike."""

    class Meta(Form.Meta):
        """A search changes nothing: no token."""

        csrf = False

    sector = SelectField(_l("Univers"), choices=SECTOR_CHOICES, default="")
    week = SelectField(_l("Semaine"), choices=[ANY_WEEK], default="")
    accessible = BooleanField(_l("Accessible en fauteuil roulant"))

    def offer_weeks(self, weeks: Iterable[str]) -> None:
        """Let one of these weeks be chosen."""
        self.week.choices = [ANY_WEEK, *(SelectChoice(one, week(one)) for one in weeks)]

    def kept(self) -> dict[str, Any]:
        """The filters in use, as they stand in the address."""
        values = {name: "y" if value is True else value for name, value in self.data.items()}
        return {name: str(value) for name, value in values.items() if value}


class VisitorSearchForm(FilterForm):
    """Around a commune, or in a département of the map."""

    place = StringField(_l("Commune ou code postal"), [Length(max=120)])
    km = SelectField(_l("À moins de"), choices=kilometres((5, 10, 20, 30, 60)), default="20")
    commune = HiddenField(validators=[Length(max=5)])
    departement = HiddenField(validators=[Length(max=3)])


class PupilSearchForm(FilterForm):
    """Around the pupil; what he chooses never goes beyond the school's reach."""

    km = SelectField(_l("À moins de"))
