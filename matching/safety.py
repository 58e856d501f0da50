"""What in the settings would put people at risk, and what to do about it."""

import ipaddress
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from matching.config import DEFAULT_SECRET, Settings

SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing that is unsafe: its code, what to do, whether an open service must not start."""

    code: str
    advice: str
    forbids: bool = False


def dangers(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[Danger]:
    """Everything unsafe in these settings, the worst first; a demonstration at home has little."""
    found = [*_identity(settings), *_address(settings), *_storage(settings, environment)]
    if not settings.demo:
        found += _service(settings)
    if environment.get("FLASK_DEBUG", "0") not in ("", "0"):
        found.append(
            Danger(
                "debug",
                "FLASK_DEBUG montre le programme et ses données : retirez-le.",
                forbids=True,
            )
        )
    return sorted(found, key=lambda danger: not danger.forbids)


def is_public(settings: Settings) -> bool:
    """Whether strangers can reach it: neither this machine nor a private network."""
    host = urlsplit(settings.base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        private = (".localhost", ".local", ".internal", ".test")
        return "." in host and not host.endswith(private)


def _identity(settings: Settings) -> Iterator[Danger]:
    if settings.secret_key == DEFAULT_SECRET:
        if is_public(settings) or not settings.demo:
            yield Danger(
                "secret_default",
                "LETABLI_SECRET_KEY manque : choisissez une longue valeur au hasard, ou "
                "LETABLI_DEMO=1 pour une démonstration dont toutes les personnes sont fictives.",
                forbids=True,
            )
    elif len(settings.secret_key) < SHORTEST_SECRET:
        yield Danger(
            "secret_short",
            f"LETABLI_SECRET_KEY est courte : {SHORTEST_SECRET} signes au hasard au moins.",
        )


def _address(settings: Settings) -> Iterator[Danger]:
    if not is_public(settings):
        return
    if settings.demo:
        yield Danger(
            "demo_public",
            "LETABLI_DEMO=1 laisse n’importe qui devenir n’importe qui : jamais à une adresse "
            f"publique ({settings.base_url}). Retirez LETABLI_DEMO, ou changez LETABLI_BASE_URL.",
            forbids=True,
        )
    if not settings.base_url.startswith("https://"):
        yield Danger(
            "address_http",
            "LETABLI_BASE_URL doit commencer par https:// : sans chiffrement, mots de passe et "
            "codes se lisent en chemin.",
        )


def _storage(settings: Settings, environment: Mapping[str, str]) -> Iterator[Danger]:
    if not settings.database_url.startswith("sqlite"):
        return
    several = environment.get("WEB_CONCURRENCY", "1") not in ("", "0", "1")
    if several or settings.jobs_url.startswith("postgresql"):
        yield Danger(
            "sqlite_shared",
            "SQLite ne sert qu’une machine et un seul processus web : pour plusieurs, donnez "
            "LETABLI_DATABASE_URL=postgresql://…",
        )
    folder = settings.instance
    if (
        not settings.demo
        and folder.is_dir()
        and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ):
        yield Danger(
            "instance_open",
            f"D’autres comptes de la machine ouvrent le dossier de la base : chmod 700 {folder}",
        )


def _service(settings: Settings) -> Iterator[Danger]:
    if settings.smtp is None:
        yield Danger(
            "mail_none",
            "Aucun serveur de courrier (LETABLI_SMTP_HOST) : mots de passe oubliés et "
            "invitations n’arriveront à personne.",
        )
    if not settings.two_factor_required:
        yield Danger(
            "second_factor",
            "LETABLI_TWO_FACTOR=optional : un mot de passe volé suffit pour coordonner.",
        )
    operator = settings.operator
    missing = [one.name for one in fields(operator) if getattr(operator, one.name).startswith("[")]
    if missing:
        names = ", ".join(f"LETABLI_OPERATOR_{name.upper()}" for name in missing)
        yield Danger("operator_unknown", f"Les pages légales ont des blancs à remplir : {names}.")
