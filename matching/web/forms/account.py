"""Sign-in forms."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from matching.web.forms.base import Form


class SignInForm(Form):
    """For adults."""

    email = StringField(
        _l("Adresse électronique"),
        [DataRequired(_l("Écrivez votre adresse électronique.")), Length(max=254)],
    )
    password = PasswordField(
        _l("Mot de passe"), [DataRequired(_l("Écrivez votre mot de passe.")), Length(max=1000)]
    )
    next = HiddenField()


class PupilSignInForm(Form):
    """For pupils, from their card."""

    login_name = StringField(
        _l("Ton identifiant"),
        [DataRequired(_l("Recopie l’identifiant de ta carte.")), Length(max=60)],
    )
    code = StringField(
        _l("Ton code"), [DataRequired(_l("Recopie le code de ta carte.")), Length(max=60)]
    )
    next = HiddenField()
