"""The pages of the offer form, each a small form of its own."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from matching.database import REFERENCE_ALPHABET
from matching.rules.charter import CRITERIA
from matching.rules.limits import Limits
from matching.rules.sectors import SECTORS
from matching.web.forms.company import LimitField, WholeNumberField
from matching.web.forms.versioned import VersionedForm

WEEKDAYS = (
    SelectChoice("1", _l("lundi")),
    SelectChoice("2", _l("mardi")),
    SelectChoice("3", _l("mercredi")),
    SelectChoice("4", _l("jeudi")),
    SelectChoice("5", _l("vendredi")),
)


def checkboxes(label: Any, **options: Any) -> Any:
    """Several choices, one box each."""
    widget, option_widget = ListWidget(prefix_label=False), CheckboxInput()
    return SelectMultipleField(label, widget=widget, option_widget=option_widget, **options)


class MinutesField(TimeField):  # type: ignore[misc] # WTForms has no types
    """A time of day, « 9:00 », « 9h » or « 09:00:00 », refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").lower().replace(" ", "").replace("h", ":")
        hours, _separator, minutes = typed.partition(":")
        try:
            super().process_formdata([f"{hours}:{minutes[:2] or '00'}"] if typed else [])
        except ValueError:
            raise ValueError(_l("Écrivez une heure, par exemple 09:00.")) from None


class PlaceForm(VersionedForm):
    """Where, and which trade."""

    ref = HiddenField(validators=[Regexp(rf"[{REFERENCE_ALPHABET}]{{10}}\Z")])
    site = SelectField(
        _l("Site"), [InputRequired(_l("Choisissez le site."))], choices=[], coerce=str
    )
    title = StringField(
        _l("Titre de l’offre"),
        [
            DataRequired(_l("Donnez un titre à l’offre.")),
            Length(max=120, message=_l("Écrivez 120 caractères au plus.")),
        ],
    )
    sector = SelectField(
        _l("Univers"),
        [DataRequired(_l("Choisissez un univers."))],
        choices=[
            SelectChoice("", _l("Choisissez…")),
            *(SelectChoice(one.key, _l(one.label)) for one in SECTORS),
        ],
    )


class ProgrammeForm(VersionedForm):
    """What the pupil sees, and what the pupil does."""

    what_you_see = TextAreaField(
        _l("Ce que l’élève verra"),
        [
            DataRequired(_l("Dites ce que l’élève verra.")),
            Length(max=1500, message=_l("Écrivez 1 500 caractères au plus.")),
        ],
    )
    what_you_do = TextAreaField(
        _l("Ce que l’élève fera"),
        [
            DataRequired(_l("Dites ce que l’élève fera.")),
            Length(max=1500, message=_l("Écrivez 1 500 caractères au plus.")),
        ],
    )


class WeeksForm(VersionedForm):
    """The weeks, the seats, those kept for some pupils, and the limits below them."""

    weeks = checkboxes(_l("Semaines où vous pouvez accueillir"), choices=[], validate_choice=False)
    any_week = RadioField(
        _l("Comment comptez-vous les places ?"),
        [InputRequired(_l("Choisissez une façon de compter."))],
        choices=[
            SelectChoice("no", _l("Ce nombre de places chaque semaine cochée")),
            SelectChoice(
                "yes", _l("Ce nombre de places en tout, dans l’une ou l’autre des semaines cochées")
            ),
        ],
    )
    seats = WholeNumberField(
        _l("Nombre de places"), [InputRequired(_l("Écrivez un nombre de places."))]
    )
    reserved = WholeNumberField(_l("Dont places réservées"), default=0)
    reserved_for = RadioField(
        _l("Réservées à qui ?"),
        choices=[
            SelectChoice("rep", _l("Aux collèges REP et REP+")),
            SelectChoice("rep_plus", _l("Aux collèges REP+ seulement")),
            SelectChoice("uai", _l("À un collège, par son code UAI")),
        ],
        validate_choice=False,
    )
    uai = StringField(
        _l("Code UAI du collège"), [Length(max=20, message=_l("Un code UAI compte 8 signes."))]
    )

    at_once = LimitField(_l("Élèves au plus à la fois"))
    of_a_school = LimitField(_l("Élèves au plus d’un même collège, à la fois"))
    in_all = LimitField(_l("Élèves au plus sur toute l’année"))

    def limits(self) -> Limits:
        """What ``SeatPlan.limits`` takes."""
        return Limits(self.at_once.data, self.of_a_school.data, self.in_all.data)

    def any_limit(self) -> bool:
        """Whether that part of the page has something to show."""
        return any(
            one.data is not None or one.errors
            for one in (self.at_once, self.of_a_school, self.in_all)
        )

    def entitlement(self) -> str | None:
        """What ``SeatPlan.reserved_for`` takes; an empty UAI is left for the service to refuse."""
        if self.reserved_for.data == "uai":
            return self.uai.data or " "
        return self.reserved_for.data or None


class HoursForm(VersionedForm):
    """Days and hours."""

    weekdays = checkboxes(_l("Jours de présence"), choices=WEEKDAYS)
    starts_at = MinutesField(_l("Arrivée"), [InputRequired(_l("Écrivez l’heure d’arrivée."))])
    ends_at = MinutesField(_l("Départ"), [InputRequired(_l("Écrivez l’heure de départ."))])
    break_minutes = WholeNumberField(
        _l("Pause déjeuner, en minutes"), [InputRequired(_l("Écrivez la durée de la pause."))]
    )


class WelcomeForm(VersionedForm):
    """Who welcomes the pupil, how to come, what to bring, what the company promises."""

    tutor_name = StringField(
        _l("Tuteur ou tutrice"),
        [
            DataRequired(_l("Nommez la personne qui accompagnera l’élève.")),
            Length(max=120, message=_l("Écrivez 120 caractères au plus.")),
        ],
    )
    access = TextAreaField(
        _l("Comment venir"),
        [
            DataRequired(_l("Dites comment venir : bus, gare, entrée, repas.")),
            Length(max=1000, message=_l("Écrivez 1 000 caractères au plus.")),
        ],
    )
    gear = TextAreaField(
        _l("Tenue et équipement"),
        [Length(max=500, message=_l("Écrivez 500 caractères au plus."))],
    )
    accessible = BooleanField(_l("Le lieu est accessible en fauteuil roulant"))
    charter = checkboxes(
        _l("Vos engagements"), choices=[SelectChoice(one.key, _l(one.label)) for one in CRITERIA]
    )
