"""`mimo-tui docs`: what it prints, and what it answers with when something is off."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from mimo_tui.core.text import clean
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.store.docs_cache import DocsCache, Fetched
from mimo_tui.store.places import places
from tests.cli.conftest import Command
from tests.cli.schemas import (
    DOCS_DIFF,
    DOCS_HISTORY,
    DOCS_HITS,
    DOCS_LIST,
    DOCS_PAGE,
    DOCS_UPDATE,
    ERROR,
)
from tests.conftest import NOW
from tests.kept_docs import keep

SIMULATED = "SIMULATED: this documentation comes from the simulated platform, not from MiMo."
DEPRECATIONS = "updates/deprecate"
SOME = (
    "quick-start/summary/model",
    "updates/model",
    DEPRECATIONS,
    "api/guidance/error-codes",
    "price/pay-as-you-go",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pages, fetched three hours ago; one changed an hour ago."""
    file = tmp_path_factory.mktemp("docs") / "docs.sqlite"
    docs = DocsCache(file)
    keep(docs, shipped(), NOW - timedelta(hours=3), only=SOME)
    text = (
        shipped()
        .page(DEPRECATIONS)
        .text.replace("The speech models of V2.5 stay.", "All speech models stay.")
    )
    url = clean("https://mimo.mi.com/llms-full.txt")
    docs.put_pages(
        [Fetched(DEPRECATIONS, "en-US", clean("Deprecations"), url, text, simulated=True)],
        NOW - timedelta(hours=1),
    )
    return file


@pytest.fixture
def docs(home: Path, kept: Path) -> DocsCache:
    """Those pages, in the home of the test."""
    file = places(home).docs
    file.parent.mkdir(parents=True)
    copyfile(kept, file)
    return DocsCache(file)


READING = (
    ("list",),
    ("show", "prices"),
    ("search", "token"),
    ("diff",),
    ("diff", DEPRECATIONS),
    ("history", DEPRECATIONS),
)


@pytest.mark.parametrize("words", READING)
def test_on_a_first_start_every_command_says_how_to_get_the_docs(
    mimo: Command, words: tuple[str, ...]
) -> None:
    answer = mimo("docs", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "No documentation is here yet: `mimo-tui docs update` fetches it (about 2 MB) from mimo.mi.com.\n"
    )
    assert mimo("docs", *words, "--json").document(ERROR)["error"] == {
        "code": 1,
        "message": answer.err.strip(),
        "candidates": [],
    }


@pytest.mark.parametrize("words", READING)
def test_whatever_the_simulated_platform_gave_says_so(
    mimo: Command, docs: DocsCache, words: tuple[str, ...]
) -> None:
    answer = mimo("docs", *words)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == SIMULATED
    assert json.loads(mimo("docs", *words, "--json").out)["simulated"] is True


def test_the_pages_are_listed_with_their_age_and_what_is_new_of_them(mimo: Command, docs: DocsCache) -> None:
    _, titles, *rows, last = mimo("docs").out.splitlines()
    assert titles.split() == ["PAGE", "TITLE", "SECTION", "CHECKED", "NOTE"]
    assert [row.split("  ")[0] for row in rows] == [page.path for page in docs.pages()]
    assert next(row for row in rows if row.startswith(DEPRECATIONS)).split("  ")[-1] == "changed 2026-11-23"
    assert last == "5 pages of mimo.mi.com/llms.txt, checked 3 h ago."
    document = mimo("docs", "list", "--json").document(DOCS_LIST)
    assert document["language"] == "en-US"
    assert mimo("docs", "list", "--lang", "zh-CN", "--json").document(DOCS_LIST)["language"] == "zh-CN"


def test_a_page_is_printed_as_markdown_below_where_it_came_from(mimo: Command, docs: DocsCache) -> None:
    _, source, blank, *text = mimo("docs", "show", "prices").out.splitlines()
    url = "https://mimo.mi.com/docs/en-US/price/pay-as-you-go"
    assert source == f"{url} · from mimo.mi.com/static/docs/price/pay-as-you-go.md, fetched 3 h ago"
    assert (blank, text[0]) == ("", "# Pay as you go")
    assert not any("<" in line for line in text)


def test_a_page_is_printed_as_it_came(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "show", "error-codes", "--raw")
    assert answer.out.strip() == shipped().page("api/guidance/error-codes").text.strip()
    assert answer.err == f"{SIMULATED}\n"


