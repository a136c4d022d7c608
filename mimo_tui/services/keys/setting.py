"""A new key: which slot it goes to, and the line of `.env` that holds it. Nothing shows the key."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mimo_tui.core.catalogue import KeyKind
from mimo_tui.core.diff import DiffLine, diff
from mimo_tui.core.endpoints import MIMO, key_kind
from mimo_tui.core.secrets import Secret, looks_like_a_key, names_a_key
from mimo_tui.core.slots import Reader, Slots, next_slot, slot_prefix
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import is_meant_for_mimo, is_slot_name
from mimo_tui.services.presets.listing import Listing, list_presets
from mimo_tui.store import changes, envfile
from mimo_tui.store.atomic import SaveFailed, Stamp, Step
from mimo_tui.store.envfile import EnvError, EnvFile, EnvState

_LONGEST = 4000
_PRIVATE_FILE = 0o600
_LONG_ENOUGH = 6
_ASSIGNED = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*", re.ASCII)
_BEARER = re.compile(r"(?:authorization\s*:\s*)?bearer\s+|(?:x-)?api-key\s*:\s*", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A key that is ready to be written. `diff` is masked; `warnings` say what is odd about the key or its slot.

    `stamp` is the file as it was read; None: it is not there yet.
    """

    slot: Clean
    kind: KeyKind | None
    target: Path
    data: bytes = field(repr=False)
    diff: tuple[DiffLine, ...] = ()
    warnings: tuple[Clean, ...] = ()
    stamp: Stamp | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether the slot holds this very key already, in the form that all readers read alike."""
        return not self.diff and self.stamp is not None

    @property
    def label(self) -> Clean:
        """Give the name of the change in the history, which never holds the key."""
        return clean(f"put a key into {self.slot}")


class KeyRefused(Exception):
    """The key or the slot's name cannot be written. The sentence says why, and never holds the key."""


def plan_key(services: Services, secret: Secret, slot: str | None = None, *, provider: str = MIMO) -> KeyPlan:
    """Plan to put a key into a slot (default: the next free one of the provider). Raises KeyRefused.

    Blanks around a pasted key and a pasted `NAME=` or `Bearer ` before it are taken off.
    """
    key, pasted = _tidied(secret)
    _check(key)
    listing = list_presets(services)
    name = free_slot(listing, provider) if slot is None else slot
    _check_slot(listing, name)
    env = envfile.read(services.places.env_file)
    is_new = env.state is EnvState.MISSING and not env.path.is_symlink()
    if env.state is not EnvState.PRESENT and not is_new:
        raise KeyRefused(f"No key can be written: {env.problem}.")
    try:
        after = envfile.set_value(env.text, name, key)
    except EnvError as error:
        raise KeyRefused(f"{error}.") from None
    alone = envfile.disagreements(envfile.parse(envfile.set_value("", name, key)))
    if alone:
        raise KeyRefused(f"Lingtai's readers would not see the same key: {alone[0].reason}.")
    kind = key_kind(key, services.catalogue)
    return KeyPlan(
        slot=clean(name),
        kind=kind,
        target=services.places.env_file,
        data=envfile.encode(after),
        diff=diff(env.text, after, _secrets(env.text, after, key), tails=True),
        warnings=tuple(
            clean(each) for each in _warnings(services, listing, _New(name, key, kind, pasted, env, after))
        ),
        stamp=env.stamp,
    )


def check_slot(services: Services, slot: str) -> None:
    """Raise KeyRefused where no key can be put under that name, before anybody is asked for one."""
    _check_slot(list_presets(services), slot)


def apply_key(services: Services, plan: KeyPlan) -> None:
    """Write the line, and no other byte of `.env`, so that it can be undone. Raises Conflict, SaveFailed.

    A new `.env` is 0600; one that is there keeps its mode, for loose modes are told and never changed in silence.
    """
    if plan.changes_nothing:
        return
    if plan.stamp is not None:
        changes.save(services.history, plan.target, plan.data, expected=plan.stamp, label=plan.label)
        return
    try:
        plan.target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise SaveFailed(plan.target, Step.OPEN, cause) from cause
    changes.create_file(services.history, plan.target, plan.data, label=plan.label, mode=_PRIVATE_FILE)


def free_slot(listing: Listing, provider: str) -> str:
    """Give a slot name for the provider that no preset, file or environment uses yet."""
    slots = listing.context.slots
    return next_slot(slot_prefix(provider, None), slots.names | slots.uses.keys())


@dataclass(frozen=True, slots=True)
class _New:
    """The key that is to be written, `pasted`, the name that stood before it, and `.env` before and after."""

    slot: str
    key: Secret = field(repr=False)
    kind: KeyKind | None
    pasted: str
    env: EnvFile
    after: str = field(repr=False)


