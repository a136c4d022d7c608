"""The programs that can play on this machine, best first, and how each is called."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from mimo_tui.core.text import Clean

RATE, FILE = "{rate}", "{file}"
WAVE_VARIABLE = "MIMO_TUI_SOUND"
"""The variable by which PowerShell gets the path, so that no path is read as a command."""


class Way(StrEnum):
    """How a program takes sound: by our own messages, as samples on its standard input, or as a WAV file."""

    MESSAGES = "messages"
    SAMPLES = "samples"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """A program that plays. In `command`, `{rate}` and `{file}` stand for what is only known later."""

    name: Clean
    way: Way
    command: tuple[str, ...]

    def called(self, rate: int = 0, file: str = "") -> list[str]:
        """Give its command line for a rate in samples a second, or for a file."""
        return [part.replace(RATE, str(rate)).replace(FILE, file) for part in self.command]


# Each takes 16 bits little-endian mono on standard input. The buffers are short, so that what is heard and where the
# player says it is are not far apart. Newer pw-cat wants --raw for samples on "-", older ones do not know it.
_SAMPLES: tuple[tuple[str, ...], ...] = (
    (
        "pw-cat",
        "--playback",
        "--raw",
        "--rate",
        RATE,
        "--channels",
        "1",
        "--format",
        "s16",
        "--latency",
        "100ms",
        "-",
    ),
    ("pw-cat", "--playback", "--rate", RATE, "--channels", "1", "--format", "s16", "--latency", "100ms", "-"),
    ("paplay", "--raw", f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=100"),
    ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", RATE, "-c", "1", "--buffer-time=200000"),
    (
        "play",
        "-q",
        "--buffer",
        "2048",
        "-t",
        "raw",
        "-r",
        RATE,
        "-e",
        "signed",
        "-b",
        "16",
        "-c",
        "1",
        "-L",
        "-",
    ),
    (
        *("ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "-fflags", "nobuffer"),
        *("-f", "s16le", "-sample_rate", RATE, "-i", "pipe:0"),
    ),
    (
        *("mpv", "--no-config", "--no-video", "--input-terminal=no", "--msg-level=all=error", "--cache=no"),
        *("--audio-buffer=0.1", "--demuxer=rawaudio", f"--demuxer-rawaudio-rate={RATE}"),
        *("--demuxer-rawaudio-channels=mono", "--demuxer-rawaudio-format=s16le", "-"),
    ),
)
_AFPLAY = ("afplay", FILE)
_POWERSHELL = (
    *("-NoProfile", "-NonInteractive", "-Command"),
    f"(New-Object System.Media.SoundPlayer $env:{WAVE_VARIABLE}).PlaySync()",
)


def loudspeakers(environment: Mapping[str, str], platform: str = sys.platform) -> tuple[Loudspeaker, ...]:
    """Give the programs that are there and may play, best first. Whether one does only a trial shows.

    An environment without a PATH has none: nothing is known of the machine then. Blocking: looks on the disk.
    """
    if not environment.get("PATH"):
        return ()
    return tuple(_there(environment, platform))


def own_loudspeaker(*, silent: bool = False) -> Loudspeaker:
    """Give our own program over the library miniaudio. `silent`: it plays in time, to no device."""
    program = Path(__file__).with_name("speaker.py")
    # Its folder must not come first on its path: the modules in it are none of its own.
    command = (sys.executable, "-P", str(program), *(("--silent",) if silent else ()))
    return Loudspeaker(Clean("miniaudio"), Way.MESSAGES, command)


def has_library() -> bool:
    """Tell whether the library miniaudio is installed, which also decodes."""
    return find_spec("miniaudio") is not None


def _there(environment: Mapping[str, str], platform: str) -> Iterator[Loudspeaker]:
    if has_library():
        yield own_loudspeaker()
    for name, *arguments in _SAMPLES:
        if path := _which(name, environment):
            yield Loudspeaker(Clean(name), Way.SAMPLES, (path, *arguments))
    if platform == "darwin" and (path := _which(_AFPLAY[0], environment)):
        yield Loudspeaker(Clean("afplay"), Way.FILE, (path, *_AFPLAY[1:]))
    if platform == "win32" and (root := environment.get("SYSTEMROOT")):
        shell = str(Path(root) / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe")
        yield Loudspeaker(Clean("PowerShell"), Way.FILE, (shell, *_POWERSHELL))


def _which(name: str, environment: Mapping[str, str]) -> str | None:
    # A relative folder on the path is wherever one stands, and may hold anything.
    folders = [folder for folder in environment["PATH"].split(os.pathsep) if Path(folder).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders)) if folders else None
    return found if found and Path(found).is_absolute() else None
