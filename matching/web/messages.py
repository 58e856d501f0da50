"""What a person reads when a rule said no: code → French sentence, sorted by subject.

A sentence says what to do. ``%(name)s`` is filled with the values of the error; the spaces and
apostrophes of French are set by ``sentence``.
"""

from typing import Any

from flask_babel import get_locale, gettext

from matching.web.filters import typo

SENTENCES: dict[str, str] = {
    # Signing in
    "sign_in_refused": "Adresse ou mot de passe inconnus. Vérifiez les deux, puis recommencez.",
    "too_many_attempts": "Trop d’essais. Attendez %(minutes)s min, puis recommencez.",
    "card_refused": "Cet identifiant et ce code ne vont pas ensemble. Relis ta carte, puis "
    "recommence. Si rien n’y fait, demande une nouvelle carte à ton professeur.",
    "card_too_many_attempts": "Trop d’essais. Attends %(minutes)s min, puis recommence.",
    "card_code_length": "Le code de ta carte a seize signes, par groupes de quatre.",
    "card_code_symbol": "Un des signes ne peut pas être sur une carte. Il n’y a ni voyelle, ni 0, "
    "ni 1, ni L.",
    "email_taken": "Un compte existe déjà avec cette adresse. Connectez-vous, ou utilisez-en une "
    "autre.",
    # A pupil's wishes
    "campaign_none": "Aucune campagne n’est ouverte pour ton collège. Tes vœux sont gardés : tu "
    "pourras les envoyer quand elle ouvrira.",
    "interests_too_many": "Choisis %(most)s univers au plus.",
    "message_too_long": "Ton message est trop long : %(most)s signes au plus.",
    "offer_not_for_you": "Cette offre n’est plus ouverte pour toi. Choisis-en une autre.",
    "school_not_approved": "Ton collège attend d’être validé. Tes vœux sont gardés : tu pourras "
    "les envoyer ensuite.",
    "sector_unknown": "Cet univers n’existe pas. Choisis dans la liste.",
    "wish_gone": "L’offre « %(title)s » n’est plus ouverte pour toi. Retire-la, puis envoie tes "
    "vœux.",
    "wish_read": "Ton collège a déjà lu ce message : tu ne peux plus le changer.",
    "wishes_changed": "Ta liste a changé entre-temps. La voici à jour.",
    "wishes_closed": "La date limite est passée : tes vœux ne changent plus.",
    "wishes_full": "Tu as déjà %(most)s vœux. Retires-en un pour ajouter cette offre.",
    "wishes_held": "Tu as déjà une proposition de stage : tes vœux ne changent plus.",
    "wishes_none": "Tu n’as pas encore de vœu. Choisis d’abord une offre.",
    "wishes_not_open": "La campagne n’a pas encore commencé. Tes vœux sont gardés : reviens les "
    "envoyer à l’ouverture.",
}


def sentence(code: str, **values: Any) -> str:
    """The sentence of a code, in the language of the page. KeyError for an unknown code."""
    locale = get_locale()
    text = gettext(SENTENCES[code]) % values
    return typo(text, "en" if locale and locale.language == "en" else "fr")
