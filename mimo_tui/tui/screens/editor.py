"""Editor: a preset as a form that is judged while one types, and the file as it will be beside it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker

from mimo_tui.core import fields
from mimo_tui.core import preset as at
from mimo_tui.core.fields import Field
from mimo_tui.core.findings import Finding
from mimo_tui.core.preset import Source
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.draft import Draft, Judged, holds, judge_draft, options, value_of
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Refused, redacted_lines
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.saving import save_plan
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.widgets.field_row import FieldRow
from mimo_tui.tui.widgets.finding_text import finding_line
from mimo_tui.tui.widgets.json_pane import JsonPane
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph


class EditorScreen(Screen[Path | None]):
    """Gives the file that was saved, if one was. Every keystroke makes a new draft, and the draft a new plan."""

    CSS_PATH = "editor.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    HELP = """\
## Editor

`tab` or `enter` goes from field to field. What is wrong is said under the field at once. `f2` shows the file as it
will be, `f1` the page of the documentation behind the field, with the draft kept. `ctrl+s` shows the diff and saves,
`escape` goes back and asks if something would be lost.
"""
    UNSAVED: ClassVar[Clean] = clean("There are changes that are not saved.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s", "save", "Save", id="editor.save", tooltip="Look at the diff, then save", priority=True
        ),
        Binding("f1", "page", "Docs", id="editor.page", tooltip="Read the page behind this field"),
        Binding("f2", "json", "File", id="editor.json", tooltip="Show or hide the file as it will be"),
        # A question mark is text in a field.
        Binding("f3", "app.help", "Help", id="editor.help", tooltip="What this is, and its keys"),
        Binding(
            "f5", "add", "+Capability", priority=True, id="editor.add", tooltip="Give it one more capability"
        ),
        Binding(
            "f6", "remove", "-Capability", priority=True, id="editor.remove", tooltip="Take a capability away"
        ),
        Binding(
            "escape", "leave", "Back", id="editor.leave", tooltip="Go back; asks if something would be lost"
        ),
    ]

    form = query_one("#form", VerticalScroll)
    pane = query_one("#pane", JsonPane)

    def __init__(self, services: Services, listing: Listing, preset: PresetView) -> None:
        super().__init__()
        self.services = services
        self.listing = listing
        self.draft = Draft(preset)
        self.judged: Judged = self._judged()
        self._saving = False

    def compose(self) -> ComposeResult:
        entry = self.draft.original.entry
        document = entry.document.value if entry.document else None
        yield place_bar(self.services.places, simulated=self.services.simulated)
        yield Static(id="heading")
        with Horizontal(id="columns"):
            with VerticalScroll(id="form", can_focus=False):
                yield from self._rows()
                yield Paragraph(id="elsewhere")
            yield JsonPane(redacted_lines(entry.content.data if entry.content else b"", document), id="pane")
        yield KeyBar()

    def on_mount(self) -> None:
        self._focus(self.query(FieldRow).first())
        self._judge()

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_elsewhere)

    @property
    def has_unsaved(self) -> bool:
        """Whether leaving would lose something."""
        return self.judged.is_changed

    def _rows(self) -> ComposeResult:
        capability = ""
        for target in self.draft.form:
            belongs = str(target.path[2]) if target.path[:2] == ("manifest", "capabilities") else ""
            if belongs != capability:
                capability = belongs
                yield Static(Content.assemble("capability ", (clean(belongs), "bold")), classes="capability")
            yield FieldRow(target, value_of(self.draft, target), options(self.services, self.listing, target))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(FieldRow.Changed)
    def _typed(self, event: FieldRow.Changed) -> None:
        texts: Mapping[str, str] = {**self.draft.texts, event.field.id: event.text}
        self.draft = replace(self.draft, texts=MappingProxyType(dict(texts)))
        self._judge()

    def _judge(self) -> None:
        self.judged = self._judged()
        plan = self.judged.readable
        for row in self.query(FieldRow):
            row.findings = tuple(
                found for found in self._findings if found.path and holds(row.field, found.path)
            )
            row.fault = self.judged.faults.get(row.field.id, "")
        self._tell_elsewhere()
        if plan is not None and plan.data is not None:
            document = self.draft.original.entry.document
            self.pane.lines = redacted_lines(plan.data, document.value if document else None)
        self._head()

    def _judged(self) -> Judged:
        try:
            return judge_draft(self.services, self.listing, self.draft)
        except Refused as refusal:  # a template becomes a copy, and there can be none of that name
            return Judged(None, {"name": str(refusal)}, ())

    @property
    def _findings(self) -> tuple[Finding, ...]:
        plan = self.judged.readable
        return plan.after.findings if plan and plan.after else self.draft.original.findings

    def _tell_elsewhere(self) -> None:
        """Say under the form what belongs to none of its fields."""
        told = {found for row in self.query(FieldRow) for found in row.findings}
        width = max(self.form.scrollable_content_region.width - 1, 20)
        elsewhere = [finding_line(found, width) for found in self._findings if found not in told]
        general = self.judged.faults.get("")
        if general:
            elsewhere.insert(0, Content.styled(f"✗ {clean(general)}", "$text-error"))
        self.query_one("#elsewhere", Static).update(Content("\n").join(elsewhere))

    def _head(self) -> None:
        original, edits = self.draft.original, len(self.judged.edits) + len(self.judged.faults)
        changed = f"{edits} change{'s' if edits != 1 else ''}" if self.judged.is_changed else "no change"
        heading = Content.assemble(
            (" Edit ", "bold $primary"),
            (original.name or original.reference, "bold"),
            f"  {original.reference}  ·  {changed}",
            "  ·  a save makes a copy" if original.source is Source.TEMPLATE else "",
        )
        self.query_one("#heading", Static).update(heading)

    def action_page(self) -> None:
        """Open the page behind the field that has the focus."""
        from mimo_tui.tui.doc_fields import AskedField
        from mimo_tui.tui.screens.doc_page import DocPageScreen

        row = next((row for row in self.query(FieldRow) if row.has_class("-focused")), None)
        row = row or self.query(FieldRow).first()
        model = next(row.text for row in self.query(FieldRow) if row.field.path == at.MODEL)
        services = self.services
        asked = AskedField(row.field, row.text, model)
        self.app.push_screen(
            DocPageScreen(services.places, lambda: services, asked, simulated=services.simulated)
        )

    def action_json(self) -> None:
        self.toggle_class("-file")
        if self.has_class("-file") and self.has_class("-narrow"):
            self.pane.focus()
        elif self.pane.has_focus:
            self._focus(self.query(FieldRow).first())

    def action_save(self) -> None:
        if not self._saving:
            self._saving = True
            self._save()

    @work(group="save", exit_on_error=False)
    async def _save(self) -> None:
        plan = self.judged.plan
        try:
            if plan is None:
                self.notify(
                    clean(next(iter(self.judged.faults.values()))),
                    title="Not saved",
                    severity="error",
                    markup=False,
                )
            elif not self.judged.is_changed:
                self.notify("Nothing is changed, so nothing was written.", markup=False)
            else:
                saved = await save_plan(self.app, self.services, self.listing, plan)
                if saved is not None:
                    self.dismiss(saved)
        finally:
            self._saving = False

    @work(exclusive=True, group="leave", exit_on_error=False)
    async def action_leave(self) -> None:
        if self._saving:
            return
        if self.has_unsaved:
            choices = [
                Choice("keep", clean("Keep editing")),
                Choice("save", clean("Save"), clean("shows the diff first")),
                Choice("discard", clean("Discard the changes")),
            ]
            answer = await self.app.push_screen_wait(Choose(self.UNSAVED, choices))
            if answer == "save":
                self.action_save()
            if answer != "discard":
                return
        self.dismiss(None)

    @on(FieldRow.ChooseRequested)
    @work(exclusive=True, group="choose", exit_on_error=False)
    async def _choose(self, event: FieldRow.ChooseRequested) -> None:
        choices = [Choice(option, clean(option)) for option in event.row.options]
        answer = await self.app.push_screen_wait(Choose(clean(f"{event.row.field.title}:"), choices))
        if answer is not None:
            event.row.choose(answer)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Offer to take away only what is there, and to add only what is not."""
        match action:
            case "remove":
                return bool(self.draft.capabilities)
            case "add":
                return bool(self._addable())
            case _:
                return True

    def _addable(self) -> list[str]:
        facts, present = self.listing.context.lingtai, set(self.draft.capabilities)
        # A capability that is there under another of its names would be set twice.
        present |= {current for old, current in facts.aliases.items() if old in present}
        return sorted(name for name in facts.capabilities if name not in present)

    @work(exclusive=True, group="choose", exit_on_error=False)
    async def action_add(self) -> None:
        choices = [Choice(name, clean(name)) for name in self._addable()]
        answer = await self.app.push_screen_wait(Choose(clean("Which capability shall it have?"), choices))
        if answer is None:
            return
        if answer in self.draft.removed:
            self.draft = replace(self.draft, removed=self.draft.removed - {answer})
        else:
            self.draft = replace(self.draft, added=(*self.draft.added, answer))
        await self._rebuild(fields.capability_fields(answer)[0])

    @work(exclusive=True, group="choose", exit_on_error=False)
    async def action_remove(self) -> None:
        choices = [Choice(name, clean(name)) for name in self.draft.capabilities]
        answer = await self.app.push_screen_wait(Choose(clean("Which capability shall go?"), choices))
        if answer is None:
            return
        texts = {key: text for key, text in self.draft.texts.items() if not _is_of(key, answer)}
        if answer in self.draft.added:
            added = tuple(name for name in self.draft.added if name != answer)
            self.draft = replace(self.draft, added=added, texts=MappingProxyType(texts))
        else:
            self.draft = replace(
                self.draft, removed=self.draft.removed | {answer}, texts=MappingProxyType(texts)
            )
        await self._rebuild()

    async def _rebuild(self, at: Field | None = None) -> None:
        """Show the form anew, since it has other fields now; what was typed is in the draft. Go to the field `at`."""
        async with self.batch():
            await self.form.remove_children()
            await self.form.mount_all([*self._rows(), Paragraph(id="elsewhere")])
        self._judge()
        self.refresh_bindings()
        rows = list(self.query(FieldRow))
        # Only then is it known where the new field stands, and it can be brought into sight.
        self.call_after_refresh(self._focus, next((row for row in rows if row.field == at), rows[0]))

    def _focus(self, row: FieldRow) -> None:
        """Go to that field, or to the first one after it that can be filled in."""
        rows = list(self.query(FieldRow))
        values = (each.query("PlainInput, PlainTextArea").first() for each in rows[rows.index(row) :])
        self.set_focus(next((value for value in values if value.focusable), None))


def _is_of(identifier: str, capability: str) -> bool:
    return any(each.id == identifier for each in fields.capability_fields(capability))
