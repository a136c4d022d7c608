"""What is known of a take, beside its sound: one JSON file each, with no key in it."""

import json
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean_lines
from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, FileContent, SaveFailed, Step
from mimo_tui.store.cells import Damaged
from mimo_tui.store.plain import as_plain, from_plain

ENDING: Final = ".json"
_PRIVATE_FILE: Final = 0o600
_LARGEST: Final = 4 << 20
"""Bytes of the details: what they hold is the text that was spoken, and a few numbers."""

_TRIES: Final = 3


def read_details(path: Path) -> Take | None:
    """Read the details of a take; None: they are not of this program, or not of that take. OSError as is."""
    return _read(path, _content(path))


def write_details(path: Path, take: Take, secrets: Iterable[Secret] = ()) -> None:
    """Write the details of a take, in place of those that are there. Raises SaveFailed and Conflict."""
    data = _data(take, secrets)
    try:
        stamp = atomic.read(path).stamp
    except FileNotFoundError:
        atomic.create(path, data, mode=_PRIVATE_FILE)
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause
    else:
        atomic.replace(path, data, expected=stamp)


def change_details(path: Path, change: Callable[[Take], Take]) -> Take | None:
    """Change the details that are there, and give them; None: they are none. Raises SaveFailed, Conflict, OSError."""
    for tries_left in reversed(range(_TRIES)):
        content = _content(path)
        take = _read(path, content)
        if take is None:
            break
        changed = change(take)
        try:
            atomic.replace(path, _data(changed, ()), expected=content.stamp)
        except Conflict as error:
            # Another program may have changed them too; where it deleted them, they stay so.
            if error.actual is None or not tries_left:
                raise
        else:
            return changed
    return None


def _data(take: Take, secrets: Iterable[Secret]) -> bytes:
    """Give the details as they are kept: without control codes, and without anything that looks like a key."""
    known = tuple(secrets)
    plain = as_plain(take, lambda text: clean_lines(redact(text, known)))
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _content(path: Path) -> FileContent:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        return FileContent(path, b"", atomic.Stamp("", 0, 0, 0, 0, 0))
    return atomic.read(path)


def _read(path: Path, content: FileContent) -> Take | None:
    try:
        take = from_plain(Take, json.loads(content.data))
    except (ValueError, RecursionError, Damaged):
        return None
    return take if take.id == path.stem else None
