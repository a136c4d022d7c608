"""A text that comes in pieces, given on without any key in it, also one that is cut across the pieces."""

import re

from mimo_tui.core.echo import hide, signs_of
from mimo_tui.core.secrets import Secret, redact

# What may still become something key-like by what comes next, as `core.secrets` has it; a blank ends it. Letters and
# digits are never cut apart here, so that keys by their prefix need no pattern.
_OPEN_USER = re.compile(r"//[^/\s\"'@]*\Z|/\Z")
_OPEN_QUERY = re.compile(
    r"[?&][^=&\s]{0,90}\Z|[?&][^=&\s]{0,40}(?:key|token|secret|password)[^=&\s]{0,40}=[^\s\"']*\Z",
    re.IGNORECASE,
)
# An `&` or `#` may end a value, or begin one of the signs of a key.
_LAST_QUERY = re.compile(r"[\s\"'][^\s\"']*\Z")
_BREAKS = "\"'<>(){}[],|"
_WIDE = r"[^\x00-\x7f](?=[^\x00-\x7f])"
_SHORT = 4096


class Veil:
    """Hides `key` and what is key-like, as `redact` does for a whole text. All that was given out, joined, is that.

    What may be the beginning of a key is held back until it is known what it is: a word at most in prose, which in
    Chinese is one sign.
    """

    def __init__(self, key: Secret | None) -> None:
        self._key = key
        self._held = ""
        self._look_at = 0
        signs = signs_of(key) if key is not None else ""
        self._has_blanks = re.search(r"\s", signs) is not None
        ends = "".join(each for each in _BREAKS if each not in signs)
        wide = f"|{_WIDE}" if signs.isascii() else ""
        self._ends = re.compile(rf"\s+|[{re.escape(ends)}]{wide}")

    def feed(self, text: str) -> str:
        """Give what can be given on after this piece."""
        self._held += text
        if self._has_blanks or len(self._held) < self._look_at:
            return ""
        end = self._safe_end()
        given, self._held = self._hidden(self._held[:end]), self._held[end:]
        # What cannot be cut is looked at anew only after it has grown by half, else a long one takes for ever.
        self._look_at = len(self._held) * 3 // 2 if len(self._held) > _SHORT else 0
        return given

    def close(self) -> str:
        """Give what was held back: there is no more to come."""
        given, self._held = self._hidden(self._held), ""
        return given

    def _safe_end(self) -> int:
        """Give up to where nothing depends on what comes next."""
        held = self._held
        limit = self._limit()
        after_blank, end = 0, 0
        for match in self._ends.finditer(held):
            if match.end() > limit:
                break
            end = match.end()
            after_blank = end if match[0].isspace() else after_blank
        if end > after_blank and not self._falls_apart(held[after_blank:], end - after_blank):
            # It is within something key-like, which a blank ends in any case.
            return after_blank
        return end

    def _limit(self) -> int:
        """Give where something begins that is not over yet."""
        held = self._held
        last = _LAST_QUERY.search(held)
        found = (_OPEN_USER.search(held), _OPEN_QUERY.search(held, last.start() if last is not None else 0))
        limit = min((match.start() for match in found if match is not None), default=len(held))
        # A key that holds quotes hides what it stands in.
        word = max((match.end() for match in re.finditer(r"\s", held)), default=0)
        hidden = self._hidden(held[word:])
        return min(limit, word) if _OPEN_USER.search(hidden) or _OPEN_QUERY.search(hidden) else limit

    def _falls_apart(self, text: str, at: int) -> bool:
        return self._hidden(text) == self._hidden(text[:at]) + self._hidden(text[at:])

    def _hidden(self, text: str) -> str:
        return redact(hide(text, self._key)) if self._key is not None else redact(text)
