"""The slot and its key: missing, shared, inline, read differently (`lingtai-presets.md` §3.5, §4)."""

import re
from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Edit, Path, Set
from mimo_tui.core.preset import Preset, Source, same_provider_slots
from mimo_tui.core.rules.document import KERNEL_BOOT, kind_of
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.secrets import Secret, looks_like_a_key
from mimo_tui.core.slots import KeySource, Reader, Use, key_of, next_slot, slot_prefix
from mimo_tui.core.text import clean

PRECEDENCE = (
    "at boot the kernel takes the process environment, then .env, then api_key; "
    "at refresh .env first; Lingtai's screen takes .env, then config.json (lingtai-presets.md §4)"
)

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

READABLE = (
    "other accounts of the machine can read presets, and they are copied and shared (lingtai-presets.md §1.1)"
)


def slot(subject: Subject, context: Context) -> Iterator[Finding]:
    preset, value = subject.preset, subject.llm.get("api_key_env", "")
    takes_key = bool(preset.provider) and not _keyless(preset, context)
    if not isinstance(value, str):
        blank = Fix("slot-to-text", "write an empty text", (Set(at.SLOT, ""),))
        fixes = (_own_slot(preset, context), blank) if takes_key else (blank,)
        message = f"the slot is {kind_of(value)}, not text"
        yield Finding("slot-null", Severity.ERROR, at.SLOT, message, KERNEL_BOOT, fixes)
    elif not value and takes_key and preset.inline_key is None:
        because = (
            "an empty slot means no credential; Lingtai names one on its next save (lingtai-presets.md §3.5)"
        )
        fixes = (_own_slot(preset, context),)
        yield Finding("slot-empty", Severity.WARNING, at.SLOT, "no slot is named", because, fixes)


def slot_name(subject: Subject, context: Context) -> Iterator[Finding]:
    preset = subject.preset
    fault = _slot_fault(preset.slot or "")
    if fault:
        fixes = () if _keyless(preset, context) else (_own_slot(preset, context),)
        because = (
            "a slot is the name of an environment variable; keys stand in .env (lingtai-presets.md §3.4, §4)"
        )
        yield Finding("slot-name", Severity.ERROR, at.SLOT, fault, because, fixes)


def missing(subject: Subject, context: Context) -> Iterator[Finding]:
    preset = subject.preset
    if not preset.slot or subject.key is not None or _keyless(preset, context) or _slot_fault(preset.slot):
        return
    severity = Severity.INFO if subject.source is Source.TEMPLATE else Severity.ERROR
    name = clean(preset.slot)
    if preset.slot in context.slots.config:
        message = f"{name} has a key in config.json only, which the kernel does not read"
        yield Finding("key-missing", severity, at.SLOT, message, PRECEDENCE)
    else:
        message = f"{name} holds no key; put {name}=… on a line of its own in .env"
        because = "agents on this preset cannot call their model without one (lingtai-presets.md §4)"
        yield Finding("key-missing", severity, at.SLOT, message, because)


def inline(subject: Subject, context: Context) -> Iterator[Finding]:
    preset = subject.preset
    keys = list(_inline_keys(preset))
    if not keys:
        return
    for path, secret in keys:
        fixes: tuple[Fix, ...] = ()
        named = key_of(preset, context.slots)
        if path == at.INLINE_KEY and named is not None and named.source is not KeySource.INLINE:
            title = f"remove it; {clean(preset.slot or '')} holds a key"
            fixes = (Fix("remove-inline-key", title, (Set(path, None),)),)
        message = f"a key stands in the file itself ({secret.masked})"
        yield Finding("inline-key", Severity.WARNING, path, message, READABLE, fixes)
    if subject.mode & 0o077:
        message = f"the file holds a key and its mode is {subject.mode & 0o777:04o}"
        because = "others on this machine can read it; chmod 600 would end that (lingtai-presets.md §1.1)"
        yield Finding("loose-mode", Severity.WARNING, (), message, because)


def shared(subject: Subject, context: Context) -> Iterator[Finding]:
    preset, endpoint = subject.preset, subject.endpoint
    if not preset.slot or endpoint is None or subject.source is Source.TEMPLATE:
        return
    mine = endpoint.family.id if endpoint.family else ""
    others = [
        use
        for use in context.slots.uses.get(preset.slot, ())
        if use.family and mine and use.family != mine and not _is_self(use, subject)
    ]
    if others:
        names = ", ".join(sorted({use.preset for use in others}))
        own = _own_slot(preset, context)
        message = f"{clean(preset.slot)} is also the slot of {names}, on hosts that take another kind of key"
        because = "one key fits one family of hosts (mimo-api.md §3.1)"
        yield Finding("slot-shared", Severity.WARNING, at.SLOT, message, because, (own,))


def readers(subject: Subject, context: Context) -> Iterator[Finding]:
    name = subject.preset.slot
    if not name:
        return
    if name in context.slots.disagreements:
        lines = " and ".join(map(str, context.slots.lines.get(name, ())))
        where = f" (line {lines} of .env)" if lines else ""
        reason = context.slots.disagreements[name]
        message = f"Lingtai's readers see different values in {clean(name)}: {reason}{where}"
        yield Finding("key-read-differently", Severity.WARNING, at.SLOT, message, PRECEDENCE)
        return
    seen = {
        key.secret for reader in Reader if (key := key_of(subject.preset, context.slots, reader)) is not None
    }
    if len(seen) > 1:
        sources = sorted(
            {
                str(key.source)
                for reader in Reader
                if (key := key_of(subject.preset, context.slots, reader)) is not None
            }
        )
        message = f"{clean(name)} has different keys in different places: {', '.join(sources)}"
        yield Finding("key-read-differently", Severity.WARNING, at.SLOT, message, PRECEDENCE)


RULES: tuple[Rule, ...] = (slot, slot_name, missing, inline, shared, readers)


def _slot_fault(name: str) -> str:
    """Say what is wrong with the name of a slot; empty where nothing is."""
    if not name or _ENVIRONMENT_NAME.fullmatch(name):
        return ""
    if looks_like_a_key(name):
        return f"a key ({Secret(name).masked}) stands where the name of its slot belongs"
    return f"{clean(name)} cannot be the name of an environment variable"


def free_slot(preset: Preset, context: Context) -> str:
    """Give a slot name for the preset that no preset, file or environment uses yet."""
    names = context.slots.names | context.slots.uses.keys()
    return next_slot(slot_prefix(preset.provider, preset.base_url), names)


def slot_edits(preset: Preset, name: str) -> tuple[Edit, ...]:
    """Give the edits that move the preset, and the capabilities on its own provider, to the slot `name`."""
    return (Set(at.SLOT, name), *(Set(path, name) for path in same_provider_slots(preset)))


def _is_self(use: Use, subject: Subject) -> bool:
    """Whether the use is that of the very preset, as it lies on the disk."""
    return bool(use.reference) and use.reference == subject.reference


def _inline_keys(preset: Preset) -> Iterator[tuple[Path, Secret]]:
    if preset.inline_key is not None:
        yield at.INLINE_KEY, preset.inline_key
    for name, value in preset.capabilities.items():
        key = value.get("api_key") if isinstance(value, dict) else None
        if isinstance(key, str) and key:
            yield (*at.CAPABILITIES, name, "api_key"), Secret(key)


def _own_slot(preset: Preset, context: Context) -> Fix:
    return Fix("own-slot", "give it a slot of its own", slot_edits(preset, free_slot(preset, context)))


def _keyless(preset: Preset, context: Context) -> bool:
    return context.lingtai.is_keyless(preset.provider)
