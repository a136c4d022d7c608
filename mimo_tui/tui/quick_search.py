"""A search that answers as one types: within the paint of the letter where it can, later where it cannot."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Generic, TypeVar

T = TypeVar("T")

PATIENCE: Final = 0.009
"""Seconds that a letter waits for what it finds, so that both are painted at once."""


class QuickSearch(Generic[T]):
    """Asks `find` in a thread, for the newest words only. `find` must not raise.

    `show` is called with the words and what was found, `late` instead from that thread where it took longer.
    """

    def __init__(
        self, find: Callable[[str], T], show: Callable[[str, T], None], late: Callable[[str, T], None]
    ) -> None:
        self._find = find
        self._show = show
        self._late = late
        self._wanted = ""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    def ask(self, words: str) -> None:
        """Search for these words, and for no earlier ones any more."""
        self._wanted = words
        asked: Future[T | None] = self._thread.submit(self._answer, words)
        try:
            found = asked.result(PATIENCE)
        except TimeoutError:
            asked.add_done_callback(lambda done: self._come_late(words, done))
        else:
            if found is not None:
                self._show(words, found)

    def forget(self) -> None:
        """Search for nothing any more."""
        self._wanted = ""

    def close(self) -> None:
        """End the thread, once what it does now is done."""
        self.forget()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _answer(self, words: str) -> T | None:
        return self._find(words) if words == self._wanted else None

    def _come_late(self, words: str, done: "Future[T | None]") -> None:
        found = None if done.cancelled() else done.result()
        if found is not None and words == self._wanted:
            self._late(words, found)
