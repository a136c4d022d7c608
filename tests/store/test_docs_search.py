"""The search in the documentation: what is found, in which order, and that no query breaks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.docs.page import as_markdown
from mimo_tui.core.docs.sections import sections
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import clean
from mimo_tui.store.docs_cache import DocsCache, Fetched, Hit, Listed
from mimo_tui.store.words import fold, query_words

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

PAGES = {
    (
        "en-US",
        "model",
    ): "# Models\n\nAll of them.\n\n## Voices\n\nChloe speaks. `max_completion_tokens` counts.\n",
    ("en-US", "price"): "# Prices\n\nOf models, voices and tokens.\n\n## Token Plan\n\nA plan.\n",
    ("en-US", "voices"): "# Speech\n\nTALKING.\n\n## Other\n\nvoices voices voices, Ünder ЖЕЛЕЗО\n",
    ("en-US", "quotes"): '# Quotes\n\nHe said "NEAR(a b)" * 3 AND it\'s done; 100% a_b C:\\dir -x ^y {z}\n',
    ("zh-CN", "price"): "# 价格\n\n密钥与价格，深度思考模式。\n\n## 模型\n\nmimo 模型 voices\n",
}


def fill(cache: DocsCache, pages: dict[tuple[str, str], str] = PAGES) -> None:
    """Keep the pages, each with its heading as its title."""

    def title(text: str) -> str:
        return as_markdown(text).title or "none"

    english = [
        Listed(path, locale, clean(title(text)), clean("S"), 2, clean("u"))
        for (locale, path), text in pages.items()
        if locale == "en-US"
    ]
    cache.put_index([], english, AT)
    for locale, path in pages:
        if locale != "en-US":
            cache.put_translation(Listed(path, locale, clean("t"), clean("S"), 2, clean("u")))
    cache.put_pages(
        [
            Fetched(path, locale, clean(title(text)), clean("u"), text)
            for (locale, path), text in pages.items()
        ],
        AT,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> DocsCache:
    made = DocsCache(tmp_path_factory.mktemp("docs") / "docs.sqlite")
    fill(made)
    return made


def places(hits: tuple[Hit, ...]) -> list[str]:
    return [f"{hit.title} › {hit.heading}" if hit.heading else hit.title for hit in hits]


def test_titles_come_first_then_headings_then_the_others(cache: DocsCache) -> None:
    assert places(cache.search("models")) == ["Models", "Prices"]
    assert places(cache.search("voices", locale="en-US")) == ["Models › Voices", "Speech › Other", "Prices"]


def test_a_title_that_holds_the_words_stands_once_and_not_with_each_section(cache: DocsCache) -> None:
    assert places(cache.search("speech")) == ["Speech"]
    assert places(cache.search("pri")) == ["Prices"]
    assert places(cache.search("pr")) == ["Prices"]


def test_all_words_must_be_there_also_spread_over_title_and_text(cache: DocsCache) -> None:
    assert places(cache.search("models chloe")) == ["Models › Voices"]
    assert places(cache.search("plan prices")) == ["Prices › Token Plan"]
    assert places(cache.search("of prices")) == ["Prices"]
    assert cache.search("chloe prices") == ()


@pytest.mark.parametrize("part", ["completion", "_COMPLETION_", "ion", "io", "max_completion_tokens"])
def test_any_part_of_a_word_is_found_in_any_case(cache: DocsCache, part: str) -> None:
    assert "Models › Voices" in places(cache.search(part))


@pytest.mark.parametrize(
    "words", ["ünder", "ÜNDER", "железо", "Желез", "üN", "ЖЕ", "talking other", "voices ж"]
)
def test_case_does_not_matter_beyond_english_either(cache: DocsCache, words: str) -> None:
    found = [place for place in places(cache.search(words)) if place.startswith("Speech")]
    assert found == (["Speech › Other"] if words != "talking other" else [])


@pytest.mark.parametrize("words", ["密", "密钥", "深度思考", "价格 模式", "密钥 深度思考"])
def test_chinese_words_are_found_however_short(cache: DocsCache, words: str) -> None:
    assert places(cache.search(words))[0] == "价格"


def test_one_language_alone_can_be_searched(cache: DocsCache) -> None:
    assert {hit.locale for hit in cache.search("voices")} == {"en-US", "zh-CN"}
    assert {hit.locale for hit in cache.search("voices", locale="zh-CN")} == {"zh-CN"}
    assert cache.search("密钥", locale="en-US") == ()


@pytest.mark.parametrize(
    "words",
    [
        '"NEAR(a',
        '"',
        "NEAR(a b)",
        "*",
        "* 3",
        "AND",
        "it's",
        "100%",
        "a_b",
        "C:\\dir",
        "-x",
        "^y",
        "{z}",
        "%",
        "_",
    ],
)
def test_signs_mean_themselves(cache: DocsCache, words: str) -> None:
    assert "Quotes" in places(cache.search(words))
    body = fold(PAGES["en-US", "quotes"])
    assert all(word in body for word in query_words(words))


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "\x00",
        "\x00\x00\x00",
        "a\x00b",
        "\ud800",
        "qqq*",
        "title:models",
        "models OR x-y-z",
        "NOT",
        "(((",
    ],
)
def test_odd_queries_find_nothing(cache: DocsCache, words: str) -> None:
    assert cache.search(words) == ()


def test_a_query_of_ten_thousand_characters_is_answered(cache: DocsCache) -> None:
    assert cache.search("x" * 10_000) == ()
    assert places(cache.search("models " * 2_000)) == places(cache.search("models"))
    assert cache.search(" ".join(f"word{number}" for number in range(2_000))) == ()
    assert cache.search('"' * 10_000) == ()


def test_no_more_are_given_than_asked_for(cache: DocsCache) -> None:
    assert len(cache.search("e")) > 2
    assert places(cache.search("e", limit=2)) == places(cache.search("e"))[:2]
    assert (cache.search("e", limit=0), cache.search("e", limit=-1)) == ((), ())


def test_the_excerpt_shows_the_words_and_where_they_stand(cache: DocsCache) -> None:
    (hit,) = cache.search("CHLOE tok")
    assert hit.excerpt == "Chloe speaks. max_completion_tokens counts."
    assert [hit.excerpt[start:end] for start, end in hit.marks] == ["Chloe", "tok"]
    assert hit.anchor == "voices"


def test_a_long_part_is_shown_around_the_first_word(tmp_path: Path) -> None:
    cache = DocsCache(tmp_path / "docs.sqlite")
    fill(cache, {("en-US", "long"): f"# Long\n\n{'before ' * 200}needle {'after ' * 200}"})
    (hit,) = cache.search("needle")
    assert hit.excerpt.startswith("… before before")
    assert hit.excerpt.endswith(" …")
    assert len(hit.excerpt) <= 164
    ((start, end),) = hit.marks
    assert hit.excerpt[start:end] == "needle"


def test_what_a_page_said_before_is_found_no_more(tmp_path: Path) -> None:
    cache = DocsCache(tmp_path / "docs.sqlite")
    fill(cache)
    cache.put_pages(
        [Fetched("model", "en-US", clean("Models"), clean("u"), "# Models\n\nAll is different.")], AT
    )
    assert cache.search("chloe") == cache.search("hl") == ()
    assert places(cache.search("different")) == ["Models"]
    cache.put_index([], [Listed("model", "en-US", clean("Modules"), clean("S"), 2, clean("u"))], AT)
    assert [hit.title for hit in cache.search("modules")] == ["Modules"]
    assert [hit.title for hit in cache.search("models", locale="en-US")] == ["Prices"]


def test_pages_that_are_gone_come_last_and_say_so(tmp_path: Path) -> None:
    cache = DocsCache(tmp_path / "docs.sqlite")
    fill(cache)
    cache.put_pages([Fetched("model", "en-US", clean("Models"), clean("u"), None, outcome=Outcome.GONE)], AT)
    assert [(hit.title, hit.gone) for hit in cache.search("models")] == [("Prices", False), ("Models", True)]


WORDS = st.text(st.sampled_from("abAB密钥 -_\"'*Ü"), min_size=1, max_size=4)


@contextmanager
def filled(folder: Path, texts: list[str]) -> Iterator[DocsCache]:
    file = folder / "docs.sqlite"
    cache = DocsCache(file)
    fill(cache, {("en-US", f"p{number}"): text for number, text in enumerate(texts)})
    yield cache
    file.unlink()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=4), st.lists(WORDS, min_size=1)
)
def test_it_finds_exactly_the_places_that_hold_all_words(
    tmp_path: Path, texts: list[str], words: list[str]
) -> None:
    wanted = query_words(" ".join(words))
    with filled(tmp_path, texts) as cache:
        found = {hit.path for hit in cache.search(" ".join(words), limit=99)}
        bodies = {
            page.path: (fold(page.title), _bodies(texts[number])) for number, page in enumerate(cache.pages())
        }
    expected = {
        path
        for path, (title, parts) in bodies.items()
        for first, part in enumerate(parts)
        if wanted
        and all(word in title or word in part for word in wanted)
        and (any(word in part for word in wanted) or first == 0)
    }
    assert found == expected


def _bodies(text: str) -> list[str]:
    return [fold(f"{part.heading}\n{part.text}") for part in sections(as_markdown(text))]


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_no_query_breaks_it(cache: DocsCache, words: str) -> None:
    for hit in cache.search(words):
        assert clean(hit.excerpt) == hit.excerpt
        assert all(0 <= start < end <= len(hit.excerpt) for start, end in hit.marks)
