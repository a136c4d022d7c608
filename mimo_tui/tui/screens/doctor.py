"""Doctor: everything that is wrong in one list, what mends it, and the report of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.places import Places
from mimo_tui.tui.doctor_offers import is_offered, offers
from mimo_tui.tui.places import DOCTOR, Arrived
from mimo_tui.tui.screens.list_place import ListPlace, escapes
from mimo_tui.tui.widgets.complaint_detail import ComplaintDetail
from mimo_tui.tui.widgets.complaint_table import COLUMNS, ComplaintTable
from mimo_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.doctor.complaints import Complaint, Examination
    from mimo_tui.tui.doctor_rows import Listed


def _binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"act('{action}')", title, id=f"doctor.{action}", tooltip=tooltip, show=show)


class DoctorScreen(ListPlace):
    """The fourth place. It looks at what is here; the docs and the hosts are asked only when the person says so."""

    PLACE = DOCTOR
    UNREADABLE = "Not everything could be looked at; ctrl+r tries again."
    CSS_PATH = "doctor.tcss"
    AUTO_FOCUS = "#complaints"
    HELP = """\
## Doctor

Everything that is wrong, the worst first: presets, keys, files that others can read, and what the docs, the hosts and
calls say otherwise than expected. `✗` is an error, `!` a warning, `-` what could not be checked.

