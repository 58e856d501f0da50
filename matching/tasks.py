"""What the worker runs; each job calls one service."""

from matching.jobs import job
from matching.services import match_runs


@job
def execute_run(run_id: int) -> None:
    """Execute a queued run of the matcher."""
    match_runs.execute(run_id)
