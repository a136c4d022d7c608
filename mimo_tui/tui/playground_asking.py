"""Whom the playground asks, and whether it may: with the preset as it is now, and a key only where it may go.

Imported with the first action, not with the first frame.
"""

import asyncio
from typing import TYPE_CHECKING

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.conversation import Conversation
from mimo_tui.core.parameter_values import taken
from mimo_tui.core.parameters import Offer, offers
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.written_tools import read_tools
from mimo_tui.services.playground.asking import Asking
from mimo_tui.services.playground.targets import is_as_read, target_for
from mimo_tui.services.presets.listing import PresetView, list_presets
from mimo_tui.services.presets.testing import CannotTest, KeyGoesElsewhere, Target
from mimo_tui.services.refusals import NothingSent
from mimo_tui.tui.playground_talk import Consent
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.talking import SHORTLY

if TYPE_CHECKING:
    from mimo_tui.tui.screens.playground import PlaygroundScreen
    from mimo_tui.tui.screens.prompting import MakeAsking


def problem_with(screen: "PlaygroundScreen", view: PresetView) -> Clean:
    """Say why nothing can be sent with that preset, and how to mend it; empty: something can."""
    try:
        target_for(screen.services, view)
    except KeyGoesElsewhere as problem:
        if screen.agrees(_consent(view)):
            return clean(f"{problem} You agreed to that, as long as the program runs.")
        return clean(f"{problem} You are asked before anything is sent.")
    except CannotTest as problem:
        leads = " f8 goes to its slot." if view.key is None and view.preset and view.preset.slot else ""
        return clean(f"{problem}{leads}")
    return NOTHING


async def asking_of(screen: "PlaygroundScreen", model: str = "") -> "MakeAsking | None":
    """Give how to ask the model that stands in the head, or another; None: nothing may be sent, and it was told."""
    if screen.view is None:
        screen.tell_unsent(clean("Choose a preset first: f3 lists them."))
        return None
    view = await _as_it_is(screen, screen.view)
    target = await _target(screen, view, model or screen.model) if view is not None else None
    if view is None or target is None:
        return None
    reference, parameters, tools = view.reference, screen.parameters, read_tools(screen.tools)
    values = taken(await offered_to(screen, view, target.model, target.wire), parameters)

    def making(conversation: Conversation, parent: int) -> Asking:
        return Asking(conversation, parent, target, reference, values, tools)

    return making


async def offered_to(
    screen: "PlaygroundScreen", view: PresetView, asked: str, wire: Wire
) -> tuple[Offer, ...]:
    """Give what that model takes beside the text, with that preset's key."""
    family = view.endpoint.family if view.endpoint is not None else None
    is_plan = family is not None and family.plan
    return await asyncio.to_thread(lambda: offers(screen.services.catalogue, asked, wire, is_plan=is_plan))


async def _as_it_is(screen: "PlaygroundScreen", view: PresetView) -> PresetView | None:
    """Give the preset as its file is now; None: there is none any more, and it was told."""
    if await asyncio.to_thread(is_as_read, view):
        return view
    screen.listing = await asyncio.to_thread(list_presets, screen.services)
    found = next((each for each in screen.listing.presets if each.reference == view.reference), None)
    screen.use(found)
    if found is None:
        screen.tell_unsent(clean(f"{view.reference} is not there any more. f3 lists the presets that are."))
    else:
        told = clean(f"{view.reference} was changed by another program, and is asked as it is now.")
        screen.notify(told, title="Preset", timeout=SHORTLY, markup=False)
    return found


async def _target(screen: "PlaygroundScreen", view: PresetView, model: str) -> Target | None:
    consent = _consent(view)
    try:
        return target_for(screen.services, view, model=model, agreed=screen.agrees(consent))
    except KeyGoesElsewhere as problem:
        slot = safe(view.preset.slot) if view.preset is not None and view.preset.slot else "the key"
        choices = [
            Choice("no", clean("Send nothing")),
            Choice("yes", clean(f"Send {slot} to {problem.host}"), clean("as long as the program runs")),
        ]
        if await screen.app.push_screen_wait(Choose(clean(str(problem)), choices)) != "yes":
            return None
        screen.agree(consent)
        return target_for(screen.services, view, model=model, agreed=True)
    except NothingSent as problem:
        screen.tell_unsent(clean(str(problem)))
        return None


def _consent(view: PresetView) -> Consent:
    endpoint = view.endpoint
    host = f"{endpoint.host}:{endpoint.port or ''}" if endpoint is not None else ""
    return Consent(view.key.secret.fingerprint if view.key is not None else "", host)
