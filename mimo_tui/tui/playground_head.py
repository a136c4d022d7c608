"""What stands around a conversation, in words: its head, what the next prompt is for, and how to begin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content

from mimo_tui.core.conversation import ToolCall
from mimo_tui.core.ledger import total
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.playground_talk import Talk
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.meter_text import costs_text
from mimo_tui.tui.widgets.playground_head import TalkHead

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView

_OFFLINE: Final = clean("Nothing can be sent: the program is offline. Start it without --offline.")


@dataclass(frozen=True, slots=True)
class Along:
    """What goes with the next prompt and stands nowhere in it, and how many answers come that are not in sight."""

    has_system: bool = False
    parameters: int = 0
    tools: int = 0
    files: int = 0
    elsewhere: int = 0


def along_text(along: Along) -> Clean:
    """Say it in a line; empty: nothing goes along."""
    told = ["system prompt"] if along.has_system else []
    told += [
        f"{count} {what}{'' if count == 1 else 's'}"
        for count, what in ((along.parameters, "parameter"), (along.tools, "tool"), (along.files, "file"))
        if count
    ]
    parts = [f"with {', '.join(told)}"] if told else []
    if along.elsewhere == 1:
        parts.append("1 answer is on its way elsewhere")
    elif along.elsewhere:
        parts.append(f"{along.elsewhere} answers are on their way elsewhere")
    return clean(" · ".join(parts))


def head_of(
    view: "PresetView | None",
    talk: Talk,
    *,
    model: str,
    problem: Clean,
    along: Along,
    simulated: bool,
    offline: bool,
) -> TalkHead:
    """Give the head. `model` is asked in place of the preset's; empty: the preset's."""
    cost = costs_text(total(talk.conversation.turns.values()))
    title = talk.conversation.title
    note = _OFFLINE if offline else problem
    if view is None:
        return TalkHead(
            clean("No preset is chosen"),
            cost=cost,
            title=title,
            note=note,
            along=along_text(along),
            simulated=simulated,
        )
    preset, endpoint = view.preset, view.endpoint
    return TalkHead(
        view.name if view.name.strip() else view.reference,
        safe(model or (preset.model if preset is not None else "") or "no model"),
        endpoint.title if endpoint is not None else NOTHING,
        safe(preset.slot) if preset is not None and preset.slot else NOTHING,
        clean(f"{cost} so far") if cost else NOTHING,
        title,
        note,
        along_text(along),
        simulated,
    )


def mode_text(talk: Talk, call: ToolCall | None) -> Clean:
    """Say what the next prompt is for, where it is not simply the next one: `call` waits for its answer."""
    lines: list[str] = []
    if talk.editing is not None:
        escape = "Escape stops the answer; pressed again, it" if talk.is_busy else "Escape"
        lines.append(
            f"Changing an earlier prompt: sent, it stands beside the old one. {escape} leaves it as it is."
        )
    if call is not None:
        lines.append(f"The model called {safe(call.name)} and waits: write what the tool gives back.")
    return Clean("\n".join(clean(line) for line in lines))


def invitation(view: "PresetView | None", *, has_presets: bool) -> Content:
    """Say what one can do here, and what it costs."""
    if view is None:
        told = (
            "Choose a preset to talk with: f3 lists those that have a key."
            if has_presets
            else "Reading presets …"
        )
        return Content(told)
    begin = "Write below, and enter sends it."
    if view.key is None:
        begin = (
            "This preset has no key, so that nothing can be asked: f8 goes to the keys, f3 to other presets."
        )
    return Content("\n").join(
        [
            Content.styled(begin, "bold"),
            Content(""),
            Content(
                "It goes to the model with the key of this preset, as its agents do it, and nowhere else."
            ),
            Content("Every answer costs its tokens: the line below it says how many, and how much that is."),
            Content(""),
            Content.styled("ctrl+t attaches an image, a sound or a film; so does dropping it here.", MUTED),
            Content.styled("f2 sets what the model takes, such as thinking; f4 the system prompt.", MUTED),
            Content.styled("ctrl+l opens a conversation that was kept; f1 lists all keys.", MUTED),
        ]
    )
