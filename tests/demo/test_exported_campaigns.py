"""The campaigns of the demonstration get the same places from both doors, at real scale."""

import pytest
import sqlalchemy as sa

from matching.demo.plan import CAMPAIGNS
from matching.engine.problem import Policy
from matching.engine.solve import solve
from matching.models.campaigns import Campaign
from matching.queries.matching_input import matching_input
from matching.spreadsheet.export import export
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.problem import problem_from


def places(problem, offers_and_weeks) -> dict:
    """Pupil → (offer, week, distance, rank, reserved seat)."""
    found = solve(problem)
    return {
        key: (
            offers_and_weeks[found.slot[row]],
            problem.weeks[found.week[row]],
            int(found.distance[row]),
            int(found.rank[row]),
            bool(found.reserved_seat[row]),
        )
        for row, key in enumerate(problem.pupils.keys)
        if found.slot[row] >= 0
    }


@pytest.mark.parametrize("plan", CAMPAIGNS, ids=lambda plan: plan.key)
def test_both_doors_place_every_pupil_alike(plan, session, tmp_path):
    campaign = session.scalars(sa.select(Campaign).where(Campaign.name == plan.name)).one()
    given = matching_input(session(), campaign)
    expected = places(given.problem, [slot.key for slot in given.slots])
    done = export(session(), campaign, tmp_path / "in")
    folder = read_folder(tmp_path / "in")
    problem = problem_from(folder, policy=Policy(done.policy), seed=done.seed)
    assert places(problem, [line.key for line in folder.offers]) == expected
    assert len(expected) > 0.9 * min(plan.seats, plan.pupils)
