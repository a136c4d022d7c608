"""From the bytes of an answer to events: what all dialects have in common."""

import json
from typing import Generic, Protocol, TypeVar

from mimo_tui.core.exchange import ApiError
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.evidence import error_in
from mimo_tui.wire.raw import RawBody
from mimo_tui.wire.sse import ServerEvent, SseDecoder

Event = TypeVar("Event")

_END = "[DONE]"


class Dialect(Protocol[Event]):
    """What the documents of one surface say, taken one after the other."""

    @property
    def finished(self) -> bool:
        """Whether the model told why it stops."""
        ...

    @property
    def ended(self) -> bool:
        """Whether the answer has said that it is at its end."""
        ...

    def read(self, document: dict[str, Json]) -> list[Event]:
        """Give what a document says. It may hold anything, and nothing raises."""
        ...


class Reader(Protocol[Event]):
    """Takes bytes cut anywhere and gives events."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing of the answer comes any more, even where the connection stays."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether all of the answer came, and nothing of it was unreadable."""
        ...

    @property
    def error(self) -> ApiError | None:
        """The error that stands in the answer, if any."""
        ...

    @property
    def raw(self) -> RawBody:
        """The answer as it came."""
        ...

    def feed(self, chunk: bytes) -> list[Event]:
        """Give what these bytes complete."""
        ...

    def close(self) -> list[Event]:
        """Give what stands at the end: a whole answer may be long, so call it in a thread."""
        ...


class AnswerReader(Generic[Event]):
    """Takes bytes cut anywhere and gives events. An answer that is plain JSON is read as a whole at its end.

    `has_ended`: nothing of the answer comes any more, even where the connection stays.
    """

    def __init__(self, dialect: Dialect[Event], key: Secret) -> None:
        self.raw = RawBody()
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

    def feed(self, chunk: bytes) -> list[Event]:
        """Give what these bytes complete."""
        self.raw.feed(chunk)
        if not self._begun and (begin := chunk.lstrip(b"\xef\xbb\xbf \t\r\n")):
            self._begun = True
            self._whole = [] if begin.startswith(b"{") else None
        if self._whole is not None:
            self._whole.append(chunk)
            return []
        found: list[Event] = []
        for event in self._decoder.feed(chunk):
            self._read(event, found)
        return found

    def close(self) -> list[Event]:
        """Give what stands at the end: a whole answer may be long, so call it in a thread."""
        found: list[Event] = []
        if self._whole is not None:
            self._read_document(b"".join(self._whole), found)
        else:
            for event in self._decoder.close():
                self._read(event, found)
        return found

    def _read(self, event: ServerEvent, found: list[Event]) -> None:
        if event.too_long:
            self._damaged = True
        elif self.has_ended or not event.data:
            return
        elif event.data.strip() == _END:
            self.has_ended = True
        else:
            self._read_document(event.data, found)
            self.has_ended = self._dialect.ended

    def _read_document(self, text: str | bytes, found: list[Event]) -> None:
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
