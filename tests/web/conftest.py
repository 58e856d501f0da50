"""The class that the pages of a school are about."""

import pytest

from tests.factories import places


@pytest.fixture
def group(session):
    return places.class_group(name="3e A")
