"""`.env` as each of Lingtai's readers sees it, and line-preserving writes (`lingtai-presets.md` §4).

The readers do not agree: on `export`, on quotes, on comments behind a value, on a name that is set twice.
So no value here is *the* value; there is one for each `Reader`.

A `.env` is text in which bytes that are no UTF-8 stay as lone surrogates (`decode`, `encode`).
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from mimo_tui.core.secrets import Secret
from mimo_tui.core.slots import Reader
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import atomic

__all__ = [
    "Disagreement",
    "EnvError",
    "EnvFile",
    "EnvLine",
    "EnvState",
    "EnvText",
    "Reader",
    "decode",
    "disagreements",
    "encode",
    "names",
    "parse",
    "read",
    "set_value",
    "values",
]

_QUOTES = "\"'"
_BYTE_ORDER_MARK = "\ufeff"
_EXPORT = re.compile(r"(?:export\s+)+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SAFE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=([!#-&(-~](?:[!-~]*[!#-&(-~])?)\r?\n?")
"""The form that each reader reads alike: no blank, no quote at an end."""
_UNDECODABLE = re.compile("[\ud800-\udfff]")

# Go's strings.TrimSpace; Python's strip also takes U+001C to U+001F.
_GO_BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)


class EnvError(ValueError):
    """A name or a value that would not come back alike from every reader. Never shows the value."""


@dataclass(frozen=True, slots=True)
class EnvLine:
    """One line, counted from 1, as it stands, with its end. `name` is the one that a person means, if any."""

    number: int
    text: str = field(repr=False)
    name: str | None


@dataclass(frozen=True, slots=True)
class EnvText:
    """The lines of a `.env`; joined, they are its text again."""

    lines: tuple[EnvLine, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A name on which two readers differ, or that no reader can see. None: absent for that reader.

    `name` is the one that a person means (`export X` is X); it is empty for a line that has none.
    `lines` are the lines that play a part in it, `reason` says why in words.
    """

    name: str
    lines: tuple[int, ...]
    values: Mapping[Reader, Secret | None]
    reason: str


class EnvState(StrEnum):
    """What is at the place of a `.env`."""

    PRESENT = "present"
    MISSING = "missing"
    NOT_A_FILE = "not a file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class EnvFile:
    """A `.env` as read. Without a readable file `text` is empty, `stamp` None, and `problem` says why."""

    path: Path
    state: EnvState
    mode: int | None
    text: str = field(repr=False)
    stamp: atomic.Stamp | None
    problem: Clean | None = None

    @property
    def exists(self) -> bool:
        """Whether something is there, readable or not."""
        return self.state is not EnvState.MISSING

    @property
    def loose(self) -> bool:
        """Whether others than its owner may read or write it (promise 17); unknown, so no, on Windows."""
        return os.name == "posix" and self.mode is not None and bool(self.mode & 0o077)


def parse(text: str) -> EnvText:
    """Give the lines of any text. Only a line feed ends one; a carriage return before it is part of it."""
    pieces = text.split("\n")
    ended = [piece + "\n" for piece in pieces[:-1]]
    return EnvText(
        tuple(
            EnvLine(number, line, _meant(line))
            for number, line in enumerate([*ended, pieces[-1]] if pieces[-1] else ended, start=1)
        )
    )


def values(env: EnvText, reader: Reader) -> Mapping[str, Secret]:
    """Give what one reader finds in the file itself, the process environment aside."""
    return {name: Secret(value) for name, value in _see(env).found[reader].items()}


def names(env: EnvText) -> tuple[str, ...]:
    """Give every name that a person or a reader sees, in file order; a new slot takes none of them."""
    return tuple(_see(env).lines)


def disagreements(env: EnvText) -> tuple[Disagreement, ...]:
    """Give every name on which two readers differ, empty against absent included, in the order of the file.

    Names are compared as a person means them: that the kernel sets a variable called `export X` is a
    disagreement on X, if any, and none on `export X`.
    """
    seen = _see(env)
    failing = () if seen.failure is None else (seen.failure,)
    result = []
    for name, lines in seen.lines.items():
        answers = {reader: seen.found[reader].get(name) for reader in Reader}
        alike = len(set(answers.values())) == 1
        if alike and (None not in answers.values() or all(line.name != name for line in lines)):
            continue
        secrets = {reader: None if value is None else Secret(value) for reader, value in answers.items()}
        reasons = dict.fromkeys([*failing, *_reasons(name, lines)])
        result.append(
            Disagreement(
                name, tuple(line.number for line in lines), secrets, ", ".join(reasons) or "odd characters"
            )
        )
    if seen.stop is not None and seen.stop.name is None:
        nobody: Mapping[Reader, Secret | None] = dict.fromkeys(Reader)
        result.append(Disagreement("", (seen.stop.number,), nobody, ", ".join(failing)))
    return tuple(result)


