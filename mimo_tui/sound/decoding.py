"""Sound in a compressed form made samples, by the library miniaudio. No device is opened."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.sound import decoder
from mimo_tui.sound.loudspeaker import has_library
from mimo_tui.sound.surroundings import surroundings

_LONGEST: Final = 6 * 3600
"""Seconds beyond which a sound is not decoded: a small file of silence would fill the memory."""
_PATIENCE: Final = 60.0
_FORMS: Final = frozenset({Format.WAV, Format.FLAC, Format.MP3, Format.OGG})


class NoDecoder(Exception):
    """The library that decodes is not installed; the sentence says how to get it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Samples of 16 bits, little-endian, mono, at `rate` a second; `channels` is how many the file has."""

    rate: int
    samples: bytes = field(repr=False)
    channels: int = 1

    @property
    def seconds(self) -> float:
        """Give its length."""
        return len(self.samples) / WIDTH / self.rate


def decode(data: bytes) -> Decoded:
    """Give the samples of an MP3, FLAC, Ogg Vorbis or WAV at its own rate, its channels mixed.

    Raises NoDecoder without the extra `sound`, Broken where it is no such sound or one of more than 6 hours. Blocking,
    for some 0.2 s and 20 ms for each minute of sound: call it in a thread.
    """
    if not has_library():
        raise NoDecoder("MP3 is decoded by the library miniaudio: install mimo-tui[sound].")
    # What it says it is decides: as MP3 the library would read almost anything.
    form = format_of(data[:HEAD])
    if form not in _FORMS:
        raise Broken("it is no sound that can be decoded")
    # Damage can make the library end the program that it is in: so that is one of its own.
    command = [sys.executable, "-P", str(Path(decoder.__file__)), form.value, str(_LONGEST)]
    try:
        done = subprocess.run(  # noqa: S603 our own program
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(os.environ),
            timeout=_PATIENCE,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise Broken("it takes too long to be decoded") from error
    except OSError as error:
        raise NoDecoder("The program that decodes cannot be started.") from error
    return _read(done)


def _read(done: "subprocess.CompletedProcess[bytes]") -> Decoded:
    match done.returncode:
        case 0 if len(done.stdout) > decoder.HEAD.size:
            rate, channels = decoder.HEAD.unpack_from(done.stdout)
            return Decoded(rate, done.stdout[decoder.HEAD.size :], channels)
        case 0:
            raise Broken("there is no sound in it")
        case decoder.NO_LIBRARY:
            raise NoDecoder(
                "The library miniaudio is installed but cannot be used: install mimo-tui[sound] again."
            )
        case decoder.TOO_LONG:
            raise Broken("it is longer than 6 hours")
        case _:
            raise Broken("it cannot be decoded")
