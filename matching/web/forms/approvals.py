"""The answer of a coordinator: yes with one button, no with a few words."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from matching.models.companies import DocumentKind, VettedHow
from matching.services.vetting import Check
from matching.web.forms.versioned import VersionedForm

HOW = {
    VettedHow.EMAIL_DOMAIN: _l("Son adresse est celle de l’entreprise"),
    VettedHow.CALL_BACK: _l("Je l’ai rappelée au numéro public de l’entreprise"),
    VettedHow.DOCUMENT: _l("J’ai vu un document officiel"),
}
DOCUMENTS = {
    DocumentKind.COMPANY_REGISTER: _l("Extrait du registre (Kbis)"),
    DocumentKind.SIRENE: _l("Avis de situation Sirene"),
    DocumentKind.STATUTES: _l("Statuts ou récépissé d’association"),
    DocumentKind.OTHER: _l("Autre document officiel"),
}


class AnswerForm(VersionedForm):
    """The version is that of the offer that was read; schools and companies have none.

    For a company, how the person was vetted.
    """

    words = TextAreaField(_l("Ce qui ne va pas, en quelques mots"))
    person = SelectField(_l("La personne vérifiée"), choices=[], validate_choice=False)
    how = RadioField(
        _l("Comment avez-vous vérifié cette personne ?"),
        choices=[(how.value, words) for how, words in HOW.items()],
        validate_choice=False,
    )
    document = SelectField(
        _l("Le document, s’il y en a un"),
        choices=[(kind.value, words) for kind, words in DOCUMENTS.items()],
        validate_choice=False,
    )
    proof = StringField(_l("Note de l’appel, ou référence du document"))

    def check(self) -> Check | None:
        """What was ticked; None when nothing was, or nothing that exists."""
        if self.how.data not in {how.value for how in VettedHow}:
            return None
        kinds = {kind.value for kind in DocumentKind}
        return Check(
            person=self.person.data or "",
            how=VettedHow(self.how.data),
            words=self.proof.data or "",
            document=DocumentKind(self.document.data) if self.document.data in kinds else None,
        )
