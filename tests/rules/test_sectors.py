"""Sectors shown to pupils, and the activity codes behind them."""

import re
from pathlib import Path

import pytest

from matching.rules import access, sectors

# The 88 divisions of NAF rév. 2, by its 21 sections.
DIVISIONS = [
    f"{number:02}"
    for first, last in [
        (1, 3), (5, 9), (10, 33), (35, 35), (36, 39), (41, 43), (45, 47), (49, 53), (55, 56),
        (58, 63), (64, 66), (68, 68), (69, 75), (77, 82), (84, 84), (85, 85), (86, 88), (90, 93),
        (94, 96), (97, 98), (99, 99),
    ]
    for number in range(first, last + 1)
]  # fmt: skip


def test_the_88_divisions_have_one_sector_each() -> None:
    assert len(DIVISIONS) == 88
    attached = [code for one in sectors.SECTORS for code in one.naf if len(code) == 2]
    assert sorted(attached) == DIVISIONS


def test_no_group_is_in_two_sectors() -> None:
    attached = [code for one in sectors.SECTORS for code in one.naf]
    assert len(attached) == len(set(attached))


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("29.10Z", "automotive"),
        ("2910Z", "automotive"),
        ("29", "automotive"),
        ("25.62B", "metal"),
        ("10.71C", "food"),
        ("30.30Z", "aerospace"),
        ("30.11Z", "ships"),
        ("30.20z", "rail"),
        ("32.50A", "health"),
        ("32.12Z", "crafts"),
        ("85.31Z", "services"),
        (" 62.01Z ", "digital"),
    ],
)
def test_an_activity_code_suggests_its_sector(code: str, key: str) -> None:
    found = sectors.sector_of_naf(code)
    assert found is not None
    assert found.key == key
    assert sectors.sector(key) is found


@pytest.mark.parametrize("code", ["", "4", "04.10Z", "00", "ABCDE", "29.10ZZ", "291012"])
def test_what_is_not_an_activity_code_suggests_nothing(code: str) -> None:
    assert sectors.sector_of_naf(code) is None


def test_sectors_can_be_told_apart() -> None:
    for values in (
        sectors.SECTOR_KEYS,
        [one.label for one in sectors.SECTORS],
        [one.icon for one in sectors.SECTORS],
    ):
        assert len(set(values)) == len(sectors.SECTORS)
    assert {one.surface for one in sectors.SECTORS} == set(range(1, 9))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", one.icon) for one in sectors.SECTORS)


def test_each_icon_is_in_the_sprite() -> None:
    sprite = Path("static/img/icons.svg").read_text(encoding="utf-8")
    shapes = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    assert {one.icon for one in sectors.SECTORS} <= shapes


def test_an_unknown_key_has_no_sector() -> None:
    assert sectors.sector("astrology") is None


def test_access_needs_can_be_told_apart() -> None:
    for values in (
        access.ACCESS_KEYS,
        [need.label for need in access.ACCESS_NEEDS],
        [need.facility for need in access.ACCESS_NEEDS],
    ):
        assert len(set(values)) == len(access.ACCESS_NEEDS)
