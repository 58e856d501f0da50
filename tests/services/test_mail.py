"""E-mails: written with what they tell, sent once, kept no longer than needed."""

import smtplib
import socketserver
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.jobs import queue
from matching.models.mail import Mail, MailStatus
from matching.services import mail
from matching.smtp import SmtpServer
from tests.factories import people


class Postman:
    """Carries e-mails into a list, or fails as it is told."""

    def __init__(self):
        self.carried, self.fails_with = [], None

    def send(self, address, subject, text, html):
        if self.fails_with is not None:
            raise self.fails_with
        self.carried.append((address, subject, text, html))


@pytest.fixture
def postman(monkeypatch):
    """A mail server is set; jobs that are asked for are written down."""
    carrier = Postman()
    carrier.asked = []
    monkeypatch.setattr(mail, "_transport", carrier)
    monkeypatch.setattr(queue, "enqueue", lambda *job: carrier.asked.append(job))
    return carrier


def later(monkeypatch, **delta) -> None:
    moment = clock.now() + timedelta(**delta)
    monkeypatch.setattr(clock, "now", lambda: moment)


def write(**more) -> Mail:
    values = {"kind": "company", "place": "Plasturgie fictive"} | more
    return mail.write("let_in", people.adult(email="lou@example.org", first_name="Lou"), **values)


def test_without_a_mail_server_an_email_is_kept_to_be_read(session):
    row = write()
    mail.send(row.id)
    assert (row.status, row.address, row.locale) == (MailStatus.KEPT, "lou@example.org", "fr")
    assert row.text.startswith("Bonjour Lou,")


def test_an_email_is_sent_once_and_its_words_are_forgotten(session, postman):
    row = write()
    assert postman.asked == [("send_mail", row.id)]
    mail.send(row.id)
    mail.send(row.id)
    mail.send_due()
    assert [one[0] for one in postman.carried] == ["lou@example.org"]
    assert "Bonjour Lou," in postman.carried[0][2]
    assert (row.status, row.text, row.html) == (MailStatus.SENT, None, None)
    assert row.sent_at is not None


def test_an_email_whose_change_was_undone_is_never_written(session, postman):
    @mail.transactional
    def undone():
        write()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert postman.asked == []
    assert session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_an_email_that_could_not_leave_is_tried_again_later_and_not_for_ever(
    session, postman, monkeypatch
):
    row = write()
    postman.fails_with = ConnectionRefusedError("secret words of the server")
    mail.send(row.id)
    assert (row.status, row.failure) == (MailStatus.WAITING, "ConnectionRefusedError")
    mail.send_due()
    assert row.attempts == 1
    for attempts in range(2, mail.MOST_ATTEMPTS + 1):
        later(monkeypatch, hours=20)
        mail.send_due()
        assert row.attempts == attempts
    assert (row.status, row.text) == (MailStatus.FAILED, None)


@pytest.mark.parametrize(("code", "status"), [(550, MailStatus.FAILED), (451, MailStatus.WAITING)])
def test_an_address_refused_for_good_is_not_tried_again(session, postman, code, status):
    row = write()
    postman.fails_with = smtplib.SMTPRecipientsRefused({"lou@example.org": (code, b"no")})
    mail.send(row.id)
    assert row.status is status


def test_a_sender_that_died_is_replaced(session, postman, monkeypatch):
    row = write()
    assert mail._take(row.id) is not None
    mail.send_due()
    assert postman.carried == []
    later(monkeypatch, minutes=11)
    mail.send_due()
    assert len(postman.carried) == 1


def test_rows_are_forgotten_after_a_season(session, monkeypatch):
    write()
    later(monkeypatch, days=89)
    mail.forget_old()
    assert session.scalar(sa.select(sa.func.count(Mail.id))) == 1
    later(monkeypatch, days=2)
    mail.forget_old()
    assert session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_a_pupil_is_never_written_to(session):
    from tests.factories import places

    with pytest.raises(ValueError, match="pupils"):
        mail.write("let_in", people.pupil(places.class_group()).user, kind="school", place="X")


class SmtpHandler(socketserver.StreamRequestHandler):
    """Speaks enough SMTP to receive one e-mail."""

    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say("354 go on")
                words = []
                while (part := self.rfile.readline()) != b".\r\n":
                    words.append(part)
                self.server.received.append(b"".join(words).decode())
            if verb == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 fine")

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


def test_a_mail_server_receives_text_and_html():
    with socketserver.TCPServer(("127.0.0.1", 0), SmtpHandler) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            SmtpServer(
                "127.0.0.1",
                server.server_address[1],
                "L’Établi <stages@example.org>",
                security="none",
            ).send("lou@example.org", "Une réponse", "Bonjour Lou", "<p>Bonjour Lou</p>")
        finally:
            server.shutdown()
            thread.join()
    (received,) = server.received
    for words in (
        "To: lou@example.org", "stages@example.org", "Auto-Submitted: auto-generated",
        "Content-Type: text/plain", "Content-Type: text/html", "Bonjour Lou",
    ):  # fmt: skip
        assert words in received
