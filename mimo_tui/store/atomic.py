"""One file, changed all or not at all: temp beside the target, fsync, rename, fsync of the folder.

Whoever is killed, at whatever moment, leaves the old bytes or the new ones and at most one stray temp,
which `sweep` removes at the next start. A symlink stays a link, and the file that it names is replaced.
"""

import errno
import hashlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from dataclasses import replace as altered
from enum import StrEnum
from pathlib import Path

from mimo_tui.core.text import clean

if sys.platform != "win32":
    import fcntl

_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | _CLOSE_ON_EXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | _CLOSE_ON_EXEC
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_PRIVATE = 0o600
_CHUNK = 1 << 20
_NAME_SHARE = (
    96  # bytes of the target's name in the temp's, so that it fits where a name has 143 bytes (eCryptfs)
)
_TEMPORARY = re.compile(r"\..*\.(\d{1,10})-[0-9a-f]{12}\.mimo-tmp", re.DOTALL)
_HOUR = 3600.0
_NO_LOCKS = {errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_NO_FOLDER_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_NOT_OURS_TO_GIVE = {errno.EPERM, errno.EINVAL}
_ACCESS_LIST = "system.posix_acl_access"


class Step(StrEnum):
    """What was being done when the disk said no, in words that end a sentence."""

    FIND = "finding the file"
    LOCK = "locking its folder"
    READ = "reading what is there"
    PERMIT = "asking whether it may be written"
    SNAPSHOT = "keeping a copy for undo"
    OPEN = "making the temporary file"
    WRITE = "writing the temporary file"
    KEEP = "copying owner, mode and attributes"
    FLUSH = "flushing the temporary file to the disk"
    PLACE = "putting it in its place"
    REMOVE = "removing it"
    CONFIRM = "flushing its folder to the disk"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: SHA-256 (hex) of its bytes, size in bytes, mtime in ns, mode bits."""

    digest: str
    size: int
    mtime_ns: int
    inode: int
    device: int
    mode: int


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's bytes and its stamp, under the path by which it was asked for (a link's own path)."""

    path: Path
    data: bytes = field(repr=False)
    stamp: Stamp


class Conflict(Exception):
    """The file is not what it was when it was read. `actual` is what is there now, None: nothing readable."""

    def __init__(self, path: Path, actual: FileContent | None, what: str) -> None:
        super().__init__(f"{clean(str(path))} {what}")
        self.path = path
        self.actual = actual


class SaveFailed(Exception):
    """The system refused. The old bytes are there, unless `placed`: then the new ones are."""

    def __init__(self, path: Path, step: str, cause: OSError) -> None:
        reason = f"{cause.strerror or cause} (while {step})"
        name = clean(str(path))
        self.placed = step == Step.CONFIRM
        super().__init__(
            f"{name} is changed, but the disk did not confirm it: {reason}. A power cut may undo it."
            if self.placed
            else f"{name} stays as it was: {reason}."
        )
        self.path = path
        self.step = step
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in our hands. `descriptor` is None on Windows; `locked` is False where it cannot be locked."""

    descriptor: int | None
    locked: bool


def digest(data: bytes) -> str:
    """Give the SHA-256 of the bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> FileContent:
    """Read a regular file, through links. OSError as is; a folder or a pipe is one too, and never blocks."""
    descriptor = os.open(path, _READ)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", str(path))
        data = b"".join(iter(lambda: os.read(descriptor, _CHUNK), b""))
    finally:
        os.close(descriptor)
    return FileContent(path, data, _stamp(digest(data), status))


def check(path: Path, *, expected: Stamp) -> FileContent:
    """Read the file and give it if its bytes are those of `expected`. Raises Conflict or SaveFailed.

    The bytes alone decide: a change that keeps size and mtime is noticed, a mere `touch` is none.
    """
    return _check(path, path, expected)


def replace(path: Path, data: bytes, *, expected: Stamp, mode: int | None = None) -> Stamp:
    """Give the file these bytes, keeping link, mode, owner and extended attributes.

    No write at all where nothing differs. `mode` sets other mode bits at the same time. Raises Conflict where
    the bytes are no longer those of `expected`, SaveFailed where the system refuses. A file that nobody may
    write (0444) is refused, though its folder would allow it: someone protected it. A hard link is broken:
    its other names keep the old bytes, as a backup by `cp -al` wants it; no write in place survives a crash.
    """
    target = _resolved(path, path)
    with _step(path, Step.LOCK), lock(target.parent) as folder:
        actual = _check(path, target, expected)
        wanted = actual.stamp.mode if mode is None else mode
        if actual.data == data and wanted == actual.stamp.mode:
            return actual.stamp
        _permit(path, target, actual.stamp.mode)
        with _temporary(path, target, _PRIVATE) as (temporary, descriptor):
            stamp = _fill(path, descriptor, data, like=target, mode=wanted)
            _check(path, target, expected)  # again: another program may not know our lock
            with _step(path, Step.PLACE):
                os.replace(temporary, target)  # noqa: PTH105
        _confirm(path, folder)
    return stamp


def create(path: Path, data: bytes, *, mode: int = 0o644, exact: bool = False) -> Stamp:
    """Make a new file of these bytes. Never overwrites, not even in a race: Conflict if anything is there.

    The umask narrows `mode`, unless it is private (nothing for group and others) or `exact`.
    Where the file system has no hard links, a crash in mid-placing may leave an empty file.
    """
    target = _resolved(path, path.parent) / path.name
    exact = exact or not mode & 0o077
    with _step(path, Step.LOCK), lock(target.parent) as folder:
        if os.path.lexists(target):
            raise _occupied(path)
        with _temporary(path, target, _PRIVATE if exact else mode) as (temporary, descriptor):
            stamp = _fill(path, descriptor, data, mode=mode if exact else None)
            with _step(path, Step.PLACE):
                _place_new(path, temporary, target)
        _confirm(path, folder)
    return stamp


def require_room(path: Path, size: int) -> None:
    """Try whether so many bytes could be written under that name, by a temporary file. Raises SaveFailed."""
    target = _resolved(path, path.parent) / path.name
    with _step(path, Step.LOCK), lock(target.parent):
        if target.exists():
            _permit(path, target, stat.S_IMODE(target.stat().st_mode))
        with _temporary(path, target, _PRIVATE) as (_, descriptor):
            _fill(path, descriptor, bytes(size), mode=None)


def link(path: Path, text: str) -> None:
    """Make a symlink that says `text`. Never overwrites: Conflict if anything is there."""
    target = _resolved(path, path.parent) / path.name
    with _step(path, Step.LOCK), lock(target.parent) as folder:
        with _step(path, Step.PLACE):
            try:
                os.symlink(text, target)  # noqa: PTH211
            except FileExistsError:
                raise _occupied(path) from None
        _confirm(path, folder)


def remove(path: Path, *, expected: Stamp) -> None:
    """Remove the file; of a link, only the link. Conflict and SaveFailed as in `replace`."""
    target = _resolved(path, path.parent) / path.name
    with _step(path, Step.LOCK), lock(target.parent) as folder:
        actual = _check(path, target, expected)
        if not target.is_symlink():
            _permit(path, target, actual.stamp.mode)
        with _step(path, Step.REMOVE):
            os.unlink(target)  # noqa: PTH108
        _confirm(path, folder)


def sweep(directory: Path) -> tuple[Path, ...]:
    """Remove the temps that killed processes left in the folder, and beside the files that its links name.

    Gives what it removed. A save holds the folder's lock for as long as its temp lives, so with the lock in
    hand every temp is a stray, whatever its process id says. Where there are no locks, a temp goes when it is
    an hour old and its process is gone. A folder in which somebody saves right now is left for the next time.
    """
    try:
        with os.scandir(directory) as entries:
            links = [Path(entry.path) for entry in entries if entry.is_symlink() and entry.is_file()]
        folders = {
            Path(os.path.realpath(directory)),
            *(Path(os.path.realpath(each)).parent for each in links),
        }
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(stray for folder in sorted(folders) for stray in _sweep(folder))


@contextmanager
def lock(directory: Path, *, wait: bool = True) -> Iterator[Folder]:
    """Hold the folder against our other processes and threads. Leaves no lock file, ends with the process.

    Without `wait`, raises BlockingIOError if another holds it. Some file systems (NFS) lock no folders.
    """
    if os.name != "posix":
        yield Folder(None, locked=False)
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | _CLOSE_ON_EXEC)
    try:
        yield Folder(descriptor, take_lock(descriptor, wait=wait))
    finally:
        with suppress(OSError):  # nothing was written through it, and what was done in it is done
            os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, however few the system takes at a time."""
    rest = memoryview(data)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.EIO, "The disk took no more bytes")
        rest = rest[written:]


@contextmanager
def _step(path: Path, step: Step) -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise SaveFailed(path, step, cause) from cause


def _stamp(digest_: str, status: os.stat_result) -> Stamp:
    return Stamp(
        digest=digest_,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        device=status.st_dev,
        mode=stat.S_IMODE(status.st_mode),
    )


def _resolved(path: Path, what: Path) -> Path:
    with _step(path, Step.FIND):
        try:
            return Path(os.path.realpath(what, strict=True))
        except FileNotFoundError:
            if what == path:
                raise _gone(path) from None
            raise


def _gone(path: Path) -> Conflict:
    return Conflict(path, None, "is no longer there")


def _occupied(path: Path) -> Conflict:
    try:
        actual = read(path)
    except OSError:
        return Conflict(path, None, "cannot be made: something that is no readable file has this name")
    return Conflict(path, actual, "cannot be made: there is a file of this name")


def _check(path: Path, target: Path, expected: Stamp) -> FileContent:
    try:
        actual = altered(read(target), path=path)
    except FileNotFoundError:
        raise _gone(path) from None
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause
    if actual.stamp.digest != expected.digest:
        raise Conflict(path, actual, "was changed by another program since it was read")
    return actual


def _permit(path: Path, target: Path, mode: int) -> None:
    with _step(path, Step.PERMIT):
        if not mode & 0o222:  # root may write it all the same, and a person does not want that
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        if not os.access(target, os.W_OK):
            os.close(os.open(target, os.O_WRONLY | _CLOSE_ON_EXEC))  # says why: EACCES, or EROFS


@contextmanager
def _temporary(path: Path, target: Path, mode: int) -> Iterator[tuple[Path, int]]:
    share = os.fsencode(target.name)[:_NAME_SHARE].decode("utf-8", "ignore")
    temporary = target.with_name(f".{share}.{os.getpid()}-{os.urandom(6).hex()}.mimo-tmp")
    with _step(path, Step.OPEN):
        descriptor = os.open(temporary, _NEW, mode)
    try:
        yield temporary, descriptor
    finally:
        with suppress(OSError):  # renamed away, or a stray for `sweep`
            os.unlink(temporary)  # noqa: PTH108


def _fill(path: Path, descriptor: int, data: bytes, *, like: Path | None = None, mode: int | None) -> Stamp:
    try:
        with _step(path, Step.WRITE):
            write_all(descriptor, data)
        with _step(path, Step.KEEP):
            if like is not None and mode is not None:
                mode = _keep(descriptor, like, mode)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
        with _step(path, Step.FLUSH):
            os.fsync(descriptor)
            return _stamp(digest(data), os.fstat(descriptor))
    finally:
        with _step(path, Step.FLUSH):
            os.close(descriptor)


def _keep(descriptor: int, target: Path, mode: int) -> int:
    """Give the temp the target's owner, group and attributes, and give the mode that lets nobody new in."""
    if not hasattr(os, "fchown"):
        return mode
    theirs, ours = target.stat(), os.fstat(descriptor)
    group_kept = theirs.st_gid == ours.st_gid or _chown(descriptor, -1, theirs.st_gid)
    owner_kept = theirs.st_uid == ours.st_uid or _chown(descriptor, theirs.st_uid, -1)
    if hasattr(os, "listxattr"):
        _copy_attributes(descriptor, target, with_access_list=group_kept)
    if not group_kept:
        mode &= 0o7707 | (mode & 0o007) << 3  # our group gets no more than everybody had
    return mode if group_kept and owner_kept else mode & 0o777