def test_a_page_as_a_document_holds_its_text_and_versions(mimo: Command, docs: DocsCache) -> None:
    page = mimo("docs", "show", DEPRECATIONS, "--json").document(DOCS_PAGE)
    assert (page["form"], page["updated"]) == ("markdown", "2026-09-22")
    raw = mimo("docs", "show", DEPRECATIONS, "--raw", "--json").document(DOCS_PAGE)
    assert (kept := docs.page(DEPRECATIONS)) is not None
    assert raw["text"] == kept.text
    assert [version.digest for version in docs.versions(DEPRECATIONS)] == [
        version["digest"]
        for version in json.loads(mimo("docs", "history", DEPRECATIONS, "--json").out)["versions"]
    ]


def test_an_old_version_is_printed(mimo: Command, docs: DocsCache) -> None:
    old = docs.versions(DEPRECATIONS)[1].digest
    assert "The speech models of V2.5 stay." in mimo("docs", "show", DEPRECATIONS, "--version", old[:12]).out
    answer = mimo("docs", "show", DEPRECATIONS, "--version", "nope")
    assert answer.code == 1
    assert answer.err.startswith("The page has no version nope. It has ")


def test_a_chinese_page_is_printed_in_chinese(mimo: Command, docs: DocsCache) -> None:
    assert "# 模型" in mimo("docs", "show", "models", "--lang", "zh-CN").out
    assert "# Models" in mimo("docs", "show", "models").out


def test_a_name_of_several_pages_lists_the_candidates(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "show", "model")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err == "2 pages are called “model”. Say which: quick-start/summary/model, updates/model.\n"
    error = json.loads(mimo("docs", "show", "model", "--json").out)["error"]
    assert (error["code"], error["candidates"]) == (4, ["quick-start/summary/model", "updates/model"])


def test_a_name_of_no_page_says_which_are_like_it(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "history", "error-cods")
    assert answer.code == 1
    assert answer.err == "No page is called “error-cods”. Did you mean api/guidance/error-codes?\n"
    assert json.loads(mimo("docs", "show", "error-cods", "--json").out)["error"]["candidates"] == [
        "api/guidance/error-codes"
    ]


def test_what_holds_the_words_is_listed_with_page_heading_and_excerpt(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "search", "not", "forwarded")
    _, place, excerpt, *_ = answer.out.splitlines()
    assert place == f"Deprecations › MiMo V2.5, 21 October 2026  ({DEPRECATIONS}, en-US)"
    assert "They are not forwarded" in excerpt
    hits = json.loads(mimo("docs", "search", "FORWARDED", "--json").out)["hits"]
    mimo("docs", "search", "FORWARDED", "--json").document(DOCS_HITS)
    assert {hit["excerpt"][start:end] for hit in hits for start, end in hit["marks"]} <= {
        "forwarded",
        "Forwarded",
    }


def test_a_search_is_in_every_language_or_in_one(mimo: Command, docs: DocsCache) -> None:
    assert {hit["language"] for hit in json.loads(mimo("docs", "search", "mimo", "--json").out)["hits"]} == {
        "en-US",
        "zh-CN",
    }
    assert mimo("docs", "search", "密钥", "--lang", "zh-CN").code == 0
    assert mimo("docs", "search", "密钥", "--lang", "en-US").code == 1


def test_a_search_that_finds_nothing_says_so(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "search", "no such words\x1b[2J")
    assert (answer.code, answer.out, answer.err) == (1, "", "No page holds “no such words␛[2J”.\n")
    answer = mimo("docs", "search", "qqqqq", "--json")
    assert (answer.code, answer.document(DOCS_HITS)["hits"]) == (1, [])


def test_chinese_words_that_are_not_found_say_that_only_english_pages_are_here(
    mimo: Command, home: Path, docs: DocsCache
) -> None:
    both = mimo("docs", "search", "没有这样的词")
    assert (both.code, both.err) == (1, "No page holds “没有这样的词”.\n")
    places(home).docs.unlink()
    keep(docs, shipped(), NOW, only=["quick-start/faq/account"])
    english = mimo("docs", "search", "密钥")
    assert english.code == 1
    assert "`mimo-tui docs update --lang all` fetches the Chinese ones" in english.err


