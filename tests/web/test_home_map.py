"""The map of the home page: every département is there, and shades tell more from less."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.web.home_map import ceilings, home_map, outlines, shade


def test_the_101_departements_are_drawn_inside_the_box() -> None:
    drawing = home_map({})
    _, _, width, height = (float(number) for number in drawing.view_box.split())
    assert len({shape.code for shape in drawing.shapes}) == 101
    assert {shape.code for shape in drawing.overseas} == {"971", "972", "973", "974", "976"}
    for shape in drawing.shapes:
        start = re.match(r"M(\d+(?:\.\d+)?)[ ,](\d+(?:\.\d+)?)", shape.path)
        assert start is not None, shape.code
        assert 0 <= float(start[1]) <= width
        assert 0 <= float(start[2]) <= height


def test_without_offers_all_have_the_shade_of_nothing() -> None:
    drawing = home_map({})
    assert {shape.shade for shape in drawing.shapes} == {0}
    assert [(step.least, step.most) for step in drawing.legend] == [(0, 0)]


def test_a_single_departement_with_offers_has_the_strongest_shade() -> None:
    drawing = home_map({"38": 12})
    assert {shape.code: shape.shade for shape in drawing.shapes if shape.shade} == {"38": 5}


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=101))
def test_more_places_never_have_a_weaker_shade(values: list[int]) -> None:
    tops = ceilings([value for value in values if value])
    shades = [shade(value, tops) for value in sorted(values)]
    assert shades == sorted(shades)
    assert all(0 <= each <= 5 for each in shades)
    assert (shades[-1] == 5) == (max(values) > 0)


@given(st.data())
def test_the_key_says_in_which_range_each_departement_is(data: st.DataObject) -> None:
    codes = [each["code"] for each in outlines()["shapes"]]
    values = data.draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 3000)))
    drawing = home_map(values)
    key = {step.shade: step for step in drawing.legend}
    for shape in drawing.shapes:
        step = key[shape.shade]
        assert step.least <= values.get(shape.code, 0) <= step.most


@pytest.mark.parametrize("giant", [100, 100_000])
def test_a_giant_does_not_flatten_the_others(giant: int) -> None:
    values = dict(zip(["01", "02", "03", "04", "05"], [1, 2, 3, 4, giant], strict=True))
    shades = {shape.code: shape.shade for shape in home_map(values).shapes}
    assert [shades[code] for code in values] == [1, 2, 3, 4, 5]
