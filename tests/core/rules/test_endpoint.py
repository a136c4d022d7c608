"""The base URL: what is wrong with it, the request that would really be sent, and the key that the host refuses."""

from functools import partial
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core.findings import Severity
from mimo_tui.core.secrets import Secret
from tests.core.rules.builder import (
    GONE,
    PAY,
    PAY_KEY,
    PLAN_KEY,
    SGP,
    SLOT,
    TEAM_KEY,
    Case,
    assert_fixes_mend,
    codes,
    custom,
    each,
    elsewhere,
    found,
    good,
    judge,
    spoiled,
)

ERROR, WARNING, INFO = Severity
URL = "manifest.llm.base_url"
HOST = "https://api.xiaomimimo.com"
PLANS = ("base-url:cn", "base-url:sgp", "base-url:ams")
PLAN = elsewhere(keys={SLOT: PLAN_KEY})
KEYLESS = elsewhere(keys={})


def url(
    name: str,
    code: str,
    written: object,
    called: str,
    *words: str,
    severity: Severity = ERROR,
    fixes: tuple[str, ...] = ("complete-url",),
    **more: object,
) -> Case:
    """Give the case of a base URL, whose message must show `called`, the request that would be sent."""
    return Case(name, code, severity, URL, (called, *words), fixes, {URL: written}, **more)  # type: ignore[arg-type]


