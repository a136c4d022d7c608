"""A line to type in, into which no character gets that could steer the terminal."""

from textual.widgets import Input

from mimo_tui.core.text import clean


class PlainInput(Input):
    """An `Input` whose value is clean, also what is pasted. What it says while it is empty is there to be read."""

    DEFAULT_CSS = """
    PlainInput > .input--placeholder { color: $text-muted; }
    PlainInput:ansi > .input--placeholder { color: ansi_default; }
    """

    def validate_value(self, value: str) -> str:
        """Textual draws a value as it is, so it must be harmless before it gets there."""
        return clean(value)
