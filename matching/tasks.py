"""What the worker runs; each job calls one service."""

from matching.jobs import every_minute, job
from matching.services import (
    account_links,
    erasure,
    import_undo,
    imports,
    mail,
    match_runs,
    passwords,
    placements,
    registrations,
    sign_ins,
    throttle,
    unused_accounts,
)


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
    """Files of pupils that nobody confirmed within the hour, what pupils were a week ago: gone."""
    imports.erase_expired()
    import_undo.forget_old()


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


@job
def answer_forgotten_password(link_id: int) -> None:
    """Look up for whom a new password was asked."""
    passwords.answer(link_id)


@every_minute
def answer_forgotten_passwords() -> None:
    """Look up those whose job was lost."""
    passwords.answer_waiting()


@job
def answer_registration(registration_id: int) -> None:
    """Look up who registers, and write the letter."""
    registrations.answer(registration_id)


@every_minute
def answer_registrations() -> None:
    """Look up those whose job was lost."""
    registrations.answer_waiting()


@every_minute
def forget_old_sign_ins() -> None:
    """Sessions, links and attempts that count no more are not kept."""
    sign_ins.forget_old()
    account_links.forget_old()
    registrations.forget_old()
    throttle.forget_old()


@every_minute
def erase_ended_years() -> None:
    """On 31 August the pupils of the year are deleted, as they were told."""
    erasure.erase_ended_years()
    erasure.forget_tutors()


@every_minute
def end_unused_accounts() -> None:
    """Adults who have not come for two years are warned a month before, then forgotten."""
    unused_accounts.warn()
    unused_accounts.erase()


@every_minute
def forget_old_events() -> None:
    """The journal is kept for a year."""
    erasure.forget_old_events()
