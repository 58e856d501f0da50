"""A person with several places works in one at a time, chosen in the header and kept by session."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matching.models.users import Membership, Role, User


def places_of(user: User) -> dict[str, Membership]:
    """The places where the person has a live role, each with a role there, the oldest first."""
    found: dict[str, Membership] = {}
    for one in user.memberships:
        if one.ended_at is None:
            found.setdefault(one.place, one)
    return found


def choose(user: User, wanted: Any) -> None:
    """Work in the place that was asked for, else in the first one; nothing for a single place."""
    live = [one for one in user.memberships if one.ended_at is None]
    if len(live) < 2:
        return
    places = places_of(user)
    if len(places) > 1:
        user.acting_in = wanted if wanted in places else next(iter(places))


def name_of(membership: Membership) -> str:
    """What the place is called."""
    if membership.school is not None:
        return membership.school.name
    if membership.company is not None:
        return membership.company.name
    if membership.role is Role.FOUNDATION_ADMIN:
        return str(_("La fondation"))
    return str(_("Mes territoires"))


ROLES = {
    Role.PRINCIPAL: _l("chef d’établissement ou adjoint"),
    Role.CLASS_TEACHER: _l("professeur"),
    Role.SCHOOL_CLERK: _l("secrétariat"),
    Role.COMPANY_MEMBER: _l("membre de l’entreprise"),
    Role.TERRITORY_COORDINATOR: _l("coordination du territoire"),
    Role.FOUNDATION_ADMIN: _l("fondation"),
}


def role_name(role: Role) -> str:
    """What the person is there."""
    return str(ROLES[role])
