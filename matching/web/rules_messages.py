"""Sentences of the codes of ``matching.rules``; ``messages.sentence`` fills and sets them.

Weeks and school files have theirs in ``school_messages.py``, cards in ``messages.py``.
"""

from matching.translated import Translated

RULES: Translated[dict[str, str]] = {
    # Numbers copied from official papers
    "commune_code_format": "Un code de commune compte cinq signes, par exemple 01283 ou 2A004. "
    "Ce n’est pas le code postal.",
    "postcode_format": "Un code postal compte cinq chiffres, par exemple 01100. Vérifiez-le.",
    "siren_format": "Un SIREN compte neuf chiffres. Recopiez celui de l’entreprise.",
    "siren_key": "Ces neuf chiffres ne forment pas un SIREN : il y a une faute de frappe. "
    "Recopiez-les.",
    "siret_format": "Un SIRET compte quatorze chiffres, ceux du site où vient l’élève. Recopiez-le "
    "depuis une facture ou l’annuaire des entreprises.",
    "siret_key": "Ces quatorze chiffres ne forment pas un SIRET : il y a une faute de frappe. "
    "Recopiez-les.",
    # Ways to reach people
    "phone_format": "Écrivez un numéro que l’on peut appeler, comme 06 39 98 12 34 ; depuis "
    "l’étranger, avec + et l’indicatif.",
    # Passwords
    "password_common": "Ce mot de passe est de ceux que l’on essaie en premier. Choisissez des "
    "mots qui n’ont rien à voir entre eux.",
    "password_has_email": "Le mot de passe contient votre adresse. Choisissez autre chose.",
    "password_too_long": "Ce mot de passe est trop long : 256 caractères au plus.",
    "password_too_short": "Ce mot de passe est trop court : il en faut douze caractères, ou "
    "davantage.",
    "password_too_simple": "Mélangez trois sortes de caractères (minuscules, majuscules, chiffres, "
    "signes), ou écrivez sept mots.",
    # Hours at the company
    "hours_break": "Dès 4 h 30 de présence, il faut une pause de 30 minutes d’un seul tenant. "
    "Ajoutez-la.",
    "hours_day": "La journée est trop longue : 6 h de présence au plus avant 15 ans, 7 h ensuite, "
    "pause du midi non comprise. Raccourcissez-la.",
    "hours_lunch": "La pause doit tenir dans la journée. Vérifiez sa durée.",
    "hours_night": "Avant 16 ans, aucune présence entre 20 h et 6 h : la loi ne prévoit pas "
    "d’exception. Changez les horaires.",
    "hours_order": "L’heure de fin doit venir après l’heure de début.",
    "hours_rest": "Il faut 14 heures de repos avant le lendemain : resserrez les horaires.",
    "hours_week": "La semaine est trop longue : 30 h de présence au plus avant 15 ans, 35 h "
    "ensuite. Retirez un jour ou raccourcissez les journées.",
    "hours_window": "L’élève vient entre %(earliest)s h et %(latest)s h. Changez les horaires.",
}
