"""The texts of the law in short, for who does not read French: only the French texts bind."""

from flask_babel import gettext

from matching.rules.legal_texts import LegalText
from matching.translated import Translated

SUMMARIES: Translated[dict[LegalText, tuple[str, ...]]] = {
    LegalText.PRIVACY_PUPILS: (
        (
            "Ton collège décide de ce qui est fait de tes informations. La fondation les range "
            "pour lui, et pour rien d’autre."
        ),
        (
            "Nous gardons ton nom, ta date de naissance, ta classe, tes univers, tes vœux et "
            "ton stage ; ni ton adresse, ni ton téléphone, ni ta photo."
        ),
        "Aucune entreprise ne lit ton prénom avant que ton collège ait dit oui.",
        "Un calcul propose une place ; des personnes disent oui ou non, toi aussi.",
        "Tout est effacé le 31 août au plus tard.",
        (
            "Tu peux demander à voir ou à corriger tes informations, ou dire que tu n’es pas "
            "d’accord."
        ),
    ),
    LegalText.PRIVACY_GUARDIANS: (
        (
            "Le collège de votre enfant est responsable de ses informations ; la fondation les "
            "traite pour lui, selon un contrat."
        ),
        (
            "Sont gardés : nom, date de naissance, classe, commune si le collège l’écrit, "
            "besoin d’un lieu accessible par oui ou non, vœux, stage ; et de quoi vous joindre."
        ),
        "L’entreprise apprend qui vient par étapes, jamais avant l’accord du collège.",
        "Aucune décision n’est prise par la machine seule, et votre désaccord vaut un non.",
        "Tout est effacé le 31 août au plus tard.",
        "Vous pouvez voir, corriger, limiter, vous opposer ; et vous plaindre à la CNIL.",
    ),
    LegalText.PRIVACY_COMPANIES: (
        (
            "La fondation est responsable des données des entreprises et de leurs représentants "
            "; le collège, de celles de ses adultes."
        ),
        (
            "Sont gardés : l’entreprise, ses sites et ses offres ; votre nom, votre adresse "
            "professionnelle, votre rôle, vos connexions, les textes acceptés."
        ),
        "Tout le monde voit l’entreprise, la commune et l’offre, jamais qui appeler.",
        "Votre compte est effacé deux ans après votre dernière connexion.",
        "Ce que vous apprenez d’un élève sert à l’accueillir, et à rien d’autre.",
    ),
    LegalText.TERMS: (
        (
            "L’Établi est gratuit, et ouvert aux élèves avec leur carte, aux collèges, aux "
            "entreprises et aux coordinateurs."
        ),
        (
            "L’entreprise dit vrai, nomme un tuteur, respecte les horaires et les travaux "
            "interdits aux mineurs, ne trie pas les élèves, répond à temps et s’assure."
        ),
        (
            "Le collège informe les familles, regarde chaque proposition, fait signer une "
            "convention et suit l’élève."
        ),
        (
            "La fondation montre comment les places sont données, garde peu de données et les "
            "efface à temps."
        ),
        "Elle peut bloquer ce qui met des personnes en danger, en disant pourquoi.",
    ),
    LegalText.PROCESSING_CONTRACT: (
        (
            "Le collège est responsable du traitement, la fondation est sous-traitante (RGPD, "
            "article 28)."
        ),
        (
            "Elle n’agit que sur ses instructions, tient le secret, aide le collège à répondre "
            "aux personnes et le prévient d’une violation en quarante-huit heures."
        ),
        "Un seul autre sous-traitant, l’hébergeur ; aucune donnée ne quitte l’Union européenne.",
        (
            "Les données des élèves sont effacées le 31 août ; les sauvegardes, que la fondation "
            "règle avec son hébergeur, en trente jours."
        ),
    ),
    LegalText.LEGAL_NOTICE: (
        "Cette page dit qui publie le site, comment le joindre, et qui l’héberge.",
        "L’Établi est un logiciel libre, et ne charge rien depuis un autre site.",
        "Un seul cookie vous garde connecté et retient votre langue ; il ne vous suit pas.",
    ),
    LegalText.ACCESSIBILITY: (
        (
            "Aucun audit n’a été fait : le site se déclare donc non conforme, même si beaucoup "
            "de choses sont essayées à chaque changement."
        ),
        (
            "Les lecteurs d’écran, Firefox, Safari et les essais avec des personnes handicapées "
            "manquent encore."
        ),
        (
            "Quelque chose vous bloque ? Écrivez-nous : vous recevrez une réponse, et une autre "
            "façon de faire."
        ),
    ),
}


def summary(which: LegalText) -> list[str]:
    """The lines of the summary, in the language of the page."""
    return [str(gettext(line)) for line in SUMMARIES[which]]
