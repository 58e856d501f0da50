"""Line plots as small SVG files, without a library: the same bytes for the same values."""

from collections.abc import Callable
from html import escape
from math import ceil, floor, log10
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 170, 64, 56
COLOURS = ("#0b5c8a", "#c2410c", "#3f7d20", "#7c3aed", "#9a6700", "#475569")
INK = "#5b6470"  # reads on white and on black


class Axis(NamedTuple):
    """A title, the marks on it (value, label), and where a value lies between 0 and 1."""

    title: str
    marks: list[tuple[float, str]]
    place: Callable[[float], float]


def logarithmic(title: str, values: list[float], unit: str = "") -> Axis:
    """An axis in powers of ten around these values."""
    first, last = floor(log10(min(values))), ceil(log10(max(values)))
    last = max(last, first + 1)
    marks = [
        (10.0**power, f"{10.0**power:,.{max(0, -power)}f}{unit}")
        for power in range(first, last + 1)
    ]
    return Axis(title, marks, lambda value: (log10(value) - first) / (last - first))


def even(title: str, labels: list[str]) -> Axis:
    """An axis of steps 0, 1, 2…, evenly spaced."""
    steps = max(1, len(labels) - 1)
    return Axis(title, list(enumerate(labels)), lambda value: value / steps)


def linear(title: str, first: float, last: float, step: float, unit: str = "") -> Axis:
    """An axis from `first` to `last`."""
    count = round((last - first) / step)
    marks = [(first + k * step, f"{first + k * step:g}{unit}") for k in range(count + 1)]
    return Axis(title, marks, lambda value: (value - first) / (last - first))


def plot(
    path: Path, title: str, x: Axis, y: Axis, lines: dict[str, list[tuple[float, float]]]
) -> None:
    """Write one SVG file; each line is a name and its points (x, y)."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    parts = [_text(LEFT, 24, title, size=16)]
    for value, label in y.marks:
        down = TOP + high * (1 - y.place(value))
        parts.append(f'<path d="M{LEFT} {down:.1f}h{wide}" stroke="{INK}" stroke-opacity=".25"/>')
        parts.append(_text(LEFT - 8, down + 4, label, anchor="end"))
    for value, label in x.marks:
        parts.append(_text(LEFT + wide * x.place(value), TOP + high + 20, label, anchor="middle"))
    parts.append(_text(LEFT + wide / 2, HEIGHT - 12, x.title, anchor="middle"))
    parts.append(_text(LEFT, TOP - 12, y.title))
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        spots = [
            (LEFT + wide * x.place(a), TOP + high * (1 - y.place(b))) for a, b in sorted(points)
        ]
        path_data = "L".join(f"{a:.1f} {b:.1f}" for a, b in spots)
        parts.append(f'<path d="M{path_data}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in spots]
        row = TOP + 14 + 22 * number
        parts.append(f'<circle cx="{WIDTH - RIGHT + 18}" cy="{row - 4}" r="5" fill="{colour}"/>')
        parts.append(_text(WIDTH - RIGHT + 30, row, name))
    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    named = f'role="img" aria-label="{escape(title)}"'
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} {named} font-family="sans-serif">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{INK}">{escape(words)}</text>'
