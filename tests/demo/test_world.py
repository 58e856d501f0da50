"""The demonstration keeps its figures, obeys the rules of the product, and says it is fictional."""

import json
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest
import sqlalchemy as sa
from pyproj import Geod
from stdnum.fr import siret

from matching import clock
from matching.demo.plan import CAMPAIGNS, PLEDGED, PUPILS, TERRITORIES
from matching.models.campaigns import Campaign
from matching.models.companies import Company, Pledge, Site
from matching.models.match_runs import MatchRun
from matching.models.offers import Offer, OfferWeek, Seat
from matching.models.pupils import Guardian, Pupil
from matching.models.schools import ClassGroup, PlacementWindow, PriorityEducation, School
from matching.models.statuses import ApprovalStatus, OfferStatus
from matching.models.territories import Territory
from matching.models.users import User
from matching.queries import campaign_figures, public_figures
from matching.rules import hours
from matching.rules.identifiers import uai_key, uai_problem
from matching.rules.school_calendar import days_of, monday_of, week_problem
from matching.services import offers as offer_services
from tests.conftest import FreshClient


def count(session, table, *conditions) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions))


def test_the_promise_of_4100_places_is_kept_seat_by_seat(session):
    assert PLEDGED == 4100
    assert session.scalar(public_figures.pupils_pledged(clock.school_year())) == 4100
    assert count(session, Seat) == 4100
    rows = session.execute(
        sa.select(Site.company_id, sa.func.count(Seat.id))
        .join(Offer, Offer.site_id == Site.id)
        .join(Seat, Seat.offer_id == Offer.id)
        .group_by(Site.company_id)
    )
    pledges = session.execute(sa.select(Pledge.company_id, Pledge.pupils))
    assert dict(rows.all()) == dict(pledges.all())


def test_there_are_150_companies_60_schools_and_8000_pupils(session):
    assert count(session, Company) == pytest.approx(150, abs=5)
    assert count(session, School) == pytest.approx(60, abs=3)
    assert count(session, Pupil) == PUPILS == 8000
    sizes = Counter(session.scalars(sa.select(Pupil.class_group_id)))
    assert len(sizes) == count(session, ClassGroup)
    assert min(sizes.values()) >= 15
    assert max(sizes.values()) <= 32


def test_twelve_territories_are_dense_and_every_other_one_has_a_place_too(session):
    seats = (
        sa.select(Territory.code, sa.func.count(Seat.id))
        .join(Site, Site.attached_territory_id == Territory.id)
        .join(Offer, Offer.site_id == Site.id)
        .join(Seat, Seat.offer_id == Offer.id)
        .where(Offer.status == OfferStatus.PUBLISHED)
        .group_by(Territory.code)
    )
    places = dict(session.execute(seats).all())
    assert len(TERRITORIES) == 12
    assert all(places[code] > 150 for code in TERRITORIES)
    known = session.scalars(sa.select(Territory.code).where(Territory.vintage == 2023))
    assert set(places) == set(known)
    regions = sa.select(Territory.region).where(
        Territory.vintage == 2023, Territory.code.in_(TERRITORIES)
    )
    assert len(set(session.scalars(regions))) >= 8
    assert "La Réunion" in set(session.scalars(regions))


def test_95_percent_of_the_pupils_reach_ten_slots_by_geodesics(session):
    weeks = defaultdict(set)
    for number, week in session.execute(sa.select(OfferWeek.offer_id, OfferWeek.week)):
        weeks[number].add(week)
    slots = session.execute(
        sa.select(
            Seat.offer_id, Seat.week, Site.lat, Site.lon, Offer.accessible,
            sa.func.min(sa.func.coalesce(Seat.reserved_for, "")).label("open_to"),
        )
        .join(Offer, Offer.id == Seat.offer_id)
        .join(Site, Site.id == Offer.site_id)
        .where(Offer.status == OfferStatus.PUBLISHED)
        .group_by(Seat.offer_id, Seat.week, Site.lat, Site.lon, Offer.accessible)
    ).all()  # fmt: skip
    assert {slot.open_to for slot in slots} == {""}  # each has a seat that is open to all
    windows = defaultdict(lambda: defaultdict(set))
    for window in session.scalars(sa.select(PlacementWindow)):
        windows[window.school_id][window.class_group_id].add(window.week)
    pupils = session.execute(
        sa.select(
            Pupil.school_id, Pupil.class_group_id, Pupil.commune_code, Pupil.needs_access,
            School.lat, School.lon, School.reach_km,
        ).join(School)
    ).all()  # fmt: skip
    from matching.geography.communes import gazetteer

    lats, lons = np.array([s.lat for s in slots]), np.array([s.lon for s in slots])
    accessible = np.array([s.accessible for s in slots])
    open_weeks = [{s.week} if s.week else weeks[s.offer_id] for s in slots]
    earth, known = Geod(ellps="WGS84"), {}
    reach_ten = 0
    for pupil in pupils:
        mine = windows[pupil.school_id]
        key = (*pupil, frozenset(mine[pupil.class_group_id] or mine[None]))
        if key not in known:
            home = gazetteer().by_code(pupil.commune_code or "")
            lat, lon = (home.lat, home.lon) if home else (pupil.lat, pupil.lon)
            same = np.full(len(slots), 1.0)
            metres = earth.inv(lon * same, lat * same, lons, lats)[2]
            reached = metres <= pupil.reach_km * 1000 - 10
            reached &= np.array([not one.isdisjoint(key[-1]) for one in open_weeks])
            known[key] = int((reached & (accessible | (not pupil.needs_access))).sum())
        reach_ten += known[key] >= 10
    assert reach_ten / len(pupils) >= 0.95


