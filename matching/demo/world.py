"""The whole world, in one transaction: a load that is interrupted leaves nothing."""

import threading
from collections.abc import Iterable

import sqlalchemy as sa

from matching import clock, warming
from matching.config import Settings
from matching.database import Base, db, transactional
from matching.demo import (
    answers,
    calendar,
    campaigns,
    classes,
    companies,
    first_round,
    offers,
    people,
    places,
    pupils,
    schools,
    waiting,
    wishes,
)
from matching.engine.problem import Policy
from matching.models.users import User
from matching.services import reference


def is_empty() -> bool:
    """Nobody has an account: nothing can be lost by loading the demonstration."""
    return db.session.scalar(sa.select(User.id).limit(1)) is None


@transactional
def build(settings: Settings) -> None:
    """Plant everything, and list the people whom a visitor may become."""
    # The matcher's first answer waits for its compiler: let it work while the rows are written.
    compiling = threading.Thread(target=warming.warm, args=[Policy.FAIR], name="compiling")
    compiling.start()
    try:
        now, school_year = clock.now(), clock.school_year()
        grounds = places.grounds()
        weeks = _weeks(grounds.values(), school_year)
        sites = companies.plant(grounds, now)
        offered = offers.plant(sites, weeks, school_year, now)
        groups = classes.plant(schools.plant(grounds, now), weeks, school_year, now)
        wishes.plant(pupils.plant(groups, school_year, now), offered, now)
        campaign_ids, coordinators = campaigns.plant(grounds, school_year, now)
        companies.approve(coordinators["foundation"], now)
    finally:
        compiling.join()
    run_id = first_round.publish(campaign_ids["published"], coordinators["published"], now)
    answers.plant(run_id, now)
    unfinished = waiting.plant(grounds, sites, weeks, school_year, now)
    people.write(settings, campaign_ids, coordinators, unfinished)


@transactional
def rebuild(settings: Settings) -> None:
    """Empty every table and plant everything again."""
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(sa.delete(table))
    reference.load_territories()
    build(settings)


def _weeks(grounds: Iterable[places.Ground], school_year: int) -> dict[str, list[str]]:
    """The weeks of each territory, by code."""
    today = clock.today()
    of_zone: dict[str, list[str]] = {}
    found = {}
    for ground in grounds:
        if ground.zone not in of_zone:
            of_zone[ground.zone] = calendar.weeks_of(ground.zone, school_year, today)
        found[ground.code] = of_zone[ground.zone]
    return found
