"""Pupils are enrolled, corrected, moved and erased, one by one."""

from datetime import date

import pytest
import sqlalchemy as sa

from matching import clock
from matching.errors import RuleBroken, Stale
from matching.models.applications import Application
from matching.models.events import Event
from matching.models.placements import Placement
from matching.models.pupils import Guardian, Pupil
from matching.models.statuses import ApplicationStatus, ApprovalStatus, PlacementStatus
from matching.models.users import Role, User
from matching.rules import pupils_cells
from matching.services import enrolment, wish_reading
from matching.services.enrolment import PupilDetails
from tests.factories import campaigns, people, places
from tests.factories.placements import placement

pytestmark = pytest.mark.usefixtures("in_november")
NOWHERE = {"postcode": "", "commune": "", "commune_code": ""}
PARENT = pupils_cells.Guardian("Durand", "Anne", "anne@example.org", "+33639980001")
OTHER = pupils_cells.Guardian("Petit", "Luc", "", "")


@pytest.fixture
def group(session):
    return places.class_group()


@pytest.fixture
def teacher(group):
    return people.adult(Role.CLASS_TEACHER, school=group.school)


def details(**changes) -> PupilDetails:
    return PupilDetails(
        **{
            "last_name": "Durand",
            "first_name": "Léa",
            "birth_date": date(2012, 5, 4),
            "guardians": (PARENT,),
        }
        | changes
    )


def enrolled(teacher, group, **changes) -> Pupil:
    return enrolment.add(teacher, group, details(**changes), residence=NOWHERE)


def count(session, table) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_an_enrolled_pupil_has_an_account_that_no_card_opens_yet(session, teacher, group) -> None:
    pupil = enrolled(teacher, group, guardians=(PARENT, OTHER))
    assert (pupil.school_id, pupil.school_year) == (group.school_id, 2026)
    assert pupil.user.login_name
    assert (pupil.user.first_name, pupil.user.email, pupil.card_issued_at) == ("", None, None)
    assert [(one.position, one.last_name, one.phone) for one in pupil.guardians] == [
        (1, "Durand", "+33639980001"),
        (2, "Petit", None),
    ]


def test_the_commune_of_residence_is_kept_and_never_guessed(session, teacher, group) -> None:
    place = {"postcode": "01460", "commune": "Montréal-la-Cluse", "commune_code": ""}
    pupil = enrolment.add(teacher, group, details(), residence=place)
    assert pupil.commune_code == "01265"
    with pytest.raises(RuleBroken, match="commune_ambiguous"):
        enrolment.add(
            teacher, group, details(first_name="Zoé"), residence=NOWHERE | {"commune": "Montreuil"}
        )
    assert count(session, Pupil) == 1


@pytest.mark.parametrize("first_name", ["Léa", "LEA", "Lea"])
def test_the_same_pupil_is_not_enrolled_twice(session, teacher, group, first_name) -> None:
    enrolled(teacher, group)
    users = count(session, User)
    with pytest.raises(RuleBroken) as broken:
        enrolled(teacher, places.class_group(group.school), first_name=first_name)
    assert (broken.value.code, broken.value.values["class_name"]) == ("pupil_exists", group.name)
    assert (count(session, Pupil), count(session, User)) == (1, users)


def test_namesakes_of_two_days_or_two_schools_are_two_pupils(session, teacher, group) -> None:
    enrolled(teacher, group)
    enrolled(teacher, group, birth_date=date(2012, 5, 5))
    enrolled(teacher, places.class_group())
    assert count(session, Pupil) == 3


def test_a_long_name_that_folds_into_a_longer_one_still_fits(session, teacher, group) -> None:
    pupil = enrolled(teacher, group, last_name="ﷺ" * 80)
    assert pupil.identity.endswith("|lea|2012-05-04")


def test_a_correction_replaces_everything_and_moves_the_pupil(session, teacher, group) -> None:
    pupil = enrolled(teacher, group, guardians=(PARENT, OTHER))
    other = places.class_group(group.school)
    held = placement(places.offer().seats[0], pupil=pupil)
    enrolment.change(
        teacher,
        pupil,
        details(first_name="Léana", guardians=(OTHER,), needs_access=True),
        class_group=other,
        residence=NOWHERE,
        seen=enrolment.mark(pupil),
    )
    session.expire_all()
    assert (pupil.first_name, pupil.class_group_id, pupil.needs_access) == ("Léana", other.id, True)
    assert pupil.identity == "durand|leana|2012-05-04"
    assert [one.last_name for one in pupil.guardians] == ["Petit"]
    assert count(session, Guardian) == 1
    assert session.get(Placement, held.id).pupil_id == pupil.id


