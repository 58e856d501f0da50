"""The settings of the whole installation, which only the foundation changes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matching.database import db
from matching.errors import RuleBroken
from matching.permissions import Permission
from matching.queries import settings as queries
from matching.rules.settings import SETTINGS, SettingKey
from matching.services import settings as services
from matching.web.forms.foundation import SettingsForm
from matching.web.guards import requires, signed_in
from matching.web.refusals import explain

bp = Blueprint("foundation_settings", __name__, url_prefix="/fondation/reglages")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.FOUNDATION_CHANGE)
def settings() -> Response | tuple[str, int]:
    """What holds today, with the limits of each."""
    known = queries.every(db.session())
    told: dict[str, Any] = {key.value: value for key, value in known.items()}
    form = SettingsForm(data=told | {"seen": SettingsForm.written(known)})
    if form.validate_on_submit():
        try:
            changed = services.change(
                signed_in(), form.values(), seen=form.seen_values(), why=form.why.data or ""
            )
        except RuleBroken as error:
            explain(form, error)
        else:
            flash(
                _("Les réglages sont changés.") if changed else _("Rien n’a changé."),
                "success" if changed else "message",
            )
            return redirect(url_for("foundation_settings.settings"), 303)
    page = render_template(
        "foundation/settings.html",
        form=form,
        limits=SETTINGS,
        hours=(SettingKey.STRICT_BEFORE_15, SettingKey.EARLIEST_HOUR, SettingKey.LATEST_HOUR),
        others=(
            SettingKey.REACH_KM,
            SettingKey.ANSWER_DAYS,
            SettingKey.SILENT_DAYS,
            SettingKey.MOST_PLEDGED,
        ),
    )
    return page, 422 if request.method == "POST" else 200
