"""A place that asks a model of one kind with the key of a preset: whom, and whether that may be."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.getters import app
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.places import Places
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.places import Arrived
from mimo_tui.tui.playground_talk import Consent
from mimo_tui.tui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import Listing, PresetView
    from mimo_tui.services.presets.testing import Target

SHORTLY: Final = 6.0
"""Seconds that news stays."""
_UNREADABLE: Final = clean("The presets could not be read. 1 goes to them, and says why.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the preset asks: the model, empty where there is none, and why nothing can be sent, empty: it can."""

    model: str = ""
    problem: Clean = NOTHING


class AskingPlace(Screen[None]):
    """Reads the presets, has one and a model chosen, and carries out what takes a dialog, one thing at a time.

    The presets are read when one arrives; none is chosen for the person unless there is only one that has a key.
    """

    HELP = """\
## Whom one asks

The preset gives host and key, and the model is the one for this place: `f3` chooses the preset, `ctrl+g` the model.
"""
    QUESTION: ClassVar[Clean]
    """What the list of presets asks."""

    app = app(TypeAhead)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__()
        self.home = home
        self._open_services = open_services
        self.is_simulated = simulated
        self.is_offline = offline
        self.listing: Listing | None = None
        self.view: PresetView | None = None
        self.model = ""
        self.asked = Asked()
        self._agreed: set[Consent] = set()
        self._wanted = ""
        self._acting = False
        self._is_settled = False

    @property
    def services(self) -> "Services":
        """The services; ask for them in a thread, or once they are there."""
        return self._open_services()

    @property
    @abstractmethod
    def kind(self) -> ModelKind:
        """The kind of model that is asked."""

    @abstractmethod
    def show_around(self) -> None:
        """Show whom is asked, and what hangs on it."""

    @abstractmethod
    def came_for(self, row: str) -> bool:
        """Take what one came for, where it is something of this place; False: it may be a preset."""

    @abstractmethod
    async def carry_out(self, name: str) -> None:
        """Carry out the action of that name."""

    # The presets.

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        self._wanted = event.row or self._wanted
        self._is_settled = False
        self.load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read the presets, which may have changed, without holding up the screen."""
        listing = await asyncio.to_thread(self._list)
        self.listing = listing
        wanted, self._wanted = self._wanted, ""
        if wanted and self.came_for(wanted):
            wanted = ""
        from mimo_tui.services.playground.targets import is_usable

        reference = wanted or (self.view.reference if self.view is not None else "")
        found = next((each for each in listing.presets if each.reference == reference), None)
        usable = [each for each in listing.presets if is_usable(each)]
        if wanted and found is not None:
            self.model = ""
        self.use(found or (usable[0] if len(usable) == 1 else None))
        self._settle()

    def _list(self) -> "Listing":
        from mimo_tui.services.presets.listing import list_presets

        return list_presets(self.services)

    def use(self, view: "PresetView | None") -> None:
        """Ask with that preset from here on."""
        self.view = view
        self.look()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self) -> None:
        """See whom would be asked, and show it."""
        view, model, kind = self.view, self.model, self.kind
        self.asked = await asyncio.to_thread(self._asked, view, model, kind) if view is not None else Asked()
        self.show_around()

    def _asked(self, view: "PresetView", model: str, kind: ModelKind) -> Asked:
        from mimo_tui.services.presets.testing import KeyGoesElsewhere
        from mimo_tui.services.refusals import NothingSent
        from mimo_tui.services.speech.targets import speech_target

        try:
            return Asked(speech_target(self.services, view, kind, model=model).model)
        except KeyGoesElsewhere as problem:
            then = "You are asked before anything is sent."
            if self.agrees(consent_of(view)):
                then = "You agreed to that, as long as the program runs."
            asked = speech_target(self.services, view, kind, model=model, agreed=True).model
            return Asked(asked, clean(f"{problem} {then}"))
        except NothingSent as problem:
            leads = " f8 goes to its slot." if view.key is None and view.preset and view.preset.slot else ""
            return Asked("", clean(f"{problem}{leads}"))

    def _settle(self) -> None:
        self._is_settled = True
        if not self._acting:
            self.app.give_input(self)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What was typed waits no longer for presets that cannot be read."""
        tell_failure(self.app, event)
        if event.worker.group == "load" and event.state is WorkerState.ERROR:
            self.asked = Asked("", _UNREADABLE)
            self._settle()
            self.show_around()

    def is_early(self, key: str) -> bool:
        """Whether the key acts on a preset that is still being read."""
        bindings = self._bindings.key_to_bindings.get(key, ())
        return not self._is_settled and any(each.action.startswith("act(") for each in bindings)

    # Whom is asked.

    async def target(self) -> "Target | None":
        """Give whom to ask, after the person said what has to be said; None: nothing may be sent, and it was told."""
        from mimo_tui.tui.asking_targets import target_of

        return await target_of(self)

    def agree(self, consent: Consent) -> None:
        """Note that the person lets that key go to that host."""
        self._agreed.add(consent)
        self.look()

    def agrees(self, consent: Consent) -> bool:
        """Whether the person let that key go to that host."""
        return consent in self._agreed

    def tell(self, title: str, told: str, severity: SeverityLevel = "information") -> None:
        """Say something in passing."""
        self.notify(clean(told), title=title, severity=severity, timeout=SHORTLY, markup=False)

    def tell_unsent(self, problem: str) -> None:
        """Say why nothing was sent."""
        self.tell("Nothing was sent", problem, "error")

    # Actions.

    def action_act(self, name: str) -> None:
        """Carry out an action, one at a time."""
        if not self._acting:
            self._acting = True
            self.app.hold_input(self)  # what is typed next is for the dialog that comes
            self._carry_out(name)

    @work(group="act", exit_on_error=False)
    async def _carry_out(self, name: str) -> None:
        try:
            await self.carry_out(name)
        finally:
            self._acting = False
            if self.is_running:
                self.show_around()
                self.app.give_input(self)


def consent_of(view: "PresetView") -> Consent:
    """Give what the person is asked to agree to: that the key of the preset goes to its host."""
    endpoint = view.endpoint
    host = f"{endpoint.host}:{endpoint.port or ''}" if endpoint is not None else ""
    return Consent(view.key.secret.fingerprint if view.key is not None else "", host)
