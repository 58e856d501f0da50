"""What a person reads when a rule said no: code → French sentence, sorted by subject.

A sentence says what to do. ``%(name)s`` is filled with the values of the error; the spaces and
apostrophes of French are set by ``sentence``.
"""

from typing import Any

from flask_babel import gettext

from matching.translated import Translated
from matching.web.account_messages import ACCOUNT
from matching.web.filters import typo
from matching.web.rules_messages import RULES
from matching.web.school_messages import FILES, SCHOOL

SENTENCES: Translated[dict[str, str]] = {
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
    # Companies and their sites
    "company_known": "Cette entreprise est déjà inscrite. Demandez à un collègue qui y a son "
    "compte de vous y ajouter ; si ce compte est le vôtre, connectez-vous.",
    "company_not_allowed": "Votre entreprise n’est pas admise pour le moment : la raison est en "
    "haut de votre espace.",
    "pledge_number": "Écrivez un nombre d’élèves, de 1 à %(most)s.",
    "site_has_offers": "Une offre de ce site a déjà été envoyée : sa commune ne change plus. Un "
    "site qui déménage reçoit un autre SIRET ; ajoutez-le comme nouveau site.",
    "limit_number": "Écrivez un nombre d’élèves, de 1 à %(most)s, ou laissez la case vide.",
    "site_known": "Ce site est déjà inscrit : il est dans la liste de vos sites.",
    "siret_other_company": "Ce SIRET n’est pas celui d’un site de votre entreprise : il doit "
    "commencer par %(siren)s.",
    # Offers and their seats
    "at_once_each_week": "Vous comptez les places chaque semaine : leur nombre dit déjà combien "
    "d’élèves viennent à la fois. Laissez cette case vide, ou comptez les places en tout.",
    "at_once_reserved": "Sur plusieurs semaines, ce nombre ne va pas avec des places réservées. "
    "Comptez les places chaque semaine, ou ne réservez aucune place.",
    "charter_unknown": "Un de ces engagements n’existe pas. Cochez ceux de la liste.",
    "company_not_approved": "L’entreprise n’est pas encore validée : validez-la d’abord.",
    "of_a_school_reserved": "Des élèves tiennent ici des places réservées autrement : cette limite "
    "ne pourrait pas les compter ensemble. Laissez-la vide, ou gardez la réservation d’avant.",
    "offer_changed": "Cette offre a changé depuis l’ouverture de la page. Relisez-la, puis "
    "recommencez.",
    "offer_closed": "Cette offre est fermée : elle ne change plus. Écrivez-en une nouvelle.",
    "offer_incomplete": "Il manque encore quelque chose à cette offre : la liste est en haut de sa "
    "page.",
    "reserved_for_missing": "Dites à qui ces places sont réservées.",
    "reserved_held": "Des élèves ont déjà pris les autres places : vous pouvez en réserver "
    "%(most)s au plus.",
    "reserved_number": "Réservez entre 0 et %(most)s places : pas plus que vous n’en offrez.",
    "seats_held": "Des élèves ont déjà %(held)s de ces places%(when)s : gardez-en au moins autant, "
    "chaque semaine cochée.",
    "seats_number": "Écrivez un nombre de places, de 1 à %(most)s.",
    "seats_too_many": "Cela fait plus de %(most)s places pour une seule offre. Cochez moins de "
    "semaines, ou comptez les places en tout.",
    "sector_not_listed": "Cet univers n’existe pas. Choisissez dans la liste.",
    "site_blocked": "L’inspection du travail a signalé ce site : aucun élève ne peut y aller.",
    "site_fixed": "Le site ne change plus : cette offre a déjà été envoyée ou accueille des "
    "élèves. Écrivez une nouvelle offre pour l’autre site.",
    "week_over": "Cette semaine est passée (%(week)s) : décochez-la.",
    "weeks_held": "Des élèves ont déjà une place %(weeks)s : gardez ces semaines.",
    "weeks_missing": "Cochez au moins une semaine.",
    # Approvals
    "already_answered": "Quelqu’un a répondu avant vous : la liste est à jour.",
    "words_long": "Écrivez %(most)s caractères au plus.",
    "words_missing": "Écrivez en quelques mots ce qui ne va pas : la personne les lira.",
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
    # The foundation
    "block_yourself": "Vous ne pouvez pas bloquer votre propre compte : demandez à un collègue.",
    "last_of_foundation": "C’est la dernière personne de la fondation : donnez d’abord ce rôle à "
    "quelqu’un d’autre.",
    "role_for_adults": "Un élève ne peut pas recevoir de rôle.",
    "role_held": "Cette personne a déjà ce rôle à cet endroit.",
    "role_where": "Écrivez l’UAI du collège ou le SIREN de l’entreprise, ou choisissez le "
    "territoire, selon le rôle ; rien pour la fondation.",
    "setting_changed": "Ce réglage vient d’être changé par quelqu’un d’autre : rechargez la page.",
    "setting_range": "Écrivez un nombre de %(least)s à %(most)s.",
    "why_long": "Écrivez %(most)s caractères au plus.",
    "why_missing": "Écrivez pourquoi : ces mots restent dans le journal.",
    # Texts of the law
    "legal_text_changed": "Un de ces textes vient de changer. Le voici à jour : relisez-le, puis "
    "acceptez-le.",
    # Campaigns and runs
    "campaign_closed_already": "Cette campagne est déjà fermée.",
    "campaign_dates": "La fin des vœux vient après leur début : choisissez une date plus tardive.",
    "campaign_of_other_territories": "Cette campagne touche d’autres territoires que les vôtres : "
    "demandez à la personne qui les coordonne tous, ou à la fondation.",
    "campaign_territory_not_yours": "Un des territoires cochés n’est pas le vôtre. Décochez-le.",
    "campaign_territory_taken": "Un des territoires cochés est déjà dans une campagne ouverte. "
    "Fermez-la d’abord, ou décochez ce territoire.",
    "campaign_without_territory": "Cochez au moins un territoire.",
    "policy_after_a_round": "Un tour est déjà publié : sa règle vaut pour toute la campagne.",
    "policy_promised": "Les élèves classent leurs vœux en sachant que l’ordre ne se calcule pas : "
    "cette promesse ne se reprend pas une fois les vœux ouverts.",
    "run_not_done": "Cet essai n’est pas terminé : attendez sa fin, ou lancez-en un autre.",
    "run_of_another_policy": "Cet essai suit une autre règle que la campagne. Choisissez d’abord "
    "cette règle dans la comparaison, ou lancez un essai.",
    "run_of_an_earlier_round": "Un autre essai a été publié depuis. Lancez un nouvel essai.",
    "run_published_already": "Cet essai est déjà publié.",
    "run_stale": "Des données ont changé depuis cet essai (%(count)s). Rien n’a été publié : "
    "relancez l’essai, puis publiez-le.",
    "wishes_closed_already": "Les vœux sont déjà fermés.",
    "wishes_not_open_yet": "Les vœux ne sont pas encore ouverts : il n’y a rien à fermer.",
    "wishes_still_open": "Les vœux sont encore ouverts. Fermez-les, ou attendez leur date de fin, "
    "puis relancez un essai.",
    "year_nothing_before": "Rien ne date d’avant l’année %(year)s : il n’y a rien à ranger.",
    "year_open_already": "L’année %(year)s est déjà ouverte : rien n’a été changé.",
    # Placements and answers
    "answered_already": "Une réponse a déjà été enregistrée. La voici.",
    "decline_without_reason": "Choisissez une raison : elle aide à proposer mieux ensuite.",
    "limit_reached": "Une limite de cette offre, ou un choix de son collège, ne permet pas "
    "d’accueillir cet élève dans ses semaines.",
    "no_free_seat": "La dernière place vient d’être prise. Ouvrez une autre place ou une autre "
    "semaine pour accueillir cet élève.",
    "no_road_link": "Aucune route ne relie cet élève à votre site.",
    "offer_not_accessible": "Cet élève a besoin d’un lieu accessible, et cette offre ne l’est pas.",
    "offer_not_published": "Cette offre n’est pas publiée : republiez-la d’abord.",
    "pair_refused": "Un refus a déjà été enregistré entre cet élève et cette offre.",
    "placement_changed": "Cette proposition a changé depuis l’ouverture de la page. La voici à "
    "jour.",
    "placement_ended": "Cette proposition est terminée : la place est libre pour quelqu’un "
    "d’autre.",
    "pupil_not_in_a_published_round": "Les résultats ne sont pas encore publiés : vous pourrez "
    "accueillir cet élève ensuite, s’il n’a rien.",
    "pupil_out_of_reach": "Cet élève est trop loin de votre site pour son établissement.",
    "pupil_placed_already": "Cet élève vient d’avoir une place ailleurs.",
    "school_answers_first": "L’établissement répond en premier. Revenez quand il aura répondu.",
    "status_changed": "L’état a changé depuis l’ouverture de la page. Le voici à jour.",
    "too_late_to_answer": "Le délai de réponse est passé : la place est rendue.",
    # Communes
    "commune_ambiguous": "Plusieurs communes sont possibles. Choisissez la bonne dans la liste.",
    "commune_unknown": "Cette commune est inconnue à ce code postal. Vérifiez l’un et l’autre.",
}

SENTENCES |= (
    ACCOUNT
    | RULES
    | SCHOOL
    | {code: text for code, text in FILES.items() if code.startswith("import_")}
)


def sentence(code: str, **values: Any) -> str:
    """The sentence of a code, in the language of the page. KeyError for an unknown code."""
    return typo(gettext(SENTENCES[code]) % values)
