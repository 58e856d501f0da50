"""Forms of enrolment: a pupil, the choice of cards."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired

from matching import clock
from matching.geography.communes import gazetteer
from matching.models.pupils import Guardian, Pupil
from matching.rules import pupils_cells as cells
from matching.rules.phones import display_phone
from matching.services import enrolment
from matching.web.forms.base import Form
from matching.web.forms.commune import CommuneForm
from matching.web.school_messages import cell_sentence


class PupilForm(CommuneForm):
    """A pupil, checked cell by cell by the rules of the file."""

    last_name = StringField(_l("Nom"), [DataRequired(_l("Écrivez le nom de l’élève."))])
    first_name = StringField(_l("Prénom"), [DataRequired(_l("Écrivez le prénom de l’élève."))])
    birth_date = StringField(
        _l("Date de naissance"),
        [DataRequired(_l("Écrivez la date de naissance, par exemple 15/03/2012."))],
    )
    class_group = SelectField(_l("Classe"), choices=[], validate_choice=False)
    needs_access = BooleanField(_l("A besoin d’un lieu accessible"))
    guardian1_last_name = StringField(_l("Nom"))
    guardian1_first_name = StringField(_l("Prénom"))
    guardian1_email = StringField(_l("Adresse électronique"))
    guardian1_phone = StringField(_l("Téléphone"))
    guardian2_last_name = StringField(_l("Nom"))
    guardian2_first_name = StringField(_l("Prénom"))
    guardian2_email = StringField(_l("Adresse électronique"))
    guardian2_phone = StringField(_l("Téléphone"))
    seen = HiddenField()

    details: enrolment.PupilDetails

    @classmethod
    def of(cls, pupil: Pupil) -> "PupilForm":
        """The form as the pupil stands."""
        home = gazetteer().by_code(pupil.commune_code or "")
        values = {
            "last_name": pupil.last_name,
            "first_name": pupil.first_name,
            "birth_date": pupil.birth_date.strftime("%d/%m/%Y"),
            "class_group": pupil.class_group.ref,
            "needs_access": pupil.needs_access,
            "postcode": home.postcodes[0] if home and home.postcodes else "",
            "commune": home.name if home else "",
            "seen": enrolment.mark(pupil),
        }
        for guardian in pupil.guardians:
            values |= _guardian_values(guardian)
        return cls(**values)

    def validate(self, extra_validators: object = None) -> bool:
        """Read the cells as those of a file are read, each problem beside its field."""
        right = super().validate(extra_validators)
        typed = {name: text for name, text in self.data.items() if isinstance(text, str)}
        problems: list[cells.CellProblem] = []
        last_name, first_name = cells.names(typed, problems)
        birth_date = cells.birth_date(typed, clock.today(), problems)
        guardians = [cells.guardian(typed, f"guardian{at}", problems) for at in (1, 2)]
        self.postcode.data = cells.postcode(typed, problems) or self.postcode.data
        for problem in problems:
            if problem.column and not self[problem.column].errors:
                self.add_error(problem.column, cell_sentence(problem.code, problem.expected))
        if problems or birth_date is None:
            return False
        self.details = enrolment.PupilDetails(
            last_name=last_name,
            first_name=first_name,
            birth_date=birth_date,
            guardians=tuple(one for one in guardians if one),
            needs_access=self.needs_access.data,
        )
        return bool(right)


def _guardian_values(guardian: Guardian) -> dict[str, str]:
    who = f"guardian{guardian.position}"
    return {
        f"{who}_last_name": guardian.last_name,
        f"{who}_first_name": guardian.first_name,
        f"{who}_email": guardian.email or "",
        f"{who}_phone": display_phone(guardian.phone) if guardian.phone else "",
    }


class CardsForm(Form):
    """The pupils whose cards are printed, and when the newest card of the page was made."""

    pupils = SelectMultipleField(_l("Élèves"), choices=[], validate_choice=False)
    seen = HiddenField()
