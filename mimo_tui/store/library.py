"""The library: finds presets in their three places and reads each, so that no broken one hides another."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from mimo_tui.core.json_text import Document, Fault, JsonTextError, parse, read
from mimo_tui.core.preset import Source
from mimo_tui.core.secrets import redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import atomic
from mimo_tui.store.atomic import FileContent
from mimo_tui.store.places import Places

KERNEL_META = "_kernel_meta.json"
"""The kernel's migration counter, which lies among presets and is none (`lingtai-presets.md` §1.1)."""

_KERNEL_READS = {Fault.COMMENT, Fault.TRAILING_COMMA, Fault.NOT_A_NUMBER, Fault.DUPLICATE_KEY}
_SCREEN_READS = {Fault.DUPLICATE_KEY}
_LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file cannot be shown as a preset, in words, and which of Lingtai's readers can read it still.

    `garbled`: its screen reads it with U+FFFD in place of each byte that is no UTF-8.
    """

    reason: Clean
    screen_reads: bool = False
    kernel_reads: bool = False
    garbled: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the library: read (`content`, `document`) or with the reason why not.

    `content` is there for broken text too, `document` only for text that we would save again.
    """

    path: Path
    source: Source
    link: Path | None = None
    content: FileContent | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)
    error: Unreadable | None = None

    @property
    def stem(self) -> str:
        """Give the file's name without its ending."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Library:
    """All entries, and the folders that could not be listed with the reason."""

    entries: tuple[Entry, ...]
    problems: tuple[Clean, ...] = ()


def scan(places: Places) -> Library:
    """Read every preset of the three places: saved, templates, flat. Missing folders count as empty.

    `.jsonc` files are entries too (the kernel loads one that an agent names), with the reason why Lingtai's
    screen does not list them.
    """
    entries: list[Entry] = []
    problems: list[Clean] = []
    for source, folder in (
        (Source.SAVED, places.saved),
        (Source.TEMPLATE, places.templates),
        (Source.LEGACY, places.legacy),
    ):
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 names alone, a third of the time of iterdir
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(clean(f"{folder} cannot be listed: {error.strerror}"))
            continue
        entries.extend(load(folder / name, source) for name in names if _counts(name))
    return Library(tuple(entries), tuple(problems))


def load(path: Path, source: Source) -> Entry:
    """Read one entry. Never fails: whatever is wrong with the file is its `error`."""
    link = Path(os.readlink(path)) if path.is_symlink() else None  # noqa: PTH115 keeps an odd target as written
    try:
        information = path.stat()
        if not stat.S_ISREG(information.st_mode):
            return Entry(path, source, link, error=Unreadable(_not_a_file(information.st_mode)))
        if information.st_size > _LARGEST:
            return Entry(
                path, source, link, error=Unreadable(clean(f"larger than {_LARGEST >> 20} MB: no preset"))
            )
        content = atomic.read(path)
    except FileNotFoundError:
        reason = (
            clean(f"a link to {link}, which is not there")
            if link
            else clean("gone since the folder was listed")
        )
        return Entry(path, source, link, error=Unreadable(reason))
    except OSError as error:
        return Entry(path, source, link, error=Unreadable(clean(f"cannot be read: {error.strerror}")))
    return parsed(Entry(path, source, link, content), content)


def parsed(entry: Entry, content: FileContent) -> Entry:
    """Give the entry with what its bytes say, or with the reason why they say nothing."""
    try:
        document = read(content.data)
    except JsonTextError as error:
        jsonc = entry.path.suffix == ".jsonc"
        garbled = (
            error.fault is Fault.NOT_UTF8
            and not jsonc
            and _screen_reads(content.data.decode("utf-8", "replace"))
        )
        unreadable = Unreadable(
            clean(redact(str(error)).removesuffix(".")),
            screen_reads=garbled or (error.fault in _SCREEN_READS and not jsonc),
            kernel_reads=error.fault in _KERNEL_READS,
            garbled=garbled,
        )
        return Entry(entry.path, entry.source, entry.link, content, error=unreadable)
    if not isinstance(document.value, dict):
        kind = "a list" if isinstance(document.value, list) else "a single value"
        unreadable = Unreadable(clean(f"the file holds {kind}; a preset is an object {{…}}"))
        return Entry(entry.path, entry.source, entry.link, content, error=unreadable)
    if entry.path.suffix == ".jsonc":
        unreadable = Unreadable(
            clean("Lingtai's screen lists only .json; rename the file to use it there"), kernel_reads=True
        )
        return Entry(entry.path, entry.source, entry.link, content, error=unreadable)
    return Entry(entry.path, entry.source, entry.link, content, document)


def _screen_reads(text: str) -> bool:
    """Tell whether Lingtai's screen reads the text; Go puts U+FFFD for bad bytes in a string, as `replace` does."""
    try:
        parse(text)
    except JsonTextError as error:
        return error.fault in _SCREEN_READS
    return True


def _counts(name: str) -> bool:
    if not name.endswith((".json", ".jsonc")) or name == KERNEL_META:
        return False
    # A temporary file of a save begins with a dot; a preset that a person hid so is none of our business either.
    return not name.startswith(".")


def _not_a_file(mode: int) -> Clean:
    if stat.S_ISDIR(mode):
        return clean("a folder, not a file")
    return clean("not a regular file (a pipe, socket or device)")
