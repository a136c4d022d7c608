"""Base URLs: what one names, what is wrong with it, and what would be right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, KeyKind, Surface, Wire, load
from mimo_tui.core.endpoints import Endpoint, Fit, UrlFault, host_takes, key_kind, lint, read, request_url
from mimo_tui.core.findings import Severity
from mimo_tui.core.secrets import Secret

KNOWN = load()
PAY = "https://api.xiaomimimo.com/v1"
PAY_ANTHROPIC = "https://api.xiaomimimo.com/anthropic"
SGP = "https://token-plan-sgp.xiaomimimo.com/v1"
PLANS = tuple(f"https://token-plan-{cluster}.xiaomimimo.com/v1" for cluster in ("cn", "sgp", "ams"))
GO = "https://opencode.ai/zen/go/v1"


def kind(text: str) -> KeyKind:
    found = key_kind(Secret(text), KNOWN)
    assert found is not None
    return found


PAY_KEY, PLAN_KEY, TEAM_KEY = kind("sk-0123456789ab"), kind("tp-0123456789ab"), kind("ttp-0123456789ab")


def faults(
    url: str, *, provider: str = "mimo", api_compat: str = "openai", key: KeyKind | None = None
) -> tuple[UrlFault, ...]:
    return lint(url, KNOWN, provider=provider, api_compat=api_compat, key=key)


def endpoint(url: str, *, provider: str = "mimo", api_compat: str = "openai") -> Endpoint:
    return read(url, KNOWN, provider=provider, api_compat=api_compat)


# --- Keys and hosts ---


def test_a_team_key_is_told_from_a_plan_key() -> None:
    assert (PAY_KEY.prefix, PLAN_KEY.prefix, TEAM_KEY.prefix) == ("sk-", "tp-", "ttp-")
    assert TEAM_KEY.title == "Token Plan, team"


@pytest.mark.parametrize("text", ["", "SK-123", "xtp-1", " tp-1", "gsk_1", "tp"])
def test_a_key_of_another_form_is_of_no_known_kind(text: str) -> None:
    assert key_kind(Secret(text), KNOWN) is None


@pytest.mark.parametrize(
    ("key", "url", "fit"),
    [
        (PAY_KEY, PAY, Fit.FITS),
        (PAY_KEY, PAY_ANTHROPIC, Fit.FITS),
        (PAY_KEY, SGP, Fit.MISFIT),
        (PAY_KEY, "https://batch-api-cn.xiaomimimo.com/v1", Fit.FITS),
        (PLAN_KEY, SGP, Fit.FITS),
        (TEAM_KEY, SGP, Fit.FITS),
        (PLAN_KEY, PAY, Fit.MISFIT),
        (TEAM_KEY, "https://batch-api-cn.xiaomimimo.com/v1", Fit.MISFIT),
        (PLAN_KEY, GO, Fit.UNKNOWN),
        (PAY_KEY, GO, Fit.UNKNOWN),
        (PAY_KEY, "http://127.0.0.1:8080/v1", Fit.UNKNOWN),
        (PAY_KEY, "https://platform.xiaomimimo.com", Fit.UNKNOWN),
        (None, PAY, Fit.UNKNOWN),
    ],
)
def test_a_host_takes_the_keys_of_its_family(key: KeyKind | None, url: str, fit: Fit) -> None:
    assert host_takes(key, endpoint(url)) is fit


# --- Reading ---


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (PAY, "pay-as-you-go"),
        (f"{PAY}/", "pay-as-you-go"),
        ("HTTPS://API.xiaomimimo.COM./v1", "pay-as-you-go"),
        (SGP, "Token Plan · sgp"),
        (GO, "OpenCode Go"),
        ("https://opencode.ai/zen/v1", "other host"),
        ("https://opencode.ai/zen/gone", "other host"),
        ("https://batch-api-cn.xiaomimimo.com/v1", "batch"),
        ("https://www.mimo.mi.com/docs", "documentation, no API"),
        ("https://platform.xiaomimimo.com/#/console/plan-manage", "console, no API"),
        ("https://api.deepseek.com", "other host"),
        ("https://api.xiaomimimo.com.evil.example/v1", "other host"),
        ("https://api.xiaomimimo.com@evil.example/v1", "other host"),
        ("https://evil.example/https://api.xiaomimimo.com/v1", "other host"),
        ("https://evil.example#@api.xiaomimimo.com/v1", "other host"),
        ("", "no host"),
    ],
)
def test_the_title_says_where_a_url_leads(url: str, title: str) -> None:
    assert endpoint(url).title == title


def test_the_parts_of_a_url() -> None:
    found = endpoint(" https://token-plan-AMS.xiaomimimo.com:443/v1 ")
    assert found.family is not None
    assert (found.url, found.scheme, found.host) == (
        " https://token-plan-AMS.xiaomimimo.com:443/v1 ",
        "https",
        "token-plan-ams.xiaomimimo.com",
    )
    assert (found.port, found.path, found.family.id, found.cluster) == (443, "/v1", "token-plan", "ams")
    assert endpoint(PAY).cluster is None
    assert endpoint("http://[::1]:8080/v1").host == "[::1]"
    assert endpoint("http://[::1]:8080/v1").port == 8080
    assert endpoint("localhost:8080/v1").port == 8080


@pytest.mark.parametrize("port", ["x", "99999999", "٣", "-1", "1e3", "9" * 5000])
def test_a_port_that_is_no_number_is_read_as_none(port: str) -> None:
    assert endpoint(f"https://h.example:{port}/v1").port is None


@pytest.mark.parametrize(
    ("provider", "api_compat", "path", "surface"),
    [
        ("mimo", "openai", "/v1", Surface.OPENAI),
        ("mimo", "anthropic", "/anthropic", Surface.OPENAI),
        ("custom", "anthropic", "/anthropic", Surface.ANTHROPIC),
        ("custom", "Anthropic", "/v1", Surface.ANTHROPIC),
        ("custom", "", "/anthropic", Surface.OPENAI),
        ("minimax", "", "/anthropic", Surface.ANTHROPIC),
        ("zhipu", "anthropic", "/v1", Surface.OPENAI),
        ("", "", "/anthropic/", Surface.ANTHROPIC),
        ("", "", "/v1", Surface.OPENAI),
    ],
)
def test_the_provider_decides_the_surface_and_else_the_path(
    provider: str, api_compat: str, path: str, surface: Surface
) -> None:
    found = read(f"https://api.xiaomimimo.com{path}", KNOWN, provider=provider, api_compat=api_compat)
    assert found.surface is surface


@pytest.mark.parametrize(
    ("base", "surface", "wire", "url"),
    [
        (PAY, Surface.OPENAI, Wire.CHAT_COMPLETIONS, f"{PAY}/chat/completions"),
        (f"{PAY}/", Surface.OPENAI, Wire.CHAT_COMPLETIONS, f"{PAY}/chat/completions"),
        (PAY, Surface.OPENAI, Wire.RESPONSES, f"{PAY}/responses"),
        (PAY_ANTHROPIC, Surface.ANTHROPIC, Wire.CHAT_COMPLETIONS, f"{PAY_ANTHROPIC}/v1/messages"),
        (PAY, Surface.ANTHROPIC, Wire.RESPONSES, f"{PAY}/v1/messages"),
        (
            f"{PAY}/chat/completions",
            Surface.OPENAI,
            Wire.CHAT_COMPLETIONS,
            f"{PAY}/chat/completions/chat/completions",
        ),
        (f"{PAY}#x", Surface.OPENAI, Wire.CHAT_COMPLETIONS, f"{PAY}/chat/completions"),
        ("", Surface.OPENAI, Wire.CHAT_COMPLETIONS, ""),
    ],
)
def test_the_request_goes_where_the_sdk_appends_it(base: str, surface: Surface, wire: Wire, url: str) -> None:
    assert request_url(base, surface=surface, wire=wire) == url


# --- Faults ---


@pytest.mark.parametrize(
    "url", [PAY, f"{PAY}/", SGP, f"{SGP}/", GO, "http://127.0.0.1:8080/v1", "https://relay.example/x"]
)
def test_a_right_url_has_no_fault(url: str) -> None:
    assert faults(url) == ()


@pytest.mark.parametrize(
    ("url", "code", "completed"),
    [
        ("", "empty", PAY),
        (" \t", "empty", PAY),
        (f" {PAY}", "blanks", PAY),
        (f"{PAY}\n", "blanks", PAY),
        ("https://api.xiaomi mimo.com/v1", "blanks", PAY),
        ("https://api.xiaomimimo.com\u200b/v1", "blanks", PAY),
        ("api.xiaomimimo.com/v1", "no-scheme", PAY),
        ("//api.xiaomimimo.com/v1", "no-scheme", PAY),
        ("api.xiaomimimo.com:443/v1", "no-scheme", PAY),
        ("https:/api.xiaomimimo.com/v1", "scheme", PAY),
        ("https:api.xiaomimimo.com/v1", "scheme", PAY),
        ("https:///api.xiaomimimo.com/v1", "scheme", PAY),
        ("wss://api.xiaomimimo.com/v1", "scheme", PAY),
        ("http://api.xiaomimimo.com/v1", "insecure", PAY),
        ("http://api.xiaomimimo.com:80/v1", "insecure", PAY),
        ("https://user:secret@api.xiaomimimo.com/v1", "user-info", PAY),
        (f"{PAY}?a=b", "query", PAY),
        (f"{PAY}#top", "fragment", PAY),
        ("https://api.xiaomimimo.com:no/v1", "port", PAY),
        ("https://api.xiaomimimo.com:8443/v1", "port", PAY),
        ("https：／／api．xiaomimimo．com／v1", "odd-characters", PAY),
        ("https://api。xiaomimimo。com/v1", "odd-characters", PAY),
        ("https:\\\\api.xiaomimimo.com\\v1", "odd-characters", PAY),
        ("https://mimo.mi.com/docs/en-US/price", "website", PAY),
        ("https://platform.xiaomimimo.com/#/console/plan-manage", "website", PAY),
        ("https://mimo.xiaomi.com", "website", PAY),
        ("https://xiaomimimo.com/v1", "website", PAY),
        ("https://www.xiaomimimo.com/v1", "website", PAY),
        ("https://batch-api-cn.xiaomimimo.com/v1", "batch-host", PAY),
        ("https://API.xiaomimimo.com/v1", "host-case", PAY),
        ("https://api.xiaomimimo.com", "missing-path", PAY),
        ("https://api.xiaomimimo.com/", "missing-path", PAY),
        ("https://opencode.ai/zen/go", "missing-path", GO),
        (f"{PAY}/v1", "doubled-version", PAY),
        (f"{SGP}/v1/v1/", "doubled-version", SGP),
        (f"{PAY}/chat/completions", "pasted-path", PAY),
        (f"{PAY}/chat/completions/", "pasted-path", PAY),
        (f"{PAY}/responses", "pasted-path", PAY),
        (f"{PAY}/messages", "pasted-path", PAY),
        (f"{SGP}/models", "pasted-path", SGP),
        ("https://token-plan-sgp.xiaomimimo.com/anthropic", "surface", SGP),
        ("https://token-plan-sgp.xiaomimimo.com/anthropic/v1", "surface", SGP),
        ("https://api.xiaomimimo.com/v2", "unknown-path", PAY),
        ("https://api.xiaomimimo.com//v1", "unknown-path", PAY),
        ("https://api.xiaomimimo.com/v1//", "unknown-path", PAY),
        ("127.0.0.1:8080/v1", "no-scheme", "http://127.0.0.1:8080/v1"),
        ("localhost:8080", "no-scheme", "http://localhost:8080"),
        ("http://relay.example/v1", "insecure", "https://relay.example/v1"),
        ("https://relay.example/v1/v1", "doubled-version", "https://relay.example/v1"),
        ("https://relay.example/v1/responses", "pasted-path", "https://relay.example/v1"),
        ("https://relay.example/anthropic", "surface", None),
        ("https://relay.example:x/v1", "port", None),
        ("https://relаy.example/v1", "odd-characters", None),
        ("ftp://relay.example/v1", "scheme", None),
        ("mimo", "no-scheme", None),
        ("https://", "no-host", None),
    ],
)
def test_one_fault_and_the_url_that_would_be_right(url: str, code: str, completed: str | None) -> None:
    found = faults(url)
    assert [fault.code for fault in found] == [code]
    assert found[0].completed == completed
    assert found[0].message
    assert found[0].because


def test_several_faults_share_one_completion() -> None:
    found = faults(" http://u:p@Token-Plan-SGP.xiaomimimo.com/anthropic/v1/messages?x=1 ")
    codes = {fault.code for fault in found}
    assert codes == {"blanks", "insecure", "user-info", "query", "host-case", "pasted-path", "surface"}
    assert {fault.completed for fault in found} == {SGP}


def test_a_password_in_a_url_is_not_repeated() -> None:
    found = faults("https://user:hunter2-secret@api.xiaomimimo.com/v1")
    assert "hunter2" not in repr(found)


def test_harmless_spelling_is_only_information() -> None:
    assert [fault.severity for fault in faults("https://API.xiaomimimo.com/v1")] == [Severity.INFO]


@pytest.mark.parametrize("url", ["", "https://mimo.mi.com/docs", "https://batch-api-cn.xiaomimimo.com/v1"])
@pytest.mark.parametrize("key", [PLAN_KEY, TEAM_KEY])
def test_a_cluster_is_never_guessed(url: str, key: KeyKind) -> None:
    (found,) = faults(url, key=key)
    assert found.completed is None
    assert found.candidates == PLANS


def test_a_pay_as_you_go_key_has_one_base() -> None:
    (found,) = faults("https://mimo.mi.com/docs", key=PAY_KEY)
    assert (found.completed, found.candidates) == (PAY, ())


def test_a_misspelt_cluster_gets_candidates_the_closest_first() -> None:
    (found,) = faults("https://token-plan-sg.xiaomimimo.com/v1")
    assert (found.code, found.severity, found.completed) == ("unknown-host", Severity.WARNING, None)
    assert found.candidates[0] == SGP
    assert set(found.candidates) <= {PAY, *PLANS}
    (found,) = faults("https://token-plan-sg.xiaomimimo.com/v1", key=PLAN_KEY)
    assert set(found.candidates) == set(PLANS)


@pytest.mark.parametrize(
    "host",
    [
        *("api.xiaomimo.com", "api.xiaomimimo.co", "token-plan-sgp.xiaomimmo.com"),
        *("api.xiaomimimo.com.example.com", "xiaomimimo.com.example.com", "api.xiaomimimo.com.cn"),
    ],
)
def test_a_host_that_only_looks_like_mimos_is_pointed_out(host: str) -> None:
    (found,) = faults(f"https://{host}/v1")
    assert (found.code, found.completed) == ("look-alike", None)
    assert found.candidates


@pytest.mark.parametrize(
    ("url", "api_compat", "codes", "completed"),
    [
        (PAY_ANTHROPIC, "anthropic", [], None),
        (f"{PAY_ANTHROPIC}/", "anthropic", [], None),
        (PAY, "anthropic", ["surface"], PAY_ANTHROPIC),
        (f"{PAY_ANTHROPIC}/v1", "anthropic", ["doubled-version"], PAY_ANTHROPIC),
        (f"{PAY_ANTHROPIC}/v1/messages", "anthropic", ["pasted-path"], PAY_ANTHROPIC),
        ("https://api.xiaomimimo.com", "anthropic", ["missing-path"], PAY_ANTHROPIC),
        (PAY, "openai", [], None),
        (PAY_ANTHROPIC, "openai", ["surface"], PAY),
        ("https://token-plan-sg.xiaomimimo.com/v1", "openai", ["unknown-host"], None),
        ("https://platform.xiaomimimo.com", "anthropic", ["website"], PAY_ANTHROPIC),
    ],
)
def test_a_custom_provider_on_mimos_hosts(
    url: str, api_compat: str, codes: list[str], completed: str | None
) -> None:
    found = faults(url, provider="custom", api_compat=api_compat)
    assert [fault.code for fault in found] == codes
    assert [fault.completed for fault in found] == [completed] * len(codes)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://api.deepseek.com",
        "https://api.minimaxi.com/anthropic",
        "https://api.z.ai/api/coding/paas/v4",
        "https://chatgpt.com/backend-api/codex",
        "https://services.ai.azure.example/models?api-version=2024",
        "https://user:pass@relay.example:x/v1/v1#here",
        "https://opencode.ai/zen/v1",
        "https://opencode.ai",
        "http://127.0.0.1:34891",
        "http://192.168.1.5:11434/v1",
        "http://litellm:4000/v1",
        "http://[::1]:8080/v1",
        "https://api.xiaomimo.com/v1",
        "https://中文.example/v1",
    ],
)
@pytest.mark.parametrize("provider", ["deepseek", "custom", "minimax", "codex", ""])
def test_another_providers_host_is_never_called_wrong(url: str, provider: str) -> None:
    assert faults(url, provider=provider, api_compat="") == ()


@pytest.mark.parametrize(
    ("url", "code", "completed"),
    [
        (" https://api.deepseek.com ", "blanks", "https://api.deepseek.com"),
        ("api.deepseek.com/v1?a=b", "no-scheme", "https://api.deepseek.com/v1?a=b"),
        ("http://api.deepseek.com", "insecure", "https://api.deepseek.com"),
        ("https://api.deepseek.com/chat/completions", "pasted-path", "https://api.deepseek.com"),
        ("https://h.example/v1/responses?x=1", "pasted-path", "https://h.example/v1?x=1"),
    ],
)
def test_the_general_rules_hold_for_every_provider(url: str, code: str, completed: str) -> None:
    (found,) = faults(url, provider="deepseek", api_compat="openai")
    assert (found.code, found.completed) == (code, completed)


# --- Any text ---

PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "http:",
            "ftp://",
            "//",
            "/",
            "\\",
            ":",
            "@",
            "?",
            "#",
            "[",
            "]",
            ".",
            " ",
            "\t",
        ),
        *(
            "api.xiaomimimo.com",
            "token-plan-sgp.xiaomimimo.com",
            "token-plan-x.xiaomimimo.com",
            "mimo.mi.com",
        ),
        *(
            "batch-api-cn.xiaomimimo.com",
            "opencode.ai",
            "/zen/go",
            "localhost",
            "127.0.0.1",
            "::1",
            "relay.example",
        ),
        *(
            "/v1",
            "/V1",
            "/v2",
            "/anthropic",
            "/chat/completions",
            "/messages",
            "/responses",
            "/models",
            ":443",
        ),
        *(
            ":80",
            ":x",
            "u:p@",
            "?a=b",
            "#f",
            "：",
            "／",
            "。",
            "\u200b",
            "\ud800",
            "\x1b[31m",
            "а",
            "Ａ",
            "\n",
        ),
    ]
)
URLS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join))
PROVIDERS = st.sampled_from(["mimo", "MIMO", "custom", "deepseek", "minimax", "", "\x00"])
COMPATS = st.sampled_from(["openai", "anthropic", "", "x"])
KEYS = st.sampled_from([None, PAY_KEY, PLAN_KEY, TEAM_KEY])


def check_any(url: str, provider: str, api_compat: str, key: KeyKind | None) -> None:
    found = faults(url, provider=provider, api_compat=api_compat, key=key)
    seen = endpoint(url, provider=provider, api_compat=api_compat)
    request_url(url, surface=seen.surface)
    host_takes(key, seen)
    for fault in found:
        assert fault.completed != url
        assert not any(character < " " or character == "\u202e" for character in fault.message)
        assert fault.completed is None or not fault.candidates
    for right in {fault.completed for fault in found if fault.completed is not None}:
        assert faults(right, provider=provider, api_compat=api_compat, key=key) == ()
    for right in {candidate for fault in found for candidate in fault.candidates}:
        assert faults(right, provider=provider, api_compat=api_compat, key=key) == ()


@given(URLS, PROVIDERS, COMPATS, KEYS)
@settings(max_examples=1500, deadline=None)
def test_no_text_raises_and_what_is_completed_is_right(
    url: str, provider: str, api_compat: str, key: KeyKind | None
) -> None:
    check_any(url, provider, api_compat, key)


@pytest.mark.long
@given(URLS, PROVIDERS, COMPATS, KEYS)
@settings(max_examples=50_000, deadline=None)
def test_no_text_raises_in_the_full_count(
    url: str, provider: str, api_compat: str, key: KeyKind | None
) -> None:
    check_any(url, provider, api_compat, key)


def test_a_megabyte_of_url_is_no_trouble() -> None:
    for size in (1900, 1_000_000):
        for start, piece in (("", "a"), ("https://", "/v1"), (PAY, "/models"), ("", "：")):
            url = (start + piece * size)[:size]
            check_any(url, "mimo", "openai", None)
            check_any(url, "custom", "anthropic", PLAN_KEY)
    assert [fault.code for fault in faults("a" * 1_000_000, provider="custom")] == ["too-long"]


def test_the_catalogue_alone_names_hosts() -> None:
    nothing: Catalogue = KNOWN.without("D12")
    assert read(SGP, nothing, provider="mimo").family is None
    (found,) = lint(SGP, nothing, provider="mimo", api_compat="openai", key=None)
    assert found.code == "unknown-host"
