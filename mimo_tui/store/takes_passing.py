"""Takes that go with one run of the program: they lie in a temporary folder, which is removed at its end."""

import os
import re
import stat
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final

from mimo_tui.core.secrets import Secret
from mimo_tui.core.take import Take
from mimo_tui.store import atomic
from mimo_tui.store.takes import Takes, TakesProblem

_PREFIX: Final = "mimo-tui-takes-"
_NAME: Final = re.compile(rf"{_PREFIX}[0-9a-f]{{16}}")
_JUST_MADE: Final = 60.0
"""Seconds in which a folder may not be locked yet."""

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600
_LOCK: Final = ".lock"
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class PassingTakes(Takes):
    """Takes in a folder of their own below `parent`, which is made with the first one.

    It is removed when this program ends, or when nobody holds them any more. What a program that was killed left is
    removed with the first take of another.
    """

    def __init__(self, parent: Path, now: Callable[[], datetime]) -> None:
        super().__init__(parent / f"{_PREFIX}{token_hex(8)}", now)
        self._making = Lock()
        self._is_made = False

    def begin(self, take: Take, secrets: Iterable[Secret] = ()) -> Take:
        """Keep what is known of a take before it is spoken, as `Takes` does."""
        with self._making:
            if not self._is_made:
                self._make()
        return super().begin(take, secrets)

    def _make(self) -> None:
        try:
            self.folder.mkdir(_PRIVATE_FOLDER)
        except OSError as error:
            raise TakesProblem(f"No temporary folder can be made: {error.strerror or error}.") from error
        weakref.finalize(self, _forget, self.folder, _locked(self.folder))
        self._is_made = True
        _sweep(self.folder)


def passing_takes(now: Callable[[], datetime]) -> Takes:
    """Give takes that go with this run of the program, where temporary files are. No folder is made yet."""
    import tempfile

    return PassingTakes(Path(tempfile.gettempdir()), now)


def _locked(folder: Path) -> int | None:
    """Open its lock, which holds the folder as long as it is open; None: none can be had here, or another has it."""
    if os.name != "posix":
        return None
    with suppress(OSError):
        # The folder itself is locked for each file that is written in it.
        descriptor = os.open(folder / _LOCK, _FLAGS, _PRIVATE_FILE)
        with suppress(BlockingIOError):
            if atomic.take_lock(descriptor, wait=False):
                return descriptor
        os.close(descriptor)
    return None


def _sweep(own: Path) -> None:
    """Remove the folders whose program is gone: their lock went with it."""
    with suppress(OSError), os.scandir(own.parent) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.name != own.name:
                with suppress(OSError):
                    _remove_left(Path(entry.path), entry.stat(follow_symlinks=False))


def _remove_left(folder: Path, status: os.stat_result) -> None:
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if is_ours and time.time() - status.st_mtime > _JUST_MADE:
        descriptor = _locked(folder)
        if descriptor is not None:
            _forget(folder, descriptor)


def _forget(folder: Path, held: int | None) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    if held is not None:
        os.close(held)
