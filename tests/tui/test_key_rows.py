"""A slot as a row: what the list says at 80 columns."""

from typing import cast

import pytest
from textual.app import App, ComposeResult

from mimo_tui.core.text import clean
from mimo_tui.core.verdict import Label
from mimo_tui.services.keys.listing import Remembered, SlotView
from mimo_tui.services.keys.placing import Misplaced
from mimo_tui.tui.key_rows import row
from mimo_tui.tui.widgets.key_table import COLUMNS, KeyTable
from tests.conftest import NOW
from tests.tui.screen_text import screen_text, wait_until


class Alone(App[None]):
    """The list of slots and nothing else."""

    def __init__(self, table: KeyTable) -> None:
        super().__init__()
        self._table = table

    def compose(self) -> ComposeResult:
        yield self._table


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (Label.BELONGS, "✓ pay-as-you-go  ✗ 1 preset"),
        (Label.SEVERAL, "? several  ✗ 1 preset"),
        (Label.WRONG_FAMILY, "✗ other family  ✗ 1 preset"),
        (Label.REVOKED, "✗ revoked  ✗ 1 preset"),
        (Label.UNDETERMINED, "? uncertain  ✗ 1 preset"),
    ],
)
async def test_a_verdict_is_shown_whole_in_its_column(label: Label, shown: str) -> None:
    known = Remembered(
        label,
        clean("as the card says it"),
        clean("pay-as-you-go"),
        clean("a"),
        clean(""),
        NOW,
        simulated=True,
    )
    slot = SlotView(clean("MIMO_1_API_KEY"), None, None, (), None, (), None, check=known)
    table = KeyTable(COLUMNS, (row(slot, [cast("Misplaced", None)], NOW),))
    async with Alone(table).run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: shown in screen_text(pilot.app))
