"""Sign-in forms."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length

from matching.models.users import Role
from matching.web.forms.base import Form
from matching.web.forms.legal import READ_AND_ACCEPT

TOO_LONG = _l("C’est trop long : raccourcissez.")


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


class AddressForm(Form):
    """An e-mail address alone."""

    email = StringField(
        _l("Adresse électronique"),
        [
            DataRequired(_l("Écrivez votre adresse électronique.")),
            Email(_l("Écrivez une adresse comme prenom.nom@exemple.fr.")),
            Length(max=254, message=_l("Cette adresse est trop longue.")),
        ],
    )


class NewPasswordForm(Form):
    """A new password; ``rules.passwords`` judges it in the service."""

    password = PasswordField(
        _l("Nouveau mot de passe"),
        [
            DataRequired(_l("Choisissez un mot de passe.")),
            Length(max=1000, message=_l("Ce mot de passe est trop long.")),
        ],
    )


class Present(Form):
    """What may not be done on a computer left open asks for the password again."""

    current = PasswordField(
        _l("Mot de passe actuel"),
        [
            DataRequired(_l("Écrivez votre mot de passe actuel.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )


class ChangePasswordForm(Present, NewPasswordForm):
    """The present password, then the new one."""


class ChangeAddressForm(Present, AddressForm):
    """The present password and the new address."""


class ButtonForm(Form):
    """A button: only its CSRF field."""


class InviteForm(AddressForm):
    """A colleague to invite; the view gives the roles and the places that may be offered."""

    role = RadioField(
        _l("Son rôle"), [DataRequired(_l("Choisissez un rôle."))], choices=[], validate_choice=True
    )
    place = SelectField(_l("Où"), choices=[], validate_choice=False)

    def chosen_role(self) -> Role:
        """The role that was ticked."""
        return Role(self.role.data)


class FinishForm(NewPasswordForm):
    """The end of a registration: what is typed of the person was kept."""

    accepted = BooleanField(
        _l("J’ai lu ces textes, je les accepte, et j’ai le droit de le faire."),
        [DataRequired(READ_AND_ACCEPT)],
    )


class JoinForm(NewPasswordForm):
    """The account of somebody who was invited; the address is that of the invitation."""

    first_name = StringField(
        _l("Prénom"), [DataRequired(_l("Écrivez votre prénom.")), Length(max=80, message=TOO_LONG)]
    )
    last_name = StringField(
        _l("Nom"), [DataRequired(_l("Écrivez votre nom.")), Length(max=80, message=TOO_LONG)]
    )


class CodeForm(Form):
    """A code of six digits, or one of those on paper."""

    code = StringField(
        _l("Code"), [DataRequired(_l("Écrivez le code.")), Length(max=40, message=TOO_LONG)]
    )
