"""How well a pair suits: one number that sorts as the levels do, the best first.

From the highest bits: 3 of preference (the rank of a wish, 1 to 5, else SECTOR, else OTHER; 0 while
it is not known), 1 of "outside the school's territory", 31 of distance in tens of metres, 28 of
tie.
"""

from matching.engine.lottery import TIE_BITS

SECTOR, OTHER = 6, 7  # preferences after the ranks 1 to 5
DISTANCE_BITS = 31
OUTSIDE_SHIFT = DISTANCE_BITS + TIE_BITS
PREFERENCE_SHIFT = OUTSIDE_SHIFT + 1
DISTANCE_MASK = (1 << DISTANCE_BITS) - 1
TIE_MASK = (1 << TIE_BITS) - 1
PLACE_MASK = (1 << PREFERENCE_SHIFT) - 1  # all but the preference