def set_value(text: str, name: str, value: Secret) -> str:
    """Give `text` with `name` set, as `NAME=value`, the one form that each reader reads alike.

    The first line that means the name is rewritten and keeps its line end. Further ones go: one line a
    name is the only state in which "first wins" and "last wins" cannot differ. Every other line stays as
    it is. A new name is appended with the line end that the file uses. Raises `EnvError` for a name or a
    value that some reader would read otherwise, and where another line hides the name from one.
    """
    _check_name(name)
    _check_value(value)
    lines = parse(text).lines
    for line in lines:
        if line.name != name and any(name == other for other, _ in _kernel_pairs(line.text)):
            raise EnvError(
                f"Line {line.number} hides a line break and sets {name} for the kernel; mend it first"
            )
    own = next((line for line in lines if line.name == name), None)
    assignment = f"{name}={value.reveal()}"
    if own is None:
        end = next((_line_end(line) for line in reversed(lines) if line.text.endswith("\n")), "\n")
        gap = end if text and not text.endswith("\n") else ""
        return f"{text}{gap}{assignment}{end}"
    return "".join(
        assignment + _line_end(line) if line is own else line.text
        for line in lines
        if line is own or line.name != name
    )


def decode(data: bytes) -> str:
    """Give the text of any bytes; those that are no UTF-8 survive as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Give back the bytes of a text that `decode` made."""
    return text.encode("utf-8", "surrogateescape")


def read(path: Path) -> EnvFile:
    """Read a `.env`. Whatever is there instead of a readable file is a state with a reason, no error."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            problem = clean(f"{path} is no file, so no key can be read from it")
            return EnvFile(path, EnvState.NOT_A_FILE, stat.S_IMODE(mode), "", None, problem)
        content = atomic.read(path)
    except FileNotFoundError:
        problem = clean(f"{path} is {'a link to nothing' if path.is_symlink() else 'not there'}")
        return EnvFile(path, EnvState.MISSING, None, "", None, problem)
    except OSError as error:
        problem = clean(f"{path} cannot be read: {error.strerror or error}")
        return EnvFile(path, EnvState.UNREADABLE, None, "", None, problem)
    mode = stat.S_IMODE(content.stamp.mode)
    return EnvFile(path, EnvState.PRESENT, mode, decode(content.data), content.stamp)


# What the readers do. A pair is a name and a value; a name of no characters is nobody's slot.

_Pair: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Seen:
    """What each reader finds, the lines that play a part in a name, and why the kernel fails, if it does."""

    found: Mapping[Reader, dict[str, str]]
    lines: dict[str, list[EnvLine]]
    stop: EnvLine | None = None
    failure: str | None = None


def _see(env: EnvText) -> _Seen:
    screen: dict[str, str] = {}
    boot: dict[str, str] = {}
    refresh: dict[str, str] = {}
    doctor: dict[str, str] = {}
    found = {
        Reader.LINGTAI_TUI: screen,
        Reader.KERNEL_BOOT: boot,
        Reader.KERNEL_REFRESH: refresh,
        Reader.DOCTOR: doctor,
    }
    seen = _Seen(found, {})
    not_text = boot_fails = False
    for line in env.lines:
        on_screen, at_doctor, in_kernel = _pairs(line.text)
        screen.update(on_screen)
        for name, value in at_doctor:
            doctor.setdefault(name, value)
        for name, value in in_kernel:
            if not name or "\0" in name + value:
                seen.stop = seen.stop or line
                boot_fails = boot_fails or name not in boot  # at boot it leaves alone what is set
            boot.setdefault(name, value)
            refresh[name] = value
        if not line.text.isascii() and _UNDECODABLE.search(line.text):
            not_text = True
        read = (_plain(name) for name, _ in (*on_screen, *at_doctor, *in_kernel))
        for meant in dict.fromkeys([line.name, *read]):
            if meant:
                seen.lines.setdefault(meant, []).append(line)
    if not_text:
        seen.failure = "bytes that are no UTF-8, at which the kernel fails"
    elif seen.stop is not None:
        seen.failure = f"line {seen.stop.number}, at which the kernel fails"
    if seen.failure is not None:
        refresh.clear()
    if not_text or boot_fails:
        boot.clear()
    return seen


def _pairs(line: str) -> tuple[tuple[_Pair, ...], tuple[_Pair, ...], tuple[_Pair, ...]]:
    """Give what Lingtai's screen, its doctor and its kernel see in one line, each as no pair, one or more."""
    if safe := _SAFE.fullmatch(line):
        pairs = ((safe[1], safe[2]),)
        return pairs, pairs, pairs
    return tuple(_screen_pairs(line)), tuple(_doctor_pairs(line)), tuple(_kernel_pairs(line))


