"""A campaign of the application, written as a folder, gets the same places from `letabli solve`."""

import csv
import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.applications import RefusedPair
from matching.models.campaigns import Campaign, Policy
from matching.models.companies import Site
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Offer, Seat
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.schools import PlacementWindow, PriorityEducation
from matching.rules.sectors import SECTOR_KEYS
from matching.services import kept_apart, match_runs, placements, publication
from matching.spreadsheet.export import NotExportable, export
from matching.spreadsheet.run import place
from tests.factories import campaigns, people, places

pytestmark = pytest.mark.usefixtures("nothing_queued")
WEEKS = ("2027-W05", "2027-W06", "2027-W07")


@pytest.fixture
def campaign(session, solved_here) -> Campaign:
    """Pupils of two schools, one of priority education, with all that a folder can say."""
    rep = places.school(priority_education=PriorityEducation.REP, reach_km=15)
    usual = places.class_group(rep, weeks=WEEKS[:2])
    apart = places.class_group(places.school("01031"), weeks=WEEKS[1:])
    offers = [
        places.offer(seats=1, weeks=WEEKS[:2], sector="metal"),
        places.offer(seats=2, weeks=WEEKS, any_week=True, sector="food", accessible=True),
        places.offer(seats=1, weeks=WEEKS[1:], reserved_for="rep", sector="wood"),
        places.offer(seats=1, weeks=WEEKS[1:2], weekdays="123"),
    ]
    session.add(Seat(offer_id=offers[2].id, week=WEEKS[1]))
    pupils = [
        people.pupil(group, interests=interests, needs_access=needs, commune_code=home)
        for group in (usual, apart)
        for interests, needs, home in (
            (["metal", "ships"], False, None),
            (["ships"], False, None),
            ([], True, "01031"),
            (["food"], False, None),
            ([], False, None),
        )
    ]
    own_week = {"school_id": apart.school_id, "class_group_id": apart.id, "week": WEEKS[2]}
    session.add(PlacementWindow(**own_week, school_year=places.YEAR, weekdays="345"))
    session.add(RefusedPair(pupil_id=pupils[3].id, offer_id=offers[0].id, reason="other"))
    session.commit()
    row = campaigns.campaign(wishes_open=False)
    campaigns.wish(pupils[0], offers[0], rank=1, week=WEEKS[1])
    campaigns.wish(pupils[0], offers[1], rank=2)
    campaigns.wish(pupils[4], offers[1], rank=1, week=WEEKS[2])  # not a week of this pupil
    campaigns.wish(pupils[5], offers[2], rank=3)
    return row


def run(coordinator, campaign) -> MatchRun:
    found = match_runs.start(coordinator, campaign)
    match_runs.execute(found.id)
    return found


def told_by_the_application(session, run: MatchRun) -> dict:
    rows = session.execute(
        sa.select(
            Pupil.lottery_reference, Offer.ref, RunResult.week, RunResult.rank,
            RunResult.reserved_seat,
        )
        .join(Pupil, Pupil.id == RunResult.pupil_id)
        .join(Offer, Offer.id == RunResult.offer_id)
        .where(RunResult.run_id == run.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2], row[3] or 0, row[4]) for row in rows}


def told_by_the_door(session, campaign: Campaign, folder: Path, policy: str | None = None) -> dict:
    done = export(session(), campaign, folder / "in")
    place(
        folder / "in",
        folder / "out",
        policy=policy or done.policy,
        seed=done.seed,
        remark=lambda sentence: pytest.fail(sentence) if "ignor" in sentence else None,
    )
    with (folder / "out" / "placements.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {
            row["pupil"]: (
                row["offer"], row["week"], int(row["rank"] or 0), row["reserved_seat"] == "1"
            )
            for row in csv.DictReader(lines, delimiter=";")
        }  # fmt: skip


def half_refused(session, coordinator, campaign) -> list[Placement]:
    """Publish a round, refuse every other proposal; returns those that are still held."""
    publication.publish(coordinator, run(coordinator, campaign))
    proposals = session.scalars(sa.select(Placement).order_by(Placement.id)).all()
    for placement in proposals[::2]:
        placements.answer_as_school(
            coordinator, placement, False, version=placement.version, reason="too_far"
        )
    return proposals[1::2]


@pytest.mark.parametrize("policy", list(Policy))
def test_both_doors_give_every_pupil_the_same_place(
    policy, coordinator, campaign, session, tmp_path
):
    campaign.policy = policy
    session.commit()
    found = run(coordinator, campaign)
    expected = told_by_the_application(session, found)
    assert len(expected) == found.report["placed"] >= 5
    assert told_by_the_door(session, campaign, tmp_path) == expected


def test_places_held_since_an_earlier_round_stay_where_they_are(
    coordinator, campaign, session, tmp_path
):
    held = half_refused(session, coordinator, campaign)
    for placement in held:
        placement.created_at = clock.now() - timedelta(days=1)
    session.commit()
    second = run(coordinator, campaign)
    assert 0 < len(held) < second.report["placed"]
    assert told_by_the_door(session, campaign, tmp_path) == told_by_the_application(session, second)


