"""What a pupil should do next: one step, from everything that is known."""

from dataclasses import dataclass
from enum import StrEnum

from matching import clock
from matching.database import db
from matching.models.applications import Application
from matching.models.campaigns import Campaign
from matching.models.match_runs import RunResult
from matching.models.placements import Placement
from matching.models.pupils import Pupil
from matching.models.statuses import (
    HOLDING,
    ApplicationStatus,
    ApprovalStatus,
    PlacementStatus,
)
from matching.queries import applications, campaigns, match_runs, placements


class Step(StrEnum):
    """The steps, in the order in which a pupil meets them."""

    CHOOSE = "choose"
    WAIT_APPROVAL = "wait_approval"
    WAIT_CAMPAIGN = "wait_campaign"
    WAIT_OPENING = "wait_opening"
    SEND = "send"
    WAIT_RUN = "wait_run"
    TOO_LATE = "too_late"
    WAIT_SCHOOL = "wait_school"
    ANSWER = "answer"
    WAIT_HOST = "wait_host"
    PLACED = "placed"
    ENDED = "ended"
    UNPLACED = "unplaced"


# Choose, send, answer, found: where each step stands on this line.
LINE = ("choose", "send", "answer", "found")
ON_LINE = {
    Step.CHOOSE: 0,
    Step.WAIT_APPROVAL: 1,
    Step.WAIT_CAMPAIGN: 1,
    Step.WAIT_OPENING: 1,
    Step.SEND: 1,
    Step.PLACED: 3,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a pupil stands. ``placement`` is the one that holds, else the last one that ended;
    ``result`` what the last published run found."""

    step: Step
    campaign: Campaign | None
    wishes: list[Application]
    placement: Placement | None
    result: RunResult | None

    @property
    def on_line(self) -> int:
        """How far on the line of four steps, from 0; 4 once everything is done."""
        done = self.placement is not None and self.placement.status is PlacementStatus.DONE
        return 4 if done and self.step is Step.PLACED else ON_LINE.get(self.step, 2)

    @property
    def drafts(self) -> int:
        """How many wishes are not sent yet."""
        return sum(wish.status is ApplicationStatus.DRAFT for wish in self.wishes)

    @property
    def may_change(self) -> bool:
        """Whether wishes may still change."""
        held = self.placement is not None and self.placement.status in HOLDING
        return not held and (self.campaign is None or clock.now() < self.campaign.wishes_close_at)


def situation_of(pupil: Pupil) -> Situation:
    """Read where the pupil stands."""
    campaign = db.session.scalar(campaigns.open_for_school(pupil.school, pupil.school_year))
    wishes = list(db.session.scalars(applications.live(pupil)))
    placement = db.session.scalars(placements.of_pupil(pupil)).first()
    result = db.session.scalar(match_runs.published_result_of(pupil))
    step = _with_placement(placement)
    if step is None or step is Step.ENDED:
        step = _without_placement(pupil, campaign, wishes, result, ended=step)
    return Situation(step, campaign, wishes, placement, result)


def _with_placement(placement: Placement | None) -> Step | None:
    if placement is None:
        return None
    if placement.status not in HOLDING:
        return Step.ENDED
    if placement.status is not PlacementStatus.PROPOSED:
        return Step.PLACED
    if placement.school_answer is None:
        return Step.WAIT_SCHOOL
    return Step.ANSWER if placement.pupil_answer is None else Step.WAIT_HOST


def _without_placement(
    pupil: Pupil,
    campaign: Campaign | None,
    wishes: list[Application],
    result: RunResult | None,
    *,
    ended: Step | None,
) -> Step:
    now = clock.now()
    closed = campaign is not None and now >= campaign.wishes_close_at
    if ended and (closed or campaign is None):
        return Step.ENDED
    if result is not None and result.seat_id is None and (closed or campaign is None):
        return Step.UNPLACED
    if closed:
        sent = [wish for wish in wishes if wish.status is not ApplicationStatus.DRAFT]
        return Step.WAIT_RUN if sent else Step.TOO_LATE
    if not wishes:
        return Step.CHOOSE
    if all(wish.status is not ApplicationStatus.DRAFT for wish in wishes):
        return Step.WAIT_RUN
    if pupil.school.status is not ApprovalStatus.APPROVED:
        return Step.WAIT_APPROVAL
    if campaign is None:
        return Step.WAIT_CAMPAIGN
    return Step.WAIT_OPENING if now < campaign.wishes_open_at else Step.SEND
