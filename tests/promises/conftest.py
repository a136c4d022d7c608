"""What the promise tests share: a place to note the figure that was reached, for README's table."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES = Path(__file__).parents[2] / "build" / "promises"


@pytest.fixture
def reached(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Give the function that notes `figure` for promise `number`; `python -m tests.readme` reads it."""

    def note(number: str, figure: str) -> None:
        FIGURES.mkdir(parents=True, exist_ok=True)
        name = request.node.name.replace("/", "-")
        long = request.node.get_closest_marker("long") is not None
        record = {"promise": number, "figure": figure, "long": long, "test": request.node.nodeid}
        (FIGURES / f"{number}-{name[:80]}.json").write_text(json.dumps(record))

    return note
