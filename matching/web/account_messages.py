"""Sentences about accounts: code → French sentence, sorted by subject."""

from matching.translated import Translated

ACCOUNT: Translated[dict[str, str]] = {
    # Invitations
    "adults_only": "Cette invitation est pour un adulte : connectez-vous avec un autre compte.",
    "already_colleague": "Cette personne travaille déjà ici.",
    "invitation_accepted": "Cette invitation a déjà été acceptée.",
    "role_not_yours": "Vous ne pouvez pas donner ce rôle. Choisissez dans la liste.",
    # A second factor
    "code_wrong": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis "
    "recommencez.",
    "second_factor_own": "Retirez la vôtre depuis votre compte, avec votre mot de passe.",
    "two_factor_not_begun": "Recommencez depuis le début : la page a changé entre-temps.",
    "two_factor_required": "Votre rôle demande la double vérification : elle ne peut pas être "
    "retirée.",
    # Vetting of hosts
    "company_not_vetted": "Dites d’abord comment vous avez vérifié la personne qui accueillera.",
    "vetting_free_mail": "Chacun peut avoir une adresse en %(domain)s : elle ne prouve rien. "
    "Rappelez la personne, ou demandez un document.",
    "vetting_long": "Écrivez %(most)s caractères au plus.",
    "vetting_note": "Notez qui vous a répondu, à quel numéro, et quand : dix caractères au moins.",
    "vetting_person": "Choisissez une personne de l’entreprise.",
    "vetting_reference": "Écrivez la référence du document, et choisissez ce qu’il est.",
    "vetting_unproved": "Cette personne n’a pas encore confirmé son adresse. Rappelez-la, ou "
    "attendez.",
    # Passwords and addresses
    "email_of_another": "Cette adresse sert déjà à un autre compte : la vôtre reste l’ancienne.",
    "email_same": "C’est déjà votre adresse. Écrivez la nouvelle.",
    "link_dead": "Ce lien ne sert plus : il a déjà servi, ou son délai est passé. Demandez-en un "
    "autre.",
    "password_wrong": "Ce n’est pas votre mot de passe actuel. Recommencez.",
}