def _check_slot(listing: Listing, name: str) -> None:
    known = listing.context.slots.names | listing.context.slots.uses.keys()
    if not is_slot_name(name) and (name not in known or looks_like_a_key(name)):
        raise KeyRefused(
            f"A slot is named like {free_slot(listing, MIMO)}: capital letters, digits and _. "
            "The name that was given is not repeated, since it may be a key."
        )


def _tidied(secret: Secret) -> tuple[Secret, str]:
    text = secret.reveal().strip()
    assigned = _ASSIGNED.match(text)
    # A key may hold a `=` too, and then what stands before it is no name of a slot.
    name = assigned[1] if assigned is not None and is_slot_name(assigned[1]) else ""
    if assigned is not None and name:
        text = text[assigned.end() :]
    text = _unquoted(text)
    bearer = _BEARER.match(text)
    return Secret(_unquoted(text[bearer.end() :].strip() if bearer is not None else text)), name


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES
    return text[1:-1].strip() if quoted else text


def _check(key: Secret) -> None:
    text = key.reveal()
    if not text:
        raise KeyRefused("No key was given.")
    if len(text) > _LONGEST:
        raise KeyRefused(f"The key has {len(text):,} characters; {_LONGEST:,} is the most.")
    if not text.isprintable():
        raise KeyRefused("The key holds a line break, a tab or another sign that cannot be printed.")
    if any(character.isspace() for character in text):
        raise KeyRefused("The key has blanks in it; a key is one word.")


def _secrets(before: str, after: str, key: Secret) -> tuple[Secret, ...]:
    """Give every value of either text that may be a key; a flag such as `=1` would hide half of the diff."""
    lines = (*envfile.parse(before).lines, *envfile.parse(after).lines)
    written = [(line.name or "", line.text.partition("=")[2].strip()) for line in lines]
    found = {
        value
        for name, text in written
        if names_a_key(name) or len(text) >= _LONG_ENOUGH
        for value in (text, text.strip(_QUOTES), text.partition(" #")[0].strip().strip(_QUOTES))
        if value
    }
    return (key, *map(Secret, found), *map(Secret, _loose(line.text for line in lines)))


def _loose(lines: Iterable[str]) -> Iterator[str]:
    """Give what may be a key on lines that set nothing: of a comment its long words with a digit, else the whole."""
    for text in map(str.strip, lines):
        if text.startswith("#"):
            yield from (word for word in text.split() if len(word) >= _LONG_ENOUGH and _DIGIT.search(word))
        elif text and "=" not in text:
            yield text


def _warnings(services: Services, listing: Listing, new: _New) -> Iterator[str]:
    slots = listing.context.slots
    users = tuple(each for each in listing.presets if each.preset and each.preset.slot == new.slot)
    if new.kind is None and is_meant_for_mimo(new.slot, users, services):
        known = ", ".join(sorted(kind.prefix for kind in services.catalogue.key_kinds))
        yield f"The key begins like no known kind of MiMo key ({known})."
    if not new.key.reveal().isascii():
        yield "The key has letters that no key has; perhaps it was pasted from a text."
    if new.pasted and new.pasted != new.slot:
        yield f"It was pasted as {clean(new.pasted)}=…, and goes to {new.slot}."
    if not new.slot.endswith("_API_KEY"):
        yield f"{new.slot} does not end in _API_KEY; it is listed only where a preset names it."
    held = _held(slots, new.slot)
    if not users and not held and new.slot not in services.environment:
        yield f"No preset names {new.slot} yet; give it to one as its slot."
    if held and new.key not in held:
        names = ", ".join(user.reference for user in users)
        used = f", used by {names}" if users else ", which no preset uses"
        yield f"{new.slot} holds another key ({held[0].masked}){used}; it is replaced."
    if services.environment.get(new.slot) not in (None, "", new.key.reveal()):
        yield f"The process environment sets {new.slot} too, and comes first when an agent boots."
    elsewhere = sorted(
        name
        for name, value in slots.env_file[Reader.LINGTAI_TUI].items()
        if value == new.key and name != new.slot
    )
    if elsewhere:
        yield f"The same key is in {', '.join(elsewhere)} already."
    differing = envfile.disagreements(envfile.parse(new.after))
    if reason := next((found.reason for found in differing if found.name == new.slot), None):
        yield f"Lingtai's readers will not all find it: in another place of the file there is {reason}."
    if new.env.loose:
        yield f"Others on this machine can read {new.env.path.name} (mode {new.env.mode or 0:04o}); chmod 600 ends it."


def _held(slots: Slots, name: str) -> tuple[Secret, ...]:
    """Give the keys that `.env` holds in the slot, as its readers see them."""
    seen = (slots.env_file[reader].get(name) for reader in Reader)
    return tuple(dict.fromkeys(value for value in seen if value))
