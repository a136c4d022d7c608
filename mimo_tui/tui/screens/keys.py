"""Keys: every slot, what is known of its key, and everything that can be done with it."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.widget import Widget
from textual.worker import get_current_worker

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.key_offers import is_offered, offers
from mimo_tui.tui.places import KEYS, Arrived
from mimo_tui.tui.screens.list_place import ListPlace, escapes
from mimo_tui.tui.widgets.key_detail import KeyDetail
from mimo_tui.tui.widgets.key_table import COLUMNS, KeyTable
from mimo_tui.tui.widgets.key_text import KeyCard
from mimo_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mimo_tui.core.findings import Finding
    from mimo_tui.services import Services
    from mimo_tui.tui.key_actions import ChosenSlot
    from mimo_tui.tui.key_rows import Listed


def _binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"act('{action}')", title, id=f"keys.{action}", tooltip=tooltip, show=show)


class KeysScreen(ListPlace):
    """The second place. A check has a worker of its own, so that nothing waits for a host that does not answer."""

    REVEALED_FOR: ClassVar[float] = 10.0
    """Seconds that a revealed key stays on the screen."""

    PLACE = KEYS
    UNREADABLE = "The keys could not be read; ctrl+r tries again."
    CSS_PATH = "keys.tcss"
    AUTO_FOCUS = "#keys"
    HELP = """\
## Keys

Every slot that a preset names or that holds a key, MiMo's first. A key does not say which cluster it belongs to:
`c` asks each host of its family one free question and shows what each answered. Nothing is sent before that.

`✓` belongs to a cluster, `✗` is wrong, `?` is not certain. `f` moves presets to the host where their key works, each
with its diff. A key stays masked; `v` shows it for ten seconds. `enter` goes to the text beside the list, to read on;
`escape` goes back, clears a filter, and while a check runs stops it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("c", "check", "Check", "Ask which cluster the key belongs to"),
        _binding("f", "fix", "Fix", "Move presets to the host where the key works"),
        _binding("s", "set", "Set", "Put a key into this slot"),
        _binding("a", "add", "Add", "Put a key into the next free slot"),
        _binding("v", "reveal", "Reveal", f"Show the key for {REVEALED_FOR:g} seconds, or hide it again"),
        _binding("y", "copy", "Copy", "Copy the key to the clipboard"),
        _binding("u", "undo", "Undo", "Take back the newest change"),
        _binding("U", "redo", "Redo", "Do again what was taken back", show=False),
        _binding("h", "history", "History", "Earlier changes, to look at and restore", show=False),
        Binding("escape", "stop", "Stop", id="keys.stop", tooltip="Stop the check that runs"),
        *escapes(KEYS),
    ]

    detail = query_one("#card", KeyDetail)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self._slots: Mapping[str, Listed] = MappingProxyType({})
        self._cards: dict[str, KeyCard] = {}
        self._landing = ""

    def columns(self) -> Iterable[Widget]:
        yield KeyTable(COLUMNS, id="keys", empty="Reading keys …")
        yield KeyDetail(id="card")

    def on_mount(self) -> None:
        # A key must not stand there while one looks elsewhere.
        self.watch(self.table, "cursor", self.detail.hide, init=False)
        self.watch(self.app, "app_focus", self.detail.hide, init=False)

    def on_screen_suspend(self) -> None:
        self.detail.hide()
        if self not in self.app.screen_stack:  # one went to another place; under a dialog a check goes on
            self.action_stop()

    @property
    def is_checking(self) -> bool:
        """Whether hosts are being asked for any of the slots."""
        return any(card.asking is not None for card in self._cards.values())

    @property
    def card(self) -> KeyCard | None:
        """All that is known of the slot under the cursor."""
        row = self.table.cursor_row
        listed = self._slots.get(row.key) if row is not None else None
        if listed is None:
            return None
        return self._cards.get(listed.slot.name) or KeyCard(listed.slot, listed.misplaced)

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        self._landing = event.row
        self.read_again()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Read the slots without holding up the screen."""
        from mimo_tui.services.keys.listing import read_keys
        from mimo_tui.tui.key_rows import listed

        worker = get_current_worker()
        services = self._services = self._open_services()
        keys = read_keys(services)
        slots = MappingProxyType({each.slot.name: each for each in listed(services, keys.slots)})
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, slots, keys.findings)

    def _show(self, slots: "Mapping[str, Listed]", findings: "tuple[Finding, ...]") -> None:
        from mimo_tui.tui.key_rows import refreshed

        self.show_around(findings)
        self.detail.hide()  # what is shown from here on may be another key
        self._slots = slots
        self._cards = {
            name: refreshed(card, slots[name]) for name, card in self._cards.items() if name in slots
        }
        self.show_rows()
        landing, self._landing = self._landing, ""
        if landing in slots:
            self.move_to(landing)
        self.settle()

    def show_rows(self) -> None:
        """Show the slots that the filter leaves."""
        from mimo_tui.tui.key_rows import asked, matching

        words = self.filter_input.value
        if self._services is not None:
            self.table.empty = (
                f"No slot matches “{clean(words)}”. Escape shows all."
                if words
                else f"No preset names a slot, and there is no key in {self._home.env_file}. a adds a key."
            )
        asking = {name for name, card in self._cards.items() if card.asking is not None}
        self.table.rows = tuple(
            asked(row) if row.key in asking else row for row in matching(self._slots.values(), words)
        )
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show the slot under the cursor."""
        card = self.detail.card = self.card
        self.offer((*offers(card), self.is_checking))

    @on(Table.Selected, "#keys")
    def _read_on(self) -> None:
        self.detail.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with the slot under the cursor, or without any."""
        if action == "stop":
            return self.is_checking
        if action in ("unfilter", "back") and self.is_checking:
            return False
        name = str(parameters[0]) if action == "act" else action
        offered = is_offered(name, self.card if self.is_mounted else None)
        return offered and super().check_action(action, parameters)

    def action_stop(self) -> None:
        self.workers.cancel_group(self, "check")

    def _reveal(self) -> None:
        if self.detail.is_revealed:
            self.detail.hide()
        else:
            self.detail.reveal(self.REVEALED_FOR)

    def action_act(self, name: str) -> None:
        """Carry out an action of `key_actions`, one at a time beside a check."""
        match name:
            case "check":
                self._check()
            case "reveal":
                self._reveal()
            case _:
                super().action_act(name)

    async def carry_out(self, name: str) -> None:
        """Carry out an action (with the slot under the cursor)."""
        from mimo_tui.tui.key_actions import ACTIONS, LIBRARY_ACTIONS

        if name in LIBRARY_ACTIONS:
            if self._services is not None:
                self._landing = await LIBRARY_ACTIONS[name](self.app, self._services) or ""
        elif (chosen := self._chosen_slot()) is not None:
            self._landing = await ACTIONS[name](chosen) or ""

    @work(exclusive=True, group="check", exit_on_error=False)
    async def _check(self) -> None:
        from mimo_tui.tui.key_actions import check

        if (chosen := self._chosen_slot()) is not None:
            await check(chosen, self._put)
            self.load()

    def _chosen_slot(self) -> "ChosenSlot | None":
        from mimo_tui.tui.key_actions import ChosenSlot

        card, services = self.card, self._services
        return None if card is None or services is None else ChosenSlot(self.app, services, card)

    def _put(self, card: KeyCard) -> None:
        before, self._cards[card.slot.name] = self._cards.get(card.slot.name), card
        if (before is not None and before.asking is not None) != (card.asking is not None):
            self.show_rows()
        else:
            self.show_chosen()
