"""Files that a person names, opened so that nothing but a file is read, and no more of it than may be sent."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.media.kinds import HEAD, Format, format_of, other_kind
from mimo_tui.core.media.limits import endings, largest_file
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean
from mimo_tui.services.refusals import WrongWords


class CannotAttach(WrongWords):
    """A file or URL cannot go with a turn, and the sentence says why and what to do."""


def named(path: Path) -> Clean:
    """Give the end of a path, to speak of it."""
    return safe(path.name or str(path))


def read_file(path: Path, catalogue: Catalogue) -> tuple[bytes, Format]:
    """Give a file and its format. Never waits for a pipe.

    Raises CannotAttach, before all of it is read where it is too large or no image, sound or film.
    """
    name = named(path)

    def most(head: bytes, size: int) -> int:
        form = format_from(head, name, catalogue)
        require_size(size, form, name, catalogue)
        return largest(form, name, catalogue)

    data = read_within(path, most)
    form = format_from(data[:HEAD], name, catalogue)
    require_size(len(data), form, name, catalogue)
    return data, form


def read_within(
    path: Path, most: Callable[[bytes, int], int], *, of_folder: str = "attach the files in it one by one"
) -> bytes:
    """Give a file's bytes. Never waits for a pipe.

    `most` gets its beginning and its size before the rest is read, and gives how many bytes it may have; one more is
    read of a file that grew. `of_folder` says what to do in place of naming a folder. Raises CannotAttach where it is
    no file or cannot be read, and what `most` raises.
    """
    name = named(path)
    try:
        _require_file(path.stat().st_mode, name, of_folder)
        with open(_opened(path), "rb") as file:
            # It may have become something else since.
            status = os.fstat(file.fileno())
            _require_file(status.st_mode, name, of_folder)
            head = file.read(HEAD) if status.st_size else b""
            # It may grow meanwhile.
            return head + file.read(most(head, max(status.st_size, len(head))) + 1 - len(head))
    except (OSError, ValueError) as error:
        # ValueError: a name that no file can have.
        raise CannotAttach(_why(error, safe(str(path)))) from error


def format_from(head: bytes, name: Clean, catalogue: Catalogue) -> Format:
    """Give the format of what begins so. Raises CannotAttach where it is none that can be sent."""
    if not head:
        raise CannotAttach(f"{name} is empty.")
    form = format_of(head)
    if form is None:
        raise CannotAttach(_refusal(other_kind(head), name, catalogue))
    return form


def media_type(form: Format, name: Clean, catalogue: Catalogue) -> str:
    """Give the MIME type that MiMo knows the format by. Raises CannotAttach where it does not take it."""
    media = catalogue.media.get(form.modality)
    found = media.formats.value.get(form) if media is not None else None
    if found is None:
        raise CannotAttach(_refusal(f"of the format {form.upper()}", name, catalogue))
    return found


def largest(form: Format, name: Clean, catalogue: Catalogue) -> int:
    """Give the bytes that a file of that format may have. Raises CannotAttach where MiMo does not take it."""
    return largest_file(catalogue.media[form.modality], media_type(form, name, catalogue))


def require_size(size: int, form: Format, name: Clean, catalogue: Catalogue) -> None:
    """Raise CannotAttach where a file has too many bytes."""
    if size > (most := largest(form, name, catalogue)):
        raise CannotAttach(
            f"{name} has {size:,} bytes, and a file that goes within a message may have {most:,}. "
            "Make it smaller, or put it on the web and attach its URL."
        )


def _opened(path: Path) -> int:
    # Without waiting, should it have become a pipe; on Windows bytes are to be read as they are.
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _require_file(mode: int, name: Clean, of_folder: str) -> None:
    if stat.S_ISDIR(mode):
        raise CannotAttach(f"{name} is a folder: {of_folder}.")
    if not stat.S_ISREG(mode):
        raise CannotAttach(
            f"{name} is no file but a pipe or a device. `-` takes what comes on standard input."
        )


def _why(error: Exception, path: Clean) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError() | ValueError():
            return f"There is no file {path}."
        case PermissionError():
            return f"{path} may not be read: its permissions forbid it."
        case OSError(strerror=str(reason)):
            return f"{path} cannot be read: {safe(reason)}."
        case _:
            return f"{path} cannot be read."


def _refusal(kind: str, name: Clean, catalogue: Catalogue) -> str:
    if kind == "text":
        return (
            f"{name} is text, and only images, sounds and films are attached: put it into the prompt itself."
        )
    if kind == "a PDF":
        return f"{name} is a PDF, which MiMo does not take. Paste its text, or attach its pages as images."
    return f"{name} is {kind}, which MiMo does not take. It takes {endings(catalogue.media.values())}."
