"""System prompts that the person keeps, one file each, and what they typed before. All of it blocks."""

import os
import re
from pathlib import Path
from typing import Final

from mimo_tui.core.secrets import redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.records import keeps
from mimo_tui.store import atomic
from mimo_tui.store.atomic import FileContent, SaveFailed, Step
from mimo_tui.store.words import fold, query_words

LARGEST: Final = 1 << 20
"""Bytes of a system prompt."""

_ENDING: Final = ".md"
_FOLDER: Final = 0o700
_FILE: Final = 0o600
_LONGEST_NAME: Final = 80
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class BadPromptName(ValueError):
    """No file of the library can have that name; the sentence says why."""


class NoPrompt(LookupError):
    """The library has no such prompt, or none that can be read; a sentence."""


def system_prompts(services: Services) -> tuple[Clean, ...]:
    """Give the names of the system prompts, in the order of the alphabet. Raises NoPrompt where none can be listed."""
    folder = services.places.prompts
    try:
        with os.scandir(folder) as entries:
            names = [each.name.removesuffix(_ENDING) for each in entries if _is_prompt(each)]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise NoPrompt(
            f"{clean(str(folder))} cannot be read: {clean(error.strerror or str(error))}."
        ) from error
    return tuple(sorted(map(clean, names), key=lambda name: (fold(name), name)))


def read_system_prompt(services: Services, name: str) -> str:
    """Give a system prompt as it stands in its file: whoever shows it cleans it. Raises NoPrompt, BadPromptName."""
    return _text(name, _content(services, name))


def save_system_prompt(services: Services, name: str, text: str) -> None:
    """Keep a system prompt, without anything that looks like a key, in place of the one of that name.

    Raises BadPromptName, SaveFailed, and Conflict where another program wrote it meanwhile.
    """
    path = _path(services, name)
    data = redact(text).encode("utf-8", "replace")
    if len(data) > LARGEST:
        raise BadPromptName(f"A system prompt has at most {LARGEST >> 20} MB.")
    try:
        path.parent.mkdir(_FOLDER, parents=True, exist_ok=True)
    except OSError as cause:
        raise SaveFailed(path, Step.OPEN, cause) from cause
    try:
        before = atomic.read(path)
    except FileNotFoundError:
        atomic.create(path, data, mode=_FILE)
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause
    else:
        atomic.replace(path, data, expected=before.stamp)


def delete_system_prompt(services: Services, name: str) -> None:
    """Delete a system prompt. Raises NoPrompt, BadPromptName, SaveFailed, Conflict."""
    content = _content(services, name)
    atomic.remove(content.path, expected=content.stamp)


def name_fault(name: str) -> str | None:
    """Say why no system prompt can be called so; None: one can."""
    return _complaint(name) or None


def recent_prompts(services: Services, containing: str = "") -> tuple[str, ...]:
    """Give what was typed before and holds all these words, the newest first, each once; whoever shows it cleans it.

    None where nothing is kept. Raises RecordsProblem.
    """
    if not keeps(services):
        return ()
    words = query_words(containing)
    found = services.sessions.prompts()
    return tuple(text for text in found if all(word in fold(text) for word in words)) if words else found


def _is_prompt(entry: "os.DirEntry[str]") -> bool:
    name = entry.name.removesuffix(_ENDING)
    return entry.name.endswith(_ENDING) and not _complaint(name) and entry.is_file()


def _path(services: Services, name: str) -> Path:
    if complaint := _complaint(name):
        raise BadPromptName(f"A system prompt cannot be called so: {complaint}.")
    return services.places.prompts / f"{name}{_ENDING}"


def _complaint(name: str) -> str:
    if not name.strip():
        return "it needs a name"
    if name != name.strip() or name.startswith(".") or name.endswith("."):
        return "the name begins or ends with a dot or a blank"
    if _FORBIDDEN.search(name) or _OF_WINDOWS.fullmatch(name):
        return "that is no name of a file on every system"
    if clean(name) != name or redact(name) != name:
        return "the name holds what cannot be shown"
    if len(name.encode()) > _LONGEST_NAME:
        return f"the name has more than {_LONGEST_NAME} bytes"
    return ""


def _content(services: Services, name: str) -> FileContent:
    path = _path(services, name)
    try:
        content = atomic.read(path)
    except FileNotFoundError as error:
        raise NoPrompt(f"There is no system prompt called {clean(name)}.") from error
    except OSError as error:
        raise NoPrompt(
            f"{clean(str(path))} cannot be read: {clean(error.strerror or str(error))}."
        ) from error
    return content


def _text(name: str, content: FileContent) -> str:
    if len(content.data) > LARGEST:
        raise NoPrompt(f"The system prompt {clean(name)} has more than {LARGEST >> 20} MB.")
    try:
        return content.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoPrompt(f"The system prompt {clean(name)} is not text in UTF-8.") from error
