"""A postcode and a commune, with the choice between homonyms when there are several."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from matching.errors import RuleBroken
from matching.web.forms.base import Form


class CommuneForm(Form):
    """Typed by hand; ``commune_code`` is shown only once ``offer_choice`` has filled it.

    ``commune_asked`` remembers for which words the choice was offered: whoever then types another
    commune is not kept on the first.
    """

    postcode = StringField(
        _l("Code postal"), [Length(max=12, message=_l("Un code postal compte cinq chiffres."))]
    )
    commune = StringField(
        _l("Commune"), [Length(max=80, message=_l("Écrivez 80 caractères au plus."))]
    )
    commune_code = RadioField(_l("Quelle commune ?"), choices=[], validate_choice=False)
    commune_asked = HiddenField()

    def typed_place(self) -> dict[str, str]:
        """The three values that ``locations.locate`` takes."""
        same = self.commune_asked.data == self._words()
        return {
            "postcode": self.postcode.data or "",
            "commune": self.commune.data or "",
            "commune_code": (self.commune_code.data or "") if same else "",
        }

    def offer_choice(self, error: RuleBroken) -> None:
        """Show the homonyms that the error lists."""
        if error.code == "commune_ambiguous":
            self.commune_code.choices = error.values["candidates"]
            self.commune_code.data = None
            self.commune_asked.data = self._words()

    def _words(self) -> str:
        return f"{self.postcode.data or ''} {self.commune.data or ''}"
