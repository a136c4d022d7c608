"""Server-sent events, decoded as the bytes come (WHATWG HTML, "Interpreting an event stream").

Two things are different: an event that the stream breaks off in is given by `close`, and a length is limited.
"""

import re
from dataclasses import dataclass

LONGEST = 32 * 1024 * 1024
"""Bytes of one event: sound comes as base64 on one line."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event. `id` is the last one that the stream named, `retry` milliseconds, where the event has one.

    `too_long`: the event was longer than the decoder holds, and its data is not here.
    """

    data: str
    name: str = "message"
    id: str = ""
    retry: int | None = None
    too_long: bool = False


class SseDecoder:
    """Takes bytes cut anywhere and gives the events that are complete. Never raises; its time is linear."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._line: list[bytes] = []
        self._data: list[bytes] = []
        self._length = 0
        self._name = ""
        self._id = ""
        self._retry: int | None = None
        self._too_long = False
        self._line_is_lost = False
        self._after_return = False
        self._first_line = True

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """Give the events that are complete with these bytes."""
        if self._after_return and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_return = False
        if not chunk:
            return []
        self._after_return = chunk.endswith(b"\r")
        *ended, rest = _LINE_END.split(chunk)
        events: list[ServerEvent] = []
        for part in ended:
            if part or self._is_within_event:
                self._hold(part)
                self._end_line(events)
            else:
                self._first_line = False
        self._hold(rest)
        return events

    def close(self) -> list[ServerEvent]:
        """Give the event that the stream broke off in, if it has data."""
        events: list[ServerEvent] = []
        self._end_line(events)
        self._dispatch(events)
        return events

    @property
    def _is_within_event(self) -> bool:
        pending = self._line or self._data or self._name or self._too_long
        return bool(pending) or self._retry is not None

    def _hold(self, part: bytes) -> None:
        self._length += len(part)
        if part and self._length > self._longest:
            self._too_long = self._line_is_lost = True
            self._line.clear()
            self._data.clear()
        elif part:
            self._line.append(part)

    def _end_line(self, events: list[ServerEvent]) -> None:
        line = b"".join(self._line)
        self._line.clear()
        if self._first_line:
            line = line.removeprefix(_BOM)
            self._first_line = False
        if self._line_is_lost:
            self._line_is_lost = False
        elif line:
            self._read(line)
        else:
            self._dispatch(events)

    def _read(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
            return
        self._length -= len(line)
        if field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) <= 10:
            self._retry = int(value)

    def _dispatch(self, events: list[ServerEvent]) -> None:
        name = self._name or "message"
        if self._too_long:
            events.append(ServerEvent("", name, self._id, self._retry, too_long=True))
        elif self._data:
            data = b"\n".join(self._data).decode("utf-8", "replace")
            events.append(ServerEvent(data, name, self._id, self._retry))
        self._data.clear()
        self._length = 0
        self._name = ""
        self._retry = None
        self._too_long = False
