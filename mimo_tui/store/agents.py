"""Which agents use a preset: the projects that Lingtai registered, and their agents' `init.json`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mimo_tui.core.text import Clean, clean
from mimo_tui.store.places import Places

_SKIPPED = {"human"}


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
        except OSError:
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
    return tuple(agent for agent in known if path in agent.allowed or path == agent.active)


def _projects(registry: Path) -> Iterable[Path]:
    try:
        lines = registry.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("path"), str) and row["path"]:
            yield Path(row["path"])


def _agent(folder: Path, project: Path, home: Path) -> Agent | None:
    try:
        document = json.loads((folder / "init.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
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


def _resolved(reference: str, folder: Path, home: Path) -> Path:
    if reference == "~" or reference.startswith("~/"):
        return home / reference[2:]
    return folder / reference
