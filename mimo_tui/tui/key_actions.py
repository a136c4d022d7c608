"""What can be done with a slot on the screen: ask, plan, save.

Each gives the name of the slot on which the cursor belongs afterwards, None where nothing was done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from textual.app import App

from mimo_tui.core.catalogue import Family
from mimo_tui.core.json_text import EditError
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Probe
from mimo_tui.services import Services
from mimo_tui.services.keys.checking import CannotCheck, check_key, family_of, remember
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced, plan_move
from mimo_tui.services.keys.setting import KeyPlan, KeyRefused, apply_key, plan_key
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.services.presets.planning import Plan, Refused
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.history import HistoryError
from mimo_tui.tui.saving import BRIEFLY, redo_newest, save_plan, undo_newest
from mimo_tui.tui.screens.ask_key import AskKey
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.confirm import Confirm, warnings_text
from mimo_tui.tui.screens.history import HistoryScreen
from mimo_tui.tui.widgets.key_text import Asking, KeyCard

_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class ChosenSlot:
    """The slot under the cursor, with all that an action needs."""

    app: App[None]
    services: Services
    card: KeyCard

    @property
    def slot(self) -> SlotView:
        """Give the slot itself."""
        return self.card.slot


Action: TypeAlias = Callable[[ChosenSlot], Awaitable[str | None]]
LibraryAction: TypeAlias = Callable[[App[None], Services], Awaitable[str | None]]


async def check(chosen: ChosenSlot, put: Callable[[KeyCard], None]) -> None:
    """Ask each host of the key's family and keep the verdict; `put` is given the card as it fills.

    Ended from outside, the card says so.
    """
    family = await _choose_family(chosen)
    if family is None:
        return
    slot = chosen.slot
    probes: list[Probe] = []

    def answered(probe: Probe) -> None:
        probes.append(probe)
        put(KeyCard(slot, asking=Asking(family, tuple(probes))))

    put(KeyCard(slot, asking=Asking(family)))
    outcome = KeyCard(slot, problem=clean("The check was stopped, so nothing is known from it."))
    try:
        found = await check_key(chosen.services, slot, family, answered=answered)
        outcome = KeyCard(slot, found.misplaced, found)
    except CannotCheck as problem:
        outcome = KeyCard(slot, problem=clean(str(problem)))
        return
    finally:
        put(outcome)
    try:
        await asyncio.to_thread(remember, chosen.services, found)
    except SaveFailed as error:
        _tell(chosen.app, "The verdict is not kept for the next start", str(error))


async def _choose_family(chosen: ChosenSlot) -> Family | None:
    """Give the family whose hosts are to be asked; where the key does not say it, the person does."""
    try:
        return family_of(chosen.services, chosen.slot)
    except CannotCheck as problem:
        if not problem.families:
            _tell(chosen.app, "Not checked", str(problem))
            return None
        question = clean(f"{problem} Send the key of {chosen.slot.name} to which hosts?")
        choices = [
            Choice(family.id, clean(family.title), clean(", ".join(host.name for host in family.hosts)))
            for family in problem.families
        ]
    answer = await chosen.app.push_screen_wait(Choose(question, choices))
    return None if answer is None else family_of(chosen.services, chosen.slot, answer)


async def fix(chosen: ChosenSlot) -> str | None:
    """Move the presets to the host where the key works, one after the other, each with its diff."""
    movable: dict[str, Misplaced] = {
        each.preset.reference: each for each in chosen.card.misplaced if each.base is not None
    }
    wanted = tuple(movable)
    if len(movable) > 1:
        every = Choice(_ALL, clean(f"All {len(movable)}, one after the other"))
        each = [Choice(reference, clean(reference), movable[reference].says) for reference in movable]
        answer = await chosen.app.push_screen_wait(Choose(clean("Move which preset?"), [every, *each]))
        if answer is None:
            return None
        wanted = wanted if answer == _ALL else (answer,)
    moved = 0
    for reference in wanted:
        if not await _move(chosen, movable[reference]):
            break
        moved += 1
    if 0 < moved < len(wanted):
        chosen.app.notify(clean(f"{moved} of {len(wanted)} presets moved; the rest stays."), markup=False)
    return chosen.slot.name if moved else None


async def _move(chosen: ChosenSlot, misplaced: Misplaced) -> bool:
    # Anew for each: a move before this one may have changed what its findings rest on.
    listing = await asyncio.to_thread(list_presets, chosen.services)
    try:
        plan: Plan = plan_move(chosen.services, listing, misplaced)
    except (Refused, EditError) as error:
        _tell(chosen.app, "Not possible", str(error))
        return False
    return await save_plan(chosen.app, chosen.services, listing, plan) is not None


async def set_key(chosen: ChosenSlot) -> str | None:
    """Ask for a key, hidden, and put it into this slot."""
    question = clean(f"The key for {chosen.slot.name}:")
    return await _ask_and_save(chosen.app, chosen.services, question, chosen.slot.name)


async def copy(chosen: ChosenSlot) -> str | None:
    """Hand the key to the clipboard, because the person asked for it."""
    slot, app = chosen.slot, chosen.app
    if slot.secret:
        try:
            app.copy_to_clipboard(slot.secret.reveal())
        except UnicodeEncodeError:
            _tell(app, "Not copied", f"The key of {slot.name} holds bytes that are no text.")
        else:
            told = f"The key of {slot.name} was handed to the terminal's clipboard. A terminal may keep it."
            app.notify(clean(told), markup=False)
    return None


async def add_key(app: App[None], services: Services) -> str | None:
    """Ask for a key, hidden, and put it into the next free slot."""
    return await _ask_and_save(app, services, clean("A new key:"), None)


async def _ask_and_save(app: App[None], services: Services, question: Clean, slot: str | None) -> str | None:
    def made(secret: Secret) -> KeyPlan:
        return plan_key(services, secret, slot)

    typed = await app.push_screen_wait(AskKey(question, services.catalogue, made))
    if typed is None:
        return None
    plan, remarks = typed.plan, typed.plan.warnings
    try:
        while True:
            asked = clean(f"Put the key into {plan.slot} in {plan.target.name}?")
            if not await app.push_screen_wait(Confirm(asked, plan.diff, warnings_text(remarks))):
                return None
            try:
                await asyncio.to_thread(apply_key, services, plan)
                break
            except Conflict:
                plan = await asyncio.to_thread(made, typed.secret)
                remarks = (_meanwhile(plan), *plan.warnings)
    except (KeyRefused, SaveFailed, HistoryError) as error:
        _tell(app, "Not saved", str(error))
        return None
    told = clean(f"The key is in {plan.slot}. c checks it, u takes it back.")
    app.notify(told, title="Saved", timeout=BRIEFLY, markup=False)
    return plan.slot


def _meanwhile(plan: KeyPlan) -> Clean:
    return clean(
        f"{plan.target.name} was changed by another program meanwhile, so nothing was written yet. "
        "This is the change to it as it is now."
    )


async def undo(app: App[None], services: Services) -> str | None:
    """Take back the newest change."""
    await undo_newest(app, services)
    return None


async def redo(app: App[None], services: Services) -> str | None:
    """Do again what was taken back last."""
    await redo_newest(app, services)
    return None


async def history(app: App[None], services: Services) -> str | None:
    """Look at earlier changes, and restore one."""
    await app.push_screen_wait(HistoryScreen(services))
    return None


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType({"fix": fix, "set": set_key, "copy": copy})
"""What is done with one slot."""

LIBRARY_ACTIONS: Final[Mapping[str, LibraryAction]] = MappingProxyType(
    {"add": add_key, "undo": undo, "redo": redo, "history": history}
)
"""What is done also where there is no slot yet."""


def _tell(app: App[None], title: str, text: str) -> None:
    app.notify(clean(text), title=title, severity="error", timeout=20, markup=False)
