"""The main job 390 px wide, on SQLite."""

from pathlib import Path

from tests.e2e.browsing import PHONE
from tests.e2e.conftest import running
from tests.e2e.journey import Journey


def test_three_pupils_reach_confirmed_places_on_phones_from_an_empty_database(
    tmp_path: Path, open_page
):
    with running("sqlite", tmp_path) as world:
        Journey(world, PHONE, open_page).play()