@pytest.fixture
def limited(session, solved_here) -> Campaign:
    """Three schools, nine offers at four sites, limits of every kind, pupils kept apart."""
    drawn = random.Random(20270201)
    groups = [
        places.class_group(places.school(commune), weeks=drawn.sample(WEEKS, 2))
        for commune in (places.OYONNAX, "01031", "01269")
    ]
    pupils = [
        people.pupil(group, interests=drawn.sample(SECTOR_KEYS, 3))
        for group in groups
        for _ in range(10)
    ]
    for number, group in enumerate(groups):
        school = group.school
        for start in (0, 2, 4)[: number + 1]:
            pair = pupils[number * 10 + start : number * 10 + start + 2]
            kept_apart.keep_apart(people.adult(), school, pair)
    sites = [places.site(most_pupils=limit) for limit in (None, 3, 4, 5)]
    offers = []
    for number in range(9):
        any_week = number % 3 == 0
        offers.append(
            places.offer(
                sites[number % 4],
                weeks=WEEKS,
                seats=drawn.randint(2, 4),
                any_week=any_week,
                sector=drawn.choice(SECTOR_KEYS),
                most_at_once=1 if any_week else None,
                most_of_a_school=drawn.choice([None, 1, 2]),
                most_in_all=drawn.choice([None, 2, 3]),
            )
        )
    row = campaigns.campaign(wishes_open=False)
    for pupil in drawn.sample(pupils, 20):
        for rank, offer in enumerate(drawn.sample(offers, 3), start=1):
            campaigns.wish(pupil, offer, rank=rank)
    return row


@pytest.mark.parametrize("policy", list(Policy))
def test_both_doors_keep_the_same_limits_and_give_the_same_places(
    policy, coordinator, limited, session, tmp_path
):
    limited.policy = policy
    session.commit()
    found = run(coordinator, limited)
    reasons = set(session.scalars(sa.select(RunResult.reason)))
    assert reasons & {"host_cap", "school_cap", "kept_apart"}
    expected = told_by_the_application(session, found)
    assert 10 < len(expected) == found.report["placed"] < 30
    assert told_by_the_door(session, limited, tmp_path) == expected


def test_limits_count_places_held_before_through_both_doors(
    coordinator, limited, session, tmp_path
):
    held = half_refused(session, coordinator, limited)
    second = run(coordinator, limited)
    assert 0 < len(held) < second.report["placed"]
    assert told_by_the_door(session, limited, tmp_path) == told_by_the_application(session, second)


def test_a_set_kept_apart_is_a_number_and_a_host_a_reference(limited, session, tmp_path):
    export(session(), limited, tmp_path / "in")
    written = (tmp_path / "in" / "pupils.csv").read_text(encoding="utf-8-sig")
    marks = session.scalars(sa.select(Pupil.kept_apart).where(Pupil.kept_apart.is_not(None))).all()
    assert len(set(marks)) == 6
    assert [mark for mark in marks if mark in written] == []
    offers = (tmp_path / "in" / "offers.csv").read_text(encoding="utf-8-sig")
    for site in session.scalars(sa.select(Site)):
        assert site.name not in offers
        assert site.siret not in offers
        assert (site.ref in offers) == (site.most_pupils is not None)


def test_no_name_leaves_the_application(campaign, session, tmp_path):
    export(session(), campaign, tmp_path / "in")
    written = b"".join(file.read_bytes() for file in (tmp_path / "in").iterdir()).decode()
    for pupil in session.scalars(sa.select(Pupil)):
        assert pupil.lottery_reference in written
        for secret in (pupil.last_name, pupil.first_name, pupil.ref, pupil.user.login_name):
            assert secret not in written


def test_pupils_without_a_week_are_left_out_and_counted(campaign, session, tmp_path):
    lost = people.pupil(places.class_group(weeks=()))
    campaigns.wish(lost, session.scalars(sa.select(Offer).order_by(Offer.id)).first())
    done = export(session(), campaign, tmp_path / "in")
    assert done.without_week == 1
    assert lost.lottery_reference not in (tmp_path / "in" / "wishes.csv").read_text("utf-8-sig")
    assert told_by_the_door(session, campaign, tmp_path / "again")


def test_a_folder_that_holds_something_is_left_as_it_is(campaign, session, tmp_path):
    (tmp_path / "travel.csv").write_text("pupil;offer;km\n")
    with pytest.raises(FileExistsError):
        export(session(), campaign, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["travel.csv"]


def test_seats_of_one_week_kept_for_two_rights_are_refused_by_name(campaign, session, tmp_path):
    offer = session.scalars(sa.select(Offer).where(Offer.sector == "wood")).one()
    session.add(Seat(offer_id=offer.id, week=WEEKS[1], reserved_for="rep_plus"))
    session.commit()
    with pytest.raises(NotExportable) as refused:
        export(session(), campaign, tmp_path / "in")
    assert refused.value.offers == [offer.ref]
    assert not (tmp_path / "in").exists()
