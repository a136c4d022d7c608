"""`llms.txt`: the index of the documentation (`mimo-api.md` §4.2, llmstxt.org)."""

import re
from dataclasses import dataclass

from mimo_tui.core.docs.inline import plain
from mimo_tui.core.text import NOTHING, Clean, clean


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A link of the index, its address exactly as it stands there."""

    title: Clean
    url: Clean
    description: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class IndexSection:
    """A heading of level 2 or 3 (0: links above the first heading) and the links below it."""

    title: Clean
    level: int
    entries: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """What the index holds. `skipped` counts lines that look like links and cannot be read."""

    title: Clean
    blurb: Clean
    sections: tuple[IndexSection, ...]
    skipped: int = 0

    @property
    def entries(self) -> tuple[IndexEntry, ...]:
        """Give every link, in order."""
        return tuple(entry for section in self.sections for entry in section.entries)


_HEADING = re.compile(r"(#{1,6})[ \t]+([^\n]*)")
_BULLET = re.compile(r"(?:[-*+•][ \t]+|\d{1,9}[.)][ \t]+)")
_URL = re.compile(
    r"\][ \t]?\([ \t]*(?:<([^<>\n]*)>|([^()\s<]*+(?:\([^()\s]*+\)[^()\s]*+)*+))"
    r"""(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)"""
)
_SPACED_URL = re.compile(r"\][ \t]?\(([^()\n]*)\)")
_BARE = re.compile(r"(?:<?)(https?://[^\s<>]+)>?")
_BETWEEN = " \t:：–—-"

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*|<!--[\s\S]{0,2000}?-->\s*){0,5}"
    r"""(?:<!doctype\s+html|<(?:html|head|body|meta|title|link|base|script|noscript)\b|<div\s+id=)""",
    re.IGNORECASE,
)
_SHELL = re.compile(r"<(?:html|body|head)\b[^>]{0,500}>|<div id=\W?(?:root|app|__next)\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6}[ \t]+\S|[-*+][ \t]+\[|---[ \t]*$|```)", re.MULTILINE)
_BEGINNING = 4_000


def read_index(text: str) -> Index | None:
    """Read an index, leniently; None: the text is none (a web page, an error, nothing with links)."""
    if is_web_page(text):
        return None
    reading = _Reading()
    for line in text.removeprefix("\ufeff").replace("\r", "\n").split("\n"):
        reading.take(line.strip())
    return reading.index()


def is_web_page(text: str, content_type: str = "") -> bool:
    """Tell whether it is HTML for a browser, for example the empty shell that the docs answer with (§4.4).

    Text that begins as HTML is, whatever its type says. Text of the type of HTML is as well, unless it plainly is
    markdown that was sent with the wrong type: a heading, a bullet or a fence, and no frame of HTML around it.
    """
    if _HTML_START.match(text):
        return True
    if "html" not in content_type.lower():
        return False
    beginning = text[:_BEGINNING]
    return _SHELL.search(beginning) is not None or _MARKDOWN.search(beginning) is None


class _Reading:
    """Takes an index line by line."""

    def __init__(self) -> None:
        self._title = NOTHING
        self._blurb: list[str] = []
        self._heading, self._level = NOTHING, 0
        self._entries: list[IndexEntry] = []
        self._sections: list[IndexSection] = []
        self._skipped = 0

    def take(self, line: str) -> None:
        if not line:
            return
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            self._open(len(heading[1]), plain(heading[2].rstrip("#").strip()))
            return
        bullet = _BULLET.match(line)
        entry = _entry(line[bullet.end() :] if bullet else line, bullet=bullet is not None)
        if entry is not None:
            self._entries.append(entry)
        elif bullet is not None or line.startswith("["):
            self._skipped += "](" in line or "://" in line
        elif not self._sections and not self._level and not self._entries:
            self._blurb.append(line.lstrip("> "))

    def index(self) -> Index | None:
        self._close()
        if not any(section.entries for section in self._sections):
            return None
        return Index(self._title, plain(" ".join(self._blurb)), tuple(self._sections), self._skipped)

    def _open(self, level: int, title: Clean) -> None:
        if level == 1 and not self._title:
            self._title = title
            return
        self._close()
        self._heading, self._level = title, min(max(level, 2), 3)

    def _close(self) -> None:
        if self._level or self._entries:
            self._sections.append(IndexSection(self._heading, self._level, tuple(self._entries)))
        self._entries = []


def _entry(line: str, *, bullet: bool) -> IndexEntry | None:
    """Read `[Title](URL): description`, or in a bullet also a bare address with its title before it."""
    if line.startswith("["):
        link = _URL.search(line) or _SPACED_URL.search(line)
        if link is None:
            return None
        url = next(group for group in link.groups() if group is not None).strip()
        title = plain(line[1 : link.start()])
    else:
        link = _BARE.search(line) if bullet and "](" not in line else None
        if link is None:
            return None
        url = link[1]
        title = plain(line[: link.start()].rstrip(_BETWEEN))
    if not url:
        return None
    return IndexEntry(title or clean(url), clean(url), plain(line[link.end() :].lstrip(_BETWEEN)))
