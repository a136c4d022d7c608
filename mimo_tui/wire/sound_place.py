"""Where in an answer its next text stands, followed while its bytes come."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

_SIGN: Final = re.compile(rb'\r\n|["{}\[\],:\r\n]|[^"{}\[\],:\r\n \t]+')
_IN_TEXT: Final = re.compile(rb'[^"\\\r\n]+|["\r\n]|\\.?', re.DOTALL)
_MARK: Final = b"\xef\xbb\xbf"

_DEEPEST: Final = 32
"""Levels that are followed; sound stands on the fifth."""

_LONGEST_NAME: Final = 16
_NAMES: Final = frozenset({b"choices", b"index", b"delta", b"message", b"audio", b"data"})


class Place(Enum):
    """What a text is by its place: the sound of the first choice, in a stream or as a whole; or anything else."""

    DELTA = auto()
    MESSAGE = auto()
    ELSEWHERE = auto()


@dataclass(slots=True)
class _Level:
    """A list or an object that has begun: the place in it that has been reached."""

    is_list: bool
    position: int = 0
    name: bytes = b""
    names: set[bytes] = field(default_factory=set)
    is_odd: bool = False


class Places:
    """Follows the JSON of an answer, alone or as events of a stream, cut anywhere. It is never surer than it can be.

    A member that stands twice in its object, and a choice that says it is another one, are elsewhere. `document` is
    how many documents have begun.
    """

    def __init__(self) -> None:
        self.document = 0
        self._levels: list[_Level] = []
        self._deeper = 0
        self._text: bytes | None = None
        self._is_escaped = False
        self._last = b""
        self._is_stream: bool | None = None
        self._line_is_empty = True

    @property
    def place(self) -> Place:
        """Give what the text is that begins here, or has begun."""
        levels = self._levels
        if self._deeper or len(levels) != 5 or any(level.is_odd for level in levels):
            return Place.ELSEWHERE
        top, choices, choice, part, audio = levels
        if (top.name, audio.name) != (b"choices", b"data") or (choice.name, part.name) == (b"", b""):
            return Place.ELSEWHERE
        if not choices.is_list or choices.position or part.name != b"audio":
            return Place.ELSEWHERE
        return {b"delta": Place.DELTA, b"message": Place.MESSAGE}.get(choice.name, Place.ELSEWHERE)

    def feed(self, text: bytes) -> None:
        """Go on over this."""
        at = 0
        while at < len(text):
            found = (_SIGN.search if self._text is None else _IN_TEXT.match)(text, at)
            if found is None:
                break
            at = found.end()
            if self._text is None:
                self._sign(found[0])
            else:
                self._more_text(self._text, found[0])

    def _more_text(self, text: bytes, more: bytes) -> None:
        if self._is_escaped:
            # Of an escape that was cut in two the rest has come: no name that is known has any.
            self._is_escaped = False
            if more[:1] in (b'"', b"\\"):
                if more[:1] == b"\\" and len(more) > 1:
                    self._more_text(text, more[1:])
                return
        if more in (b"\r", b"\n"):
            self._text = None
            self._sign(more)
        elif more == b'"':
            self._text, self._last = None, text
        else:
            self._is_escaped = more == b"\\"
            self._text = text + more[:_LONGEST_NAME] if len(text) < _LONGEST_NAME else text

    def _sign(self, sign: bytes) -> None:
        if sign in (b"\r\n", b"\r", b"\n"):
            if self._line_is_empty and self._is_stream:
                self._levels, self._deeper = [], 0
            self._line_is_empty = True
            return
        if self._is_stream is None and sign.strip(_MARK):
            self._is_stream = sign != b"{"
        self._line_is_empty = False
        level = self._levels[-1] if self._levels else None
        match sign:
            case b'"':
                self._text = b""
            case b"{" | b"[":
                self._open(is_list=sign == b"[")
            case b"}" | b"]":
                self._close()
            case _ if level is None or self._deeper:
                pass
            case b",":
                level.position, level.name = level.position + 1, b""
            case b":":
                self._name(level)
            case _ if level.name == b"index" and sign[:1] in b"123456789":
                level.is_odd = True

    def _open(self, *, is_list: bool) -> None:
        self.document += not self._levels
        if self._deeper or len(self._levels) == _DEEPEST:
            self._deeper += 1
        else:
            self._levels.append(_Level(is_list))

    def _close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._levels:
            self._levels.pop()

    def _name(self, level: _Level) -> None:
        level.name = self._last if self._last in _NAMES else b"?"
        if level.name in level.names and level.name in _NAMES:
            level.is_odd = True
        level.names.add(level.name)
