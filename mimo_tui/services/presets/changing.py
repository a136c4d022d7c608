"""Carry out a plan, and take changes back: every write of a preset goes through here."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import NotFound, find, list_presets
from mimo_tui.services.presets.masking import file_diff
from mimo_tui.services.presets.planning import Kind, Plan, Refused
from mimo_tui.store import changes
from mimo_tui.store.atomic import Conflict, FileContent
from mimo_tui.store.history import Change, HistoryError, Version, digest_of, on_disk

_PRIVATE, _SHARED = 0o600, 0o644


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done: what a person undoes or restores at once. A rename is two changes and one step.

    `state` is `done`, or `undone` while it is taken back.
    """

    id: str
    at: datetime
    label: Clean
    state: str
    changes: tuple[Change, ...]

    @property
    def path(self) -> Path:
        """Give the file that the step is mostly about: of a rename, the new one."""
        return self.changes[-1].path

    @property
    def renamed(self) -> tuple[Change, Change] | None:
        """Give the change that took the old name away and the one that made the new; None: it was no rename."""
        if len(self.changes) != 2:
            return None
        removed, made = self.changes
        return (removed, made) if removed.after is None and made.before is None else None


class AmbiguousChange(LookupError):
    """Several changes have an id that begins so; the person must say which."""

    def __init__(self, identifier: str, candidates: tuple[Step, ...]) -> None:
        listed = ", ".join(candidate.id for candidate in candidates)
        super().__init__(f"{len(candidates)} changes begin with {clean(identifier)}. Say which: {listed}.")
        self.candidates = candidates


def apply(services: Services, plan: Plan, *, force: bool = False) -> None:
    """Write what the plan says, so that it can be undone.

    Raises Refused where errors stand against it that are not forced, or never can be; atomic.Conflict where the
    file is not what it was when it was read; atomic.SaveFailed where the system refuses. Nothing is lost then.
    """
    if plan.changes_nothing:
        return
    stubborn = plan.never_forced if force else plan.blocking
    if stubborn:
        raise Refused(f"{clean(plan.target.name)} is not saved: {stubborn[0].message}.")
    content, history, label = plan.original.entry.content, services.history, plan.label
    if content is None:
        raise Refused(f"{plan.original.reference} cannot be read, so nothing is written.")
    if plan.data is None:
        changes.remove_file(history, plan.target, expected=content.stamp, label=label)
        return
    match plan.kind:
        case Kind.EDIT:
            changes.save(history, plan.target, plan.data, expected=content.stamp, label=label)
        case Kind.COPY:
            plan.target.parent.mkdir(parents=True, exist_ok=True)
            mode = _PRIVATE if plan.original.preset and plan.original.preset.inline_key else _SHARED
            changes.create_file(history, plan.target, plan.data, label=label, mode=mode)
        case _:
            old = plan.original.entry.path
            changes.rename_file(history, old, plan.target, plan.data, expected=content.stamp, label=label)


def history(services: Services, path: Path | None = None) -> tuple[Step, ...]:
    """Give the steps (that touched one file), newest first. Undos and redos show as the state of their step."""
    undone = services.history.undone()
    groups: dict[str, list[Change]] = {}
    for change in services.history.changes():
        if change.undoes is None:
            groups.setdefault(change.group, []).append(change)
    return tuple(
        _step(members, undone)
        for members in groups.values()
        if path is None or any(change.path == path for change in members)
    )


def step(services: Services, identifier: str) -> Step:
    """Give the step of that id, or of an id that begins so. Raises HistoryError where none or several do."""
    found = [each for each in history(services) if each.id.startswith(identifier)]
    exact = [each for each in found if each.id == identifier]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise AmbiguousChange(identifier, tuple(found))
    raise HistoryError(
        f"There is no change {clean(identifier)} in the history; `mimo-tui presets history` lists them."
    )


def next_undo(services: Services, path: Path | None = None) -> Step | None:
    """Give the newest step (of one file) that stands, None: there is nothing to undo."""
    return next((each for each in history(services, path) if each.state == "done"), None)


