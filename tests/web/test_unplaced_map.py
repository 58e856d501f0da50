"""The map of the unplaced: communes where they are, inside the box, small counts without number."""

import re

import pytest

from matching.geography.communes import gazetteer
from matching.geography.territories import territory_of
from matching.web.unplaced_map import HEIGHT, LETTER, LINE, MASKED_RADIUS, WIDTH, unplaced_map

OYONNAX, BELLIGNAT, NANTUA, SAINT_DENIS = "01283", "01031", "01269", "97411"


def drawn(*counts, territory=""):
    homes = [(gazetteer().by_code(code), count) for code, count in counts]
    return unplaced_map(homes, territory, max((count or 0 for _code, count in counts), default=0))


@pytest.mark.parametrize(
    "codes", [(OYONNAX,), (OYONNAX, NANTUA), ("59350", "2A004"), (SAINT_DENIS,)]
)
def test_every_commune_is_inside_the_box_on_drawn_land(codes):
    picture = drawn(*[(code, 10) for code in codes])
    assert len(picture.bubbles) == len(codes)
    for one in picture.bubbles:
        assert 0 < one.x - one.radius < one.x + one.radius < WIDTH
        assert 0 < one.y - one.radius < one.y + one.radius < HEIGHT
    assert picture.departements.startswith("M")
    assert picture.territory == ""


def test_north_is_up_and_east_is_right():
    picture = drawn(("59350", 9), ("67482", 8), ("13055", 7))  # Lille, Strasbourg, Marseille
    at = {one.name: one for one in picture.bubbles}
    assert at["Lille"].y < at["Strasbourg"].y < at["Marseille"].y
    assert at["Lille"].x < at["Marseille"].x < at["Strasbourg"].x


def test_a_masked_count_is_a_small_bubble_without_a_number():
    large, small, masked = drawn((OYONNAX, 100), (NANTUA, 5), (BELLIGNAT, None)).bubbles
    assert (large.name, small.name, masked.name) == ("Oyonnax", "Nantua", "Bellignat")
    assert large.radius > small.radius > masked.radius == MASKED_RADIUS
    assert masked.count is None


def test_a_campaign_with_small_counts_only_is_drawn():
    assert [one.count for one in drawn((OYONNAX, None)).bubbles] == [None]


def test_the_territory_is_coloured_and_paths_stay_near_the_box():
    picture = drawn((OYONNAX, 10), (NANTUA, 6), territory=territory_of(OYONNAX).code)
    assert picture.territory.startswith("M")
    assert len(picture.departements) < 20_000
    numbers = [int(text) for text in re.findall(r"-?\d+", picture.departements)]
    assert -20 <= min(numbers) <= max(numbers) <= WIDTH + 20


def test_names_cover_nothing_and_the_largest_have_theirs_first():
    alone = drawn((OYONNAX, 10), (NANTUA, 6)).bubbles
    assert all(one.name_y is not None for one in alone)
    ain = [one for one in gazetteer() if one.code.startswith("01")][:60]
    crowd = unplaced_map([(home, 5 + place) for place, home in enumerate(ain)], "", 64).bubbles
    named = [one for one in crowd if one.name_y is not None]
    assert 0 < len(named) < len(crowd)
    for one in named:
        for other in crowd:
            beside = abs(one.x - other.x) >= LETTER * len(one.name) / 2 + other.radius
            assert beside or abs(one.name_y - other.y) >= LINE / 2 + other.radius
