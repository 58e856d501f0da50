"""Who may do what: one table, permission → predicates, any of which is enough.

A permission opens a door; which rows are behind it is said by ``visible_to`` in ``queries``: the
row of somebody else is not found, rather than forbidden.
"""

from collections.abc import Callable
from enum import StrEnum

from matching.models.users import SCHOOL_ROLES, Membership, Role, User

Predicate = Callable[[User], bool]


class Permission(StrEnum):
    """``space:subject:action``."""

    PUPIL_SPACE = "pupil:space:see"
    PUPIL_WISHES = "pupil:wishes:rank"
    PUPIL_PLACEMENT_ANSWER = "pupil:placement:answer"
    SCHOOL_SPACE = "school:space:see"
    SCHOOL_ENROL = "school:pupils:enrol"
    SCHOOL_KEEP_APART = "school:pupils:keep-apart"
    SCHOOL_SETTINGS = "school:settings:change"
    SCHOOL_PLACEMENT_ANSWER = "school:placement:answer"
    COMPANY_SPACE = "company:space:see"
    COMPANY_OFFERS = "company:offers:write"
    COMPANY_PLACEMENT_ANSWER = "company:placement:answer"
    LEGAL_ACCEPT = "legal:texts:accept"
    FOUNDATION_SPACE = "foundation:space:see"
    FOUNDATION_CHANGE = "foundation:rows:change"
    OWN_ACCOUNT = "account:self:change"
    TEAM = "account:team:invite"
    TERRITORY_SPACE = "territory:space:see"
    TERRITORY_APPROVE = "territory:queue:approve"
    TERRITORY_RUN = "territory:campaign:run"
    TERRITORY_PUBLISH = "territory:campaign:publish"


def memberships_of(user: User) -> list[Membership]:
    """The live memberships; of the place where the user works now, if there are several."""
    return user.in_force


def has_role(user: User, *roles: Role) -> bool:
    """Does the user hold one of these roles somewhere?"""
    return any(membership.role in roles for membership in memberships_of(user))


def is_pupil(user: User) -> bool:
    """Pupils are the users with a login name."""
    return user.login_name is not None


def is_adult(user: User) -> bool:
    """Adults are the users with an e-mail address."""
    return user.email is not None


def works_in_a_school(user: User) -> bool:
    """Head, class teacher or clerk."""
    return has_role(user, *SCHOOL_ROLES)


def heads_a_school(user: User) -> bool:
    """Head of school: signs agreements, sets the weeks and the reach."""
    return has_role(user, Role.PRINCIPAL)


def teaches_or_heads(user: User) -> bool:
    """The clerk prepares files and signs nothing (reference: domain, glossary)."""
    return has_role(user, Role.PRINCIPAL, Role.CLASS_TEACHER)


def works_in_a_company(user: User) -> bool:
    """Member of a company."""
    return has_role(user, Role.COMPANY_MEMBER)


def coordinates_a_territory(user: User) -> bool:
    """Coordinator of a territory."""
    return has_role(user, Role.TERRITORY_COORDINATOR)


def runs_the_foundation(user: User) -> bool:
    """Member of the foundation, a coordinator of every territory."""
    return has_role(user, Role.FOUNDATION_ADMIN)


_COORDINATION: tuple[Predicate, ...] = (coordinates_a_territory, runs_the_foundation)

PERMISSIONS: dict[Permission, tuple[Predicate, ...]] = {
    Permission.PUPIL_SPACE: (is_pupil,),
    Permission.PUPIL_WISHES: (is_pupil,),
    Permission.PUPIL_PLACEMENT_ANSWER: (is_pupil,),
    Permission.SCHOOL_SPACE: (works_in_a_school,),
    Permission.SCHOOL_ENROL: (works_in_a_school,),
    Permission.SCHOOL_KEEP_APART: (teaches_or_heads,),
    Permission.SCHOOL_SETTINGS: (teaches_or_heads,),
    Permission.SCHOOL_PLACEMENT_ANSWER: (teaches_or_heads,),
    Permission.COMPANY_SPACE: (works_in_a_company,),
    Permission.COMPANY_OFFERS: (works_in_a_company,),
    Permission.COMPANY_PLACEMENT_ANSWER: (works_in_a_company,),
    Permission.LEGAL_ACCEPT: (works_in_a_school, works_in_a_company),
    Permission.FOUNDATION_SPACE: (runs_the_foundation,),
    Permission.FOUNDATION_CHANGE: (runs_the_foundation,),
    Permission.OWN_ACCOUNT: (is_adult,),
    Permission.TEAM: (works_in_a_school, works_in_a_company, coordinates_a_territory),
    Permission.TERRITORY_SPACE: _COORDINATION,
    Permission.TERRITORY_APPROVE: _COORDINATION,
    Permission.TERRITORY_RUN: _COORDINATION,
    Permission.TERRITORY_PUBLISH: _COORDINATION,
}


def can(user: User, permission: Permission) -> bool:
    """May ``user`` open this door?"""
    return any(predicate(user) for predicate in PERMISSIONS[permission])
