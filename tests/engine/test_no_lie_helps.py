"""Under `cannot_be_gamed`, whatever a pupil makes of his own list, he gets nothing better of it."""

from itertools import permutations

from matching.engine.problem import Policy, Problem
from matching.engine.solve import solve
from tests.engine.depth import DEEP, quick_or_deep
from tests.engine.instances import around_a_town
from tests.engine.test_honesty import said

QUESTIONS = quick_or_deep(200, 2000)
SIZE = quick_or_deep(4, 5)
NOT_LISTED = 6  # worse than any rank


def wished(problem: Problem, pupil: int) -> dict[int, int]:
    """Slots that the pupil listed, with the ranks that he typed."""
    mine = problem.wishes.pupil == pupil
    ranks = problem.wishes.rank[mine].tolist()
    return dict(zip(problem.wishes.slot[mine].tolist(), ranks, strict=True))


def test_no_reordering_or_hiding_of_a_listed_wish_helps() -> None:
    told = 0
    for number in range(QUESTIONS):
        problem = around_a_town(2 * number + 1, Policy.CANNOT_BE_GAMED, SIZE, SIZE, side=2)
        truthful = solve(problem).slot.tolist()
        lists = [wished(problem, pupil) for pupil in range(SIZE)]
        longest = max(range(SIZE), key=lambda pupil: len(lists[pupil]))
        for pupil in range(SIZE) if DEEP else (longest,):
            list_of_his = lists[pupil]
            honest = list_of_his.get(truthful[pupil], NOT_LISTED)
            for length in range(len(list_of_his) + 1):
                for lie in permutations(list_of_his, length):
                    got = int(solve(said(problem, pupil, lie)).slot[pupil])
                    assert list_of_his.get(got, NOT_LISTED) >= honest, (number, pupil, lie)
                    told += 1
    assert told > 5 * QUESTIONS
