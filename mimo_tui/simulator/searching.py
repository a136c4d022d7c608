"""The pages that a simulated web search finds (`mimo-api.md` §6.4, §7.1). No such pages exist."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from mimo_tui.core.json_text import Json

_WANTED = re.compile(
    r"\b(?:search|look up|latest|news|today|current|currently|recent|now)\b|搜索|搜一下|查一下|最新|新闻|今天|现在",
    re.IGNORECASE,
)
_KEYWORD = re.compile(r"[A-Za-z][\w-]{3,}|[\u4e00-\u9fff]{2,6}|\d{4}")
_COMMON_WORDS = """
search look latest news today what when where which about with from that this have does please tell
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SITES = ("Example Times", "Example Encyclopedia", "Example Weather", "Example Review", "Example Forum")


@dataclass(frozen=True, slots=True)
class Search:
    """What the request says of searching: at most so many keywords, and so many pages for each."""

    force: bool
    most_keywords: int
    pages_a_keyword: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was found, as an annotation has it."""

    url: str
    title: str
    summary: str
    site_name: str
    logo_url: str
    publish_time: str

    def annotation(self) -> dict[str, Json]:
        """Give it as `message.annotations` holds it."""
        return {
            "type": "url_citation",
            "url": self.url,
            "title": self.title,
            "summary": self.summary,
            "site_name": self.site_name,
            "logo_url": self.logo_url,
            "publish_time": self.publish_time,
        }


def is_wanted(text: str) -> bool:
    """Tell whether a model that may search would do so for this."""
    return _WANTED.search(text) is not None


def keywords(text: str, search: Search) -> tuple[str, ...]:
    """Give what is searched for: the first words that mean something."""
    found = dict.fromkeys(word for word in _KEYWORD.findall(text) if word.lower() not in _COMMON)
    return tuple(found)[: search.most_keywords] or (text[:40].strip() or "MiMo",)


def find_pages(words: tuple[str, ...], search: Search, at: datetime) -> tuple[Page, ...]:
    """Give the pages for each keyword, the same for the same day."""
    return tuple(_page(word, number, at) for word in words for number in range(search.pages_a_keyword))


def _page(word: str, number: int, at: datetime) -> Page:
    drawn = hashlib.sha256(f"{word}/{number}".encode("utf-8", "replace")).digest()
    site = _SITES[drawn[0] % len(_SITES)]
    host = f"{site.split()[1].lower()}.example.com"
    day = (at - timedelta(days=1 + drawn[1] % 300)).replace(microsecond=0)
    return Page(
        url=f"https://{host}/{quote(word.lower(), safe='', errors='replace')}/{number + 1}",
        title=f"{word}, part {number + 1} (simulated)",
        summary=f"A page about {word} that does not exist: the search was simulated.",
        site_name=site,
        logo_url=f"https://{host}/logo.png",
        publish_time=day.isoformat(),
    )
