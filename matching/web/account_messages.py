"""Sentences about accounts: code → French sentence, sorted by subject."""

ACCOUNT: dict[str, str] = {
    # Passwords and addresses
    "email_of_another": "Cette adresse sert déjà à un autre compte : la vôtre reste l’ancienne.",
    "email_same": "C’est déjà votre adresse. Écrivez la nouvelle.",
    "link_dead": "Ce lien ne sert plus : il a déjà servi, ou son délai est passé. Demandez-en un "
    "autre.",
    "password_wrong": "Ce n’est pas votre mot de passe actuel. Recommencez.",
}
