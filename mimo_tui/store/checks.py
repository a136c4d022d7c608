"""The verdicts on keys that were found last, in our own state folder: by a key's fingerprint, without the key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from mimo_tui.core.json_text import Json, JsonTextError
from mimo_tui.core.json_text import read as read_json
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Label
from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed, Step

KEEP = 500
"""How many verdicts are kept, the newest ones."""

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_TRIES = 20
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class Remembered:
    """A verdict of an earlier check. `host` and `cluster` are empty where the key belongs to no host that we know.

    `simulated`: the simulated platform gave it, so that it says nothing about MiMo.
    """

    label: Label
    title: Clean
    family: Clean
    host: Clean
    cluster: Clean
    at: datetime
    simulated: bool = False

    @property
    def host_words(self) -> Clean:
        """Give where the key belongs, in a word: its cluster, or its family where that has but one host."""
        return self.cluster or (self.family if self.host else self.host)


@dataclass(frozen=True, slots=True)
class Memory:
    """The verdicts by fingerprint; `problem` says why a file that is there cannot be read."""

    checks: Mapping[str, Remembered] = field(default_factory=lambda: MappingProxyType({}))
    problem: Clean | None = None


def load(path: Path) -> Memory:
    """Read what is remembered. Never fails: an unreadable file is one without verdicts and with a problem."""
    return _load(path)[0]


def remember(path: Path, fingerprint: str, verdict: Remembered) -> None:
    """Keep a verdict beside those of other keys, at most `KEEP` in all. Raises SaveFailed.

    An unreadable file is written anew: a verdict can be found again.
    """
    _make_folder(path)
    for _ in range(_TRIES):
        memory, content = _load(path)
        if content is None and memory.problem is not None:
            raise SaveFailed(path, Step.READ, OSError(memory.problem))
        checks = {**memory.checks, fingerprint: verdict}
        newest = sorted(checks.items(), key=lambda item: item[1].at, reverse=True)[:KEEP]
        data = json.dumps({name: _shape(each) for name, each in newest}, indent=1).encode()
        try:
            if content is None:
                atomic.create(path, data, mode=_PRIVATE_FILE)
            else:
                atomic.replace(path, data, expected=content.stamp, mode=_PRIVATE_FILE)
            return
        except Conflict:  # another process was faster: its verdicts are kept too
            continue
    raise SaveFailed(path, Step.PLACE, OSError("others write it all the time"))


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as cause:
        raise SaveFailed(path, Step.OPEN, cause) from cause


def _load(path: Path) -> tuple[Memory, atomic.FileContent | None]:
    try:
        content = atomic.read(path)
    except FileNotFoundError:
        return Memory(), None
    except OSError as error:
        return Memory(problem=clean(f"{path} cannot be read: {error.strerror or error}")), None
    try:
        document = read_json(content.data).value
    except JsonTextError as error:
        return Memory(
            problem=clean(f"{path}, the verdicts of earlier checks, cannot be read: {error}")
        ), content
    if not isinstance(document, dict):
        return Memory(problem=clean(f"{path} holds no verdicts of earlier checks")), content
    found = {name: verdict for name, value in document.items() if (verdict := _verdict(value)) is not None}
    lost = len(document) - len(found)
    problem = clean(f"{path}: {lost} verdicts of earlier checks cannot be read") if lost else None
    return Memory(MappingProxyType(found), problem), content


def _shape(verdict: Remembered) -> dict[str, Json]:
    return {
        "label": str(verdict.label),
        "title": verdict.title,
        "family": verdict.family,
        "host": verdict.host,
        "cluster": verdict.cluster,
        "at": verdict.at.isoformat(),
        "simulated": verdict.simulated,
    }


def _verdict(value: Json) -> Remembered | None:
    """Give the verdict, None: it is none. What stands in the file is text from outside like any other."""
    if not isinstance(value, dict):
        return None

    def text(name: str) -> Clean:
        found = value.get(name)
        return safe(found if isinstance(found, str) else "")

    try:
        label, at = Label(text("label")), datetime.fromisoformat(text("at"))
    except ValueError:
        return None
    # Near either end of the calendar a moment has no time of day in every zone.
    if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        return None
    simulated = value.get("simulated") is True
    return Remembered(label, text("title"), text("family"), text("host"), text("cluster"), at, simulated)
