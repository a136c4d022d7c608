"""A line to type in, into which no character gets that could steer the terminal."""

from textual.widgets import Input

from mimo_tui.core.text import clean


class PlainInput(Input):
    """An `Input` whose value is clean, also what is pasted."""

    def validate_value(self, value: str) -> str:
        """Textual draws a value as it is, so it must be harmless before it gets there."""
        return clean(value)
