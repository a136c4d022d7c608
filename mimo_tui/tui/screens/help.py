"""Help: what the place under it is for, and every key that acts there now."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from mimo_tui.tui.widgets.help_text import Key, help_content
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph


class HelpScreen(ModalScreen[None]):
    """Shows the help of a screen, and of the part of it that has the focus."""

    HELP = """\
## Help

`up` and `down` scroll, `escape` closes.
"""
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > .dialog { width: 84; height: auto; }
        VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1", "close", "Back", id="help.close", tooltip="Close the help"),
    ]

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self._texts = _texts(screen)
        self._keys = keys(screen)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"), VerticalScroll():
            yield Paragraph()
        yield KeyBar()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        width = self.query_one(VerticalScroll).size.width - 1  # there may be a scrollbar
        self.query_one(Paragraph).update(help_content(self._texts, self._keys, width))

    def action_close(self) -> None:
        self.dismiss(None)


def _texts(screen: Screen[object]) -> tuple[str, ...]:
    """The screen's help first, then that of the focused part and of what it stands in."""
    nodes: list[DOMNode] = [screen] if screen.focused is None else screen.focused.ancestors_with_self
    return tuple(node.HELP for node in reversed(nodes) if isinstance(node, Widget) and node.HELP)


def keys(screen: Screen[object]) -> tuple[Key, ...]:
    """Every key of ours that acts now; those of Textual's own parts have no tooltip, and do what they do everywhere."""
    found: dict[tuple[DOMNode, str], list[str]] = {}
    words: dict[tuple[DOMNode, str], tuple[str, str]] = {}
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        if enabled and tooltip:
            action = (node, binding.action)
            found.setdefault(action, []).append(screen.app.get_key_display(binding))
            words.setdefault(action, (binding.description, tooltip))
    return tuple(Key(" ".join(dict.fromkeys(found[action])), *words[action]) for action in found)
