"""Loads the demonstration with one of its campaigns grown to the size of a region.

Run as a program: the plan must change before the modules that read it are imported.
"""

from dataclasses import replace

from matching.demo import plan

GROWN = "enough"


def grow(pupils: int, seats: int) -> None:
    """Make the campaign ``GROWN`` as large as that; the others stay."""
    plan.CAMPAIGNS = tuple(
        replace(
            campaign,
            pupils=pupils,
            seats=seats,
            schools=max(campaign.schools, pupils // 140),
            offers=max(campaign.offers, seats // 12),
        )
        if campaign.key == GROWN
        else campaign
        for campaign in plan.CAMPAIGNS
    )


def load() -> None:
    """Build the tables and the world in the instance that the settings name."""
    from matching.app import create_app
    from matching.demo import world
    from matching.server_commands import _migrate

    app = create_app()
    with app.app_context():
        _migrate()
        world.build(app.config["SETTINGS"])


if __name__ == "__main__":
    import sys

    grow(int(sys.argv[1]), int(sys.argv[2]))
    load()
