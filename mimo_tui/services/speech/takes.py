"""The takes that there are: listed, read, kept, removed. All of it blocks, and raises TakesProblem."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from mimo_tui.core.secrets import safe
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from mimo_tui.services.refusals import NothingSent
from mimo_tui.store import settings
from mimo_tui.store.settings import Settings
from mimo_tui.store.takes import Takes, TakesProblem
from mimo_tui.store.takes_details import ENDING

__all__ = [
    "NoTake",
    "TakesProblem",
    "clean_up",
    "delete_takes",
    "find_take",
    "is_nowhere",
    "is_on_disk",
    "keep_take",
    "list_takes",
    "most_megabytes",
    "read_take",
    "require_sound",
    "take_path",
    "takes_for",
    "takes_size",
    "to_clean_up",
]

UNKEPT: Final = "unkept"
"""The id of a take that no folder takes."""

MEGABYTE: Final = 1_000_000
"""Bytes, as the settings count them."""


class NoTake(NothingSent):
    """There is no such take, or several could be meant; the sentence says which there are."""


def takes_for(services: Services, own: Settings) -> Takes:
    """Give where takes are kept: on the disk, or, where the person wants none kept, for as long as the program runs."""
    return services.takes if own.keeps_takes else services.passing_takes()


def list_takes(services: Services) -> tuple[Take, ...]:
    """Give the takes that are there, newest first, without those that are still spoken."""
    found = [each for takes in _all(services) for each in takes.takes()]
    return tuple(sorted(found, key=lambda take: take.id, reverse=True))


def find_take(services: Services, name: str) -> Take:
    """Give the take of that id, or of the only one that begins or ends so; `last` is the newest. Raises NoTake."""
    takes = list_takes(services)
    if name == "last" and takes:
        return takes[0]
    exact = [take for take in takes if take.id == name]
    found = exact or [take for take in takes if name and (take.id.startswith(name) or take.id.endswith(name))]
    if len(found) == 1:
        return found[0]
    if found:
        raise NoTake(f"{safe(name)} may be {len(found)} takes: {', '.join(take.id for take in found[:5])}.")
    raise NoTake(
        f"There is no take {safe(name)}." if takes else f"There is no take {safe(name)}, nor any other yet."
    )


def take_path(services: Services, take: Take) -> Path:
    """Give where the sound of a take is."""
    paths = [takes.path(take) for takes in _all(services)]
    return next((path for path in paths if path.exists()), paths[0])


def require_sound(services: Services, take: Take) -> Path:
    """Give where the sound of a take is, after a look whether it is there."""
    path = take_path(services, take)
    if not path.exists():
        raise TakesProblem(f"The sound of the take is gone: {path} was removed by another program.")
    return path


def read_take(services: Services, take: Take) -> bytes:
    """Give the sound file of a take, also of one that could not be written to the disk in this run."""
    kept, passing = _all(services)
    try:
        return kept.read(take)
    except TakesProblem:
        with suppress(TakesProblem):
            return passing.read(take)
        raise


def is_nowhere(take: Take) -> bool:
    """Tell whether no folder took it, so that nothing of it can be had again."""
    return take.id == UNKEPT


def is_on_disk(services: Services, take: Take) -> bool:
    """Tell whether a take, or one that is being spoken, is kept longer than this run of the program."""
    folder = services.takes.folder
    is_there = (folder / f"{take.id}{ENDING}").exists()
    return is_there and (not take.file or services.takes.path(take).exists())


def keep_take(services: Services, take: Take, *, kept: bool) -> Take:
    """Have no clean-up remove it, or again any; give it as it is now."""
    return _holder(services, take.id).keep(take.id, kept)


def delete_takes(services: Services, takes: tuple[Take, ...]) -> tuple[Take, ...]:
    """Remove takes, and give those that were removed; one that is gone already is left out."""
    ids = [take.id for take in takes]
    return tuple(gone for each in _all(services) for gone in each.delete(ids))


def takes_size(services: Services) -> int:
    """Give the bytes that all takes have."""
    return sum(takes.size for takes in _all(services))


def most_megabytes(services: Services) -> int:
    """Give how many megabytes (of a million bytes) of takes are kept, as the person set it."""
    return settings.load(services.places.settings).takes_megabytes


def to_clean_up(services: Services, megabytes: int = 0) -> tuple[Take, ...]:
    """Give what `clean_up` would remove: the oldest, until so many megabytes are left at most; none to be kept."""
    takes = list_takes(services)
    over = sum(take.size for take in takes) - megabytes * MEGABYTE
    found: list[Take] = []
    for take in reversed(takes):
        if over <= 0:
            break
        if not take.kept:
            over -= take.size
            found.append(take)
    return tuple(found)


def clean_up(services: Services, megabytes: int = 0) -> tuple[Take, ...]:
    """Remove what `to_clean_up` gives, and give what was removed."""
    return delete_takes(services, to_clean_up(services, megabytes))


def _all(services: Services) -> tuple[Takes, ...]:
    """Give all places of takes: a disk that takes none, or a person who wants none kept, leaves the second."""
    return (services.takes, services.passing_takes())


def _holder(services: Services, take_id: str) -> Takes:
    found = (takes for takes in _all(services) if any(take.id == take_id for take in takes.takes()))
    return next(found, services.takes)
