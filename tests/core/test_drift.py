"""Drift: what indexes, pages, lists and calls say otherwise than the catalogue, and what says nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, load
from mimo_tui.core.docs.readers import Reading, Statement, Subject
from mimo_tui.core.drift import Discrepancy, Drift, Signal, compare
from mimo_tui.core.evidence import (
    CallOutcome,
    CallSeen,
    Evidence,
    IndexSeen,
    ListSeen,
    Outcome,
    PageSeen,
)
from mimo_tui.core.facts import Toml
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import clean

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PRO, FLASH, FAST, OLD = "mimo-v2.6-pro", "mimo-v2.6-flash", "mimo-v2.6-pro-ultraspeed", "mimo-v2.5"
PAY, PLAN = "api.xiaomimimo.com", "token-plan-cn.xiaomimimo.com"
KNOWN = load()
NEW_HOME, OLD_HOME = "https://mimo.mi.com/llms.txt", "https://platform.xiaomimimo.com/llms.txt"


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return KNOWN


def found(known: Catalogue, **seen: object) -> tuple[Discrepancy, ...]:
    return drift(known, **seen).discrepancies


def drift(known: Catalogue, **seen: object) -> Drift:
    return compare(known, Evidence(**seen), AT)  # type: ignore[arg-type]


def signals(discrepancies: tuple[Discrepancy, ...]) -> list[Signal]:
    return [one.signal for one in discrepancies]


# The index


def index(outcome: Outcome, url: str = NEW_HOME, found_at: str = "") -> IndexSeen:
    return IndexSeen(clean(url), outcome, AT, clean(found_at), clean("HTTP 404"))


def test_an_index_that_is_where_it_is_expected_says_nothing(known: Catalogue) -> None:
    assert found(known, indexes=(index(Outcome.FOUND),)) == ()


def test_an_index_that_is_gone_is_reported_with_its_address_and_answer(known: Catalogue) -> None:
    (one,) = found(known, indexes=(index(Outcome.GONE), index(Outcome.FOUND, OLD_HOME)))
    assert (one.signal, one.old, one.severity) == (Signal.INDEX, NEW_HOME, Severity.WARNING)
    assert "no longer at" in one.message
    assert "404" in one.quote


@pytest.mark.parametrize(
    ("to", "count"), [(OLD_HOME, 0), (f"{NEW_HOME}?v=2", 0), ("https://docs.example/llms.txt", 1)]
)
def test_an_index_that_moved_to_an_unknown_address_is_reported(known: Catalogue, to: str, count: int) -> None:
    assert len(found(known, indexes=(index(Outcome.MOVED, found_at=to),))) == count


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.WEB_PAGE, Outcome.UNREADABLE])
def test_an_index_that_could_not_be_asked_is_no_drift(known: Catalogue, outcome: Outcome) -> None:
    result = drift(known, indexes=(index(outcome), index(outcome, OLD_HOME)))
    assert result.discrepancies == ()
    assert str(outcome) in result.unchecked[0].reason
    assert "mimo-tui docs update" in result.unchecked[0].reason


def test_a_web_page_in_place_of_the_index_is_reported_where_the_docs_answer_in_text(
    known: Catalogue,
) -> None:
    seen = (index(Outcome.WEB_PAGE), index(Outcome.FOUND, OLD_HOME))
    assert signals(found(known, indexes=seen)) == [Signal.INDEX]


def test_before_anything_was_asked_it_says_what_would_ask(known: Catalogue) -> None:
    result = drift(known)
    assert result.discrepancies == ()
    assert [word for one in result.unchecked for word in one.reason.split("`") if "mimo-tui" in word] == [
        "mimo-tui docs update",
        "mimo-tui keys check",
    ]


# Pages


def page(
    area: str,
    *said: tuple[Subject, Toml],
    covers: tuple[Subject, ...] = (),
    locale: str = "en-US",
    outcome: Outcome = Outcome.FOUND,
    problem: str = "",
) -> PageSeen:
    statements = tuple(Statement(subject, value, clean(f"row of {value}"), 3) for subject, value in said)
    reading = Reading(statements, frozenset(covers), clean(problem))
    url = clean(f"https://mimo.mi.com/docs/{locale}/{area}")
    return PageSeen(area, area, locale, url, clean(area), outcome, AT, AT, "d", None, reading)


def pages(known: Catalogue, *seen: PageSeen) -> tuple[Discrepancy, ...]:
    return found(known, pages=seen)


@pytest.mark.parametrize(
    ("subject", "value", "signal"),
    [
        (("models", PRO, "context"), 524_288, Signal.PRICE_OR_LIMIT),
        (("models", PRO, "rpm"), 60, Signal.PRICE_OR_LIMIT),
        (("models", PRO, "price_usd"), {"input": 1, "output": 2}, Signal.PRICE_OR_LIMIT),
        (("facts", "web_search_usd_per_1000"), 7, Signal.PRICE_OR_LIMIT),
        (("models", PRO, "inputs"), ["text"], Signal.CAPABILITY),
        (("models", PRO, "features", "batch"), False, Signal.CAPABILITY),
        (("models", PRO, "wires", "messages"), False, Signal.CAPABILITY),
        (("hosts", PLAN, "family"), "pay-as-you-go", Signal.HOSTS),
        (("key_prefixes", "tp-", "families"), ["pay-as-you-go"], Signal.HOSTS),
        (("models", OLD, "retired"), datetime(2027, 1, 1, tzinfo=UTC), Signal.DOCS),
        (("models", OLD, "successor"), PRO, Signal.DOCS),
        (("models", "mimo-v2.5-tts", "voices"), [{"id": "Mia"}], Signal.DOCS),
        (("paths", "responses"), "/v2/responses", Signal.DOCS),
        (("error_codes", "401", "message"), "Another", Signal.DOCS),
        (("parameters", "chat_completions", "temperature", "highest"), 2, Signal.DOCS),
    ],
)
def test_what_a_page_says_otherwise_is_found_under_its_signal(
    known: Catalogue, subject: Subject, value: Toml, signal: Signal
) -> None:
    (one,) = pages(known, page("models", (subject, value)))
    assert one.signal is signal
    assert one.old
    assert one.new
    assert one.old != one.new
    assert one.quote == clean(f"row of {value}")
    assert "seen 20" in one.expected_from
    assert "read 2026-11-23" in one.seen_in


def test_of_two_long_lists_only_the_difference_is_told(known: Catalogue) -> None:
    subject = ("models", "mimo-v2.5-tts", "voices")
    names = ["mimo_default", "冰糖", "茉莉", "苏打", "白桦", "Mia", "Chloe", "Milo"]
    for more, old, new in (
        (["Nora"], "Dean and 8 others", "Nora and 8 others"),
        ([], "Dean and 8 others", "8 others, without Dean"),
        (["Dean", "Nora"], "9 others, without Nora", "Nora and 9 others"),
    ):
        (one,) = pages(known, page("models", (subject, [{"id": name} for name in names + more])))
        assert (one.old, one.new) == (old, new)
        assert one.message == f"mimo-v2.5-tts, voices: the docs say {new}; expected was {old}."


@pytest.mark.parametrize(
    ("subject", "value"),
    [
        (("models", PRO, "context"), 1_048_576),
        (("models", PRO, "price_usd"), {"input": Decimal("0.435"), "note": "in other words"}),
        (("models", PRO, "inputs"), ["video", "audio", "image", "text"]),
        (("models", PRO, "released"), datetime.fromisoformat("2026-09-22T10:00+08:00")),
        (("models", PRO, "title"), "A wholly other name"),
        (("error_codes", "401", "meaning"), "in other words"),
        (("error_codes", "400", "message"), "Param Incorrect"),
        (("models", "mimo-v2.6-distill-qwen-9b", "offered"), False),
        (("facts", "retired_model_status"), 404),
        (("models", PRO, "context"), "much"),
        (("models", PRO, "smell"), True),
        (("hosts", "mimo.mi.com", "family"), "docs"),
    ],
)
def test_the_same_in_other_words_one_side_of_a_dispute_and_nonsense_are_no_drift(
    known: Catalogue, subject: Subject, value: Toml
) -> None:
    assert pages(known, page("models", (subject, value))) == ()


@pytest.mark.parametrize(
    ("said", "signal", "words"),
    [
        ((("models", "mimo-v3", "offered"), True), Signal.DOCS, "mimo-v3"),
        ((("models", FLASH, "retired"), AT), Signal.DOCS, "goes offline"),
        ((("hosts", "token-plan-jp.xiaomimimo.com", "family"), "token-plan"), Signal.HOSTS, "token-plan-jp"),
        ((("key_prefixes", "mk-", "families"), ["pay-as-you-go"]), Signal.HOSTS, "mk-"),
        ((("error_codes", "418", "message"), "teapot"), Signal.DOCS, "418"),
    ],
)
def test_what_nobody_knew_is_told(
    known: Catalogue, said: tuple[Subject, Toml], signal: Signal, words: str
) -> None:
    (one,) = pages(known, page("models", said))
    assert one.signal is signal
    assert words in one.message
    assert one.old == ""


def test_both_languages_against_the_catalogue_are_one_discrepancy(known: Catalogue) -> None:
    said = (("models", PRO, "context"), 524_288)
    (one,) = pages(known, page("models", said), page("models", said, locale="zh-CN"))
    assert "en-US" in one.seen_in
    assert "zh-CN" in one.seen_in


def test_languages_that_contradict_each_other_are_one_discrepancy_that_names_both(known: Catalogue) -> None:
    subject = ("models", PRO, "context")
    (one,) = pages(
        known, page("models", (subject, 1_048_576)), page("models", (subject, 524_288), locale="zh-CN")
    )
    assert "zh-CN" in one.seen_in
    assert "en-US" in one.message
    unknown = ("models", PRO, "forwarded")
    later = AT + timedelta(days=9)
    (one,) = pages(known, page("models", (unknown, AT)), page("models", (unknown, later), locale="zh-CN"))
    assert "contradict" in one.message


def test_what_a_page_no_longer_says_is_told_and_only_of_that_page(known: Catalogue) -> None:
    subject = ("models", PRO, "context")
    pattern = ("models", "*", "context")
    others = tuple(
        (("models", model.id, "context"), model.context.value)
        for model in known.models
        if model.context is not None and model.id != PRO
    )
    still = (("models", PRO, "offered"), True)
    (one,) = pages(known, page("models", still, *others, covers=(pattern,)))
    assert (one.signal, one.old, one.new) == (Signal.PRICE_OR_LIMIT, "1,048,576", "")
    assert "no longer says" in one.message
    assert pages(known, page("prices", still, *others, covers=(pattern,))) == ()
    assert pages(known, page("models", still, *others, covers=(pattern,), locale="zh-CN")) == ()
    assert pages(known, page("models", still, (subject, 1_048_576), *others, covers=(pattern,))) == ()


def test_a_page_that_is_gone_is_told(known: Catalogue) -> None:
    (one,) = pages(known, replace(page("rate-limits", outcome=Outcome.GONE), reading=None))
    assert one.signal is Signal.DOCS
    assert "gone" in one.message


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.WEB_PAGE, Outcome.UNREADABLE])
def test_a_page_that_could_not_be_asked_is_no_drift(known: Catalogue, outcome: Outcome) -> None:
    result = drift(known, pages=(replace(page("models", outcome=outcome), reading=None),))
    assert result.discrepancies == ()
    assert any(str(outcome) in one.reason for one in result.unchecked)


def test_a_page_that_is_not_understood_is_no_drift_and_says_what_was_missed(known: Catalogue) -> None:
    result = drift(known, pages=(page("models", problem="no table of models"),))
    assert result.discrepancies == ()
    assert any("no table of models" in one.reason for one in result.unchecked)


def test_what_a_page_said_counts_while_the_site_is_down(known: Catalogue) -> None:
    said = (("models", PRO, "context"), 524_288)
    result = drift(known, pages=(page("models", said, outcome=Outcome.UNREACHABLE),))
    assert signals(result.discrepancies) == [Signal.PRICE_OR_LIMIT]
    assert any("counts" in one.reason for one in result.unchecked)


def test_the_text_of_a_page_is_from_outside(known: Catalogue) -> None:
    evil = "mimo-\x1b[2J[/red]" + "x" * 5000
    assert pages(known, page("models", (("models", evil, "offered"), True))) == ()
    (one,) = pages(known, page("errors", (("error_codes", evil, "message"), evil)))
    text = f"{one.message}{one.subject}{one.new}{one.key}"
    assert "\x1b" not in text
    assert len(one.message) < 500
    assert len(one.key) < 500


# Lists


def listed(*ids: str, host: str = PAY, at: datetime = AT) -> ListSeen:
    return ListSeen(clean(host), at, tuple(map(clean, ids)))


def current(known: Catalogue) -> list[str]:
    return [one.id for one in known.models if known.status(one.id, AT) == "current"]


def both(
    known: Catalogue, *without: str, extra: tuple[str, ...] = (), at: datetime = AT
) -> tuple[ListSeen, ...]:
    ids = [each for each in current(known) if each not in without]
    return (listed(*ids, *extra, at=at), listed(*ids, *extra, host=PLAN, at=at))


def test_lists_as_the_docs_have_them_say_nothing(known: Catalogue) -> None:
    assert found(known, lists=both(known)) == ()
    assert found(known, lists=both(known, FAST)) == ()


def test_a_model_that_no_host_lists_is_told_once_all_kinds_of_hosts_were_asked(known: Catalogue) -> None:
    pay, plan = both(known, FLASH)
    (one,) = found(known, lists=(pay, plan))
    assert (one.signal, one.new) == (Signal.CAPABILITY, "not listed")
    assert FLASH in one.message
    assert found(known, lists=(pay,)) == ()
    assert found(known, lists=(pay, replace(plan, ids=(*plan.ids, clean(FLASH))))) == ()


def test_a_list_from_before_a_models_release_says_nothing_of_it(known: Catalogue) -> None:
    early = datetime(2026, 9, 1, tzinfo=UTC)
    old = tuple(replace(one, ids=(*one.ids, clean(OLD))) for one in both(known, PRO, FLASH, at=early))
    assert found(known, lists=old) == ()


def test_a_listed_model_that_nobody_knows_and_one_that_should_be_gone_are_told(known: Catalogue) -> None:
    lists = both(known, extra=("mimo-v9", OLD))
    unknown, over = sorted(found(known, lists=lists), key=lambda one: "still" in one.message)
    assert unknown.signal is over.signal is Signal.CAPABILITY
    assert unknown.severity is over.severity is Severity.INFO
    assert "mimo-v9" in unknown.message
    assert "2026-10-21" in over.message
    assert found(known, lists=(listed("gpt-9", host="opencode.ai"),)) == ()


def test_a_model_of_the_docs_is_missed_only_in_lists_that_are_newer_than_the_docs(known: Catalogue) -> None:
    new = page("models", (("models", "mimo-v9", "offered"), True))
    before = tuple(replace(one, at=AT - timedelta(days=2)) for one in both(known))
    assert signals(found(known, pages=(new,), lists=before)) == [Signal.DOCS]


# Calls


def call(
    model: str,
    outcome: CallOutcome = CallOutcome.ANSWERED,
    *,
    host: str = PAY,
    what: str = "",
    at: datetime = AT,
    used: tuple[int | None, int | None] = (None, None),
    requests: int | None = None,
) -> CallSeen:
    return CallSeen(clean(host), clean(model), at, outcome, 400, what, *used, requests, clean("their words"))


def called(known: Catalogue, one: CallSeen) -> tuple[Discrepancy, ...]:
    return found(known, calls=(one,))


def test_an_offered_model_that_calls_do_not_find_is_an_error(known: Catalogue) -> None:
    (one,) = called(known, call(PRO, CallOutcome.NO_SUCH_MODEL))
    assert (one.signal, one.severity) == (Signal.MODEL_NOT_FOUND, Severity.ERROR)
    assert one.quote == "their words"
    assert "asked 2026-11-23" in one.seen_in


@pytest.mark.parametrize(
    "seen",
    [
        call(PRO),
        call(OLD, CallOutcome.NO_SUCH_MODEL),
        call("nobody-knows", CallOutcome.NO_SUCH_MODEL),
        call(PRO, CallOutcome.NO_SUCH_MODEL, at=datetime(2026, 9, 1, tzinfo=UTC)),
        call(FAST, CallOutcome.NO_SUCH_MODEL, host=PLAN),
        call(PRO, CallOutcome.NO_SUCH_MODEL, host="opencode.ai"),
        call(PRO, what="image"),
        call("mimo-v2.5-asr", CallOutcome.NO_SUCH_INPUT, what="image"),
        call(PRO, CallOutcome.NO_SUCH_FEATURE, what="web_search", host=PLAN),
        call(PRO, CallOutcome.NO_SUCH_FEATURE, what="telepathy"),
        call(PRO, used=(1_048_576, 131_072)),
        call(PRO, CallOutcome.TOO_MANY_REQUESTS, requests=101),
        call(PRO, CallOutcome.TOO_MANY_REQUESTS),
    ],
)
def test_a_call_that_the_docs_explain_is_no_drift(known: Catalogue, seen: CallSeen) -> None:
    assert called(known, seen) == ()


@pytest.mark.parametrize(
    ("seen", "signal"),
    [
        (call(OLD), Signal.MODEL_NOT_FOUND),
        (call(PRO, CallOutcome.NO_SUCH_INPUT, what="image"), Signal.CAPABILITY),
        (call("mimo-v2.5-tts", what="image"), Signal.CAPABILITY),
        (call(PRO, CallOutcome.NO_SUCH_FEATURE, what="function_calling"), Signal.CAPABILITY),
        (call(FAST, what="batch"), Signal.CAPABILITY),
        (call(PRO, used=(1_048_577, 1)), Signal.PRICE_OR_LIMIT),
        (call(PRO, used=(1, 131_073)), Signal.PRICE_OR_LIMIT),
        (call(PRO, CallOutcome.TOO_MANY_REQUESTS, requests=40), Signal.PRICE_OR_LIMIT),
    ],
)
def test_a_call_against_the_docs_is_found_under_its_signal(
    known: Catalogue, seen: CallSeen, signal: Signal
) -> None:
    assert signals(called(known, seen)) == [signal]


def test_docs_that_say_a_model_is_gone_explain_a_call_that_does_not_find_it(known: Catalogue) -> None:
    yesterday = AT - timedelta(days=1)
    gone = page("deprecations", (("models", FLASH, "retired"), yesterday))
    seen = found(known, pages=(gone,), calls=(call(FLASH, CallOutcome.NO_SUCH_MODEL),))
    assert signals(seen) == [Signal.DOCS]


# All of it


def test_the_same_drift_has_the_same_key_and_simulated_drift_another(known: Catalogue) -> None:
    one = call(PRO, CallOutcome.NO_SUCH_MODEL)
    (first,) = called(known, one)
    (again,) = called(known, replace(one, at=AT + timedelta(days=1)))
    (played,) = called(known, replace(one, simulated=True))
    assert first.key == again.key != played.key
    assert played.simulated
    assert "SIMULATED" in played.seen_in


def test_the_worst_comes_first(known: Catalogue) -> None:
    seen = found(
        known,
        indexes=(index(Outcome.GONE),),
        lists=(listed("mimo-v9"),),
        calls=(call(PRO, CallOutcome.NO_SUCH_MODEL),),
    )
    assert [one.severity for one in seen] == [Severity.ERROR, Severity.WARNING, Severity.INFO]


_PARTS = st.sampled_from(
    ["models", PRO, "mimo-v9", "context", "voices", "hosts", PAY, "family", "facts", "parameters", "features"]
) | st.text(max_size=9)
_VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(st.tuples(st.lists(_PARTS, min_size=1, max_size=5).map(tuple), _VALUES), max_size=5),
    st.lists(st.lists(_PARTS | st.just("*"), max_size=4).map(tuple), max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_page_says_is_held_against_the_catalogue_without_a_crash(
    said: list[tuple[Subject, Toml]], covers: list[Subject]
) -> None:
    for one in found(KNOWN, pages=(page("models", *said, covers=tuple(covers)),)):
        assert one.message == clean(one.message)
        assert one.key == clean(one.key)


def test_a_page_of_many_models_takes_no_longer_for_each_than_one_of_few(known: Catalogue) -> None:
    def seconds(count: int) -> float:
        many = page("models", *((("models", f"m{number}", "offered"), True) for number in range(count)))
        start = perf_counter()
        assert len(pages(known, many)) == count
        return perf_counter() - start

    seconds(10)
    assert seconds(2000) < 10 * seconds(500)
