"""What can be done with a complaint on the screen: mend it, hand it on, go to what it is about."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from textual.app import App

from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.doctor.checking import check_now, told
from mimo_tui.services.doctor.complaints import Asked, Complaint, Examination
from mimo_tui.services.doctor.reporting import report
from mimo_tui.services.doctor.visiting import place_of
from mimo_tui.services.doctor.writing import NotThere, Occupied, proposed_file, report_file, write_report
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.services.refusals import NothingSent
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.tui import key_actions, preset_actions
from mimo_tui.tui.doc_spots import Spot
from mimo_tui.tui.places import DOCS, DOCTOR, KEYS, PRESETS, GoTo
from mimo_tui.tui.saving import BRIEFLY
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.widgets.key_text import KeyCard

_TOLD: Final = 3
"""How many things that could not be checked are told in passing; the end of the list tells all."""
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class ChosenComplaint:
    """The complaint under the cursor, with all that an action needs; None where the cursor is on none."""

    app: App[None]
    services: Services
    examination: Examination
    complaint: Complaint | None


Action: TypeAlias = Callable[[ChosenComplaint], Awaitable[None]]


async def check(app: App[None], services: Services, put: Callable[[Clean, Examination | None], None]) -> None:
    """Fetch the docs and ask the hosts about every key; `put` is given each line on how far it has come.

    The last one comes with what was found, and then it is told what could not be asked.
    """
    put(clean("Looking for the index of the docs … (escape stops)"), None)
    try:
        async for event in check_now(services):
            put(clean(f"{told(event)} (escape stops)"), event if isinstance(event, Examination) else None)
            if isinstance(event, Examination):
                _tell_in_vain(app, event.asked)
    except NothingSent as problem:
        app.notify(clean(str(problem)), title="Not checked", severity="error", timeout=15, markup=False)


def _tell_in_vain(app: App[None], asked: Asked) -> None:
    if not asked.in_vain:
        return
    lines = [_cut(f"{each.subject}: {each.reason}") for each in asked.in_vain[:_TOLD]]
    if len(asked.in_vain) > _TOLD:
        lines.append(f"and {len(asked.in_vain) - _TOLD} more")
    app.notify(
        clean_lines("\n".join(lines)),
        title="Nothing could be checked" if asked.has_failed else "Not all could be checked",
        severity="error" if asked.has_failed else "warning",
        timeout=10,
        markup=False,
    )


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def refuse_check(app: App[None]) -> None:
    """Say why nothing is asked."""
    told = "Nothing is asked while the program is offline. Start it without --offline."
    app.notify(told, title="Not checked", severity="error", timeout=10, markup=False)


async def way(services: Services, complaint: Complaint, page: Spot | None) -> GoTo | None:
    """Give the way to what it is about: the slot, the preset, the words on the page; None: there is none."""
    if complaint.slot is not None:
        return GoTo(KEYS.id, complaint.slot.name)
    if complaint.preset is not None:
        return GoTo(PRESETS.id, complaint.preset.reference)
    if page is None:
        return None
    quote = complaint.discrepancy.quote if complaint.discrepancy is not None else ""
    anchor, word = await asyncio.to_thread(place_of, services, page.path, page.locale, quote)
    return GoTo(DOCS.id, spot=replace(page, anchor=anchor, find=word), origin=DOCTOR.id)


async def fix(chosen: ChosenComplaint) -> None:
    """Apply a fix of the complaint, by a diff, so that it can be taken back."""
    complaint, app, services = chosen.complaint, chosen.app, chosen.services
    if complaint is None:
        return
    if complaint.misplaced is not None and complaint.slot is not None:
        card = KeyCard(complaint.slot, (complaint.misplaced,))
        await key_actions.fix(key_actions.ChosenSlot(app, services, card))
    elif complaint.preset is not None and complaint.finding is not None:
        # The files may have changed since they were looked at.
        listing = await asyncio.to_thread(list_presets, services)
        reference, wanted = complaint.preset.reference, complaint.finding
        view = next((each for each in listing.presets if each.reference == reference), None)
        found = [
            each
            for each in (view.findings if view is not None else ())
            if (each.code, each.path) == (wanted.code, wanted.path)
        ]
        if view is None or not found:
            app.notify(clean(f"{reference}: this is not wrong any more."), markup=False)
            return
        await preset_actions.fix_findings(preset_actions.Chosen(app, services, listing, view), found)


async def write(chosen: ChosenComplaint) -> None:
    """Ask for a file and write the report of everything into it."""
    app, services = chosen.app, chosen.services
    hint = clean("It holds the evidence, no key and no path of your home. It is only written, never sent.")
    question = clean("Write the report to:")
    name = await app.push_screen_wait(AskText(question, proposed_file(services), hint, _fault))
    if name is None:
        return
    text = await asyncio.to_thread(report, chosen.examination, services)
    try:
        path = await asyncio.to_thread(report_file, services, name)
        try:
            await asyncio.to_thread(write_report, path, text)
        except Occupied:
            choices = [Choice("keep", clean("Keep it")), Choice("over", clean("Write over it"))]
            asked = Choose(clean(f"{path} is there already."), choices)
            if await app.push_screen_wait(asked) != "over":
                return
            await asyncio.to_thread(write_report, path, text, over=True)
    except (NotThere, SaveFailed) as error:
        app.notify(clean(str(error)), title="Not written", severity="error", timeout=20, markup=False)
        return
    told = clean(f"{path}: read it before you hand it on; it is sent nowhere.")
    app.notify(told, title="The report is written", timeout=10, markup=False)


async def copy(chosen: ChosenComplaint) -> None:
    """Hand the report of this one complaint to the clipboard."""
    if chosen.complaint is None:
        return
    complaints = (chosen.complaint,)
    text = await asyncio.to_thread(report, chosen.examination, chosen.services, complaints)
    chosen.app.copy_to_clipboard(text)
    told = "The report of this one is on the clipboard, without keys."
    chosen.app.notify(told, title="Copied", timeout=BRIEFLY, markup=False)


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType({"fix": fix, "write": write, "copy": copy})
"""What is done with a complaint, or with all of them."""


def _fault(name: str) -> str | None:
    return None if name.strip() else "a report needs the name of a file"
