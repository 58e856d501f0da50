"""Adults who do not come for two years are warned a month before, then forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models import events
from matching.models.companies import Company
from matching.models.events import Event
from matching.models.mail import Mail
from matching.models.sign_ins import SignIn
from matching.models.statuses import ApprovalStatus
from matching.models.users import Membership, Role, User
from matching.queries import foundation
from matching.services import accounts, invitations, legal_texts, mail, sign_ins, unused_accounts
from matching.services.unused_accounts import KEPT, TOLD_BEFORE
from tests.factories import people, places

pytestmark = pytest.mark.usefixtures("cheap_passwords")
DAY = timedelta(days=1)


@pytest.fixture
def host(session):
    """A member of a company, with all that may name a person."""
    company = places.company(name="Ateliers fictifs", status=ApprovalStatus.REGISTERED)
    user = people.adult(
        Role.COMPANY_MEMBER, company=company, email="zoe@example.org", first_name="Zoé",
        last_name="Hôte", phone="+33639981234",
    )  # fmt: skip
    company.vetted_user_id, company.vetted_words = user.id, "Mme Hôte rappelée au standard"
    sign_ins.start(user, "Firefox")
    mail.write("password_changed", user)
    legal_texts.accept(user, company)
    events.note(company, before=None, after="flagged", actor_id=user.id, why=None)
    invitations.invite(user, company, email="lou@example.org", role=Role.COMPANY_MEMBER)
    session.commit()
    return user


@pytest.fixture
def wait(monkeypatch):
    """So long after now."""
    began = clock.now()

    def until(delta: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: began + delta)

    return until


def names(session) -> list[str]:
    return list(session.scalars(sa.select(Mail.name).where(Mail.address == "zoe@example.org")))


def test_a_month_before_the_two_years_a_letter_says_the_day_once(session, host, wait):
    wait(KEPT - TOLD_BEFORE - DAY)
    assert unused_accounts.warn() == 0
    wait(KEPT - TOLD_BEFORE + DAY)
    assert unused_accounts.warn() == 1
    assert unused_accounts.warn() == 0
    assert names(session).count("account_ending") == 1
    assert unused_accounts.erase() == 0


def test_who_signs_in_again_is_kept(session, host, wait):
    wait(KEPT - TOLD_BEFORE + DAY)
    unused_accounts.warn()
    wait(KEPT - DAY)
    sign_ins.start(host, "Firefox")
    wait(KEPT + 2 * TOLD_BEFORE)
    assert unused_accounts.warn() == unused_accounts.erase() == 0
    assert host.first_name == "Zoé"


def test_nobody_is_forgotten_without_a_month_to_come_back(session, host, wait):
    wait(KEPT + 100 * DAY)  # the service stood still
    assert unused_accounts.erase() == 0
    assert unused_accounts.warn() == 1
    assert unused_accounts.erase() == 0
    wait(KEPT + 100 * DAY + TOLD_BEFORE)
    assert unused_accounts.erase() == 1


def test_nothing_of_the_person_is_left_but_a_row_that_holds_the_rest(session, host, wait):
    company = host.memberships[0].company
    wait(KEPT - TOLD_BEFORE + DAY)
    unused_accounts.warn()
    wait(KEPT + DAY)
    assert unused_accounts.erase() == 1
    mail.forget_old()  # what was written to others goes after a season
    session.expire_all()
    assert accounts.authenticate("zoe@example.org", people.PASSWORD) is None
    assert host.name == "–"
    assert not host.is_active
    assert session.scalar(sa.select(SignIn.id)) is None
    assert session.scalars(sa.select(Membership.ended_at)).one() is not None
    assert session.get_one(Company, company.id).vetted_words == ""
    assert session.scalars(sa.select(Event.actor_id)).first() == host.id
    assert host not in session.scalars(foundation.adults()).all()
    assert unused_accounts.erase() == 0
    for table in User.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            told = " ".join(map(str, row))
            for word in ("Zoé", "Hôte", "zoe@", "39981234"):
                assert word not in told, table.name


def test_the_address_may_be_used_again(session, host, wait):
    wait(KEPT - TOLD_BEFORE + DAY)
    unused_accounts.warn()
    wait(KEPT + DAY)
    unused_accounts.erase()
    again = accounts.create_adult("zoe@example.org", "Trois rabots neufs 7", "Zoé", "Hôte")
    assert again.id != host.id


def test_pupils_are_not_counted_among_adults(session, wait):
    people.pupil(places.class_group())
    wait(2 * KEPT)
    assert unused_accounts.warn() == 0
