"""A text that is always as high as it is."""

from textual.visual import VisualType
from textual.widgets import Static


class Paragraph(Static):
    """A `Static` that can be updated at any time.

    A plain one that is updated while a layout of it is still to come keeps the height of its earlier text: Textual
    takes both for the same state of the widget.
    """

    DEFAULT_CSS = """
    Paragraph { height: auto; }
    """

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show other content, and look again at its height once it has been laid out."""
        super().update(content, layout=layout)
        self.call_after_refresh(self._look_again)

    def on_resize(self) -> None:
        self._look_again()

    def _look_again(self) -> None:
        size = self.content_size
        self.clear_cached_dimensions()
        if size.width and self.get_content_height(size, size, size.width) != size.height:
            self.refresh(layout=True)
