"""A model as a row of a list, with where its state is known from."""

from mimo_tui.core.catalogue import Status
from mimo_tui.core.facts import Fact
from mimo_tui.core.model import inputs_in_words, tokens_in_words
from mimo_tui.core.text import clean
from mimo_tui.services.models import ModelView
from mimo_tui.tui.widgets.table import Column, Row

COLUMNS = (
    Column("model", "Model", 24, weight=1),
    Column("status", "Status", 20, weight=1),
    Column("takes", "Takes", 24, priority=2),
    Column("context", "Context", 8, priority=1, align="right"),
    Column("price", "$ in/out per 1M", 15, priority=3, align="right"),
    Column("thinking", "Thinking", 8, priority=4),
    Column("source", "Source", 12, weight=1, priority=5),
)


def model_row(view: ModelView) -> Row:
    """Give the row of a model; a retired one is muted."""
    model = view.model
    cells = (
        clean(model.id),
        status_text(view),
        clean(inputs_in_words(model)),
        tokens(model.context),
        price(view),
        _thinking(model.thinking),
        clean((model.inputs or model.offered).source.title),
    )
    return Row(model.id, cells, "muted" if view.status is Status.RETIRED else "")


def status_text(view: ModelView) -> str:
    """Give the state in words, with its day where there is one."""
    retired = view.model.retired
    match view.status:
        case Status.RETIRED if retired is not None and not retired.disputed:
            return f"retired {retired.value:%Y-%m-%d}"
        case Status.RETIRING if retired is not None and not retired.disputed:
            return f"until {retired.value:%Y-%m-%d}"
        case _:
            return str(view.status)


def tokens(fact: Fact[int] | None) -> str:
    """Give a number of tokens as people say it, marked where the sources disagree."""
    return "?" if fact is None else tokens_in_words(fact.value) + _mark(fact)


def price(view: ModelView) -> str:
    """Give the price in dollars of a million tokens in and out."""
    found = view.model.price_usd
    if found is None or found.value.input is None or found.value.output is None:
        return "?"
    return f"{found.value.input:f}/{found.value.output:f}{_mark(found)}"


def _thinking(fact: Fact[bool] | None) -> str:
    return "?" if fact is None else ("on" if fact.value else "off") + _mark(fact)


def _mark(fact: Fact[object]) -> str:
    return "!" if fact.disputed else ""
