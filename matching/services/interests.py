"""A pupil says which sectors draw him: they count where no wish can be honoured."""

from collections.abc import Sequence

from matching.database import transactional
from matching.errors import RuleBroken
from matching.models.pupils import Pupil
from matching.models.users import User
from matching.rules.sectors import SECTOR_KEYS

MAX_INTERESTS = 5


@transactional
def choose(user: User, pupil: Pupil, *, sectors: Sequence[str]) -> None:
    """Keep these sectors, in the order in which they were ticked; none is an answer too.

    Raises RuleBroken ``interests_too_many`` (value ``most``) or ``sector_unknown``, both on field
    ``sectors``.
    """
    if pupil.user_id != user.id:
        raise ValueError("a pupil speaks for himself only")
    kept = list(dict.fromkeys(sectors))
    if len(kept) > MAX_INTERESTS:
        raise RuleBroken("interests_too_many", field="sectors", most=MAX_INTERESTS)
    if not set(kept) <= set(SECTOR_KEYS):
        raise RuleBroken("sector_unknown", field="sectors")
    pupil.interests = kept