def next_redo(services: Services, path: Path | None = None) -> Step | None:
    """Give the step (of one file) that was taken back last and can be done again, None: there is none."""
    taken_back = services.history.next_redo(path)
    if taken_back is None:
        return None
    return next(
        (each for each in history(services) if taken_back.undoes in {c.id for c in each.changes}), None
    )


def check_undo(target: Step) -> None:
    """Raise atomic.Conflict where a file is no longer as the step left it: then only `restore` brings it back."""
    for change in target.changes:
        present = on_disk(change.path)
        if digest_of(present) != digest_of(change.after):
            advice = f"`presets restore {target.id}` goes back before that all the same"
            raise Conflict(change.path, present, f"is not as “{target.label}” left it; {advice}")


def undo(services: Services, target: Step) -> None:
    """Take the step back. Raises atomic.Conflict where a file is not as the step left it, HistoryError, SaveFailed."""
    changes.undo(services.history, target.changes[0])


def redo(services: Services, target: Step) -> None:
    """Do a step again that was taken back. Raises as `undo` does."""
    undone = services.history.undone()
    ids = {change.id for change in target.changes}
    for change in services.history.changes():
        if change.undoes in ids and change.id not in undone:
            changes.undo(services.history, change)
            return
    raise HistoryError(f"“{target.label}” was not taken back.")


def restore(services: Services, target: Step) -> None:
    """Bring every file of the step back to what it was before it, whatever came since. Can be undone in its turn."""
    for change in target.changes:
        present = on_disk(change.path)
        expected = present.stamp if present else None
        label = f"restore {change.path.name} as before “{target.label}”"
        changes.restore(services.history, change.path, change.before, expected=expected, label=label)


def step_diff(services: Services, target: Step) -> tuple[DiffLine, ...]:
    """Give what the step did to its files; of a rename, what became of the text."""
    if target.renamed is not None:
        removed, made = target.renamed
        return file_diff(_bytes(services, removed.before), _bytes(services, made.after))
    lines: list[DiffLine] = []
    for change in target.changes:
        lines += file_diff(_bytes(services, change.before), _bytes(services, change.after))
    return tuple(lines)


def undo_diff(services: Services, target: Step) -> tuple[DiffLine, ...]:
    """Give what bringing back the state before the step would do to the files as they are now."""
    if target.renamed is not None:
        removed, made = target.renamed
        now = on_disk(made.path) or on_disk(removed.path)
        return file_diff(now.data if now else b"", _bytes(services, removed.before))
    lines: list[DiffLine] = []
    for change in target.changes:
        present: FileContent | None = on_disk(change.path)
        lines += file_diff(present.data if present else b"", _bytes(services, change.before))
    return tuple(lines)


def redo_diff(services: Services, target: Step) -> tuple[DiffLine, ...]:
    """Give what doing the step again would do to the files as they are now."""
    if target.renamed is not None:
        return step_diff(services, target)
    lines: list[DiffLine] = []
    for change in target.changes:
        present: FileContent | None = on_disk(change.path)
        lines += file_diff(present.data if present else b"", _bytes(services, change.after))
    return tuple(lines)


def problems(services: Services) -> tuple[Clean, ...]:
    """Give a sentence for each part of the history that is damaged."""
    return services.history.faults()


def path_of(services: Services, name: str) -> Path:
    """Give the file that a person means by `name`, also one that is gone and only in the history. Raises NotFound."""
    try:
        return find(list_presets(services), name).entry.path
    except NotFound:
        for each in history(services):
            for change in each.changes:
                if name in _names(change.path):
                    return change.path
        raise


def _step(members: list[Change], undone: frozenset[str]) -> Step:
    first = members[-1]
    state = "undone" if all(change.id in undone for change in members) else "done"
    return Step(first.id, first.at, first.label, state, tuple(members))


def _bytes(services: Services, version: Version | None) -> bytes:
    return b"" if version is None else services.history.content(version)


def _names(path: Path) -> tuple[str, ...]:
    reference = f"{path.parent.name}/{path.stem}"
    return (path.stem, path.name, reference, f"{reference}.json", str(path))
