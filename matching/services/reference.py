"""Reference rows that the tables point to, loaded from the shipped files."""

import sqlalchemy as sa

from matching.database import db, transactional
from matching.geography import territories as shipped
from matching.models.territories import Territory

VINTAGES = (2018, 2023)


@transactional
def load_territories() -> int:
    """Bring the table of territories to the shipped list; return how many rows it then has.

    Rows are renamed, never deleted: schools and campaigns point to them.
    """
    known = {(row.vintage, row.code): row for row in db.session.scalars(sa.select(Territory))}
    for vintage in VINTAGES:
        for given in shipped.territories(vintage):
            row = known.get((given.vintage, given.code))
            if row is None:
                row = Territory(vintage=given.vintage, code=given.code)
                db.session.add(row)
                known[given.vintage, given.code] = row
            row.name, row.region = given.name.replace("'", "’"), given.region
    return len(known)
