"""Docs: fetch the documentation, read, search and follow it, and see what changed; and the page behind a field."""

import re
import webbrowser
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.simulator.site.page import CHINESE
from mimo_tui.tui.doc_spots import EVERYTHING, Spot
from mimo_tui.tui.places import GoTo
from mimo_tui.tui.screens.docs import DocsScreen
from mimo_tui.tui.widgets.doc_tree import DocTree
from mimo_tui.tui.widgets.page_view import PageView
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.journeys.conftest import Open
from tests.journeys.stages import docs, docs_fetched
from tests.journeys.test_edit import go_to
from tests.journeys.walker import Walker, opened
from tests.tui.test_hostile_text import watched

MODELS = "quick-start/summary/model"
DEEP_THINKING = "quick-start/usage-guide/text-generation/deep-thinking"
EVIL = "\x1b]52;c;aGk=\x07 a\u202eb [/foo] [@click=app.bell]x[/] [$slot] \\[x]"


class Browser(webbrowser.BaseBrowser):
    """Notes what it is told to open."""

    def __init__(self) -> None:
        super().__init__("noting")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """The person's browser."""
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    return browser


def screen(walker: Walker) -> DocsScreen:
    shown = walker.app.screen
    assert isinstance(shown, DocsScreen)
    return shown


def heading(walker: Walker) -> str:
    """The title above the page."""
    head = screen(walker).head.head
    return head.title if head is not None else ""


def flat(walker: Walker) -> str:
    """What the screen shows, as one line."""
    return " ".join(walker.text.split())


async def read(walker: Walker, path: str) -> None:
    """Open a page by the index."""
    tree = screen(walker).query_one(DocTree)
    tree.focus()
    tree.reveal(path)
    await walker.press("enter")
    await walker.until(lambda: (spot := screen(walker).spot) is not None and spot.path == path)


async def follow(walker: Walker, href: str) -> None:
    """Follow a link of the page. That a click leads there is tested with the page's own view."""
    screen(walker).view.post_message(PageView.LinkClicked(href))
    await walker.pilot.pause()


def changed(text: str, site: Site | None = None) -> Site:
    """The site with another text of the page on models."""
    site = site or shipped()
    return site.replace(MODELS, site.page(MODELS).text.replace("# Models\n", f"# Models\n\n{text}\n", 1))


