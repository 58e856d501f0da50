"""The commands that need the application: run it, work for it, load and export its data."""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from flask import Flask

    from matching.services.commune_refresh import Refreshed

OK, WRONG, UNUSABLE = 0, 1, 2
LEAST_URGENT = 19  # for os.nice

LOADING = (
    "Premier démarrage\u00a0: chargement de la démonstration, moins d’une minute. Les personnes "
    "et les entreprises sont fictives, les communes réelles."
)
READY = "L’Établi s’ouvre sur {address} (Ctrl+C pour l’arrêter, ce que vous faites est gardé)."
BECOME = (
    "Pour devenir élève, professeur, entreprise ou coordinateur en un clic\u00a0: {address}{page}"
)


def run(_arguments: argparse.Namespace) -> int:
    """Web and jobs in one process, once tables are up to date and the demonstration is loaded."""
    app = _application()
    from matching import running
    from matching.database import db

    _refuse_taken(running.HOST, running.port())
    with app.app_context():
        _migrate()
        if app.config["SETTINGS"].demo:
            _load_if_empty(app)
        # A connection must not be shared with the process that gunicorn forks.
        db.session.remove()
        db.engine.dispose()
    subprocess.Popen(
        [sys.executable, "-m", "matching", "warm"], preexec_fn=lambda: os.nice(LEAST_URGENT)
    )
    address = f"http://{running.HOST}:{running.port()}"
    _say(READY.format(address=address))
    if app.config["SETTINGS"].demo:
        _say(BECOME.format(address=address, page="/connexion"))
    running.Server(app).run()
    return OK


def worker_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        default=1,
        choices=range(1, 65),
        help="combien de travaux à la fois (1 par défaut)",
    )


def worker(arguments: argparse.Namespace) -> int:
    """Jobs alone, on as many machines as wanted."""
    app = _application()
    from matching import running

    running.work(app, arguments.workers)
    return OK


def migrate(_arguments: argparse.Namespace) -> int:
    """Brings the tables and the reference rows up to date."""
    with _application().app_context():
        _migrate()
    _say("La base est à jour.")
    return OK


def invite_admin_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="ADRESSE", help="l’adresse électronique de la personne")


def invite_admin(arguments: argparse.Namespace) -> int:
    """Prints the link by which somebody opens an account of the foundation: the first, or more."""
    app = _application()
    from matching.services import invitations

    if "@" not in arguments.email.strip("@ "):
        _refuse(f"«\u00a0{arguments.email}\u00a0» n’est pas une adresse électronique.")
    with app.app_context():
        path = invitations.invite_to_foundation(arguments.email)
    print(app.config["SETTINGS"].base_url.rstrip("/") + path)
    return OK


def warm(_arguments: argparse.Namespace) -> int:
    """Compiles the matcher, so that the first run does not wait."""
    from matching import warming

    warming.warm_once()
    return OK


def check(_arguments: argparse.Namespace) -> int:
    """Names what is unsafe in the settings."""
    from matching import safety
    from matching.config import Settings

    found = safety.dangers(Settings.read_environment())
    for danger in found:
        mark = "INTERDIT" if danger.forbids else "À CORRIGER"
        _say(f"{mark} ({danger.code}) : {danger.advice}".replace(" :", "\u00a0:"))
    if found:
        return WRONG
    _say("Les réglages sont sûrs.")
    return OK


def new_year(_arguments: argparse.Namespace) -> int:
    """Puts the last school year away and asks everybody for the new one, once."""
    app = _application()
    from matching.errors import RuleBroken
    from matching.services import school_years
    from matching.web.messages import SENTENCES

    with app.app_context():
        _migrate()
        try:
            done = school_years.open_year()
        except RuleBroken as error:
            _refuse((SENTENCES[error.code] % error.values).replace(" :", "\u00a0:"))
    _say(
        f"L’année {done.school_year}-{done.school_year + 1} est ouverte\u00a0: "
        f"{done.classes} classes rangées, {done.accounts} comptes d’élèves fermés, "
        f"{done.campaigns} campagnes et {done.offers} offres fermées, "
        f"{done.proposals} propositions sans réponse éteintes, {done.letters} lettres écrites."
    )
    return _tell_communes(done.communes)


