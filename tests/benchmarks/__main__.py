"""`make bench-engine`: measures the marks of the matcher and writes docs/engine-marks.md.

SIZES="demo region" leaves the country out. On two slow cores the whole takes 90 minutes.
"""

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import plots
from tests.benchmarks.bench import ROOT, Bench, PartFailed
from tests.benchmarks.marks import Row, rows

SIZES = ("demo", "region", "country")
DOCS = ROOT / "docs"
PACKAGES = ("numpy", "scipy", "numba", "ortools", "pylmcf")
COMPARED = (  # size, world, k: from the fewest arcs to the most
    ("demo", "demo,points=address", 25),
    ("demo", "demo,points=address", 0),
    ("region", "region,points=address", 25),
    ("region", "region,points=address", 50),
    ("country", "country,points=address", 25),
)
SOLVERS = ("OR-Tools", "LEMON", "SciPy")
LARGEST_FOR_SCIPY = 1e6  # arcs: it takes a minute and more above
KS = [10, 25, 50, 100, 0]
QUESTIONS = {"free": "the cost decides who", "fixed": "who is placed is given"}
INTRODUCTION = """\
Written by `make bench-engine`. CPU seconds of one thread, medians of up to five runs (one when \
a run takes over ten seconds), each part in a process of its own with its own peak memory; all \
in one run on one machine. The questions are made up, on the real communes and territories \
(`tests/benchmarks/worlds.py`).\
"""
BESIDE = """\
The same arcs (each pupil with the k nearest slots of each of his weeks, points jittered around \
homes) and the same cost, which is one number: tens of metres, plus 10,000 outside the \
territory. *The cost decides who*: the largest number of pupils at the least cost. *Who is \
placed is given*: those whom class and lottery choose, all of them, at the least cost. Ours is \
a step of `fair` or `best_total` with one word of cost; the others are OR-Tools' \
SimpleMinCostFlow, LEMON's network simplex (pylmcf) and SciPy's \
min_weight_full_bipartite_matching (up to a million arcs). A cell says CPU seconds and peak \
memory; ≠ would mark another number placed or another cost than ours.\
"""
BY_K = """\
Most pupils that can be placed when each knows only the k nearest slots of each of his weeks. \
The product counts every pair within reach.\
"""


def main() -> None:
    sizes = os.environ.get("SIZES", "").split() or list(SIZES)
    if not set(sizes) <= set(SIZES):
        sys.exit(f"SIZES takes {', '.join(SIZES)}")
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), sizes)
        table = list(rows(bench))
        text = [*_top(), *_marks(table), *_compared(bench), *_by_k(bench), *_phases(bench)]
    (DOCS / "engine-marks.md").write_text("\n".join(text) + "\n")
    for row in table:
        sys.stdout.write(f"{row.verdict:>12}  {row.what}: {row.seen}\n")


def _top() -> list[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        "# Marks of the matcher",
        "",
        INTRODUCTION,
        "",
        f"Python {platform.python_version()}, {versions}; {_processor()}, {os.cpu_count()} cores.",
        "",
    ]


def _marks(table: list[Row]) -> list[str]:
    lines = ["| what | mark | seen | |", "|---|---|---|---|"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in table), ""]


def _compared(bench: Bench) -> list[str]:
    """Time by size: everybody on the same arcs and cost, from arrays to the answer."""
    text = [
        "## Beside general solvers",
        "",
        BESIDE,
        "",
    ]
    for who, question in QUESTIONS.items():
        lines: dict[str, list[tuple[float, float]]] = {}
        text += [
            f"| {question} | arcs | ours | {' | '.join(SOLVERS)} |",
            "|---|---|---|" + "---|" * len(SOLVERS),
        ]
        for size, world, k in COMPARED:
            if size in bench.sizes and not (size == "country" and who == "fixed"):
                text.append(_compared_row(bench, world, k, who, lines))
        text.append("")
        if lines:
            name = f"engine-time-{who}.svg"
            seconds = [second for line in lines.values() for _, second in line]
            arcs = [arc for line in lines.values() for arc, _ in line]
            plots.plot(
                DOCS / name,
                f"Time by size: {question}",
                plots.logarithmic("arcs", arcs),
                plots.logarithmic("CPU seconds", seconds, " s"),
                lines,
            )
            text += [f"![CPU seconds by number of arcs, {question}]({name})", ""]
    return text


