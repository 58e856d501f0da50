"""Cards open accounts; a new card kills the old one."""

from datetime import date

import pytest

from matching import clock
from matching.errors import RuleBroken, Stale
from matching.models.statuses import ApprovalStatus
from matching.models.users import Role
from matching.services import accounts, cards, enrolment
from matching.services.enrolment import PupilDetails
from tests.factories import people, places


@pytest.fixture
def group(session):
    return places.class_group(school_year=clock.school_year())


@pytest.fixture
def teacher(group):
    return people.adult(Role.SCHOOL_CLERK, school=group.school)


@pytest.fixture
def pupils(group, teacher):
    born = group.school_year - 14
    return [
        enrolment.add(
            teacher,
            group,
            PupilDetails("Durand", name, date(born, 5, 4)),
            residence={},
        )
        for name in ("Ada", "Léo", "Zoé")
    ]


def test_each_card_opens_the_account_of_its_pupil(session, teacher, group, pupils) -> None:
    made = cards.issue(teacher, group.school, pupils, seen=None)
    assert [card.pupil for card in made] == pupils
    assert len({card.code for card in made}) == 3
    for card in made:
        user = accounts.authenticate_pupil(card.login_name, card.code)
        assert user is card.pupil.user
        assert card.code not in (card.pupil.user.code_hash or "")
        assert card.pupil.card_issued_at is not None


def test_a_new_card_kills_the_old_one_and_no_other(session, teacher, group, pupils) -> None:
    old = cards.issue(teacher, group.school, pupils, seen=None)
    new = cards.issue(teacher, group.school, pupils[:1], seen=cards.newest(pupils))
    assert accounts.authenticate_pupil(old[0].login_name, old[0].code) is None
    assert accounts.authenticate_pupil(new[0].login_name, new[0].code) is pupils[0].user
    assert accounts.authenticate_pupil(old[1].login_name, old[1].code) is pupils[1].user


def test_the_second_of_two_clicks_kills_no_card(session, teacher, group, pupils) -> None:
    made = cards.issue(teacher, group.school, pupils, seen=None)
    with pytest.raises(Stale, match="cards_changed"):
        cards.issue(teacher, group.school, pupils, seen=None)
    assert accounts.authenticate_pupil(made[0].login_name, made[0].code) is pupils[0].user


def test_a_page_older_than_a_colleagues_cards_kills_none(session, teacher, group, pupils) -> None:
    cards.issue(teacher, group.school, pupils[:1], seen=None)
    seen = cards.newest(pupils)
    made = cards.issue(teacher, group.school, pupils[1:2], seen=seen)
    with pytest.raises(Stale, match="cards_changed"):
        cards.issue(teacher, group.school, pupils, seen=seen)
    assert accounts.authenticate_pupil(made[0].login_name, made[0].code) is pupils[1].user


def test_no_card_without_a_pupil_or_for_a_blocked_school(session, teacher, group, pupils) -> None:
    with pytest.raises(RuleBroken, match="cards_none"):
        cards.issue(teacher, group.school, [], seen=None)
    group.school.status = ApprovalStatus.BLOCKED
    session.commit()
    with pytest.raises(RuleBroken, match="school_closed"):
        cards.issue(teacher, group.school, pupils, seen=None)
