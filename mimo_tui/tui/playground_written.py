"""What was written before, brought back into the prompt step by step."""

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 50_000
"""Characters of a prompt that is brought back by a key: the lines of one that is longer take too long to lay out."""


class WrittenBefore:
    """Prompts, the newest first, and how far back one has gone. What one was writing is there again at the front.

    `passed` counts those of more than `LONGEST` characters that the last step has passed over.
    """

    def __init__(self) -> None:
        self.passed = 0
        self._prompts: list[str] = []
        self._at = -1
        self._draft = ""

    @property
    def is_at_front(self) -> bool:
        """Whether the prompt holds what one is writing."""
        return self._at < 0

    @property
    def prompts(self) -> tuple[str, ...]:
        """What was written in this run, and what was looked up."""
        return tuple(self._prompts)

    def note(self, prompt: str) -> None:
        """Note what was just sent."""
        self._prompts.insert(0, prompt)
        self.leave()

    def know(self, kept: Iterable[str]) -> None:
        """Add what was kept from earlier runs."""
        self._prompts = list(dict.fromkeys([*self._prompts, *kept]))

    def leave(self) -> None:
        """Go back to the front."""
        self._at = -1

    def step(self, by: int, written: str) -> str | None:
        """Go that far back (or forward, below 0) from what is `written`; None: there is nothing further."""
        at = min(max(self._at + by, -1), len(self._prompts) - 1)
        self.passed = 0
        while 0 <= at < len(self._prompts) and len(self._prompts[at]) > LONGEST:
            at += 1 if by > 0 else -1
            self.passed += 1
        if at in (self._at, len(self._prompts)):
            return None
        if self.is_at_front:
            self._draft = written
        self._at = at
        return self._draft if at < 0 else self._prompts[at]
