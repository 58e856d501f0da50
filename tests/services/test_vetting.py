"""The host's person is vetted, or the company is not approved."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matching import clock
from matching.errors import RuleBroken
from matching.models.companies import DocumentKind, VettedHow
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role
from matching.services import approvals, foundation, vetting
from matching.services.vetting import Check
from tests.factories import people, places


@pytest.fixture
def company(session):
    return places.company(status=ApprovalStatus.REGISTERED)


@pytest.fixture
def host(company):
    return people.adult(
        Role.COMPANY_MEMBER,
        company=company,
        email="rh@usine.example",
        email_verified_at=clock.now(),
    )


NOTE = "Standard rappelé le 23, Mme Roux."


@pytest.mark.parametrize(
    ("how", "words", "document", "kept"),
    [
        (VettedHow.EMAIL_DOMAIN, "", None, "usine.example"),
        (VettedHow.CALL_BACK, f"  {NOTE} ", DocumentKind.OTHER, NOTE),
        (
            VettedHow.DOCUMENT,
            "Kbis du 3 mai 2026",
            DocumentKind.COMPANY_REGISTER,
            "Kbis du 3 mai 2026",
        ),
    ],
)
def test_each_way_is_kept_with_who_and_when(coordinator, company, host, how, words, document, kept):
    approvals.approve(coordinator, company, Check(host.ref, how, words, document))
    assert company.status == ApprovalStatus.APPROVED
    assert (company.vetted_how, company.vetted_words) == (how, kept)
    assert (company.vetted_by_id, company.vetted_user_id) == (coordinator.id, host.id)
    assert company.vetted_at is not None
    assert (company.vetted_document is not None) == (how is VettedHow.DOCUMENT)


@pytest.mark.parametrize(
    ("how", "words", "document", "code", "field"),
    [
        (VettedHow.CALL_BACK, "ok", None, "vetting_note", "proof"),
        (VettedHow.CALL_BACK, "x" * 301, None, "vetting_long", "proof"),
        (VettedHow.DOCUMENT, "", DocumentKind.SIRENE, "vetting_reference", "proof"),
        (VettedHow.DOCUMENT, "n° 12", None, "vetting_reference", "proof"),
    ],
)
def test_a_check_that_says_too_little_lets_nobody_in(
    coordinator, company, host, how, words, document, code, field
):
    with pytest.raises(RuleBroken, match=code) as refused:
        approvals.approve(coordinator, company, Check(host.ref, how, words, document))
    assert refused.value.field == field
    assert company.status == ApprovalStatus.REGISTERED


def test_a_domain_proves_something_only_once_the_address_is_proved(
    session, coordinator, company, host
):
    host.email_verified_at = None
    session.commit()
    with pytest.raises(RuleBroken, match="vetting_unproved"):
        approvals.approve(coordinator, company, Check(host.ref, VettedHow.EMAIL_DOMAIN))


def test_a_domain_that_anybody_can_have_proves_nothing(session, coordinator, company, host):
    host.email = "usine@gmail.com"
    session.commit()
    with pytest.raises(RuleBroken, match="vetting_free_mail"):
        approvals.approve(coordinator, company, Check(host.ref, VettedHow.EMAIL_DOMAIN))


def test_only_a_person_of_the_company_is_vetted(coordinator, company, host):
    stranger = people.adult(Role.COMPANY_MEMBER, company=places.company())
    with pytest.raises(RuleBroken, match="vetting_person"):
        approvals.approve(coordinator, company, Check(stranger.ref, VettedHow.CALL_BACK, NOTE))


def test_without_a_check_the_coordinator_is_told_and_nothing_is_written(coordinator, company):
    with pytest.raises(RuleBroken, match="company_not_vetted") as refused:
        approvals.approve(coordinator, company)
    assert refused.value.field == "how"
    assert company.status == ApprovalStatus.REGISTERED


def test_the_database_refuses_an_approval_without_a_check(session, company):
    with pytest.raises(IntegrityError):
        session.execute(
            sa.update(type(company))
            .where(type(company).id == company.id)
            .values(status=ApprovalStatus.APPROVED)
        )
    session.rollback()


def test_a_check_recorded_before_a_refusal_still_holds(coordinator, company, host):
    vetting.record(coordinator, company, Check(host.ref, VettedHow.CALL_BACK, NOTE))
    approvals.approve(coordinator, company)
    assert company.status == ApprovalStatus.APPROVED


def test_a_blocked_company_that_nobody_vetted_waits_for_a_coordinator(session, company):
    admin = people.adult(Role.FOUNDATION_ADMIN)
    for party, after in (
        (company, ApprovalStatus.REGISTERED),
        (places.company(), ApprovalStatus.APPROVED),
    ):
        foundation.block(admin, party, why="Signalement.")
        foundation.unblock(admin, party, why="Signalement sans suite.")
        assert party.status == after
