"""The people whom a visitor of a demonstration may become, listed by the loader of the demo."""

import json
from dataclasses import dataclass

from matching.config import Settings

FILE = "demo-people.json"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """``group`` is a role, ``label`` who it is, ``hint`` what there is to see."""

    ref: str
    group: str
    label: str
    hint: str


def demo_people(settings: Settings) -> dict[str, list[DemoPerson]]:
    """The people by group, in the order of the file; nobody outside a demonstration."""
    path = settings.instance / FILE
    if not settings.demo or not path.is_file():
        return {}
    groups: dict[str, list[DemoPerson]] = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        person = DemoPerson(**row)
        groups.setdefault(person.group, []).append(person)
    return groups
