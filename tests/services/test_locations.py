"""A typed commune becomes a point; a homonym becomes a question."""

import pytest

from matching.errors import RuleBroken
from matching.services import locations


def test_a_postcode_and_a_commune_give_the_point_and_the_territory(session):
    place = locations.locate(postcode="01100", commune="oyonnax")
    assert (place.commune_code, place.postcode) == ("01283", "01100")
    assert place.territory_id == place.attached_territory_id is not None


@pytest.mark.parametrize(
    ("postcode", "commune", "code"),
    [
        ("75011", "Paris", "75111"),
        ("69003", "Lyon", "69383"),
        ("01108", "Oyonnax Cedex", "01283"),
        ("97400", "St Denis", "97411"),
    ],
)
def test_districts_cedex_and_overseas_are_understood(session, postcode, commune, code):
    assert locations.locate(postcode=postcode, commune=commune).commune_code == code


def test_a_homonym_is_a_question_with_its_candidates(session):
    with pytest.raises(RuleBroken, match="commune_ambiguous") as asked:
        locations.locate(postcode="", commune="Sainte-Colombe")
    candidates = asked.value.values["candidates"]
    assert len(candidates) >= 10
    picked = locations.locate(postcode="", commune="Sainte-Colombe", commune_code=candidates[0][0])
    assert picked.commune_code == candidates[0][0]


@pytest.mark.parametrize(
    ("postcode", "commune", "code"),
    [
        ("99999", "Nulle-Part", ""),
        ("", "", ""),
        ("01100", "Oyonnax", "00000"),
        ("\x00", "'; --", ""),
    ],
)
def test_what_is_no_commune_is_refused_next_to_the_field(session, postcode, commune, code):
    with pytest.raises(RuleBroken, match="commune_unknown") as refused:
        locations.locate(postcode=postcode, commune=commune, commune_code=code)
    assert refused.value.field == "commune"


def test_a_commune_outside_every_territory_joins_the_nearest_of_its_departement(session):
    lyon = locations.locate(postcode="69003", commune="Lyon")
    assert lyon.territory_id is None
    assert lyon.attached_territory_id is not None