def test_a_card_changed_by_a_colleague_is_looked_at_again(session, teacher, group) -> None:
    pupil = enrolled(teacher, group)
    seen = enrolment.mark(pupil)
    for name in ("Lya", "Lina"):
        changed = details(first_name=name)
        given = {"class_group": group, "residence": NOWHERE, "seen": seen}
        if name == "Lina":
            with pytest.raises(Stale, match="pupil_changed"):
                enrolment.change(teacher, pupil, changed, **given)
        else:
            enrolment.change(teacher, pupil, changed, **given)
    assert pupil.first_name == "Lya"


def test_a_correction_never_makes_two_pupils_one(session, teacher, group) -> None:
    enrolled(teacher, group)
    other = enrolled(teacher, group, first_name="Zoé")
    with pytest.raises(RuleBroken, match="pupil_exists"):
        enrolment.change(
            teacher,
            other,
            details(),
            class_group=group,
            residence=NOWHERE,
            seen=enrolment.mark(other),
        )
    assert other.first_name == "Zoé"


def test_an_erased_pupil_leaves_counts_and_no_person(session, teacher, group) -> None:
    pupil = enrolled(teacher, group)
    offer = places.offer()
    wish = campaigns.wish(pupil, offer)
    ended = placement(
        offer.seats[0],
        pupil=pupil,
        status=PlacementStatus.DECLINED,
        pupil_answer=False,
        pupil_answered_by_id=pupil.user_id,
    )
    session.add(
        Event(
            at=clock.now(),
            subject="application",
            subject_id=wish.id,
            to_status="submitted",
            actor_id=pupil.user_id,
        )
    )
    session.commit()
    account = pupil.user_id
    enrolment.remove(teacher, pupil)
    session.expire_all()
    assert (count(session, Pupil), count(session, Guardian), count(session, Application)) == (
        0,
    ) * 3
    assert session.get(User, account) is None
    assert session.get(Placement, ended.id).pupil_id is None
    assert session.scalars(
        sa.select(Event.actor_id).where(Event.to_status == "submitted")
    ).all() == [None]


@pytest.mark.parametrize("status", [PlacementStatus.PROPOSED, PlacementStatus.SIGNED])
def test_a_pupil_who_holds_a_place_is_not_erased(session, teacher, group, status) -> None:
    pupil = enrolled(teacher, group)
    placement(places.offer().seats[0], pupil=pupil, status=status)
    with pytest.raises(RuleBroken, match="pupil_has_place"):
        enrolment.remove(teacher, pupil)
    assert count(session, Pupil) == 1


def test_a_blocked_school_enrols_nobody(session) -> None:
    group = places.class_group(places.school(status=ApprovalStatus.BLOCKED))
    teacher = people.adult(Role.PRINCIPAL, school=group.school)
    with pytest.raises(RuleBroken, match="school_closed"):
        enrolled(teacher, group)


def test_wishes_are_read_once_and_by_somebody(session, teacher, group) -> None:
    pupil = enrolled(teacher, group)
    wishes = [campaigns.wish(pupil, places.offer(), rank=rank) for rank in (1, 2)]
    seen = {wish.ref for wish in wishes}
    assert wish_reading.mark_read(teacher, pupil, seen=seen) == 2
    assert wish_reading.mark_read(teacher, pupil, seen=seen) == 0
    assert {wish.status for wish in wishes} == {ApplicationStatus.READ_BY_SCHOOL}
    events = session.scalars(sa.select(Event).where(Event.to_status == "read_by_school")).all()
    assert [event.actor_id for event in events] == [teacher.id, teacher.id]


def test_a_wish_that_the_page_did_not_show_is_not_read(session, teacher, group) -> None:
    pupil = enrolled(teacher, group)
    first = campaigns.wish(pupil, places.offer())
    later = campaigns.wish(pupil, places.offer(), rank=2)
    with pytest.raises(Stale, match="wishes_read_changed"):
        wish_reading.mark_read(teacher, pupil, seen={first.ref})
    assert {first.status, later.status} == {ApplicationStatus.SUBMITTED}


def test_a_draft_stays_the_pupils_own(session, teacher, group) -> None:
    pupil = enrolled(teacher, group)
    draft = campaigns.wish(pupil, places.offer(), status=ApplicationStatus.DRAFT)
    assert wish_reading.mark_read(teacher, pupil, seen={draft.ref}) == 0
    assert draft.status is ApplicationStatus.DRAFT
