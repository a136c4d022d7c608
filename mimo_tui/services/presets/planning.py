"""Plan a change of a preset: the bytes as they will be, what that breaks and mends, and the diff. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from mimo_tui.core import json_text
from mimo_tui.core import preset as at
from mimo_tui.core.diff import DiffLine, shown_line
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Document, Edit, Json, Set
from mimo_tui.core.preset import Source
from mimo_tui.core.rules.document import name_is_usable
from mimo_tui.core.rules.key import free_slot, slot_edits
from mimo_tui.core.secrets import redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Listing, PresetView, judge
from mimo_tui.services.presets.masking import file_diff, inline_secrets, secrets_in
from mimo_tui.store.library import Entry

NEVER_FORCED = frozenset({"slot-name", "name-type", "name-missing", "name-escapes"})
"""Findings that no `--force` overrides: Lingtai could not address the file any more."""

ABOUT_KEYS = frozenset({"key-missing"})
"""Findings about the world around the file: no other text would mend them, so they do not stand against a save."""


_LONGEST_NAME = 200
"""Bytes: file systems take 255 for a name, some 143; the ending and a temporary name must fit too."""


class Kind(StrEnum):
    """What a plan does to the disk."""

    EDIT = "edit"
    COPY = "copy"
    RENAME = "rename"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that is ready to be applied. `target` is the file that will be there, `data` its bytes.

    `original` is the preset as it was read. For a copy it stays as it is; for a deletion `data` is None.
    `blocking` are the errors that stand against the change; with any, it is applied only by force.
    """

    kind: Kind
    label: Clean
    original: PresetView
    target: Path
    edits: tuple[Edit, ...] = field(repr=False)
    data: bytes | None = field(repr=False)
    after: PresetView | None
    diff: tuple[DiffLine, ...]
    blocking: tuple[Finding, ...] = ()
    warnings: tuple[Clean, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the file would stay as it is."""
        before = self.original.entry.content
        return self.kind is Kind.EDIT and before is not None and before.data == self.data

    @property
    def never_forced(self) -> tuple[Finding, ...]:
        """Give those that stand against it and that nobody can override."""
        return tuple(found for found in self.blocking if found.code in NEVER_FORCED)

    @property
    def mended(self) -> tuple[Finding, ...]:
        """Give the findings that the change makes go away; of a copy, those that it does not have."""
        if self.after is None:
            return ()
        left = {(finding.code, finding.path) for finding in self.after.findings}
        return tuple(
            found
            for found in self.original.findings
            if (found.code, found.path) not in left and (found.path or self.kind is not Kind.COPY)
        )


class Refused(Exception):
    """The change cannot be planned at all, whoever insists. The sentence says why and what to do."""


class UnknownFix(LookupError):
    """No finding offers a fix of that id. `offered` are the ids that could be meant."""

    def __init__(self, identifier: str, offered: tuple[str, ...]) -> None:
        listed = f" On offer: {', '.join(offered)}." if offered else " No fix is on offer."
        super().__init__(f"No finding offers the fix {clean(identifier)}.{listed}")
        self.offered = offered


def plan_edit(
    services: Services,
    listing: Listing,
    original: PresetView,
    edits: Sequence[Edit],
    *,
    fixes: Sequence[str] = (),
    label: str = "edit",
) -> Plan:
    """Plan edits of a preset and then the fixes named by id, each taken from the findings as they are by then.

    A template is never written: the plan makes a saved copy, with a name and a slot of its own.
    Raises Refused, UnknownFix, or json_text.EditError.
    """
    document = _document(original)
    if original.source is Source.TEMPLATE:
        return _plan_copy(
            services, listing, original, (*_copy_edits(listing, original), *edits), fixes=fixes, label=label
        )
    text, made = _edited(listing, original.entry, document, edits, fixes)
    return _plan(Kind.EDIT, label, listing, original, original.entry.path, text, made)


def plan_nothing(original: PresetView) -> Plan:
    """Give the plan that leaves a preset as it is. Raises Refused for a broken file."""
    _document(original)
    data = original.entry.content.data if original.entry.content else b""
    return Plan(Kind.EDIT, clean("nothing"), original, original.entry.path, (), data, original, ())


def plan_switch(
    services: Services, listing: Listing, original: PresetView, model: str, *, fixes: Sequence[str] = ()
) -> Plan:
    """Plan to move a preset to another model."""
    label = f"switch {original.name or original.entry.stem} to {redact(model)}"
    return plan_edit(services, listing, original, (Set(at.MODEL, model),), fixes=fixes, label=label)


def plan_clone(
    services: Services,
    listing: Listing,
    original: PresetView,
    name: str | None = None,
    *,
    own_slot: bool = False,
) -> Plan:
    """Plan a saved copy under another name (default: `<name>-<N>`, the lowest free N).

    The copy of a saved preset keeps its slot unless `own_slot`; a template's copy always gets its own.
    """
    _document(original)
    edits = _copy_edits(listing, original, name, own_slot=own_slot or original.source is Source.TEMPLATE)
    return _plan_copy(
        services, listing, original, edits, label=f"clone {original.name or original.entry.stem}"
    )


def plan_rename(services: Services, listing: Listing, original: PresetView, name: str) -> Plan:  # noqa: ARG001
    """Plan a new name, in the file and of the file. Agents that name the old file are told of in `warnings`."""
    document = _document(original)
    if original.source is Source.TEMPLATE:
        raise Refused(
            f"{original.reference} is a template, which Lingtai writes anew; clone it under the new name."
        )
    if original.entry.link is not None:
        raise Refused(
            f"{original.reference} is a link to {clean(str(original.entry.link))}; rename that file."
        )
    target = _free_path(original.entry.path.parent, name, allowed=original.entry.path)
    kind = Kind.EDIT if target == original.entry.path else Kind.RENAME
    entry = replace(original.entry, path=target)
    edits = (Set(at.NAME, name),)
    text = json_text.apply(document.text, edits)
    plan = _plan(
        kind,
        f"rename {original.name or original.entry.stem} to {name}",
        listing,
        original,
        target,
        text,
        edits,
        entry,
    )
    return replace(plan, warnings=_left_behind(original, "still name the old file"))


def plan_delete(services: Services, listing: Listing, original: PresetView) -> Plan:  # noqa: ARG001
    """Plan to remove a preset's file; of a link, only the link. A broken file can be removed too."""
    if original.source is Source.TEMPLATE:
        raise Refused(f"{original.reference} is a template; Lingtai would write it again at its next launch.")
    if original.entry.content is None:
        raise Refused(
            f"{original.reference} cannot be read, so it could not be brought back; remove it by hand."
        )
    label = clean(f"delete {original.name or original.entry.stem}")
    removed = file_diff(original.entry.content.data, b"")
    warnings = _left_behind(original, "name this file")
    if original.entry.link is not None:
        warnings = (clean(f"Only the link goes; {original.entry.link} stays."), *warnings)
    return Plan(Kind.DELETE, label, original, original.entry.path, (), None, None, removed, (), warnings)


def name_fault(name: str) -> str | None:
    """Say why Lingtai could not save a preset under this name; None: it could (`lingtai-presets.md` §1.3)."""
    if not name.strip():
        return "A preset needs a name."
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return f"“{clean(name)}” cannot be the name of a preset: it cannot be written as UTF-8."
    if length > _LONGEST_NAME:
        return f"The name has {length} bytes; {_LONGEST_NAME} is the most."
    if not name_is_usable(name):
        return f"“{clean(name)}” cannot be the name of a preset: / and \\ are not allowed, nor . or .. alone."
    return None


def _refresh_notes(original: PresetView, edits: Iterable[Edit]) -> tuple[Clean, ...]:
    """Say when the agents on a preset take a change of it (`lingtai-presets.md` §6)."""
    paths = {edit.path for edit in edits}
    if not original.agents or not any(path[:1] == at.MANIFEST for path in paths):
        return ()
    names = ", ".join(agent.name for agent in original.agents)
    notes = [clean(f"Agents take it at their next refresh: {names}.")]
    if any(path[: len(at.CAPABILITIES)] == at.CAPABILITIES for path in paths):
        notes.append(clean("In capabilities an agent's own init.json wins."))
    return tuple(notes)


def offered_fixes(findings: Iterable[Finding]) -> tuple[tuple[Finding, Fix], ...]:
    """Give every fix on offer with the finding that it mends."""
    return tuple((finding, fix) for finding in findings for fix in finding.fixes)


def redacted_lines(data: bytes, document: Json) -> tuple[Clean, ...]:
    """Give the file's lines as they may be shown: cleaned, and every key in them masked."""
    text, secrets = (
        data.decode("utf-8", "replace").removesuffix("\n"),
        (*secrets_in(data), *inline_secrets(document)),
    )
    return tuple(shown_line(line, secrets) for line in text.split("\n")) if text else ()


def _document(original: PresetView) -> Document:
    if original.entry.document is None:
        raise Refused(f"{original.reference} is not changed: {original.error}.")
    return original.entry.document


def _edited(
    listing: Listing,
    entry: Entry,
    document: Document,
    edits: Sequence[Edit],
    fixes: Sequence[str],
) -> tuple[str, tuple[Edit, ...]]:
    text, made = json_text.apply(document.text, edits), tuple(edits)
    for identifier in fixes:
        findings = _judged(listing, entry, text).findings
        fix = next((fix for _, fix in offered_fixes(findings) if fix.id == identifier), None)
        if fix is None:
            raise UnknownFix(identifier, tuple(dict.fromkeys(fix.id for _, fix in offered_fixes(findings))))
        text, made = json_text.apply(text, fix.edits), (*made, *fix.edits)
    return text, made


def _plan_copy(
    services: Services,
    listing: Listing,
    original: PresetView,
    edits: Sequence[Edit],
    *,
    fixes: Sequence[str] = (),
    label: str,
) -> Plan:
    document = _document(original)
    name = next(edit.value for edit in reversed(edits) if isinstance(edit, Set) and edit.path == at.NAME)
    target = _free_path(services.places.saved, str(name))
    entry = replace(original.entry, path=target, source=Source.SAVED, link=None)
    text, made = _edited(listing, entry, document, edits, fixes)
    plan = _plan(Kind.COPY, f"{label}, as the copy {name}", listing, original, target, text, made, entry)
    what = "is a template and " if original.source is Source.TEMPLATE else ""
    warnings = [f"{original.reference} {what}stays as it is; this makes the copy saved/{target.name}."]
    copy = plan.after
    if copy is not None and copy.key is None and copy.preset is not None and copy.preset.slot:
        warnings.append(f"The copy's slot {redact(copy.preset.slot)} holds no key yet.")
    return replace(plan, warnings=tuple(clean(warning) for warning in warnings))


def _plan(
    kind: Kind,
    label: str,
    listing: Listing,
    original: PresetView,
    target: Path,
    text: str,
    edits: tuple[Edit, ...],
    entry: Entry | None = None,
) -> Plan:
    data = text.encode("utf-8")
    after = _judged(listing, entry or original.entry, text)
    before = original.entry.content
    diff = file_diff(before.data if before else b"", data)
    blocking = _blocking(original, after, edits)
    notes = _refresh_notes(original, edits) if kind is Kind.EDIT else ()
    return Plan(kind, clean(label), original, target, edits, data, after, diff, blocking, notes)


def _judged(listing: Listing, entry: Entry, text: str) -> PresetView:
    written = replace(entry, document=json_text.parse(text))
    return judge(written, listing.context, listing.agents)


def _blocking(original: PresetView, after: PresetView, edits: tuple[Edit, ...]) -> tuple[Finding, ...]:
    """Give the errors that the change brings, and those at the very values that it writes."""
    before = {(finding.code, finding.path) for finding in original.findings}
    touched = {edit.path for edit in edits}
    return tuple(
        finding
        for finding in after.findings
        if finding.severity is Severity.ERROR
        and finding.code not in ABOUT_KEYS
        and ((finding.code, finding.path) not in before or finding.path in touched)
    )


def _copy_edits(
    listing: Listing, original: PresetView, name: str | None = None, *, own_slot: bool = True
) -> tuple[Edit, ...]:
    chosen = name if name is not None else _free_name(listing, original)
    edits: tuple[Edit, ...] = (Set(at.NAME, chosen),)
    preset = original.preset
    keyless = preset is None or listing.context.lingtai.is_keyless(preset.provider)
    if own_slot and preset is not None and not keyless:
        edits = (*edits, *slot_edits(preset, free_slot(preset, listing.context)))
    return edits


def _free_name(listing: Listing, original: PresetView) -> str:
    named = original.name if name_fault(original.name) is None else ""
    stem = named or original.entry.stem
    taken = {name for preset in listing.presets for name in (str(preset.name), preset.entry.stem)}
    return next(f"{stem}-{number}" for number in range(1, len(taken) + 2) if f"{stem}-{number}" not in taken)


def _free_path(folder: Path, name: str, *, allowed: Path | None = None) -> Path:
    fault = name_fault(name)
    if fault is not None:
        raise Refused(fault)
    target = folder / f"{name}.json"
    if target != allowed and (target.exists() or target.is_symlink()):
        raise Refused(f"{clean(target.name)} is there already; choose another name.")
    return target


def _left_behind(original: PresetView, what: str) -> tuple[Clean, ...]:
    if not original.agents:
        return ()
    names = ", ".join(agent.name for agent in original.agents)
    return (clean(f"Agents that {what} in their init.json: {names}."),)
