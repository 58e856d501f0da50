"""What was seen of each mark, and whether that is enough (None where it is only reported)."""

from collections.abc import Callable
from math import log

from tests.benchmarks.bench import Bench, PartFailed

Seen = tuple[str, bool | None]
VALUES = (
    ("demo", "fair"),
    ("demo", "best_total"),
    *(
        (f"demo,pupils=1500,supply={supply},points={points},{told},seed={seed}", policy)
        for seed, (supply, points, told, policy) in enumerate(
            (
                ("scarce", "school", "wishing=0", "fair"),
                ("scarce", "commune", "wishing=1", "best_total"),
                ("scarce", "address", "concentrated=true", "fair"),
                ("balanced", "school", "concentrated=true", "best_total"),
                ("balanced", "commune", "wishing=0", "fair"),
                ("balanced", "address", "wishing=1", "best_total"),
                ("ample", "school", "wishing=1", "fair"),
                ("ample", "commune", "concentrated=true", "best_total"),
                ("ample", "address", "wishing=0", "fair"),
            ),
            start=2,
        )
    ),
)
LEVELS_SEEN = ("placed", "wishes", "territory")
LEVELS_WHERE = ("wishes", "territory", "distance")


def equal_values(bench: Bench) -> Seen:
    differing = bench.part("values", cases=VALUES)["differing"]
    seen = "; ".join(differing) or f"equal in {len(VALUES)} of {len(VALUES)}"
    return seen, not differing


def whole_round(bench: Bench) -> Seen:
    bench.warming()
    found = bench.part("whole", world="demo", policy="fair")
    total = found["seconds"] + found["check"]
    seen = f"{total:.2f} s: solved {found['seconds']:.2f}, checked {found['check']:.2f}"
    return seen, total <= 1.5 and not found["failures"]


def against_or_tools(size: str, k: int, who: str, most: float) -> Callable[[Bench], Seen]:
    def see(bench: Bench) -> Seen:
        given = bench.arcs(f"{size},points=address", k)
        ours = bench.part("one_cost", **given, who=who)
        theirs = bench.part("peer", **given, who=who, solver="OR-Tools")
        ratio = ours["seconds"] / theirs["seconds"]
        equal = (ours["placed"], ours["cost"]) == (theirs["placed"], theirs["cost"])
        arcs = bench.part("arcs", **given)["arcs"]
        seen = (
            f"1/{1 / ratio:.1f}: {ours['seconds']:.3g} s against {theirs['seconds']:.3g} s, "
            f"{arcs / 1e6:.2f} M arcs, {'equal' if equal else 'NOT equal'} in number and cost; "
            f"{ours['memory']:.1f} GiB against {theirs['memory']:.1f}"
        )
        light = size != "country" or ours["memory"] <= 3
        return seen, ratio <= most and equal and light

    return see


def levels_against_one_cost(policy: str, who: str) -> Callable[[Bench], Seen]:
    def see(bench: Bench) -> Seen:
        given = bench.arcs("region,points=address", 25)
        every = bench.part("all_levels", **given, policy=policy)["seconds"]
        one = bench.part("one_cost", **given, who=who)["seconds"]
        return f"{every / one:.2f} ×: {every:.2f} s against {one:.2f} s", every / one <= 3

    return see


def most_placed(bench: Bench) -> Seen:
    given = bench.arcs("region,points=address", 50)
    ours = bench.part("one_cost", **given, who="fixed")["placed"]
    theirs = bench.part("peer", **given, who="free", solver="SciPy maximum flow")["placed"]
    return f"{ours:,} and {theirs:,}", ours == theirs


def certified(world: str, limits: tuple[float, float] | None = None) -> Callable[[Bench], Seen]:
    """A whole round, to be within seconds (solved) and GiB."""

    def see(bench: Bench) -> Seen:
        bench.warming()
        found = bench.part("whole", world=bench.world(world), policy="fair")
        size = bench.part("pairs", world=world)
        levels = ", ".join(f"{found['levels'][name]:,} {name}" for name in LEVELS_SEEN)
        checked = "; ".join(found["failures"]) or "certified"
        seen = (
            f"solved in {found['seconds']:.0f} s, checked in {found['check']:.0f} s, "
            f"{found['memory']:.1f} GiB, {size['pupil_pairs'] / 1e6:,.0f} M pairs of pupils "
            f"({size['arcs'] / 1e6:.1f} M of {size['sites']:,} sites), {levels}, {checked}"
        )
        if limits is None:
            return seen, None if not found["failures"] else False
        enough = found["seconds"] <= limits[0] and found["memory"] <= limits[1]
        return seen, enough and not found["failures"]

    return see