It looks at what is here. `c` first fetches the docs and asks the hosts about every key of MiMo, free of charge;
`escape` stops that. `f` mends, by a diff that you see first; `u` takes it back. `w` writes a report for those who can
mend the rest: with the evidence, without keys. It is never sent. `g` shows what is alike as one row.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding(
            "c", "check", "Check now", "Fetch the docs and ask the hosts about every key, then look again"
        ),
        Binding(
            "c",
            "refuse_check",
            "Check now",
            id="doctor.refuse-check",
            tooltip="Say why nothing is asked, while the program is offline",
            show=False,
        ),
        _binding("f", "fix", "Fix", "Mend this, by a diff"),
        _binding("w", "write", "Write report", "Write the report of everything into a file"),
        _binding("y", "copy", "Copy", "Copy the report of this one"),
        _binding("u", "undo", "Undo", "Take back the newest change"),
        _binding("U", "redo", "Redo", "Do again what was taken back", show=False),
        _binding("h", "history", "History", "Earlier changes, to look at and restore", show=False),
        Binding(
            "g",
            "group",
            "Group",
            id="doctor.group",
            tooltip="One row for all that have the same thing wrong, or each again",
            show=False,
        ),
        Binding("escape", "stop", "Stop", id="doctor.stop", tooltip="Stop asking; what has come is kept"),
        *escapes(DOCTOR),
    ]

    examination: "var[Examination | None]" = var(None)
    asking: var[Clean] = var(NOTHING)
    """How far a check has come; empty: none is under way."""
    complaints = query_one("#complaints", ComplaintTable)
    detail = query_one("#complaint", ComplaintDetail)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self._listed: tuple[Listed, ...] = ()
        self._found: tuple[Listed, ...] = ()  # those that the filter leaves
        self._news = NOTHING
        self._rows: Mapping[str, Listed] = MappingProxyType({})
        self._is_grouped = False

    def columns(self) -> Iterable[Widget]:
        yield ComplaintTable(COLUMNS, id="complaints", empty="Looking at everything …")
        yield ComplaintDetail(id="complaint")

    def on_screen_suspend(self) -> None:
        if self not in self.app.screen_stack:  # one went to another place; under a dialog a check goes on
            self.action_stop()

    @property
    def chosen(self) -> "Complaint | None":
        """The complaint under the cursor."""
        from mimo_tui.services.doctor.complaints import Complaint

        listed = self._under_cursor
        return listed.shown if listed is not None and isinstance(listed.shown, Complaint) else None

    @property
    def _under_cursor(self) -> "Listed | None":
        row = self.table.cursor_row
        return self._rows.get(row.key) if row is not None else None

    @on(Arrived)
    def _arrived(self) -> None:
        self.read_again()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Look at everything that is here without holding up the screen."""
        from mimo_tui.services.doctor.complaints import NOT_ASKED
        from mimo_tui.services.doctor.examining import examine
        from mimo_tui.services.doctor.visiting import pages_here
        from mimo_tui.tui.doctor_rows import listed

        worker = get_current_worker()
        services = self._services = self._open_services()
        earlier = self.examination
        examination = examine(services, earlier.asked if earlier is not None else NOT_ASKED)
        rows = listed(examination, pages_here(services))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, examination, rows)
        import_module("mimo_tui.tui.doctor_actions")  # else it would hold up the first key

    def _show(self, examination: "Examination", rows: "tuple[Listed, ...]") -> None:
        self.examination = examination
        self._listed = rows
        self.show_rows()
        self.settle()

    def show_rows(self) -> None:
        """Show the complaints that the filter leaves, each or grouped."""
        from mimo_tui.tui.doctor_rows import grouped, matching, nothing_wrong

        if self.examination is None:
            return
        words = self.filter_input.value
        self.table.empty = (
            f"Nothing matches “{clean(words)}”. Escape shows all."
            if words and self._listed
            else nothing_wrong(self.examination)
        )
        self._found = found = matching(self._listed, words)
        found = grouped(found) if self._is_grouped else found
        self._rows = MappingProxyType({each.row.key: each for each in found})
        self.table.rows = tuple(each.row for each in found)
        self._tell()
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show the complaint under the cursor."""
        listed = self._under_cursor
        self.detail.shown = listed.shown if listed is not None else None
        self.complaints.leads = listed is not None and listed.leads
        self.offer((*offers(self.chosen), bool(self.asking), self.complaints.leads))

    def watch_asking(self) -> None:
        self._tell()
        if self.examination is not None:
            self.show_chosen()

    def _tell(self) -> None:
        """Say above the list how far a check has come, or how much of what is shown is wrong and what a check found."""
        line = self.asking
        if not line and self.examination is not None and self.examination.complaints:
            line = clean(" · ".join(self._parts(self.examination)))
        around = self.query_one("#around", Static)
        around.update(Content(line))
        around.set_class(bool(line), "-shown")

    def _parts(self, examination: "Examination") -> Iterator[str]:
        from mimo_tui.tui.doctor_rows import counts

        yield counts(self._found, examination, self.filter_input.value)
        if examination.asked.at is not None:
            if self._news:
                yield f"check: {self._news}"
            if examination.unchecked:
                yield f"{len(examination.unchecked)} not checked"
        elif self._offline:
            yield "offline, so nobody is asked"
        else:
            yield "c asks the docs and the hosts first"

    @on(Table.Selected, "#complaints")
    async def _go(self) -> None:
        from mimo_tui.tui.doctor_actions import way
        from mimo_tui.tui.widgets.complaint_text import Group

        if isinstance(self.detail.shown, Group):
            self._is_grouped = False
            self.filter_input.value = self.detail.shown.code
            self.show_rows()  # also where that is the filter already
            return
        complaint, services, listed = self.chosen, self._services, self._under_cursor
        if complaint is None or services is None or listed is None or not listed.leads:
            self.detail.focus()
        elif (there := await way(services, complaint, listed.page)) is not None:
            self.app.post_message(there)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with the complaint under the cursor, or without any."""
        if action == "stop":
            return bool(self.asking)
        if action in ("unfilter", "back") and self.asking:
            return False
        if action == "act" and parameters[0] == "check":
            return not (self.asking or self._offline)
        if action == "refuse_check":
            return self._offline
        name = str(parameters[0]) if action == "act" else action
        offered = is_offered(name, self.chosen if self.is_mounted else None)
        return offered and super().check_action(action, parameters)

    def action_group(self) -> None:
        self._is_grouped = not self._is_grouped
        self.show_rows()

    def action_refuse_check(self) -> None:
        from mimo_tui.tui.doctor_actions import refuse_check

        refuse_check(self.app)

    def action_stop(self) -> None:
        self.workers.cancel_group(self, "check")

    def action_act(self, name: str) -> None:
        """Carry out an action of `doctor_actions`, one at a time beside a check."""
        if name == "check":
            self._check()
        else:
            super().action_act(name)

    async def carry_out(self, name: str) -> None:
        """Carry out an action (with the complaint under the cursor)."""
        from mimo_tui.tui.doctor_actions import ACTIONS, ChosenComplaint
        from mimo_tui.tui.preset_actions import LIBRARY_ACTIONS

        services, examination = self._services, self.examination
        if services is None or examination is None:
            return
        if name in LIBRARY_ACTIONS:
            await LIBRARY_ACTIONS[name](self.app, services)
        else:
            await ACTIONS[name](ChosenComplaint(self.app, services, examination, self.chosen))

    @work(exclusive=True, group="check", exit_on_error=False)
    async def _check(self) -> None:
        from mimo_tui.tui.doctor_actions import check

        if self._services is None:
            return
        try:
            await check(self.app, self._services, self._put)
        finally:
            self.asking = NOTHING
            self.read_again()

    def _put(self, line: Clean, examination: "Examination | None") -> None:
        if examination is not None:
            from mimo_tui.services.doctor.examining import news

            self._news = news(self.examination, examination) if self.examination is not None else NOTHING
            self.examination = examination
        self.asking = line
