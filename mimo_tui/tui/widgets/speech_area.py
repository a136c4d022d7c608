"""The lines that are to be spoken, and those that describe a voice: enter has them spoken."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from mimo_tui.tui.widgets.prompt_area import PromptArea


class SpeechArea(PromptArea):
    """Lines that enter has spoken; they stay, to be spoken again by another voice. It tells what is pasted."""

    HELP = """\
## What is to be spoken

`enter` has it spoken, `ctrl+j` begins another line. `(…)` or `[…]` before the text says how it is spoken, cues such as
`[sigh]` stand within it; `(唱歌)` or `(singing)` before it has it sung. What they do is up to the model.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Speak", id="speech.enter", tooltip="Have it spoken", show=False),
        Binding(
            "shift+enter,ctrl+j,alt+enter",
            "newline",
            "New line",
            id="speech.newline",
            tooltip="Begin another line",
            show=False,
        ),
    ]
