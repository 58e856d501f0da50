"""`letabli check` names what is unsafe, and an open service refuses to start with the worst."""

import pytest

from matching import safety
from matching.config import Settings, UnsafeSettings
from tests.commands.commands import letabli

SECRET = "x" * 40
SAFE = {
    "LETABLI_SECRET_KEY": SECRET,
    "LETABLI_BASE_URL": "https://stages.example.org",
    "LETABLI_DATABASE_URL": "postgresql://u@host/d",
    "LETABLI_SMTP_HOST": "smtp.example.org",
    **{
        f"LETABLI_OPERATOR_{name}": "rempli"
        for name in (
            *("NAME", "LEGAL_FORM", "ADDRESS", "SIREN", "PUBLISHER"),
            *("EMAIL", "PHONE", "DPO", "HOST"),
        )
    },
}


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The settings of these variables and no other."""

    def made(**variables: str) -> Settings:
        for name in list(safety.os.environ):
            if name.startswith("LETABLI_"):
                monkeypatch.delenv(name)
        for name, value in ({"LETABLI_INSTANCE": str(tmp_path / "i")} | variables).items():
            monkeypatch.setenv(name, value)
        return Settings.read_environment()

    return made


def codes(settings: Settings, **environment: str) -> set[str]:
    return {danger.code for danger in safety.dangers(settings, environment)}


def test_settings_that_are_filled_in_are_safe(settings) -> None:
    assert codes(settings(**SAFE)) == set()
    settings(**SAFE).refuse_if_unsafe()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"LETABLI_SECRET_KEY": "short"}, {"secret_short"}),
        ({"LETABLI_BASE_URL": "http://stages.example.org"}, {"address_http"}),
        ({"LETABLI_SMTP_HOST": ""}, {"mail_none"}),
        ({"LETABLI_TWO_FACTOR": "optional"}, {"second_factor"}),
        ({"LETABLI_OPERATOR_DPO": ""}, {"operator_unknown"}),
        (
            {"LETABLI_DATABASE_URL": "", "LETABLI_JOBS_URL": "postgresql://u@host/d"},
            {"sqlite_shared"},
        ),
    ],
)
def test_each_danger_has_its_name(settings, changes, found) -> None:
    assert codes(settings(**SAFE | changes)) == found


def test_several_processes_and_debugging_are_seen_in_the_environment(settings) -> None:
    assert codes(settings(**SAFE), FLASK_DEBUG="1") == {"debug"}
    sqlite = settings(**SAFE | {"LETABLI_DATABASE_URL": ""})
    assert codes(sqlite, WEB_CONCURRENCY="4") == {"sqlite_shared"}
    assert codes(sqlite, WEB_CONCURRENCY="1") == set()


def test_a_folder_that_others_may_open_is_told(settings, tmp_path) -> None:
    sqlite = settings(**SAFE | {"LETABLI_DATABASE_URL": ""})
    (tmp_path / "i").mkdir(mode=0o755)
    assert codes(sqlite) == {"instance_open"}


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://192.168.1.20", False),
        ("http://[::1]:8000", False),
        ("http://poste-12.local", False),
        ("https://stages.example.org", True),
        ("http://80.67.169.12", True),
    ],
)
def test_an_open_service_is_neither_a_demonstration_nor_signed_by_everybody(
    settings, address, public
) -> None:
    demo = settings(LETABLI_DEMO="1", LETABLI_BASE_URL=address)
    assert safety.is_public(demo) is public
    if public:
        with pytest.raises(UnsafeSettings) as refused:
            demo.refuse_if_unsafe()
        assert len(refused.value.args) == 2
        secret = settings(LETABLI_DEMO="1", LETABLI_SECRET_KEY=SECRET, LETABLI_BASE_URL=address)
        with pytest.raises(UnsafeSettings):
            secret.refuse_if_unsafe()
    else:
        demo.refuse_if_unsafe()


def test_without_a_secret_nothing_but_a_demonstration_starts(settings) -> None:
    with pytest.raises(UnsafeSettings):
        settings().refuse_if_unsafe()
    settings(LETABLI_DEMO="1").refuse_if_unsafe()


def test_the_command_says_it_all_and_its_status_tells(tmp_path) -> None:
    instance = str(tmp_path / "i")
    safe = letabli("check", LETABLI_INSTANCE=instance, **SAFE)
    assert (safe.returncode, safe.stdout) == (0, "Les réglages sont sûrs.\n")
    unsafe = letabli(
        "check", LETABLI_INSTANCE=instance, LETABLI_DEMO="1", LETABLI_BASE_URL="http://example.org"
    )
    assert unsafe.returncode == 1
    lines = unsafe.stdout.splitlines()
    assert [line.split(")")[0] for line in lines] == [
        "INTERDIT (secret_default",
        "INTERDIT (demo_public",
        "À CORRIGER (address_http",
    ]
    refused = letabli(
        "migrate",
        LETABLI_INSTANCE=instance,
        LETABLI_DEMO="1",
        LETABLI_BASE_URL="http://example.org",
    )
    assert refused.returncode == 2
    assert "adresse publique" in refused.stderr
