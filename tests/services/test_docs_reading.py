"""Reading the documentation that is here: finding a page, showing it, comparing its versions."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import clean
from mimo_tui.services import Services, make_services
from mimo_tui.services.docs.reading import (
    AmbiguousPage,
    NoDocs,
    NoPage,
    NoVersion,
    changed_since,
    contents,
    difference,
    find_page,
    search,
    show,
    show_all,
    versions,
)
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.store.docs_cache import DocsCache, Fetched
from tests.conftest import NOW
from tests.kept_docs import keep

EARLIER = NOW - timedelta(days=3)
MODEL = "quick-start/summary/model"
ERRORS = "api/guidance/error-codes"
DEPRECATIONS = "updates/deprecate"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole documentation, fetched three days ago."""
    file = tmp_path_factory.mktemp("docs") / "docs.sqlite"
    keep(DocsCache(file), shipped(), EARLIER)
    return file


@pytest.fixture
def services(home: Path) -> Services:
    """Services over an empty home: the documentation needs no library."""
    return replace(make_services(home), now=lambda: NOW)


@pytest.fixture
def here(services: Services, kept: Path) -> Services:
    """Services over that documentation."""
    services.places.docs.parent.mkdir(parents=True, exist_ok=True)
    copyfile(kept, services.places.docs)
    return services


def page(path: str, text: str | None, *, outcome: Outcome = Outcome.FOUND, locale: str = "en-US") -> Fetched:
    return Fetched(path, locale, clean(path), clean("https://mimo.mi.com/x.md"), text, outcome=outcome)


def test_on_a_first_start_the_index_is_empty_and_everything_says_how_to_get_it(services: Services) -> None:
    found = contents(services)
    assert (found.sections, found.gone, found.problem) == ((), (), "")
    for call in (
        lambda: find_page(services, "model"),
        lambda: show(services, MODEL),
        lambda: show_all(services),
        lambda: search(services, "token"),
        lambda: difference(services, MODEL),
        lambda: versions(services, MODEL),
    ):
        with pytest.raises(
            NoDocs, match=r"^No documentation is here yet: `mimo-tui docs update` fetches it \(about 2 MB\)"
        ):
            call()
    assert changed_since(services) == ()


def test_the_index_is_grouped_by_its_sections(here: Services) -> None:
    found = contents(here)
    assert [(section.title, section.level) for section in found.sections][:3] == [
        ("Quick Start", 2),
        ("Text Generation", 3),
        ("Multimodal Understanding", 3),
    ]
    assert [each.path for each in found.sections[0].pages][2] == MODEL
    assert (found.state.pages, found.state.simulated, found.problem) == (66, True, "")
    assert {each.locale for section in contents(here, locale="zh-CN").sections for each in section.pages} == {
        "zh-CN"
    }


def test_a_cache_that_cannot_be_used_is_a_problem_of_the_index(here: Services) -> None:
    here.places.docs.write_bytes(b"no database, " * 99)
    assert "is damaged" in contents(here).problem


def test_pages_that_are_gone_stand_apart(here: Services) -> None:
    here.docs.put_pages([page(DEPRECATIONS, None, outcome=Outcome.GONE)], NOW)
    found = contents(here)
    assert [each.path for each in found.gone] == [DEPRECATIONS]
    assert all(each.path != DEPRECATIONS for section in found.sections for each in section.pages)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (MODEL, MODEL),
        (f"/{MODEL}/", MODEL),
        (MODEL.upper(), MODEL),
        ("summary/model", MODEL),
        ("Models", MODEL),
        ("models", MODEL),
        ("error codes", ERRORS),
        ("error-codes", ERRORS),
        ("errors", ERRORS),
        ("prices", "price/pay-as-you-go"),
        ("deprecations", DEPRECATIONS),
        ("quick-access", "tokenplan/Token Plan/quick-access"),
        ("Usage&Quota", "quick-start/faq/token-plan/Usage&Quota"),
        ("https://mimo.mi.com/docs/en-US/quick-start/summary/model", MODEL),
        ("https://mimo.mi.com/docs/quick-start/summary/model#prices", MODEL),
        ("https://mimo.mi.com/static/docs/tokenplan/Token%20Plan/team.md", "tokenplan/Token Plan/team"),
        ("https://platform.xiaomimimo.com/#/docs/quick-start/error-codes", ERRORS),
        ("https://platform.xiaomimimo.com/docs/en-US/updates/deprecate", DEPRECATIONS),
    ],
)
def test_a_page_is_found_by_whatever_a_person_has_of_it(here: Services, name: str, path: str) -> None:
    assert find_page(here, name).path == path