def _compared_row(
    bench: Bench, world: str, k: int, who: str, lines: dict[str, list[tuple[float, float]]]
) -> str:
    name = f"{world.split(',')[0]} {f'k={k}' if k else 'all pairs'}"
    try:
        given = bench.arcs(world, k)
        arcs = bench.part("arcs", **given)["arcs"]
    except PartFailed as why:
        return f"| {name} | {why} |" + " |" * (1 + len(SOLVERS))
    cells, ours = [], None
    for solver in ("ours", *SOLVERS):
        if solver == "SciPy" and arcs > LARGEST_FOR_SCIPY:
            cells.append("–")
            continue
        try:
            if solver == "ours":
                found = ours = bench.part("one_cost", **given, who=who)
            else:
                found = bench.part("peer", **given, who=who, solver=solver)
        except PartFailed as why:
            cells.append(str(why))
            continue
        lines.setdefault(solver, []).append((arcs, found["seconds"]))
        same = ours is None or all(found[key] == ours[key] for key in ("placed", "cost"))
        cells.append(f"{found['seconds']:.3g} s, {found['memory']:.1f} GiB{'' if same else ' ≠'}")
    return f"| {name} | {arcs:,} | {' | '.join(cells)} |"


def _by_k(bench: Bench) -> list[str]:
    text = [
        "## Placed, by how many offers a pupil knows",
        "",
        BY_K,
        "",
        f"| | {' | '.join(f'k={k}' for k in KS[:-1])} | all |",
        "|---|" + "---|" * len(KS),
    ]
    lines = {}
    for size in bench.sizes[:2]:
        try:
            world = bench.world(f"{size},points=address")
            placed = bench.part("placed_by_k", world=world, ks=KS)["placed"]
        except PartFailed as why:
            text.append(f"| {size} | {why} |" + " |" * (len(KS) - 1))
            continue
        text.append(f"| {size} | {' | '.join(f'{count:,}' for count in placed)} |")
        lines[size] = [(k, 100 * count / placed[-1]) for k, count in enumerate(placed)]
    if lines:
        plots.plot(
            DOCS / "engine-placed-by-k.svg",
            "Placed, in % of what all pairs allow",
            plots.even("nearest slots known", [*(f"k={k}" for k in KS[:-1]), "all"]),
            plots.linear("placed", 50, 100, 10, " %"),
            lines,
        )
        text += ["", "![Share placed by k](engine-placed-by-k.svg)"]
    return [*text, ""]


def _phases(bench: Bench) -> list[str]:
    """Where the time of whole rounds goes."""
    worlds = {
        "demo": "demo",
        "region": "region",
        "country, no wishes": "country,wishing=0",
        "country": "country",
    }
    found = {}
    for name, world in worlds.items():
        if name.split(",")[0] in bench.sizes:
            try:
                found[name] = bench.part("whole", world=bench.world(world), policy="fair")
            except PartFailed:
                continue
    phases = list(next(iter(found.values()), {"phases": {}})["phases"])
    text = [
        "## Where the time goes",
        "",
        "Whole rounds of `fair`, points at school, every pair within reach, CPU seconds by phase.",
        "",
        f"| | {' | '.join(phases)} | checking | peak memory |",
        "|---|" + "---|" * (len(phases) + 2),
    ]
    for name, one in found.items():
        seconds = [one["phases"].get(phase, 0) for phase in phases]
        cells = [f"{second:.3g} s" for second in (*seconds, one["check"])]
        text.append(f"| {name} | {' | '.join(cells)} | {one['memory']:.1f} GiB |")
    return text


def _processor() -> str:
    """The processor's own name, where the system tells it."""
    try:
        facts = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in facts if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
