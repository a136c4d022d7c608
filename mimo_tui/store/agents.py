"""Which agents use a preset: the projects that Lingtai registered, and their agents' `init.json`."""

import json
import os.path
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import atomic
from mimo_tui.store.places import Places

_SKIPPED = {"human"}
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*")
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])")


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent that names presets: the one it runs on, and those it may switch to (`lingtai-presets.md` §6)."""

    name: Clean
    project: Path
    active: Path | None
    allowed: frozenset[Path]


def agents(places: Places) -> tuple[Agent, ...]:
    """Give the agents of every registered project. What cannot be read is left out: it is not ours to judge."""
    found: list[Agent] = []
    for project in _projects(places.registry_file):
        folder = project / ".lingtai"
        try:
            children = sorted(folder.iterdir())
        except (OSError, ValueError):  # a path with a NUL names no folder
            continue
        for child in children:
            if child.name.startswith(".") or child.name in _SKIPPED:
                continue
            agent = _agent(child, project, places.home)
            if agent is not None:
                found.append(agent)
    return tuple(found)


def users_of(path: Path, known: Iterable[Agent]) -> tuple[Agent, ...]:
    """Give the agents that run on the preset at `path` or may switch to it."""
    normal = Path(os.path.normpath(path))
    return tuple(agent for agent in known if normal in agent.allowed or normal == agent.active)


def _projects(registry: Path) -> Iterator[Path]:
    try:
        lines = atomic.read(registry).data.decode("utf-8", "replace").split("\n")
    except OSError:
        return
    for line in lines:
        row = _parsed(line)
        place = row.get("path") if isinstance(row, dict) else None
        if isinstance(place, str) and place:
            yield Path(place)


def _agent(folder: Path, project: Path, home: Path) -> Agent | None:
    try:
        document = _parsed(atomic.read(folder / "init.json").data.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    manifest = document.get("manifest") if isinstance(document, dict) else None
    preset = manifest.get("preset") if isinstance(manifest, dict) else None
    if not isinstance(preset, dict):
        return None
    allowed = preset.get("allowed")
    listed = allowed if isinstance(allowed, list) else []
    active = preset.get("active")
    return Agent(
        clean(folder.name),
        project,
        _resolved(active, folder, home) if isinstance(active, str) and active else None,
        frozenset(
            _resolved(reference, folder, home)
            for reference in listed
            if isinstance(reference, str) and reference
        ),
    )


def _parsed(text: str) -> Json:
    """Read JSON as the kernel does, which takes `//` comments and trailing commas; null for what it cannot read."""
    plain = _LAST_COMMA.sub(r"\1", _COMMENT.sub(r"\1", text))
    for attempt in dict.fromkeys((text, plain)):
        try:
            value: Json = json.loads(attempt)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _resolved(reference: str, folder: Path, home: Path) -> Path:
    if reference == "~" or reference.startswith("~/"):
        return Path(os.path.normpath(home / reference[2:]))
    return Path(os.path.normpath(folder / reference))
