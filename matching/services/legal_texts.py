"""A school or a company accepts the texts in force."""

from collections.abc import Mapping

from matching.database import db, transactional
from matching.errors import Stale
from matching.models.companies import Company
from matching.models.legal_texts import LegalAcceptance
from matching.models.schools import School
from matching.models.users import User
from matching.queries import legal_texts
from matching.rules.legal_texts import LegalText, in_force


@transactional
def accept(
    actor: User, party: School | Company, *, seen: Mapping[LegalText, int] | None = None
) -> list[LegalText]:
    """Write down that ``actor`` accepts, for ``party``, all that it still has to accept.

    ``seen`` is the edition of each text that the page showed. Returns what was accepted: nothing
    the second time. Raises Stale ``legal_text_changed`` when a newer edition came meanwhile.
    """
    db.session.refresh(party, with_for_update=True)
    wanted = legal_texts.to_accept(db.session(), party)
    for text in wanted:
        version = in_force(text).version
        if seen is not None and seen.get(text) != version:
            raise Stale("legal_text_changed")
        db.session.add(
            LegalAcceptance(
                text=text,
                version=version,
                school_id=party.id if isinstance(party, School) else None,
                company_id=party.id if isinstance(party, Company) else None,
                user_id=actor.id,
            )
        )
    db.session.flush()
    return wanted
