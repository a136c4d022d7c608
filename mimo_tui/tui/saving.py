"""The one way in which a screen writes: look at the diff, save, and settle a conflict if there is one.

Each gives the file on which the cursor belongs afterwards, None where nothing was done.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from textual.app import App

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, merging
from mimo_tui.services.presets.listing import Listing
from mimo_tui.services.presets.planning import Plan, Refused
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.history import HistoryError
from mimo_tui.tui.screens.confirm import Confirm, confirm_plan
from mimo_tui.tui.screens.conflict import ConflictDialog

Look: TypeAlias = Callable[[Services, changing.Step], tuple[DiffLine, ...]]
Change: TypeAlias = Callable[[Services, changing.Step], None]

BRIEFLY: Final = 3.0
"""Seconds that good news stays: what it is about is on the screen, some of it under the news."""


async def save_plan(
    app: App[None], services: Services, listing: Listing, plan: Plan, *, ask: bool = True
) -> Path | None:
    """Show the plan, apply it, and tell how it went. Runs inside a worker.

    Where the file changed meanwhile, the person chooses theirs, mine, or field by field, as often as it takes.
    A save that fails leaves everything as it is, the draft on the screen included.
    """
    if plan.changes_nothing:
        app.notify("Nothing is changed, so nothing was written.", markup=False)
        return None
    if plan.never_forced:
        _tell(app, "Not saved", f"{_sentence(plan.never_forced[0].message)} Lingtai could not use it.")
        return None
    if (ask or plan.blocking) and not await app.push_screen_wait(confirm_plan(plan)):
        return None
    while True:
        try:
            await asyncio.to_thread(changing.apply, services, plan, force=True)
        except Conflict as conflict:
            merge = merging.compare(plan, conflict)
            kept = await app.push_screen_wait(ConflictDialog(merge))
            if kept is None:
                return None
            try:
                plan = merging.rebased(services, listing, merge, kept)
            except Refused as refusal:
                _tell(app, "Not saved", str(refusal))
                return None
            if plan.changes_nothing:
                app.notify("Theirs is kept; nothing was written.", markup=False)
                return plan.target
        except (SaveFailed, HistoryError, Refused) as error:
            _tell(app, "Not saved", str(error))
            return None
        else:
            title = "Deleted" if plan.data is None else "Saved"
            app.notify(
                f"{_sentence(plan.label)} u takes it back.", title=title, timeout=BRIEFLY, markup=False
            )
            return plan.target


async def undo_newest(app: App[None], services: Services) -> Path | None:
    """Show what taking back the newest change would do, and do it if the person agrees."""
    step = await asyncio.to_thread(changing.next_undo, services)
    if step is None:
        app.notify("There is nothing to undo.", markup=False)
        return None
    try:
        await asyncio.to_thread(changing.check_undo, step)
    except (Conflict, SaveFailed) as error:
        _tell(app, "Not done", f"{error} (h opens the history).")
        return None
    return await take_back(app, services, step, changing.undo, f"Take back “{step.label}”?")


async def redo_newest(app: App[None], services: Services) -> Path | None:
    """Show what doing again what was taken back last would do, and do it if the person agrees."""
    step = await asyncio.to_thread(changing.next_redo, services)
    if step is None:
        app.notify("There is nothing to do again.", markup=False)
        return None
    return await do_again(app, services, step)


async def do_again(app: App[None], services: Services, step: changing.Step) -> Path | None:
    """Show what doing the step again would do, and do it if the person agrees."""
    path = step.renamed[1].path if step.renamed else step.path
    done = await _agreed(
        app, services, step, f"Do “{step.label}” again?", changing.redo_diff, changing.redo, "Done again"
    )
    return path if done else None


async def take_back(
    app: App[None], services: Services, step: changing.Step, how: Change, question: str
) -> Path | None:
    """Show the diff to the state before `step`, and carry out `how` if the person agrees."""
    path = step.renamed[0].path if step.renamed else step.path
    done = await _agreed(app, services, step, question, changing.undo_diff, how, "Taken back")
    return path if done else None


async def _agreed(
    app: App[None],
    services: Services,
    step: changing.Step,
    question: str,
    look: Look,
    how: Change,
    title: str,
) -> bool:
    try:
        lines = await asyncio.to_thread(look, services, step)
        if not await app.push_screen_wait(Confirm(clean(question), lines)):
            return False
        await asyncio.to_thread(how, services, step)
    except (Conflict, SaveFailed, HistoryError) as error:
        _tell(app, "Not done", str(error))
        return False
    app.notify(_sentence(step.label), title=title, timeout=BRIEFLY, markup=False)
    return True


def _tell(app: App[None], title: str, text: str) -> None:
    app.notify(clean(text), title=title, severity="error", timeout=20, markup=False)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
