"""Codes of a phone, against the vectors of the standards."""

import pytest

from matching.rules import totp

SECRET = b"12345678901234567890"  # of both standards


@pytest.mark.parametrize(
    ("seconds", "code"),
    [  # RFC 6238, appendix B, SHA-1, eight digits
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert totp.code_of(SECRET, totp.step_at(seconds), digits=8) == code


@pytest.mark.parametrize(
    ("counter", "code"),
    [  # RFC 4226, appendix D
        (0, "755224"),
        (1, "287082"),
        (2, "359152"),
        (3, "969429"),
        (4, "338314"),
        (9, "520489"),
    ],
)
def test_codes_are_those_of_rfc_4226(counter, code):
    assert totp.code_of(SECRET, counter) == code


def test_a_code_serves_one_step_early_or_late_and_not_two():
    now = 41152263
    near = {
        step: totp.step_of_code(SECRET, totp.code_of(SECRET, step), now)
        for step in range(now - 3, now + 4)
    }
    assert near == {
        now - 3: None, now - 2: None, now - 1: now - 1, now: now, now + 1: now + 1,
        now + 2: None, now + 3: None,
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 500])
def test_what_is_no_code_is_not_one(typed):
    assert totp.step_of_code(SECRET, typed, 1) is None


def test_the_qr_code_holds_the_secret_in_base_32():
    assert totp.as_typed(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.uri(SECRET, "lou@example.org", "L’Établi") == (
        "otpauth://totp/L%E2%80%99%C3%89tabli%3Alou%40example.org"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=L%E2%80%99%C3%89tabli"
    )
