"""Full-text search in the documentation that is kept: any part of a word, in any case, Chinese too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mimo_tui.core.docs.sections import PageSection
from mimo_tui.core.text import Clean, clean
from mimo_tui.store.cells import Cell
from mimo_tui.store.words import TRIGRAM, excerpt, fold, phrase

if TYPE_CHECKING:
    from sqlite3 import Connection

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
    long = [word for word in words if len(word) >= TRIGRAM]
    values: dict[str, Cell] = {f"word{number}": word for number, word in enumerate(words)}

    def each(template: str, glue: str, of: Sequence[str] = words) -> str:
        return f" {glue} ".join(template.format(f":word{words.index(word)}") for word in of)

    conditions = []
    if long:
        phrases = [phrase(word) for word in long]
        matches = " AND ".join(phrases)
        if len(long) == len(words):
            matches = f"({matches}) AND {{heading body}} : ({' OR '.join(phrases)})"
        values["matches"] = matches
        conditions.append("words MATCH :matches")
    if len(long) < len(words):
        short = [word for word in words if len(word) < TRIGRAM]
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
    text, marks = excerpt(str(body), words)
    return Hit(
        str(path),
        str(locale),
        clean(str(title)),
        clean(str(heading)),
        str(anchor),
        text,
        marks,
        bool(gone),
    )
