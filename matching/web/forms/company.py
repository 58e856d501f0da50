"""Forms of the company space: registration, sites, the pledge, answers to proposals."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Email, Length, ValidationError

from matching.rules.identifiers import postcode_problem, siret_problem
from matching.rules.phones import phone_problem
from matching.web.forms.base import Form
from matching.web.forms.commune import CommuneForm
from matching.web.forms.versioned import VersionedForm
from matching.web.messages import sentence

DECLINE_WORDS = {
    "no_tutor": _l("Nous n’avons plus personne pour l’accompagner."),
    "activity_changed": _l("Notre activité a changé cette semaine-là."),
    "site_closed": _l("Le site sera fermé."),
    "not_suitable": _l("Le poste ne convient pas."),
    "other": _l("Une autre raison."),
}


class WholeNumberField(IntegerField):  # type: ignore[misc] # WTForms has no types
    """A whole number typed with or without spaces, refused in our own words."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[0].split()) if valuelist else ""
        try:
            super().process_formdata([typed] if typed else [])
        except ValueError:
            raise ValueError(_l("Écrivez un nombre entier, en chiffres.")) from None
        # No column holds more; the services say what is reasonable.
        if self.data is not None and abs(self.data) >= 10**9:
            self.data = None  # the other validators run all the same
            raise ValueError(_l("Ce nombre est trop grand."))


class LimitField(WholeNumberField):
    """A whole number that may be left out: an empty box takes the number away."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        super().process_formdata(valuelist)


class Obeys:
    """A validator from a rule: typed text → code of what is wrong, or None."""

    def __init__(self, problem: Callable[[str], str | None]) -> None:
        self.problem = problem

    def __call__(self, _form: object, field: Field) -> None:
        if code := self.problem(field.data or ""):
            raise ValidationError(sentence(code))


class KnownSiteForm(CommuneForm):
    """A site that has its number: its name, where it stands."""

    site_name = StringField(
        _l("Nom du site"),
        [
            DataRequired(_l("Écrivez le nom du site, par exemple « Usine d’Oyonnax ».")),
            Length(max=160, message=_l("Écrivez 160 caractères au plus.")),
        ],
    )
    address = StringField(
        _l("Adresse"),
        [
            DataRequired(_l("Écrivez le numéro et la rue.")),
            Length(max=200, message=_l("Écrivez 200 caractères au plus.")),
        ],
    )
    postcode = StringField(
        _l("Code postal"),
        [
            DataRequired(_l("Écrivez les cinq chiffres du code postal.")),
            Obeys(postcode_problem),
            Length(max=12, message=_l("Un code postal compte cinq chiffres.")),
        ],
    )
    commune = StringField(
        _l("Commune"),
        [
            DataRequired(_l("Écrivez le nom de la commune.")),
            Length(max=80, message=_l("Écrivez 80 caractères au plus.")),
        ],
    )

    def site_values(self) -> dict[str, Any]:
        """What ``companies.add_site`` takes beside the number."""
        return self.typed_place() | {"name": self.site_name.data, "address": self.address.data}


class OwnSiteForm(KnownSiteForm):
    """A site to correct, with its limit."""

    most_pupils = LimitField(_l("Élèves au plus sur ce site, dans l’année"))

    def site_values(self) -> dict[str, Any]:
        """What ``companies.amend_site`` takes."""
        return super().site_values() | {"most_pupils": self.most_pupils.data}


class SiteForm(KnownSiteForm):
    """A new site, with its number."""

    siret = StringField(
        _l("SIRET du site"),
        [
            DataRequired(_l("Écrivez les quatorze chiffres du SIRET.")),
            Obeys(siret_problem),
            Length(max=40, message=_l("Un SIRET compte quatorze chiffres.")),
        ],
    )


class RegisterForm(SiteForm):
    """The company, its first site, and the person who registers it."""

    name = StringField(
        _l("Nom de l’entreprise"),
        [
            DataRequired(_l("Écrivez le nom de l’entreprise.")),
            Length(max=160, message=_l("Écrivez 160 caractères au plus.")),
        ],
    )
    first_name = StringField(
        _l("Prénom"),
        [
            DataRequired(_l("Écrivez votre prénom.")),
            Length(max=80, message=_l("Écrivez 80 caractères au plus.")),
        ],
    )
    last_name = StringField(
        _l("Nom"),
        [
            DataRequired(_l("Écrivez votre nom.")),
            Length(max=80, message=_l("Écrivez 80 caractères au plus.")),
        ],
    )
    email = StringField(
        _l("Adresse électronique professionnelle"),
        [
            DataRequired(_l("Écrivez votre adresse électronique.")),
            Email(_l("Cette adresse électronique est incomplète ou mal écrite.")),
            Length(max=254, message=_l("Cette adresse électronique est trop longue.")),
        ],
    )
    phone = StringField(
        _l("Téléphone"),
        [
            DataRequired(_l("Écrivez un numéro où le coordinateur peut vous joindre.")),
            Obeys(phone_problem),
            Length(max=40, message=_l("Ce numéro est trop long.")),
        ],
    )

    def company_values(self) -> dict[str, Any]:
        """What ``registrations.ask_for_company`` takes."""
        return self.typed_place() | {
            "siret": self.siret.data,
            "name": self.name.data,
            "site_name": self.site_name.data,
            "address": self.address.data,
            "first_name": self.first_name.data,
            "last_name": self.last_name.data,
            "email": self.email.data,
            "phone": self.phone.data,
        }


class PledgeForm(Form):
    """How many pupils the company promises to welcome this school year."""

    pupils = WholeNumberField(_l("Élèves que vous promettez d’accueillir"))


class AnswerForm(VersionedForm):
    """Yes or no to a proposal; a no gives its reason."""

    answer = HiddenField(validators=[AnyOf(("yes", "no"))])
    reason = RadioField(
        _l("Pourquoi ?"),
        choices=[SelectChoice(code, words) for code, words in DECLINE_WORDS.items()],
        validate_choice=False,
    )
    words = TextAreaField(
        _l("Un mot pour le collège (facultatif)"),
        [Length(max=500, message=_l("Écrivez 500 caractères au plus."))],
    )
