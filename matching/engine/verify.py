"""Checks an answer without the solver.

It reads the problem by itself (verify_pairs), then looks at the rules (verify_rules), at who is
placed (verify_order, verify_choice) and at the value of every level (verify_levels, verify_proof).
It shares with the solver only the tables, the distance, the lottery and the compiler's decorator.
"""

from dataclasses import dataclass
from typing import NamedTuple

from matching.engine.problem import Policy, Problem
from matching.engine.solution import Solution
from matching.engine.verify_capped_proof import CappedProof
from matching.engine.verify_caps import check_caps
from matching.engine.verify_pairs import candidates, kinds_of
from matching.engine.verify_proof import Proof
from matching.engine.verify_rules import (
    Broken,
    check_columns,
    check_held,
    check_members,
    check_pairs,
    check_reasons_of_unplaced,
    check_same_question,
    check_seats,
    check_shape,
)

RULES = (
    "question", "shape", "held", "pairs", "distance", "seats", "reserved", "week", "rank", "reason",
    "members",
)  # fmt: skip
PROOFS = ("values", "maximum", "cut", "order", "choice", "prices", "optimal", "dual")
LEFT_OUT = {  # promises that a policy does not make
    Policy.FAIR: {"choice"},
    Policy.BEST_TOTAL: {"order", "choice"},
    Policy.CANNOT_BE_GAMED: set[str](),
}


class Failure(NamedTuple):
    """A broken property and what shows it: numbers and keys, no sentence."""

    property: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """`checked` names every property that was looked at, in order.

    `question` same policy and seed · `shape` every column whole · `held` held placements untouched
    · `pairs` every pair allowed · `distance` as measured · `seats` none given twice · `reserved`
    only and first to the entitled · `week` the earliest common one (a common one, where a cap
    counts weeks apart) · `rank` as typed · `reason` true · `members` lottery among interchangeable
    pupils · `caps` no limit passed, looked at when there are caps · `values` levels add up ·
    `maximum` no exchange places one more · `cut` seats and pupils of the cut add up to the number
    placed · `order` nobody is overtaken (not best_total) · `choice` nobody's better wish could be
    granted in his turn (cannot_be_gamed, where the proofs after it are about the others) · `prices`
    at least 0, and only on full seats · `optimal` nobody could have anything cheaper · `dual` both
    sides equal at each level.
    """

    checked: tuple[str, ...]
    failures: tuple[Failure, ...]

    @property
    def ok(self) -> bool:
        return not self.failures


def verify(problem: Problem, solution: Solution) -> Report:
    """Check every rule and the proof of `solution`.

    Prices are taken from its certificate; without one they are found from the placements alone.
    The proof is looked at only when the rules hold.
    """
    broken = list(check_shape(problem, solution)) + list(check_same_question(problem, solution))
    if broken:
        return _report(RULES[:2], broken)
    kinds = kinds_of(problem)
    pairs = candidates(problem, kinds)
    broken = [
        *check_held(problem, solution),
        *check_pairs(problem, solution, kinds, pairs),
        *check_seats(problem, solution),
        *(check_caps(problem, solution) if problem.caps is not None else ()),
        *check_columns(problem, solution),
        *check_reasons_of_unplaced(problem, solution, kinds, pairs),
        *check_members(problem, solution, kinds),
    ]
    rules = RULES if problem.caps is None else (*RULES, "caps")
    if broken:
        return _report(rules, broken)
    proofs = tuple(name for name in PROOFS if name not in LEFT_OUT[problem.policy])
    proof = Proof(problem, solution, kinds, pairs)
    if problem.caps is None:
        return _report(rules + proofs, list(proof.broken()))
    capped = CappedProof(problem, solution, kinds, pairs, proof.facts, proof.names)
    return _report(rules + proofs, [*proof.values(), *capped.broken()])


def _report(checked: tuple[str, ...], broken: list[Broken]) -> Report:
    return Report(checked, tuple(Failure(*one) for one in broken))
