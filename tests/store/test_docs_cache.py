"""The documentation that is kept: what comes back of it, and what a file that cannot be used says."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.store import docs_file, sqlite_file
from mimo_tui.store.docs_cache import CacheProblem, CacheState, DocsCache, Fetched, Listed

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
LATEST = AT + timedelta(days=2)
INDEX = clean("https://docs.example/llms.txt")
ROOT = Path(__file__).parents[2]


def listed(path: str, title: str = "", *, locale: str = "en-US", section: str = "Start") -> Listed:
    return Listed(
        path,
        locale,
        clean(title or path),
        clean(section),
        2,
        clean(f"https://docs.example/docs/{locale}/{path}"),
        clean(f"https://docs.example/static/{path}.md"),
    )


def came(path: str, text: str | None, *, outcome: Outcome = Outcome.FOUND, etag: str = "") -> Fetched:
    url = clean(f"https://docs.example/static/{path}.md")
    return Fetched(path, "en-US", clean(path), url, text, etag=etag, outcome=outcome)


def seen(outcome: Outcome = Outcome.FOUND, *, simulated: bool = False) -> IndexSeen:
    found = INDEX if outcome is Outcome.FOUND else NOTHING
    reason = NOTHING if found else clean("why not")
    return IndexSeen(INDEX, outcome, AT, found, reason, simulated=simulated)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "docs.sqlite"


@pytest.fixture
def cache(path: Path) -> DocsCache:
    """A cache with two pages in its index, both with a text."""
    made = DocsCache(path)
    made.put_index([seen()], [listed("a/model", "Models"), listed("price", "Prices")], AT)
    made.put_pages([came("a/model", "# Models\n\nFirst."), came("price", "# Prices\n\nDear.")], AT)
    return made


def outcomes(cache: DocsCache, locale: str = "en-US") -> dict[str, Outcome]:
    return {page.path: page.outcome for page in cache.pages(locale)}


def test_before_the_first_fetch_nothing_is_here_and_nothing_is_made(path: Path) -> None:
    cache = DocsCache(path)
    assert cache.state() == CacheState()
    assert (cache.pages(), cache.versions("a"), cache.search("a"), cache.search("word")) == ((), (), (), ())
    assert (cache.page("a"), cache.version("0" * 64), cache.validators("index")) == (None, None, ("", ""))
    assert not path.parent.exists()


def test_what_was_fetched_comes_back_as_it_was(cache: DocsCache, path: Path) -> None:
    kept = DocsCache(path).page("a/model")
    assert kept is not None
    digest = sha256(b"# Models\n\nFirst.").hexdigest()
    assert (kept.text, kept.digest, kept.simulated) == ("# Models\n\nFirst.", digest, False)
    assert kept.came_from == "https://docs.example/static/a/model.md"
    assert kept.listed == replace(listed("a/model", "Models"), fetched=AT, checked=AT)
    assert [(each.digest, each.seen, each.size) for each in cache.versions("a/model")] == [(digest, AT, 16)]
    assert cache.version(digest) == kept.text
    assert cache.state() == CacheState((seen(),), INDEX, AT, AT, 2, 2, 31)


def test_pages_are_in_the_order_of_the_index(cache: DocsCache) -> None:
    cache.put_index([seen()], [listed("price"), listed("new"), listed("a/model")], LATER)
    assert [page.path for page in cache.pages()] == ["price", "new", "a/model"]
    assert cache.state().with_text == 2


def test_only_a_text_that_is_new_or_different_is_told_of(cache: DocsCache) -> None:
    again = [came("a/model", "# Models\n\nFirst."), came("price", "# Prices\n\nCheap."), came("new", "x")]
    assert cache.put_pages(again, LATER) == ("price", "new")
    assert [page.changed for page in cache.pages()] == [None, LATER, None]
    assert [page.fetched for page in cache.pages()] == [LATER, LATER, LATER]


def test_an_answer_that_nothing_changed_renews_only_when_it_was_checked(cache: DocsCache) -> None:
    before = cache.page("a/model")
    assert cache.put_pages([came("a/model", None)], LATER) == ()
    after = cache.page("a/model")
    assert before is not None
    assert after is not None
    assert after == replace(before, listed=replace(before.listed, checked=LATER))


def test_every_version_is_kept_and_one_that_comes_back_is_the_newest(cache: DocsCache) -> None:
    for day, text in enumerate(("two", "# Prices\n\nDear.", "three")):
        cache.put_pages([came("price", text)], LATER + timedelta(days=day))
    texts = [cache.version(each.digest) for each in cache.versions("price")]
    assert texts == ["three", "# Prices\n\nDear.", "two", "# Prices\n\nDear."]
    assert [each.seen for each in cache.versions("price")] == [
        LATER + timedelta(days=2),
        LATER + timedelta(days=1),
        LATER,
        AT,
    ]


def test_versions_stay_in_their_order_when_the_clock_goes_back(cache: DocsCache) -> None:
    cache.put_pages([came("price", "new")], AT - timedelta(days=9))
    assert cache.version(cache.versions("price")[0].digest) == "new"


def test_a_page_that_is_gone_keeps_its_text_and_stands_last(cache: DocsCache) -> None:
    cache.put_pages([came("a/model", None, outcome=Outcome.GONE)], LATER)
    assert outcomes(cache) == {"price": Outcome.FOUND, "a/model": Outcome.GONE}
    assert (kept := cache.page("a/model")) is not None
    assert kept.text == "# Models\n\nFirst."


def test_a_page_that_did_not_answer_keeps_its_text_and_says_so(cache: DocsCache) -> None:
    cache.put_pages([came("a/model", None, outcome=Outcome.UNREACHABLE)], LATER)
    page = cache.pages()[0]
    assert (page.path, page.outcome, page.fetched, page.checked) == (
        "a/model",
        Outcome.UNREACHABLE,
        AT,
        LATER,
    )


def test_a_page_that_the_index_dropped_is_gone_and_one_that_returns_is_not(cache: DocsCache) -> None:
    cache.put_index([seen()], [listed("price")], LATER)
    assert outcomes(cache) == {"price": Outcome.FOUND, "a/model": Outcome.GONE}
    assert cache.state().pages == 1
    cache.put_index([seen()], [listed("a/model"), listed("price")], LATEST)
    assert outcomes(cache) == {"a/model": Outcome.FOUND, "price": Outcome.FOUND}


def test_without_an_index_the_old_one_stays_and_why_is_known(cache: DocsCache) -> None:
    cache.put_index([seen(Outcome.WEB_PAGE)], None, LATER)
    state = cache.state()
    assert state.indexes == (seen(Outcome.WEB_PAGE),)
    assert (state.found_at, state.fetched, state.checked, state.pages) == (INDEX, AT, AT, 2)
    assert set(outcomes(cache).values()) == {Outcome.FOUND}


def test_an_index_that_did_not_change_was_checked(cache: DocsCache) -> None:
    cache.put_index([seen()], None, LATER)
    assert (cache.state().fetched, cache.state().checked) == (AT, LATER)


def test_what_the_simulated_platform_gave_says_so(cache: DocsCache) -> None:
    cache.put_index([seen(simulated=True)], None, LATER)
    cache.put_pages([replace(came("price", "x"), simulated=True)], LATER)
    assert cache.state().simulated
    assert [page is not None and page.simulated for page in map(cache.page, ("price", "a/model"))] == [
        True,
        False,
    ]


def test_a_translation_has_the_place_of_its_original_and_its_own_title(cache: DocsCache) -> None:
    for name in ("price", "a/model"):
        cache.put_translation(listed(name, locale="zh-CN"))
    chinese = replace(came("price", "# 价格\n\n很贵。"), locale="zh-CN")
    assert cache.put_pages([chinese], LATER) == ("price",)
    assert [(page.path, page.title) for page in cache.pages("zh-CN")] == [
        ("a/model", "a/model"),
        ("price", "价格"),
    ]
    assert (cache.state().pages, cache.state().with_text) == (2, 2)
    assert [hit.title for hit in cache.search("很贵")] == ["价格"]
    cache.put_index([seen()], [listed("a/model")], LATEST)
    assert outcomes(cache, "zh-CN") == {"a/model": Outcome.FOUND, "price": Outcome.GONE}


def test_the_marks_of_whole_files_are_kept(cache: DocsCache, path: Path) -> None:
    cache.put_validators("index", '"abc"', "Mon, 23 Nov 2026 12:00:00 GMT")
    cache.put_validators("dump", '"x"', "")
    cache.put_validators("dump", '"y"', "")
    assert DocsCache(path).validators("index") == ('"abc"', "Mon, 23 Nov 2026 12:00:00 GMT")
    assert cache.validators("dump") == ('"y"', "")


def test_the_marks_of_a_page_stay_while_its_text_does(cache: DocsCache) -> None:
    cache.put_pages([came("price", "new", etag='"1"')], LATER)
    cache.put_pages([came("price", "new")], LATEST)
    assert (kept := cache.page("price")) is not None
    assert kept.etag == '"1"'
    cache.put_pages([came("price", "newer")], LATEST)
    assert (kept := cache.page("price")) is not None
    assert kept.etag == ""


def test_only_the_person_reads_the_file_and_nothing_lies_beside_it(cache: DocsCache, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_hostile_words_of_a_site_are_harmless_in_titles_and_raw_in_texts(
    cache: DocsCache, path: Path
) -> None:
    text = "# \x1b]52;c;eA==\x07\n\n[@click=app.quit]\u202e \x00 \ud800\n"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE pages SET title = ?, section = ?, etag = ?", ("\x1b[2J", "\u202eno", "\x1b")
        )
    cache.put_pages([came("new", text)], LATER)
    pages = cache.pages()
    assert {clean(page.title) == page.title and clean(page.section) == page.section for page in pages} == {
        True
    }
    assert (kept := cache.page("new")) is not None
    assert kept.text == text.replace("\ud800", "?")
    hits = cache.search("click")
    assert all(clean(each) == each for hit in hits for each in (hit.title, hit.heading, hit.excerpt))


def test_pages_of_one_fetch_are_kept_all_or_none(cache: DocsCache, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER refused BEFORE INSERT ON texts WHEN NEW.size = 6 BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(CacheProblem, match="cannot be used: no"):
        cache.put_pages([came("first", "one"), came("second", "second")], LATER)
    assert [page.path for page in cache.pages()] == ["a/model", "price"]


# Files that cannot be used.

EVERY_CALL: tuple[Callable[[DocsCache], object], ...] = (
    DocsCache.state,
    DocsCache.pages,
    lambda cache: cache.page("price"),
    lambda cache: cache.versions("price"),
    lambda cache: cache.version("0" * 64),
    lambda cache: cache.validators("index"),
    lambda cache: cache.search("dear"),
    lambda cache: cache.search("de"),
    lambda cache: cache.put_index([seen()], [listed("a")], LATER),
    lambda cache: cache.put_translation(listed("a", locale="zh-CN")),
    lambda cache: cache.put_pages([came("a", "text")], LATER),
    lambda cache: cache.put_validators("index", "", ""),
)


@pytest.mark.parametrize(
    "garbage", [b"no database at all\n" * 999, b"SQLite format 3\x00" + bytes(84), b"\x00" * 5000]
)
def test_a_damaged_file_says_how_to_begin_anew(path: Path, cache: DocsCache, garbage: bytes) -> None:
    path.write_bytes(garbage)
    for call in EVERY_CALL:
        with pytest.raises(
            CacheProblem, match=r"docs\.sqlite.* is damaged\. Move it away, then `mimo-tui docs"
        ):
            call(cache)


def test_a_file_that_was_cut_off_says_how_to_begin_anew(path: Path, cache: DocsCache) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(CacheProblem, match="is damaged"):
        cache.put_pages([came(f"page-{number}", "text " * 999) for number in range(20)], LATER)
    with pytest.raises(CacheProblem, match="is damaged"):
        cache.search("dear")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE texts SET data = x'00'",
        "UPDATE texts SET data = 7",
        "UPDATE texts SET data = (SELECT data FROM texts ORDER BY digest DESC LIMIT 1), size = 16",
        "UPDATE pages SET outcome = 'odd'",
        "UPDATE pages SET checked = 'yesterday'",
        "UPDATE pages SET checked = '0001-01-01T00:00:00+00:00'",
        "UPDATE pages SET title = x'ff'",
        "UPDATE pages SET title = CAST(x'ff' AS TEXT)",
        "UPDATE pages SET level = 'two'",
        "DROP TABLE texts",
    ],
)
def test_a_file_that_somebody_else_changed_is_damaged_and_no_crash(
    path: Path, cache: DocsCache, change: str
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    with pytest.raises(CacheProblem, match="is damaged"):
        [cache.page(name) for name in ("price", "a/model")]


def test_a_file_of_a_newer_program_is_left_alone(path: Path, cache: DocsCache) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for call in EVERY_CALL:
        with pytest.raises(CacheProblem, match=r"was written by a newer mimo-tui\. Update this one\."):
            call(cache)
    assert path.read_bytes() == before


def test_a_file_of_an_older_program_is_brought_up_to_date(
    path: Path, cache: DocsCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = "ALTER TABLE pages ADD COLUMN mood TEXT; UPDATE pages SET mood = 'good'"
    monkeypatch.setattr(docs_file, "STEPS", (*docs_file.STEPS, step))
    assert [page.path for page in cache.pages()] == ["a/model", "price"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT DISTINCT mood FROM pages").fetchall() == [("good",)]
    cache.put_pages([came("price", "new")], LATER)
    monkeypatch.undo()
    with pytest.raises(CacheProblem, match="newer mimo-tui"):
        cache.pages()


def test_a_file_that_was_only_just_made_holds_nothing_yet(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    cache = DocsCache(path)
    assert (cache.pages(), cache.state()) == ((), CacheState())
    assert cache.put_pages([came("a", "text")], AT) == ("a",)


def test_a_locked_file_says_to_try_again(
    path: Path, cache: DocsCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for call in EVERY_CALL:
            with pytest.raises(CacheProblem, match=r"is being written by another program\. Try again"):
                call(cache)
    assert len(cache.pages()) == 2


def test_one_can_read_while_another_writes(path: Path, cache: DocsCache) -> None:
    with docs_file.writing(path) as connection:
        connection.execute("DELETE FROM pages")
        assert len(cache.pages()) == 2
        assert len(cache.search("dear")) == 1
    assert cache.pages() == ()


def test_a_full_disk_says_so_and_loses_nothing(path: Path, cache: DocsCache) -> None:
    def fill() -> None:
        with docs_file.writing(path) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
            connection.execute("UPDATE texts SET data = zeroblob(999999)")

    with pytest.raises(CacheProblem, match=r"the disk is full\. Make room"):
        fill()
    assert (kept := cache.page("price")) is not None
    assert kept.text == "# Prices\n\nDear."


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    cache = DocsCache(tmp_path / "state" / "docs.sqlite")
    with pytest.raises(CacheProblem, match=r"state/docs\.sqlite.* cannot be opened"):
        cache.put_pages([came("a", "text")], AT)
    assert cache.pages() == ()


def test_a_file_that_is_a_folder_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    for call in (DocsCache.pages, EVERY_CALL[-1]):
        with pytest.raises(CacheProblem, match="cannot be opened"):
            call(DocsCache(path))


PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mimo_tui.core.text import clean
from mimo_tui.store.docs_cache import DocsCache, Fetched

cache, own = DocsCache(Path(sys.argv[1])), sys.argv[2]
for number in range(12):
    pages = [Fetched(f"{own}/{number}", "en-US", clean("t"), clean("u"), f"# {own} {number}\\n\\nwords of it"),
             Fetched("both", "en-US", clean("t"), clean("u"), f"{own} {number}")]
    cache.put_pages(pages, datetime.now(UTC))
"""


def test_two_programs_that_update_at_once_both_succeed(path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), own], env=environment)
        for own in ("one", "two")
    ]
    assert [each.wait(60) for each in running] == [0, 0]
    cache = DocsCache(path)
    assert len(cache.pages()) == 25
    assert len(cache.versions("both")) == 24
    assert len(cache.search("words of it", limit=99)) == 24
