"""Adults with a role, and pupils."""

import itertools
from datetime import date

from matching.database import db
from matching.models.pupils import Pupil
from matching.models.users import Membership, Role, User

_numbers = itertools.count(1)
# argon2id of "correct-horse-9": hashing it anew in each test would cost more than the test.
PASSWORD = "correct-horse-9"


def adult(role: Role | None = None, *, school=None, company=None, territory=None, **values) -> User:
    """An adult, with one membership when a role is given."""
    number = next(_numbers)
    user = User(
        email=values.pop("email", f"adult{number}@example.org"),
        password_hash=values.pop("password_hash", "not-a-hash"),
        first_name=values.pop("first_name", "Camille"),
        last_name=values.pop("last_name", f"Adulte{number}"),
        **values,
    )
    db.session.add(user)
    db.session.flush()
    if role is not None:
        db.session.add(
            Membership(user=user, role=role, school=school, company=company, territory=territory)
        )
    db.session.commit()
    return user


def one_of_each(pupil: Pupil, company, territory) -> dict[str, User | None]:
    """A visitor, this pupil, an adult of each role (at his school), and one who has none yet."""
    school = pupil.school
    return {
        "visitor": None,
        "pupil": pupil.user,
        "principal": adult(Role.PRINCIPAL, school=school),
        "class_teacher": adult(Role.CLASS_TEACHER, school=school),
        "school_clerk": adult(Role.SCHOOL_CLERK, school=school),
        "company_member": adult(Role.COMPANY_MEMBER, company=company),
        "territory_coordinator": adult(Role.TERRITORY_COORDINATOR, territory=territory),
        "foundation_admin": adult(Role.FOUNDATION_ADMIN),
        "nobody_yet": adult(),
    }


def pupil(class_group, **values) -> Pupil:
    """A pupil of this class, with an account whose code nobody knows."""
    number = next(_numbers)
    user = User(login_name=f"eleve{number}", code_hash="not-a-hash")
    row = Pupil(
        user=user,
        school_id=class_group.school_id,
        class_group=class_group,
        school_year=class_group.school_year,
        first_name=values.pop("first_name", "Inès"),
        last_name=values.pop("last_name", f"Élève{number}"),
        birth_date=values.pop("birth_date", date(class_group.school_year - 14, 5, 4)),
        identity=values.pop("identity", f"eleve{number}|ines|2012-05-04"),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row
