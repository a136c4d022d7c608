"""Addresses of the documentation: a page, its raw text, and what two addresses have in common (`mimo-api.md` §4.1)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

from mimo_tui.core.text import clean

ENGLISH = "en-US"
CHINESE = "zh-CN"
LOCALES = (ENGLISH, CHINESE)

_SAFE = "/-._~"
_IN_FRAGMENT = re.compile(r"^!?/?docs/", re.IGNORECASE)
_PORTS = {"https": ":443", "http": ":80"}
_REFERENCE = "api"


@dataclass(frozen=True, slots=True)
class DocAddress:
    """A page of the docs: `host`, `locale` and decoded `path` (`quick-start/summary/model`), `anchor` without `#`."""

    host: str
    path: str
    locale: str = ENGLISH
    anchor: str = ""

    @property
    def page_url(self) -> str:
        """Give the address that a browser shows, percent-encoded."""
        anchor = f"#{quote(self.anchor, safe=_SAFE)}" if self.anchor else ""
        return f"https://{self.host}/docs/{self.locale}/{quote(self.path, safe=_SAFE)}{anchor}"

    @property
    def raw_url(self) -> str:
        """Give the address of the raw text, percent-encoded. Chinese raw texts lie below their locale."""
        below = "" if self.locale == ENGLISH else f"{self.locale}/"
        return f"https://{self.host}/static/docs/{below}{quote(self.path, safe=_SAFE)}.md"


def read_address(url: str, hosts: frozenset[str]) -> DocAddress | None:
    """Read the address of a page or of its raw text, of the new home or the old one; None: it is none of these hosts'.

    With or without locale, with `#/docs/` of the old home, capitals, blanks and `&` percent-encoded or not.
    """
    return _read(url, hosts, ENGLISH)


def resolve(link: str, base: DocAddress, hosts: frozenset[str]) -> DocAddress | str | None:
    """Give where a link of the page `base` leads: a page, an https/http/mailto URL elsewhere, None: nowhere safe.

    A link that names no language stays in that of `base`. Nowhere safe lead other schemes, a user name or password
    in the address, and control codes or invisible marks in the link.
    """
    link = link.strip()
    if not link or clean(link) != link or "\\" in link:
        return None
    if link.startswith("#") and not _IN_FRAGMENT.match(link[1:]):
        return replace(base, anchor=clean(unquote(link[1:])))
    try:
        written = urlsplit(link)
        if written.scheme in _PORTS and not written.netloc:
            return None
        url = urljoin(replace(base, anchor="").page_url, link)
        parts = urlsplit(url)
        if parts.scheme == "mailto":
            return url if parts.path else None
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or parts.port == 0:
            return None
    except ValueError:
        return None
    return _read(url, hosts, base.locale) or url.replace(" ", "%20")


def same_page(path: str, others: tuple[str, ...]) -> str | None:
    """Find the path among `others` that is this page after the tree moved: by its tail; None: none, or not certain.

    The tree moved once, by new folders around and between the old ones (`mimo-api.md` §2 row 3, §4.5). So folders
    that came or went are certain as long as one page fits best; of paths that went apart, those that keep the end and
    the last folder, both in the reference of the API or both outside; and of the short paths of the old tree, a name
    in several words that nothing else bears.
    """
    if path in others:
        return path
    old = _segments(path)
    if not old:
        return None
    split = {other: _segments(other) for other in others}
    alike = {other: found for other, found in split.items() if found and found[-1] == old[-1]}
    grown = {other: found for other, found in alike.items() if _within(old, found) or _within(found, old)}
    tailed = {
        other: found
        for other, found in alike.items()
        if _tail(old, found) > 1 and (old[0] == _REFERENCE) == (found[0] == _REFERENCE)
    }
    for candidates in (grown, tailed):
        if candidates:
            return _best(old, candidates)
    used = Counter(segment for found in split.values() for segment in set(found))
    if len(old) <= 2 and "-" in path.rpartition("/")[2] and used[old[-1]] == 1:
        return next(iter(alike), None)
    return None


def _read(url: str, hosts: frozenset[str], locale: str) -> DocAddress | None:
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in _PORTS or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    host = parts.netloc.lower().removesuffix(_PORTS[parts.scheme])
    if host not in hosts:
        return None
    path, anchor = parts.path, parts.fragment
    if _IN_FRAGMENT.match(anchor):
        path, _, anchor = anchor.lstrip("!").partition("#")
        path = path.partition("?")[0]
    segments = [segment for segment in unquote(path).split("/") if segment not in {"", "."}]
    match [segment.lower() for segment in segments[:2]]:
        case ["static", "docs"]:
            segments, locale = segments[2:], ENGLISH
        case ["docs", *_]:
            segments = segments[1:]
        case _:
            return None
    named = {known.lower(): known for known in LOCALES}
    if segments and segments[0].lower() in named:
        locale = named[segments.pop(0).lower()]
    decoded = "/".join(segments).removesuffix(".md")
    if not decoded or ".." in segments or "\\" in decoded or clean(decoded) != decoded:
        return None
    return DocAddress(host, decoded, locale, clean(unquote(anchor)))


def _segments(path: str) -> tuple[str, ...]:
    """Give the folders and the name so that `Token Plan`, `token-plan` and `tokenplan` are one."""
    return tuple(re.sub(r"[\s_-]", "", segment).lower() for segment in path.split("/") if segment)


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(segment in rest for segment in short)


def _tail(one: Sequence[str], other: Sequence[str]) -> int:
    length = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        length += 1
    return length


def _best(old: Sequence[str], candidates: dict[str, tuple[str, ...]]) -> str | None:
    """Give the one with the longest common tail, then with the most folders in common; None: several."""
    ranked = sorted(
        ((_tail(old, found), len(set(old) & set(found)), other) for other, found in candidates.items()),
        reverse=True,
    )
    if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
        return None
    return ranked[0][2]
