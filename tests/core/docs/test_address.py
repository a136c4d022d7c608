"""Addresses of the docs: what they name, where links lead, and which page is the same after a move."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.docs.address import CHINESE, DocAddress, read_address, resolve, same_page
from mimo_tui.simulator.site.contents import shipped

HOST, OLD = "docs.example", "old.example"
HOSTS = frozenset({HOST, OLD})
HERE = DocAddress(HOST, "quick-start/summary/model", anchor="there")


@pytest.mark.parametrize(
    ("url", "path", "locale", "anchor"),
    [
        (f"https://{HOST}/docs/en-US/quick-start/summary/model", "quick-start/summary/model", "en-US", ""),
        (f"https://{HOST}/docs/quick-start/summary/model/", "quick-start/summary/model", "en-US", ""),
        (f"https://{HOST}/docs/zh-CN/updates/deprecate#v2", "updates/deprecate", "zh-CN", "v2"),
        (f"https://{HOST}/docs/ZH-cn/updates/deprecate", "updates/deprecate", "zh-CN", ""),
        (f"https://{HOST}/static/docs/a/b.md", "a/b", "en-US", ""),
        (f"https://{HOST}/static/docs/zh-CN/a/b.md?x=1", "a/b", "zh-CN", ""),
        (
            f"https://{HOST}/static/docs/tokenplan/Token%20Plan/team.md",
            "tokenplan/Token Plan/team",
            "en-US",
            "",
        ),
        (f"https://{HOST}/docs/en-US/faq/Usage&Quota", "faq/Usage&Quota", "en-US", ""),
        (f"https://{HOST}/docs/en-US/faq/Usage%26Quota", "faq/Usage&Quota", "en-US", ""),
        (f"HTTPS://{HOST.upper()}:443/docs/a b", "a b", "en-US", ""),
        (f"https://{OLD}/#/docs/welcome", "welcome", "en-US", ""),
        (f"https://{OLD}/#/docs/zh-CN/pricing?tab=1#sound", "pricing", "zh-CN", "sound"),
        (f"https://{OLD}/#/docs/pricing#sound", "pricing", "en-US", "sound"),
        (f"https://{HOST}/docs/en-US/news/v2.5-open-sourced", "news/v2.5-open-sourced", "en-US", ""),
    ],
)
def test_an_address_names_its_page(url: str, path: str, locale: str, anchor: str) -> None:
    found = read_address(url, HOSTS)
    assert found is not None
    assert (found.path, found.locale, found.anchor) == (path, locale, anchor)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/docs/en-US/a",
        f"https://{HOST}.evil.example/docs/en-US/a",
        f"https://{HOST}@evil.example/docs/en-US/a",
        f"https://name@{HOST}/docs/en-US/a",
        f"https://{HOST}:8443/docs/en-US/a",
        f"ftp://{HOST}/docs/en-US/a",
        f"https://{HOST}/docs/",
        f"https://{HOST}/docs/zh-CN/",
        f"https://{HOST}/llms.txt",
        f"https://{HOST}/models/en-US/some-model",
        f"https://{HOST}/docs/en-US/../../console",
        f"https://{HOST}/docs/en-US/%2e%2e/console",
        f"https://{HOST}/docs/en-US/a%1b[31m",
        f"https://{HOST}/docs/en-US/a\\b",
        "https://[::1/docs/en-US/a",
        "",
    ],
)
def test_what_is_no_page_of_these_hosts_is_none(url: str) -> None:
    assert read_address(url, HOSTS) is None


def test_a_page_and_its_raw_text_are_percent_encoded() -> None:
    page = DocAddress(HOST, "tokenplan/Token Plan/Usage&Quota", anchor="what for")
    assert page.page_url == f"https://{HOST}/docs/en-US/tokenplan/Token%20Plan/Usage%26Quota#what%20for"
    assert page.raw_url == f"https://{HOST}/static/docs/tokenplan/Token%20Plan/Usage%26Quota.md"
    assert DocAddress(HOST, "a/b", CHINESE).raw_url == f"https://{HOST}/static/docs/zh-CN/a/b.md"


def test_every_page_of_the_simulated_docs_is_known_by_both_of_its_addresses() -> None:
    for locale, path in shipped().pages:
        page = DocAddress(HOST, path, locale)
        assert read_address(page.page_url, HOSTS) == page
        assert read_address(page.raw_url, HOSTS) == page


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("#prices", DocAddress(HOST, HERE.path, anchor="prices")),
        ("welcome", DocAddress(HOST, "quick-start/summary/welcome")),
        ("./welcome.md#top", DocAddress(HOST, "quick-start/summary/welcome", anchor="top")),
        ("../faq/account", DocAddress(HOST, "quick-start/faq/account")),
        ("/docs/zh-CN/updates/model", DocAddress(HOST, "updates/model", CHINESE)),
        ("/static/docs/updates/model.md", DocAddress(HOST, "updates/model")),
        (f"https://{OLD}/#/docs/welcome", DocAddress(OLD, "welcome")),
        (f"//{HOST}/docs/en-US/a", DocAddress(HOST, "a")),
        ("/console", f"https://{HOST}/console"),
        ("https://elsewhere.example/a b", "https://elsewhere.example/a%20b"),
        ("http://elsewhere.example/", "http://elsewhere.example/"),
        ("mailto:help@example.com", "mailto:help@example.com"),
    ],
)
def test_a_link_leads_to_a_page_or_elsewhere(link: str, leads: DocAddress | str) -> None:
    assert resolve(link, HERE, HOSTS) == leads


def test_a_link_without_a_language_stays_in_the_language_of_its_page() -> None:
    chinese = DocAddress(HOST, HERE.path, CHINESE)
    assert resolve("/docs/updates/model", chinese, HOSTS) == DocAddress(HOST, "updates/model", CHINESE)
    assert resolve("welcome", chinese, HOSTS) == DocAddress(HOST, "quick-start/summary/welcome", CHINESE)


@pytest.mark.parametrize(
    "link",
    [
        "",
        " ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,hello",
        "file:///etc/passwd",
        "vbscript:x",
        "ssh://elsewhere.example",
        "mailto:",
        "https://",
        "https:///path",
        "https://[::1",
        "https://elsewhere.example:99999999/",
        f"https://{HOST}@evil.example/",
        "https://name:word@elsewhere.example/",
        "\\\\evil.example\\share",
        "https://elsewhere.example/\u202etxt.exe",
    ],
)
def test_a_link_that_is_not_safe_leads_nowhere(link: str) -> None:
    assert resolve(link, HERE, HOSTS) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.text("/:#?@.%[]\\ ajdocshtp\t", max_size=30))
def test_no_link_raises_and_what_it_gives_is_safe(link: str) -> None:
    leads = resolve(link, HERE, HOSTS)
    if isinstance(leads, str):
        assert leads.startswith(("https://", "http://", "mailto:"))
    elif leads is not None:
        assert leads.host in HOSTS
        assert read_address(leads.page_url, HOSTS) is not None
    read_address(link, HOSTS)


NOW = tuple(path for locale, path in shipped().pages if locale == "en-US")
RENAMED = {"pricing", "faq", "usage-guide/passing-back-reasoning_content", "integration/codex"}


@pytest.mark.parametrize(
    ("old", "path"), [pair for pair in shipped().old_home.items() if pair[0] not in RENAMED]
)
def test_a_page_of_the_old_tree_is_found_in_the_new_one(old: str, path: str) -> None:
    assert same_page(old, NOW) == path


@pytest.mark.parametrize("old", sorted(RENAMED))
def test_a_page_with_another_name_is_not_guessed(old: str) -> None:
    assert same_page(old, NOW) is None


@pytest.mark.parametrize("gone", NOW)
def test_a_page_that_is_gone_is_not_taken_for_another(gone: str) -> None:
    assert same_page(gone, tuple(path for path in NOW if path != gone)) is None


@pytest.mark.parametrize(
    ("path", "others", "same"),
    [
        ("a/b", ("a/b", "x/a/b"), "a/b"),
        ("updates/model", ("quick-start/summary/model",), None),
        ("model", ("updates/model", "quick-start/summary/model"), None),
        (
            "guides/text/deep-thinking",
            ("quick-start/guide/text/deep-thinking",),
            "quick-start/guide/text/deep-thinking",
        ),
        ("api/audio/tts", ("guides/audio/tts",), None),
        ("a", (), None),
        ("", ("a",), None),
    ],
)
def test_a_page_is_the_same_only_where_it_is_certain(
    path: str, others: tuple[str, ...], same: str | None
) -> None:
    assert same_page(path, others) == same