def _chown(descriptor: int, owner: int, group: int) -> bool:
    try:
        os.fchown(descriptor, owner, group)
    except OSError as error:
        if error.errno not in _NOT_OURS_TO_GIVE:
            raise
        return False
    return True


def _copy_attributes(descriptor: int, target: Path, *, with_access_list: bool) -> None:
    try:
        names = os.listxattr(target)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return
    for name in names:
        if name == _ACCESS_LIST and not with_access_list:
            continue
        try:
            os.setxattr(descriptor, name, os.getxattr(target, name))
        except OSError as error:
            system_owned = not name.startswith(("user.", _ACCESS_LIST))
            if error.errno != errno.ENOTSUP and not (
                system_owned and error.errno in {errno.EPERM, errno.EACCES}
            ):
                raise


def _place_new(path: Path, temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise _occupied(path) from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _place_over_reserved(path, temporary, target)


def _place_over_reserved(path: Path, temporary: Path, target: Path) -> None:
    try:
        os.close(os.open(target, _NEW, _PRIVATE))
    except FileExistsError:
        raise _occupied(path) from None
    try:
        os.replace(temporary, target)  # noqa: PTH105
    except OSError:
        os.unlink(target)  # noqa: PTH108
        raise


def _confirm(path: Path, folder: Folder) -> None:
    if folder.descriptor is None:
        return
    with _step(path, Step.CONFIRM):
        try:
            os.fsync(folder.descriptor)
        except OSError as error:
            if error.errno not in _NO_FOLDER_FLUSH:
                raise


def take_lock(descriptor: int, *, wait: bool) -> bool:
    """Lock a file or folder that is open, until it is closed; False: it cannot be locked here.

    Without `wait`, raises BlockingIOError if another holds it.
    """
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


def _sweep(directory: Path) -> Iterator[Path]:
    try:
        with lock(directory, wait=False) as folder, os.scandir(directory) as entries:
            for entry in entries:
                match = _TEMPORARY.fullmatch(entry.name)
                if not match or not entry.is_file(follow_symlinks=False):
                    continue
                if folder.locked or is_abandoned(entry.stat(follow_symlinks=False).st_mtime, int(match[1])):
                    with suppress(OSError):  # a read-only folder: a stray does no harm there
                        os.unlink(entry.path)  # noqa: PTH108
                        yield Path(entry.path)
    except (BlockingIOError, FileNotFoundError):
        return


def is_abandoned(changed: float, process: int) -> bool:
    """Tell whether nobody works on a file that cannot be locked: it was not changed for an hour, and who did is gone.

    `changed` is the time of its last change, in seconds since 1970.
    """
    if time.time() - changed < _HOUR:
        return False
    if os.name != "posix":  # there, signal 0 is no question but an order
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False
