"""Lines to type in, into which no character gets that could steer the terminal."""

from dataclasses import replace

from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from mimo_tui.core.text import clean_lines


class PlainTextArea(TextArea):
    """A `TextArea` whose text is clean, also what is pasted. The caller cleans the text that it begins with."""

    def edit(self, edit: Edit) -> EditResult:
        """Textual draws the text as it is, so it must be harmless before it gets there."""
        # Terminals paste the end of a line as the key enter gives it.
        text = edit.text.replace("\r\n", "\n").replace("\r", "\n")
        return super().edit(replace(edit, text=clean_lines(text)))
