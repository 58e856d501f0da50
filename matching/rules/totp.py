"""Codes of a phone, from a shared secret and the time (RFC 6238 over RFC 4226, SHA-1, 6 digits)."""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
# A phone a little late or early, or a slow thumb: one step on each side (RFC 6238 §5.2).
STEPS_ASIDE = 1


def step_at(seconds: float) -> int:
    """The step in which this moment falls, in seconds since 1970."""
    return int(seconds) // SECONDS


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226 §5.3: dynamic truncation of the HMAC)."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of_code(secret: bytes, typed: str, now: int) -> int | None:
    """The step near ``now`` whose code was typed, or None."""
    found = None
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), typed.encode()):
            found = step
    return found


def as_typed(secret: bytes) -> str:
    """The secret as a person types it into a phone: base 32, by groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def uri(secret: bytes, account: str, issuer: str) -> str:
    """What the QR code says to an authenticator ("Key Uri Format")."""
    values = {"secret": as_typed(secret).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{account}')}?{urlencode(values)}"
