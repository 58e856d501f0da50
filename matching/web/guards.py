"""Each route says who may use it: ``@requires(Permission.X)``, or ``@public`` for everyone.

Somebody not signed in is sent to the sign-in page; somebody without the permission gets a 404, so
that no address tells what exists. A view without either mark never answers.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from matching.errors import TooManyAttempts
from matching.models.users import User
from matching.permissions import Permission, can
from matching.services import throttle, two_factor

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Everyone may see this page."""
    view.permission = "public"  # type: ignore[attr-defined] # read by refuse_unmarked and tests
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only users with this permission may use the page."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if not can(signed_in(), permission):
                abort(404)
            if lacks_second_factor(permission):
                flash(_("Protégez d’abord votre compte : il ouvre beaucoup de choses."), "warning")
                return redirect(url_for("two_factor.index"))
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined] # same
        return cast("View", guarded)

    return mark


def limited(limit: throttle.Limit) -> Callable[[View], View]:
    """Count each form sent from one address of the network; too many are refused for a while."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                address = request.remote_addr or ""
                try:
                    throttle.refuse(limit, address)
                except TooManyAttempts:
                    abort(429)
                throttle.count(limit, address)
            return view(*args, **kwargs)

        return cast("View", counted)

    return mark


def lacks_second_factor(permission: Permission) -> bool:
    """Must the person set up a second factor before opening what coordinators see?"""
    settings = current_app.config["SETTINGS"]
    if not settings.two_factor_required or settings.demo:
        return False
    guarded = permission.value.startswith(("territory:", "foundation:"))
    return guarded and not two_factor.is_on(signed_in())


def signed_in() -> User:
    """The user of this request, for views that require a permission."""
    return cast("User", current_user._get_current_object())  # noqa: SLF001 - Werkzeug's documented way


def refuse_unmarked() -> None:
    """Before each request: a view that names no permission is a bug, not an open door."""
    if request.endpoint and request.endpoint != "static":
        view = current_app.view_functions[request.endpoint]
        if not hasattr(view, "permission"):
            raise RuntimeError(f"{request.endpoint} names no permission")


def refuse_nul() -> None:
    """Before each request: PostgreSQL stores no NUL, so an address with one leads nowhere."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(404)
