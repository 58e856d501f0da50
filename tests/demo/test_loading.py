"""Loading is all or nothing, drawn again alike, and never touches a real installation."""

import pytest
import sqlalchemy as sa

from matching import warming
from matching.database import Base, db
from matching.demo import answers, people, world
from matching.models.campaigns import Campaign
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import School
from matching.models.territories import Territory
from tests.commands.commands import letabli
from tests.conftest import application, empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def demo_app(request: pytest.FixtureRequest, tmp_path, monkeypatch, solved_here):
    """An empty database in demonstration mode; the matcher answers in this process."""
    monkeypatch.setattr(warming, "warm", lambda *_policies: None)
    with empty_database(request.param, tmp_path) as url:
        app = application(url, tmp_path, demo=True)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def rows() -> dict[str, int]:
    """How many rows each table has, territories apart."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
        if name != "territory"
    }


def picture() -> tuple:
    """What a visitor would recognise."""
    pupils = sa.select(Pupil.ref, Pupil.lottery_reference, Pupil.identity).order_by(Pupil.ref)
    told = sa.select(
        Pupil.ref, Placement.week, Placement.distance_m, Placement.status, Placement.school_answer
    ).join(Pupil, Pupil.id == Placement.pupil_id)
    seeds = sa.select(Campaign.ref, Campaign.seed).order_by(Campaign.ref)
    return (
        rows(),
        db.session.execute(pupils).all(),
        db.session.execute(told.order_by(Pupil.ref)).all(),
        db.session.execute(seeds).all(),
    )


def test_a_load_that_is_interrupted_leaves_nothing(demo_app, monkeypatch):
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(answers, "plant", interrupted)
    with pytest.raises(KeyboardInterrupt):
        world.build(demo_app.config["SETTINGS"])
    assert set(rows().values()) == {0}
    assert world.is_empty()
    assert not (demo_app.config["SETTINGS"].instance / people.FILE).exists()


@pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)  # the world is drawn alike on both
def test_starting_over_gives_the_same_world_again(demo_app):
    settings = demo_app.config["SETTINGS"]
    world.build(settings)
    assert not world.is_empty()
    before, list_before = picture(), (settings.instance / people.FILE).read_text()
    db.session.execute(sa.update(School).values(name="Renommé"))
    db.session.commit()
    world.rebuild(settings)
    assert picture() == before
    assert (settings.instance / people.FILE).read_text() == list_before
    assert not db.session.scalars(sa.select(School).where(School.name == "Renommé")).all()
    assert len(db.session.scalars(sa.select(Territory.id)).all()) > 300


def test_a_real_installation_is_never_emptied(tmp_path):
    with empty_database("sqlite", tmp_path) as url:
        done = letabli(
            "demo", "--reset",
            LETABLI_INSTANCE=str(tmp_path), LETABLI_DATABASE_URL=url, LETABLI_SECRET_KEY="k" * 40,
        )  # fmt: skip
    assert done.returncode == 2
    assert "rien n’est effacé" in done.stderr
    assert not (tmp_path / "letabli.db").exists()
