"""Whom a conversation is with: the model, key and host of a preset."""

from dataclasses import replace

from mimo_tui.core.catalogue import Surface, Wire
from mimo_tui.core.preset import Source, is_mimo
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Ambiguous, Listing, PresetView, find
from mimo_tui.services.presets.testing import CannotTest, Target, target_of
from mimo_tui.services.refusals import NothingSent


class NoPreset(NothingSent):
    """No preset can be talked with; the sentence says what is missing."""


class WhichPreset(Ambiguous):
    """Several presets could be talked with and none was named; the person must say which."""

    def __init__(self, candidates: tuple[PresetView, ...]) -> None:
        super().__init__("", candidates)
        listed = ", ".join(candidate.reference for candidate in candidates)
        self.args = (f"{len(candidates)} presets could be meant. Say which by --preset: {listed}.",)


def target_for(services: Services, view: PresetView, *, model: str = "", agreed: bool = False) -> Target:
    """Give whom a conversation with the preset asks, for its own model or for `model`.

    Where its agents use the Responses form, chat completions are asked: same host, key and model. Raises CannotTest,
    and KeyGoesElsewhere where a key of MiMo would leave for another host, unless the person `agreed`.
    """
    target = target_of(services, view, agreed=agreed)
    asked = model or target.model
    if not asked:
        raise CannotTest(f"{view.reference} names no model. Give it one, or say which to ask.")
    is_anthropic = target.endpoint.surface is Surface.ANTHROPIC
    return replace(
        target,
        model=asked,
        wire=Wire.MESSAGES if is_anthropic else Wire.CHAT_COMPLETIONS,
        asked=replace(target.asked, model=asked),
    )


def the_preset(listing: Listing, name: str = "") -> PresetView:
    """Give the preset of that name; without one that of MiMo which can be talked with, if there is one only.

    A template counts only where no saved preset could. Raises NotFound, Ambiguous, and NoPreset where there is none.
    """
    if name:
        return find(listing, name)
    usable = [view for view in listing.presets if is_usable(view)]
    usable = [view for view in usable if view.source is Source.SAVED] or usable
    if not usable:
        raise NoPreset(
            "No preset of MiMo has a host and a key. `mimo-tui presets list` shows them, and `mimo-tui keys set` "
            "puts a key in."
        )
    if len(usable) > 1:
        raise WhichPreset(tuple(usable))
    return usable[0]


def is_as_read(view: PresetView) -> bool:
    """Tell whether the preset's file is still what was read. Blocks."""
    content = view.entry.content
    try:
        now = view.entry.path.stat()
    except OSError:
        return False
    read = content.stamp if content is not None else None
    return read is not None and (read.size, read.mtime_ns, read.inode, read.device) == (
        now.st_size,
        now.st_mtime_ns,
        now.st_ino,
        now.st_dev,
    )


def is_usable(view: PresetView) -> bool:
    """Tell whether the preset is one of MiMo's and names all that it takes to talk with it."""
    preset, endpoint = view.preset, view.endpoint
    return (
        preset is not None
        and is_mimo(preset)
        and view.key is not None
        and endpoint is not None
        and bool(endpoint.host)
    )
