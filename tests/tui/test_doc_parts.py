"""The parts of the Docs screen by themselves: the way back, the tree of sections, the lines of a hit, the browser."""

import webbrowser

import pytest
from textual.app import App, ComposeResult

from mimo_tui.core.fields import field
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.tui.browsing import open_in_browser
from mimo_tui.tui.doc_fields import AskedField, field_page
from mimo_tui.tui.doc_spots import MODELS, Spot, Trail
from mimo_tui.tui.widgets.doc_tree import DocEntry, DocTree
from mimo_tui.tui.widgets.search_hits import FoundLine, SearchHits
from tests.conftest import NOW
from tests.kept_docs import keep
from tests.tui.screen_text import screen_lines, wait_until

ONE, TWO, THREE = Spot("one"), Spot("two"), Spot("three")


def test_the_way_back_leads_to_where_one_had_read_to_and_a_new_way_ends_the_one_ahead() -> None:
    trail = Trail().to(ONE).at("far-down").to(TWO).to(THREE)
    back = trail.back().back()
    assert back.here == Spot("one", anchor="far-down")
    assert back.back() == back
    assert back.forward().forward() == trail
    assert trail.forward() == trail
    assert back.to(THREE).ahead == ()
    assert trail.to(THREE) == trail
    assert Trail().at("x") == Trail()


def test_on_a_way_no_other_words_are_marked_than_those_that_are_searched_for() -> None:
    cat, dog = Spot("one", find="cat"), Spot("two", find="dog")
    trail = Trail().to(cat).to(THREE).to(dog).back()
    assert trail.marking("cat") == Trail((cat,), THREE, (TWO,))
    assert trail.marking("") == Trail((ONE,), THREE, (TWO,))
    assert Trail().marking("cat") == Trail()


@pytest.mark.parametrize(
    ("name", "value", "title", "found"),
    [
        ("base_url", "https://api.xiaomimimo.com/v1", "First API Call", "https://api.xiaomimimo.com/v1"),
        ("base_url", "https://token-plan-sgp.xiaomimimo.com/v1", "Quick Access", "https://token-plan-sgp"),
        ("base_url", "http://localhost:8080", "First API Call", "base URL"),
        ("api_compat", "anthropic", "First API Call", "anthropic"),
        ("api_compat", "", "First API Call", "base URL"),
    ],
)
def test_the_page_behind_an_address_is_the_one_on_which_it_stands(
    services: Services, name: str, value: str, title: str, found: str
) -> None:
    asked = field(name)
    assert asked is not None
    unread = field_page(services, AskedField(asked, value, "mimo-v2.6-pro"))
    assert "https://api.xiaomimimo.com/anthropic" in unread.markdown.text
    paths = ("quick-start/summary/first-api-call", "tokenplan/Token Plan/quick-access")
    keep(services.docs, shipped(), NOW, only=paths)
    opened = field_page(services, AskedField(asked, value, "mimo-v2.6-pro"))
    assert (opened.head.title, opened.spot.find.startswith(found)) == (title, True)


def test_a_long_way_is_forgotten_at_its_far_end() -> None:
    trail = Trail()
    for number in range(500):
        trail = trail.to(Spot(str(number)))
    assert len(trail.behind) == 200
    assert trail.behind[-1] == Spot("498")


def test_a_page_of_ours_and_another_version_are_other_texts() -> None:
    assert Spot(MODELS).is_ours
    assert not ONE.is_ours
    assert ONE.same_text(Spot("one", anchor="a", find="b"))
    assert not ONE.same_text(Spot("one", "zh-CN"))
    assert not ONE.same_text(Spot("one", digest="ab"))


ENTRIES = (
    DocEntry(":models", clean("Models")),
    DocEntry(":section 0", clean("Start"), is_section=True),
    DocEntry("a", clean("A"), 1, changed=True),
    DocEntry(":section 1", clean("Inner [/foo]"), 1, is_section=True),
    DocEntry("b", clean("B"), 2, absent=True),
    DocEntry(":section 2", clean("Last"), is_section=True),
    DocEntry("c", clean("C"), 1),
)


