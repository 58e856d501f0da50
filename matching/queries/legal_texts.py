"""What a school or a company has accepted, and what it still has to accept."""

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.orm import Session

from matching.models.companies import Company
from matching.models.legal_texts import LegalAcceptance
from matching.models.schools import School
from matching.models.users import Membership, Role, User
from matching.rules.legal_texts import (
    ACCEPTED_BY_COMPANIES,
    ACCEPTED_BY_SCHOOLS,
    LegalText,
    in_force,
)


def accepted_by(party: School | Company) -> Select[LegalAcceptance]:
    """Every acceptance in the name of this school or company, the first one first."""
    column = LegalAcceptance.school_id if isinstance(party, School) else LegalAcceptance.company_id
    return sa.select(LegalAcceptance).where(column == party.id).order_by(LegalAcceptance.id)


def to_accept(session: Session, party: School | Company) -> list[LegalText]:
    """The texts whose edition in force nobody has accepted yet in the name of ``party``."""
    accepted = {(row.text, row.version) for row in session.scalars(accepted_by(party))}
    wanted = ACCEPTED_BY_SCHOOLS if isinstance(party, School) else ACCEPTED_BY_COMPANIES
    return [text for text in wanted if (text, in_force(text).version) not in accepted]


def heads_of(school: School) -> Select[User]:
    """Those who may bind the school, by name."""
    held = sa.select(Membership.user_id).where(
        Membership.school_id == school.id,
        Membership.role == Role.PRINCIPAL,
        Membership.ended_at.is_(None),
    )
    return (
        sa.select(User)
        .where(User.id.in_(held), User.blocked_at.is_(None))
        .order_by(User.last_name, User.first_name, User.id)
    )
