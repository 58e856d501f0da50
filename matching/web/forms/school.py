"""Forms of the school space: registration, settings, weeks, classes."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length

from matching.geography.communes import gazetteer
from matching.models.placements import Party
from matching.models.schools import ClassGroup, PriorityEducation, School
from matching.models.users import Role, User
from matching.services import classes, placements, schools
from matching.web.forms.base import Form
from matching.web.forms.commune import CommuneForm
from matching.web.forms.versioned import VersionedForm, number_shown
from matching.web.placement_pages import WORDS

ROLES = (
    (Role.PRINCIPAL.value, _l("Chef d’établissement ou adjoint")),
    (Role.CLASS_TEACHER.value, _l("Professeur")),
    (Role.SCHOOL_CLERK.value, _l("Secrétariat")),
)
NETWORKS = (
    (PriorityEducation.NONE.value, _l("Hors éducation prioritaire")),
    (PriorityEducation.REP.value, _l("REP")),
    (PriorityEducation.REP_PLUS.value, _l("REP+")),
)
WEEKDAYS = (
    ("1", _l("lundi")),
    ("2", _l("mardi")),
    ("3", _l("mercredi")),
    ("4", _l("jeudi")),
    ("5", _l("vendredi")),
)
WHOLE_KILOMETRES = _l("Écrivez un nombre entier de kilomètres, de 1 à 100.")


def at_most(characters: int) -> Length:
    """No more characters than the column holds."""
    return Length(
        max=characters, message=_l("Écrivez %(most)s caractères au plus.", most=characters)
    )


class SchoolForm(CommuneForm):
    """A school, as its people know it."""

    uai = StringField(
        _l("Code UAI du collège"), [DataRequired(_l("Écrivez le code UAI, par exemple 0132572A."))]
    )
    name = StringField(
        _l("Nom du collège"),
        [DataRequired(_l("Écrivez le nom du collège.")), at_most(160)],
    )
    address = StringField(
        _l("Adresse"), [DataRequired(_l("Écrivez la rue et le numéro.")), at_most(200)]
    )
    postcode = StringField(
        _l("Code postal"), [DataRequired(_l("Écrivez les cinq chiffres du code postal."))]
    )
    commune = StringField(
        _l("Commune"), [DataRequired(_l("Écrivez le nom de la commune.")), at_most(80)]
    )
    sector = RadioField(
        _l("Le collège est"),
        [InputRequired(_l("Dites si le collège est public ou privé."))],
        choices=[("public", _l("public")), ("private", _l("privé sous contrat"))],
    )
    priority_education = RadioField(
        _l("Éducation prioritaire"), choices=NETWORKS, default=PriorityEducation.NONE.value
    )

    @classmethod
    def of(cls, school: School) -> "SchoolForm":
        """The form as the school stands."""
        home = gazetteer().by_code(school.commune_code)
        return cls(
            uai=school.uai,
            name=school.name,
            address=school.address,
            postcode=school.postcode,
            commune=home.name if home else "",
            sector="public" if school.public else "private",
            priority_education=school.priority_education.value,
        )

    def details(self) -> schools.SchoolDetails:
        """What ``registrations.ask_for_school`` and ``schools.amend`` take."""
        return schools.SchoolDetails(
            **self.typed_place(),
            uai=self.uai.data or "",
            name=self.name.data or "",
            address=self.address.data or "",
            public=self.sector.data == "public",
            priority_education=PriorityEducation(self.priority_education.data),
        )


class RegisterForm(SchoolForm):
    """The school, then the person who registers it."""

    role = RadioField(
        _l("Vous êtes"), [InputRequired(_l("Dites quelle est votre fonction."))], choices=ROLES
    )
    first_name = StringField(_l("Prénom"), [DataRequired(_l("Écrivez votre prénom.")), at_most(80)])
    last_name = StringField(_l("Nom"), [DataRequired(_l("Écrivez votre nom.")), at_most(80)])
    email = StringField(
        _l("Adresse électronique professionnelle"),
        [
            DataRequired(_l("Écrivez votre adresse électronique.")),
            Email(_l("Cette adresse électronique est incomplète ou mal écrite.")),
            at_most(254),
        ],
    )

    def person_values(self) -> dict[str, Any]:
        """The person who registers, as ``registrations.ask_for_school`` takes it."""
        return {
            "role": Role(self.role.data),
            "first_name": self.first_name.data,
            "last_name": self.last_name.data,
            "email": self.email.data,
        }


class KilometresField(IntegerField):  # type: ignore[misc] # WTForms has no types
    """A whole number, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([one.strip().removesuffix("km") for one in valuelist])
        except ValueError:
            raise ValueError(str(WHOLE_KILOMETRES)) from None


