"""What the tests of geography share."""

from collections.abc import Callable

import pytest


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Show a measured figure in the terminal, pass or fail."""

    def show(figure: str) -> None:
        with capsys.disabled():
            print(f"\n{figure}")  # noqa: T201 - a figure that the reader of the run wants

    return show
