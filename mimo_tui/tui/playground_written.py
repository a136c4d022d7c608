"""What was written before, brought back into the prompt step by step."""

from collections.abc import Iterable


class WrittenBefore:
    """Prompts, the newest first, and how far back one has gone. What one was writing is there again at the front."""

    def __init__(self) -> None:
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
        if at == self._at:
            return None
        if self.is_at_front:
            self._draft = written
        self._at = at
        return self._draft if at < 0 else self._prompts[at]
