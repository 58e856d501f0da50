"""The main job 1280 px wide, on PostgreSQL."""

from pathlib import Path

from tests.e2e.browsing import DESKTOP
from tests.e2e.conftest import running
from tests.e2e.journey import Journey


def test_three_pupils_reach_confirmed_places_on_desktops_from_an_empty_database(
    tmp_path: Path, open_page
):
    with running("postgresql", tmp_path) as world:
        Journey(world, DESKTOP, open_page).play()
