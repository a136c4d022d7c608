"""A search as one types: what is found comes with the letter, or later, and never for words that are gone."""

from threading import Event

from mimo_tui.tui.quick_search import QuickSearch


class Asked:
    """Notes what was shown at once and what came late; `find` waits at words that begin with `slow`."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.late: list[tuple[str, str]] = []
        self.searched: list[str] = []
        self.go_on = Event()
        self.came_late = Event()
        self.search = QuickSearch[str](self._find, self._show, self._come_late)

    def _find(self, words: str) -> str:
        self.searched.append(words)
        if words.startswith("slow"):
            self.go_on.wait(10)
        return words.upper()

    def _show(self, words: str, found: str) -> None:
        self.shown.append((words, found))

    def _come_late(self, words: str, found: str) -> None:
        self.late.append((words, found))
        self.came_late.set()


def test_what_is_found_quickly_is_there_with_the_letter() -> None:
    asked = Asked()
    asked.search.ask("start the thread")
    for words in ("c", "ca", "cat"):
        asked.search.ask(words)
    asked.search.close()
    seen = dict((*asked.shown, *asked.late))
    assert seen["cat"] == "CAT"


def test_what_takes_longer_comes_later_and_holds_nobody_up() -> None:
    asked = Asked()
    asked.search.ask("slow")
    assert asked.shown == []
    asked.go_on.set()
    assert asked.came_late.wait(10)
    assert asked.late == [("slow", "SLOW")]
    asked.search.close()


def test_words_that_were_typed_over_are_neither_searched_nor_shown() -> None:
    asked = Asked()
    for words in ("slow", "slower", "slowest"):
        asked.search.ask(words)
    asked.go_on.set()
    assert asked.came_late.wait(10)
    assert asked.searched == ["slow", "slowest"]
    assert asked.late == [("slowest", "SLOWEST")]
    asked.search.close()


def test_a_search_that_was_cleared_shows_nothing_more() -> None:
    asked = Asked()
    asked.search.ask("slow")
    asked.search.forget()
    asked.go_on.set()
    asked.search.close()
    assert asked.shown == asked.late == []
