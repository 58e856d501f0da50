"""How well a pair suits: one number that sorts as the levels do, the best first.

From the highest bits: 3 of preference (the rank of a wish, 1 to 5, else SECTOR, else OTHER), 1 of
"outside the school's territory" (these two are the code), 31 of distance in tens of metres, 20 of
tie.
"""

from matching.engine.lottery import TIE_BITS

SECTOR, OTHER = 6, 7  # preferences after the ranks 1 to 5
DISTANCE_BITS = 31
CODE_SHIFT = DISTANCE_BITS + TIE_BITS
CODES = 2 * (OTHER + 1)
DISTANCE_MASK = (1 << DISTANCE_BITS) - 1
TIE_MASK = (1 << TIE_BITS) - 1
