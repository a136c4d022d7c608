"""The line below an answer: what it took, cut to the width by importance."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rich.cells import cell_len

from mimo_tui.core.conversation import Answer
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import Wire
from mimo_tui.core.text import clean
from mimo_tui.core.usage import Usage
from mimo_tui.tui.widgets.meter_text import cost_text, costs_text, meter_text

WHOLE = Answer(
    clean("mimo-v2.6-pro"),
    Wire.CHAT_COMPLETIONS,
    clean("api.xiaomimimo.com"),
    first_token=0.42,
    seconds=4.42,
    usage=Usage(1024, 300, 1324, cached=512, reasoning=120),
    cost=Cost(Decimal("0.0012"), "CNY"),
    finish=clean("stop"),
    complete=True,
)


def test_it_tells_everything_where_there_is_room() -> None:
    assert meter_text(WHOLE, 120) == (
        "mimo-v2.6-pro · first token 0.42 s · 75 tokens/s · 1,024 in (512 cached) · 300 out (120 reasoning)"
        " · ¥0.0012 · stop"
    )


@pytest.mark.parametrize("width", [110, 90, 76, 60, 40, 20])
def test_it_is_never_wider_than_there_is_room(width: int) -> None:
    assert cell_len(meter_text(WHOLE, width)) <= width


def test_model_ending_and_cost_stay_longest() -> None:
    assert meter_text(WHOLE, 56) == "mimo-v2.6-pro · 1,024 in · 300 out · ¥0.0012 · stop"
    assert meter_text(WHOLE, 34) == "mimo-v2.6-pro · ¥0.0012 · stop"
    assert meter_text(WHOLE, 5) == "mimo-v2.6-pro"


def test_a_reason_of_any_length_takes_nothing_else_off_the_line() -> None:
    told = meter_text(replace(WHOLE, finish=clean("because of " + "this " * 60)), 120)
    assert "¥0.0012 · because of this this" in told
    assert "300 out" in told


def test_it_says_in_words_that_an_answer_was_stopped_or_broke_off() -> None:
    assert meter_text(replace(WHOLE, complete=False, stopped=True), 120).endswith("· stopped")
    assert meter_text(replace(WHOLE, complete=False), 120).endswith("· broke off")


def test_what_is_not_known_is_left_out() -> None:
    bare = Answer(
        clean("mimo-v2.6-pro"), Wire.MESSAGES, clean("host"), finish=clean("end_turn"), complete=True
    )
    assert meter_text(bare, 80) == "mimo-v2.6-pro · end_turn"


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        (Cost(Decimal("0.00123456"), "CNY"), "¥0.0012"),
        (Cost(Decimal("12.3456"), "USD"), "$12.35"),
        (Cost(Decimal(3), "USD"), "$3"),
        (Cost(Decimal("0.03"), "USD", is_bound=True), "≤ $0.03"),
        (Cost(Decimal("0.0011"), "CNY", is_least=True), "≥ ¥0.0011"),
        (Cost(Decimal("0.03"), "USD", is_bound=True, is_least=True), "about $0.03"),
        (Cost(Decimal(1200), "credits"), "1,200 credits"),
        (Cost(Decimal(0), "CNY"), "¥0"),
    ],
)
def test_amounts_are_told_as_people_write_them(cost: Cost, told: str) -> None:
    assert cost_text(cost) == told


def test_amounts_of_several_currencies_stand_side_by_side() -> None:
    costs = (Cost(Decimal("0.5"), "CNY"), Cost(Decimal(7), "credits"))
    assert costs_text(costs) == "¥0.50 + 7 credits"
    assert costs_text(()) == ""
