"""The marks of the matcher: what is wanted of it, and what is seen."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.benchmarks.bench import Bench, PartFailed
from tests.benchmarks.seen import (
    Seen,
    against_or_tools,
    against_reading,
    certified,
    checking_prices,
    equal_values,
    growth,
    levels_against_one_cost,
    most_placed,
    nobody_nearer,
    not_stored,
    one_seat,
    round_again,
    whole_round,
)


class Mark(NamedTuple):
    """`size` is the largest question that it needs."""

    size: str
    what: str
    wanted: str
    see: Callable[[Bench], Seen]


class Row(NamedTuple):
    what: str
    wanted: str
    seen: str
    verdict: str


def rows(bench: Bench) -> Iterator[Row]:
    """Every mark of the sizes asked for; one that cannot be measured says why."""
    for mark in MARKS:
        if mark.size not in bench.sizes:
            continue
        try:
            seen, enough = mark.see(bench)
        except PartFailed as why:
            seen, enough = f"failed: {why}", False
        verdict = {None: "reported", True: "met", False: "**not met**"}[enough]
        yield Row(mark.what, mark.wanted, seen, verdict)


SAME = "same scalar cost as OR-Tools, "
CHECKING = "checking given prices; finding and checking them: "
COUNTRY = "country, all pairs within reach, "
MARKS = (
    Mark("demo", "value of every level", "equal to OR-Tools, placed to SciPy", equal_values),
    Mark("demo", "demo, from points to certificate, 60 % wish", "≤ 1.5 s", whole_round),
    Mark("demo", SAME + "demo k=25", "≤ 1/5", against_or_tools("demo", 25, "free", 1 / 5)),
    Mark("demo", SAME + "demo all pairs", "≤ 1/5", against_or_tools("demo", 0, "free", 1 / 5)),
    Mark(
        "demo", SAME + "demo all pairs, who is fixed", "≤ 1/5",
        against_or_tools("demo", 0, "fixed", 1 / 5),
    ),
    Mark("region", SAME + "region k=25", "≤ 1/15", against_or_tools("region", 25, "free", 1 / 15)),
    Mark(
        "region", SAME + "region k=25, who is fixed", "≤ 1/15",
        against_or_tools("region", 25, "fixed", 1 / 15),
    ),
    Mark("region", SAME + "region k=50", "≤ 1/10", against_or_tools("region", 50, "free", 1 / 10)),
    Mark(
        "region", SAME + "region k=50, who is fixed", "≤ 1/10",
        against_or_tools("region", 50, "fixed", 1 / 10),
    ),
    Mark(
        "country", SAME + "country k=25", "≤ 1/20, ≤ 3 GB",
        against_or_tools("country", 25, "free", 1 / 20),
    ),
    Mark("region", "placed, region k=50", "equal to SciPy's maximum flow", most_placed),
    Mark(
        "region", "all levels against one cost, who is fixed (fair)", "≤ 3 ×",
        levels_against_one_cost("fair", "fixed"),
    ),
    Mark(
        "region", "all levels against one cost, who is free (best_total)", "≤ 3 ×",
        levels_against_one_cost("best_total", "free"),
    ),
    Mark("region", "region, points at school, all pairs, 60 % wish", "", certified("region")),
    Mark("country", COUNTRY + "points at school, no wishes", "≤ 120 s, ≤ 4 GB",
         certified("country,wishing=0", (120, 4))),
    Mark("country", COUNTRY + "points at home communes, no wishes, none stored: where",
         "≤ 120 s, ≤ 4 GB",
         nobody_nearer("country,points=commune,wishing=0", 100, (120, 4), exact=True)),
    Mark("country", COUNTRY + "points at school, 60 % wish", "reported", certified("country")),
    Mark(
        "region", "region, all pairs within reach, jittered points, none stored: maximum",
        "the same pupils", not_stored("region,points=address", stored=True),
    ),
    Mark("country", COUNTRY + "jittered points, none stored: maximum", "reported",
         not_stored("country,points=address", stored=False)),
    Mark(
        "region", "region, all pairs within reach, jittered points, none stored: where",
        "the best at every level", nobody_nearer("region,points=address", 100, exact=True),
    ),
    Mark("country", COUNTRY + "jittered points, no wishes, none stored: where",
         "reported, with the gap",
         nobody_nearer("country,points=address,wishing=0", 100, exact=False)),
    *(
        Mark(
            "region", f"region, no wishes, one seat added or removed, {policy}",
            "≤ 1/50 of the cold solve", one_seat(policy),
        )
        for policy in ("fair", "best_total")
    ),
    *(
        Mark(
            "region", f"a round again with 30 % held and 5 % refusing, region, {wishing}",
            "reported", round_again(world),
        )
        for wishing, world in (("no wishes", "region,wishing=0"), ("60 % wish", "region"))
    ),
    Mark("country", "growth in arcs from region to country, k=25", "exponent ≤ 1.3", growth),
    Mark(
        "demo", CHECKING + "demo, 60 % wish", "≤ 20 ns an arc; ≤ 30 %", checking_prices("demo"),
    ),
    Mark(
        "region", CHECKING + "region, no wishes", "≤ 20 ns an arc; ≤ 30 %",
        checking_prices("region,wishing=0"),
    ),
    Mark("region", "solve / reading the arcs once, region k=50", "≤ 500", against_reading),
)  # fmt: skip
