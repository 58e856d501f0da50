"""Forms of the coordinator."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from matching.models.campaigns import Policy
from matching.web.forms.base import Form
from matching.web.forms.company import WholeNumberField

POLICIES = [
    SelectChoice(
        Policy.FAIR.value,
        _l(
            "Équitable : la classe de service puis le tirage au sort disent qui est placé ; "
            "les vœux, le territoire et la distance disent où."
        ),
    ),
    SelectChoice(
        Policy.BEST_TOTAL.value,
        _l("Meilleur total : plus de vœux exaucés, mais les élèves sans vœu passent après."),
    ),
    SelectChoice(
        Policy.CANNOT_BE_GAMED.value,
        _l(
            "Sans calcul possible : changer l’ordre de ses vœux n’aide jamais ; "
            "un peu moins de vœux exaucés."
        ),
    ),
]


class CampaignForm(Form):
    """Opens a campaign. ``territories`` receives (id, name) as choices."""

    name = StringField(
        _l("Nom de la campagne"),
        [
            DataRequired(_l("Donnez un nom à la campagne.")),
            Length(max=120, message=_l("120 lettres au plus.")),
        ],
    )
    territories = SelectMultipleField(
        _l("Territoires"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Cochez au moins un territoire."))],
    )
    policy = RadioField(_l("Règle d’affectation"), choices=POLICIES, default=Policy.FAIR.value)
    wishes_open_on = DateField(
        _l("Les vœux ouvrent le"), [InputRequired(_l("Indiquez une date, par exemple 04/01/2027."))]
    )
    wishes_close_on = DateField(
        _l("Les vœux ferment le soir du"),
        [InputRequired(_l("Indiquez une date, par exemple 22/01/2027."))],
    )
    answer_days = WholeNumberField(
        _l("Jours pour répondre à une proposition"),
        [
            InputRequired(_l("Indiquez un nombre de jours.")),
            NumberRange(1, 15, _l("Entre 1 et 15 jours.")),
        ],
        default=7,
    )

    def validate_wishes_close_on(self, field: DateField) -> None:
        """The last day comes on or after the first."""
        if self.wishes_open_on.data and field.data < self.wishes_open_on.data:
            raise ValidationError(
                _l("La fin vient après le début : choisissez une date plus tardive.")
            )
