"""One page of the docs, one heading of their index, and the addresses that a page has."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

ENGLISH = "en-US"
CHINESE = "zh-CN"
LOCALES = (ENGLISH, CHINESE)

_TITLE = re.compile(r"^# (.+?)\s*$", re.MULTILINE)
_UPDATED = re.compile(r"^(?:Update Time|更新时间)\W*(\d{4})-(\d\d)-(\d\d)\s*$", re.MULTILINE)
_FIRST_DAY = datetime(2025, 12, 16, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the index: `level` 2 or 3, and the paths of its pages."""

    title: str
    level: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its raw text (`mimo-api.md` §4.4). `path` has neither locale nor suffix."""

    path: str
    locale: str
    text: str

    @property
    def title(self) -> str:
        """Give its first heading, else its path."""
        found = _TITLE.search(self.text)
        return found[1] if found else self.path

    @property
    def updated(self) -> datetime:
        """Give the day of its footer, in UTC; a page without one is as old as the service."""
        found = _UPDATED.findall(self.text)
        if not found:
            return _FIRST_DAY
        year, month, day = map(int, found[-1])
        return datetime(year, month, day, tzinfo=UTC)

    @property
    def raw_address(self) -> str:
        """Give where its text lies, percent-encoded."""
        return encoded(raw_address(self.path, self.locale))


def raw_address(path: str, locale: str = ENGLISH) -> str:
    """Give where a page's text lies, as it reads decoded.

    The index names English pages only. No address of a Chinese text is documented; here it lies below its locale.
    """
    return f"/static/docs/{path}.md" if locale == ENGLISH else f"/static/docs/{locale}/{path}.md"


def encoded(address: str) -> str:
    """Percent-encode an address: paths hold blanks, `&` and capitals (`mimo-api.md` §4.1)."""
    return quote(address, safe="/-._~")
