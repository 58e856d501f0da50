"""Two of everything, a person of each role in the first, and requests that leave no trace."""

import re
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from argon2 import PasswordHasher

from matching.database import Base, db
from matching.models.pupils import Guardian
from matching.models.statuses import OfferStatus, PlacementStatus
from matching.models.users import User
from matching.services import sign_ins
from tests.factories import campaigns, people, places
from tests.factories.placements import placement

SLOWEST = 10  # seconds
# Names of pupils, e-mails of guardians and titles of drafts: whoever is not of the place never
# reads them.
OURS, THEIRS = ("Zzqours", "zzqours@example.org"), ("Zzqtheirs", "zzqtheirs@example.org")
DRAFT = "Zzqdraft"
INSIDE = ("pupil", "principal", "class_teacher", "school_clerk")


@dataclass
class Findings:
    """What came of the requests: how many of each status, and what should never be."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0
    slowest_of: str = ""

    def told(self) -> str:
        """One line for the terminal."""
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.statuses.total()} requests ({counts}); "
            f"slowest {self.slowest:.2f} s ({self.slowest_of})"
        )


class World:
    """The application with its rows, and who may ask."""

    def __init__(self, app, connection) -> None:
        self.app, self.connection = app, connection
        self.findings = Findings()
        # Numbers, not rows: each request has a session of its own.
        self.cast = {who: user and user.id for who, user in self._cast().items()}
        self.refs = self._references()

    def _cast(self) -> dict[str, User | None]:
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(people.PASSWORD)
        cast = self._people()
        for user in cast.values():
            if user is not None and user.email:
                user.password_hash = hashed  # a real one, which some password might open
        db.session.commit()
        return cast

    def _people(self) -> dict[str, User | None]:
        school, company = places.school(), places.company()
        territory = places.territory_of()
        group, offer = self._side(school, company, OURS)
        other = places.company()
        self._side(places.school(commune_code="29019"), other, THEIRS)
        places.offer(places.site(other), title=DRAFT, status=OfferStatus.DRAFT)
        pupil = people.pupil(group)
        campaigns.wish(pupil, offer)
        campaigns.campaign()
        return people.one_of_each(pupil, company, territory)

    def _side(self, school, company, secret):
        """A class whose pupils wait, were proposed and are placed, and the offer of their host."""
        name, email = secret
        group = places.class_group(school)
        offer = places.offer(places.site(company), seats=3)
        for number, status in enumerate((None, PlacementStatus.PROPOSED)):
            pupil = people.pupil(
                group, last_name=name, first_name=f"{name}{number}", birth_date=date(2012, 5, 4)
            )
            pupil.guardians = [Guardian(position=1, last_name=name, email=email)]
            if status is not None:
                placement(offer.seats[number], pupil=pupil, status=status)
        db.session.commit()
        return group, offer

    def _references(self) -> list[str]:
        """The public reference of every row."""
        found = []
        for table in Base.metadata.sorted_tables:
            if "ref" in table.columns:
                found += db.session.scalars(sa.select(table.columns.ref).limit(6)).all()
        return found

    @contextmanager
    def undone(self):
        """Whatever the requests inside write is taken back."""
        db.session.remove()  # a session begun before would end the savepoint with its own
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            db.session.remove()
            savepoint.rollback()

    def browser(self, who: str):
        """A new browser, signed in as this person of the cast."""
        browser = self.app.test_client()
        if self.cast[who] is not None:
            user = db.session.get_one(User, self.cast[who])
            opened = sign_ins.start(user, "essai")
            with browser.session_transaction() as kept:
                kept.update({"_user_id": user.ref, "sign_in": opened.ref, "_fresh": True})
            db.session.remove()  # its savepoint must not lie under those of the requests
        return browser

    def ask(self, browser, who: str, method: str, url: str, **more):
        """One request, judged; None when the program broke."""
        began = time.perf_counter()
        label = f"{method} {url[:120]!r} as {who}"
        try:
            answer = browser.open(url, method=method, **more)
        except Exception:
            self.findings.statuses[500] += 1
            lines = traceback.format_exc().strip().splitlines()
            self.findings.wrong.append(f"{label}: " + " | ".join(lines[-5:]))
            return None
        took = time.perf_counter() - began
        if took > self.findings.slowest:
            self.findings.slowest, self.findings.slowest_of = took, label
        self.findings.statuses[answer.status_code] += 1
        self._judge(answer, who, label, took)
        return answer

    def _judge(self, answer, who: str, label: str, took: float) -> None:
        wrong = self.findings.wrong
        if answer.status_code >= 500:
            wrong.append(f"{label}: {answer.status_code}")
        if took > SLOWEST:
            wrong.append(f"{label}: {took:.1f} s")
        body = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        if answer.status_code >= 400 and answer.mimetype == "text/html" and "<h1" not in body:
            wrong.append(f"{label}: {answer.status_code} without a page")
        forbidden = list(THEIRS) if who in INSIDE else [*OURS, *THEIRS]
        if who != "foundation_admin":
            forbidden.append(DRAFT)
        # What a person typed comes back to the same person: only what lies in the rows counts.
        wrong += [f"{label}: shows {word}" for word in forbidden if re.search(rf"\b{word}", body)]
