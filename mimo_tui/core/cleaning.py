"""Text from outside that comes in pieces, cut anywhere, made safe for a terminal as it comes."""

from mimo_tui.core.text import NOTHING, Clean, clean_lines


class LineCleaner:
    """Gives what `clean_lines` gives of the whole text, piece by piece.

    What a piece means may hang on the one before: the column that a tab goes to, a line end that was cut in two.
    """

    def __init__(self, *, tab_size: int = 4) -> None:
        self._tab_size = tab_size
        self._column = 0
        self._held = ""

    def feed(self, text: str) -> Clean:
        """Give the next piece, clean. A carriage return at its end waits for what comes next."""
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        if not text:
            return NOTHING
        before = " " * self._column
        shown = Clean(clean_lines(before + text, tab_size=self._tab_size)[self._column :])
        ended = max(text.rfind("\n"), text.rfind("\r"))
        line = text[ended + 1 :] if ended >= 0 else before + text
        self._column = len(line.expandtabs(self._tab_size)) % self._tab_size
        return shown

    def close(self) -> Clean:
        """Give what was held back, now that nothing more comes."""
        held, self._held = self._held, ""
        return clean_lines(held)
