"""What can be done in the playground beside writing: dialogs, and what mends a failure.

Imported with the first action, not with the first frame.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from mimo_tui.core.catalogue import ModelKind, Surface, Wire
from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.ledger import CREDITS
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.services.playground.asking import Asking
from mimo_tui.services.playground.attaching import Attached, CannotAttach, attach, warnings_of
from mimo_tui.services.playground.pasting import pasted_paths
from mimo_tui.tui import preset_actions
from mimo_tui.tui.picking import choose_model, choose_preset
from mimo_tui.tui.places import KEYS, PRESETS, GoTo
from mimo_tui.tui.playground_asking import offered_to
from mimo_tui.tui.playground_attached import picture_of, shown_attachment
from mimo_tui.tui.playground_exports import code, export
from mimo_tui.tui.playground_offers import BUDGETS, Remedy, remedy_of
from mimo_tui.tui.playground_talk import Around, Talk
from mimo_tui.tui.playground_turns import speaker
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.ask_tools import AskTools
from mimo_tui.tui.screens.conversations import Conversations
from mimo_tui.tui.screens.prompt_search import PromptSearch
from mimo_tui.tui.screens.raw_exchange import RawExchange
from mimo_tui.tui.screens.system_prompts import SystemPrompts
from mimo_tui.tui.screens.talking import SHORTLY
from mimo_tui.tui.widgets.attachments_row import ShownAttachment

if TYPE_CHECKING:
    from mimo_tui.tui.screens.playground import PlaygroundScreen

Action: TypeAlias = "Callable[[PlaygroundScreen], Awaitable[None]]"


# The preset, the model and what goes beside the text.


async def preset(screen: "PlaygroundScreen") -> None:
    """Choose the preset to talk with."""
    question = clean("Talk with which preset?")
    chosen = await choose_preset(screen, screen.services, screen.listing, screen.view, question)
    if chosen is not None:
        screen.model = ""
        screen.use(chosen)


async def model(screen: "PlaygroundScreen") -> None:
    """Choose the model to ask; the preset stays as it is."""
    question = clean("Ask which model? The preset stays as it is.")
    answer = await choose_model(
        screen, screen.services, (ModelKind.CHAT,), question, current=model_of(screen)
    )
    if answer is not None:
        own = screen.view.preset.model if screen.view is not None and screen.view.preset is not None else ""
        screen.model = "" if answer == own else answer
        screen.use(screen.view)


async def parameters(screen: "PlaygroundScreen") -> None:
    """Open the panel of what the model takes beside the text, or close it."""
    if screen.panel.display:
        screen.close_panel()
        return
    await show_parameters(screen)
    screen.open_panel()


async def show_parameters(screen: "PlaygroundScreen") -> None:
    """Have the panel show what the model that stands in the head takes."""
    view = screen.view
    if view is None or view.endpoint is None:
        screen.panel.show(clean("no model"), (), screen.parameters)
        return
    asked = model_of(screen)
    wire = Wire.MESSAGES if view.endpoint.surface is Surface.ANTHROPIC else Wire.CHAT_COMPLETIONS
    offered = await offered_to(screen, view, asked, wire)
    screen.panel.show(safe(asked), offered, screen.parameters)


def model_of(screen: "PlaygroundScreen") -> str:
    """Give the model that is asked: another one that was chosen here, or the preset's; empty: it names none."""
    own = screen.view.preset.model if screen.view is not None and screen.view.preset is not None else ""
    return screen.model or own or ""


async def tools(screen: "PlaygroundScreen") -> None:
    """Write the tools that the model may call."""
    answer = await screen.app.push_screen_wait(AskTools(screen.tools))
    if answer is not None:
        screen.set_tools(answer)


async def system(screen: "PlaygroundScreen") -> None:
    """Write the system prompt of this conversation, or take one of the library."""
    talk = screen.talk
    answer = await screen.app.push_screen_wait(SystemPrompts(screen.services, talk.conversation.system))
    if answer is not None:
        talk.conversation = replace(talk.conversation, system=answer)
        if talk.conversation.turns:
            await screen.keep(talk)


# Attachments.


