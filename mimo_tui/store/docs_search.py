"""Full-text search in the documentation that is kept: any part of a word, in any case, Chinese too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mimo_tui.core.docs.sections import PageSection
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.docs_file import Cell

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_WORDS: Final = 12
"""How many words of a query count, the first ones."""

_LONGEST_QUERY: Final = 500
_TRIGRAM: Final = 3
_EXCERPT: Final = 160
_BEFORE: Final = 50


# Long texts come last, for those few places that are given: sorting them along would take longer than to find them.
_FOUND: Final = """
SELECT f.id, {tier} AS tier, {rank} AS rank, coalesce(p.position, e.position) AS place,
    p.outcome = 'gone' OR coalesce(p.position, e.position) IS NULL AS gone
FROM {source} JOIN sections s ON s.id = f.id JOIN pages p ON p.id = s.page
    LEFT JOIN pages e ON p.position IS NULL AND e.path = p.path AND e.locale = 'en-US'
WHERE {condition} AND :locale IN ('', p.locale) ORDER BY gone, tier, rank, place, f.id LIMIT :limit
"""
_QUERY: Final = """
WITH best AS (SELECT * FROM ({found}) UNION ALL SELECT * FROM ({titled}))
SELECT p.path, p.locale, p.title, s.heading, s.anchor, s.body, gone, min(tier) AS best_tier
FROM best JOIN sections s ON s.id = best.id JOIN pages p ON p.id = s.page
GROUP BY s.id ORDER BY gone, best_tier, min(rank), place, s.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the words were found. `excerpt` is plain text, `marks` the (start, end) of the words in it.

    `heading` is the section of the page, `anchor` its anchor; both empty above the first heading. `gone`: the page is
    there no more.
    """

    path: str
    locale: str
    title: Clean
    heading: Clean
    anchor: str
    excerpt: Clean
    marks: tuple[tuple[int, int], ...]
    gone: bool = False


def put_sections(connection: "Connection", page: int, title: str, parts: Iterable[PageSection]) -> None:
    """Let the page with this number be found by these parts, and no longer by those that it had."""
    forget_sections(connection, page)
    for number, part in enumerate(parts):
        row = connection.execute(
            "INSERT INTO sections (page, is_first, heading, anchor, body) VALUES (?, ?, ?, ?, ?)",
            (page, int(number == 0), part.heading, part.anchor, part.text),
        ).lastrowid
        folded = (row, fold(title), fold(part.heading), fold(part.text))
        connection.execute("INSERT INTO folded VALUES (?, ?, ?, ?)", folded)
        connection.execute("INSERT INTO words (rowid, title, heading, body) VALUES (?, ?, ?, ?)", folded)


def forget_sections(connection: "Connection", page: int) -> None:
    """Let the page be found no more."""
    old = connection.execute(
        "SELECT f.id, f.title, f.heading, f.body FROM folded f JOIN sections s ON s.id = f.id WHERE s.page = ?",
        (page,),
    ).fetchall()
    connection.executemany(
        "INSERT INTO words (words, rowid, title, heading, body) VALUES ('delete', ?, ?, ?, ?)", old
    )
    connection.executemany("DELETE FROM folded WHERE id = ?", ((row[0],) for row in old))
    connection.execute("DELETE FROM sections WHERE page = ?", (page,))


def rename(connection: "Connection", page: int, title: str) -> None:
    """Let the page with this number be found by another title."""
    rows = connection.execute(
        "SELECT heading, anchor, body FROM sections WHERE page = ? ORDER BY id", (page,)
    )
    parts = [PageSection(clean(heading), anchor, clean(body)) for heading, anchor, body in rows.fetchall()]
    put_sections(connection, page, title, parts)


def fold(text: str) -> str:
    """Give the text in small letters, each character in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def query_words(query: str) -> tuple[str, ...]:
    """Give the words of a query as they are looked for, each once: the first ones of a long query."""
    text = clean(" ".join(query[:_LONGEST_QUERY].split()))
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def search(connection: "Connection", words: Sequence[str], locale: str, limit: int) -> tuple[Hit, ...]:
    """Give the places that hold all the words, the best first: those in a title, in a heading, then the others."""
    if not words or limit < 1:
        return ()
    query, values = _query(words)
    rows = connection.execute(query, {**values, "locale": locale, "limit": limit})
    return tuple(_hit(row, words) for row in rows.fetchall())


