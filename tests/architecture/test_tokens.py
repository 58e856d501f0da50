"""The colours of the style sheet, measured as WCAG 2.1 measures them."""

import re

import pytest

from matching.paths import STATIC

AA_TEXT = 4.5
NON_TEXT = 3.0

TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", (STATIC / "css/tokens.css").read_text()))

TEXT = [
    *((text, "sand") for text in ("ink", "ink2", "blue", "orange", "red")),
    *((text, "paper") for text in ("ink", "ink2", "blue", "orange", "red")),
    *(("ink", ground) for ground in ("hivis", "spark", "steel", "mint-surface", "blue-surface")),
    *(("ink", f"surface-{number}") for number in range(1, 9)),
    *(("ink", ground) for ground in ("amber-surface", "red-surface")),
    *((tone, f"{tone}-surface") for tone in ("mint", "amber", "red")),
    ("navy", "blue-surface"),
    ("navy", "paper"),
    ("paper", "navy"),
    ("paper", "navy-deep"),
    ("paper", "ink"),
    ("hivis", "ink"),
    ("hivis", "navy"),
    ("on-navy", "navy"),
    ("on-navy", "navy-deep"),
    ("on-navy", "ink"),
]  # fmt: skip
SHAPES = [
    *(("edge", ground) for ground in ("sand", "paper")),
    *(("blue", ground) for ground in ("sand", "paper", "steel")),  # the focus ring
    *(("hivis", ground) for ground in ("ink", "navy", "navy-deep")),  # the focus ring on dark
    ("navy", "steel"),  # a bar on its track
    ("navy", "paper"),
    ("red", "paper"),
    *((f"map-{number}", ground) for number in range(1, 6) for ground in ("navy", "navy-deep")),
    *(("map-outline", ground) for ground in ("navy", "navy-deep", "map-0")),
]


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, from the definition in WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_agrees_with_published_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= AA_TEXT


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_marks_and_map_shades_stand_out(shape: str, ground: str) -> None:
    assert contrast(TOKENS[shape], TOKENS[ground]) >= NON_TEXT


def test_neighbouring_shades_of_the_map_get_lighter_step_by_step() -> None:
    shades = [luminance(TOKENS[f"map-{number}"]) for number in range(5)]
    assert shades == sorted(shades)
    assert len(set(shades)) == 5


def test_colours_are_named_in_the_tokens_only() -> None:
    """Other sheets use tokens; the translucent lines of the drawing are the only exceptions."""
    strays = {
        sheet.name: found
        for sheet in (STATIC / "css").glob("*.css")
        if sheet.name != "tokens.css"
        and (found := set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet.read_text())))
    }
    assert strays == {}
