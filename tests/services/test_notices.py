"""Who is written to when something waits for them or was decided."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from matching import clock
from matching.models.mail import Mail
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.users import Role
from matching.services import approvals, notices, placements
from tests.factories import people, places
from tests.factories.placements import placement


def written(session) -> list[tuple[str, str]]:
    return [(row.name, row.address) for row in session.scalars(sa.select(Mail).order_by(Mail.id))]


@pytest.fixture
def offer(session):
    return places.offer(seats=6)


def test_the_class_teacher_is_told_once_of_all_the_proposals_of_his_classes(session, offer):
    school = places.school()
    people.adult(Role.PRINCIPAL, school=school, email="head@example.org")
    teacher = people.adult(Role.CLASS_TEACHER, school=school, email="teacher@example.org")
    groups = [places.class_group(school, class_teacher_id=teacher.id) for _ in range(2)]
    proposed = [
        placement(seat, pupil=people.pupil(group))
        for seat, group in zip(offer.seats, groups * 2, strict=False)
    ]
    notices.school_has_proposals(proposed)
    notices.school_has_proposals(proposed[:1])
    assert written(session) == [("school_proposals", "teacher@example.org")]


def test_a_round_of_more_pupils_than_one_statement_takes_is_told_to_all(session):
    placed = []
    for name in ("first", "last"):
        group = places.class_group()
        people.adult(Role.PRINCIPAL, school=group.school, email=f"{name}@example.org")
        placed.append(people.pupil(group).id)
    nobody = range(10**9, 10**9 + 66_000)  # PostgreSQL takes 65,535 numbers in a statement
    numbers = (placed[0], *nobody, placed[1])
    notices.school_has_proposals(SimpleNamespace(pupil_id=number) for number in numbers)
    assert [address for _name, address in written(session)] == [
        "first@example.org",
        "last@example.org",
    ]


def test_the_head_is_told_where_a_class_has_no_teacher(session, offer):
    school = places.school()
    people.adult(Role.SCHOOL_CLERK, school=school)
    people.adult(Role.PRINCIPAL, school=school, email="head@example.org")
    people.adult(Role.PRINCIPAL, school=school, email="gone@example.org", blocked_at=clock.now())
    row = placement(offer.seats[0], pupil=people.pupil(places.class_group(school)))
    notices.school_has_proposals([row])
    assert written(session) == [("school_proposals", "head@example.org")]


def test_what_comes_after_the_gathering_is_told_anew(session, offer, monkeypatch):
    school = places.school()
    people.adult(Role.PRINCIPAL, school=school)
    row = placement(offer.seats[0], pupil=people.pupil(places.class_group(school)))
    notices.school_has_proposals([row])
    moment = clock.now() + notices.GATHERED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    notices.school_has_proposals([row])
    assert len(written(session)) == 2


def test_the_host_is_told_when_the_school_says_yes_and_not_when_it_says_no(session, offer):
    group = places.class_group()
    teacher = people.adult(Role.PRINCIPAL, school=group.school)
    people.adult(Role.COMPANY_MEMBER, company=offer.site.company, email="host@example.org")
    refused = placement(offer.seats[0], pupil=people.pupil(group))
    placements.answer_as_school(teacher, refused, yes=False, version=1, reason="too_far")
    assert written(session) == []
    agreed = placement(offer.seats[1], pupil=people.pupil(group))
    placements.answer_as_school(teacher, agreed, yes=True, version=1)
    assert written(session) == [("host_proposals", "host@example.org")]


def test_a_host_who_asked_for_the_pupil_is_not_asked_again(session, offer):
    group = places.class_group()
    teacher = people.adult(Role.PRINCIPAL, school=group.school)
    people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    row = placement(offer.seats[0], pupil=people.pupil(group), host_answer=True)
    placements.answer_as_school(teacher, row, yes=True, version=1)
    assert written(session) == []


def test_no_email_names_a_pupil(session, offer):
    group = places.class_group()
    people.adult(Role.PRINCIPAL, school=group.school)
    people.adult(Role.COMPANY_MEMBER, company=offer.site.company)
    row = placement(offer.seats[0], pupil=people.pupil(group, first_name="Zénobie"))
    notices.school_has_proposals([row])
    notices.host_has_proposal(row)
    texts = session.scalars(sa.select(Mail.text)).all()
    assert len(texts) == 2
    assert not any("Zénobie" in text or row.pupil.last_name in text for text in texts)


def test_a_school_is_told_that_it_was_let_in_or_why_not(session, coordinator):
    for make, yes in ((places.school, True), (places.school, False)):
        party = make(status=ApprovalStatus.REGISTERED)
        people.adult(Role.PRINCIPAL, school=party, email=f"{yes}@example.org")
        if yes:
            approvals.approve(coordinator, party)
            approvals.approve(coordinator, party)  # a double click
        else:
            approvals.refuse(coordinator, party, words="L’adresse n’est pas la bonne.")
    assert written(session) == [("let_in", "True@example.org"), ("not_let_in", "False@example.org")]
    assert (
        "L’adresse n’est pas la bonne."
        in session.scalars(sa.select(Mail.text).where(Mail.name == "not_let_in")).one()
    )


def test_who_wrote_an_offer_is_told_that_it_is_published_or_to_mend(
    session, coordinator, in_november
):
    site = places.site()
    people.adult(Role.COMPANY_MEMBER, company=site.company)
    author = people.adult(Role.COMPANY_MEMBER, company=site.company, email="author@example.org")
    values = {"status": OfferStatus.SUBMITTED, "tutor_name": "K.", "access": "Bus."}
    for _ in range(2):
        values["created_by_id"] = author.id
        row = places.offer(site, **values)
        if not written(session):
            approvals.publish(coordinator, row, version=1)
        else:
            approvals.give_back(coordinator, row, version=1, words="Trop court.")
    assert written(session) == [
        ("offer_published", "author@example.org"),
        ("offer_returned", "author@example.org"),
    ]
