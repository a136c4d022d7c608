"""A text that is always as high as it is."""

from textual.widgets import Static


class Paragraph(Static):
    """A `Static` whose text may be set before the first layout: a plain one would keep the height of what it had."""

    DEFAULT_CSS = """
    Paragraph { height: auto; }
    """

    def on_resize(self) -> None:
        self.refresh(layout=True)
