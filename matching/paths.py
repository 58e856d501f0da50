"""Where templates, static files, migrations and data are, in a checkout and in a wheel."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# A wheel carries the three folders inside the package; a checkout has them beside it.
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
DATA = PACKAGE / "data"


def _instance() -> Path:
    """Beside the sources in a checkout; once installed, in the folder of the person."""
    if ROOT is not PACKAGE:
        return Path("instance")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "letabli"


INSTANCE = _instance()
