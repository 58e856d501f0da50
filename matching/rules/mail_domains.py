"""What the domain of an e-mail address proves."""

# Anybody can open an address there: it proves no link with a school or a company.
FREE_MAIL = frozenset(
    {
        *("gmail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr"),
        *("yahoo.com", "yahoo.fr", "icloud.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr"),
        *("laposte.net", "bbox.fr", "gmx.fr", "proton.me", "protonmail.com"),
    }
)


def domain_of(email: str) -> str:
    """What follows the @, in small letters."""
    return email.rpartition("@")[2].lower()
