"""Paths that a terminal pastes when files are dropped on it, in the ways in which terminals and shells write them."""

import os
import shlex
import stat
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_LONGEST: Final = 8192
"""Characters. What is longer is a text."""
_MOST: Final = 50
_URL: Final = "file:"
_IS_WINDOWS: Final = os.name == "nt"


def pasted_paths(text: str) -> tuple[Path, ...]:
    """Give the files that were dropped; nothing where it is a text, or where not all that it names are files here.

    They stand one a line or beside each other: as they are, quoted, with a backslash before blanks, or as `file:` URL.
    Only whole paths (`/…`, `~/…`) count, since a word may be the name of a file by chance. It looks at the disk: call
    it in a thread.
    """
    if len(text) > _LONGEST or not text.lstrip().startswith(_BEGINNINGS):
        return ()
    found: list[Path] = []
    for line in text.splitlines():
        if line.strip():
            in_line = _in_line(line.strip())
            if not in_line or len(found) + len(in_line) > _MOST:
                return ()
            found += in_line
    return tuple(found)


def local_file(url: str) -> Path | None:
    """Give the path of a `file:` URL; None: it is none of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc.lower() not in ("", "localhost"):
        return None
    path = unquote(parts.path)
    if _IS_WINDOWS:
        # file:///C:/folder/file
        path = path.removeprefix("/")
    return Path(path) if path else None


# A drive is the beginning of a path on Windows alone.
_BEGINNINGS: Final = ("/", "~/", "'", '"', _URL, *(f"{letter}:" for letter in "CDEFcdef" if _IS_WINDOWS))


def _in_line(line: str) -> tuple[Path, ...]:
    """Give the files in one line; nothing where a part of it is none."""
    if line.startswith(_URL):
        return _all_files([local_file(line)]) or _all_files([local_file(word) for word in line.split()])
    if whole := _all_files([_path(line)]):
        return whole
    try:
        return _all_files([_path(word) for word in _words(line)])
    except ValueError:
        # A quotation mark without its fellow.
        return ()


def _words(line: str) -> list[str]:
    words = shlex.shlex(line, posix=True)
    words.whitespace_split = True
    words.commenters = ""
    if _IS_WINDOWS:
        words.escape = ""
    return list(words)


def _path(word: str) -> Path | None:
    if word.startswith(_URL):
        return local_file(word)
    try:
        path = Path(word).expanduser() if word.startswith("~/") else Path(word)
    except RuntimeError:
        # Nobody knows where the home is.
        return None
    return path if path.is_absolute() else None


def _all_files(paths: list[Path | None]) -> tuple[Path, ...]:
    """Give the paths where each is a file; it looks no further than to the first that is none."""
    found: list[Path] = []
    for path in paths:
        if path is None or len(found) == _MOST or not _is_file(path):
            return ()
        found.append(path)
    return tuple(found)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        # ValueError: a name that no file can have.
        return False
