"""Behind a proxy the visitor's own address is counted; without one, nobody can pretend."""

import pytest
import sqlalchemy as sa

from matching.models.sign_ins import Attempt
from matching.services import throttle
from tests.conftest import application

WRONG = {"login_name": "KTRM4W7P", "code": "B" * 16}


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "192.0.2.9")])
def test_failures_count_for_the_visitor_and_not_for_the_proxy(tmp_path, proxies, counted):
    from matching.database import db

    app = application(f"sqlite:///{tmp_path}/letabli.db", tmp_path, proxies=proxies)
    header = {"X-Forwarded-For": "198.51.100.1, 192.0.2.9"}
    app.test_client().post("/connexion/eleve", data=WRONG, headers=header)
    with app.app_context():
        keys = set(db.session.scalars(sa.select(Attempt.key)))
        assert throttle._key(throttle.ADDRESS, counted) in keys
        db.session.remove()
        db.engine.dispose()
