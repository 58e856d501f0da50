"""The rows behind an address of the school space: the person's own, or a 404."""

import sqlalchemy as sa
from flask import abort

from matching import clock
from matching.database import db
from matching.models.pupils import Pupil
from matching.models.schools import ClassGroup, School
from matching.queries import pupils, schools
from matching.web.guards import signed_in


def own_school() -> School:
    """The school in which the person works."""
    return db.session.scalars(schools.visible_to(signed_in())).first() or abort(404)


def own_classes() -> list[ClassGroup]:
    """The classes that the person sees this year, by name."""
    return list(db.session.scalars(visible_classes()))


def own_class(ref: str) -> ClassGroup:
    """One of them."""
    return db.session.scalar(visible_classes().where(ClassGroup.ref == ref)) or abort(404)


def own_pupils() -> list[Pupil]:
    """The pupils of these classes, by class and name."""
    return list(db.session.scalars(pupils.visible_to(signed_in(), clock.school_year())))


def own_pupil(ref: str) -> Pupil:
    """One of them."""
    query = pupils.visible_to(signed_in(), clock.school_year()).where(Pupil.ref == ref)
    return db.session.scalar(query) or abort(404)


def visible_classes() -> sa.Select[ClassGroup]:
    """The classes that the person sees this year."""
    return schools.classes_visible_to(signed_in(), clock.school_year())
