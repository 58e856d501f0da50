"""The application: settings → extensions → blueprints → handlers; nothing else."""

import jinja2
from flask import Flask, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

from matching import assets, letters, models, paths, security
from matching.config import Settings
from matching.database import begin_plainly, db, prepare_engine
from matching.extensions import babel, csrf, login, migrate
from matching.i18n import chosen_locale
from matching.jobs import queue
from matching.keyed_hash import use_secret
from matching.models.users import User
from matching.services import locations, mail, sign_ins
from matching.web import blueprints, errors, filters, guards, navigation, places

__all__ = ["create_app", "models"]


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application for these settings, or for those of the environment."""
    settings = settings or Settings.from_environment()
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask(
        "matching",
        template_folder=str(paths.TEMPLATES),
        static_folder=str(paths.STATIC),
        instance_path=str(settings.instance),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # An error told to the log must not carry the names that were being written.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not (settings.demo or settings.testing),
        PERMANENT_SESSION_LIFETIME=60 * 60 * 12,
        MAX_CONTENT_LENGTH=3 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",
        TESTING=settings.testing,
        SETTINGS=settings,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    use_secret(settings.secret_key)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(paths.MIGRATIONS))
    csrf.init_app(app)
    login.init_app(app)
    babel.init_app(app, locale_selector=chosen_locale)
    queue.init_app(app)
    sign_in_with(app)
    locations.use_geocoder(settings.geocoder)
    letters.use_site(settings.base_url)
    # The people of a demonstration are fictional, and so are their addresses.
    mail.use_transport(None if settings.demo else settings.smtp)

    assets.init_app(app)
    filters.init_app(app)
    navigation.init_app(app)
    security.init_app(app)
    app.before_request(guards.refuse_unmarked)
    app.before_request(guards.refuse_nul)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    errors.init_app(app)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign] # Flask's documented way
    return app


def sign_in_with(app: Flask) -> None:
    """Tell Flask-Login how to find a user; let requests that only read begin plainly."""
    login.login_view = "account.sign_in"
    login.login_message = None

    @login.user_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
    def load(ref: str) -> User | None:
        user = sign_ins.person(ref, session.get("sign_in", ""))
        if user is not None:
            places.choose(user, session.get("place"))
        return user

    @app.before_request
    def begin() -> None:
        begin_plainly(plainly=request.method in ("GET", "HEAD", "OPTIONS"))

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        begin_plainly(plainly=False)