def test_weeks_are_ahead_and_never_in_the_holidays_of_the_zone(session):
    school_weeks = session.execute(
        sa.select(School.holiday_zone, PlacementWindow.week).join(
            School, School.id == PlacementWindow.school_id
        )
    ).all()
    assert {week_problem(zone, week) for zone, week in school_weeks} == {None}
    today = clock.today()
    if today < date(clock.school_year() + 1, 3, 15):
        ahead = session.scalars(sa.select(OfferWeek.week).distinct()).all()
        assert min(monday_of(week) for week in ahead) > today
        assert all(len(days_of(week)) == 5 for week in ahead)


def test_published_offers_are_complete_and_lawful(session):
    offers = session.scalars(
        sa.select(Offer).where(Offer.status == OfferStatus.PUBLISHED).order_by(Offer.id)
    ).all()
    for offer in offers:
        days = {int(day) for day in offer.weekdays}
        problems = hours.timetable_problems(
            hours.HoursPolicy(), days, offer.starts_at, offer.ends_at, offer.break_minutes
        )
        assert problems == []
        assert len(offer.charter) >= 5
    for offer in offers[::12]:
        offer_services.refuse_incomplete(offer)
    assert len({offer.sector for offer in offers}) == 25
    assert 0.25 < sum(offer.accessible for offer in offers) / len(offers) < 0.55
    assert count(session, Seat, Seat.reserved_for.is_not(None)) > 30
    assert count(session, Seat, Seat.week.is_(None)) > 500


def test_everything_fictional_says_so_and_no_number_was_ever_issued(session):
    for company in session.scalars(sa.select(Company)):
        assert "fictive" in company.name or "fictif" in company.name
        assert company.siren.startswith("0")
    numbers = session.scalars(sa.select(Site.siret)).all()
    assert all(siret.is_valid(number) for number in numbers)
    for school in session.scalars(sa.select(School)):
        assert "(fictif)" in school.name
        assert uai_problem(school.uai) == "uai_departement"
        assert school.uai[7] == uai_key(school.uai[:7])
    emails = {*session.scalars(sa.select(User.email)), *session.scalars(sa.select(Guardian.email))}
    assert all(email is None or email.endswith("@example.org") for email in emails)
    phones = {*session.scalars(sa.select(User.phone)), *session.scalars(sa.select(Guardian.phone))}
    assert all(phone is None or phone.startswith(("+3363998", "+33199")) for phone in phones)


def test_schools_and_pupils_are_mixed_as_in_life(session):
    kinds = Counter(session.scalars(sa.select(School.priority_education)))
    assert all(kinds[kind] >= 2 for kind in PriorityEducation)
    assert 0 < count(session, Pupil, Pupil.needs_access) < 320
    assert count(session, Guardian) > 500
    own = PlacementWindow.class_group_id.is_not(None)
    assert 0 < count(session, PlacementWindow, own) < count(session, PlacementWindow, ~own)
    names = set(session.scalars(sa.select(Pupil.first_name).distinct()))
    assert len(names) >= 120


def test_one_campaign_is_published_one_short_one_ready_and_one_takes_wishes(session):
    campaigns = {row.name: row for row in session.scalars(sa.select(Campaign))}
    now, found = clock.now(), {}
    for plan in CAMPAIGNS:
        row = campaigns[plan.name]
        figures = session.execute(campaign_figures.takes_part(row)).one()
        runs = session.scalars(sa.select(MatchRun).where(MatchRun.campaign_id == row.id)).all()
        found[plan.key] = figures
        assert [run.round for run in runs] == ([1] if plan.key == "published" else [])
        assert (row.wishes_close_at > now) == (plan.key == "open")
        assert figures.pupils == plan.pupils
    assert found["short"].seats < found["short"].pupils / 3
    assert found["enough"].seats > found["enough"].pupils
    for key in ("published", "short", "enough"):
        assert 0.6 <= found[key].with_wishes / found[key].pupils <= 0.75


def test_a_school_a_company_and_three_offers_wait_for_somebody(session):
    registered = ApprovalStatus.REGISTERED
    assert count(session, School, School.status == registered) == 1
    assert count(session, Company, Company.status == registered) == 1
    statuses = Counter(session.scalars(sa.select(Offer.status)))
    assert statuses[OfferStatus.SUBMITTED] == 2
    assert statuses[OfferStatus.RETURNED] == statuses[OfferStatus.DRAFT] == 1
    without = ~sa.exists().where(Pupil.school_id == School.id)
    assert count(session, School, School.status == ApprovalStatus.APPROVED, without) == 1


def test_each_person_of_the_sign_in_page_opens_a_board(loaded):
    people = json.loads((loaded.config["SETTINGS"].instance / "demo-people.json").read_text())
    assert Counter(person["group"] for person in people) == {
        "Élèves": 4, "Collèges": 4, "Entreprises": 2, "Territoires": 4, "Fondation": 1,
    }  # fmt: skip
    assert len({person["ref"] for person in people}) == len(people)
    loaded.test_client_class = FreshClient
    for person in people:
        client = loaded.test_client()
        assert client.post(f"/demo/devenir/{person['ref']}").status_code == 303
        answer = client.get("/mon-espace", follow_redirects=True)
        assert answer.status_code == 200, person
        assert answer.request.path != "/mon-espace"
