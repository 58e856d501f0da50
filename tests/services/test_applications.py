"""A pupil's ranked wishes: added, moved, taken back, sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from threading import Barrier

import pytest
import sqlalchemy as sa

from matching import clock
from matching.database import db
from matching.errors import RuleBroken, Stale
from matching.models.applications import Application, RefusedPair
from matching.models.events import Event
from matching.models.offers import Offer
from matching.models.placements import Origin, Placement
from matching.models.pupils import Pupil
from matching.models.statuses import ApplicationStatus, ApprovalStatus, OfferStatus, PlacementStatus
from matching.queries import applications as rows
from matching.services import applications
from tests.factories import campaigns, people, places


@pytest.fixture
def offers(session) -> list[Offer]:
    at = places.site()
    return [places.offer(at, title=f"Offre {number}") for number in range(6)]


@pytest.fixture
def pupil(session, offers) -> Pupil:
    return people.pupil(places.class_group())


def titles(pupil: Pupil) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(wish.rank, wish.offer.title) for wish in db.session.scalars(rows.live(pupil))]


def add(pupil: Pupil, offers: list[Offer]) -> list[Application]:
    return [applications.add(pupil.user, pupil, offer) for offer in offers]


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_wishes_line_up_in_the_order_in_which_they_are_added(pupil, offers):
    add(pupil, offers[:3])
    assert titles(pupil) == [(1, "Offre 0"), (2, "Offre 1"), (3, "Offre 2")]


def test_a_sixth_wish_is_refused_and_five_stay(pupil, offers):
    add(pupil, offers[:5])
    assert code_of(applications.add, pupil.user, pupil, offers[5]) == "wishes_full"
    assert len(titles(pupil)) == 5


def test_adding_the_same_offer_twice_changes_nothing(pupil, offers):
    first, again = add(pupil, [offers[0], offers[0]])
    assert first.id == again.id
    assert titles(pupil) == [(1, "Offre 0")]


def test_a_wish_taken_back_comes_back_last_and_without_its_message(pupil, offers):
    first, _ = add(pupil, offers[:2])
    applications.write_message(pupil.user, first, message="J’aime ça.")
    applications.withdraw(pupil.user, first)
    again = applications.add(pupil.user, pupil, offers[0])
    assert (again.id, again.message) == (first.id, "")
    assert titles(pupil) == [(1, "Offre 1"), (2, "Offre 0")]


def test_moving_exchanges_two_neighbours(pupil, offers):
    _, second, third = add(pupil, offers[:3])
    assert applications.move(pupil.user, third, step=-1, seen=3) == 2
    assert titles(pupil) == [(1, "Offre 0"), (2, "Offre 2"), (3, "Offre 1")]
    assert applications.move(pupil.user, second, step=-1, seen=3) == 2
    assert applications.move(pupil.user, second, step=1, seen=2) == 3


def test_every_order_of_five_wishes_can_be_reached(pupil, offers):
    wishes = add(pupil, offers[:5])
    for wish in reversed(wishes):
        while True:
            rank = next(rank for rank, title in titles(pupil) if title == wish.offer.title)
            if applications.move(pupil.user, wish, step=1, seen=rank) == rank:
                break
    assert titles(pupil) == [(rank, f"Offre {5 - rank}") for rank in range(1, 6)]


def test_a_wish_dragged_anywhere_keeps_the_others_in_order(pupil, offers):
    wishes = add(pupil, offers[:5])
    for seen, target in product(range(1, 6), repeat=2):
        wish = wishes.pop(seen - 1)
        wishes.insert(target - 1, wish)
        for _ in range(2):  # sent twice
            assert applications.move(pupil.user, wish, step=target - seen, seen=seen) == target
        expected = [one.offer.title for one in wishes]
        assert titles(pupil) == list(enumerate(expected, start=1)), (seen, target)


def test_a_second_press_of_the_same_button_does_nothing(pupil, offers):
    _, _, third = add(pupil, offers[:3])
    for _ in range(2):
        assert applications.move(pupil.user, third, step=-1, seen=3) == 2
    assert titles(pupil) == [(1, "Offre 0"), (2, "Offre 2"), (3, "Offre 1")]


def test_the_ends_of_the_list_stay_where_they_are(pupil, offers):
    first, last = add(pupil, offers[:2])
    assert applications.move(pupil.user, first, step=-1, seen=1) == 1
    assert applications.move(pupil.user, last, step=1, seen=2) == 2


def test_a_page_older_than_the_list_moves_nothing(pupil, offers):
    first, second, third = add(pupil, offers[:3])
    applications.withdraw(pupil.user, first)
    with pytest.raises(Stale):
        applications.move(pupil.user, third, step=1, seen=3)
    with pytest.raises(Stale):
        applications.move(pupil.user, first, step=1, seen=1)
    assert titles(pupil) == [(1, "Offre 1"), (2, "Offre 2")]
    assert second.rank == 1


def test_taking_a_wish_back_closes_the_gap_and_twice_is_once(pupil, offers):
    _, second, *_ = add(pupil, offers[:4])
    applications.withdraw(pupil.user, second)
    applications.withdraw(pupil.user, second)
    assert titles(pupil) == [(1, "Offre 0"), (2, "Offre 2"), (3, "Offre 3")]


def test_sending_twice_sends_once(pupil, offers, session):
    campaigns.campaign()
    add(pupil, offers[:2])
    assert applications.send(pupil.user, pupil) == 2
    assert applications.send(pupil.user, pupil) == 0
    sent = session.scalars(sa.select(Event.to_status).where(Event.subject == "application")).all()
    assert sorted(sent) == ["draft", "draft", "submitted", "submitted"]


def test_after_sending_the_order_still_changes_and_a_new_wish_waits_to_be_sent(pupil, offers):
    campaigns.campaign()
    first, second = add(pupil, offers[:2])
    applications.send(pupil.user, pupil)
    applications.move(pupil.user, second, step=-1, seen=2)
    third = applications.add(pupil.user, pupil, offers[2])
    assert titles(pupil) == [(1, "Offre 1"), (2, "Offre 0"), (3, "Offre 2")]
    assert first.status == second.status == ApplicationStatus.SUBMITTED
    assert third.status == ApplicationStatus.DRAFT
    assert applications.send(pupil.user, pupil) == 1


def test_after_the_deadline_nothing_changes(pupil, offers, session):
    open_campaign = campaigns.campaign()
    first, _ = add(pupil, offers[:2])
    open_campaign.wishes_close_at = clock.now() - timedelta(seconds=1)
    session.commit()
    refusals = [
        code_of(applications.add, pupil.user, pupil, offers[2]),
        code_of(applications.move, pupil.user, first, step=1, seen=1),
        code_of(applications.withdraw, pupil.user, first),
        code_of(applications.write_message, pupil.user, first, message="Trop tard"),
        code_of(applications.send, pupil.user, pupil),
    ]
    assert refusals == ["wishes_closed"] * 5
    assert titles(pupil) == [(1, "Offre 0"), (2, "Offre 1")]


def test_wishes_can_be_prepared_but_not_sent_without_an_open_campaign(pupil, offers, session):
    add(pupil, offers[:1])
    assert code_of(applications.send, pupil.user, pupil) == "campaign_none"
    later = campaigns.campaign()
    later.wishes_open_at = clock.now() + timedelta(days=1)
    session.commit()
    assert code_of(applications.send, pupil.user, pupil) == "wishes_not_open"
    pupil.school.status = ApprovalStatus.REGISTERED
    session.commit()
    assert code_of(applications.send, pupil.user, pupil) == "school_not_approved"
    assert titles(pupil) == [(1, "Offre 0")]


def test_an_empty_list_is_not_sent(pupil):
    campaigns.campaign()
    assert code_of(applications.send, pupil.user, pupil) == "wishes_none"


def test_an_offer_closed_since_must_be_taken_back_before_sending(pupil, offers, session):
    campaigns.campaign()
    wish, _ = add(pupil, offers[:2])
    offers[0].status = OfferStatus.CLOSED
    session.commit()
    with pytest.raises(RuleBroken) as refused:
        applications.send(pupil.user, pupil)
    assert (refused.value.code, refused.value.values) == ("wish_gone", {"title": "Offre 0"})
    applications.withdraw(pupil.user, wish)
    assert applications.send(pupil.user, pupil) == 1


def test_only_offers_open_to_the_pupil_can_be_wished_for(pupil, offers, session):
    far = places.offer(places.site(commune_code="74010"))
    other_week = places.offer(weeks=("2027-W10",))
    reserved = places.offer(reserved_for="rep_plus")
    session.add(RefusedPair(pupil_id=pupil.id, offer_id=offers[0].id, reason="too_far"))
    session.commit()
    for offer in (far, other_week, reserved, offers[0]):
        assert code_of(applications.add, pupil.user, pupil, offer) == "offer_not_for_you"
    assert titles(pupil) == []


def test_a_pupil_who_holds_a_place_keeps_the_list_as_it_is(pupil, offers, session):
    add(pupil, offers[:1])
    session.add(
        Placement(
            pupil=pupil,
            seat=offers[1].seats[0],
            origin=Origin.RUN,
            status=PlacementStatus.PROPOSED,
            week=places.WEEK,
            reason="wish",
        )
    )
    session.commit()
    assert code_of(applications.add, pupil.user, pupil, offers[2]) == "wishes_held"


def test_a_message_is_kept_until_the_school_has_read_it(pupil, offers, session):
    (wish,) = add(pupil, offers[:1])
    applications.write_message(pupil.user, wish, message="Mon oncle y travaille.")
    assert code_of(applications.write_message, pupil.user, wish, message="a" * 501) == (
        "message_too_long"
    )
    wish.status = ApplicationStatus.READ_BY_SCHOOL
    session.commit()
    assert code_of(applications.write_message, pupil.user, wish, message="Autre") == "wish_read"
    assert wish.message == "Mon oncle y travaille."


def test_nobody_speaks_for_another_pupil(pupil, offers):
    other = people.pupil(pupil.class_group)
    (wish,) = add(pupil, offers[:1])
    for act in (
        lambda: applications.add(other.user, pupil, offers[1]),
        lambda: applications.withdraw(other.user, wish),
        lambda: applications.send(other.user, pupil),
    ):
        with pytest.raises(ValueError, match="himself"):
            act()


def test_pages_open_side_by_side_never_break_the_list(own_app):
    """Ten presses at once, on both databases: the ranks stay 1 to 5, each once."""
    with own_app.app_context():
        at = places.site()
        offers = [places.offer(at) for _ in range(6)]
        pupil = people.pupil(places.class_group())
        wishes = add(pupil, offers[:5])
        ids = [wish.id for wish in wishes]
        pupil_id, sixth = pupil.id, offers[5].id
        db.session.remove()
    together = Barrier(10)

    def press(number: int) -> str:
        with own_app.app_context():
            try:
                own = db.session.get_one(Pupil, pupil_id)
                if number == 9:
                    offer = db.session.get_one(Offer, sixth)
                    db.session.rollback()
                    together.wait()
                    applications.add(own.user, own, offer)
                else:
                    wish = db.session.get_one(Application, ids[number % 5])
                    db.session.rollback()
                    together.wait()
                    step = -1 if number % 2 else 1
                    applications.move(own.user, wish, step=step, seen=number % 5 + 1)
            except RuleBroken as refused:
                return refused.code
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(press, range(10)))
    assert set(answers) <= {"done", "wishes_changed", "wishes_full"}
    assert answers[9] == "wishes_full"
    with own_app.app_context():
        ranks = db.session.scalars(sa.select(Application.rank).order_by(Application.rank)).all()
        assert ranks == [1, 2, 3, 4, 5]