class Parts(App[None]):
    def __init__(self, part: DocTree | SearchHits) -> None:
        super().__init__()
        self.part = part

    def compose(self) -> ComposeResult:
        yield self.part


async def test_a_section_closes_with_all_that_is_in_it_and_opens_for_a_page_that_is_shown() -> None:
    tree = DocTree()
    async with Parts(tree).run_test(size=(40, 12)) as pilot:
        tree.entries = ENTRIES
        tree.focus()
        await pilot.pause()
        shown = "\n".join(screen_lines(pilot.app))
        assert "• A" in shown
        assert "-     B" in shown
        assert "▾ Inner [/foo]" in shown
        tree.reveal("b")
        await pilot.press("left", "left")
        assert [row.key for row in tree.rows] == [
            ":models",
            ":section 0",
            "a",
            ":section 1",
            ":section 2",
            "c",
        ]
        assert tree.chosen == ENTRIES[3]
        tree.toggle(":section 0")
        assert [row.key for row in tree.rows] == [":models", ":section 0", ":section 2", "c"]
        tree.reveal("b")
        await pilot.pause()
        assert tree.chosen == ENTRIES[4]
        assert len(tree.rows) == len(ENTRIES)
        await pilot.click(DocTree, offset=(5, 1))
        assert tree.chosen == ENTRIES[0]


async def test_a_hit_shows_its_words_also_where_they_stand_late_in_the_excerpt() -> None:
    excerpt = (
        "nothing of it here, and on and on it goes, until the word that was meant: Zebra, and more to it"
    )
    at = excerpt.index("Zebra")
    late = FoundLine(clean("Page"), clean("Heading"), clean(excerpt), ((at, at + 5),), clean("中文"))
    hits = SearchHits()
    async with Parts(hits).run_test(size=(34, 9)) as pilot:
        hits.hits = (late, FoundLine(clean("Other"), clean(""), clean("[/foo] x"), ()))
        hits.focus()
        await wait_until(pilot, lambda: "Other" in "\n".join(screen_lines(pilot.app)))
        lines = screen_lines(pilot.app)
        assert lines[0] == "› 中文 Page › Heading"
        assert "Zebra" in lines[1] + lines[2]
        assert lines[3:5] == ["  Other", "  [/foo] x"]
        await pilot.press("end")
        assert hits.cursor == 1
        hits.hits = ()
        hits.empty = "No page holds it."
        await wait_until(pilot, lambda: "No page holds it." in "\n".join(screen_lines(pilot.app)))


@pytest.mark.parametrize(
    ("browser", "url", "opens"),
    [
        ("firefox", "https://mimo.mi.com/", True),
        ("firefox", "mailto:somebody@example.com", True),
        ("firefox", "javascript:alert(1)", False),
        ("firefox", "file:///etc/passwd", False),
        ("/usr/bin/w3m", "https://mimo.mi.com/", False),
        ("", "https://mimo.mi.com/", False),
    ],
)
async def test_only_safe_addresses_go_to_the_browser_and_only_to_one_with_a_window(
    monkeypatch: pytest.MonkeyPatch, browser: str, url: str, opens: bool
) -> None:
    opened = []

    class Noting(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    def get() -> webbrowser.BaseBrowser:
        if not browser:
            raise webbrowser.Error("none")
        return Noting(browser)

    monkeypatch.setattr(webbrowser, "get", get)
    app = Parts(DocTree())
    async with app.run_test(notifications=True) as pilot:
        await open_in_browser(app, url)
        await pilot.pause()
        told = [(note.title, url in note.message) for note in app._notifications]
    assert opened == ([url] if opens else [])
    assert told == ([] if opens else [("Not opened", True)])
