"""What becomes of a page that changes: it says the new, keeps quiet about what it no longer says, and never guesses."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from mimo_tui.core.docs.address import CHINESE
from mimo_tui.core.docs.page import Code, Page, Schema, Table, read_page
from mimo_tui.core.docs.readers import READERS, Reading
from mimo_tui.core.facts import BEIJING, Toml
from mimo_tui.core.text import clean
from tests.core.docs.reading import covers, page, page_of, said, table, text_of, with_tables

PRO, FLASH, NEW = "mimo-v2.6-pro", "mimo-v2.6-flash", "mimo-v3"


def read(area: str, *blocks: Table | str, title: str = "Page") -> Reading:
    """Read a page of these blocks."""
    return READERS[area](page(*blocks, title=title))


def changed(area: str, old: str, new: str, locale: str = "en-US") -> Reading:
    """Read a page of the site in which a text is replaced."""
    text = text_of(area, locale)
    assert old in text
    return READERS[area](read_page(text.replace(old, new)))


def about(reading: Reading, *subject: str) -> "Toml | None":
    """Give what a reading says of a subject."""
    return said(reading).get(subject)


# --- Models -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (
            "Model | Modalities in: input | Output | Context Window | Maximum Output Tokens",
            "Text | Text | 1M | 128K",
        ),
        ("Model name | Input types | Output types | Context length | Max tokens", "Text | Text | 1M | 128K"),
        ("模型名称 | 输入模态 | 输出模态 | 上下文长度 | 最大输出长度", "文本 | 文本 | 1M | 128K"),
        ("模型ID | 支持的输入 | 输出 | 上下文窗口 | 输出上限", "文字 | 文字 | 1,048,576 | 131,072"),
        (
            "API id of model | Accepts | Returns | Context | Output limit",
            "text | text | 1M tokens | 128K tokens",
        ),
    ],
)
def test_columns_may_have_other_names(heads: str, cells: str) -> None:
    reading = read("models", table(f"{heads}\n{NEW} | {cells}"))
    assert about(reading, "models", NEW, "offered") is True
    assert about(reading, "models", NEW, "inputs") == ["text"]
    assert about(reading, "models", NEW, "outputs") == ["text"]
    assert about(reading, "models", NEW, "context") == 1_048_576
    assert about(reading, "models", NEW, "max_output") == 131_072


def test_a_new_model_and_a_missing_one_are_seen() -> None:
    reading = changed("models", f"<code>{FLASH}</code>", f"<code>{NEW}</code>")
    assert about(reading, "models", NEW, "context") == 1_048_576
    assert about(reading, "models", NEW, "features", "batch") is True
    assert about(reading, "models", FLASH, "offered") is None
    assert covers(reading, ("models", FLASH, "offered"))


def test_a_column_that_has_gone_is_named_and_not_covered() -> None:
    def without_context(one: Table) -> Table:
        keep = [at for at, column in enumerate(one.columns) if column != "Context"]
        return replace(
            one,
            columns=tuple(one.columns[at] for at in keep),
            rows=tuple(tuple(row[at] for at in keep) for row in one.rows),
        )

    reading = READERS["models"](with_tables(page_of("models"), without_context))
    assert "no column for context" in reading.problem
    assert not covers(reading, ("models", PRO, "context"))
    assert about(reading, "models", PRO, "max_output") == 131_072
    assert covers(reading, ("models", PRO, "max_output"))


def test_a_cell_that_cannot_be_read_is_named_and_covers_its_model_no_more() -> None:
    reading = changed("models", "<td>Text, a sample of a voice</td>", "<td>Text, a hunch</td>")
    cloning = next(one.subject[1] for one in reading.statements if "clone" in one.subject[1])
    assert "a hunch" in reading.problem
    assert not covers(reading, ("models", cloning, "inputs"))
    assert covers(reading, ("models", PRO, "inputs"))
    assert covers(reading, ("models", cloning, "context"))


def test_a_row_without_an_id_leaves_open_of_whom_it_speaks() -> None:
    reading = read("models", table(f"Model ID | Input | Context\n{PRO} | Text | 1M\nThe big one | Text | 2M"))
    assert "The big one" in reading.problem
    assert covers(reading, ("models", PRO, "context"))
    assert not covers(reading, ("models", FLASH, "context"))


def test_two_rows_of_a_model_that_differ_say_nothing_of_what_differs() -> None:
    reading = read(
        "models",
        table(f"Model ID | Input | Context\n{PRO} | Text | 1M\n{PRO} | Text | 256K\n{FLASH} | Text | 1M"),
    )
    assert about(reading, "models", PRO, "inputs") == ["text"]
    assert about(reading, "models", PRO, "context") is None
    assert not covers(reading, ("models", PRO, "context"))
    assert about(reading, "models", FLASH, "context") == 1_048_576
    assert f"context of {PRO}" in reading.problem


@pytest.mark.parametrize(
    "heading",
    ["Context (beta)", "Context (words)", "Context (K)", "Context from 2027-01-01", "Context (> 1M)"],
)
def test_a_column_with_a_condition_says_nothing(heading: str) -> None:
    reading = read("models", table(f"Model ID | Input | {heading}\n{PRO} | Text | 512K"))
    assert about(reading, "models", PRO, "inputs") == ["text"]
    assert about(reading, "models", PRO, "context") is None
    assert not covers(reading, ("models", PRO, "context"))
    assert "condition" in reading.problem


@pytest.mark.parametrize("heading", ["RPM (free tier)", "RPM (thousand)", "RPM until 2027-01-01"])
def test_a_limit_with_a_condition_is_none(heading: str) -> None:
    reading = read("rate-limits", table(f"Model | {heading} | TPM\n{PRO} | 100 | 10M"))
    assert about(reading, "models", PRO, "rpm") is None
    assert about(reading, "models", PRO, "tpm") == 10_000_000
    assert not covers(reading, ("models", PRO, "rpm"))


@pytest.mark.parametrize(
    "heading", ["Coming soon", "Comparison with other models", "Retired models", "Open weights", "即将推出"]
)
def test_models_of_another_section_are_not_offered(heading: str) -> None:
    text = "Model ID | Input | Context\n{} | Text | 1M"
    here, there = table(text.format(PRO)), table(text.format(NEW), headings=("Models", heading))
    reading = read("models", here, there)
    assert about(reading, "models", PRO, "offered") is True
    assert about(reading, "models", NEW, "offered") is None


def test_a_model_that_is_not_there_yet_is_not_offered() -> None:
    reading = read(
        "models", table(f"Model ID | Input | Status\n{PRO} | Text | Stable\n{NEW} | Text | Coming soon")
    )
    assert about(reading, "models", PRO, "offered") is True
    assert about(reading, "models", NEW, "offered") is None
    assert not covers(reading, ("models", NEW, "offered"))


def test_what_is_struck_through_or_raised_makes_no_number() -> None:
    old = "<td>100</td>\n      <td>10M</td>"
    for cell in ("<del>100</del> 200", "~~100~~ 200", "100<sup>1</sup>", "100<br/>500"):
        text = text_of("rate-limits").replace(old, old.replace("100", cell), 1)
        reading = READERS["rate-limits"](read_page(text))
        assert about(reading, "models", PRO, "rpm") is None, cell
        assert about(reading, "models", PRO, "tpm") == 10_000_000
        assert PRO in reading.problem


def test_the_page_may_say_what_its_short_numbers_stand_for() -> None:
    models = table(f"Model ID | Input | Context | Max output\n{PRO} | Text | 1M | 64K")
    decimal = read("models", models, "Here 1M is 1,000,000 tokens.")
    assert about(decimal, "models", PRO, "context") == 1_000_000
    assert about(decimal, "models", PRO, "max_output") == 64_000
    binary = read("models", models, "1M of context is 1,048,576 tokens.")
    assert about(binary, "models", PRO, "context") == 1_048_576
    assert about(binary, "models", PRO, "max_output") == 65_536


def test_what_the_matrix_says_otherwise_than_the_table_is_said_as_well() -> None:
    old = "<td>Image input</td>\n      <td>Yes</td>"
    reading = changed("models", old, "<td>Image input</td>\n      <td>No</td>")
    values = [one.value for one in reading.statements if one.subject == ("models", PRO, "inputs")]
    assert values == [["text", "image", "audio", "video"], ["text", "audio", "video"]]
    assert {one.quote.split(" | ")[0] for one in reading.statements if one.subject[2:] == ("inputs",)} >= {
        "Image input"
    }


def test_a_flipped_capability_is_read() -> None:
    flip = "<td>Batch</td>\n      <td>Yes</td>"
    reading = changed("models", flip, flip.replace("Yes", "No"))
    assert about(reading, "models", PRO, "features", "batch") is False
    assert about(reading, "models", FLASH, "features", "batch") is True


def test_capabilities_may_stand_in_the_table_of_models() -> None:
    reading = read(
        "models", table(f"Model | Context | Tool calling | JSON mode | Anthropic API\n{PRO} | 1M | ✓ | ✗ | ✓")
    )
    assert about(reading, "models", PRO, "features", "function_calling") is True
    assert about(reading, "models", PRO, "features", "structured_output") is False
    assert about(reading, "models", PRO, "wires", "messages") is True


@pytest.mark.parametrize(
    ("sentence", "default"),
    [
        ("The chat models think before they answer unless told not to.", True),
        ("Thinking is on by default for chat models.", True),
        (f"`{PRO}` has thinking enabled by default.", True),
        ("对话模型默认开启思考。", True),
        ("Thinking of the chat models is off by default.", False),
        ("对话模型默认关闭思考。", False),
        ("The chat models think.", None),
        ("Thinking is on by default.", None),
    ],
)
def test_whether_models_think_may_be_a_sentence(sentence: str, default: bool | None) -> None:
    reading = read("models", table(f"Model ID | Input | Output\n{PRO} | Text | Text"), sentence)
    assert about(reading, "models", PRO, "thinking") is default
    assert covers(reading, ("models", PRO, "thinking")) is (default is not None)


def test_a_page_that_tells_of_no_models_is_not_understood() -> None:
    reading = read("models", table("Day | Tea\nMonday | Green"), "The models are all well.")
    assert reading.problem.startswith("no table with a column for the model id")
    assert not reading.statements
    assert not reading.covers


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_limits_by_other_names() -> None:
    reading = read("rate-limits", table(f"模型 | 每分钟请求数 | 每分钟 Token 数\n{PRO} | 200 | 1000万"))
    assert about(reading, "models", PRO, "rpm") == 200
    assert about(reading, "models", PRO, "tpm") == 10_000_000
    reading = read("rate-limits", table(f"Model | Requests per minute | Tokens per minute\n{PRO} | 200 | 5M"))
    assert about(reading, "models", PRO, "rpm") == 200
    assert about(reading, "models", PRO, "tpm") == 5_000_000


def test_a_limit_by_contract_is_no_number() -> None:
    reading = read("rate-limits", table(f"Model | RPM | TPM\n{PRO} | By contract | 10M"))
    assert about(reading, "models", PRO, "rpm") is None
    assert covers(reading, ("models", PRO, "rpm"))
    assert not reading.problem


# --- Deprecations -----------------------------------------------------------------------------------------------------


def test_the_end_of_a_model_by_other_names() -> None:
    expected = datetime(2027, 1, 5, 10, 0, tzinfo=BEIJING)
    for text in (
        f"Model | Shutdown | Replacement\n{PRO} | 5 January 2027 at 10:00 | {NEW}",
        f"Replacement | Old model | End of life\n{NEW} | {PRO} | January 5, 2027 10:00",
        f"模型 | 停止服务时间 | 替代模型\n{PRO} | 2027年1月5日 10:00 | {NEW}",
        f"Model | Offline | Use instead\n{PRO} | 2027-01-05 02:00 UTC | MiMo-V3",
    ):
        reading = read("deprecations", table(text))
        assert about(reading, "models", PRO, "retired") == expected, text
        assert about(reading, "models", PRO, "successor") == NEW, text


def test_times_may_be_of_another_zone() -> None:
    reading = read("deprecations", "All times are UTC.", table(f"Model | Offline\n{PRO} | 2027-01-05 02:00"))
    assert about(reading, "models", PRO, "retired") == datetime(2027, 1, 5, 10, 0, tzinfo=BEIJING)


def test_the_end_of_a_model_may_be_a_sentence() -> None:
    sentence = f"`{NEW}` and `{FLASH}` go offline on 5 January 2027 at 10:00. They stay loved."
    reading = read("deprecations", table(f"Model | Offline\n{PRO} | 2026-12-01"), sentence)
    assert about(reading, "models", NEW, "retired") == datetime(2027, 1, 5, 10, 0, tzinfo=BEIJING)
    assert about(reading, "models", PRO, "retired") == datetime(2026, 12, 1, tzinfo=BEIJING)
    quotes = {one.subject[1]: one.quote for one in reading.statements}
    assert quotes[NEW].startswith("`mimo-v3` and") or quotes[NEW].startswith("mimo-v3 and")


@pytest.mark.parametrize(
    "sentence",
    [
        f"`{NEW}` goes offline on 5 January 2027; use `{FLASH}`.",
        f"On January 5, 2027 the model `{NEW}` will be taken offline, and `{FLASH}` follows it.",
        f"`{NEW}` 将于2027年1月5日停止服务，请迁移至 `{FLASH}`。",
    ],
)
def test_the_successor_in_a_sentence_does_not_go(sentence: str) -> None:
    reading = read("deprecations", table(f"Model | Offline\n{PRO} | 2026-12-01"), sentence)
    assert about(reading, "models", NEW, "retired") == datetime(2027, 1, 5, tzinfo=BEIJING)
    assert about(reading, "models", FLASH, "retired") is None


@pytest.mark.parametrize(
    "cell",
    ["not before 2027-01-05", "2027-01-05 or later", "2027-01-05 10:00 PDT", "~~2027-01-05~~ 2027-02-01"],
)
def test_a_day_that_is_not_certain_is_none(cell: str) -> None:
    sentence = f"`{PRO}` goes offline on 5 January 2027."
    reading = read("deprecations", table(f"Model | Offline\n{PRO} | {cell}"), sentence)
    assert about(reading, "models", PRO, "retired") is None
    assert PRO in reading.problem


def test_a_column_may_name_its_zone() -> None:
    reading = read("deprecations", table(f"Model | Offline (UTC)\n{PRO} | 2027-01-05 02:00"))
    assert about(reading, "models", PRO, "retired") == datetime(2027, 1, 5, 10, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "sentence",
    [
        f"`{NEW}` does not go offline on 5 January 2027.",
        f"That `{NEW}` is taken offline on 5 January 2027 has been postponed.",
        f"`{NEW}` arrives on 5 January 2027.",
        f"`{NEW}` goes offline between 5 January 2027 and 6 January 2027.",
        f"`{NEW}` might go offline on 5 January 2027.",
        f"`{NEW}` goes offline no earlier than 5 January 2027.",
        f"`{NEW}` goes offline on 5 January 2027 in Europe.",
        f"`{FLASH}` goes offline on 5 January 2027; use `{NEW}`.",
        f"`{FLASH}` goes offline on 5 January 2027 and is replaced by `{NEW}`.",
        f"`{FLASH}` 将于2027年1月5日停止服务，请迁移至 `{NEW}`。",
        f"Before `{FLASH}` goes offline on 5 January 2027, move to `{NEW}`.",
        f"Unlike `{NEW}`, `{FLASH}` goes offline on 5 January 2027.",
        f"The old voices of `{NEW}` are removed on 5 January 2027.",
        f"Does `{NEW}` go offline on 5 January 2027?",
        f"~~`{NEW}` goes offline on 5 January 2027.~~",
    ],
)
def test_other_sentences_end_no_model(sentence: str) -> None:
    reading = read("deprecations", table(f"Model | Offline\n{PRO} | 2026-12-01"), sentence)
    assert about(reading, "models", NEW, "retired") is None


# --- Prices -----------------------------------------------------------------------------------------------------------

PER_MILLION = ("CNY per 1M tokens",)
HEADS = "Model | Input (Cache Hit) | Input (Cache Miss) | Output"


@pytest.mark.parametrize(
    ("headings", "heads"),
    [
        (("Prices in yuan, per million tokens",), HEADS),
        (("RMB per 1M tokens",), "Model id | Cached input | Input | Output"),
        (
            ("Prices",),
            "Model | Output (¥ / 1M tokens) | Input (¥ / 1M tokens) | Cached input (¥ / 1M tokens)",
        ),
        (("价格（元/百万 tokens）",), "模型 | 缓存命中输入 | 缓存未命中输入 | 输出"),
        (("人民币 / 1M tokens",), "模型 | 输入（缓存命中） | 输入 | 输出"),
    ],
)
def test_prices_by_other_names(headings: tuple[str, ...], heads: str) -> None:
    cells = "6 | 3 | 0.025" if heads.startswith("Model | Output") else "0.025 | 3 | 6"
    reading = read("prices", table(f"{heads}\n{PRO} | {cells}", headings=headings))
    expected = {"cached_input": Decimal("0.025"), "input": 3, "output": 6}
    assert about(reading, "models", PRO, "price_cny") == expected
    assert "no price in USD" in reading.problem
    assert not covers(reading, ("models", PRO, "price_usd"))


def test_a_price_for_a_thousand_tokens_is_made_one_for_a_million() -> None:
    reading = read(
        "prices", table(f"{HEADS}\n{PRO} | 0.001 | 0.003 | 0.006", headings=("CNY per 1K tokens",))
    )
    assert about(reading, "models", PRO, "price_cny") == {"cached_input": 1, "input": 3, "output": 6}


def test_both_currencies_may_stand_in_one_table() -> None:
    heads = (
        "Model | Cached input, CNY | Input, CNY | Output, CNY | Cached input, USD | Input, USD | Output, USD"
    )
    reading = read(
        "prices",
        table(f"{heads}\n{PRO} | 0.025 | 3 | 6 | 0.0036 | 0.435 | 0.87", headings=("Per 1M tokens",)),
    )
    assert about(reading, "models", PRO, "price_cny") == {
        "cached_input": Decimal("0.025"),
        "input": 3,
        "output": 6,
    }
    usd = {"cached_input": Decimal("0.0036"), "input": Decimal("0.435"), "output": Decimal("0.87")}
    assert about(reading, "models", PRO, "price_usd") == usd


def test_cells_may_name_the_currency() -> None:
    reading = read("prices", table(f"{HEADS}\n{PRO} | $0.01 | $1 | $2", headings=("For 1M tokens",)))
    assert about(reading, "models", PRO, "price_usd") == {
        "cached_input": Decimal("0.01"),
        "input": 1,
        "output": 2,
    }


@pytest.mark.parametrize(
    ("headings", "text"),
    [
        (("CNY",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),  # for what?
        (("Per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),  # in which money?
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | 3/4 | 6"),
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | from 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | $3 | 6"),
        (("CNY per 1M tokens",), f"Model | Input (Cache Miss) | Output\n{PRO} | 3 | 6"),  # the hit has gone
        (("CNY per 1M tokens",), f"{HEADS} | Output at night\n{PRO} | 0.025 | 3 | 6 | 5"),
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6\n{PRO} | 0.05 | 6 | 12"),  # by length?
        (("CNY per 1M tokens, input over 256K",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),
        (("CNY per 1M tokens, from 1 January 2027",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),
        (("Promotion, CNY per 1M tokens",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS.replace('Output', 'Output (≤256K)')}\n{PRO} | 0.025 | 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS.replace('Output', 'Output (thinking)')}\n{PRO} | 0.025 | 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS.replace('Output', 'Discounted output')}\n{PRO} | 0.025 | 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} (batch) | 0.025 | 3 | 6"),
        (("CNY per 1M tokens",), f"{HEADS}\n{PRO} (>256K) | 0.025 | 3 | 6"),
        (("CNY per 10⁶ tokens",), f"{HEADS}\n{PRO} | 0.025 | 3 | 6"),
    ],
)
def test_a_price_that_is_not_certain_is_none(headings: tuple[str, ...], text: str) -> None:
    reading = read("prices", table(text, headings=headings))
    assert not reading.statements
    assert not covers(reading, ("models", PRO, "price_cny"))
    assert reading.problem


def test_a_sentence_on_tokens_is_no_unit_of_prices() -> None:
    prices = table(f"{HEADS}\n{PRO} | 0.025 | 3 | 6", headings=("CNY",), line=2)
    below = replace(prices, headings=())
    for text in ("A token is about 0.7 of a word.", "1,000 tokens are about 700 words."):
        reading = READERS["prices"](page(below, text, title="Prices in CNY"))
        assert about(reading, "models", PRO, "price_cny") is None
    reading = READERS["prices"](page(below, "Prices are for 1M tokens.", title="Prices in CNY"))
    assert about(reading, "models", PRO, "price_cny") is not None


def test_prices_that_begin_later_are_not_those_of_today() -> None:
    prices = table(f"{HEADS}\n{PRO} | 0.025 | 3 | 6", headings=(), line=2)
    reading = READERS["prices"](page("From 2027-01-01 on, in CNY for 1M tokens:", prices))
    assert about(reading, "models", PRO, "price_cny") is None
    assert "condition" in reading.problem


def test_prices_of_batches_and_of_the_night_are_others() -> None:
    day = table(f"{HEADS}\n{PRO} | 0.025 | 3 | 6", headings=("CNY per 1M tokens",))
    batch = table(f"{HEADS}\n{PRO} | 0.0125 | 1.5 | 3", headings=("Batch, CNY per 1M tokens",))
    night = table(f"{HEADS}\n{PRO} | 0.02 | 2.4 | 4.8", headings=("At night, CNY per 1M tokens",))
    assert about(read("prices", batch, day, night), "models", PRO, "price_cny") == {
        "cached_input": Decimal("0.025"),
        "input": 3,
        "output": 6,
    }


def test_another_price_of_a_search_and_another_share_of_batches() -> None:
    assert about(changed("prices", "<td>16</td>", "<td>25</td>"), "facts", "web_search_cny_per_1000") == 25
    assert about(changed("prices", "1,000 calls", "call"), "facts", "web_search_usd_per_1000") == 5000
    reading = changed("prices", "cost half", "cost a little less")
    assert not covers(reading, ("facts", "batch_price_factor"))
    for words in ("cost half until 2027-01-01", "cost half at night", "cost half for new users"):
        assert about(changed("prices", "cost half", words), "facts", "batch_price_factor") is None


def test_speech_may_stand_in_the_table_of_chat() -> None:
    text = f"{HEADS}\n{PRO} | 0.025 | 3 | 6\nmimo-v9-tts | — | Free for a limited time | Free for a limited time\n"
    reading = read(
        "prices", table(text + "mimo-v9-asr | — | 0.5 / hour | —", headings=("CNY per 1M tokens",))
    )
    free = {"input": 0, "output": 0, "note": "free, limited time"}
    assert about(reading, "models", "mimo-v9-tts", "price_cny") == free
    assert about(reading, "models", "mimo-v9-asr", "price_cny") == {"audio_hour": Decimal("0.5")}


def test_credits_may_be_counted_for_a_million_tokens() -> None:
    reading = read(
        "plan-prices", table(f"{HEADS}\n{PRO} | 2.5M | 300M | 600M", headings=("Credits for 1M tokens",))
    )
    expected = {"cached_input": 2_500_000, "input": 300_000_000, "output": 600_000_000}
    assert about(reading, "models", PRO, "price_credits") == expected


# --- Speech -----------------------------------------------------------------------------------------------------------


def voices(reading: Reading) -> dict[str, dict[str, Toml]]:
    """Give the voices of a reading by their names."""
    (value,) = (one.value for one in reading.statements if one.subject[-1] == "voices")
    assert isinstance(value, list)
    return {str(one["id"]): one for one in value if isinstance(one, dict)}


@pytest.mark.parametrize("locale", ["en-US", CHINESE])
def test_a_voice_that_comes_or_goes_is_seen(locale: str) -> None:
    assert "Milo" in voices(changed("speech", "Chloe", "Zoë", locale))
    assert "Zoë" in voices(changed("speech", "Chloe", "Zoë", locale))
    assert "Chloe" not in voices(changed("speech", "Chloe", "Zoë", locale))


def test_an_alias_that_is_worded_otherwise_stays_a_voice() -> None:
    reading = changed(
        "speech", "Stands for another voice: <code>冰糖</code> on the cluster in China,", "Picks, such as"
    )
    assert voices(reading)["mimo_default"] == {"id": "mimo_default"}


def test_a_list_of_voices_that_is_not_all_understood_is_none() -> None:
    reading = changed("speech", "<code>Milo</code></td>", "Milo, the Great</td>")
    assert not reading.statements
    assert not reading.covers
    assert "Milo, the Great" in reading.problem


@pytest.mark.parametrize("cell", ["~~Milo~~", "Milo<sup>1</sup>", "Milo (coming soon)"])
def test_a_voice_that_is_struck_out_or_not_there_yet_leaves_the_list_open(cell: str) -> None:
    reading = changed("speech", "<code>Milo</code></td>", f"{cell}</td>")
    assert not reading.statements
    assert "Milo" in reading.problem


def test_half_of_the_voices_is_not_taken_for_all() -> None:
    first, second = (table(f"Voice | Language\n{name} | English") for name in ("Milo", "Zoë"))
    reading = read("speech", "`mimo-v9-tts` speaks with a voice of the list.", first, second)
    assert not reading.statements
    assert "several tables" in reading.problem


def test_without_a_word_on_its_model_a_sample_tells_whose_the_voices_are() -> None:
    listed = table("Voice | Language\nMilo | English\nZoë | English")
    sample = Code((), clean("json"), clean('{"model": "mimo-v9-tts", "audio": {"voice": "Milo"}}'), 9)
    with_sample = replace(page(listed), blocks=(*page(listed).blocks, sample))
    assert list(voices(READERS["speech"](with_sample))) == ["Milo", "Zoë"]
    assert READERS["speech"](with_sample).statements[0].subject == ("models", "mimo-v9-tts", "voices")
    assert not READERS["speech"](page(listed)).statements


# --- Errors, parameters, endpoints ------------------------------------------------------------------------------------


def test_another_code_of_an_error_is_seen() -> None:
    reading = changed("errors", "<td>421</td>", "<td>451</td>")
    assert about(reading, "error_codes", "451", "meaning") == "The filter of contents held it back"
    assert covers(reading, ("error_codes", "421", "meaning"))
    assert about(reading, "error_codes", "421", "meaning") is None
    assert about(changed("errors", "Moderation Block", "Not so"), "error_codes", "421", "message") == "Not so"


def test_a_list_of_codes_shares_its_meaning() -> None:
    reading = read("errors", table("HTTP code | Description\n500 / 503 | Try again\nHTTP 429 | Slower"))
    assert about(reading, "error_codes", "503", "meaning") == "Try again"
    assert about(reading, "error_codes", "429", "meaning") == "Slower"


def test_another_range_default_and_option_are_seen() -> None:
    reading = changed("chat", "Range: [0, 1.5]", "Range: [0, 2]")
    assert about(reading, "parameters", "chat_completions", "temperature", "highest") == 2
    reading = changed("chat", '"defaultValue": "0.95"', '"defaultValue": "0.9"')
    assert about(reading, "parameters", "chat_completions", "top_p", "default") == Decimal("0.9")
    reading = changed("chat", "/v1/chat/completions", "/v2/chat/completions")
    assert about(reading, "paths", "chat_completions") == "/v2/chat/completions"


def test_what_a_description_words_otherwise_is_not_said_to_be_gone() -> None:
    reading = changed("chat", "Range: [0, 1.5]", "Not too hot")
    assert about(reading, "parameters", "chat_completions", "temperature", "highest") is None
    assert not covers(reading, ("parameters", "chat_completions", "temperature", "highest"))


def test_a_parameter_that_comes_or_goes_is_seen() -> None:
    reading = changed("chat", '"name": "top_p"', '"name": "top_q"')
    assert about(reading, "parameters", "chat_completions", "top_q", "default") == Decimal("0.95")
    assert covers(reading, ("parameters", "chat_completions", "top_p", "default"))
    assert about(reading, "parameters", "chat_completions", "top_p", "default") is None


def test_parameters_may_stand_in_a_table() -> None:
    text = """Parameter | Type | Required | Default | Description
    model | string | Yes | — | One of mimo-v2.6-pro, mimo-v3
    messages | array | Yes | — | The conversation
    temperature | number | No | 1.0 | Range: [0, 1.5]"""
    reading = read("chat", table(text), "POST https://api.example.com/v1/chat/completions")
    assert about(reading, "models", NEW, "wires", "chat_completions") is True
    assert about(reading, "parameters", "chat_completions", "temperature", "highest") == Decimal("1.5")
    assert about(reading, "parameters", "chat_completions", "messages", "required") is True
    assert about(reading, "paths", "chat_completions") == "/v1/chat/completions"


def test_the_answer_of_an_api_is_not_taken_for_its_request() -> None:
    blocks = [one for one in page_of("chat").blocks if isinstance(one, Schema)][1:]
    assert blocks
    reading = READERS["chat"](Page(clean("x"), None, tuple(blocks)))
    assert not reading.statements
    assert not reading.covers


def test_hosts_clusters_and_prefixes_that_change_are_seen() -> None:
    reading = changed("endpoints", "sgp", "sea")
    host = next(one.subject[1] for one in reading.statements if "sea" in one.subject[1])
    assert about(reading, "hosts", host, "cluster") == "sea"
    reading = changed("start", "<code>sk-</code>", "<code>pk-</code>")
    assert about(reading, "key_prefixes", "pk-", "families") == ["pay-as-you-go", "batch"]
    assert covers(reading, ("key_prefixes", "sk-", "families"))
    reading = changed("start", "`cn`, `sgp` or `ams`", "`cn`, `sgp`, `ams`, or `usw`")
    assert any("usw" in one.subject[1] for one in reading.statements)
    reading = changed("start", "MIMO_API_KEY='", "MIMO_KEY='")
    assert about(reading, "facts", "key_slot") == "MIMO_KEY"


def test_a_gateway_on_this_machine_is_no_host_of_the_platform() -> None:
    text = """Billing | Base URL | Key
    Pay as you go | https://api.example.com/v1 | sk-
    Pay as you go | http://127.0.0.1:8080/v1 | sk-"""
    reading = read("start", table(text))
    assert {one.subject[1] for one in reading.statements if one.subject[0] == "hosts"} == {"api.example.com"}


def test_a_page_of_tables_without_end_says_nothing() -> None:
    prices = [
        table(f"{HEADS}\n{PRO} | 0.025 | 3 | 6", headings=("CNY per 1M tokens",), line=at)
        for at in range(301)
    ]
    assert read("prices", *prices[:300]).statements
    reading = read("prices", *prices)
    assert not reading.statements
    assert reading.problem


def test_a_host_of_unknown_billing_is_named_and_left_out() -> None:
    text = """Billing | Base URL | Key
    Pay as you go | https://api.example.com/v1 | sk-
    Mystery | https://odd.example.com/v1 | mk-"""
    reading = read("start", table(text))
    assert about(reading, "hosts", "api.example.com", "family") == "pay-as-you-go"
    assert "odd.example.com" in reading.problem
    assert not covers(reading, ("hosts", "other.example.com", "family"))
    assert not covers(reading, ("key_prefixes", "tp-", "families"))