async def test_at_first_nothing_is_here_and_the_screen_says_what_fetches_it_and_from_where(
    open_app: Open, platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await docs(walker)
        await walker.until("ctrl+r")
        assert "https://mimo.mi.com/llms-full.txt" in walker.text
        assert "about 2 MB" in walker.text
        await walker.press("down", "up", "enter")
        await walker.until(lambda: heading(walker) == "Models: what is known")
        assert platform.log == ()
    async with open_app(size=(80, 24), offline=True) as walker:
        await walker.press("3")
        await walker.until("The program is offline")


async def test_fetched_once_it_is_read_searched_and_followed_without_a_request(
    open_app: Open, platform: Platform, browser: Browser
) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs_fetched(walker)
        await walker.told("Fetched | 66 pages are here now")
        await walker.until("Where to begin")
        assert walker.text.count("SIMULATED") >= 2
        assert not any(entry.changed for entry in screen(walker).beside.pages.entries)
        asked = len(platform.log)

        screen(walker).view.focus()
        await walker.press("tab", "enter")
        await walker.until(lambda: heading(walker) == "First API Call")
        await read(walker, MODELS)
        await walker.until("mimo.mi.com/llms-full.txt, fetched")
        await walker.until("All models")
        await walker.press("t")
        await walker.until("What each can do")
        screen(walker).beside.outline.move_to(
            next(each.anchor for each in screen(walker).beside.outline.headings if each.title == "Which one")
        )
        await walker.press("enter")
        await walker.until(lambda: screen(walker).view.has_focus)

        await follow(walker, "/docs/en-US/api/chat/openai-api#errors")
        await walker.until(lambda: heading(walker) == "OpenAI API")
        await follow(walker, "https://platform.xiaomimimo.com/#/docs/quick-start/summary/first-api-call")
        await walker.until(lambda: heading(walker) == "First API Call")
        for key, title in (("[", "OpenAI API"), ("backspace", "Models"), ("]", "OpenAI API")):
            await walker.press({"[": "left_square_bracket", "]": "right_square_bracket"}.get(key, key))
            await walker.until(lambda: heading(walker) == title)  # noqa: B023 it is awaited here

        await follow(walker, "https://github.com/XiaomiMiMo/?a=" + "x" * 90)
        await walker.on("AskAddress")
        await walker.until("leads to github.com")
        assert sum(map(len, re.findall("x{5,}", walker.text))) == 90  # the whole of it, in two lines
        await walker.press("escape")
        await walker.on("DocsScreen")
        assert browser.opened == []
        await follow(walker, "https://github.com/XiaomiMiMo")
        await walker.on("AskAddress")
        await walker.press("enter")
        await walker.until(lambda: browser.opened == ["https://github.com/XiaomiMiMo"])
        for unsafe in ("javascript:alert(1)", "file:///etc/passwd", "https://me:word@mimo.mi.com/docs/x"):
            await follow(walker, unsafe)
            await walker.told(f"This link leads to: {unsafe}")
        await walker.press("o")
        await walker.until(
            lambda: browser.opened[1:] == ["https://mimo.mi.com/docs/en-US/api/chat/openai-api"]
        )
        await walker.press("y")
        await walker.told("Copied | Handed")
        assert walker.app.clipboard == browser.opened[1]
        assert len(platform.log) == asked


async def test_a_search_shows_its_hits_as_one_types_in_english_and_in_chinese(
    open_app: Open, platform: Platform
) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs_fetched(walker)
        await walker.press("l")
        await walker.until("No page is here in 中文 yet")
        await walker.press("ctrl+r")
        await walker.until(lambda: screen(walker).is_fetching)
        await walker.until(lambda: not screen(walker).is_fetching)
        await walker.until(lambda: "No page is here" not in walker.text)
        chinese = [file for locale, file in shipped().pages if locale == CHINESE]
        tree = screen(walker).beside.pages
        assert sum(not (entry.is_section or entry.absent) for entry in tree.entries) == len(chinese) + 2
        # The first page opens by itself, and takes the cursor of the index with it.
        await walker.until(lambda: heading(walker) == "欢迎")
        await read(walker, "updates/deprecate")
        await walker.until(lambda: heading(walker) == "下线计划")
        asked = len(platform.log)
        await walker.press("l")
        await walker.until(lambda: heading(walker) == "Deprecations")

        await walker.press("slash")
        await walker.write("offli")
        await walker.until("Deprecations ›")
        await walker.write("xxx")
        await walker.until("No page holds “offlixxx”")
        await walker.press("escape")
        await walker.until(lambda: screen(walker).beside.face == "index")
        await walker.press("slash")
        await walker.paste("下线")
        await walker.until("中文 下线计划")
        await walker.press("down", "enter")
        await walker.until(lambda: screen(walker).view.has_focus)
        await walker.until(lambda: (spot := screen(walker).spot) is not None and spot.find == "下线")
        assert screen(walker).spot.locale == CHINESE  # type: ignore[union-attr]
        await walker.press("n", "N", "escape")
        await walker.until(lambda: screen(walker).beside.hits.has_focus)
        await walker.press("escape")
        await walker.until(lambda: screen(walker).beside.pages.has_focus)
        assert len(platform.log) == asked


async def test_what_changed_is_marked_told_and_compared_and_what_one_reads_stays(
    open_app: Open, platform: Platform
) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs_fetched(walker)
        await read(walker, MODELS)
        await walker.until("All models")
        view = screen(walker).view
        view.focus()
        await walker.press("pagedown")
        await walker.until(lambda: view.scroll_y > 0)
        place = view.scroll_y
        platform.site = changed("A sentence that is new.").remove(DEEP_THINKING)
        await walker.press("ctrl+r")
        await walker.told("1 page changed: model. 1 page gone: deep-thinking")
        await walker.until("• Models")
        tree = screen(walker).beside.pages
        await walker.until(lambda: tree.entries[-1].title == "Deep Thinking")
        assert "A sentence that is new." not in walker.text
        assert view.scroll_y == place
        await walker.until("A newer text of this page came")
        await walker.press("r")
        await walker.until(lambda: "A newer text" not in walker.text)
        await walker.press("home")
        await walker.until("A sentence that is new.")
        assert "A newer text" not in walker.text

        await walker.press("d")
        await walker.on("DocHistoryScreen")
        await walker.until("+ A sentence that is new.")
        await walker.press("down")
        await walker.until("This is the oldest version.")
        await walker.press("escape")
        platform.site = changed("Another one.")
        await walker.press("ctrl+r")
        await walker.until("A newer text of this page came")
        await walker.press("r")
        await walker.until("Another one.")
        await walker.press("h")
        await walker.on("DocHistoryScreen")
        await walker.until("- A sentence that is new.")
        await walker.press("end", "space", "home")
        await walker.until("compared with")
        await walker.until(lambda: "+ Another one." in walker.text and "- A sentence" not in walker.text)
        await walker.press("end", "enter")
        await walker.on("DocsScreen")
        await walker.until("An old version of 2026-11-23")
        assert "Another one." not in walker.text
        await walker.press("r")
        await walker.until("Another one.")


async def test_a_mark_stays_until_the_page_is_opened_or_a_fetch_finds_it_unchanged(
    demo: Services, platform: Platform
) -> None:
    hours = count()
    demo = replace(demo, now=lambda: NOW + timedelta(hours=next(hours)))
    feature = "updates/feature"
    async with opened(demo, (110, 30)) as walker:
        await docs_fetched(walker)
        tree = screen(walker).beside.pages

        def marked() -> set[str]:
            return {entry.key for entry in tree.entries if entry.changed}

        async def fetch() -> None:
            await walker.press("ctrl+r")
            await walker.until(lambda: screen(walker).is_fetching)
            await walker.until(lambda: not screen(walker).is_fetching)

        site = shipped()
        platform.site = changed("New.", site.replace(feature, site.page(feature).text + "\nAlso new.\n"))
        await fetch()
        await walker.until(lambda: marked() == {MODELS, feature})
        await read(walker, MODELS)
        await walker.until(lambda: marked() == {feature})
        await walker.press("l")
        await walker.until("No page is here in 中文 yet")
        assert not marked()
        await walker.press("l")
        await walker.until(lambda: marked() == {feature})
        await fetch()
        await walker.until(lambda: not marked())
        assert all(toast.timeout <= 6 for toast in walker.app._notifications)
    async with opened(demo, (110, 30)) as walker:
        await docs_fetched(walker)
        assert not any(entry.changed for entry in screen(walker).beside.pages.entries)


async def test_nothing_of_a_search_is_left_where_it_does_not_belong(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await docs_fetched(walker)
        here = screen(walker)

        def is_clear() -> bool:
            marks = [spot.find for spot in (*here._trail.behind, here.spot, *here._trail.ahead) if spot]
            none_left = not any(marks) and here.view.hits == (0, 0)
            return none_left and not here.search_input.value and here.beside.face == "index"

        async def hit(words: str) -> None:
            await walker.press("slash")
            here.search_input.value = ""
            await walker.paste(words)
            await walker.until(lambda: here.beside.hits.hits)
            await walker.press("enter")
            await walker.until(lambda: here.view.has_focus and here.spot and here.spot.find == words)
            await walker.until(lambda: here.view.hits[1])

        # Escape, from the page to the hits and on, takes the words, the hits and the marks away.
        await hit("cluster")
        await walker.until(lambda: "n Next hit" in walker.lines[-1] and "esc Back" in walker.lines[-1])
        await walker.press("escape")
        await walker.until(lambda: "esc Clear" in walker.lines[-1])
        await walker.press("escape")
        await walker.until(is_clear)
        await walker.until(lambda: "Next hit" not in walker.lines[-1])

        # A heading is gone to, not the hit after it; other words take the marks off, also on the way back.
        await hit("token")
        await walker.press("t")
        outline = here.beside.outline
        outline.move_to(outline.headings[-1].anchor)
        await walker.press("enter")
        await walker.until(lambda: here.view.has_focus)
        assert here.view.hits[1]
        await follow(walker, f"/docs/en-US/{MODELS}")
        await walker.until(lambda: heading(walker) == "Models")
        await walker.press("left_square_bracket")
        await walker.until(lambda: here.spot and here.spot.find == "token")
        await walker.press("slash")
        await walker.paste("qqqqq")
        await walker.until("No page holds")
        assert here.view.hits == (0, 0)
        # What was not found is no reason to come out at the index with the words still there.
        await walker.press("tab")
        here.view.focus()
        await walker.press("t", "escape")
        assert here.beside.face == "hits"
        await walker.press("escape")
        await walker.until(is_clear)

        # Another language labels the hits anew, and leads back to where one was.
        await hit("cluster")
        place = here.view.scroll_y
        await walker.press("l")
        told = "No page is here in 中文 yet: ctrl+r fetches those that there are; l goes back."
        await walker.until(lambda: told in flat(walker))
        assert "Not opened" not in walker.toasts
        assert all(line.language == "English" for line in here.beside.hits.hits)
        await walker.press("l")
        await walker.until(lambda: "No page is here" not in walker.text)
        assert not any(line.language for line in here.beside.hits.hits)
        assert (here.view.scroll_y, bool(here.view.hits[1])) == (place, True)

        # Who comes from another place comes to a page, not to the hits of a search.
        await walker.press("1")
        await walker.on("PresetsScreen")
        walker.app.screen.post_message(GoTo("docs", spot=Spot(MODELS)))
        await walker.on("DocsScreen")
        await walker.until(lambda: heading(walker) == "Models" and here.view.has_focus)
        await walker.until(is_clear)

        await walker.press("slash")
        await walker.paste("密钥")
        await walker.until(lambda: "l, then ctrl+r, fetches the Chinese ones" in flat(walker))


async def test_what_is_searched_for_while_nothing_is_here_is_found_once_it_is(open_app: Open) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs(walker)
        await walker.press("slash")
        await walker.paste("cluster")
        await walker.until("No documentation is here yet:")
        await walker.press("ctrl+r")
        await walker.until("FAQ: Token Plan ›")


async def test_everything_is_one_page_from_the_first_to_the_last(open_app: Open) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs_fetched(walker)
        await walker.until("Where to begin")
        await read(walker, EVERYTHING)
        await walker.until("66 pages of")
        await walker.until("# Welcome")
        screen(walker).view.focus()
        last = shipped().sections[-1].paths[-1]
        end = shipped().page(last).text.split("\n\n")[-3].split("\n")[-1][-20:]
        await walker.until(lambda: screen(walker).view.go_to(last) and end in walker.text)
        await walker.until(lambda: screen(walker).beside.outline.headings[-1].anchor.startswith(last))


async def test_another_place_leads_to_a_page_and_a_part_of_it(open_app: Open) -> None:
    async with open_app(size=(110, 30)) as walker:
        await docs_fetched(walker)
        await walker.press("1")
        await walker.on("PresetsScreen")
        walker.app.screen.post_message(GoTo("docs", spot=Spot("price/token-plan", anchor="at-night")))
        await walker.on("DocsScreen")
        await walker.until(lambda: heading(walker) == "Token Plan")
        await walker.until("0.8 of that")  # far down, and in sight
        await walker.press("1")
        await walker.on("PresetsScreen")
        walker.app.screen.post_message(GoTo("docs", spot=Spot("no/such/page")))
        await walker.told("Not opened", "no/such/page")
        assert heading(walker) == "Token Plan"


async def test_a_slow_fetch_is_stopped_and_one_reads_on_meanwhile(open_app: Open, platform: Platform) -> None:
    async with open_app(size=(80, 24)) as walker:
        await docs_fetched(walker)
        await read(walker, MODELS)
        platform.put_fault("hang", path="/llms-full.txt", always=True)
        await walker.press("ctrl+r")
        await walker.until("escape stops")
        await walker.until("esc Stop")
        await walker.press("b")
        await walker.until("All models")
        await walker.press("escape")
        await walker.told("Stopped")
        await walker.until(lambda: "escape stops" not in walker.text)
        platform.clear_faults()
        platform.put_fault("status=503", always=True)
        await walker.press("ctrl+r")
        await walker.told("Not fetched | No index was found, so what was here stays.")
        await walker.until("All models")


async def test_offline_and_with_a_damaged_cache_the_screen_says_so(open_app: Open, demo: Services) -> None:
    async with open_app(size=(80, 24)) as walker:
        await docs_fetched(walker)
    offline = replace(demo, connect=lambda: Client(demo.catalogue, Network(offline=True)))
    async with opened(offline, (80, 24), offline=True) as walker:
        await walker.press("3")
        await walker.until(lambda: walker.screen == "DocsScreen" and heading(walker) == "Welcome")
        await walker.press("ctrl+r")
        await walker.told("Not fetched | Nothing is fetched while the program is offline.")
    demo.places.docs.write_bytes(b"no database" * 1000)
    async with open_app(size=(80, 24)) as walker:
        await walker.press("3")
        await walker.until(
            lambda: "docs.sqlite, the documentation that was fetched, is damaged" in flat(walker)
        )
        await walker.until("The documentation cannot be read")


async def test_f1_on_a_field_opens_the_page_behind_it_and_the_draft_stays(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.press("tab")
        await walker.paste("Drafts")
        await walker.press("f1")
        await walker.on("DocPageScreen")
        await walker.until(lambda: "Lingtai's schema of presets (lingtai-presets.md §2)" in flat(walker))
        await walker.press("escape")
        await walker.on("EditorScreen")
        await go_to(walker, "model")
        await walker.press("f1")
        await walker.on("DocPageScreen")
        await walker.until("No documentation is here yet")
        await walker.until("What is known without it")
        await walker.press("f1")
        await walker.on("EditorScreen")
        await walker.until("1 change")
        await walker.press("escape", "end", "enter")
        await walker.on("PresetsScreen")

        await docs_fetched(walker)
        await walker.press("1")
        await walker.open("mimo-1", "enter", "EditorScreen")
        for field, title in (("base_url", "Quick Access"), ("slot", "First API Call"), ("model", "Models")):
            await go_to(walker, field)
            await walker.press("f1")
            await walker.on("DocPageScreen")
            await walker.until(title)
            await walker.until("mimo.mi.com/llms-full.txt, fetched")
            await walker.press("escape")
            await walker.on("EditorScreen")


async def test_a_hostile_page_is_shown_as_it_is_and_does_nothing(open_app: Open, platform: Platform) -> None:
    evil = shipped().replace(
        MODELS,
        f"# Title {EVIL}\n\n## Heading {EVIL}\n\nText {EVIL}\n\n| a {EVIL} | b |\n|--|--|\n| {EVIL} | c |\n",
    )
    platform.site = evil
    with watched() as raw:
        async with open_app(size=(160, 40)) as walker:
            await docs_fetched(walker)
            await read(walker, MODELS)
            await walker.until(lambda: "[@click=app.bell]x[/]" in heading(walker))
            await walker.press("t")
            await walker.until("Heading ␛]52")
            await walker.press("escape", "h")
            await walker.on("DocHistoryScreen")
            await walker.until("Versions of Title ␛]52")
            await walker.press("escape", "slash")
            await walker.paste(f"click=app {EVIL[:1]}")
            await walker.press("escape", "slash")
            await walker.paste("click=app")
            await walker.until(lambda: screen(walker).beside.hits.hits)
            await walker.press("enter")
            await walker.until(lambda: screen(walker).view.has_focus)
    assert not raw, f"reached the terminal: {raw}"
