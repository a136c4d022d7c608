"""A program in a pseudo terminal: when it wrote what, and what it writes after a key. POSIX only."""

import codecs
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType

from rich.cells import cell_len

ROOT = Path(__file__).resolve().parent.parent
BARE_APP = (sys.executable, str(ROOT / "benchmarks" / "bare_app.py"), "--stay")
BARE_MARKER = "Quit"

COLUMNS, LINES = 120, 40

_TOKENS = re.compile(
    r"\x1b\[(?P<line>\d+);(?P<column>\d+)H"
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])"
    r"|(?P<newline>\n)"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|[\x00-\x1a\x1c-\x1f\x7f]"
)


class ProgramFailedError(Exception):
    """The program ended, or fell silent, before it showed what was waited for; says what it showed."""


def environment(home: Path) -> dict[str, str]:
    """Give what a program is started with: its own home, all colours, and leave to keep compiled modules."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
    }


class Screen:
    """The text on a terminal's screen, without the blocks that scroll bars are drawn with."""

    def __init__(self) -> None:
        self._cells = [[" "] * COLUMNS for _ in range(LINES)]
        self._line = self._column = 0
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def text(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self._cells)

    def feed(self, written: bytes) -> None:
        """Write to the screen; a sequence that is cut at the end waits for its rest."""
        text = self._rest + self._decoder.decode(written)
        at = 0
        while token := _TOKENS.match(text, at):
            at = token.end()
            if token["line"]:
                self._line, self._column = int(token["line"]) - 1, int(token["column"]) - 1
            elif token["newline"]:
                self._line, self._column = self._line + 1, 0
            for character in token["text"] or "":
                while self._line >= LINES:
                    self._cells = [*self._cells[1:], [" "] * COLUMNS]
                    self._line -= 1
                width = cell_len(character)
                if self._column < COLUMNS:
                    self._cells[self._line][self._column] = " " if "▀" <= character <= "▟" else character
                if width == 2 and self._column + 1 < COLUMNS:
                    self._cells[self._line][self._column + 1] = ""
                self._column += width
        self._rest = text[at:]


class Terminal:
    """A program running in a terminal of 120×40, until the `with` block ends. Times are seconds."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment
        self._screen = Screen()
        self._unseen: list[tuple[float, bytes]] = []  # fed to the screen when there is time for it
        self._seen: list[tuple[float, str]] = []  # what stood on the screen, and from when

    def __enter__(self) -> "Terminal":
        self._file, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (LINES, COLUMNS))
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(self._environment),
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(theirs)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._file)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        self._look()
        return self._screen.text

    def wait_for(self, marker: str, time_limit: float = 30.0) -> float:
        """Give the time from the start of the program to the moment at which `marker` stood on the screen."""
        end = time.perf_counter() + time_limit
        while marker not in self.text:
            if not self._read(end - time.perf_counter()):
                raise ProgramFailedError(
                    f"{self._command} did not show {marker!r}, but:\n{self.text.rstrip()}"
                )
        return next(moment for moment, text in self._seen if marker in text) - self._started

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing has been written for `quiet` seconds."""
        while self._read(quiet):
            pass

    def press(self, key: str, quiet: float = 0.08, time_limit: float = 2.0) -> tuple[float, float]:
        """Press a key; give the time to the first bytes painted, and to the last that changed the text.

        The last is what came before `quiet` seconds of silence. Colours, scroll bars, repaints are no change.
        """
        self._seen = [(0.0, self.text)]
        pressed = time.perf_counter()
        os.write(self._file, key.encode())
        if not self._read(time_limit):
            raise ProgramFailedError(f"{self._command} painted nothing after the key {key!r}")
        self.settle(quiet)
        self._look()
        changes = [moment for (_, old), (moment, new) in pairwise(self._seen) if old != new]
        first = self._seen[1][0]
        return first - pressed, (changes or [first])[-1] - pressed

    def send(self, keys: str) -> None:
        """Press keys, and do not wait for anything."""
        os.write(self._file, keys.encode())

    def typed(self, key: str, time_limit: float = 5.0) -> float:
        """Press a key that nobody else writes; give the time until it was written to the screen."""
        sign, first = key.encode(), len(self._unseen)
        pressed = time.perf_counter()
        os.write(self._file, sign)
        while self._read(pressed + time_limit - time.perf_counter()):
            # A character may be cut in two by reading.
            if sign in b"".join(chunk for _, chunk in self._unseen[max(first - 1, 0) :]):
                return self._unseen[-1][0] - pressed
        raise ProgramFailedError(f"{self._command} did not show {key!r} that was typed")

    def rest(self, seconds: float) -> None:
        """Take what is written for so long, without looking at it."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def _read(self, time_limit: float) -> bool:
        """Read all that is there; False if that is nothing for `time_limit` seconds, or the program ended."""
        count = len(self._unseen)
        while select.select([self._file], [], [], max(time_limit, 0))[0]:
            try:
                chunk = os.read(self._file, 1 << 16)
            except OSError:  # Linux's answer once the program is gone
                break
            self._unseen.append((time.perf_counter(), chunk))
            time_limit = 0
        return len(self._unseen) > count

    def _look(self) -> None:
        for moment, chunk in self._unseen:
            self._screen.feed(chunk)
            self._seen.append((moment, self._screen.text))
        self._unseen.clear()


def start_time(command: Sequence[str], home: Path, *markers: str) -> list[float]:
    """Start a program in a terminal and give the time to each marker, in milliseconds."""
    with Terminal(command, environment(home)) as terminal:
        return [terminal.wait_for(marker) * 1000 for marker in markers]


def run_time(command: Sequence[str], home: Path) -> float:
    """Run a command to its end, without a terminal, and give its time in milliseconds."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProgramFailedError(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return (time.perf_counter() - start) * 1000


def in_turn(
    count: int, one: Callable[[], list[float]], other: Callable[[], list[float]]
) -> list[list[float]]:
    """Measure two things `count` times, in turn, each first as often: a slow minute then hits both."""
    pairs = []
    for number in range(count):
        if number % 2:
            second = other()
            pairs.append([*one(), *second])
        else:
            pairs.append([*one(), *other()])
    return pairs


def spread(values: Sequence[float]) -> dict[str, float]:
    """Give min, median, 95 % and max."""
    ordered = sorted(values)
    last = len(ordered) - 1
    at = {"min": 0, "median": last // 2, "p95": round(last * 0.95), "max": last}
    return {name: round(ordered[index], 3) for name, index in at.items()}
