"""A school marks pupils who are not sent to one place together.

Nobody is asked why, and nothing says it: the reason may be about health, a family or a complaint,
and no placement needs it. The mark goes with the pupil's row.
"""

from collections.abc import Sequence

from matching import clock
from matching.database import db, new_reference, transactional
from matching.errors import RuleBroken
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.users import User
from matching.queries import pupils as queries
from matching.services import schools


@transactional
def keep_apart(teacher: User, school: School, pupils: Sequence[Pupil]) -> None:
    """Make one set of these pupils of the school; the same set twice changes nothing.

    A pupil is in one set at most: the matcher is exact while sets share nobody. Raises RuleBroken
    ``kept_apart_two`` for fewer than two pupils, ``kept_apart_already`` (value ``name``) when one
    is in another set, and ``school_closed``.
    """
    schools.refuse_closed(school)
    schools.lock(school)
    if len(pupils) < 2:
        raise RuleBroken("kept_apart_two", field="pupils")
    sets = _sets(school)
    chosen = {one.id for one in pupils}
    if any({one.id for one in members} == chosen for members in sets.values()):
        return
    taken = {one.id for members in sets.values() if len(members) > 1 for one in members}
    for one in pupils:
        if one.school_id != school.id:
            raise ValueError("a pupil of another school")
        if one.id in taken:
            raise RuleBroken("kept_apart_already", field="pupils", name=one.first_name)
    mark = new_reference()
    for one in pupils:
        one.kept_apart = mark


@transactional
def let_together(teacher: User, school: School, mark: str) -> bool:
    """Undo a set; False when it was undone already."""
    schools.lock(school)
    members = _sets(school).get(mark, [])
    for one in members:
        one.kept_apart = None
    return bool(members)


def _sets(school: School) -> dict[str, list[Pupil]]:
    """The pupils of each mark, freshly read."""
    found: dict[str, list[Pupil]] = {}
    rows = queries.kept_apart(school, clock.school_year()).execution_options(populate_existing=True)
    for one in db.session.scalars(rows):
        found.setdefault(one.kept_apart or "", []).append(one)
    return found
