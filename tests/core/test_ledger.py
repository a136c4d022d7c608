"""What an answer costs, at the catalogue's prices; what is not known is never nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mimo_tui.core import catalogue as catalogues
from mimo_tui.core.catalogue import Catalogue, Model, Wire
from mimo_tui.core.conversation import Answer, Role, Turn
from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.facts import Claim, Fact
from mimo_tui.core.ledger import Cost, cost_of, is_free, total
from mimo_tui.core.model import Price
from mimo_tui.core.text import Clean
from mimo_tui.core.usage import Usage

USAGE = Usage(prompt=1_000_000, completion=500_000, cached=400_000, reasoning=200_000)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return catalogues.load()


@pytest.fixture(scope="module")
def pro(catalogue: Catalogue) -> Model:
    """A model whose prices are known in every currency."""
    found = catalogue.model("mimo-v2.6-pro")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("currency", "amount"),
    [
        ("CNY", "4.81"),  # 0.6 × 3 + 0.4 × 0.025 + 0.5 × 6
        ("USD", "0.69744"),  # 0.6 × 0.435 + 0.4 × 0.0036 + 0.5 × 0.87
        ("credits", "481000000"),  # 0.6 × 300M + 0.4 × 2.5M + 0.5 × 600M
    ],
)
def test_input_cached_input_and_output_have_their_own_prices(pro: Model, currency: str, amount: str) -> None:
    cost = cost_of(USAGE, pro, currency=currency)
    assert cost is not None
    assert (cost.amount, cost.currency, cost.is_bound) == (Decimal(amount), currency, False)


def test_a_model_is_free_where_every_price_of_it_is_nothing(catalogue: Catalogue, pro: Model) -> None:
    speaker = catalogue.model("mimo-v2.5-tts")
    assert speaker is not None
    assert is_free(speaker, "CNY")
    assert not is_free(pro, "CNY")
    assert not is_free(speaker, "EUR")


def test_the_reason_names_the_prices_and_their_source(pro: Model) -> None:
    cost = cost_of(USAGE, pro, currency="CNY")
    assert cost is not None
    for words in ("600,000 input at 3", "400,000 cached at 0.025", "500,000 output at 6", "Pay-as-you-go"):
        assert words.lower() in cost.because.lower()


def test_where_nobody_said_what_was_cached_the_cost_is_the_most_that_it_can_be(pro: Model) -> None:
    cost = cost_of(replace(USAGE, cached=None), pro, currency="CNY")
    assert cost is not None
    assert (cost.amount, cost.is_bound) == (Decimal(6), True)
    assert "none of it counted as cached" in cost.because
    nothing_cached = cost_of(replace(USAGE, cached=0), pro, currency="CNY")
    assert nothing_cached == Cost(cost.amount, "CNY", nothing_cached.because if nothing_cached else Clean(""))


def test_each_search_costs_at_its_own_price(catalogue: Catalogue, pro: Model) -> None:
    usage = replace(USAGE, searches=5)
    cost = cost_of(usage, pro, currency="CNY", facts=catalogue.facts)
    assert cost is not None
    assert cost.amount == Decimal("4.81") + Decimal("0.08")
    assert "5 searches at 16 per 1,000" in cost.because


@pytest.mark.parametrize(
    "usage",
    [Usage(), Usage(prompt=5), Usage(completion=5), replace(USAGE, searches=1)],
    ids=["nothing told", "no output told", "no input told", "a search without a price"],
)
def test_what_cannot_be_told_has_no_cost_rather_than_none(pro: Model, usage: Usage) -> None:
    assert cost_of(usage, pro, currency="CNY") is None


def test_a_model_or_a_currency_without_a_price_has_no_cost(catalogue: Catalogue, pro: Model) -> None:
    by_the_hour, no_plan = catalogue.model("mimo-v2.5-asr"), catalogue.model("mimo-v2.6-pro-ultraspeed")
    assert by_the_hour is not None
    assert no_plan is not None
    assert cost_of(USAGE, by_the_hour, currency="CNY") is None
    assert cost_of(USAGE, no_plan, currency="credits") is None
    assert cost_of(USAGE, pro, currency="EUR") is None


def test_a_disputed_price_is_said_to_be_disputed(pro: Model) -> None:
    assert pro.price_cny is not None
    other = Claim(Price("CNY", input=Decimal(7)), pro.price_cny.source)
    model = replace(pro, price_cny=Fact((*pro.price_cny.claims, other)))
    cost = cost_of(USAGE, model, currency="CNY")
    assert cost is not None
    assert cost.amount == Decimal("4.81")
    assert "the sources disagree" in cost.because


@pytest.mark.parametrize("cached", [2_000_000, -5])
def test_counts_that_make_no_sense_never_make_a_negative_cost(pro: Model, cached: int) -> None:
    cost = cost_of(replace(USAGE, cached=cached, completion=-1), pro, currency="CNY")
    assert cost is not None
    assert cost.amount >= 0


def test_the_sum_stands_by_currency_and_says_how_many_are_missing() -> None:
    def turn(number: int, cost: Cost | None) -> Turn:
        answer = Answer(Clean("m"), Wire.CHAT_COMPLETIONS, Clean("h"), cost=cost)
        return Turn(number, None, Role.ASSISTANT, datetime(2026, 1, 1, tzinfo=UTC), answer=answer)

    costs = (
        Cost(Decimal("0.5"), "CNY"),
        None,
        Cost(Decimal("0.25"), "CNY", is_bound=True),
        Cost(Decimal(9), "credits"),
    )
    asked = Turn(9, None, Role.USER, datetime(2026, 1, 1, tzinfo=UTC))
    cny, credit = total([asked, *(turn(number, cost) for number, cost in enumerate(costs))])
    assert (cny.amount, cny.currency, cny.is_bound) == (Decimal("0.75"), "CNY", True)
    assert cny.because == "the sum of 2 answers; of 1 more it is not known"
    assert (credit.amount, credit.is_bound) == (Decimal(9), False)
    assert total([asked]) == ()
    assert (cny.is_least, credit.is_least) == (True, True)
    (known,) = total([asked, turn(1, costs[0])])
    assert not known.is_least


@pytest.mark.parametrize(
    ("cause", "text", "is_least"),
    [
        (None, "", True),
        (Cause.NETWORK, "", True),
        (Cause.KEY, "", False),
        (Cause.OFFLINE, "", False),
        (Cause.SERVER, "The beginning", True),
    ],
)
def test_a_sum_is_the_least_only_where_something_may_be_owed_for_the_answer_that_it_lacks(
    cause: Cause | None, text: str, is_least: bool
) -> None:
    failure = Diagnosis(cause, Clean("No."), Clean("Ask again."), "", Retry.NO) if cause else None
    known = Answer(Clean("m"), Wire.CHAT_COMPLETIONS, Clean("h"), cost=Cost(Decimal("0.5"), "CNY"))
    ended = replace(known, cost=None, failure=failure, stopped=failure is None)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    turns = [
        Turn(number, None, Role.ASSISTANT, at, text, answer=each)
        for number, each in enumerate((known, ended))
    ]
    (cost,) = total(turns)
    assert (cost.amount, cost.is_least) == (Decimal("0.5"), is_least)


@pytest.mark.parametrize(("currency", "amount"), [("CNY", "0.25"), ("USD", "0.037"), ("credits", "15000000")])
def test_what_is_priced_by_the_hour_costs_by_its_length_alone(
    catalogue: Catalogue, currency: str, amount: str
) -> None:
    listener = catalogue.model("mimo-v2.5-asr")
    assert listener is not None
    cost = cost_of(replace(USAGE, seconds=1800.0), listener, currency=currency)
    assert cost is not None
    assert (cost.amount, cost.currency, cost.is_bound) == (Decimal(amount), currency, False)
    assert "1,800.0 s of sound at" in cost.because
    assert cost_of(USAGE, listener, currency=currency) is None


def test_speech_that_is_free_costs_nothing_and_says_for_how_long(catalogue: Catalogue) -> None:
    speaker = catalogue.model("mimo-v2.5-tts")
    assert speaker is not None
    cost = cost_of(Usage(prompt=30, completion=120), speaker, currency="CNY")
    assert cost is not None
    assert (cost.amount, cost.is_bound) == (Decimal(0), False)
    assert "limited time" in cost.because