def test_pages_that_changed_are_listed_and_each_shows_what(mimo: Command, docs: DocsCache) -> None:
    _, titles, row, hint = mimo("docs", "diff").out.splitlines()
    assert (titles.split(), row.split()[2:]) == (
        ["CHANGED", "LANGUAGE", "PAGE", "TITLE"],
        ["en-US", DEPRECATIONS, "Deprecations"],
    )
    assert hint == "`mimo-tui docs diff PAGE` shows what changed."
    new, old = docs.versions(DEPRECATIONS)
    lines = mimo("docs", "diff", DEPRECATIONS).out.splitlines()
    assert lines[1].startswith(f"--- {DEPRECATIONS} {old.digest[:12]} of ")
    assert lines[2].startswith(f"+++ {DEPRECATIONS} {new.digest[:12]} of ")
    assert [line for line in lines[3:] if line[0] in "+-"] == [
        "-- The speech models of V2.5 stay.",
        "+- All speech models stay.",
    ]
    back = mimo("docs", "diff", DEPRECATIONS, "--from", new.digest[:9], "--to", old.digest).out.splitlines()
    assert [line for line in back[3:] if line[0] in "+-"] == [
        "-- All speech models stay.",
        "+- The speech models of V2.5 stay.",
    ]


def test_a_page_that_is_gone_is_listed_as_gone(mimo: Command, docs: DocsCache) -> None:
    left = [page for page in docs.pages() if page.path != DEPRECATIONS and page.path != "updates/model"]
    docs.put_index([], left, NOW)
    _, _, *rows, _ = mimo("docs", "diff", "--lang", "en-US").out.splitlines()
    assert [row.split()[0] for row in rows] == ["gone,", "gone,"]  # the one that changed before too, once
    assert {DEPRECATIONS, "updates/model"} <= {word for row in rows for word in row.split()}
    pages = json.loads(mimo("docs", "diff", "--lang", "en-US", "--json").out)["pages"]
    assert {(page["path"], page["outcome"]) for page in pages} == {
        (DEPRECATIONS, "gone"),
        ("updates/model", "gone"),
    }
    answer = mimo("docs", "diff", DEPRECATIONS)
    assert answer.err == f"{DEPRECATIONS} is gone; what is here is its last text.\n"
    assert "+- All speech models stay." in answer.out


def test_changes_as_documents(mimo: Command, docs: DocsCache) -> None:
    listed = mimo("docs", "diff", "--json").document(DOCS_LIST)
    assert isinstance(listed["pages"], list)
    assert len(listed["pages"]) == 1
    assert mimo("docs", "diff", DEPRECATIONS, "--json").document(DOCS_DIFF)["diff"]
    nothing = mimo("docs", "diff", "prices", "--json").document(DOCS_DIFF)
    assert (nothing["old"], nothing["diff"]) == (None, [])
    mimo("docs", "history", "prices", "--json").document(DOCS_HISTORY)


def test_where_nothing_changed_that_is_said(mimo: Command, docs: DocsCache) -> None:
    assert mimo("docs", "diff", "prices").out == (
        "price/pay-as-you-go has one version, so there is nothing to compare.\n"
    )
    assert mimo("docs", "diff", "--lang", "zh-CN").out.splitlines()[1] == (
        "No page has changed since it was first fetched, and none is gone."
    )
    new = docs.versions(DEPRECATIONS)[0].digest
    same = mimo("docs", "diff", DEPRECATIONS, "--from", new, "--to", new)
    assert same.out.splitlines()[1] == "The two versions are the same."
    assert mimo("docs", "diff", "--from", new).code == 2


def test_the_history_of_a_page_lists_its_versions_the_newest_first(mimo: Command, docs: DocsCache) -> None:
    _, titles, *rows = mimo("docs", "history", DEPRECATIONS).out.splitlines()
    assert titles.split() == ["VERSION", "CAME", "BYTES"]
    assert [row.split()[0] for row in rows] == [each.digest[:12] for each in docs.versions(DEPRECATIONS)]


def test_a_damaged_cache_says_what_to_do(mimo: Command, docs: DocsCache, home: Path) -> None:
    places(home).docs.write_bytes(b"no database" * 99)
    for words in (*READING, ("update", "--offline")):
        answer = mimo("docs", *words)
        assert (answer.code, answer.out) == (1, "")
        assert "is damaged. Move it away, then `mimo-tui docs update` fetches everything again." in answer.err


@pytest.mark.parametrize("verb", ["list", "show", "search", "update", "diff", "history"])
def test_an_unknown_language_is_wrong_usage(mimo: Command, verb: str) -> None:
    assert mimo("docs", verb, "--lang", "de-DE").code == 2


