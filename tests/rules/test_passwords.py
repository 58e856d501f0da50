"""Passwords that we take and passwords that we refuse."""

import pytest

from matching.rules.passwords import password_problem


@pytest.mark.parametrize(
    "password",
    [
        "Vert-Girafe-81",
        "tournevis 4 Lilas",
        "rT7kQz92mWxP",
        "cheval agrafe pluie tambour violet escalier fenouil",
        "Éclair0ÀMidi!",
    ],
)
def test_a_long_and_mixed_password_is_taken(password: str) -> None:
    assert password_problem(password, "contact@example.org") is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("rT7kQz92mWx", "password_too_short"),
        ("a" * 257, "password_too_long"),
        ("tournevislilas", "password_too_simple"),
        ("tournevis lilas vert", "password_too_simple"),
        ("un un un un un un un girafe", "password_too_simple"),
        ("Aaaaaaaaaa1!", "password_too_simple"),
        ("Motdepasse123!", "password_common"),
        ("M0tdeP@sse2026", "password_common"),
        ("Azertyuiop123", "password_common"),
        ("P@ssw0rd12345", "password_common"),
        ("MonStage2026!!", "password_common"),
        ("Collège-2026-2027", "password_common"),
        ("Septembre2026!", "password_common"),
    ],
)
def test_a_weak_password_names_its_fault(password: str, code: str) -> None:
    assert password_problem(password, "contact@example.org") == code


def test_the_address_may_not_be_the_password() -> None:
    assert password_problem("Jeanne.Durand-75", "jeanne.durand@example.org") == "password_has_email"
    assert password_problem("JeanneDurand!75x", "jeanne.durand@example.org") == "password_has_email"
    assert password_problem("Vert-Girafe-81", "jeanne.durand@example.org") is None


def test_a_very_short_address_forbids_nothing() -> None:
    assert password_problem("Vert-Girafe-81", "ra@example.org") is None
