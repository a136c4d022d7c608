"""One simulated platform on a real socket for all other people's clients."""

import os
from collections.abc import Iterator

import pytest

from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where the platform listens, such as `http://127.0.0.1:4711`."""
    with pytest.MonkeyPatch.context() as patch:
        # Neither a proxy nor a key of whoever runs the tests is any business of theirs.
        for name in list(os.environ):
            if name.lower().endswith("_proxy") or name.startswith(("OPENAI_", "ANTHROPIC_")):
                patch.delenv(name)
        with serve(Platform(rate_limited=False)) as served:
            yield served.origin
