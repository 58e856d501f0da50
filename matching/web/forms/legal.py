"""A school or a company accepts texts, at its registration or when one of them changes."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, Length

from matching.rules.legal_texts import LegalText, in_force
from matching.web.forms.base import Form
from matching.web.forms.versioned import number_shown

READ_AND_ACCEPT = _l("Cochez cette case après avoir lu.")


class AcceptForm(Form):
    """``versions`` says which editions the page showed: ``text=1 text=2``."""

    accepted = BooleanField(
        _l("J’ai lu ces textes, je les accepte, et j’ai le droit de le faire en son nom."),
        [DataRequired(READ_AND_ACCEPT)],
    )
    versions = HiddenField(validators=[Length(max=400)])

    @staticmethod
    def written(texts: Iterable[LegalText]) -> str:
        """The editions in force of these texts, as the page carries them."""
        return " ".join(sorted({f"{text}={in_force(text).version}" for text in texts}))

    def seen(self) -> dict[LegalText, int]:
        """The edition of each text that the page showed; what was tampered with is left out."""
        pairs = (part.partition("=") for part in (self.versions.data or "").split())
        return {
            LegalText(text): number
            for text, _sign, version in pairs
            if text in set(LegalText) and (number := number_shown(version)) is not None
        }