def test_a_translation_is_found_by_its_own_title_its_originals_and_its_address(here: Services) -> None:
    for name in ("模型", "Models", "models", MODEL):
        assert (find_page(here, name, locale="zh-CN").path, find_page(here, name, locale="zh-CN").locale) == (
            MODEL,
            "zh-CN",
        )
    assert find_page(here, f"https://mimo.mi.com/docs/zh-CN/{MODEL}").locale == "zh-CN"


def test_a_name_of_several_pages_lists_them(here: Services) -> None:
    with pytest.raises(AmbiguousPage, match=f"Say which: {MODEL}, updates/model") as caught:
        find_page(here, "model")
    assert [each.path for each in caught.value.candidates] == [MODEL, "updates/model"]


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("error-cods", ERRORS),
        ("deprecat", DEPRECATIONS),
        ("qqqq", None),
        ("", None),
        ("https://elsewhere.example/docs/x", None),
    ],
)
def test_a_name_of_no_page_says_which_are_like_it(here: Services, name: str, close: str | None) -> None:
    with pytest.raises(NoPage, match="No page is called") as caught:
        find_page(here, name)
    assert (close in caught.value.close) if close else caught.value.close == ()


def test_a_name_that_holds_control_codes_or_a_key_is_said_back_without(here: Services) -> None:
    with pytest.raises(NoPage) as caught:
        find_page(here, "\x1b[2J tp-abcdef0123456789")
    assert "\x1b" not in str(caught.value)
    assert "abcdef0123456789" not in str(caught.value)


def test_a_page_that_is_gone_is_found_only_where_no_other_goes_by_that_name(here: Services) -> None:
    here.docs.put_pages([page("updates/model", None, outcome=Outcome.GONE)], NOW)
    assert find_page(here, "model").path == MODEL
    assert find_page(here, "updates/model").outcome is Outcome.GONE


def test_without_a_translation_it_says_how_to_get_it(services: Services) -> None:
    keep(services.docs, shipped(), NOW, only=["updates/model"])
    with pytest.raises(NoDocs, match=r"No page in zh-CN is here yet: `mimo-tui docs update --lang zh-CN`"):
        find_page(services, "models", locale="zh-CN")


def test_a_page_is_shown_with_where_it_came_from_and_how_old_it_is(here: Services) -> None:
    shown = show(here, MODEL)
    assert shown.markdown.title == "Models"
    assert shown.raw == shipped().page(MODEL).text
    assert shown.url == f"https://mimo.mi.com/docs/en-US/{MODEL}"
    assert shown.raw_url == f"https://mimo.mi.com/static/docs/{MODEL}.md"
    assert shown.source == f"mimo.mi.com/static/docs/{MODEL}.md, fetched 2026-11-20"
    assert (shown.simulated, len(shown.versions), shown.digest) == (True, 1, shown.versions[0].digest)


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (page(MODEL, None), "checked 3 h ago, unchanged since 2026-11-20"),
        (page(MODEL, "# Other"), "fetched 3 h ago"),
        (
            page(MODEL, None, outcome=Outcome.UNREACHABLE),
            "fetched 2026-11-20, asked for again 3 h ago: no answer",
        ),
        (page(MODEL, None, outcome=Outcome.WEB_PAGE), "asked for again 3 h ago: a web page instead of text"),
        (page(MODEL, None, outcome=Outcome.GONE), "fetched 2026-11-20, no longer there"),
    ],
)
def test_the_age_of_a_page_says_what_the_last_look_found(here: Services, came: Fetched, says: str) -> None:
    here.docs.put_pages([came], NOW - timedelta(hours=3))
    assert show(here, MODEL).source.endswith(says)


def test_an_old_version_is_shown_by_its_digest_or_the_beginning_of_it(here: Services) -> None:
    here.docs.put_pages([page(MODEL, "# Models\n\nNow.")], NOW)
    new, old = show(here, MODEL).versions
    shown = show(here, MODEL, digest=old.digest[:8])
    assert shown.raw == shipped().page(MODEL).text
    assert (shown.digest, shown.source.endswith(f"the text of {EARLIER.astimezone():%Y-%m-%d %H:%M}")) == (
        old.digest,
        True,
    )
    assert show(here, MODEL, digest=new.digest).raw == "# Models\n\nNow."
    with pytest.raises(
        NoVersion, match=f"no version qq. It has {new.digest[:12]} of 2026-11-23, {old.digest[:12]}"
    ):
        show(here, MODEL, digest="qq")
    with pytest.raises(NoVersion, match="no version"):
        show(here, MODEL, digest=show(here, ERRORS).digest)


