"""The answer of a coordinator: yes with one button, no with a few words."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from matching.web.forms.versioned import VersionedForm


class AnswerForm(VersionedForm):
    """The version is that of the offer that was read; schools and companies have none."""

    words = TextAreaField(_l("Ce qui ne va pas, en quelques mots"))
