"""What is refused before any view."""

import pytest


@pytest.mark.parametrize("address", ["/offres/%00", "/offres?q=a%00b", "/%00"])
def test_an_address_with_a_nul_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_an_address_without_one_is_answered(client):
    assert client.get("/inscription/entreprise?x=%01").status_code == 200
