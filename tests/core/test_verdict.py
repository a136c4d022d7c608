"""The words of a verdict: what each answer means, what follows from all, and what to do next."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core import catalogue
from mimo_tui.core.catalogue import Host
from mimo_tui.core.exchange import Exchange, Failure, read_error
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.core.verdict import Label, Probe, Reading, Verdict, judge, meaning, read, rule

CATALOGUE = catalogue.load()
KINDS = {kind.prefix: kind for kind in CATALOGUE.key_kinds}
PLAN = next(family for family in CATALOGUE.families if family.id == "token-plan")
PAY = next(family for family in CATALOGUE.families if family.id == "pay-as-you-go")
CN, SGP, AMS = PLAN.hosts
CONSOLE = "https://console.example/plan"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def exchange(
    status: int | None = None,
    body: str = "",
    *,
    content_type: str = "application/json",
    failure: Failure | None = None,
    reason: str = "",
    location: str = "",
) -> Exchange:
    return Exchange(
        "GET",
        clean("https://host.example/v1/models"),
        clean("host.example"),
        AT,
        0.1,
        status=status,
        failure=failure,
        reason=clean(reason),
        content_type=clean(content_type),
        location=clean(location),
        body=clean_lines(body),
        error=read_error(body),
    )


def error(status: int, message: str = "No", type_: str = "") -> Exchange:
    return exchange(status, json.dumps({"error": {"code": str(status), "message": message, "type": type_}}))


def probe(host: Host, found: Exchange, models: tuple[str, ...] | None = None) -> Probe:
    reading = read(found, models)
    listed = tuple(clean(model) for model in models or ())
    return Probe(
        host, f"https://{host.name}/v1", found, reading, meaning(host, found, reading, listed), listed
    )


def accepts(host: Host) -> Probe:
    return probe(host, exchange(200, '{"data":[]}'), ("mimo-v2.6-pro",))


def refuses(host: Host) -> Probe:
    return probe(host, error(401, "Invalid API Key", "invalid_key"))


def verdict(*probes: Probe) -> Verdict:
    return judge(KINDS["tp-"], PLAN, probes, console=CONSOLE)


# One answer


@pytest.mark.parametrize(
    ("found", "reading"),
    [
        (exchange(200, "{}"), Reading.NOT_THE_API),
        (exchange(204), Reading.NOT_THE_API),
        (exchange(301, location="https://elsewhere.example/"), Reading.NOT_THE_API),
        (error(400), Reading.NOT_FOUND),
        (error(405), Reading.NOT_FOUND),
        (exchange(400, "Bad Request", content_type="text/plain"), Reading.NOT_THE_API),
        (exchange(401, "", content_type=""), Reading.NOT_THE_API),
        (exchange(401, '{"message": "no key"}'), Reading.NOT_THE_API),
        (exchange(401, '{"error": {"message": "sign in to the proxy"}}'), Reading.NOT_THE_API),
        (exchange(403, "<html>blocked</html>", content_type="text/html"), Reading.NOT_THE_API),
        (exchange(407, "Proxy", content_type="text/plain"), Reading.NOT_THE_API),
        (exchange(404, "not found", content_type="text/plain"), Reading.NOT_FOUND),
        (exchange(429, "slow down", content_type="text/plain"), Reading.LIMITED),
        (exchange(502, "<html>Bad gateway</html>", content_type="text/html"), Reading.DOWN),
        (exchange(), Reading.UNREACHABLE),
        (exchange(failure=Failure.OFFLINE), Reading.NOT_ASKED),
        (exchange(failure=Failure.NOT_ALLOWED), Reading.NOT_ASKED),
        (exchange(failure=Failure.GARBLED), Reading.NOT_THE_API),
        (exchange(200, failure=Failure.TOO_LONG), Reading.NOT_THE_API),
        (exchange(401, failure=Failure.RESET), Reading.UNREACHABLE),
    ],
)
def test_an_answer_says_no_more_than_it_says(found: Exchange, reading: Reading) -> None:
    assert read(found, None) is reading


def test_an_error_behind_a_200_is_no_acceptance() -> None:
    body = '{"error": {"code": "401", "message": "Invalid API Key"}}'
    assert read(exchange(200, body), ("mimo-v2.6-pro",)) is Reading.NOT_THE_API


def test_the_evidence_is_told_in_a_sentence() -> None:
    assert accepts(SGP).meaning == "sgp takes the key and lists 1 model."
    assert refuses(CN).meaning == "cn refuses the key: “Invalid API Key”."
    silent = probe(CN, exchange(failure=Failure.DNS, reason="Name or service not known"))
    assert silent.meaning == (
        "cn did not answer (no such host, Name or service not known), which says nothing about the key."
    )
    moved = probe(CN, exchange(302, location="https://login.example/"))
    assert "points to https://login.example/, where a key is never sent" in moved.meaning
    page = probe(CN, exchange(200, "<html>", content_type="text/html"))
    assert "answered 200 with a web page" in page.meaning
    [host] = PAY.hosts
    assert meaning(host, error(402), Reading.NO_BALANCE).startswith(
        f"{host.name} answered 402: it knows the account"
    )


@given(
    st.one_of(st.none(), st.integers(100, 599)),
    st.one_of(st.none(), st.sampled_from(Failure)),
    st.one_of(st.text(max_size=30), st.sampled_from(['{"error":{"code":"401"}}', "<html>", "[]", "{}"])),
    st.one_of(st.none(), st.lists(st.text(max_size=5), max_size=3)),
)
def test_only_a_200_with_models_accepts_and_only_a_401_refuses(
    status: int | None, failure: Failure | None, body: str, models: list[str] | None
) -> None:
    reading = read(exchange(status, body, failure=failure), models)
    if reading is Reading.ACCEPTS:
        assert (status, failure, bool(models)) == (200, None, True)
    if reading is Reading.REFUSES:
        assert (status, failure) == (401, None)
    assert meaning(CN, exchange(status, body, failure=failure), reading, models or ())


# All together


def test_where_one_host_accepts_the_remedy_is_its_base_url() -> None:
    found = verdict(refuses(CN), accepts(SGP), refuses(AMS))
    assert (found.label, found.host) == (Label.BELONGS, SGP)
    assert found.title == "belongs to Token Plan · sgp"
    assert found.remedy == "Its base URL is https://token-plan-sgp.xiaomimimo.com/v1"
    assert found.grounds[:3] == (refuses(CN).meaning, accepts(SGP).meaning, refuses(AMS).meaning)


def test_a_host_that_did_not_answer_leaves_it_open_and_says_what_to_do() -> None:
    silent = probe(AMS, exchange(failure=Failure.TIME_OUT, reason="no answer for 8 s"))
    found = verdict(refuses(CN), accepts(SGP), silent)
    assert (found.label, found.host) == (Label.UNDETERMINED, None)
    assert found.title == "not certain: sgp takes it, but ams did not say"
    assert "Check again later, and look at the network." in found.remedy
    assert CONSOLE in found.remedy


def test_what_hinders_each_host_has_its_own_remedy() -> None:
    page = probe(CN, exchange(200, "<html>", content_type="text/html"))
    found = verdict(page, probe(SGP, error(403)), probe(AMS, error(503)))
    assert found.title == "not certain: cn, sgp and ams did not say"
    for word in ("proxy", "another network", "again later"):
        assert word in found.remedy


def test_an_empty_account_is_known_and_still_no_verdict() -> None:
    found = verdict(probe(CN, error(402)), refuses(SGP), refuses(AMS))
    assert found.label is Label.UNDETERMINED
    assert any("knows the account" in ground for ground in found.grounds)
    assert "balance" in found.remedy


def test_a_key_that_all_refuse_may_be_revoked_mistyped_or_of_another_family() -> None:
    found = verdict(refuses(CN), refuses(SGP), refuses(AMS))
    assert found.label is Label.REVOKED
    assert found.title == "revoked, mistyped, or of another family"
    assert CONSOLE in found.remedy
    assert any("check it twice" in ground for ground in found.grounds)


def test_several_hosts_that_accept_are_all_named() -> None:
    found = verdict(accepts(CN), accepts(SGP), refuses(AMS))
    assert (found.label, found.host) == (Label.SEVERAL, None)
    assert found.title == "works on several hosts: cn and sgp"


def test_the_host_knows_better_than_the_prefix() -> None:
    [host] = PAY.hosts
    found = judge(KINDS["tp-"], PAY, [accepts(host)])
    assert (found.label, found.host) == (Label.BELONGS, host)
    assert any("the host knows better" in ground for ground in found.grounds)


# The prefix alone


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("tp-", "tp- keys are of the Token Plan: cn, sgp or ams; the prefix does not say which."),
        ("ttp-", "ttp- keys are of the Token Plan: cn, sgp or ams; the prefix does not say which."),
        ("sk-", "sk- keys are pay-as-you-go: api.xiaomimimo.com."),
    ],
)
def test_the_prefix_says_the_family_and_no_cluster(prefix: str, said: str) -> None:
    assert rule(KINDS[prefix], CATALOGUE) == said


def test_a_key_of_no_known_kind_says_nothing() -> None:
    said = rule(None, CATALOGUE)
    assert "its form says nothing" in said
    assert all(prefix in said for prefix in KINDS)