class KeptApartForm(Form):
    """Pupils who are not to be sent to one place together; nothing else is asked."""

    pupils = SelectMultipleField(
        _l("Qui ne doit pas être placé ensemble ?"), choices=[], validate_choice=False
    )


class ReachForm(Form):
    """How far pupils may be placed."""

    reach_km = KilometresField(_l("Distance maximale"), [InputRequired(WHOLE_KILOMETRES)])
    seen = HiddenField()

    def reach_values(self) -> dict[str, Any]:
        """What ``schools.change_reach`` takes."""
        return {"reach_km": self.reach_km.data, "seen": number_shown(self.seen.data) or 0}


class NewClassForm(Form):
    """A class by its name."""

    name = StringField(
        _l("Nom de la classe"),
        [
            DataRequired(_l("Écrivez le nom de la classe, par exemple 3e A.")),
            Length(max=60, message=_l("Écrivez 40 signes au plus.")),
        ],
    )


class ClassForm(NewClassForm):
    """A class that exists: its name and its class teacher."""

    class_teacher = SelectField(_l("Professeur principal"), choices=[], validate_choice=False)
    seen = HiddenField()

    @classmethod
    def of(cls, class_group: ClassGroup, colleagues: Sequence[User]) -> "ClassForm":
        """The form as the class stands; its teacher is one of the colleagues."""
        teacher = [one.ref for one in colleagues if one.id == class_group.class_teacher_id]
        form = cls(
            name=class_group.name,
            class_teacher=teacher[0] if teacher else "",
            seen=classes.mark(class_group),
        )
        form.class_teacher.choices = [("", _l("Personne pour l’instant"))]
        form.class_teacher.choices += [(one.ref, one.name) for one in colleagues]
        return form

    def class_values(self) -> dict[str, Any]:
        """What ``classes.change`` takes."""
        return {
            "name": self.name.data,
            "class_teacher_ref": self.class_teacher.data or "",
            "seen": self.seen.data or "",
        }


class WindowForm(Form):
    """One week and its days, for the whole school or for one class."""

    week = HiddenField()
    with_days = HiddenField()
    weekdays = SelectMultipleField(_l("Jours de stage"), choices=WEEKDAYS, validate_choice=False)

    def days(self) -> str | None:
        """The days that were ticked, "1245"; None when the person was not asked."""
        return "".join(self.weekdays.data or ()) if self.with_days.data else None


class DeclineForm(VersionedForm):
    """No to a proposal, and why."""

    reason = RadioField(
        _l("Pourquoi ?"),
        [InputRequired(_l("Dites pourquoi : choisissez une raison."))],
        choices=[(code, WORDS[code]) for code in placements.REASONS[Party.SCHOOL]],
    )
    words = TextAreaField(_l("Précisez (facultatif)"), [at_most(500)])

    def decline_values(self) -> dict[str, Any]:
        """What ``placements.answer_as_school`` takes."""
        return {
            "version": self.seen_version(),
            "reason": self.reason.data or "",
            "words": self.words.data or "",
        }
