"""The one way in which a screen writes: look at the diff, save, and settle a conflict if there is one."""

import asyncio
from collections.abc import Callable

from textual.app import App
from textual.content import Content

from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, merging
from mimo_tui.services.presets.listing import Listing
from mimo_tui.services.presets.planning import Plan
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.history import HistoryError
from mimo_tui.tui.screens.confirm import Confirm, confirm_plan
from mimo_tui.tui.screens.conflict import ConflictDialog


async def save_plan(
    app: App[None], services: Services, listing: Listing, plan: Plan, *, ask: bool = True
) -> bool:
    """Show the plan, apply it, and tell how it went; True when it was written. Runs inside a worker.

    Where the file changed meanwhile, the person chooses theirs, mine, or field by field, as often as it takes.
    A save that fails leaves everything as it is, the draft on the screen included.
    """
    if (ask or plan.blocking) and not await app.push_screen_wait(confirm_plan(plan)):
        return False
    while True:
        try:
            await asyncio.to_thread(changing.apply, services, plan, force=True)
        except Conflict as conflict:
            merge = merging.compare(plan, conflict)
            kept = await app.push_screen_wait(ConflictDialog(merge))
            if kept is None:
                return False
            plan = merging.rebased(services, listing, merge, kept)
            if plan.changes_nothing:
                app.notify("Theirs is kept; nothing was written.", markup=False)
                return True
        except (SaveFailed, HistoryError) as error:
            app.notify(clean(str(error)), title="Not saved", severity="error", timeout=20, markup=False)
            return False
        else:
            app.notify(f"{plan.label}. u takes it back.", title="Saved", markup=False)
            return True


async def undo_newest(app: App[None], services: Services) -> bool:
    """Show what taking back the newest change would do, and do it if the person agrees; True when it was done."""
    step = await asyncio.to_thread(changing.next_undo, services)
    if step is None:
        app.notify("There is nothing to undo.", markup=False)
        return False
    return await take_back(app, services, step, changing.undo, f"Take back “{step.label}”?")


async def take_back(
    app: App[None],
    services: Services,
    step: changing.Step,
    how: Callable[[Services, changing.Step], None],
    question: str,
) -> bool:
    """Show the diff to the state before `step`, and carry out `how` if the person agrees; True when it was done."""
    try:
        lines = await asyncio.to_thread(changing.undo_diff, services, step)
        if not await app.push_screen_wait(Confirm(clean(question), Content(""), lines)):
            return False
        await asyncio.to_thread(how, services, step)
    except (Conflict, SaveFailed, HistoryError) as error:
        app.notify(clean(str(error)), title="Not done", severity="error", timeout=20, markup=False)
        return False
    app.notify(clean(f"As before: {step.label}."), markup=False)
    return True
