"""The conversations that are kept on this machine: found again, opened, renamed, deleted. Opens no connection.

All of it blocks, so that a screen calls it in a thread, and raises RecordsProblem, NoRecord among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mimo_tui.core.conversation import Attachment, Conversation, Role, Turn
from mimo_tui.core.secrets import Secret, may_be_a_key, may_hold_a_key
from mimo_tui.core.text import Clean
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import CannotAttach, attach_again
from mimo_tui.services.playground.events import Began, Grew
from mimo_tui.services.presets.listing import Listing
from mimo_tui.store.sessions import Found, NoRecord, Record, RecordsProblem

__all__ = [
    "Found",
    "NoRecord",
    "Record",
    "Records",
    "RecordsProblem",
    "Replayed",
    "delete",
    "delete_all",
    "every_secret",
    "keeps",
    "load",
    "records",
    "rename",
    "replay",
    "search",
]

_STRIDE: Final = 24


@dataclass(frozen=True, slots=True)
class Records:
    """What is kept, the newest first. `size` is in bytes on the disk; `keeps`: what is said now is kept, too."""

    records: tuple[Record, ...]
    size: int
    keeps: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """A turn has been replayed; it is whole now."""

    turn: Turn


def keeps(services: Services) -> bool:
    """Tell whether conversations are kept: `keep` in `[playground]` of the settings."""
    return services.knowledge.settings.keeps_records


def records(services: Services, limit: int = -1) -> Records:
    """Give what is kept, `limit` records at most, -1: all."""
    found = services.sessions.records(limit)
    return Records(found, services.sessions.size, keeps(services))


def search(services: Services, words: str, limit: int = 50) -> tuple[Found, ...]:
    """Find the records that hold all the words, the newest first, each with the place where they stand."""
    return services.sessions.search(words, limit)


def load(services: Services, record: int) -> Conversation:
    """Give a conversation as it was kept, and with its files where they are still there and the same.

    An answer that never ended has what came of it, and is not complete.
    """
    found = services.sessions.load(record)
    for turn in found.turns.values():
        if turn.attachments:
            found = found.put(replace(turn, attachments=tuple(_read_again(services, turn))))
    return found


def rename(services: Services, record: int, title: str) -> Clean:
    """Give a record another title, an empty one: that of its first prompt. Gives the title as it is kept."""
    return services.sessions.rename(record, title)


def delete(services: Services, record: int) -> None:
    """Delete a record; its text is overwritten on the disk. It cannot be undone."""
    services.sessions.delete(record)


def delete_all(services: Services) -> int:
    """Delete every record, and give how many there were. It cannot be undone."""
    return services.sessions.delete_all()


def replay(conversation: Conversation) -> Iterator[Began | Grew | Replayed]:
    """Say again what was said up to where the conversation stands, answers piece by piece. Nothing is asked."""
    for turn in conversation.path():
        if turn.role is Role.ASSISTANT:
            yield Began(replace(turn, text="", reasoning="", calls=(), citations=(), thoughts=()))
            for at in range(0, len(turn.reasoning), _STRIDE):
                yield Grew(turn.id, reasoning=turn.reasoning[at : at + _STRIDE])
            for at in range(0, len(turn.text), _STRIDE):
                yield Grew(turn.id, text=turn.text[at : at + _STRIDE])
        yield Replayed(turn)


def every_secret(listing: Listing) -> tuple[Secret, ...]:
    """Give every key that is known here, so that none of them is kept: not those of other presets either.

    What can be no key, such as an `x` in its place, is not among them: it would be hidden in every text.
    """
    slots = listing.context.slots
    places = (*slots.env_file.values(), slots.process, slots.config)
    held = ((name, secret) for place in places for name, secret in place.items())
    named = (
        secret
        for name, secret in held
        if (may_be_a_key(secret) if name in slots.uses else may_hold_a_key(name, secret))
    )
    keys = (view.key.secret for view in listing.presets if view.key is not None)
    return tuple(dict.fromkeys((*named, *filter(may_be_a_key, keys))))


def _read_again(services: Services, turn: Turn) -> Iterator[Attachment]:
    for attachment in turn.attachments:
        try:
            yield attach_again(services, attachment)
        except CannotAttach:
            # Its name, size and measures are still told; a question leaves it out, and says so.
            yield attachment
