"""How pages come into the file: what is worked out of a text, and what is written down of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mimo_tui.core.docs.page import as_markdown
from mimo_tui.core.docs.sections import PageSection, sections
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store import docs_search
from mimo_tui.store.docs_records import Fetched, Listed, packed

if TYPE_CHECKING:
    from sqlite3 import Connection

_PUT_LISTED: Final = """
INSERT INTO pages (locale, path, position, title, section, level, url, raw_url, description, outcome, came_from, etag,
    modified, simulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'found', '', '', '', 0) ON CONFLICT DO UPDATE
SET position = excluded.position, title = excluded.title, section = excluded.section, level = excluded.level,
    url = excluded.url, raw_url = excluded.raw_url, description = excluded.description
"""


@dataclass(slots=True)
class Arrival:
    """A page on its way into the file. Its own title and `parts`, which a search finds, have to be worked out first."""

    page: Fetched
    digest: str = ""
    size: int = 0
    data: bytes = field(default=b"", repr=False)
    own_title: Clean = NOTHING
    parts: tuple[PageSection, ...] | None = field(default=None, repr=False)

    def prepare(self) -> None:
        """Work out what takes long."""
        if self.page.text is not None and self.parts is None:
            markdown = as_markdown(self.page.text)
            self.own_title, self.parts = markdown.title, sections(markdown)


def put_listed(connection: "Connection", page: Listed, position: int | None) -> None:
    """Keep what the index says of a page; without `position` it has the place of its English original."""
    old = connection.execute(
        "SELECT id, title FROM pages WHERE locale = ? AND path = ?", (page.locale, page.path)
    ).fetchone()
    words = (page.title, page.section, page.level, page.url, page.raw_url, page.description)
    connection.execute(_PUT_LISTED, (page.locale, page.path, position, *words))
    if old is not None and old[1] != page.title:
        docs_search.rename(connection, old[0], page.title)


def arrived(page: Fetched) -> Arrival:
    """Give a page that came, its text packed."""
    return Arrival(page) if page.text is None else Arrival(page, *packed(page.text))


def put(connection: "Connection", arrival: Arrival, at: str) -> bool:
    """Keep a page; tells whether its text is another one than before."""
    page = arrival.page
    number, digest, title = _number_of(connection, page)
    connection.execute(
        "UPDATE pages SET checked = ?, outcome = ? WHERE id = ?", (at, str(page.outcome), number)
    )
    if page.text is None:
        return False
    connection.execute(
        "UPDATE pages SET fetched = ?, came_from = ?, simulated = ? WHERE id = ?",
        (at, page.url, int(page.simulated), number),
    )
    if arrival.digest != digest or page.etag or page.modified:
        connection.execute(
            "UPDATE pages SET etag = ?, modified = ? WHERE id = ?",
            (clean(page.etag), clean(page.modified), number),
        )
    if arrival.digest == digest:
        return False
    connection.execute(
        "INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (arrival.digest, arrival.size, arrival.data)
    )
    connection.execute(
        "INSERT INTO versions (page, digest, seen) VALUES (?, ?, ?)", (number, arrival.digest, at)
    )
    changed = None if digest is None else at
    connection.execute(
        "UPDATE pages SET digest = ?, changed = ? WHERE id = ?", (arrival.digest, changed, number)
    )
    arrival.prepare()
    # The index knows a translation by its English title only.
    renamed = connection.execute(
        "UPDATE pages SET title = ? WHERE id = ? AND position IS NULL AND ? <> ''",
        (arrival.own_title, number, arrival.own_title),
    ).rowcount
    docs_search.put_sections(connection, number, arrival.own_title if renamed else title, arrival.parts or ())
    return True


def _number_of(connection: "Connection", page: Fetched) -> tuple[int, str | None, str]:
    """Give a page's number in the file, the digest of its text, and its title; one that no index named comes last."""
    query = "SELECT id, digest, title FROM pages WHERE locale = ? AND path = ?"
    found = connection.execute(query, (page.locale, page.path)).fetchone()
    if found is None:
        (last,) = connection.execute("SELECT coalesce(max(position), 0) FROM pages").fetchone()
        listed = Listed(page.path, page.locale, page.title, NOTHING, 0, page.url, page.url)
        put_listed(connection, listed, last + 1)
        found = connection.execute(query, (page.locale, page.path)).fetchone()
    number, digest, title = found
    return number, digest, title
