"""What the worker runs; each job calls one service."""

from matching.jobs import every_minute, job
from matching.services import imports, mail, match_runs, placements


@job
def execute_run(run_id: int) -> None:
    """Execute a queued run of the matcher."""
    match_runs.execute(run_id)


@every_minute
def take_up_lost_runs() -> None:
    """Queue again what a dead worker left."""
    match_runs.take_up_lost_runs()


@every_minute
def expire_proposals() -> None:
    """Give back the seats of proposals that nobody answered in time."""
    placements.expire_due()


@every_minute
def erase_pupils_files() -> None:
    """Files of pupils that nobody confirmed within the hour are not kept."""
    imports.erase_expired()


@job
def send_mail(mail_id: int) -> None:
    """Send an e-mail that was just written."""
    mail.send(mail_id)


@every_minute
def send_due_mails() -> None:
    """Send the e-mails that were gathered, or whose job was lost."""
    mail.send_due()


@every_minute
def forget_old_mails() -> None:
    """E-mails are not kept longer than a season."""
    mail.forget_old()