def _screen_pairs(line: str) -> Iterator[_Pair]:
    name, equals, value = line.partition("=")
    if not equals or not name or _go_trim(line).startswith("#"):
        return
    name = _go_trim(_go_trim(name).removeprefix("export "))
    value = _go_trim(value)
    if len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
        value = value[1:-1]
    else:
        value = _go_trim(value.partition(" #")[0])
    if name and value:
        yield name, value


def _doctor_pairs(line: str) -> Iterator[_Pair]:
    name, equals, value = _go_trim(line).partition("=")
    name = _go_trim(name)
    if equals and name and not name.startswith("#"):
        yield name, _go_trim(value).strip(_QUOTES)


def _kernel_pairs(line: str) -> Iterator[_Pair]:
    for piece in line.splitlines():
        name, equals, value = piece.strip().partition("=")
        if equals and not name.startswith("#"):
            yield name.strip(), value.strip().strip(_QUOTES)


def _go_trim(text: str) -> str:
    return text.strip(_GO_BLANKS)


# What a person means, and why it goes wrong.


def _meant(line: str) -> str | None:
    name, equals, _ = line.partition("=")
    name = _plain(name)
    return name if equals and name and not name.startswith("#") else None


def _plain(name: str) -> str:
    name = name.strip().removeprefix(_BYTE_ORDER_MARK).strip()
    exported = _EXPORT.match(name)
    return name[exported.end() if exported else 0 :].strip()


def _reasons(name: str, lines: list[EnvLine]) -> Iterator[str]:
    for text in dict.fromkeys(line.text for line in lines):
        answers = [[value for other, value in pairs if other == name] for pairs in _pairs(text)]
        if not answers[0] or any(answer != answers[0] for answer in answers):
            yield from _line_reasons(text)
    if len(lines) > 1:
        yield "set twice"


def _line_reasons(text: str) -> Iterator[str]:
    name, _, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if len(text.splitlines()) > 1:
        yield "a line break inside the line"
    if name.startswith(_BYTE_ORDER_MARK):
        yield "byte order mark"
    if _EXPORT.match(name.removeprefix(_BYTE_ORDER_MARK)):
        yield "export"
    if not value.strip(_QUOTES):
        yield "empty value"
        return
    bare = value.partition(" #")[0].strip()
    if bare != value and not (value[0] == value[-1] and value[0] in _QUOTES):
        yield "trailing comment"
    inner = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] and bare == value else bare
    if inner[:1] in _QUOTES or inner[-1:] in _QUOTES:
        yield "quotes"


def _line_end(line: EnvLine) -> str:
    return "\r\n" if line.text.endswith("\r\n") else "\n" if line.text.endswith("\n") else ""


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise EnvError("The name of a slot is letters, digits and _, and does not begin with a digit")


def _check_value(value: Secret) -> None:
    text = value.reveal()
    if not text:
        raise EnvError("An empty value is none: Lingtai's screen passes over it")
    if not text.isprintable():
        raise EnvError("The value holds a line break, a tab or another sign that cannot be printed")
    if text != text.strip():
        raise EnvError("The value begins or ends with a blank, which every reader takes off")
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        raise EnvError("The value begins or ends with a quote, which the readers take off")
    if " #" in text:
        raise EnvError("The value holds ' #', behind which Lingtai's screen reads a comment")
