"""The times that a recording was heard, as a list."""

from typing import Final

from textual.reactive import reactive

from mimo_tui.tui.widgets.table import Column, Table

_COLUMNS: Final = (
    Column("recording", "Recording", 11, weight=2),
    Column("seconds", "Length", 7, align="right"),
    Column("cost", "Cost", 8, priority=2, align="right"),
    Column("differs", "Differs", 7, priority=1, align="right"),
    Column("heard", "Heard", 10, weight=4),
)
_BESIDE: Final = _COLUMNS[:-1]
"""Those that are left where the words stand beside the list."""


class HearingTable(Table):
    """Shows what was heard in this run. There is nothing to open: what is under the cursor is shown beside it."""

    HELP = """\
## Heard in this run

The newest stands first; `up` and `down` choose which is shown. `Differs` is the share of a take's text that was not
heard as it was to be said. Nothing of it is written down unless you save it.
"""

    is_beside: reactive[bool] = reactive(False, init=False)
    """Whether what is under the cursor is shown beside the list, so that it need not hold any of it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(_COLUMNS, empty="Nothing was heard yet.", id=id)

    def watch_is_beside(self) -> None:
        """Give the names the room of the words that were heard."""
        self.columns = _BESIDE if self.is_beside else _COLUMNS
        self._strips.clear()
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open, and enter sends nothing."""
        return action != "select" and super().check_action(action, parameters)