def not_stored(world: str, *, stored: bool) -> Callable[[Bench], Seen]:
    """Who is placed over pairs that are never stored; the same pupils as over stored ones."""

    def see(bench: Bench) -> Seen:
        bench.warming()
        found = bench.part("implicit", world=bench.world(world), stored=stored)
        checked = "; ".join(found["failures"]) or "maximum and order proven"
        seen = (
            f"{found['placed']:,} placed in {found['seconds']:.1f} s, {found['solving']:.1f} GiB; "
            f"{checked} in {found['check']:.1f} s"
        )
        if not stored:
            return seen, None if not found["failures"] else False
        seen += (
            f"; {'the same' if found['same'] else 'NOT the same'} pupils as over "
            f"{found['arcs'] / 1e6:.1f} M stored pairs, which took {found['stored']:.1f} s"
        )
        return seen, found["same"] and not found["failures"]

    return see


def nobody_nearer(
    world: str, rounds: int, limits: tuple[float, float] | None = None, *, exact: bool
) -> Callable[[Bench], Seen]:
    """Where all sit over pairs that are never stored, exact or with the gap that is proven; within
    seconds (solved) and GiB.
    """

    def see(bench: Bench) -> Seen:
        bench.warming()
        found = bench.part("where", world=bench.world(world), rounds=rounds)
        levels = ", ".join(f"{found['levels'][name]:,} {name}" for name in LEVELS_WHERE)
        proven = "the best at every level"
        if found["gap"]:
            name, value = found["gap"]
            proven = f"{name} within {value:,} of the best ({value / found['levels'][name]:.2%})"
        checked = "; ".join(found["failures"]) or f"proven anew in {found['check']:.0f} s"
        seen = (
            f"{levels}: {proven} after {found['rounds']} rounds, {found['seconds']:.0f} s, "
            f"{found['solving']:.1f} GiB, {found['arcs'] / 1e6:.1f} M pairs kept; {checked}"
        )
        enough = not found["failures"] and not (exact and found["gap"])
        if limits is not None:
            enough = enough and found["seconds"] <= limits[0] and found["memory"] <= limits[1]
        return seen, enough if exact or not enough else None

    return see


def growth(bench: Bench) -> Seen:
    worlds = ("region,points=address", "country,points=address")
    sizes = [bench.part("arcs", **bench.arcs(world, 25))["arcs"] for world in worlds]
    seen, exponents = [], []
    for who in ("free", "fixed"):
        try:
            times = [
                bench.part("one_cost", world=world, k=25, who=who)["seconds"] for world in worlds
            ]
        except PartFailed as why:
            seen.append(f"who is {who}: {why}")
            continue
        exponents.append(log(times[1] / times[0]) / log(sizes[1] / sizes[0]))
        seen.append(f"who is {who}: {exponents[-1]:.2f}")
    return ", ".join(seen), len(exponents) == 2 and max(exponents) <= 1.3


def checking_prices(world: str) -> Callable[[Bench], Seen]:
    def see(bench: Bench) -> Seen:
        bench.warming()
        found = bench.part("checking", world=bench.world(world), policy="fair")
        each = found["given"] / found["arcs"] * 1e9
        share = found["recovered"] / found["solve"]
        seen = (
            f"{each:.0f} ns an arc ({found['arcs'] / 1e6:.1f} M); {share:.0%} "
            f"({found['recovered']:.2f} s without prices, solved in {found['solve']:.2f} s)"
        )
        return seen, each <= 20 and share <= 0.3 and not found["failures"]

    return see


def one_seat(policy: str) -> Callable[[Bench], Seen]:
    def see(bench: Bench) -> Seen:
        bench.warming()
        world = bench.world("region,wishing=0")
        found = bench.part("one_seat", world=world, policy=policy, changes=200)
        ratio = found["solve"] / found["median"]
        seen = (
            f"1/{ratio:.0f}: median {found['median'] * 1000:.0f} ms of 200, longest "
            f"{found['longest'] * 1000:.0f} ms, against {found['solve']:.1f} s; made ready once in "
            f"{found['stand']:.1f} s; {found['solved_again']} of them solved again, "
            f"{found['differing']} differ"
        )
        return seen, ratio >= 50 and not found["differing"]

    return see


def round_again(world: str) -> Callable[[Bench], Seen]:
    def see(bench: Bench) -> Seen:
        bench.warming()
        found = bench.part("round_again", world=bench.world(world))
        cold, warm = found["cold"], found["warm"]
        same = "the same answer" if found["same"] else "NOT the same answer"
        seen = f"1/{cold / warm:.1f}: {warm:.1f} s against {cold:.1f} s from nothing, {same}"
        return seen, None if found["same"] else False

    return see


def against_reading(bench: Bench) -> Seen:
    given = bench.arcs("region,points=address", 50)
    floor = bench.part("reading", **given)["seconds"]
    ratios = {
        who: bench.part("one_cost", **given, who=who)["seconds"] / floor
        for who in ("free", "fixed")
    }
    seen = f"{ratios['free']:.0f} who is free, {ratios['fixed']:.0f} who is fixed"
    return f"{seen}; the arcs are read in {floor * 1000:.1f} ms", ratios["free"] <= 500
