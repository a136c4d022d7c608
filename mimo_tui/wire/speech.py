"""Speech as it comes (`mimo-api.md` §9.4): pieces of sound, and what the service says beside them."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Final

from mimo_tui.core.exchange import ApiError
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.wire.answer_reader import AnswerReader
from mimo_tui.wire.answering import ChatRequest, listen
from mimo_tui.wire.chat import ChatDialect
from mimo_tui.wire.events import BadSound, Delta, Finished, Preview, SoundPiece, SpeechPiece, Told, Warned
from mimo_tui.wire.evidence import without
from mimo_tui.wire.held_sounds import HeldSounds
from mimo_tui.wire.http import Client, Limits
from mimo_tui.wire.json_values import count_of, table_of, text_of
from mimo_tui.wire.limits import SPEECH
from mimo_tui.wire.raw import RawBody
from mimo_tui.wire.sound_place import Place
from mimo_tui.wire.sound_sieve import NO_BASE64, Sifted, SoundSieve, decoded

__all__ = ["BadSound", "ChatRequest", "Preview", "SoundPiece", "SpeechPiece", "stream_speech"]

_LONGEST_PREVIEW: Final = 100_000
"""Characters; what is spoken has at most 8,192 tokens."""

_OTHER_SOUND: Final = Clean(
    "The answer holds more than one sound in one place: what was heard may be the wrong one."
)


def stream_speech(
    client: Client,
    request: ChatRequest,
    limits: Limits | None = None,
    *,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[SpeechPiece, None]:
    """Give speech as it comes, and `Ended` last, however it ends; nothing raises.

    Speech that is not streamed, or comes all at the end, gives the same pieces while it is received. `Ended.complete`
    is false where no sound came at all, or bad sound. Sound that broke off was given as far as it came. Once `stop`
    is set nothing more is waited for, and `Ended` comes. Leave it early by `aclose` (`contextlib.aclosing`): the
    connection closes at once.
    """
    return listen(client, request, SpeechReader(request.key), limits or SPEECH, stop)


class SpeechReader:
    """Takes the bytes of an answer cut anywhere. In its raw body a remark stands in place of each sound."""

    def __init__(self, key: Secret) -> None:
        self._sieve = SoundSieve()
        self._dialect = SpeechDialect(key, self._sieve)
        self._answer = AnswerReader(self._dialect, key)

    @property
    def has_ended(self) -> bool:
        """Whether nothing of the answer comes any more."""
        return self._answer.has_ended

    @property
    def is_complete(self) -> bool:
        """Whether sound came, all of it, and nothing of the answer was unreadable."""
        return self._answer.is_complete and self._dialect.has_sounded and not self._dialect.is_bad

    @property
    def error(self) -> ApiError | None:
        """The error that stands in the answer, if any."""
        return self._answer.error

    @property
    def raw(self) -> RawBody:
        """The answer, but for its sound."""
        return self._answer.raw

    def feed(self, chunk: bytes) -> list[SpeechPiece]:
        """Give what these bytes complete."""
        found: list[SpeechPiece] = []
        for part in self._sieve.feed(chunk):
            if self.has_ended:
                break
            found += self._answer.feed(part) if isinstance(part, bytes) else self._dialect.take(part)
        return found

    def close(self) -> list[SpeechPiece]:
        """Give what stands at the end."""
        found: list[SpeechPiece] = []
        for part in self._sieve.close():
            found += self._answer.feed(part)
        return found + self._answer.close() + self._dialect.close()


class SpeechDialect:
    """Chunks and whole completions whose long sounds the sieve took out before.

    Only the sound of the first choice is heard, and a message that comes at the end of a stream only repeats it.
    `has_sounded`: some sound came. `is_bad`: it went bad, and no more of it is given.
    """

    def __init__(self, key: Secret, sieve: SoundSieve) -> None:
        self.has_sounded = False
        self.is_bad = False
        self._key = key
        self._sieve = sieve
        self._held = HeldSounds()
        self._heard = {Place.DELTA, Place.MESSAGE}
        self._chat = ChatDialect(key)

    @property
    def finished(self) -> bool:
        """Whether the model told why it stops."""
        return self._chat.finished

    @property
    def ended(self) -> bool:
        """Whether the answer has said that it is at its end."""
        return self._chat.ended

    def read(self, document: dict[str, Json]) -> list[SpeechPiece]:
        """Give what a chunk or a whole completion says."""
        choices = document.get("choices")
        first, others = _parted(choices if isinstance(choices, list) else [])
        place = Place.DELTA if table_of(first.get("delta")) else Place.MESSAGE
        part = table_of(first.get("delta")) or table_of(first.get("message"))
        data = _sound_in(part) if place in self._heard else None
        number = self._sieve.took(data) if isinstance(data, str) else None
        elsewhere = {self._sieve.took(text) for text in _sounds_of([first, *others])}
        pieces, was_wrong = self._held.settle(number, {each for each in elsewhere if each is not None})
        found = self._given(pieces)
        if was_wrong:
            found += self._given([BadSound(_OTHER_SOUND)])
        if number is None:
            found += self._short(data)
        if place is Place.DELTA and any(isinstance(each, SoundPiece) for each in found):
            self._heard.discard(Place.MESSAGE)
        if preview := text_of(part.get("final_text_preview")):
            found.append(Preview(without(self._key, preview[:_LONGEST_PREVIEW])))
        said = self._chat.read(document)
        return found + [each for each in said if isinstance(each, Delta | Told | Warned | Finished)]

    def take(self, sifted: Sifted) -> list[SpeechPiece]:
        """Give of a long sound what may be given before its document is read."""
        found = self._given(self._held.take(sifted, self._heard))
        if found and sifted.place is Place.DELTA:
            self._heard.discard(Place.MESSAGE)
        return found

    def close(self) -> list[SpeechPiece]:
        """Give what is left of a sound that broke off."""
        return self._given(self._held.close())

    def _given(self, pieces: Iterable[SoundPiece | BadSound]) -> list[SpeechPiece]:
        """Give pieces on, unless sound went bad before."""
        found: list[SpeechPiece] = []
        for piece in pieces:
            if self.is_bad:
                break
            self.is_bad = isinstance(piece, BadSound)
            self.has_sounded = self.has_sounded or not self.is_bad
            found.append(piece)
        return found

    def _short(self, data: Json) -> list[SpeechPiece]:
        if data is None or data == "":
            return []
        # One that is as short as this is good or bad as a whole: words in its place would begin like sound.
        sound = decoded(data) if isinstance(data, str) else None
        return self._given([SoundPiece(sound) if sound is not None else BadSound(NO_BASE64)])


def _parted(choices: list[Json]) -> tuple[Mapping[str, Json], list[Mapping[str, Json]]]:
    """Give the first choice, and all others: what says no place is where it stands."""
    first: Mapping[str, Json] | None = None
    others: list[Mapping[str, Json]] = []
    for position, choice in enumerate(map(table_of, choices)):
        index = count_of(choice.get("index"))
        if first is None and choice and not (position if index is None else index):
            first = choice
        else:
            others.append(choice)
    return first or {}, others


def _sound_in(part: Mapping[str, Json]) -> Json:
    return table_of(part.get("audio")).get("data")


def _sounds_of(choices: Iterable[Mapping[str, Json]]) -> list[str]:
    parts = (table_of(choice.get(name)) for choice in choices for name in ("delta", "message"))
    return [data for data in map(_sound_in, parts) if isinstance(data, str)]
