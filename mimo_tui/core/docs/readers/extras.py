"""Single facts of the page of prices: the search that is charged besides, and what a batch costs."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.amounts import number
from mimo_tui.core.docs.readers.conditions import is_conditional
from mimo_tui.core.docs.readers.grid import row_quote, tables
from mimo_tui.core.docs.readers.money import Per, Unit, currency_of, price_of, unit_of
from mimo_tui.core.docs.readers.statements import Draft
from mimo_tui.core.docs.readers.words import sentences, words

_SEARCH = ("web search", "online search", "联网搜索", "网络搜索", "联网")
_FACTS = {"CNY": "web_search_cny_per_1000", "USD": "web_search_usd_per_1000"}
_BATCH = ("batch", "批量", "批处理")
_HALF = re.compile(r"\bhalf\b(?! (?:an )?hour)|\b50 ?% (?:of|off)|半价|五折|5 ?折|减半")
_OTHER_TIMES = ("at night", "night", "weekend", "new users", "夜间", "周末", "新用户")
_NO_HALF = re.compile(r"\bnot\b|n't|\bno longer\b|[?~]|不再|不")


def read_extras(page: Page, currencies: Sequence[str], draft: Draft) -> None:
    """Read what a search costs and what a batch costs, where the page says it plainly."""
    for currency in currencies:
        if currency in _FACTS:
            _read_search(page, currency, draft)
            _read_batch(page, draft)


def _read_search(page: Page, currency: str, draft: Draft) -> None:
    subject = ("facts", _FACTS[currency])
    for table, rows in tables(page):
        across = [tuple(map(str, table.columns)), *rows]
        heads, *lines = (
            across if any(map(currency_of, table.columns)) else list(zip(*across, strict=True)) or [()]
        )
        priced = [at for at, one in enumerate(heads) if currency_of(one) == currency]
        for row in lines:
            if len(priced) != 1 or not any(words(cell).say(_SEARCH) for cell in row):
                continue
            price = price_of(row[priced[0]], currency)
            unit = _of_calls((*row, *heads))
            if price is None or unit is None:
                draft.miss(f"the price of a search in {currency}")
                continue
            draft.state(subject, number(price.value * unit.scale), row_quote(row), table.line)
            draft.cover([subject])


def _of_calls(texts: Iterable[str]) -> Unit | None:
    units = (unit_of(text) for text in texts)
    return next((unit for unit in units if unit is not None and unit.per is Per.CALLS), None)


def _read_batch(page: Page, draft: Draft) -> None:
    for block in page.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(block.text):
                said = sentence.casefold()
                if (
                    words(sentence).say(_BATCH)
                    and _HALF.search(said)
                    and not (
                        _NO_HALF.search(said) or is_conditional(sentence) or words(sentence).say(_OTHER_TIMES)
                    )
                ):
                    draft.state(("facts", "batch_price_factor"), Decimal("0.5"), sentence, block.line)
                    draft.cover([("facts", "batch_price_factor")])
