"""Sign in and out; in a demonstration, become somebody with one click."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from matching import clock
from matching.database import db
from matching.errors import TooManyAttempts
from matching.i18n import LANGUAGES
from matching.models.users import User
from matching.permissions import Permission, can
from matching.rules.cards import card_code_problem, clean_code, display_code
from matching.services import accounts, sign_ins, two_factor
from matching.web import places
from matching.web.demo_people import demo_people
from matching.web.devices import device_of
from matching.web.forms.account import PupilSignInForm, SignInForm
from matching.web.guards import public, requires, signed_in
from matching.web.messages import sentence

bp = Blueprint("account", __name__)

BOARDS = (
    (Permission.PUPIL_SPACE, "pupil.board"),
    (Permission.SCHOOL_SPACE, "school.board"),
    (Permission.COMPANY_SPACE, "company.board"),
    (Permission.FOUNDATION_SPACE, "foundation.board"),
    (Permission.TERRITORY_SPACE, "territory.board"),
)


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> Response | tuple[str, int]:
    """Adults, by e-mail address and password."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("account.space"))
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        try:
            user = accounts.authenticate(
                form.email.data or "", form.password.data or "", address=request.remote_addr or ""
            )
        except TooManyAttempts as error:
            form.add_error(None, sentence(error.code, **error.values))
        else:
            if user is not None:
                return enter(user, form.next.data)
            form.add_error(None, sentence("sign_in_refused"))
    people = demo_people(current_app.config["SETTINGS"])
    page = render_template("account/sign_in.html", form=form, people=people)
    return page, 422 if form.is_submitted() else 200


@bp.route("/connexion/eleve", methods=["GET", "POST"])
@public
def pupil_sign_in() -> Response | tuple[str, int]:
    """Pupils, by their card; its QR code fills the login name in."""
    name = display_code(clean_code(request.args.get("nom", ""))[:40])
    form = PupilSignInForm(login_name=name, next=request.args.get("next"))
    if form.validate_on_submit():
        problem = card_code_problem(form.code.data or "")
        if problem is not None:
            form.add_error("code", sentence(problem))
        elif (user := authenticated_pupil(form)) is not None:
            return enter(user, form.next.data)
    page = render_template("account/pupil_sign_in.html", form=form, from_card=bool(name))
    return page, 422 if form.is_submitted() else 200


def authenticated_pupil(form: PupilSignInForm) -> User | None:
    """The pupil whose card was typed; otherwise the form says what to do."""
    try:
        user = accounts.authenticate_pupil(
            form.login_name.data or "", form.code.data or "", address=request.remote_addr or ""
        )
    except TooManyAttempts as error:
        form.add_error(None, sentence(f"card_{error.code}", **error.values))
        return None
    if user is None:
        form.add_error(None, sentence("card_refused"))
    return user


@bp.post("/deconnexion")
@public
def sign_out() -> Response:
    """Forget everything that this browser was told."""
    if current_user.is_authenticated:
        sign_ins.end(signed_in(), session.get("sign_in", ""))
    logout_user()
    session.clear()
    return redirect(url_for("public.home"), 303)


@bp.get("/mon-espace")
@public
def space() -> Response | str:
    """The board of whoever is signed in."""
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return] # Flask-Login's
    for permission, endpoint in BOARDS:
        if can(signed_in(), permission):
            return redirect(url_for(endpoint))
    return render_template("account/no_role.html")


@bp.get("/mon-espace/choisir")
@requires(Permission.OWN_ACCOUNT)
def choose_place() -> str:
    """The places of a person who has several."""
    return render_template(
        "account/places.html",
        places=[
            (place, places.name_of(one), places.role_name(one.role))
            for place, one in places.places_of(signed_in()).items()
        ],
        here=signed_in().acting_in,
    )


@bp.post("/mon-espace/choisir/<place>")
@requires(Permission.OWN_ACCOUNT)
def switch(place: str) -> Response:
    """Work in another place from now on, in this browser."""
    if place not in places.places_of(signed_in()):
        abort(404)
    session["place"] = place
    return redirect(url_for("account.space"), 303)


@bp.post("/demo/devenir/<ref>")
@public
def become(ref: str) -> Response:
    """Be one of the people of the demonstration; a real installation has none."""
    people = demo_people(current_app.config["SETTINGS"])
    listed = any(person.ref == ref for group in people.values() for person in group)
    user = db.session.scalar(sa.select(User).where(User.ref == ref)) if listed else None
    if user is None or not user.is_active:
        abort(404)
    return enter(user, proved_twice=True)


def enter(user: User, wanted: str | None = None, *, proved_twice: bool = False) -> Response:
    """Open a new session for ``user`` and show the page that was asked for, or the board.

    Whoever has a second factor first gives a code, unless it is proved already. The language that
    was chosen in this browser becomes the account's.
    """
    chosen = session.get("locale")
    session.clear()
    if chosen in LANGUAGES:
        session["locale"] = chosen
    if not proved_twice and two_factor.is_on(user):
        session["half"] = {"user": user.ref, "at": clock.now().timestamp(), "next": wanted}
        return redirect(url_for("two_factor.ask"), 303)
    session["sign_in"] = sign_ins.start(user, device_of(request.user_agent.string)).ref
    login_user(user)
    if chosen in LANGUAGES:
        accounts.choose_language(user, chosen)
    return redirect(wanted if wanted and is_ours(wanted) else url_for("account.space"), 303)


def is_ours(address: str) -> bool:
    """A path of this site, and no disguise of another host."""
    parts = urlsplit(address)
    return (
        not parts.scheme
        and not parts.netloc
        and address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isprintable()
    )
