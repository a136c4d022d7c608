"""Playground: a conversation with exactly the model, key and host that a preset names."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.worker import Worker, WorkerState, get_current_worker

from mimo_tui.core.conversation import Conversation
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.core.written_tools import read_tools
from mimo_tui.store.places import Places
from mimo_tui.tui.places import PLAYGROUND, Arrived, place_bar
from mimo_tui.tui.playground_head import Along, head_of, invitation, mode_text
from mimo_tui.tui.playground_offers import Where
from mimo_tui.tui.playground_talk import Consent, Talk
from mimo_tui.tui.screens.prompting import MakeAsking, PromptingScreen
from mimo_tui.tui.screens.talking import binding, escapes
from mimo_tui.tui.widgets.compare_view import CompareView
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.parameters_panel import ParametersPanel
from mimo_tui.tui.widgets.playground_head import PlaygroundHead

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import Listing, PresetView

_UNREADABLE: Final = clean("The presets could not be read. 1 goes to them, and says why.")
_PLACEHOLDER: Final = "Write to the model; enter sends, ctrl+j begins another line"


def _act(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return binding(key, f"act('{action}')", title, tooltip, show=show)


class PlaygroundScreen(PromptingScreen):
    """The place where one talks with a model. Answers go on coming while one is at another place."""

    CSS_PATH = "playground.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    AUTO_FOCUS = "#prompt"
    HELP = """\
## Playground

What you write goes to the model of the preset, with its key and to its host; nothing else is sent. `enter` sends,
`escape` stops an answer, and what came stays. While an answer comes you can scroll, select, copy and write.

A conversation is a tree: `e` changes an earlier prompt and `r` has it answered again, and what was there stays beside
it; `[` and `]` go from one way to the next. `escape` leaves the prompt, so that single letters act; `i` or `enter` goes
back to it. Every action is also in the palette (`ctrl+p`).

