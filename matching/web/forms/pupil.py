"""Forms of the pupil's space."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matching.models.placements import Party
from matching.rules.sectors import SECTORS
from matching.services.placements import REASONS
from matching.web.forms.base import Form

REASON_WORDS = {
    "found_elsewhere": _l("J’ai trouvé un autre stage"),
    "too_far": _l("C’est trop loin"),
    "no_transport": _l("Je n’ai pas de moyen d’y aller"),
    "not_interested": _l("Ce métier ne m’intéresse pas"),
    "other": _l("Une autre raison"),
}


class InterestsForm(Form):
    """The sectors that draw the pupil."""

    sectors = SelectMultipleField(
        _l("Tes univers"),
        choices=[SelectChoice(sector.key, _l(sector.label)) for sector in SECTORS],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class MoveForm(Form):
    """So many ranks up or down, from the rank that the page showed."""

    step = IntegerField(validators=[InputRequired()])
    seen = IntegerField(validators=[InputRequired()])


class MessageForm(Form):
    """Why this offer."""

    message = TextAreaField(_l("Pourquoi cette offre ?"), [Length(max=2000)])


class AnswerForm(Form):
    """Yes or no to a proposal; a no asks for a reason."""

    answer = HiddenField(validators=[AnyOf(("yes", "no"))])
    reason = RadioField(
        _l("Pourquoi ?"),
        choices=[SelectChoice(one, REASON_WORDS[one]) for one in REASONS[Party.PUPIL]],
        validate_choice=False,
        default=None,
    )
    words = StringField(_l("Veux-tu préciser ?"), [Length(max=500)])
    version = IntegerField(validators=[InputRequired()])

    def validate_reason(self, field: RadioField) -> None:
        """A no helps the next proposal only if it says why."""
        if self.answer.data == "no" and field.data not in REASON_WORDS:
            raise ValidationError(_l("Choisis une raison : elle aide à te proposer mieux ensuite."))
