"""The texts that the law asks for: their editions, and which must be accepted by whom.

The words are in ``templates/legal/``. Whoever changes them in more than spelling adds an edition
here: what must be accepted is then asked again.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LegalText(StrEnum):
    """A text of ours; the value is the end of its address."""

    PRIVACY_PUPILS = "vie-privee-eleves"
    PRIVACY_GUARDIANS = "vie-privee-familles"
    PRIVACY_COMPANIES = "vie-privee-entreprises"
    TERMS = "conditions-d-utilisation"
    PROCESSING_CONTRACT = "contrat-de-traitement"
    LEGAL_NOTICE = "mentions-legales"
    ACCESSIBILITY = "accessibilite"


@dataclass(frozen=True, slots=True)
class Edition:
    """One wording of a text: numbered from 1, in force from a day on."""

    version: int
    since: date


# The last edition is the one in force.
EDITIONS: dict[LegalText, tuple[Edition, ...]] = {
    text: (Edition(1, date(2026, 11, 22)),) for text in LegalText
} | {
    # How long adults are kept, and whose backups they are.
    text: (Edition(1, date(2026, 11, 22)), Edition(2, date(2026, 11, 22)))
    for text in (LegalText.PRIVACY_COMPANIES, LegalText.PROCESSING_CONTRACT)
}

# RGPD art. 28: the school keeps the say over its pupils' data, so a contract binds the two.
ACCEPTED_BY_SCHOOLS = (LegalText.TERMS, LegalText.PROCESSING_CONTRACT)
ACCEPTED_BY_COMPANIES = (LegalText.TERMS,)


def in_force(text: LegalText) -> Edition:
    """The edition that holds today."""
    return EDITIONS[text][-1]