The line below an answer says what it took: model, time to the first token, tokens a second, tokens in and out, cost,
and why it ended.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _act("f8,f", "remedy", "Mend", "Do what mends this failure"),
        _act("f3,p", "preset", "Preset", "Talk with another preset"),
        _act("ctrl+g,m", "model", "Model", "Ask another model with this preset's key"),
        _act("f2,v", "parameters", "Parameters", "What is sent beside the text"),
        _act("ctrl+t,a", "attach", "Attach", "Send an image, a sound or a film along, by its path or URL"),
        _act("f4,s", "system", "System", "The system prompt of this conversation", show=False),
        _act("f5,t", "tools", "Tools", "Tools that the model may call, whose answers you write", show=False),
        _act("ctrl+s,h", "history", "Prompts", "Search what was written before", show=False),
        _act(
            "ctrl+b,c",
            "compare",
            "Compare",
            "Have another model answer too: what is written, or the last prompt",
        ),
        _act("ctrl+l,l", "past", "Past", "Conversations that were kept", show=False),
        _act("ctrl+n,n", "new", "New", "Begin another conversation; this one is kept"),
        _act("ctrl+o,o", "raw", "Raw", "Request and answer as they were"),
        _act("f9,k", "code", "Copy as", "Copy the request as curl or Python, without the key", show=False),
        _act("f10,x", "export", "Export", "Write the conversation into a file", show=False),
        binding("escape", "unedit", "Do not edit", "Leave the earlier prompt as it is"),
        binding("escape", "shut", "Close", "Close the parameters"),
        binding("escape", "leave", "Leave the prompt", "Go to the conversation, where single letters act"),
        *escapes(),
    ]

    panel = query_one("#parameters", ParametersPanel)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(open_services)
        self._home = home
        self._simulated = simulated
        self._offline = offline
        self.listing: Listing | None = None
        self.view: PresetView | None = None
        self.model = ""
        self.parameters: Mapping[str, Json] = MappingProxyType({})
        self.tools = ""
        self._tool_count = 0
        self._agreed: set[Consent] = set()
        self._wanted = ""
        self._problem = NOTHING
        self._acting = False
        self._is_settled = False

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated, offline=self._offline, current=PLAYGROUND)
        yield PlaygroundHead()
        with Horizontal(id="columns"):
            yield CompareView()
            yield Paragraph(id="empty")
            yield ParametersPanel(id="parameters")
        with Vertical(id="below"):
            yield from self.compose_prompt()
        yield KeyBar()

    def on_mount(self) -> None:
        self.panel.display = False
        self.show_around()

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        self._wanted = event.row or self._wanted
        self._is_settled = False
        self.prompt.focus()  # letters that are typed on arrival are for the model
        self.load()

    # The presets.

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Read the presets, which may have changed, without holding up the screen."""
        from mimo_tui.services.presets.listing import list_presets

        worker = get_current_worker()
        listing = list_presets(self.services)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_presets, listing)

    def _show_presets(self, listing: "Listing") -> None:
        from mimo_tui.services.playground.targets import is_usable

        self.listing = listing
        wanted, self._wanted = self._wanted, ""
        reference = wanted or (self.view.reference if self.view is not None else "")
        found = next((each for each in listing.presets if each.reference == reference), None)
        usable = [each for each in listing.presets if is_usable(each)]
        if wanted and found is not None:
            self.model = ""
        self.use(found or (usable[0] if len(usable) == 1 else None))
        self._settle()
        if self.view is None and usable and self.is_current:
            self.action_act("preset")

    def use(self, view: "PresetView | None") -> None:
        """Talk with that preset from here on."""
        self.view = view
        self._see_problem()
        self._changed()
        if self.panel.display:
            self.refresh_panel()

    def _see_problem(self) -> None:
        from mimo_tui.tui.playground_asking import problem_with

        self._problem = problem_with(self, self.view) if self.view is not None else NOTHING

    @work(group="panel", exclusive=True, exit_on_error=False)
    async def refresh_panel(self) -> None:
        """Show in the panel what is set now, for the model that is asked now."""
        from mimo_tui.tui.playground_actions import show_parameters

        await show_parameters(self)

    def _settle(self) -> None:
        self._is_settled = True
        if not self._acting:
            self.app.give_input(self)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What was typed waits no longer for presets that cannot be read."""
        if event.worker.group == "load" and event.state is WorkerState.ERROR:
            self._problem = _UNREADABLE
            self._settle()
            self.show_around()

    def is_early(self, key: str) -> bool:
        """Whether the key acts on a preset that is still being read."""
        bindings = self._bindings.key_to_bindings.get(key, ())
        acts = any(each.action.startswith("act(") for each in bindings)
        return not self._is_settled and (acts or key in ("enter", "ctrl+r", "r"))

    # What stands around.

    def show_around(self) -> None:
        """Show the head, what the next prompt is for, and what one can do where nothing was said yet."""
        along = Along(
            bool(self.talk.conversation.system),
            len(self.parameters),
            self._tool_count,
            len(self.attachments),
            self.elsewhere,
        )
        self.query_one(PlaygroundHead).head = head_of(
            self.view,
            self.talk,
            model=self.model,
            problem=self._problem,
            along=along,
            simulated=self._simulated,
            offline=self._offline,
        )
        if self.attachments:
            from mimo_tui.tui.playground_actions import attachments_shown

            self.show_attachments(attachments_shown(self))
        else:
            self.show_attachments(())
        call = self.call
        told = mode_text(self.talk, call)
        mode = self.query_one("#mode", Paragraph)
        mode.update(Content(told))
        mode.display = bool(told)
        shown = safe(f"answer to {call.name}") if call is not None else _PLACEHOLDER
        self.prompt.placeholder = Content(shown)  # Textual reads a plain text as markup
        is_empty = not self.talk.conversation.turns
        empty = self.query_one("#empty", Paragraph)
        empty.set_class(not is_empty, "-gone")
        self.compare_view.set_class(is_empty, "-gone")
        if is_empty:
            empty.update(invitation(self.view, has_presets=self.listing is not None))

    def where_around(self, where: Where) -> Where:
        """Add whether the preset has a key, and whether the parameters are open."""
        lacks_key = self.view is not None and self.view.key is None
        return replace(super().where_around(where), lacks_key=lacks_key, has_panel=self.panel.display)

    # Whom is asked.

    @property
    def is_settled(self) -> bool:
        """Whether the presets were read."""
        return self._is_settled

    async def attach_pasted(self, text: str) -> bool:
        """Attach the files whose paths these are; gives whether the text is nothing but those."""
        from mimo_tui.tui.playground_actions import attach_pasted

        return await attach_pasted(self, text)

    async def target(self, model: str = "") -> "MakeAsking | None":
        """Give how to ask the preset's model, or another one; None: nothing may be sent, and it was said why."""
        from mimo_tui.tui.playground_asking import asking_of

        return await asking_of(self, model)

    def agree(self, consent: Consent) -> None:
        """Note that the person lets that key go to that host."""
        self._agreed.add(consent)
        self._see_problem()
        self.show_around()

    def agrees(self, consent: Consent) -> bool:
        """Whether the person let that key go to that host."""
        return consent in self._agreed

    # Actions.

    def open_panel(self) -> None:
        """Open the panel of parameters; where there is little room, it takes that of the conversation."""
        self.panel.display = True
        self.add_class("-panel")
        self.call_after_refresh(self.panel.go_to)
        self.offer()

    @on(ParametersPanel.Closed)
    def close_panel(self) -> None:
        """Close it, and go on writing."""
        self.panel.display = False
        self.remove_class("-panel")
        self.prompt.focus()
        self.offer()

    def action_shut(self) -> None:
        self.close_panel()

    def send(self, text: str) -> None:
        """Say what is written; where there is little room, the panel makes some."""
        if self.has_class("-narrow") and self.panel.display:
            self.close_panel()
        super().send(text)

    @on(ParametersPanel.Changed)
    def _set(self, event: ParametersPanel.Changed) -> None:
        self.parameters = event.values
        self.show_around()

    def set_parameters(self, values: Mapping[str, Json]) -> None:
        """Send these along from here on; the panel shows them, if it is open."""
        self.parameters = values
        self.show_around()
        if self.panel.display:
            self.refresh_panel()

    def set_tools(self, written: str) -> None:
        """Have the model offered these tools from here on."""
        self.tools, self._tool_count = written, len(read_tools(written))
        self.show_around()

    def open(self, conversation: Conversation) -> None:
        """Show another conversation, or the same one again where its answers still come.

        Those of the one before go on, and are kept. What is written stays.
        """
        self.action_unedit()
        living = (talk for talk in self.living if conversation.id and talk.conversation.id == conversation.id)
        self.talk = next(living, None) or Talk(conversation)
        self.show_talk()

    def forget(self, deleted: Collection[int]) -> None:
        """Let conversations go whose records were deleted, answers that still come among them."""
        for talk in (self.talk, *self.living):
            if talk.conversation.id in deleted:
                talk.is_deleted = True
                talk.stop()
        if self.talk.is_deleted:
            self.open(Conversation(system=self.talk.conversation.system))

    def action_act(self, name: str) -> None:
        """Carry out an action of `playground_actions`, one at a time."""
        if not self._acting:
            self._acting = True
            self.app.hold_input(self)  # what is typed next is for the dialog that comes
            self._carry_out(name)

    @work(group="act", exit_on_error=False)
    async def _carry_out(self, name: str) -> None:
        from mimo_tui.tui.playground_actions import ACTIONS

        try:
            await ACTIONS[name](self)
        finally:
            self._acting = False
            self._changed()
            self.app.give_input(self)
