"""Whom several pages are about."""

import pytest

from matching.models.users import Role
from tests.factories import people, places


@pytest.fixture
def group(session):
    """A class of an approved school."""
    return places.class_group(name="3e A")


@pytest.fixture
def admin(session):
    """Somebody of the foundation."""
    return people.adult(Role.FOUNDATION_ADMIN, first_name="Ada", last_name="Fondation")