async def attach_file(screen: "PlaygroundScreen") -> None:
    """Ask for a path or URL, and have it go with the next prompt."""
    hint = clean("The path of an image, a sound or a film, or its https address.")
    location: str | None = ""
    while location is not None:
        location = await screen.app.push_screen_wait(
            AskText(
                clean("Attach:"),
                clean(location),
                hint,
                lambda text: None if text.strip() else "a file has a path",
            )
        )
        if location is not None and await _attach(screen, location.strip()):
            screen.prompt.focus()
            return


async def attach_pasted(screen: "PlaygroundScreen", text: str) -> bool:
    """Attach the files whose paths were pasted; gives whether the text was nothing but those."""
    paths = await asyncio.to_thread(pasted_paths, text)
    return bool(paths) and all([await _attach(screen, str(path)) for path in paths])


async def _attach(screen: "PlaygroundScreen", location: str) -> bool:
    view = screen.view
    surface = view.endpoint.surface if view is not None and view.endpoint is not None else Surface.OPENAI
    named = model_of(screen)

    def read() -> Attached:
        return attach(screen.services, location, surface=surface, model=named)

    try:
        found = await asyncio.to_thread(read)
    except CannotAttach as problem:
        screen.notify(
            clean(str(problem)), title="Not attached", severity="error", timeout=SHORTLY, markup=False
        )
        return False
    attachment = found.attachment
    # What is wrong with it for the model is said of whichever model is asked when it is shown.
    for_model = warnings_of(screen.services.catalogue, attachment, surface=surface, model=named)
    screen.remarks[attachment.location] = tuple(each for each in found.warnings if each not in for_model)
    screen.attachments += (attachment,)
    screen.show_around()
    if picture := await picture_of(found.attachment):
        screen.pictures[found.attachment.digest] = picture
        screen.show_around()
    return True


def attachments_shown(screen: "PlaygroundScreen") -> tuple[ShownAttachment, ...]:
    """Give what goes with the next prompt as it is shown, weighed for the model that is asked."""
    if not screen.attachments:
        return ()
    catalogue, settings = screen.services.catalogue, screen.services.knowledge.settings
    endpoint = screen.view.endpoint if screen.view is not None else None
    is_plan = endpoint is not None and endpoint.family is not None and endpoint.family.plan
    return tuple(
        shown_attachment(
            each,
            catalogue,
            surface=endpoint.surface if endpoint is not None else Surface.OPENAI,
            model=model_of(screen),
            currency=CREDITS if is_plan else settings.currency or "CNY",
            pictures=screen.pictures,
            remarks=screen.remarks.get(each.location, ()),
        )
        for each in screen.attachments
    )


# Conversations.


async def new(screen: "PlaygroundScreen") -> None:
    """Begin another conversation with the same system prompt."""
    screen.open(Conversation(system=screen.talk.conversation.system))
    screen.prompt.focus()


async def past(screen: "PlaygroundScreen") -> None:
    """Open a conversation that was kept."""
    dialog = Conversations(screen.services)
    found = await screen.app.push_screen_wait(dialog)
    screen.forget(dialog.deleted)
    if found is not None:
        screen.open(found)
        screen.prompt.focus()


async def history(screen: "PlaygroundScreen") -> None:
    """Take what was written before into the prompt."""
    found = await screen.app.push_screen_wait(PromptSearch(screen.services, screen.written))
    if found is not None:
        screen.prompt.write(clean_lines(found))
        screen.prompt.focus()


async def compare(screen: "PlaygroundScreen") -> None:
    """Have this model and another one answer side by side: what is written, or else the chosen prompt.

    An answer of this model that is there already is not paid for again.
    """
    talk, chosen = screen.talk, screen.chosen
    said = talk.saying(screen.draft, screen.here)
    is_new = bool(screen.prompt.text.strip()) and said.call is None
    parent = None if is_new else screen.to_answer
    if not is_new and parent is None:
        return
    other = await choose_model(
        screen, screen.services, (ModelKind.CHAT,), clean("Compare with which model?"), last=model_of(screen)
    )
    if other is None or talk.is_busy:
        return
    growing = screen.reserve(talk)
    with screen.reserved(talk, growing):
        mine = await screen.target()
        theirs = await screen.target(other) if mine is not None else None
        if mine is None or theirs is None or growing.stop.is_set():
            return
        if is_new:
            parent = await screen.say(talk, said)
        if parent is None or growing.stop.is_set():
            return
        talk.beside = None
        asking, asked = mine(talk.conversation.at(parent), parent), parent
        kept = chosen if not is_new and chosen is not None and _answers(talk, chosen, asking) else None
        if kept is None:
            talk.conversation = asking.conversation
        await screen.compare(
            talk,
            asking,
            lambda told: theirs(told, asked),
            growing,
            kept=kept.id if kept is not None else None,
        )


