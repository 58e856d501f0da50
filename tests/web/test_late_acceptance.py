"""A host takes a pupil whom the published round left without."""

import sqlalchemy as sa

from matching.models.placements import Placement
from matching.models.users import Role
from tests.factories import campaigns, people, places


def test_the_host_reads_a_commune_and_interests_but_no_name_then_proposes(client, session):
    pupil = people.pupil(places.class_group(), interests=["rail"], last_name="Nomsecret")
    offer = places.offer(seats=1)
    campaigns.published_round(pupil)
    browser = client.sign_in(people.adult(Role.COMPANY_MEMBER, company=offer.site.company))
    address = f"/entreprise/offres/{offer.ref}/eleves-sans-place"
    page = browser.get(address).text
    assert "Un élève, à Oyonnax" in page
    assert "Nomsecret" not in page
    assert pupil.first_name not in page
    assert browser.post(f"{address}/{pupil.ref}").status_code == 303
    assert session.scalars(sa.select(Placement.host_answer)).all() == [True]
    # A second click, a colleague's, or a stale page: told politely, nothing twice.
    assert "place ailleurs" in browser.post(f"{address}/{pupil.ref}", follow_redirects=True).text
    assert session.scalar(sa.select(sa.func.count()).select_from(Placement)) == 1


def test_the_offer_of_another_company_is_not_found(client, session):
    offer = places.offer(seats=1)
    browser = client.sign_in(people.adult(Role.COMPANY_MEMBER, company=places.company()))
    address = f"/entreprise/offres/{offer.ref}/eleves-sans-place"
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}/zzzz").status_code == 404
