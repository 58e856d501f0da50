"""What is measured, one part a process: `python -m tests.benchmarks.parts FOLDER PART '{…}' MOST`.

A part prints one line of JSON: what it found, and the peak memory of its process; it is stopped
after MOST seconds. Parts hand over questions and arcs as files in FOLDER. Worlds are written
"demo", "region,points=address,seed=2".
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from tests.benchmarks.changes import one_seat, round_again
from tests.benchmarks.handed_over import keep, kept, made, timed
from tests.benchmarks.peers import SOLVERS, Plain

Part = Callable[..., dict[str, Any]]
GIB = 2**30


def main() -> None:
    folder, name, given, most = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    found = PARTS[name](folder, **json.loads(given))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB
    sys.stdout.write(json.dumps({**found, "memory": peak}) + "\n")


def question(folder: Path, world: str) -> dict[str, Any]:
    """Make a world and keep it."""
    problem = made(world)
    keep(folder / f"{world}.problem", problem)
    return {"pupils": len(problem.pupils.keys), "seats": int(problem.slots.seats.sum())}


def arcs(folder: Path, world: str, k: int) -> dict[str, Any]:
    """Make the pairs of a world: of the k nearest slots, all when k is 0."""
    from tests.benchmarks import nearest, ours

    problem = kept(folder / f"{world}.problem")
    market = nearest.market_of_nearest(problem, k) if k else nearest.market_of_all(problem)
    untold = nearest.untold(market)
    keep(folder / f"{world}.{k}.told", market)
    keep(folder / f"{world}.{k}.untold", untold)
    for who in ("free", "fixed"):
        chosen = ours.select(untold) if who == "fixed" else None
        keep(folder / f"{world}.{k}.{who}", ours.plain_of(untold, chosen))
    return {"arcs": len(market.arcs.column)}


def one_cost(folder: Path, world: str, k: int, who: str) -> dict[str, Any]:
    """Our least cost on given pairs; `who` is placed is "free" (the cost decides) or "fixed"."""
    from tests.benchmarks import ours

    work = {"free": ours.least_cost, "fixed": ours.least_cost_of_chosen}[who]
    work(_warming_market(folder, "untold"))
    market = kept(folder / f"{world}.{k}.untold")
    spent, found = timed(lambda: work(market))
    return {**spent, **found._asdict()}


def all_levels(folder: Path, world: str, k: int, policy: str) -> dict[str, Any]:
    """Our steps from pairs to seats and prices at every level."""
    from matching.engine.solve import POLICIES

    work = POLICIES[policy]
    work(_warming_market(folder, "told"), _silent)
    market = kept(folder / f"{world}.{k}.told")
    spent, outcome = timed(lambda: work(market, _silent))
    return {**spent, "placed": len(outcome.node)}


def peer(folder: Path, world: str, k: int, who: str, solver: str) -> dict[str, Any]:
    """Another solver on the same arcs and cost, from arrays to its answer."""
    plain: Plain = kept(folder / f"{world}.{k}.{who}")
    spent, found = timed(lambda: SOLVERS[solver](plain))
    return {**spent, **found._asdict()}


def reading(folder: Path, world: str, k: int) -> dict[str, Any]:
    """Reading the column and value of every arc once."""
    pairs = kept(folder / f"{world}.{k}.untold").arcs
    spent, _ = timed(lambda: int(pairs.column.sum(dtype=np.int64)) + int(pairs.value.sum()), runs=7)
    return {**spent, "arcs": len(pairs.column)}


def whole(folder: Path, world: str, policy: str) -> dict[str, Any]:
    """A round as in the product, from points to the certificate and its check."""
    from matching.engine.solve import solve
    from matching.engine.verify import verify

    warming = replace(kept(folder / "demo.problem"), policy=policy)
    verify(warming, solve(warming))
    problem = replace(kept(folder / f"{world}.problem"), policy=policy)
    phases: dict[str, float] = {}

    def hear(phase: str, _share: float) -> None:
        phases.setdefault(phase, process_time())

    spent, solution = timed(lambda: (phases.clear(), solve(problem, progress=hear))[1])
    ended = process_time()
    checked, report = timed(lambda: verify(problem, solution))
    begun = [*phases.values(), ended]
    lasted = {name: begun[k + 1] - begun[k] for k, name in enumerate(phases)}
    return {
        **spent,
        "check": checked["seconds"],
        "phases": lasted,
        "levels": dict(solution.levels),
        "failures": [f"{one.property}: {one.detail}" for one in report.failures],
    }


def implicit(folder: Path, world: str, stored: bool) -> dict[str, Any]:
    """Who is placed over pairs that are not stored, its check, and whether stored ones agree."""
    from matching.engine.implicit import place_implicit
    from matching.engine.verify_implicit import check_who
    from tests.benchmarks import nearest, ours

    warming = kept(folder / "demo,points=address.problem")
    list(check_who(warming, *place_implicit(warming)))
    problem = kept(folder / f"{world}.problem")
    spent, placing = timed(lambda: place_implicit(problem), runs=1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB
    checked, broken = timed(lambda: list(check_who(problem, *placing)), runs=1)
    found = {
        **spent,
        "solving": memory,
        "check": checked["seconds"],
        "placed": int((placing.slot >= 0).sum()),
        "failures": [f"{name}: {what}" for name, what in broken[:5]],
    }
    if stored:
        market = nearest.market_of_all(problem)
        again, chosen = timed(lambda: ours.select(market), runs=1)
        units = chosen.units
        group = market.groups.of_pupil[np.flatnonzero(placing.slot >= 0)]
        same = np.array_equal(np.bincount(group, minlength=len(units)), units)
        found |= {"stored": again["seconds"], "arcs": len(market.arcs.column), "same": same}
    return found


def where(folder: Path, world: str, rounds: int) -> dict[str, Any]:
    """Where all sit over pairs that are not stored, what is proven, and its check."""
    from matching.engine.implicit_where import place_where
    from matching.engine.verify_implicit_where import check_where

    warming = kept(folder / "demo,points=address.problem")
    list(check_where(warming, *place_where(warming)[:5]))
    problem = kept(folder / f"{world}.problem")
    spent, located = timed(lambda: place_where(problem, rounds=rounds), runs=1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB
    checked, broken = timed(lambda: list(check_where(problem, *located[:5])), runs=1)
    return {
        **spent,
        "solving": memory,
        "check": checked["seconds"],
        "levels": dict(located.levels),
        "gap": located.gap,
        "rounds": located.rounds,
        "arcs": located.pairs,
        "failures": [f"{name}: {what}" for name, what in broken[:5]],
    }


def pairs(folder: Path, world: str) -> dict[str, Any]:
    """How many pairs of a pupil and a kind of seat are within reach, and of a site and such."""
    from tests.benchmarks.nearest import market_of_all

    market = market_of_all(kept(folder / f"{world}.problem"))
    members = np.bincount(market.groups.site, weights=market.groups.sizes)
    return {
        "sites": market.sites,
        "arcs": len(market.arcs.column),
        "pupil_pairs": int(members @ np.diff(market.arcs.start)),
    }


def checking(folder: Path, world: str, policy: str) -> dict[str, Any]:
    """What the check costs: with given prices, an arc at a time, and when it finds them itself."""
    from matching.engine.solve import solve
    from matching.engine.verify import verify
    from matching.engine.verify_pairs import candidates, kinds_of
    from matching.engine.verify_proof import Proof

    warming = replace(kept(folder / "demo.problem"), policy=policy)
    answer = solve(warming)
    verify(warming, answer)
    verify(warming, replace(answer, certificate=None))
    problem = replace(kept(folder / f"{world}.problem"), policy=policy)
    solved, solution = timed(lambda: solve(problem))
    kinds = kinds_of(problem)
    found = candidates(problem, kinds)
    looked_at = int(np.diff(found.start)[kinds.site].sum())
    proof = Proof(problem, solution, kinds, found)
    prices = np.ascontiguousarray(np.moveaxis(solution.certificate.prices, 0, 2))
    given, broken = timed(lambda: list(proof._optimal(prices)))
    bare = replace(solution, certificate=None)
    recovered, report = timed(lambda: verify(problem, bare))
    return {
        "solve": solved["seconds"],
        "given": given["seconds"],
        "arcs": looked_at,
        "recovered": recovered["seconds"],
        "failures": [str(one) for one in (*broken, *report.failures)],
    }


def placed_by_k(folder: Path, world: str, ks: list[int]) -> dict[str, Any]:
    """How many can be placed when each pupil knows only the k nearest slots of his weeks."""
    from tests.benchmarks import nearest, ours

    problem = kept(folder / f"{world}.problem")
    markets = (
        nearest.market_of_nearest(problem, k) if k else nearest.market_of_all(problem) for k in ks
    )
    return {"placed": [int(ours.select(market).units.sum()) for market in markets]}


def values(_folder: Path, cases: list[tuple[str, str]]) -> dict[str, Any]:
    """Every level of some worlds under a policy, against other solvers."""
    return {
        "differing": [
            f"{world} {policy}: {one}"
            for world, policy in cases
            for one in _differing(replace(made(world), policy=policy))
        ]
    }


def _differing(problem: Any) -> Iterator[str]:
    """Where our answer is not what flows of OR-Tools and SciPy's maximum flow say."""
    from matching.engine.problem import Policy
    from matching.engine.solve import solve
    from matching.engine.verify import verify
    from tests.benchmarks.peers import scipy_most_placed
    from tests.demo.test_demo_optimum import network
    from tests.engine.independent import best_by_flow

    solution = solve(problem)
    for failure in verify(problem, solution).failures:
        yield f"refused: {failure.property}"
    net = network(problem)
    plain = Plain(net.pupil, net.node, net.pupil * 0, net.seats, len(net.pupils))
    placed = set(np.flatnonzero(solution.slot >= 0).tolist())
    most = scipy_most_placed(plain).placed
    if len(placed) != most:
        yield f"placed {len(placed)} for {most}"
    if problem.policy != Policy.BEST_TOTAL:
        net = network(problem, placed)
    for (name, mine), (_, best) in zip(solution.levels, best_by_flow(net), strict=True):
        if mine != best:
            yield f"{name} {mine} for {best}"


PARTS: dict[str, Part] = {
    part.__name__: part
    for part in (
        question, arcs, one_cost, all_levels, peer, reading, whole, implicit, where, pairs,
        checking, one_seat, round_again, placed_by_k, values,
    )
}  # fmt: skip


def _silent(_phase: str, _share: float) -> None:
    pass


def _warming_market(folder: Path, kind: str) -> Any:
    """A small market, so that what is measured is compiled."""
    return kept(folder / f"demo,points=address.25.{kind}")


if __name__ == "__main__":
    main()
