"""`letabli new-year` and `letabli refresh-communes`, as an operator types them."""

import pytest
import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.models.schools import School
from tests.commands.commands import letabli
from tests.conftest import application
from tests.factories import people, places


@pytest.fixture
def settings(tmp_path):
    """A small demonstration whose only class is of the year before."""
    settings = {"LETABLI_INSTANCE": str(tmp_path), "LETABLI_DEMO": "1"}
    assert letabli("migrate", **settings).returncode == 0
    app = application(f"sqlite:///{tmp_path / 'letabli.db'}", tmp_path, demo=True)
    with app.app_context():
        people.pupil(places.class_group(school_year=clock.school_year() - 1))
        db.session.execute(sa.update(School).values(commune_code="99999"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return settings


def test_a_year_opens_once_and_says_what_it_did(settings) -> None:
    first = letabli("new-year", **settings)
    assert "1 classes rangées, 1 comptes d’élèves fermés" in first.stdout
    assert "Commune inconnue\u00a0: 99999 (school, 1 lignes" in first.stdout
    assert first.returncode == 1  # a commune to look at
    again = letabli("new-year", **settings)
    assert again.returncode == 2
    assert "est déjà ouverte" in again.stderr
    assert letabli("refresh-communes", **settings).returncode == 1
