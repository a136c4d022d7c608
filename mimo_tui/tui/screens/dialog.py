"""What all dialogs share."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """A screen over another one. Textual keeps the app's own keys from it, so help is bound here again."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark,f1", "app.help", "Help", id="dialog.help", tooltip="What this is, and its keys"
        ),
    ]
