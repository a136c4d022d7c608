"""The slots: which names hold a key, where it is set, who uses it, and what was last found out about it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.endpoints import MIMO, Endpoint, KeyKind, key_kind
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.preset import is_mimo
from mimo_tui.core.rules.key import PRECEDENCE, READABLE
from mimo_tui.core.secrets import Secret, looks_like_a_key, redact
from mimo_tui.core.slots import KeySource, Reader, Slots
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import rule
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Listing, PresetView, list_presets
from mimo_tui.store import checks, envfile
from mimo_tui.store.checks import Remembered

__all__ = [
    "Keys",
    "NoSlot",
    "Remembered",
    "SlotView",
    "calls_mimo",
    "find_slot",
    "is_meant_for_mimo",
    "is_mimos_host",
    "is_slot_name",
    "list_keys",
    "read_keys",
]


_NUMBERED = re.compile(r"([^0-9]*)([0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot. `secret` and `source` are what Lingtai's kernel finds at boot; None: it finds nothing.

    An inline key is one only where its preset alone uses the slot. `places` are all that hold a value for one of
    Lingtai's readers at least, `lines` the lines of `.env` that set it. `rule` says what the prefix alone tells.
    `is_mimo`: its key is meant for MiMo's hosts, by the presets that use it or else by its name. `check` is the
    last verdict on this very key; None: it was never checked.
    """

    name: Clean
    secret: Secret | None
    source: KeySource | None
    places: tuple[KeySource, ...]
    kind: KeyKind | None
    presets: tuple[PresetView, ...]
    disagreement: Clean | None
    lines: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    rule: Clean | None = None
    is_mimo: bool = False
    check: Remembered | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """Every slot, and what is wrong with the files that hold keys or what is remembered of them."""

    slots: tuple[SlotView, ...]
    findings: tuple[Finding, ...]


class NoSlot(LookupError):
    """No slot goes by that name. `close` are names that look like it."""

    def __init__(self, name: str, close: tuple[Clean, ...] = ()) -> None:
        named = f" called {clean(name)}" if is_slot_name(name) else " of that name"
        hint = f" Did you mean {' or '.join(close)}?" if close else " `mimo-tui keys list` shows them all."
        super().__init__(f"There is no slot{named}.{hint}")
        self.close = close


def list_keys(services: Services) -> tuple[SlotView, ...]:
    """Give every slot that a preset names, or that ends in `_API_KEY` and is set; MiMo's first. Reads only."""
    return read_keys(services).slots


def read_keys(services: Services, listing: Listing | None = None) -> Keys:
    """Give every slot, MiMo's first, and what is wrong around them. Reads only.

    `listing` are the presets where they have been listed already.
    """
    listing = listing or list_presets(services)
    slots = listing.context.slots
    env = envfile.read(services.places.env_file)
    memory = checks.load(services.places.checks)
    lines: dict[str, list[int]] = {}
    for line in envfile.parse(env.text).lines:
        lines.setdefault(line.name or "", []).append(line.number)
    in_env_file = {name for values in slots.env_file.values() for name in values}
    named = {preset.preset.slot for preset in listing.presets if preset.preset and preset.preset.slot}
    known = {name for name in (*in_env_file, *slots.config) if _is_a_slot(name)}
    seen = _Seen(services, slots, memory, listing.presets, lines, env)
    problems = [problem] if (problem := memory.problem) else []
    findings = (
        *(found for found in listing.findings if found.code in ("loose-mode", "keys-unreadable")),
        *(
            Finding("checks-unreadable", Severity.INFO, (), each, "a check finds it again")
            for each in problems
        ),
    )
    slots_found = (_slot(seen, name) for name in sorted(sorted(named | known), key=_counting))
    return Keys(tuple(sorted(slots_found, key=lambda slot: not slot.is_mimo)), findings)


def _counting(name: str) -> tuple[tuple[str, int], ...]:
    """Give what sorts `MIMO_10` behind `MIMO_2`."""
    return tuple((text, int(number or 0)) for text, number in _NUMBERED.findall(name))


def find_slot(slots: tuple[SlotView, ...], name: str) -> SlotView:
    """Give the slot of that name. Raises NoSlot, which never repeats what may be a key."""
    found = next((slot for slot in slots if slot.name == name), None)
    if found is None:
        from difflib import get_close_matches

        names = {str(slot.name): slot.name for slot in slots}
        close = get_close_matches(name.upper(), names, n=3, cutoff=0.7) if is_slot_name(name) else []
        raise NoSlot(name, tuple(names[match] for match in close))
    return found


def is_slot_name(name: str) -> bool:
    """Tell whether a text is written as slots are, and may be repeated: anything else may be a key."""
    capitals = name.isascii() and name.isidentifier() and name.upper() == name
    return capitals and "_" in name and not looks_like_a_key(name)


def calls_mimo(view: PresetView, catalogue: Catalogue) -> bool:
    """Tell whether the preset sends its key to a host of MiMo, or means to and names none that carries its API."""
    preset, endpoint = view.preset, view.endpoint
    if preset is None:
        return False
    return is_mimo(preset) if endpoint is None or not endpoint.host else is_mimos_host(endpoint, catalogue)


