"""Telephone numbers as people type them, and as we store them: E.164."""

import re
import unicodedata
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat

PhoneProblem = Literal["phone_format"]

# Overseas numbers have a country code of their own, though people dial them like any other.
_OVERSEAS = {
    **dict.fromkeys(("0508",), "PM"),
    **dict.fromkeys(("0590", "0690", "0691", "0709"), "GP"),
    **dict.fromkeys(("0594", "0694"), "GF"),
    **dict.fromkeys(("0596", "0696", "0697"), "MQ"),
    **dict.fromkeys(("0262", "0263", "0692", "0693"), "RE"),
    **dict.fromkeys(("0269", "0639"), "YT"),
}
# Kept by the regulator for films and examples: never given to anyone, so unknown to the library.
_FICTIONAL_MOBILE = re.compile(r"063998[0-9]{4}")
_SEPARATORS = re.compile(r"[\s./\-_()\u2010-\u2015\u200b\u202a-\u202e\ufeff]+")


def phone_e164(text: str) -> str | None:
    """The number as +33612345678, or None when nobody could dial it.

    Accepts national numbers, overseas ones (0692… is +262692…, even when typed +33692…), and any
    foreign number that starts with + or 00.
    """
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).replace("(0)", ""))
    if not re.fullmatch(r"\+?[0-9]{4,17}", typed):
        return None
    dialled = re.sub(r"^(?:\+|00)330?(?=[1-9][0-9]{8}$)", "0", typed)
    if dialled.startswith("00"):
        dialled = "+" + dialled[2:]
    if _FICTIONAL_MOBILE.fullmatch(dialled):
        return "+33" + dialled[1:]
    try:
        number = phonenumbers.parse(dialled, _OVERSEAS.get(dialled[:4], "FR"))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phone_problem(text: str) -> PhoneProblem | None:
    """A code when the text is not a number that can be dialled."""
    return None if phone_e164(text) else "phone_format"


def display_phone(e164: str) -> str:
    """A stored number the way people read it: 06 39 98 12 34, or +32 470 12 34 56 from abroad."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    french = str(number.country_code) in {"33", "262", "508", "590", "594", "596"}
    if french:
        digits = "0" + phonenumbers.national_significant_number(number)
        return "\u00a0".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return shown.replace(" ", "\u00a0")
