"""A coordinator publishes a run: its results become proposals."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.database import db, transactional
from matching.errors import RuleBroken, Stale
from matching.models.campaigns import Campaign
from matching.models.companies import Site
from matching.models.events import Event
from matching.models.match_runs import MatchRun, RunResult
from matching.models.offers import Offer, Seat
from matching.models.placements import Origin, Placement
from matching.models.statuses import PlacementStatus, RunStatus
from matching.models.users import User
from matching.queries.matching_input import matching_input
from matching.services import notices
from matching.services.campaigns import require_all_territories
from matching.services.match_runs import next_round

MOST_CHANGES_TOLD = 20


@transactional
def publish(coordinator: User, run: MatchRun) -> int:
    """Make one proposal of each new placement that the run found; return how many.

    Raises RuleBroken ``run_stale`` with the list ``changes`` when a pupil, a seat, a wish, a
    refusal or a held placement that the run used has changed since; nothing is then published.
    """
    require_all_territories(coordinator, run.campaign)
    db.session.execute(
        sa.select(Campaign.id).where(Campaign.id == run.campaign_id).with_for_update()
    )
    db.session.refresh(run, with_for_update=True)
    if run.published_at is not None:
        raise Stale("run_published_already")
    if run.status is not RunStatus.DONE:
        raise RuleBroken("run_not_done")
    if run.round != next_round(run.campaign):
        raise RuleBroken("run_of_an_earlier_round")
    if run.policy is not run.campaign.policy:
        raise RuleBroken("run_of_another_policy")
    if run.campaign.wishes_close_at > clock.now():
        raise RuleBroken("wishes_still_open")
    # From here to the end no host closes a seat that is about to be proposed, or takes a pupil
    # where the site has a limit: its seats are counted together.
    db.session.execute(
        sa.select(Site.id)
        .where(
            Site.most_pupils.is_not(None),
            Site.id.in_(
                sa.select(Offer.site_id)
                .join(RunResult, RunResult.offer_id == Offer.id)
                .where(RunResult.run_id == run.id)
            ),
        )
        .order_by(Site.id)
        .with_for_update()
    )
    db.session.execute(
        sa.select(Seat.id)
        .where(Seat.id.in_(sa.select(RunResult.seat_id).where(RunResult.run_id == run.id)))
        .order_by(Seat.id)
        .with_for_update()
    )
    changes = changes_since(run)
    if changes:
        raise RuleBroken("run_stale", count=len(changes), changes=changes[:MOST_CHANGES_TOLD])
    now = clock.now()
    run.published_at = now
    results = db.session.scalars(
        sa.select(RunResult)
        .where(
            RunResult.run_id == run.id,
            RunResult.seat_id.is_not(None),
            RunResult.pupil_id.is_not(None),
            RunResult.reason != "held",
        )
        .order_by(RunResult.id)
    ).all()
    proposals = [
        Placement(
            pupil_id=found.pupil_id,
            seat_id=found.seat_id,
            run_id=run.id,
            origin=Origin.RUN,
            status=PlacementStatus.PROPOSED,
            week=found.week,
            rank=found.rank,
            distance_m=found.distance_m,
            same_territory=found.same_territory,
            reserved_seat=found.reserved_seat,
            reason=found.reason,
            detail=found.detail,
        )
        for found in results
    ]
    db.session.add_all(proposals)
    try:
        db.session.flush()
    except IntegrityError as error:
        # A host took a pupil or a seat in this very moment: the database had the last word.
        db.session.rollback()
        raise RuleBroken("run_stale", count=1, changes=[]) from error
    db.session.add_all(
        Event(
            at=now,
            subject="placement",
            subject_id=proposal.id,
            to_status=PlacementStatus.PROPOSED,
            actor_id=coordinator.id,
            why=f"run {run.ref}",
        )
        for proposal in proposals
    )
    notices.school_has_proposals(proposals)
    return len(proposals)


def changes_since(run: MatchRun) -> list[tuple[str, str, str]]:
    """What has changed since the run read its input: (kind, change, reference).

    Kinds are "pupil" and "offer", changes "added", "removed" and "changed". A pupil is told by
    lottery reference, as coordinators see pupils; an offer by its title.
    """
    now = matching_input(db.session(), run.campaign)
    if now.digest == run.input_digest:
        return []
    before, after = run.fingerprints or {}, now.fingerprints
    told: dict[tuple[str, str], str] = {}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) == after.get(name):
            continue
        change = "added" if name not in before else "removed" if name not in after else "changed"
        kind, _colon, key = name.partition(":")
        if kind == "pupil":
            told["pupil", key] = change
        else:
            # Several slots of one offer make one line.
            told["offer", key.partition("|")[0]] = change
    titles = {
        row.ref: row.title
        for row in db.session.execute(
            sa.select(Offer.ref, Offer.title).where(
                Offer.ref.in_([ref for kind, ref in told if kind == "offer"])
            )
        )
    }
    return [(kind, change, titles.get(ref, ref)) for (kind, ref), change in told.items()]
