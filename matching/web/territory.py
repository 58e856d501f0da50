"""What a territory coordinator sees: campaigns, trials, results, publication."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from matching import clock
from matching.database import db
from matching.errors import RuleBroken
from matching.geography.names import fold
from matching.models.campaigns import Campaign, Policy
from matching.models.match_runs import MatchRun
from matching.models.statuses import RunStatus
from matching.permissions import Permission
from matching.queries import campaign_figures, campaigns, match_runs, settings
from matching.rules.settings import SettingKey
from matching.services import campaigns as campaign_services
from matching.services import match_runs as run_services
from matching.services import publication
from matching.web import policy_comparison, run_pages, to_settle
from matching.web.forms.territory import CampaignForm
from matching.web.guards import requires, signed_in
from matching.web.messages import sentence

bp = Blueprint("territory", __name__, url_prefix="/territoire")


@bp.get("")
@requires(Permission.TERRITORY_SPACE)
def board() -> str:
    """Campaigns, the newest first."""
    rows = db.session.scalars(campaigns.visible_to(signed_in())).all()
    taking_part = {
        row.id: db.session.execute(campaign_figures.takes_part(row)).one() for row in rows
    }
    return render_template(
        "territory/board.html",
        campaigns=rows,
        taking_part=taking_part,
        now=clock.now(),
        to_settle=to_settle.how_many(),
    )


@bp.route("/campagnes/nouvelle", methods=["GET", "POST"])
@requires(Permission.TERRITORY_RUN)
def new_campaign() -> str | Response | tuple[str, int]:
    """Open a campaign."""
    form = CampaignForm(answer_days=settings.value(db.session(), SettingKey.ANSWER_DAYS))
    mine = db.session.scalars(campaigns.territories_of(signed_in())).all()
    form.territories.choices = [
        SelectChoice(territory.id, territory.name)
        for territory in sorted(mine, key=lambda one: fold(one.name))
    ]
    if len(mine) == 1 and not form.is_submitted():
        form.territories.data = [mine[0].id]
    if form.validate_on_submit():
        try:
            campaign = campaign_services.open_campaign(
                signed_in(),
                name=form.name.data,
                school_year=clock.school_year(),
                territory_ids=form.territories.data,
                policy=Policy(form.policy.data),
                wishes_open_at=_in_paris(form.wishes_open_on.data, time.min),
                wishes_close_at=_in_paris(form.wishes_close_on.data, time(23, 59)),
                answer_days=form.answer_days.data or 0,
            )
        except RuleBroken as error:
            form.add_error(error.field, sentence(error.code, **error.values))
        else:
            flash(
                _("La campagne est ouverte. Sa graine de tirage est fixée et affichée."), "success"
            )
            return redirect(url_for("territory.campaign", ref=campaign.ref), 303)
    status = 422 if form.errors or form.form_errors else 200
    return render_template("territory/campaign_form.html", form=form), status


@bp.get("/campagnes/<ref>")
@requires(Permission.TERRITORY_SPACE)
def campaign(ref: str) -> str:
    """One campaign: who takes part, its trials, and what became of its proposals."""
    row = _campaign(ref)
    # A school that has not looked after two days is told to the coordinator (DESIGN §3).
    silent_days = settings.value(db.session(), SettingKey.SILENT_DAYS)
    return render_template(
        "territory/campaign.html",
        campaign=row,
        taking_part=db.session.execute(campaign_figures.takes_part(row)).one(),
        runs=db.session.scalars(
            match_runs.visible_to(signed_in()).where(MatchRun.campaign_id == row.id)
        ).all(),
        placements={
            line[0]: line[1]
            for line in db.session.execute(campaign_figures.placements_by_status(row))
        },
        waiting=db.session.execute(campaign_figures.waiting_for(row)).one(),
        silent=db.session.execute(
            campaign_figures.silent_schools(row, clock.now() - timedelta(days=silent_days))
        ).all(),
        silent_days=silent_days,
        policy_names={policy: _(name) for policy, name in policy_comparison.NAMES.items()},
        now=clock.now(),
    )


@bp.post("/campagnes/<ref>/fin-des-voeux")
@requires(Permission.TERRITORY_RUN)
def end_wishes(ref: str) -> Response:
    """End the time for wishes now."""
    row = _campaign(ref)
    campaign_services.end_wishes(signed_in(), row)
    flash(_("Les vœux sont fermés. Vous pouvez lancer un essai, puis le publier."), "success")
    return redirect(url_for("territory.campaign", ref=row.ref), 303)


@bp.post("/campagnes/<ref>/essais")
@requires(Permission.TERRITORY_RUN)
def start_run(ref: str) -> Response:
    """Start a trial."""
    run = run_services.start(signed_in(), _campaign(ref))
    return redirect(url_for("territory.run", ref=ref, run_ref=run.ref), 303)


@bp.get("/campagnes/<ref>/essais/<run_ref>")
@requires(Permission.TERRITORY_SPACE)
def run(ref: str, run_ref: str) -> str | Response:
    """A trial: its progress while it runs, then its result."""
    row = _run(ref, run_ref)
    if request.headers.get("HX-Request") and row.status in (RunStatus.QUEUED, RunStatus.RUNNING):
        return render_template("territory/run_progress.html", run=row, run_phase=run_pages.phase)
    if request.headers.get("HX-Request"):
        # Finished: the page reloads itself to show the result.
        return Response(headers={"HX-Refresh": "true"})
    return _run_page(row)


@bp.post("/campagnes/<ref>/essais/<run_ref>/publier")
@requires(Permission.TERRITORY_PUBLISH)
def publish(ref: str, run_ref: str) -> str | Response | tuple[str, int]:
    """Publish a trial: its results become proposals; refused when something has changed."""
    row = _run(ref, run_ref)
    try:
        count = publication.publish(signed_in(), row)
    except RuleBroken as error:
        if error.code == "run_published_already":  # a second click is no mistake
            flash(sentence(error.code), "message")
            return redirect(url_for("territory.campaign", ref=ref), 303)
        db.session.expire_all()
        changes = error.values.get("changes", [])
        problem = sentence(error.code, **error.values)
        return _run_page(row, problem=problem, changes=changes), 409
    flash(
        ngettext(
            "%(num)d proposition est partie. Les établissements regardent en premier.",
            "%(num)d propositions sont parties. Les établissements regardent en premier.",
            count,
        ),
        "success",
    )
    return redirect(url_for("territory.campaign", ref=ref), 303)


@bp.post("/campagnes/<ref>/essais/<run_ref>/ecarter")
@requires(Permission.TERRITORY_RUN)
def discard(ref: str, run_ref: str) -> Response:
    """Set a trial aside, or stop it."""
    run_services.discard(signed_in(), _run(ref, run_ref))
    flash(_("Cet essai est écarté."), "success")
    return redirect(url_for("territory.campaign", ref=ref), 303)


@bp.get("/campagnes/<ref>/comparaison")
@requires(Permission.TERRITORY_SPACE)
def comparison(ref: str) -> str | Response:
    """The newest trial of each policy side by side, or how far they are."""
    row = _campaign(ref)
    compared = _compared(row)
    if request.headers.get("HX-Request"):
        if not compared["under_way"]:
            return Response(headers={"HX-Refresh": "true"})
        return render_template(
            "territory/comparison_progress.html", campaign=row, compared=compared
        )
    return _comparison_page(row, compared)


@bp.post("/campagnes/<ref>/comparaison")
@requires(Permission.TERRITORY_RUN)
def compare(ref: str) -> Response:
    """Start a trial of each policy."""
    run_services.compare(signed_in(), _campaign(ref))
    return redirect(url_for("territory.comparison", ref=ref), 303)


@bp.post("/campagnes/<ref>/regle")
@requires(Permission.TERRITORY_RUN)
def choose_policy(ref: str) -> str | Response | tuple[str, int]:
    """Take another policy for the campaign, before its first round."""
    row = _campaign(ref)
    wanted = request.form.get("policy", "")
    if wanted not in set(Policy):
        abort(400)
    try:
        campaign_services.choose_policy(signed_in(), row, Policy(wanted))
    except RuleBroken as error:
        problem = sentence(error.code, **error.values)
        return _comparison_page(row, _compared(row), problem=problem), 409
    flash(_("La campagne suit maintenant cette règle."), "success")
    return redirect(url_for("territory.campaign", ref=ref), 303)


def _compared(row: Campaign) -> dict[str, Any]:
    trials = db.session.scalars(match_runs.of_round(row, run_services.next_round(row))).all()
    return policy_comparison.comparison(trials)


def _comparison_page(row: Campaign, compared: dict[str, Any], problem: str = "") -> str:
    return render_template(
        "territory/comparison.html",
        campaign=row,
        compared=compared,
        policies=list(Policy),
        names={policy: _(name) for policy, name in policy_comparison.NAMES.items()},
        promises={policy: _(text) for policy, text in policy_comparison.PROMISES.items()},
        may_choose=row.closed_at is None and run_services.next_round(row) == 1,
        problem=problem,
    )


def _run_page(row: MatchRun, problem: str = "", changes: Any = ()) -> str:
    return render_template(
        "territory/run.html",
        run=row,
        campaign=row.campaign,
        run_phase=run_pages.phase,
        shown=run_pages.result(row) if row.report else None,
        too_large=run_pages.too_large(row),
        problem=problem,
        changes=[run_pages.change(*told) for told in changes],
        may_publish=row.status is RunStatus.DONE
        and row.published_at is None
        and row.policy is row.campaign.policy
        and row.round == run_services.next_round(row.campaign),
        other_policy=""
        if row.policy is row.campaign.policy
        else _(policy_comparison.NAMES[row.policy]),
        wishes_open=row.campaign.wishes_close_at > clock.now(),
    )


def _campaign(ref: str) -> Campaign:
    row = db.session.scalar(campaigns.visible_to(signed_in()).where(Campaign.ref == ref))
    return row if row is not None else abort(404)


def _run(ref: str, run_ref: str) -> MatchRun:
    row = db.session.scalar(
        match_runs.visible_to(signed_in())
        .join(Campaign, Campaign.id == MatchRun.campaign_id)
        .where(Campaign.ref == ref, MatchRun.ref == run_ref)
    )
    return row if row is not None else abort(404)


def _in_paris(day: Any, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=clock.PARIS)