def _query(words: Sequence[str]) -> tuple[str, dict[str, Cell]]:
    """Write the query. Every word is in the section or its page's title, and one of them in the section itself.

    The index knows no part shorter than three characters, so those are looked for in the text as it is.
    """
    long = [word for word in words if len(word) >= _TRIGRAM]
    values: dict[str, Cell] = {f"word{number}": word for number, word in enumerate(words)}

    def each(template: str, glue: str, of: Sequence[str] = words) -> str:
        return f" {glue} ".join(template.format(f":word{words.index(word)}") for word in of)

    conditions = []
    if long:
        phrases = [f'"{word.replace(chr(34), chr(34) * 2)}"' for word in long]
        matches = " AND ".join(phrases)
        if len(long) == len(words):
            matches = f"({matches}) AND {{heading body}} : ({' OR '.join(phrases)})"
        values["matches"] = matches
        conditions.append("words MATCH :matches")
    if len(long) < len(words):
        short = [word for word in words if len(word) < _TRIGRAM]
        anywhere = "(instr(f.body, {0}) OR instr(f.heading, {0}) OR instr(f.title, {0}))"
        conditions.append(each(anywhere, "AND", short))
        conditions.append(f"({each('instr(f.body, {0}) OR instr(f.heading, {0})', 'OR')})")
    source = "words JOIN folded f ON f.id = words.rowid" if long else "folded f"
    rank = "bm25(words)" if long else "0.0"
    tier = f"CASE WHEN {each('instr(f.heading, {0})', 'AND')} THEN 1 ELSE 2 END"
    in_title = each("instr(f.title, {0})", "AND")
    return _QUERY.format(
        found=_FOUND.format(tier=tier, rank=rank, source=source, condition=" AND ".join(conditions)),
        titled=_FOUND.format(tier="0", rank="0.0", source="folded f", condition=f"s.is_first AND {in_title}"),
    ), values


def _hit(row: Sequence[Cell], words: Sequence[str]) -> Hit:
    path, locale, title, heading, anchor, body, gone, _ = row
    excerpt, marks = _excerpt(str(body), words)
    return Hit(
        str(path),
        str(locale),
        clean(str(title)),
        clean(str(heading)),
        str(anchor),
        excerpt,
        marks,
        bool(gone),
    )


def _excerpt(body: str, words: Sequence[str]) -> tuple[Clean, tuple[tuple[int, int], ...]]:
    """Give the text around the first place where a word stands, and where the words stand in it."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    text = clean(body)
    folded = fold(text)
    found = pattern.search(folded)
    at = found.start() if found else 0
    start = _word_start(text, max(0, min(at - _BEFORE, len(text) - _EXCERPT)), at)
    end = _word_end(text, min(len(text), start + _EXCERPT), at)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    marks = tuple(_marks(pattern, folded[start:end], len(before)))
    return Clean(f"{before}{text[start:end]}{after}") if text else NOTHING, marks


def _word_start(text: str, start: int, at: int) -> int:
    """Give a place at or after `start`, but not after `at`, where no word is cut in two."""
    space = text.find(" ", start, at) if start else -1
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int, at: int) -> int:
    """Give a place at or before `end`, but after `at`, where no word or number is cut in two."""
    if end == len(text) or text[end] == " ":
        return end
    space = text.rfind(" ", at + 1, end)
    return space if space > at else end


def _marks(pattern: re.Pattern[str], text: str, shift: int) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        yield match.start() + shift, match.end() + shift
