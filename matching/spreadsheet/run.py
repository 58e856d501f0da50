"""`letabli solve`: read, match, check, write."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matching import memory
from matching.engine.problem import Policy
from matching.engine.solve import POLICIES, solve
from matching.engine.verify import verify
from matching.spreadsheet.faults import Fault, FolderRefused
from matching.spreadsheet.folder import read_folder
from matching.spreadsheet.problem import problem_from
from matching.spreadsheet.report import report
from matching.spreadsheet.results import placements, unplaced
from matching.spreadsheet.write import write_results


class AnswerRefused(Exception):  # noqa: N818 - what is refused is the answer
    """The independent check said no: nothing is written."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__("\n".join(failures))
        self.failures = failures


@dataclass(frozen=True, slots=True)
class Outcome:
    placed: int
    unplaced: int


def place(
    path: Path, out: Path, *, policy: str, seed: int, remark: Callable[[str], None]
) -> Outcome:
    """Places the pupils of folder `path` and writes the answer into `out`.

    `remark` is told what was left aside in the input.

    Raises:
        FolderRefused: the input cannot be used.
        AnswerRefused: the answer did not pass its check.
        TooLarge: this machine has not enough memory for it.
        OSError: the answer cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise FolderRefused([Fault(str(out), 0, "", "un fichier", "un dossier pour les résultats")])
    if policy not in POLICIES:
        known = " ou ".join(POLICIES)
        raise FolderRefused([Fault("--policy", 0, "", policy, f"{known} dans cette version")])
    folder = read_folder(path)
    for sentence in folder.remarks:
        remark(sentence)
    problem = problem_from(folder, policy=Policy(policy), seed=seed)
    solution = solve(problem, memory=memory.most_for_a_round())
    failures = verify(problem, solution).failures
    if failures:
        raise AnswerRefused([f"{failure.property} : {failure.detail}" for failure in failures])
    found = placements(folder, problem, solution)
    without = unplaced(folder, solution)
    write_results(out, found, without, report(folder, problem, solution))
    return Outcome(len(found), len(without))
