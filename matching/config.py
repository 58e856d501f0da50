"""Settings, read from LETABLI_* variables. Production refuses to start with a default secret."""

import os
from dataclasses import dataclass, fields
from pathlib import Path

from matching import paths
from matching.smtp import SmtpServer

DEFAULT_SECRET = "not-secret-demonstration-only"  # noqa: S105 - refused outside the demo


class UnsafeSettings(Exception):  # noqa: N818 - it describes the settings
    """The settings would put people at risk; each argument says which and what to do."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, as the legal pages say it; brackets are still to be filled in."""

    name: str = "[nom de la fondation]"
    legal_form: str = "[forme juridique]"
    address: str = "[adresse du siège]"
    siren: str = "[numéro SIREN]"
    publisher: str = "[responsable de la publication]"
    email: str = "[adresse électronique]"
    phone: str = "[téléphone]"
    dpo: str = "[délégué à la protection des données]"
    host: str = "[nom, adresse et téléphone de l’hébergeur]"

    @classmethod
    def from_environment(cls) -> "Operator":
        """Read LETABLI_OPERATOR_NAME and the others."""
        names = [field.name for field in fields(cls)]
        told = {name: os.environ.get(f"letabli_operator_{name}".upper()) for name in names}
        return cls(**{name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose."""

    database_url: str
    secret_key: str
    instance: Path
    demo: bool
    jobs_url: str
    geocoder: str
    testing: bool = False
    # Where links in e-mails lead: the address that people type.
    base_url: str = "http://127.0.0.1:8000"
    # None: e-mails are only shown, on the outbox page.
    smtp: SmtpServer | None = None
    # Must coordinators and administrators have a second factor?
    two_factor_required: bool = False
    # How many proxies stand in front and tell the visitor’s address: attempts are counted by it.
    proxies: int = 0
    operator: Operator = Operator()

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the variables listed in .env.example; UnsafeSettings when they must not be used."""
        settings = cls.read_environment()
        settings.refuse_if_unsafe()
        return settings

    @classmethod
    def read_environment(cls) -> "Settings":
        """The same without a judgement: `letabli check` tells what is unsafe."""
        instance = Path(os.environ.get("LETABLI_INSTANCE") or paths.INSTANCE).resolve()
        database_url = os.environ.get("LETABLI_DATABASE_URL") or f"sqlite:///{instance}/letabli.db"
        return cls(
            database_url=with_driver(database_url),
            secret_key=os.environ.get("LETABLI_SECRET_KEY", DEFAULT_SECRET),
            instance=instance,
            demo=os.environ.get("LETABLI_DEMO", "") == "1",
            jobs_url=os.environ.get("LETABLI_JOBS_URL", ""),
            geocoder=os.environ.get("LETABLI_GEOCODER", "gazetteer"),
            base_url=os.environ.get("LETABLI_BASE_URL")
            or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}",
            smtp=smtp_server(),
            proxies=int(os.environ.get("LETABLI_PROXIES") or 0),
            two_factor_required=os.environ.get("LETABLI_TWO_FACTOR") != "optional",
            operator=Operator.from_environment(),
        )

    def refuse_if_unsafe(self) -> None:
        """Raise UnsafeSettings when real people could be harmed by these settings."""
        from matching import safety  # it reads these settings

        forbidden = [danger for danger in safety.dangers(self) if danger.forbids]
        if forbidden and not self.testing:
            raise UnsafeSettings(*(danger.advice for danger in forbidden))


def smtp_server() -> SmtpServer | None:
    """The mail server of the environment, if it names one."""
    host = os.environ.get("LETABLI_SMTP_HOST")
    if not host:
        return None
    return SmtpServer(
        host=host,
        port=int(os.environ.get("LETABLI_SMTP_PORT") or 587),
        sender=os.environ.get("LETABLI_SMTP_FROM") or f"L’Établi <letabli@{host}>",
        user=os.environ.get("LETABLI_SMTP_USER", ""),
        password=os.environ.get("LETABLI_SMTP_PASSWORD", ""),
        security=os.environ.get("LETABLI_SMTP_SECURITY") or "starttls",
    )


def with_driver(url: str) -> str:
    """Name psycopg 3 in a PostgreSQL address, as operators write it without a driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
