"""Files of pupils, sent and confirmed as a person does it."""

import sqlalchemy as sa

from matching.database import db
from matching.models.imports import ImportPreview
from matching.models.pupils import Pupil
from matching.queries import pupils as pupil_queries
from matching.services import imports

HEAD = "Nom;Prénom;Date de naissance;Classe"
THREE = (
    f"{HEAD}\nDURAND;Léa;04/05/2012;3e A\nPETIT;Hugo;01/02/2012;3e A\nROUX;Zoé;09/09/2012;3e B\n"
)


def send(user, school, text, encoding="utf-8", **more):
    """Send a file; what is wrong with it, as its page shows it."""
    data = text if isinstance(text, bytes) else text.encode(encoding)
    unreadable = imports.send(user, school, data, **more)
    if unreadable is not None:
        return [unreadable]
    return imports.plan_of(user, kept(db.session, user)).problems


def kept(session, user) -> ImportPreview | None:
    return session.scalar(pupil_queries.import_of(user))


def confirm(session, user):
    preview = kept(session, user)
    return imports.confirm(user, preview.school, seen=imports.plan_of(user, preview).mark)


def run(session, user, school, text, **more):
    assert send(user, school, text, **more) == []
    return confirm(session, user)


def listed(session, school) -> list[tuple[str, str, str]]:
    return [
        (pupil.last_name, pupil.first_name, pupil.class_group.name)
        for pupil in session.scalars(
            sa.select(Pupil).where(Pupil.school_id == school.id).order_by(Pupil.identity)
        )
    ]