def refresh_communes(_arguments: argparse.Namespace) -> int:
    """Moves the rows of communes that have merged to today's communes."""
    app = _application()
    from matching.services import commune_refresh

    with app.app_context():
        _migrate()
        return _tell_communes(commune_refresh.refresh())


def _tell_communes(done: "Refreshed") -> int:
    """What became of the codes of communes; the exit status says whether all are known."""
    for former, today in done.merged.items():
        _say(f"Commune {former} → {today}.")
    _say(f"{done.rows} lignes ont changé de commune.")
    for table, code, rows in done.unknown:
        _say(f"Commune inconnue\u00a0: {code} ({table}, {rows} lignes, laissées telles quelles).")
    return WRONG if done.unknown else OK


def demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reset", action="store_true", help="tout effacer et recommencer")


def demo(arguments: argparse.Namespace) -> int:
    """Loads the demonstration, again if asked; never outside demonstration mode."""
    app = _application()
    if not app.config["SETTINGS"].demo:
        _refuse(
            "Ce n’est pas une démonstration\u00a0: rien n’est effacé. (LETABLI_DEMO=1 en est une.)"
        )
    from matching.demo import world

    with app.app_context():
        _migrate()
        if not arguments.reset:
            if not _load_if_empty(app):
                _say("La démonstration est déjà chargée\u00a0; --reset la remet comme au début.")
            return OK
        world.rebuild(app.config["SETTINGS"])
    _say("La démonstration est comme au premier jour.")
    return OK


def export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DOSSIER", type=Path, help="le dossier à écrire")
    parser.add_argument(
        "--campaign", metavar="RÉFÉRENCE", required=True, help="la référence de la campagne"
    )


def export(arguments: argparse.Namespace) -> int:
    """Writes a campaign as the folder that `solve` reads."""
    app = _application()
    import sqlalchemy as sa

    from matching.database import db, reading
    from matching.models.campaigns import Campaign
    from matching.spreadsheet.export import NotExportable
    from matching.spreadsheet.export import export as export_campaign

    with app.app_context(), reading():
        campaign = db.session.scalar(sa.select(Campaign).where(Campaign.ref == arguments.campaign))
        if campaign is None:
            _refuse(f"Aucune campagne n’a la référence «\u00a0{arguments.campaign}\u00a0».")
        try:
            done = export_campaign(db.session(), campaign, arguments.folder)
        except FileExistsError:
            _refuse(f"Le dossier «\u00a0{arguments.folder}\u00a0» n’est pas vide.")
        except NotExportable as error:
            _refuse(
                "Une ligne d’offers.csv ne réserve ses places qu’à un seul droit\u00a0; ces offres "
                f"en ont plusieurs la même semaine\u00a0: {error}."
            )
        except OSError as error:
            _refuse(f"Écriture impossible\u00a0: {error.strerror or error}.")
    if done.without_week:
        _say(f"Élèves sans semaine de stage, laissés de côté\u00a0: {done.without_week}.")
    print(f"{done.pupils} élèves et {done.offers} offres dans {arguments.folder}, sans aucun nom.")
    print(
        f"letabli solve {arguments.folder} --out RÉSULTATS --policy {done.policy} "
        f"--seed {done.seed}"
    )
    return OK


def _application() -> "Flask":
    """The application that the environment describes, with its jobs known."""
    from matching.app import create_app
    from matching.config import UnsafeSettings

    try:
        app = create_app()
    except UnsafeSettings as error:
        _refuse("\n".join(error.args))
    from matching import tasks  # noqa: F401 - registers the jobs

    return app


def _migrate() -> None:
    import flask_migrate

    from matching.services import reference

    flask_migrate.upgrade()
    reference.load_territories()


def _load_if_empty(app: "Flask") -> bool:
    from matching.demo import world

    if not world.is_empty():
        return False
    _say(LOADING)
    world.build(app.config["SETTINGS"])
    return True


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            _refuse(f"Le port {port} est déjà pris\u00a0; un autre\u00a0: PORT={port + 1} make run")


def _refuse(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(UNUSABLE)


def _say(sentence: str) -> None:
    print(sentence, flush=True)
