"""The decorator of the kernels: plain Python loops over arrays, compiled by numba.

Compiled code is kept on disk, in a folder named after a digest of the engine's sources: numba looks
only at a kernel's own file, and would run stale code after a change in a kernel of another file.
NUMBA_DISABLE_JIT=1 runs the same source uncompiled.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

HERE = Path(__file__).parent
F = TypeVar("F", bound=Callable[..., object])


def _digest() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return sha256(sources + numba.__version__.encode()).hexdigest()[:16]


def _folders() -> Iterator[Path]:
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    checkout = HERE.parent.parent
    if (checkout / "pyproject.toml").is_file():
        yield checkout / ".numba"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "letabli"
    yield Path(tempfile.gettempdir()) / f"letabli-{os.getuid()}"


def _writable_folder() -> Path | None:
    """The first folder that is ours and takes a file: a stranger's could hold foreign code."""
    for parent in _folders():
        folder = parent / _digest()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            if folder.stat().st_uid == os.getuid():
                return folder
        except (OSError, RuntimeError):
            continue
    return None


CACHE = _writable_folder()
if CACHE is not None:
    numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]  # set at run time by numba


OPTIONS: dict[str, Any] = {"cache": CACHE is not None, "nogil": True, "error_model": "numpy"}


def kernel(function: F) -> F:
    """Compile `function`; it must touch only arrays and numbers, and gives the GIL back."""
    return cast("F", numba.njit(**OPTIONS)(function))


def bare_kernel(function: F) -> F:
    """As `kernel`, for code that makes no array nor copies one whole: without numba's counts of
    references, which cost more than the work where tuples of arrays are handed over for each pair.
    """
    options = OPTIONS | {"_nrt": False}  # numba's own name for it; no public one says the same
    return cast("F", numba.njit(**options)(function))


def inlined_kernel(function: F) -> F:
    """As `bare_kernel`, for a step of a larger kernel, written into it where it is called: handing
    tuples of arrays over costs more than most steps.
    """
    options = OPTIONS | {"_nrt": False, "inline": "always"}
    return cast("F", numba.njit(**options)(function))