def test_a_page_without_a_text_says_how_to_get_it(here: Services) -> None:
    listed = replace(here.docs.pages()[0], path="new/page")
    here.docs.put_index([], [*here.docs.pages(), listed], NOW)
    with pytest.raises(
        NoPage, match=r"is in the index, and its text is not here yet: `mimo-tui docs update`"
    ):
        show(here, "new/page")
    with pytest.raises(NoPage, match="No page is called"):
        show(here, "no/page")


def test_everything_is_one_page_with_each_page_under_its_title(here: Services) -> None:
    shown = show_all(here)
    lines = shown.markdown.text.split("\n")
    assert [heading.anchor for heading in shown.markdown.headings if heading.level == 1] == [
        each.path for each in here.docs.pages()
    ]
    for heading in shown.markdown.headings:
        assert lines[heading.line].startswith("#" * heading.level + " ")
    assert len({heading.anchor for heading in shown.markdown.headings}) == len(shown.markdown.headings)
    assert shown.source == "66 pages of mimo.mi.com/llms.txt, fetched 2026-11-20"
    assert shown.simulated


def test_what_changed_between_the_last_two_versions_is_shown_as_people_read_it(here: Services) -> None:
    assert difference(here, DEPRECATIONS) is None
    text = shipped().page(DEPRECATIONS).text
    here.docs.put_pages([page(DEPRECATIONS, text.replace("2026-10-21 10:00", "2026-10-25 10:00"))], NOW)
    found = difference(here, DEPRECATIONS)
    assert found is not None
    assert {line.mark for line in found.lines} == {"@", " ", "-", "+"}
    assert [line.text for line in found.lines if line.mark == "+"] == [
        "| `mimo-v2.5-pro` | 2026-04-22 | — | 2026-10-25 10:00 | `mimo-v2.6-pro` |",
        "| `mimo-v2.5` | 2026-04-22 | — | 2026-10-25 10:00 | `mimo-v2.6-flash` |",
    ]
    assert (found.old.seen, found.new.seen) == (EARLIER, NOW)


def test_a_change_that_people_never_see_is_shown_in_the_raw_text(here: Services) -> None:
    here.docs.put_pages([page(ERRORS, "# Errors\n\n{/* one */}\n")], NOW)
    here.docs.put_pages([page(ERRORS, "# Errors\n\n{/* two */}\n")], NOW)
    assert (found := difference(here, ERRORS)) is not None
    assert [line.text for line in found.lines if line.mark == "+"] == ["{/* two */}"]


def test_any_two_versions_can_be_compared(here: Services) -> None:
    for word in ("one", "two"):
        here.docs.put_pages([page(ERRORS, word)], NOW)
    two, one, first = versions(here, ERRORS)
    found = difference(here, ERRORS, old=one.digest[:10])
    assert found is not None
    assert [line.text for line in found.lines if line.mark in "+-"] == ["one", "two"]
    assert (back := difference(here, ERRORS, old=two.digest, new=one.digest)) is not None
    assert [line.text for line in back.lines if line.mark in "+-"] == ["two", "one"]
    assert difference(here, ERRORS, new=first.digest) is None
    assert (same := difference(here, ERRORS, old=two.digest)) is not None
    assert same.lines == ()


def test_pages_that_changed_are_listed_the_newest_first_in_every_language(here: Services) -> None:
    assert changed_since(here) == ()
    here.docs.put_pages([page(ERRORS, "new")], NOW)
    here.docs.put_pages([page(MODEL, "新", locale="zh-CN")], NOW + timedelta(hours=1))
    assert [(each.path, each.locale) for each in changed_since(here)] == [(MODEL, "zh-CN"), (ERRORS, "en-US")]
    assert [each.path for each in changed_since(here, NOW)] == [MODEL]


def test_a_search_that_finds_nothing_is_no_lack_of_docs(here: Services) -> None:
    assert search(here, "qqqqq") == ()
    assert {hit.locale for hit in search(here, "模型")} == {"zh-CN"}
    assert search(here, "mimo-v2.5-pro", locale="en-US")
