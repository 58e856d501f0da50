"""What the invented companies show: finished texts, several programmes for each sector.

Pupils read them, so they say « tu », as the pages of the product do.
"""

from matching.demo.programmes import goods, machines, services
from matching.demo.programmes.programme import Programme

__all__ = ["ANYWHERE", "PROGRAMMES", "Programme"]

PROGRAMMES: dict[str, tuple[Programme, ...]] = (
    machines.PROGRAMMES | goods.PROGRAMMES | services.PROGRAMMES
)
ANYWHERE = services.ANYWHERE
"""Programmes that suit any factory."""