CASES = [
    url(
        "website",
        "url-website",
        "https://platform.xiaomimimo.com",
        "platform.xiaomimimo.com/responses",
        "no API",
    ),
    url(
        "website with a plan's key",
        "url-website",
        "https://platform.xiaomimimo.com/console",
        "/console/responses",
        fixes=PLANS,
        world=PLAN,
        source="cluster",
    ),
    url("no /v1", "url-missing-path", HOST, f"{HOST}/responses", "/v1 is missing"),
    url("no /v1 and a slash", "url-missing-path", f"{HOST}/", f"{HOST}/responses", "/v1 is missing"),
    url("/v1 twice", "url-doubled-version", f"{PAY}/v1", f"{PAY}/v1/responses", "twice"),
    url(
        "/chat/completions pasted",
        "url-pasted-path",
        f"{PAY}/chat/completions",
        f"{PAY}/chat/completions/responses",
        "path of a request",
    ),
    url("/responses pasted", "url-pasted-path", f"{PAY}/responses", f"{PAY}/responses/responses"),
    url(
        "/anthropic for mimo", "url-surface", f"{HOST}/anthropic", f"{HOST}/anthropic/responses", "/anthropic"
    ),
    url(
        "http",
        "url-insecure",
        "http://api.xiaomimimo.com/v1",
        "http://api.xiaomimimo.com/v1/responses",
        "not https",
    ),
    url(
        "no scheme",
        "url-no-scheme",
        "api.xiaomimimo.com/v1",
        "to api.xiaomimimo.com/v1/responses",
        "https://",
    ),
    url(
        "another scheme", "url-scheme", "ftp://api.xiaomimimo.com/v1", "ftp://api.xiaomimimo.com/v1/responses"
    ),
    url(
        "blanks around",
        "url-blanks",
        f" {PAY} ",
        f" {PAY} /responses",
        "around it",
        source="as it is written",
    ),
    url("a line end", "url-blanks", f"{PAY}\n", f"{PAY}␊/responses", "around it", source="as it is written"),
    url(
        "a blank inside",
        "url-blanks",
        "https://api.xiaomimimo.com /v1",
        "api.xiaomimimo.com /v1/responses",
        "in it",
        source="as it is written",
    ),
    url("only blanks", "url-empty", " ", " /responses", "empty"),
    url("a query", "url-query", f"{PAY}?a=1", f"{PAY}?a=1/responses", "query"),
    url("a fragment", "url-fragment", f"{PAY}#x", f"{PAY}/responses", "fragment"),
    url(
        "only a fragment",
        "url-fragment",
        "#x",
        "default host",
        fixes=(),
        also=("url-no-scheme", "url-no-host"),
    ),
    url("a wrong path", "url-unknown-path", f"{HOST}/api", f"{HOST}/api/responses", "/v1"),
    url("a port", "url-port", f"{HOST}:8443/v1", f"{HOST}:8443/v1/responses", "8443", severity=WARNING),
    url(
        "capitals",
        "url-host-case",
        "https://API.xiaomimimo.com/v1",
        "https://API.xiaomimimo.com/v1/responses",
        severity=INFO,
    ),
    url(
        "the host of batches",
        "url-batch-host",
        "https://batch-api-cn.xiaomimimo.com/v1",
        "https://batch-api-cn.xiaomimimo.com/v1/responses",
        "not conversations",
    ),
    url(
        "a host of MiMo that is not known",
        "url-unknown-host",
        "https://token-plan-xyz.xiaomimimo.com/v1",
        "token-plan-xyz.xiaomimimo.com/v1/responses",
        severity=WARNING,
        fixes=PLANS,
        world=PLAN,
        source="token-plan-sgp",
    ),
    url(
        "a host that looks like MiMo's",
        "url-look-alike",
        "https://api.xiaomirnimo.com/v1",
        "api.xiaomirnimo.com/v1/responses",
        "looks like api.xiaomimimo.com",
        severity=WARNING,
        fixes=("base-url:pay-as-you-go",),
        source="whoever owns",
    ),
    url(
        "a password",
        "url-user-info",
        "https://me:hunter2@api.xiaomimimo.com/v1",
        "https://•••@api.xiaomimimo.com/v1/responses",
    ),
    url(
        "/chat/completions pasted elsewhere",
        "url-pasted-path",
        "https://example.com/v1/chat/completions",
        "https://example.com/v1/chat/completions/chat/completions",
        base=custom,
    ),
    Case(
        "/v1 for Anthropic's form",
        "url-surface",
        ERROR,
        URL,
        (f"{PAY}/v1/messages", "Anthropic"),
        ("complete-url",),
        {URL: PAY, "manifest.llm.api_compat": "anthropic"},
        base=lambda: custom(model="mimo-v2.6-pro", api_key_env=SLOT),
    ),
    Case(
        "host that is not MiMo's",
        "host-unknown",
        WARNING,
        URL,
        ("example.com", "no host of Xiaomi MiMo"),
        ("base-url:pay-as-you-go",),
        {URL: "https://example.com/v1"},
        source="token-plan-sgp.xiaomimimo.com",
    ),
    *(
        Case(
            f"base URL is {name}",
            "base-url-missing",
            ERROR,
            URL,
            ("no base URL",),
            ("base-url:pay-as-you-go",),
            {URL: value},
            source="refuses to save",
            refused=True,
        )
        for name, value in (("gone", GONE), ("null", None), ("empty", ""))
    ),
    Case(
        "base URL is gone and the key is a plan's",
        "base-url-missing",
        ERROR,
        URL,
        ("no base URL",),
        PLANS,
        {URL: GONE},
        world=PLAN,
        source="default host",
        refused=True,
    ),
    Case(
        "base URL is gone for another provider",
        "base-url-missing",
        ERROR,
        URL,
        ("no base URL",),
        (),
        {URL: GONE},
        base=lambda: custom(provider="deepseek"),
        source="refuses to save",
        refused=True,
    ),
    *(
        Case(
            f"base URL of {provider} is {value!r}",
            "base-url-missing",
            ERROR,
            URL,
            ("blank", provider),
            ("remove-base-url",),
            {URL: value},
            base=partial(custom, provider=provider, base_url=GONE),
            source="refuses to save",
            refused=True,
        )
        for provider in ("zhipu", "minimax")
        for value in each(None, "")
    ),
    *(
        Case(
            f"base URL is {word}",
            "base-url-type",
            ERROR,
            URL,
            (word, "not text"),
            ("base-url:pay-as-you-go",),
            {URL: value},
            source="does not boot",
            refused=True,
        )
        for word, value in (("a number", 0), ("a list", []), ("true or false", False))
    ),
    *(
        Case(
            f"base URL of {provider} is a number",
            "base-url-type",
            ERROR,
            URL,
            ("a number",),
            ("clear-base-url",),
            {URL: 5},
            base=partial(custom, provider=provider),
            source="does not boot",
            refused=True,
        )
        for provider in ("custom", "zhipu")
    ),
    *(
        Case(
            f"a {kind} key on the pay-as-you-go host",
            "key-kind-misfit",
            ERROR,
            URL,
            (prefix, "pay-as-you-go", "does not work"),
            PLANS,
            world=elsewhere(keys={SLOT: key}),
            source="401",
        )
        for kind, prefix, key in (("plan", "tp-", PLAN_KEY), ("team", "ttp-", TEAM_KEY))
    ),
    Case(
        "a pay-as-you-go key on a plan's host",
        "key-kind-misfit",
        ERROR,
        URL,
        ("sk-", "Token Plan · sgp"),
        ("base-url:pay-as-you-go",),
        {URL: SGP},
        source="401",
    ),
    Case(
        "a plan's key on the pay-as-you-go host, in Anthropic's form",
        "key-kind-misfit",
        ERROR,
        URL,
        ("tp-",),
        PLANS,
        {URL: f"{HOST}/anthropic", "manifest.llm.api_compat": "anthropic", "manifest.llm.api_key_env": SLOT},
        base=custom,
        world=PLAN,
        source="401",
    ),
    Case(
        "a key of no known kind",
        "key-kind-unknown",
        WARNING,
        "manifest.llm.api_key_env",
        (SLOT, "no known kind"),
        world=elsewhere(keys={SLOT: "abc-0123456789"}),
        source="sk- pay-as-you-go",
    ),
    Case(
        "a key of no known kind in the file",
        "key-kind-unknown",
        WARNING,
        "manifest.llm.api_key",
        ("api_key",),
        (),
        {"manifest.llm.api_key": "abc-0123456789", "manifest.llm.api_key_env": ""},
        also=("inline-key",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_wrong_address_is_found_and_shows_where_requests_would_go(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_gives_an_address_that_works(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


@pytest.mark.parametrize(
    ("base_url", "key"),
    [
        (PAY, PAY_KEY),
        (SGP, PLAN_KEY),
        (SGP, TEAM_KEY),
        ("https://token-plan-cn.xiaomimimo.com/v1", PLAN_KEY),
        ("https://opencode.ai/zen/go/v1", "anything-at-all"),
    ],
)
def test_an_address_with_a_key_that_fits_is_fine(base_url: str, key: str) -> None:
    assert judge(spoiled({URL: base_url}), elsewhere(keys={SLOT: key})) == ()


def test_the_clusters_of_a_plan_are_offered_and_none_is_guessed() -> None:
    (finding,) = judge(good(), PLAN)
    urls = [
        json_text.get(
            json_text.parse(json_text.apply("{}", fix.edits)).value, ("manifest", "llm", "base_url")
        )
        for fix in finding.fixes
    ]
    assert urls == [f"https://token-plan-{cluster}.xiaomimimo.com/v1" for cluster in ("cn", "sgp", "ams")]


def test_a_key_in_a_url_is_not_shown() -> None:
    leaky = spoiled({URL: f"{PAY}?key={PAY_KEY}"})
    told = " ".join(f"{one.message} {one.because} {[fix.title for fix in one.fixes]}" for one in judge(leaky))
    assert PAY_KEY not in told
    assert Secret(PAY_KEY).masked not in told


def test_the_chosen_wire_shows_in_the_request() -> None:
    document = custom(base_url="http://example.com/v1", wire_api="responses")
    (finding,) = judge(document)
    assert "http://example.com/v1/responses" in finding.message


def test_a_host_is_named_wrong_once_only() -> None:
    for host in ("token-plan-xyz.xiaomimimo.com", "platform.xiaomimimo.com", "api.xiaomirnimo.com"):
        assert "host-unknown" not in codes(judge(spoiled({URL: f"https://{host}/v1"})))
