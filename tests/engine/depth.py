"""How many questions a test tries: few in `make test`, many in `make bench-engine-deep`."""

import os

DEEP = bool(os.environ.get("LETABLI_DEEP"))


def quick_or_deep(quick: int, deep: int) -> int:
    return deep if DEEP else quick