def test_an_update_fetches_everything_and_the_next_one_what_changed(
    asks: Command, platform: Platform
) -> None:
    lines = asks("docs", "update").out.splitlines()
    assert lines[:2] == [SIMULATED, "en-US: 66 pages in the index of https://mimo.mi.com/llms.txt."]
    assert lines[2].startswith("66 new, 0 changed, 0 gone, 0 failed; 2 requests, ")
    assert "0 new, 0 changed, 0 gone, 0 failed; 2 requests" in asks("docs", "update").out
    site = shipped()
    platform.site = site.replace(DEPRECATIONS, "# Deprecations\n\nNone.").remove("updates/model")
    answer = asks("docs", "update")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[2:4] == [f"  changed: {DEPRECATIONS}", "  gone: updates/model"]
    assert answer.out.splitlines()[-1] == "`mimo-tui docs diff` shows what changed."
    assert f"changed {NOW:%Y-%m-%d}" in asks("docs", "list").out


def test_an_update_in_all_languages_as_a_document(asks: Command) -> None:
    document = asks("docs", "update", "--lang", "all", "--json").document(DOCS_UPDATE)
    assert document["simulated"] is True
    updates = json.loads(json.dumps(document["updates"]))
    assert [(each["language"], len(each["new"])) for each in updates] == [
        (locale, sum(page.locale == locale for page in shipped().pages.values()))
        for locale in ("en-US", "zh-CN")
    ]
    assert updates[0]["indexes"] == [
        {
            "url": "https://mimo.mi.com/llms.txt",
            "outcome": "found",
            "found_at": "https://mimo.mi.com/llms.txt",
            "reason": None,
        }
    ]


def test_without_an_index_each_address_and_why_is_named(asks: Command, platform: Platform) -> None:
    platform.site = shipped().put("/llms.txt", None)
    answer = asks("docs", "update")
    assert answer.code == 1
    first, one, other, last = answer.err.splitlines()
    assert first == "The index of the documentation was not found:"
    assert one.startswith("  https://mimo.mi.com/llms.txt: ")
    assert other.startswith("  https://platform.xiaomimimo.com/llms.txt: ")
    assert last.startswith("Nothing that is here was lost.")
    update = asks("docs", "update", "--json")
    assert (update.code, len(json.loads(update.out)["updates"][0]["indexes"])) == (1, 2)
    update.document(DOCS_UPDATE)


def test_an_update_while_offline_says_why_it_does_nothing(mimo: Command, docs: DocsCache) -> None:
    answer = mimo("docs", "update", "--offline")
    assert (answer.code, answer.out) == (1, "")
    assert "offline" in answer.err
    assert mimo("docs", "update", "--offline", "--json").document(ERROR)
    assert len(docs.pages()) == 5


HOSTILE = (
    "# \x1b]0;title\x07\u202eevil\n\n"
    "[@click=app.quit]\x1b[31mred\x1b[0m [bold]needle[/bold] \u2066\u200b\x9b2J\x00\n"
)


def test_hostile_text_of_a_page_reaches_no_terminal_raw(
    mimo: Command, docs: DocsCache, look: Callable[[], dict[str, tuple[int, int, bytes]]]
) -> None:
    for number, text in enumerate((HOSTILE, HOSTILE * 2)):
        url = clean("https://mimo.mi.com/x.md")
        docs.put_pages(
            [Fetched("api/bad", "en-US", clean("\x1b[2J\u202e"), url, text)], NOW + timedelta(number)
        )
    before = look()
    for words in (
        ("list",),
        ("show", "api/bad"),
        ("show", "api/bad", "--raw"),
        ("search", "needle"),
        ("search", "\x1b[31mred"),
        ("diff", "api/bad"),
        ("history", "api/bad"),
        ("diff",),
    ):
        for options in ((), ("--json",)):
            answer = mimo("docs", *words, *options)
            assert answer.out
            for line in (answer.out + answer.err).splitlines():
                assert clean(line) == line
    assert look() == before


def test_on_a_terminal_an_update_tells_how_far_it_is(asks: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    told = [part.rstrip() for part in asks("docs", "update").err.split("\r")]
    assert "66 pages in the index …" in told
    assert any(part.startswith("8 of 66: ") for part in told)
    assert max(map(len, told)) <= 29
    assert told[-1] == ""
