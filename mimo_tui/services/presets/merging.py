"""The file changed between reading and saving: what they changed, what I changed, and what to keep."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from mimo_tui.core import json_text
from mimo_tui.core.json_text import Delete, Edit, EditError, Json, JsonTextError, MissingPath, Path
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Listing, judge
from mimo_tui.services.presets.masking import secrets_in
from mimo_tui.services.presets.planning import Kind, Plan, Refused, plan_edit
from mimo_tui.store.atomic import Conflict, FileContent
from mimo_tui.store.library import parsed


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that I would write: as it was read, as it is now on disk, and as I would have it."""

    number: int
    path: Path
    before: Clean
    theirs: Clean
    mine: Clean

    @property
    def is_contested(self) -> bool:
        """Whether they changed the very value that I change."""
        return self.before != self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """A plan whose file changed. `actual` is what lies there now; None: nothing, or nothing that can be read."""

    plan: Plan
    actual: FileContent | None = field(repr=False)
    differences: tuple[Difference, ...]
    problem: Clean | None


def compare(plan: Plan, conflict: Conflict) -> Merge:
    """Give what differs, value by value. `problem` says why there is nothing to choose, if there is not."""
    actual, original = conflict.actual, plan.original.entry
    if actual is None or plan.kind is not Kind.EDIT or original.document is None or plan.data is None:
        return Merge(plan, actual, (), clean(str(conflict)))
    try:
        theirs = json_text.read(actual.data).value
    except JsonTextError as error:
        return Merge(plan, actual, (), clean(redact(f"what lies there now cannot be read: {error}")))
    mine = json_text.read(plan.data).value
    before = original.document.value
    read = original.content.data if original.content else b""
    secrets = dict.fromkeys((*secrets_in(read), *secrets_in(actual.data), *secrets_in(plan.data)))
    differences = tuple(
        Difference(
            number, edit.path, *(_shown(value, edit.path, secrets) for value in (before, theirs, mine))
        )
        for number, edit in enumerate(plan.edits)
    )
    return Merge(plan, actual, differences, None)


def rebased(services: Services, listing: Listing, merge: Merge, kept: Collection[int]) -> Plan:
    """Plan the edits of mine whose numbers are kept on top of their text; what they deleted too is no edit any more.

    Raises Refused where there is no such text, or where an edit of mine has no place in it.
    """
    if merge.actual is None or merge.problem is not None:
        raise Refused(f"{merge.plan.original.reference} cannot be merged: {merge.problem}")
    entry = parsed(replace(merge.plan.original.entry, content=None, document=None), merge.actual)
    theirs = entry.document.value if entry.document else None
    edits: list[Edit] = [
        edit
        for number, edit in enumerate(merge.plan.edits)
        if number in kept and not (isinstance(edit, Delete) and _is_gone(theirs, edit.path))
    ]
    original = judge(entry, listing.context, listing.agents)
    try:
        return plan_edit(services, listing, original, edits, label=merge.plan.label)
    except EditError as error:
        raise Refused(f"{original.reference} cannot be merged: {error}") from error


def _is_gone(document: Json, path: Path) -> bool:
    try:
        json_text.get(document, path)
    except MissingPath:
        return True
    return False


def _shown(value: Json, path: Path, secrets: Iterable[Secret]) -> Clean:
    import json

    try:
        found = json_text.get(value, path)
    except MissingPath:
        return clean("—")
    return clean(redact(json.dumps(found, ensure_ascii=False), secrets))
