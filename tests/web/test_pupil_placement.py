"""The pupil's placement: what is proposed, the answer, and why there is nothing."""

from datetime import timedelta

import pytest

from matching import clock
from matching.models.placements import Party
from matching.models.statuses import PlacementStatus
from tests.factories import campaigns, people, places
from tests.factories.placements import placement
from tests.web.reading import forms, now


@pytest.fixture
def offers(session):
    at = places.site()
    return [places.offer(at, title=f"Offre {number}") for number in range(6)]


@pytest.fixture
def pupil(session, offers):
    return people.pupil(places.class_group())


@pytest.fixture
def browser(client, pupil):
    return client.sign_in(pupil.user)


@pytest.fixture
def proposal(session, pupil, offers):
    return placement(
        offers[2].seats[0], pupil=pupil, rank=2, distance_m=7400, same_territory=True, reason="wish"
    )


def test_a_proposal_is_hidden_until_the_school_has_agreed(browser, proposal, session):
    page = browser.get("/eleve/stage").text
    assert "Ton collège relit une proposition" in page
    assert "Offre 2" not in page
    browser.post(
        f"/eleve/stage/{proposal.ref}", data={"answer": "yes", "version": proposal.version}
    )
    assert now(proposal).pupil_answer is None


def agree(session, proposal) -> None:
    proposal.school_answer = True
    proposal.answer_before = clock.now() + timedelta(days=5)
    session.commit()


def test_a_proposal_says_where_when_and_why(browser, proposal, session):
    agree(session, proposal)
    page = browser.get("/eleve/stage").text.replace("\u00a0", " ").replace("\u202f", " ")
    for words in ("Offre 2", "semaine du 1er au 5 février 2027", "C’était ton vœu n° 2.",
                  "7,4 km", "territoire de ton collège", "de 9 h à 16 h"):  # fmt: skip
        assert words in page
    assert "Réponds à ta proposition" in browser.get("/eleve").text


def test_a_yes_waits_for_the_host_and_a_second_press_is_told_so(browser, proposal, session):
    agree(session, proposal)
    page = browser.get("/eleve/stage").text
    address, fields = forms(page, proposal.ref)[0]
    assert fields["answer"] == "yes"
    assert [browser.post(address, data=fields).status_code for _ in range(2)] == [303, 303]
    assert now(proposal).pupil_answer is True
    page = browser.get("/eleve/stage").text
    assert "Tu as dit oui" in page
    assert 'role="status"' in page
    assert "Tu as dit oui" in browser.get("/eleve").text


def test_a_no_needs_a_reason_and_frees_the_seat(browser, proposal, session):
    agree(session, proposal)
    address, fields = forms(browser.get("/eleve/stage").text, proposal.ref)[1]
    assert fields["answer"] == "no"
    without = browser.post(address, data=fields)
    assert without.status_code == 422
    assert "Choisis une raison" in without.text
    assert now(proposal).status == PlacementStatus.PROPOSED
    browser.post(address, data=fields | {"reason": "no_transport", "words": "Pas de bus"})
    assert (now(proposal).status, proposal.ended_by) == (PlacementStatus.DECLINED, Party.PUPIL)
    assert "Tu as dit non" in browser.get("/eleve/stage").text


def test_a_page_older_than_the_proposal_answers_nothing(browser, proposal, session):
    agree(session, proposal)
    address, fields = forms(browser.get("/eleve/stage").text, proposal.ref)[0]
    proposal.version += 1
    session.commit()
    assert browser.post(address, data=fields).location == "/eleve/stage"
    assert "a changé" in browser.get("/eleve/stage").text
    assert now(proposal).pupil_answer is None


def test_a_confirmed_placement_tells_address_tutor_and_gear(browser, pupil, session):
    offer = places.offer(tutor_name="Mme Tutrice", gear="Pantalon long", access="Bus 3")
    placement(
        offer.seats[0], pupil=pupil, status=PlacementStatus.CONFIRMED, school_answer=True,
        pupil_answer=True, host_answer=True,
    )  # fmt: skip
    page = browser.get("/eleve/stage").text
    for words in ("Confirmé", offer.site.address, "Mme Tutrice", "Pantalon long", "Bus 3"):
        assert words in page
    assert "Stage trouvé" in browser.get("/eleve").text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("lottery", "le tirage au sort"),
        ("out_of_reach", "n’est à moins de 20"),
        ("no_week", "pendant tes semaines"),
        ("reserved_only", "réservées à d’autres collèges"),
    ],
)
def test_a_pupil_without_a_place_reads_why_with_local_numbers(
    browser, pupil, offers, session, reason, words
):
    campaign = campaigns.published_round(pupil, reason=reason).campaign
    campaigns.wish(pupil, offers[0])
    for offer in offers:
        for seat in offer.seats:
            placement(seat)
    far = places.offer(places.site(commune_code="01053"))
    page = browser.get("/eleve/stage").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert words in page
    assert "il y a 12 places dans 6 offres" in page
    assert "Tu avais envoyé tes vœux" in page
    assert ("la place libre la plus proche est à" in page) is (
        far.site.attached_territory_id in [row.territory_id for row in campaign.territories]
    )
    assert "Pas de place pour toi" in browser.get("/eleve").text


def test_each_end_of_a_placement_is_told_without_blame(browser, pupil, offers, session):
    campaigns.campaign(wishes_open=False)
    told = {
        Party.HOST: "Ce n’est pas de ta faute",
        Party.SCHOOL: "Ton collège n’a pas retenu",
        Party.COORDINATOR: "a annulé cette place",
        Party.NOBODY: "Le délai de réponse est passé",
    }
    for party, words in told.items():
        placement(
            offers[0].seats[0], pupil=pupil, status=PlacementStatus.CANCELLED, ended_by=party,
            ended_reason="other",
        )  # fmt: skip
        assert words in browser.get("/eleve/stage").text
    assert "Cette place n’est plus pour toi" in browser.get("/eleve").text
