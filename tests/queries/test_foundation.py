"""The foundation finds people and places however their names are typed."""

import pytest
import sqlalchemy as sa

from matching.folding import Folded, folded
from matching.models.users import Role
from matching.queries import foundation
from tests.factories import people, places


@pytest.fixture
def named(session):
    places.school(name="Collège Françoise-d’Eaubonne, Châlons")
    places.company(name="Œuvres Mécaniques de l’Été", siren="732829320")
    people.adult(
        Role.COMPANY_MEMBER, company=places.company(), first_name="ZOÉ", last_name="Lemaître"
    )


@pytest.mark.parametrize(
    "typed",
    ["Françoise", "FRANCOISE", "francoise d'eaubonne", "Françoise-d’Eaubonne", "chalons college"],
)
def test_a_school_is_found_without_its_accents_and_hyphens(session, named, typed):
    assert len(session.scalars(foundation.schools(typed)).all()) == 1


@pytest.mark.parametrize("typed", ["œuvres", "OEUVRES", "mecaniques ete", "732 829 320", "Été"])
def test_a_company_is_found_by_name_or_number_as_people_type_them(session, named, typed):
    assert len(session.scalars(foundation.companies(typed)).all()) == 1


@pytest.mark.parametrize("typed", ["zoé", "zoe lemaitre", "LEMAÎTRE"])
def test_a_person_is_found_too(session, named, typed):
    assert len(session.scalars(foundation.adults(typed)).all()) == 1


@pytest.mark.parametrize("typed", ["%", "_", "françoisé x", "\\", "'; DROP TABLE school; --"])
def test_what_is_not_there_is_not_found(session, named, typed):
    assert session.scalars(foundation.schools(typed)).all() == []


@pytest.mark.parametrize(
    "text", ["ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸÑ", "àâäæçéèêëîïôöœùûüÿñ", "L’Haÿ-les-Roses %_", ""]
)
def test_both_databases_fold_as_python_does(session, text):
    assert session.scalar(sa.select(Folded(sa.literal(text)))) == folded(text)
    assert folded(text).isascii() or "’" in text
