"""Forms of the foundation: searches, a reason, a role, the settings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from matching.models.users import Role
from matching.rules.settings import SETTINGS, SettingKey
from matching.web.forms.base import Form
from matching.web.forms.company import WholeNumberField
from matching.web.forms.versioned import number_shown

ROLE_WORDS = {
    Role.PRINCIPAL: _l("Chef d’établissement"),
    Role.CLASS_TEACHER: _l("Professeur"),
    Role.SCHOOL_CLERK: _l("Secrétariat de collège"),
    Role.COMPANY_MEMBER: _l("Membre d’entreprise"),
    Role.TERRITORY_COORDINATOR: _l("Coordinateur de territoire"),
    Role.FOUNDATION_ADMIN: _l("Membre de la fondation"),
}
ROLE_CHOICES = [(role.value, words) for role, words in ROLE_WORDS.items()]
STATUS_CHOICES = [
    ("", _l("Tous")),
    ("registered", _l("À valider")),
    ("approved", _l("Validés")),
    ("refused", _l("Refusés")),
    ("blocked", _l("Bloqués")),
]
KIND_WORDS = {
    "user": _l("Compte"),
    "membership": _l("Rôle"),
    "school": _l("Collège"),
    "company": _l("Entreprise"),
    "site": _l("Site"),
    "offer": _l("Offre"),
    "campaign": _l("Campagne"),
    "match_run": _l("Essai"),
    "placement": _l("Proposition"),
    "application": _l("Vœu"),
    "setting": _l("Réglage"),
}
SETTING_WORDS = {
    SettingKey.STRICT_BEFORE_15: _l("Six heures par jour et trente par semaine avant quinze ans"),
    SettingKey.EARLIEST_HOUR: _l("Heure d’arrivée la plus tôt"),
    SettingKey.LATEST_HOUR: _l("Heure de départ la plus tard"),
    SettingKey.REACH_KM: _l("Distance d’un nouveau collège, en kilomètres"),
    SettingKey.ANSWER_DAYS: _l("Jours pour répondre, proposés à l’ouverture d’une campagne"),
    SettingKey.SILENT_DAYS: _l("Jours de silence d’un collège avant d’alerter"),
    SettingKey.MOST_PLEDGED: _l("Promesse la plus grande d’une entreprise, en élèves"),
}


def why_field() -> TextAreaField:
    """The reason, asked for every change."""
    return TextAreaField(
        _l("Pourquoi\u202f?"),
        [
            DataRequired(_l("Écrivez pourquoi : ces mots restent dans le journal.")),
            Length(max=500, message=_l("Écrivez 500 caractères au plus.")),
        ],
    )


class WhyForm(Form):
    """A reason and nothing else."""

    why = why_field()


class Search(Form):
    """Words to look for, sent by GET."""

    class Meta(Form.Meta):
        """A search changes nothing: no token."""

        csrf = False

    q = StringField(_l("Chercher"), [Length(max=120)])

    def kept(self) -> dict[str, Any]:
        """The filters in use, as they stand in the address."""
        values = {name: field.data for name, field in self._fields.items() if field.data}
        return {name: "y" if value is True else str(value) for name, value in values.items()}


class PeopleSearch(Search):
    """Among adults."""

    role = SelectField(_l("Rôle"), choices=[("", _l("Tous")), *ROLE_CHOICES], default="")
    blocked = BooleanField(_l("Comptes bloqués seulement"))


class PartySearch(Search):
    """Among schools, or companies."""

    status = SelectField(_l("État"), choices=STATUS_CHOICES, default="")


class SiteSearch(Search):
    """Among sites."""

    flagged = BooleanField(_l("Sites signalés seulement"))


class CampaignSearch(Search):
    """Among campaigns."""

    still_open = BooleanField(_l("Campagnes ouvertes seulement"))


class ChangeSearch(Search):
    """In the list of changes."""

    q = StringField(_l("Par qui (nom ou adresse)"), [Length(max=120)])
    kind = SelectField(_l("Quoi"), choices=[("", _l("Tout")), *KIND_WORDS.items()], default="")
    since = DateField(_l("Depuis le"), [Optional()])
    until = DateField(_l("Jusqu’au"), [Optional()])


class RoleForm(Form):
    """A role, where it is held, and why."""

    role = SelectField(_l("Rôle"), choices=ROLE_CHOICES)
    where = StringField(
        _l("UAI du collège, ou SIREN de l’entreprise"), [Length(max=20)], filters=[]
    )
    territory = SelectField(_l("Territoire"), default="")
    why = why_field()


class SettingsForm(Form):
    """Every setting; ``seen`` says which values the page showed."""

    why = why_field()
    seen = HiddenField(validators=[Length(max=400)])

    def values(self) -> dict[SettingKey, int]:
        """What was typed."""
        return {key: int(self[key.value].data or 0) for key in SettingKey}

    def seen_values(self) -> dict[SettingKey, int]:
        """What the page showed; what was tampered with is left out."""
        pairs = (part.partition("=") for part in (self.seen.data or "").split())
        return {
            SettingKey(key): number
            for key, _sign, value in pairs
            if key in set(SettingKey) and (number := number_shown(value)) is not None
        }

    @staticmethod
    def written(values: dict[SettingKey, int]) -> str:
        """The values, as the page carries them."""
        return " ".join(f"{key}={value}" for key, value in values.items())


def _field_of(key: SettingKey) -> Any:
    limits = SETTINGS[key]
    if limits.most == 1:
        return BooleanField(SETTING_WORDS[key])
    told = _l("Un nombre entier, de %(least)s à %(most)s.", least=limits.least, most=limits.most)
    return WholeNumberField(
        SETTING_WORDS[key], [InputRequired(told), NumberRange(limits.least, limits.most, told)]
    )


for _key in SettingKey:
    setattr(SettingsForm, _key.value, _field_of(_key))


def territory_choices(rows: list[tuple[str, str]]) -> list[SelectChoice]:
    """(code, name) of each territory, after « none »."""
    return [SelectChoice("", _l("Aucun")), *(SelectChoice(code, name) for code, name in rows)]
