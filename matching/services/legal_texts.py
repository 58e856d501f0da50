"""A school or a company accepts the texts in force."""

from collections.abc import Mapping

from matching.database import db, transactional
from matching.errors import Stale
from matching.models.companies import Company
from matching.models.legal_texts import LegalAcceptance
from matching.models.schools import School
from matching.models.users import Role, User
from matching.queries import legal_texts
from matching.rules.legal_texts import LegalText, in_force


@transactional
def accept(
    actor: User, party: School | Company, *, seen: Mapping[LegalText, int] | None = None
) -> list[LegalText]:
    """Write down that ``actor`` accepts, for ``party``, all that it waits for and he may accept.

    ``seen`` is the edition of each text that the page showed. Returns what was accepted: nothing
    the second time. Raises Stale ``legal_text_changed`` when a newer edition came meanwhile.
    """
    db.session.refresh(party, with_for_update=True)
    waiting = legal_texts.to_accept(db.session(), party)
    wanted = [text for text in waiting if may_accept(actor, party, text)]
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


def may_accept(actor: User, party: School | Company, text: LegalText) -> bool:
    """The contract binds the school: only its head, or the deputy who acts for him, accepts it."""
    if text is not LegalText.PROCESSING_CONTRACT or isinstance(party, Company):
        return True
    return any(
        one.role is Role.PRINCIPAL and one.school_id == party.id and one.ended_at is None
        for one in actor.memberships
    )
