"""From the bytes of an answer to events: what both surfaces have in common."""

import json
from typing import Protocol

from mimo_tui.core.exchange import ApiError
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.events import StreamEvent
from mimo_tui.wire.evidence import error_in
from mimo_tui.wire.sse import ServerEvent, SseDecoder

_END = "[DONE]"


class Dialect(Protocol):
    """What the documents of one surface say, taken one after the other.

    `finished`: the model told why it stops. `ended`: the answer has said that it is at its end.
    """

    finished: bool
    ended: bool

    def read(self, document: dict[str, Json]) -> list[StreamEvent]:
        """Give what a document says. It may hold anything, and nothing raises."""
        ...


class AnswerReader:
    """Takes bytes cut anywhere and gives events. An answer that is plain JSON is read as a whole at its end.

    `has_ended`: nothing of the answer comes any more, even where the connection stays.
    """

    def __init__(self, dialect: Dialect, key: Secret) -> None:
        self._dialect = dialect
        self._key = key
        self._decoder = SseDecoder()
        self._whole: list[bytes] | None = None
        self._begun = False
        self._damaged = False
        self.has_ended = False
        self.error: ApiError | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the answer has its end mark or a reason to stop, and nothing of it was unreadable."""
        return (self.has_ended or self._dialect.finished) and not self._damaged

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Give what these bytes complete."""
        if not self._begun and (begin := chunk.lstrip(b"\xef\xbb\xbf \t\r\n")):
            self._begun = True
            self._whole = [] if begin.startswith(b"{") else None
        if self._whole is not None:
            self._whole.append(chunk)
            return []
        found: list[StreamEvent] = []
        for event in self._decoder.feed(chunk):
            self._read(event, found)
        return found

    def close(self) -> list[StreamEvent]:
        """Give what stands at the end: a whole answer may be long, so call it in a thread."""
        found: list[StreamEvent] = []
        if self._whole is not None:
            self._read_document(b"".join(self._whole), found)
        else:
            for event in self._decoder.close():
                self._read(event, found)
        return found

    def _read(self, event: ServerEvent, found: list[StreamEvent]) -> None:
        if event.too_long:
            self._damaged = True
        elif self.has_ended or not event.data:
            return
        elif event.data.strip() == _END:
            self.has_ended = True
        else:
            self._read_document(event.data, found)
            self.has_ended = self._dialect.ended

    def _read_document(self, text: str | bytes, found: list[StreamEvent]) -> None:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            self._damaged = True
            return
        if not isinstance(document, dict):
            self._damaged = True
        elif document.get("error"):
            said = text if isinstance(text, str) else text.decode("utf-8", "replace")
            self.error = error_in(said, self._key)
            self._damaged = True
        else:
            found += self._dialect.read(document)
