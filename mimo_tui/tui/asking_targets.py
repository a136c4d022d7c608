"""The preset and the model of a place that asks, as the person chooses them, and the target that comes of it.

Imported with the first action, not with the first frame.
"""

import asyncio

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services.playground.targets import is_as_read
from mimo_tui.services.presets.listing import PresetView, list_presets
from mimo_tui.services.presets.testing import KeyGoesElsewhere, Target
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.tui.picking import choose_model, choose_preset
from mimo_tui.tui.places import KEYS, PRESETS, GoTo
from mimo_tui.tui.screens.asking_place import AskingPlace, consent_of
from mimo_tui.tui.screens.choose import Choice, Choose


async def pick_preset(screen: AskingPlace) -> None:
    """Choose the preset whose key and host are asked."""
    chosen = await choose_preset(
        screen, screen.services, screen.listing, screen.view, screen.QUESTION, screen.kind
    )
    if chosen is not None:
        screen.model = ""
        screen.use(chosen)


async def pick_model(screen: AskingPlace) -> None:
    """Choose the model to ask; the preset stays as it is."""
    question = clean("Ask which model? The preset stays as it is.")
    answer = await choose_model(
        screen, screen.services, (screen.kind,), question, current=screen.model or screen.asked.model
    )
    if answer is not None:
        screen.model = answer
        screen.use(screen.view)


async def target_of(screen: AskingPlace) -> Target | None:
    """Give whom to ask; where no preset is chosen, the person is asked for one. None: nothing may be sent."""
    if screen.is_offline:
        screen.tell_unsent("The program is offline. Start it without --offline.")
        return None
    if screen.view is None:
        await pick_preset(screen)
    view = await _as_it_is(screen, screen.view) if screen.view is not None else None
    if view is None:
        return None

    def wanted(*, agreed: bool) -> Target:
        return speech_target(screen.services, view, screen.kind, model=screen.model, agreed=agreed)

    consent = consent_of(view)
    try:
        return await asyncio.to_thread(wanted, agreed=screen.agrees(consent))
    except KeyGoesElsewhere as problem:
        slot = safe(view.preset.slot) if view.preset is not None and view.preset.slot else "the key"
        choices = [
            Choice("no", clean("Send nothing")),
            Choice("yes", clean(f"Send {slot} to {problem.host}"), clean("as long as the program runs")),
        ]
        if await screen.app.push_screen_wait(Choose(clean(str(problem)), choices)) != "yes":
            return None
        screen.agree(consent)
        return await asyncio.to_thread(wanted, agreed=True)
    except NothingSent as problem:
        screen.tell_unsent(str(problem))
        return None


async def _as_it_is(screen: AskingPlace, view: PresetView) -> PresetView | None:
    """Give the preset as its file is now; None: there is none any more, and it was told."""
    if await asyncio.to_thread(is_as_read, view):
        return view
    screen.listing = await asyncio.to_thread(list_presets, screen.services)
    found = next((each for each in screen.listing.presets if each.reference == view.reference), None)
    screen.use(found)
    if found is None:
        screen.tell_unsent(f"{view.reference} is not there any more. f3 lists the presets that are.")
    else:
        screen.tell(
            "Preset",
            f"{view.reference} was changed by another program, and is asked as it is now.",
            "warning",
        )
    return found


def go_to_key(screen: AskingPlace) -> None:
    """Go to the slot of the preset."""
    view = screen.view
    slot = view.preset.slot if view is not None and view.preset is not None else ""
    screen.app.post_message(GoTo(KEYS.id, safe(slot or "")))


def go_to_preset(screen: AskingPlace) -> None:
    """Go to the preset in the list of all."""
    screen.app.post_message(GoTo(PRESETS.id, screen.view.reference if screen.view is not None else ""))