def _answers(talk: Talk, turn: Turn, asking: Asking) -> bool:
    """Tell whether the turn answers what would be asked: complete, by that model, with all that would go along.

    Of an answer of an earlier run it is not known what went along.
    """
    answer, around = turn.answer, talk.around.get(turn.id)
    if answer is None or not answer.complete or turn.parent != asking.parent:
        return False
    if around != Around(asking.conversation.system, asking.tools) or answer.preset != asking.preset:
        return False
    target = asking.target
    is_same = (answer.model, answer.host) == (safe(target.model), safe(target.endpoint.host))
    return is_same and answer.wire is target.wire and dict(answer.parameters) == dict(asking.parameters)


async def raw(screen: "PlaygroundScreen") -> None:
    """Show request and answer as they were."""
    chosen = screen.chosen
    found = screen.talk.raws.get(chosen.id) if chosen is not None else None
    if chosen is not None and found is not None:
        title = clean(speaker(chosen, screen.talk.conversation))
        simulated = chosen.answer is not None and chosen.answer.simulated
        await screen.app.push_screen_wait(RawExchange(title, found, simulated=simulated))


# What mends a failure.


async def remedy(screen: "PlaygroundScreen") -> None:
    """Do what mends the failure of the chosen answer; where nothing failed, what the preset lacks."""
    chosen = screen.chosen
    answer = chosen.answer if chosen is not None else None
    found = remedy_of(answer) if answer is not None else Remedy.NONE
    if found is Remedy.NONE:
        found = Remedy.KEYS  # what the preset lacks
    match found:
        case Remedy.SWITCH:
            await _switch(screen)
        case Remedy.KEYS:
            slot = (
                screen.view.preset.slot if screen.view is not None and screen.view.preset is not None else ""
            )
            screen.app.post_message(GoTo(KEYS.id, safe(slot or "")))
        case Remedy.PRESET:
            screen.app.post_message(
                GoTo(PRESETS.id, screen.view.reference if screen.view is not None else "")
            )
        case Remedy.AGAIN:
            screen.action_again()
        case Remedy.PARAMETERS:
            await show_parameters(screen)
            screen.open_panel()
        case Remedy.BUDGET:
            _unlimit(screen)
        case Remedy.EDIT:
            screen.action_edit()


def _unlimit(screen: "PlaygroundScreen") -> None:
    """Have the model write as much as it does by itself."""
    kept = {name: value for name, value in screen.parameters.items() if name not in BUDGETS}
    told = "The limit is left out." if len(kept) < len(screen.parameters) else "No limit is set any more."
    screen.set_parameters(MappingProxyType(kept))
    screen.notify(f"{told} ctrl+r asks again.", title="Output", timeout=SHORTLY, markup=False)


async def _switch(screen: "PlaygroundScreen") -> None:
    """Switch the preset to another model, or only this conversation, where it asks another than the preset's."""
    view, listing = screen.view, screen.listing
    if screen.model or view is None or listing is None:
        await model(screen)
        return
    chosen = preset_actions.Chosen(screen.app, screen.services, listing, view)
    if await preset_actions.switch(chosen) is not None:
        screen.load()
        screen.notify(
            "ctrl+r asks again, with the preset as it is now.",
            title="Switched",
            timeout=SHORTLY,
            markup=False,
        )


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "preset": preset,
        "model": model,
        "parameters": parameters,
        "tools": tools,
        "system": system,
        "attach": attach_file,
        "new": new,
        "past": past,
        "history": history,
        "compare": compare,
        "raw": raw,
        "code": code,
        "export": export,
        "remedy": remedy,
    }
)
"""What is done in the playground by a dialog or a look at files."""
