"""The body of an answer as it came, for those who want to see the raw exchange."""

from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.wire.evidence import LONGEST_KEY, charset_of, decoded, unless_in_pieces, without

KEPT = 1024 * 1024
"""Bytes of an answer that are kept, half of its beginning and half of its end."""

_LOST = 16 * 1024
"""Characters that are not shown after a cut: there a key may end, as may one that comes in pieces."""


class RawBody:
    """Takes the bytes of an answer as they come, and forgets the middle of a very long one."""

    def __init__(self, kept: int = KEPT) -> None:
        self._half = kept // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._forgotten = 0

    def feed(self, chunk: bytes) -> None:
        """Take more of it."""
        room = self._half - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._tail += chunk
        if len(self._tail) > 2 * self._half:
            self._forget()

    def shown(self, key: Secret | None, content_type: str = "") -> Clean:
        """Give it as text that may be shown, without the key. Slow where it is long: call it in a thread."""
        self._forget()
        charset = charset_of({"content-type": content_type})
        if not self._forgotten:
            text = without(key, decoded(bytes(self._head + self._tail), charset))
        else:
            head = without(key, decoded(bytes(self._head), charset))[:-LONGEST_KEY]
            tail = without(key, decoded(bytes(self._tail), charset))[_LOST:]
            text = f"{head}\n\n… {self._forgotten:,} bytes left out …\n\n{tail}"
        return clean_lines(unless_in_pieces(text, key))

    def _forget(self) -> None:
        over = len(self._tail) - self._half
        if over > 0:
            del self._tail[:over]
            self._forgotten += over