def is_mimos_host(endpoint: Endpoint, catalogue: Catalogue) -> bool:
    """Tell whether the host is MiMo's own: of its API, of its pages, or under its domain."""
    if endpoint.family is not None:
        return bool(endpoint.family.key_prefixes)
    own = endpoint.host == catalogue.domain or endpoint.host.endswith(f".{catalogue.domain}")
    return own or catalogue.is_website(endpoint.host)


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that was read, from which each slot is put together."""

    services: Services
    slots: Slots
    memory: checks.Memory
    presets: tuple[PresetView, ...]
    lines: Mapping[str, list[int]]
    env: envfile.EnvFile


def _slot(seen: _Seen, name: str) -> SlotView:
    slots, catalogue = seen.slots, seen.services.catalogue
    users = tuple(preset for preset in seen.presets if preset.preset and preset.preset.slot == name)
    inline = {user.preset.inline_key for user in users if user.preset and user.preset.inline_key}
    process, at_boot = slots.process.get(name), slots.env_file[Reader.KERNEL_BOOT].get(name)
    holds = {
        KeySource.PROCESS: bool(process),
        KeySource.ENV_FILE: any(values.get(name) for values in slots.env_file.values()),
        KeySource.CONFIG: name in slots.config,
        KeySource.INLINE: bool(inline),
    }
    places = tuple(place for place, is_set in holds.items() if is_set)
    secret = process or at_boot or None
    source = KeySource.PROCESS if process else KeySource.ENV_FILE if at_boot else None
    if secret is None and len(users) == 1 and inline:
        secret, source = inline.pop(), KeySource.INLINE
    kind = key_kind(secret, catalogue) if secret is not None else None
    view = SlotView(
        clean(redact(name)),
        secret,
        source,
        places,
        kind,
        users,
        slots.disagreements.get(name),
        tuple(seen.lines.get(name, ())),
        rule=rule(kind, catalogue) if secret is not None else None,
        is_mimo=is_meant_for_mimo(name, users, seen.services),
        check=seen.memory.checks.get(secret.fingerprint) if secret is not None else None,
    )
    return replace(view, findings=tuple(_findings(seen, name, view)))


def is_meant_for_mimo(name: str, users: Sequence[PresetView], services: Services) -> bool:
    """Tell whether the slot's key is for MiMo's hosts: by the presets that use it, else by its name."""
    if users:
        return any(calls_mimo(user, services.catalogue) for user in users)
    return _is_named_mimo(name, services)


def _is_named_mimo(name: str, services: Services) -> bool:
    """Tell whether the name begins as those do that Xiaomi's docs and Lingtai give to MiMo's keys."""
    documented = services.catalogue.facts.get("key_slot")
    by_lingtai = services.lingtai.default_slots.get(MIMO, "")
    known = (str(documented.value) if documented is not None else "", by_lingtai)
    return name.partition("_")[0] in {each.partition("_")[0] for each in known if each}


def _findings(seen: _Seen, name: str, view: SlotView) -> Iterator[Finding]:
    slots = seen.slots
    if view.disagreement is not None:
        numbers = " and ".join(map(str, view.lines))
        where = f" (line {numbers} of .env)" if numbers else ""
        message = clean(f"Lingtai's readers see different values: {view.disagreement}{where}")
        yield Finding("key-read-differently", Severity.WARNING, (), message, PRECEDENCE)
    yield from _elsewhere(slots, name, view)
    if KeySource.INLINE in view.places:
        names = ", ".join(user.reference for user in view.presets if user.preset and user.preset.inline_key)
        yield Finding(
            "inline-key", Severity.WARNING, (), clean(f"a key stands in the preset itself: {names}"), READABLE
        )
    if KeySource.ENV_FILE in view.places and seen.env.loose:
        message = clean(f"others on this machine can read .env (mode {seen.env.mode or 0:04o})")
        because = "keys are for their owner only; chmod go-rwx ends it (lingtai-presets.md §1.1)"
        yield Finding("loose-mode", Severity.WARNING, (), message, because)
    if view.is_mimo and view.secret is not None and view.kind is None and view.rule is not None:
        message = clean("the key begins like no known kind of MiMo key")
        yield Finding("key-kind-unknown", Severity.WARNING, (), message, view.rule)


def _elsewhere(slots: Slots, name: str, view: SlotView) -> Iterator[Finding]:
    """Say where another place holds another key, or the only one."""
    at_boot, process = slots.env_file[Reader.KERNEL_BOOT].get(name), slots.process.get(name)
    if process and at_boot and process != at_boot:
        message = clean("the process environment holds another key than .env, and comes first at boot")
        yield Finding("key-elsewhere", Severity.WARNING, (), message, PRECEDENCE)
    on_screen, mirrored = slots.env_file[Reader.LINGTAI_TUI].get(name), slots.config.get(name)
    if mirrored and on_screen and mirrored != on_screen:
        message = clean("config.json holds another key than .env, which comes first")
        yield Finding("key-elsewhere", Severity.INFO, (), message, PRECEDENCE)
    elif mirrored and view.secret is None:
        message = clean("the key is in config.json only, which the kernel does not read")
        yield Finding("key-elsewhere", Severity.WARNING, (), message, PRECEDENCE)


def _is_a_slot(name: str) -> bool:
    """Tell whether a person means a slot by the name; `export X` is what the kernel reads where they mean X."""
    return name.endswith("_API_KEY") and name.split() == [name]
