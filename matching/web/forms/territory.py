"""Forms of the coordinator."""

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
        "Équitable : la classe de service puis le tirage au sort disent qui est placé ; "
        "les vœux, le territoire et la distance disent où.",
    ),
    SelectChoice(
        Policy.BEST_TOTAL.value,
        "Meilleur total : plus de vœux exaucés, mais les élèves sans vœu passent après.",
    ),
    SelectChoice(
        Policy.CANNOT_BE_GAMED.value,
        "Sans calcul possible : changer l’ordre de ses vœux n’aide jamais ; "
        "un peu moins de vœux exaucés.",
    ),
]


class CampaignForm(Form):
    """Opens a campaign. ``territories`` receives (id, name) as choices."""

    name = StringField(
        "Nom de la campagne",
        [
            DataRequired("Donnez un nom à la campagne."),
            Length(max=120, message="120 lettres au plus."),
        ],
    )
    territories = SelectMultipleField(
        "Territoires",
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired("Cochez au moins un territoire.")],
    )
    policy = RadioField("Règle d’affectation", choices=POLICIES, default=Policy.FAIR.value)
    wishes_open_on = DateField(
        "Les vœux ouvrent le", [InputRequired("Indiquez une date, par exemple 04/01/2027.")]
    )
    wishes_close_on = DateField(
        "Les vœux ferment le soir du", [InputRequired("Indiquez une date, par exemple 22/01/2027.")]
    )
    answer_days = WholeNumberField(
        "Jours pour répondre à une proposition",
        [
            InputRequired("Indiquez un nombre de jours."),
            NumberRange(1, 15, "Entre 1 et 15 jours."),
        ],
        default=7,
    )

    def validate_wishes_close_on(self, field: DateField) -> None:
        """The last day comes on or after the first."""
        if self.wishes_open_on.data and field.data < self.wishes_open_on.data:
            raise ValidationError("La fin vient après le début : choisissez une date plus tardive.")
