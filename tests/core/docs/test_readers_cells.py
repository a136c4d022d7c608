"""What a cell says is understood in both languages, or not at all: nothing is guessed."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mimo_tui.core.docs.readers.amounts import answer, by_contract, count, silent, switched
from mimo_tui.core.docs.readers.ids import ids_in, ids_of
from mimo_tui.core.docs.readers.modalities import read_modalities
from mimo_tui.core.docs.readers.moments import moment, moments
from mimo_tui.core.docs.readers.money import FREE_FOR_NOW, Per, Price, currency_of, price_of, unit_of
from mimo_tui.core.docs.readers.parameters import default_of, options_of, range_of
from mimo_tui.core.docs.readers.words import words
from mimo_tui.core.facts import BEIJING

TEN = datetime(2026, 10, 21, 10, 0, tzinfo=BEIJING)
DAY = datetime(2026, 10, 21, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("cell", "context", "rate"),
    [
        ("1M", 1_048_576, 1_000_000),
        ("128K", 131_072, 128_000),
        ("128 k tokens", 131_072, 128_000),
        ("up to 8K", 8192, 8000),
        ("最多 8K", 8192, 8000),
        ("1,048,576", 1_048_576, 1_048_576),
        ("1\u202f048\u202f576", 1_048_576, 1_048_576),
        ("1\u00a0048\u00a0576", 1_048_576, 1_048_576),
        ("131072", 131_072, 131_072),
        ("１２８Ｋ", 131_072, 128_000),
        ("128K (131,072)", 131_072, 131_072),
        ("10M", 10_485_760, 10_000_000),
        ("100 RPM", 100, 100),
        ("100 次/分钟", 100, 100),
        ("1000 万", 10_000_000, 10_000_000),
        ("1.5M", 1_572_864, 1_500_000),
        ("about 100", None, None),
        ("~100", None, None),
        ("100+", None, None),
        (">100", None, None),
        ("100–200", None, None),
        ("128K / 64K", None, None),
        ("128K (1,000)", None, None),
        ("0", None, None),
        ("8 KB", None, None),
        ("100 200", None, None),
        ("~~100~~ 200", None, None),
        ("100 → 200", None, None),
        ("100^1", None, None),
        ("100¹", None, None),
        ("10⁶", None, None),
        ("-100", None, None),
        ("1.000", None, None),
        ("0,435", None, None),
        ("v2.6", None, None),
        ("9" * 40, None, None),
        ("", None, None),
    ],
)
def test_a_count(cell: str, context: int | None, rate: int | None) -> None:
    assert count(cell, binary=True) == context
    assert count(cell, binary=False) == rate


@pytest.mark.parametrize("cell", ["", "—", "-", "–", " ", "N/A", "n/a", "无", "/", "--"])
def test_a_cell_that_says_nothing(cell: str) -> None:
    assert silent(cell)
    assert answer(cell) is None


@pytest.mark.parametrize("cell", ["By contract", "按合同", "Contact us", "协商", "Unlimited", "不限"])
def test_an_amount_that_is_left_open(cell: str) -> None:
    assert by_contract(cell)
    assert not by_contract("100 by contract")


@pytest.mark.parametrize(
    "cell", ["Yes", "yes.", "✓", "✔️", "√", "✅", "Supported", "支持", "true", "Yes (beta)", "Yes¹"]
)
def test_a_yes(cell: str) -> None:
    assert answer(cell) is True


@pytest.mark.parametrize(
    "cell", ["No", "✗", "✘", "×", "❌", "Not supported", "不支持", "false", "No (yet)", "暂不支持"]
)
def test_a_no(cell: str) -> None:
    assert answer(cell) is False


@pytest.mark.parametrize(
    "cell", ["Partly", "部分支持", "Coming soon", "即将支持", "Yes, and no", "In China only"]
)
def test_neither_yes_nor_no(cell: str) -> None:
    assert answer(cell) is None


@pytest.mark.parametrize(
    ("cell", "on"),
    [("On", True), ("默认开启", True), ("Off", False), ("关闭", False), ("on/off", None), ("maybe", None)],
)
def test_a_switch(cell: str, on: bool | None) -> None:
    assert switched(cell) is on


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-21 10:00", TEN),
        ("2026-10-21", DAY),
        ("2026/10/21 10:00", TEN),
        ("2026.10.21", DAY),
        ("21 October 2026 at 10:00", TEN),
        ("21 October 2026", DAY),
        ("21st of Oct 2026", DAY),
        ("October 21, 2026 10:00", TEN),
        ("Oct. 21, 2026, 10:00 AM", TEN),
        ("October 21, 2026 10:00 PM", TEN + timedelta(hours=12)),
        ("2026年10月21日", DAY),
        ("2026年10月21日 10:00", TEN),
        ("2026年10月21日10点", TEN),
        ("2026年10月21日上午10时30分", TEN + timedelta(minutes=30)),
        ("2026-10-21 10:00 (UTC+8)", TEN),
        ("2026-10-21 10:00 (Beijing)", TEN),
        ("2026-10-21 02:00 UTC", TEN),
        ("2026-10-21T02:00Z", TEN),
        ("2026-10-21T10:00:00+08:00", TEN),
        ("2026-10-21T02:00:00+00:00", TEN),
        ("2026-10-21 10:00-12:00", None),
        ("2026-10-21 10:00 to 12:00", None),
        ("2026-10-20 24:00", DAY),
        ("2026-10-21 00:00", DAY),
        ("２０２６－１０－２１　１０：００", TEN),
        ("2026-13-45", None),
        ("10/21/2026", None),
        ("2026-10-21 25:00", None),
        ("2026-10-21 to 2026-10-22", None),
        ("~~2026-10-21~~", None),
        ("soon", None),
    ],
)
def test_a_moment(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("mimo-v2.6-pro", ["mimo-v2.6-pro"]),
        ("MiMo-V2.6-Pro", ["mimo-v2.6-pro"]),
        ("MiMo V2.6 Pro", ["mimo-v2.6-pro"]),
        ("MiMo V2.6 Pro (mimo-v2.6-pro)", ["mimo-v2.6-pro"]),
        ("mimo-v2.6-pro NEW", ["mimo-v2.6-pro"]),
        ("`mimo-v2.6-pro`", ["mimo-v2.6-pro"]),
        ("mimo-v2.6-pro[1m]", ["mimo-v2.6-pro"]),
        ("mimo‑v2.6‑pro", ["mimo-v2.6-pro"]),
        ("mimo-v2.6-pro, mimo-v2.6-flash", ["mimo-v2.6-pro", "mimo-v2.6-flash"]),
        ("mimo-v2.6-pro 和 mimo-v2.6-flash", ["mimo-v2.6-pro", "mimo-v2.6-flash"]),
        ("mimo-v2.6-distill-qwen-9b", ["mimo-v2.6-distill-qwen-9b"]),
        ("mimo-v2.6-pro, not mimo-v2.6-flash", []),
        ("mimo-v3 coming soon", []),
        ("~~mimo-v2.5-pro~~", []),
        ("formerly mimo-v2", []),
        ("Top 3 models", []),
        ("TTS models", []),
        ("Text", []),
        ("token-plan-cn", []),
        ("https://mimo-v2.example/mimo-v2.6-pro", []),
        ("", []),
    ],
)
def test_the_models_of_a_cell(cell: str, ids: list[str]) -> None:
    assert list(ids_of(cell)) == ids


def test_the_models_of_a_sentence() -> None:
    assert ids_in("批量调用`mimo-v2.6-pro`、mimo-v2.6-flash按半价计。") == [
        "mimo-v2.6-pro",
        "mimo-v2.6-flash",
    ]


@pytest.mark.parametrize(
    ("cell", "modalities"),
    [
        ("Text", ["text"]),
        ("Text, image, audio, video", ["text", "image", "audio", "video"]),
        ("video + pictures and text", ["text", "image", "video"]),
        ("文本、图片、音频、视频", ["text", "image", "audio", "video"]),
        ("文本，图像和声音", ["text", "image", "audio"]),
        ("Text only", ["text"]),
        ("仅文本", ["text"]),
        ("Text, a sample of a voice", ["text", "audio"]),
        ("Text, image files", ["text", "image"]),
        ("Text, image¹", ["text", "image"]),
        ("Text, smells", None),
        ("Text, no image", None),
        ("All but video", None),
        ("everything except video", None),
        ("Text (image coming soon)", None),
        ("Text, video from 2027", None),
        ("Text, ~~video~~", None),
        ("Text, image until 12-31", None),
        ("文本、暂不支持视频", None),
        ("文本、视频（即将支持）", None),
        ("Multimodal", None),
        ("", None),
    ],
)
def test_what_a_model_takes(cell: str, modalities: list[str] | None) -> None:
    assert read_modalities(cell) == modalities


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0.025", Price(Decimal("0.025"))),
        ("¥3", Price(Decimal(3))),
        ("￥3.00", Price(Decimal(3))),
        ("3 元", Price(Decimal(3))),
        ("¥3 / 1M tokens", Price(Decimal(3))),
        ("3 CNY per million tokens", Price(Decimal(3))),
        ("每百万 tokens 3 元", None),
        ("Free", Price(Decimal(0))),
        ("免费", Price(Decimal(0))),
        ("Free for a limited time", Price(Decimal(0), FREE_FOR_NOW)),
        ("限时免费", Price(Decimal(0), FREE_FOR_NOW)),
        ("0", Price(Decimal(0))),
        ("0.5 per hour of audio", Price(Decimal("0.5"))),
        ("$3", None),
        ("¥3 / $0.435", None),
        ("3/6", None),
        ("3 to 6", None),
        ("6 3", None),
        ("about 3", None),
        ("€3", None),
        ("3 日元", None),
        ("-3", None),
        ("3 M", None),
        ("3¹", None),
        ("0.003/K", Price(Decimal("0.003"))),
        ("¥3 / 1M tokens (≤256K)", None),
        ("free for the first 1M tokens", None),
        ("Free until 12-31", None),
        ("from 3", None),
        ("—", None),
    ],
)
def test_a_price(cell: str, expected: Price | None) -> None:
    assert price_of(cell, "CNY") == expected


def test_credits_in_millions() -> None:
    assert price_of("30 M for an hour of sound", "credits") == Price(Decimal(30_000_000))
    assert price_of("4.1 B", "credits") == Price(Decimal(4_100_000_000))


@pytest.mark.parametrize(
    ("text", "per", "scale"),
    [
        ("Chat, CNY for 1M tokens", Per.TOKENS, 1),
        ("人民币元 / 1M tokens", Per.TOKENS, 1),
        ("元/百万 tokens", Per.TOKENS, 1),
        ("per million tokens", Per.TOKENS, 1),
        ("per 1,000,000 tokens", Per.TOKENS, 1),
        ("per 1K tokens", Per.TOKENS, 1000),
        ("Output, per 1K", Per.TOKENS, 1000),
        ("0.003/K", Per.TOKENS, 1000),
        ("¥3/M", Per.TOKENS, 1),
        ("What a token costs, in credits", Per.TOKENS, 1_000_000),
        ("credits per token", Per.TOKENS, 1_000_000),
        ("每个 token", Per.TOKENS, 1_000_000),
        ("An hour of sound", Per.HOUR, 1),
        ("每小时音频", Per.HOUR, 1),
        ("0.5 / hour", Per.HOUR, 1),
        ("1,000 calls", Per.CALLS, 1),
        ("每 1,000 次", Per.CALLS, 1),
        ("per call", Per.CALLS, 1000),
    ],
)
def test_what_a_price_is_for(text: str, per: Per, scale: int) -> None:
    unit = unit_of(text)
    assert unit is not None
    assert (unit.per, unit.scale) == (per, Decimal(scale))


@pytest.mark.parametrize(
    "text", ["—", "", "CNY per 10⁶ tokens", "Prices of tokens", "Pay as you go", "Token Plan"]
)
def test_what_names_no_unit(text: str) -> None:
    assert unit_of(text) is None


def test_a_currency_is_one_or_none() -> None:
    assert currency_of("人民币元 / 1M tokens") == "CNY"
    assert currency_of("美元 / 1M tokens") == currency_of("USD") == currency_of("US$") == "USD"
    assert currency_of("RMB") == currency_of("¥") == "CNY"
    assert currency_of("€ or ¥") == currency_of("JPY ¥") == ""
    assert currency_of("日元") == "others"
    assert currency_of("CNY or USD") == currency_of("tokens") == ""


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("range: [-2.0, 2.0]", (-2, 2)),
        ("范围:[0, 1.5]", (0, Decimal("1.5"))),
        ("a value between 0.01 and 1", (Decimal("0.01"), 1)),
        ("from 0 to 1.5", (0, Decimal("1.5"))),
        ("range: [1, 131072]; for speech [1, 8192]", (1, 131_072)),
        ("range: [1, 131,072]", (1, 131_072)),
        ("range: (0, 1]", (None, 1)),
        ("range: [5, 1]", (None, None)),
        ("nothing of the kind", (None, None)),
    ],
)
def test_a_range(text: str, bounds: tuple[object, object]) -> None:
    assert range_of(text) == bounds


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("available options: auto, zh, en", ["auto", "zh", "en"]),
        ("先思考。可选值:enabled、disabled", ["enabled", "disabled"]),
        ("one of `text` or `json_object`. the rest is refused", ["text", "json_object"]),
        ("only auto is supported; any other value is dropped", ["auto"]),
        ("只支持 auto。", ["auto"]),
        ("how freely the next token is drawn", None),
    ],
)
def test_options(text: str, options: list[str] | None) -> None:
    assert options_of(text.replace("`", "")) == options


def test_defaults_are_typed_as_their_parameter_is() -> None:
    assert default_of("131072", ["integer", "null"]) == 131_072
    assert default_of("0.95", ["number"]) == Decimal("0.95")
    assert default_of("false", ["boolean"]) is False
    assert default_of("auto", ["string"]) == "auto"
    assert default_of("null", ["string", "null"]) is None
    assert default_of("", ["string"]) is None
    assert default_of("many", ["integer"]) is None


def test_words_are_found_whatever_their_dress() -> None:
    said = words("Input (Cache Hit), 输入（命中缓存）")
    assert said.say(["cache hit"])
    assert said.say(["命中缓存"])
    assert said.say(["输入"])
    assert not said.say(["put", "hi", "未命中"])
    assert words("模型ID").say(["id"])


@given(some.text(max_size=60))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    count(text, binary=True)
    answer(text)
    moments(text)
    ids_of(text)
    read_modalities(text)
    price_of(text, "CNY")
    unit_of(text)
    options_of(text)
    range_of(text)
