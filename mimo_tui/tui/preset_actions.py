"""What can be done with a preset on the screen: ask, plan, save. Each gives True where files changed.

Imported with the first action, not with the first frame.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from textual.app import App

from mimo_tui.core.json_text import EditError
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import planning
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan
from mimo_tui.tui.saving import save_plan, undo_newest
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.editor import EditorScreen
from mimo_tui.tui.screens.history import HistoryScreen
from mimo_tui.tui.screens.switch_model import SwitchModel


@dataclass(frozen=True, slots=True)
class Chosen:
    """The preset under the cursor, with all that an action needs."""

    app: App[None]
    services: Services
    listing: Listing
    view: PresetView

    @property
    def name(self) -> str:
        """Give what the preset is called in a sentence."""
        return self.view.name if self.view.name.strip() else self.view.reference


Action: TypeAlias = Callable[[Chosen], Awaitable[bool]]


async def edit(chosen: Chosen) -> bool:
    """Open the editor; a broken file says why it cannot be edited."""
    view = chosen.view
    if view.preset is None:
        text = clean(f"{view.reference}: {view.error}")
        chosen.app.notify(text, title="Cannot be edited", severity="error", markup=False)
        return False
    return await chosen.app.push_screen_wait(EditorScreen(chosen.services, chosen.listing, view))


async def switch(chosen: Chosen) -> bool:
    """Choose another model, and fixes for what that breaks."""
    plan = await chosen.app.push_screen_wait(SwitchModel(chosen.services, chosen.listing, chosen.view))
    # The dialog showed the diff; only errors that stand against it are worth a second question.
    return plan is not None and await _save(chosen, plan, ask=False)


async def fix(chosen: Chosen) -> bool:
    """Choose a fix of a finding."""
    offers = {fix.id: (finding, fix) for finding, fix in planning.offered_fixes(chosen.view.findings)}
    choices = [Choice(fix.id, clean(fix.title), clean(finding.message)) for finding, fix in offers.values()]
    answer = await chosen.app.push_screen_wait(Choose(clean(f"Which fix for {chosen.name}?"), choices))
    if answer is None:
        return False
    label = f"fix {chosen.name}: {offers[answer][1].title}"
    return await _planned(
        chosen,
        lambda: planning.plan_edit(
            chosen.services, chosen.listing, chosen.view, (), fixes=(answer,), label=label
        ),
    )


async def clone(chosen: Chosen) -> bool:
    """Ask for a name and copy the preset."""
    proposed = planning.plan_clone(chosen.services, chosen.listing, chosen.view).target.stem
    hint = "The copy is saved beside your other presets."
    name = await _ask_name(chosen, f"Clone {chosen.name} as:", proposed, hint)
    return name is not None and await _planned(
        chosen, lambda: planning.plan_clone(chosen.services, chosen.listing, chosen.view, name)
    )


async def rename(chosen: Chosen) -> bool:
    """Ask for a name and rename the preset, inside and the file."""
    proposed = chosen.view.name if chosen.view.name.strip() else chosen.view.entry.stem
    name = await _ask_name(
        chosen, f"Rename {chosen.name} to:", proposed, "Inside the file, and the file itself."
    )
    return name is not None and await _planned(
        chosen, lambda: planning.plan_rename(chosen.services, chosen.listing, chosen.view, name)
    )


async def delete(chosen: Chosen) -> bool:
    """Delete the preset's file."""
    return await _planned(chosen, lambda: planning.plan_delete(chosen.services, chosen.listing, chosen.view))


async def undo(chosen: Chosen) -> bool:
    """Take back the newest change of any preset."""
    return await undo_newest(chosen.app, chosen.services)


async def history(chosen: Chosen) -> bool:
    """Look at earlier changes, and restore one."""
    return await chosen.app.push_screen_wait(HistoryScreen(chosen.services))


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "edit": edit,
        "switch": switch,
        "fix": fix,
        "clone": clone,
        "rename": rename,
        "delete": delete,
        "undo": undo,
        "history": history,
    }
)


async def _ask_name(chosen: Chosen, question: str, proposed: str, hint: str) -> str | None:
    return await chosen.app.push_screen_wait(
        AskText(clean(question), proposed, clean(hint), planning.name_fault)
    )


async def _planned(chosen: Chosen, make: Callable[[], Plan]) -> bool:
    try:
        plan = make()
    except (planning.Refused, EditError) as error:
        chosen.app.notify(clean(str(error)), title="Not possible", severity="error", markup=False)
        return False
    return await _save(chosen, plan, ask=True)


async def _save(chosen: Chosen, plan: Plan, *, ask: bool) -> bool:
    return await save_plan(chosen.app, chosen.services, chosen.listing, plan, ask=ask)
