"""What can be done with a preset on the screen: ask, plan, save.

Each gives the file on which the cursor belongs afterwards, None where nothing was done.

Imported with the first action, not with the first frame.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from textual.app import App

from mimo_tui.core.findings import Finding, Fix
from mimo_tui.core.json_text import EditError
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import planning
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan
from mimo_tui.tui.places import KEYS, PLAYGROUND, GoTo
from mimo_tui.tui.saving import redo_newest, save_plan, undo_newest
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.editor import EditorScreen
from mimo_tui.tui.screens.history import HistoryScreen
from mimo_tui.tui.screens.preset_test import PresetTest
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


Action: TypeAlias = Callable[[Chosen], Awaitable[Path | None]]
LibraryAction: TypeAlias = Callable[[App[None], Services], Awaitable[Path | None]]


async def edit(chosen: Chosen) -> Path | None:
    """Open the editor; a broken file says why it cannot be edited."""
    view = chosen.view
    if view.preset is None:
        text = clean(f"{view.reference}: {view.error}")
        chosen.app.notify(text, title="Cannot be edited", severity="error", markup=False)
        return None
    return await chosen.app.push_screen_wait(EditorScreen(chosen.services, chosen.listing, view))


async def switch(chosen: Chosen) -> Path | None:
    """Choose another model, and fixes for what that breaks."""
    plan = await chosen.app.push_screen_wait(SwitchModel(chosen.services, chosen.listing, chosen.view))
    # The dialog showed the diff; only errors that stand against it are worth a second question.
    return None if plan is None else await _save(chosen, plan, ask=False)


async def fix(chosen: Chosen) -> Path | None:
    """Choose a fix of a finding."""
    return await fix_findings(chosen, chosen.view.findings)


async def fix_findings(chosen: Chosen, findings: Sequence[Finding]) -> Path | None:
    """Choose a fix of one of these findings."""
    offers: dict[str, tuple[Finding, Fix]] = {}
    for finding, fix in planning.offered_fixes(findings):
        offers.setdefault(fix.id, (finding, fix))
    choices = [Choice(fix.id, clean(fix.title), clean(finding.message)) for finding, fix in offers.values()]
    answer = await chosen.app.push_screen_wait(Choose(clean(f"Which fix for {chosen.name}?"), choices))
    if answer is None:
        return None
    label = f"fix {chosen.name}: {offers[answer][1].title}"
    return await _planned(
        chosen,
        lambda: planning.plan_edit(
            chosen.services, chosen.listing, chosen.view, (), fixes=(answer,), label=label
        ),
    )


async def test(chosen: Chosen) -> Path | None:
    """Ask the service whether the preset works; from there one may go on to its slot."""
    if await chosen.app.push_screen_wait(PresetTest(chosen.services, chosen.view)):
        await key(chosen)
    return None


async def play(chosen: Chosen) -> Path | None:
    """Go to the playground with the preset."""
    chosen.app.post_message(GoTo(PLAYGROUND.id, chosen.view.reference))
    return None


async def key(chosen: Chosen) -> Path | None:
    """Go to the preset's slot."""
    preset = chosen.view.preset
    if preset is not None and preset.slot:
        chosen.app.post_message(GoTo(KEYS.id, safe(preset.slot)))
    return None


async def clone(chosen: Chosen) -> Path | None:
    """Ask for a name and copy the preset."""
    try:
        proposed = planning.plan_clone(chosen.services, chosen.listing, chosen.view).target.stem
    except planning.Refused:
        proposed = ""  # neither its name nor its file's could be that of a copy
    hint = "The copy is saved beside your other presets."
    name = await _ask_name(chosen, f"Clone {chosen.name} as:", proposed, hint)
    if name is None:
        return None
    return await _planned(
        chosen, lambda: planning.plan_clone(chosen.services, chosen.listing, chosen.view, name)
    )


async def rename(chosen: Chosen) -> Path | None:
    """Ask for a name and rename the preset, inside and the file."""
    proposed = chosen.view.name if chosen.view.name.strip() else chosen.view.entry.stem
    name = await _ask_name(
        chosen, f"Rename {chosen.name} to:", proposed, "Inside the file, and the file itself."
    )
    if name is None:
        return None
    return await _planned(
        chosen, lambda: planning.plan_rename(chosen.services, chosen.listing, chosen.view, name)
    )


async def delete(chosen: Chosen) -> Path | None:
    """Delete the preset's file."""
    return await _planned(chosen, lambda: planning.plan_delete(chosen.services, chosen.listing, chosen.view))


async def undo(app: App[None], services: Services) -> Path | None:
    """Take back the newest change of any preset."""
    return await undo_newest(app, services)


async def redo(app: App[None], services: Services) -> Path | None:
    """Do again what was taken back last."""
    return await redo_newest(app, services)


async def history(app: App[None], services: Services) -> Path | None:
    """Look at earlier changes, and restore one."""
    return await app.push_screen_wait(HistoryScreen(services))


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "edit": edit,
        "switch": switch,
        "fix": fix,
        "test": test,
        "play": play,
        "key": key,
        "clone": clone,
        "rename": rename,
        "delete": delete,
    }
)
"""What is done with one preset."""

LIBRARY_ACTIONS: Final[Mapping[str, LibraryAction]] = MappingProxyType(
    {"undo": undo, "redo": redo, "history": history}
)
"""What is done with the library, also where it has no preset any more."""


async def _ask_name(chosen: Chosen, question: str, proposed: str, hint: str) -> str | None:
    return await chosen.app.push_screen_wait(
        AskText(clean(question), proposed, clean(hint), planning.name_fault)
    )


async def _planned(chosen: Chosen, make: Callable[[], Plan]) -> Path | None:
    try:
        plan = make()
    except (planning.Refused, EditError) as error:
        _refuse(chosen, error)
        return None
    return await _save(chosen, plan, ask=True)


def _refuse(chosen: Chosen, error: Exception) -> None:
    chosen.app.notify(clean(str(error)), title="Not possible", severity="error", markup=False)


async def _save(chosen: Chosen, plan: Plan, *, ask: bool) -> Path | None:
    return await save_plan(chosen.app, chosen.services, chosen.listing, plan, ask=ask)
