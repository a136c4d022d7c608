"""Whose turn it is to be heard: of all that can play in the program, one at a time."""

from collections.abc import Callable


class Turn:
    """Held by what plays; whoever takes it has the one before fall silent where that is."""

    def __init__(self) -> None:
        self._pause: Callable[[], None] | None = None

    def take(self, pause: Callable[[], None]) -> None:
        """Be heard from here on; `pause` is called once another takes the turn."""
        if self._pause is not None and self._pause != pause:
            self._pause()
        self._pause = pause
