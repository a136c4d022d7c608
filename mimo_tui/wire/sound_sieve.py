"""Takes sound out of an answer while it comes, so that tens of megabytes of base64 never stand in one piece.

A designed voice sends all of its sound in one event of up to 84 MB (`mimo-api.md` §9.4). Read as one JSON text, it
would hold up every thread of the program for a fifth of a second, and take 400 MB.
"""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mimo_tui.core.text import clean
from mimo_tui.wire.events import BadSound, SoundPiece
from mimo_tui.wire.sound_place import Place, Places

SHORTEST: Final = 256
"""Characters of base64 from which on they are taken out."""

NO_BASE64: Final = clean("The sound is no base64.")

_HELD: Final = SHORTEST + 40
"""Bytes at the end of what came that a value of sound may be about to begin in."""

_BEGIN: Final = re.compile(rb'"data"[ \t]{0,8}:[ \t]{0,8}"(?=[A-Za-z0-9+/=\\]{%d})' % SHORTEST)
_BEGUN: Final = re.compile(
    rb'"(?:d(?:a(?:t(?:a(?:"[ \t]{0,8}(?::[ \t]{0,8}(?:"[A-Za-z0-9+/=\\]*)?)?)?)?)?)?)?\Z'
)
_RUN: Final = re.compile(rb"[A-Za-z0-9+/=\\]*")
_PLAIN: Final = re.compile(rb"[A-Za-z0-9+/]*")
_REST_OF_STRING: Final = re.compile(rb'(?:[^"\\\r\n]++|\\[^\r\n])*+')
_ESCAPE: Final = re.compile(rb"\\(?:/|u00([0-9A-Fa-f]{2}))")
_HALF_ESCAPE: Final = re.compile(rb"\\(?:u[0-9A-Fa-f]{0,3})?\Z")


class Base64Decoder:
    """Decodes one base64 text (RFC 4648 §4, with its padding) that comes in parts cut anywhere.

    `is_bad`: it is none, and nothing more of it is decoded.
    """

    def __init__(self) -> None:
        self.is_bad = False
        self._rest = b""
        self._is_padded = False

    def feed(self, text: bytes) -> bytes:
        """Give the bytes that this completes; those before a fault, where there is one."""
        if self.is_bad or not text:
            return b""
        text = self._rest + text
        whole = len(text) // 4 * 4
        block, self._rest = text[:whole], text[whole:]
        if not block:
            return b""
        # After its padding there is nothing more of a text.
        self.is_bad = self._is_padded
        self._is_padded = block.endswith(b"=")
        if self.is_bad:
            return b""
        try:
            return a2b_base64(block, strict_mode=True)
        except Error:
            self.is_bad = True
            good = _PLAIN.match(block)
            return a2b_base64(block[: good.end() // 4 * 4]) if good else b""

    def close(self) -> None:
        """Say that there is no more: it is bad where its end is missing."""
        self.is_bad = self.is_bad or bool(self._rest)


def decoded(text: str) -> bytes | None:
    """Give the bytes of a short base64 text; None: it is none."""
    decoder = Base64Decoder()
    sound = decoder.feed(text.encode("utf-8", "replace"))
    decoder.close()
    return None if decoder.is_bad else sound


@dataclass(frozen=True, slots=True)
class Sifted:
    """A piece of the sound of that number, and where in which document of the answer it stands, all from 1 on."""

    number: int
    document: int
    place: Place
    piece: SoundPiece | BadSound


class SoundSieve:
    """Takes the bytes of an answer cut anywhere, and gives its text and its sound in the order in which they came.

    Sound is a member `data` that holds a long run of base64. In the text a short remark stands in its place; `took`
    tells of which sound a text is the remark. Where it turns out to be no base64, what was good of it was given.
    """

    def __init__(self) -> None:
        self._pending = b""
        self._decoder: Base64Decoder | None = None
        self._characters = 0
        self._number = 0
        self._places = Places()
        self._remarks: dict[str, int] = {}

    def took(self, text: str) -> int | None:
        """Give the number of the sound that this stands for; None: it is no remark. Each remark counts once."""
        return self._remarks.pop(text, None)

    def feed(self, chunk: bytes) -> Iterator[bytes | Sifted]:
        """Give what these bytes complete. Take all of it before the next ones are fed."""
        left: bytes | None = self._pending + chunk
        self._pending = b""
        while left:
            if self._decoder is None:
                found = _BEGIN.search(left)
                end = found.end() if found else _certain(left)
                self._places.feed(left[:end])
                if end:
                    yield left[:end]
                if found:
                    self._decoder, self._characters = Base64Decoder(), 0
                    self._number += 1
                    left = left[end:]
                else:
                    self._pending, left = left[end:], None
            else:
                place, document = self._places.place, self._places.document
                sound, left = self._taken(self._decoder, left)
                for piece in sound:
                    yield Sifted(self._number, document, place, piece)
                if self._decoder is None:
                    yield self._remark()

    def close(self) -> Iterator[bytes]:
        """Give what was held back. Sound that broke off was given as far as it came."""
        if self._decoder is not None:
            yield self._remark()
        elif self._pending:
            yield self._pending
        self._pending = b""

    def _taken(self, decoder: Base64Decoder, text: bytes) -> tuple[list[SoundPiece | BadSound], bytes | None]:
        """Take more of a value. Give what it holds, and the text after it; None: it goes on."""
        was_bad, found, end, held = decoder.is_bad, list[SoundPiece | BadSound](), None, b""
        if not decoder.is_bad:
            sound, end, held = self._decoded(decoder, text)
            found += [SoundPiece(sound)] if sound else []
        if end is not None:
            decoder.close()
        if decoder.is_bad and not was_bad:
            found.append(BadSound(NO_BASE64))
        if decoder.is_bad:
            end, held = _rest_of_string(text)
        if end is None:
            self._pending = held
            return found, None
        self._decoder = None
        return found, text[end:]

    def _decoded(self, decoder: Base64Decoder, text: bytes) -> tuple[bytes, int | None, bytes]:
        """Give the bytes of what there is of a value, where it ends (None: not yet), and half an escape at the end."""
        run = _RUN.match(text)
        end = run.end() if run else 0
        goes_on = end == len(text)
        half = _half_escape(text) if goes_on else b""
        signs = text[: end - len(half)]
        if b"\\" in signs:
            signs = _ESCAPE.sub(_unescaped, signs)
        self._characters += len(signs)
        sound = decoder.feed(signs)
        if not goes_on and text[end : end + 1] not in (b'"', b"\r", b"\n"):
            decoder.is_bad = True
        return sound, None if goes_on else end, half

    def _remark(self) -> bytes:
        remark = f"(sound {self._number}: {self._characters:,} characters of base64)"
        self._remarks[remark] = self._number
        return remark.encode("ascii")


def _certain(text: bytes) -> int:
    """Give how much of a text is surely no beginning of sound."""
    begun = _BEGUN.search(text, max(0, len(text) - _HELD))
    return begun.start() if begun else len(text)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)]) if escape[1] else b"/"


def _half_escape(text: bytes) -> bytes:
    half = _HALF_ESCAPE.search(text, max(0, len(text) - 6))
    return half[0] if half else b""


def _rest_of_string(text: bytes) -> tuple[int | None, bytes]:
    """Give where a string ends (None: not here), and a sign of escape at the end that waits for what it escapes."""
    rest = _REST_OF_STRING.match(text)
    end = rest.end() if rest else 0
    is_over = text[end:] not in (b"", b"\\")
    return (end, b"") if is_over else (None, text[end:])
