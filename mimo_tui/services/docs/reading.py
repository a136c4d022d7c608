"""Read, search and compare the documentation that is here. Opens no connection."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from mimo_tui.core.ages import age
from mimo_tui.core.diff import DiffLine, diff
from mimo_tui.core.docs.address import CHINESE, ENGLISH, LOCALES
from mimo_tui.core.docs.page import Heading, Markdown, as_markdown
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.finding import AmbiguousPage, NoDocs, NoPage, find_page, no_docs
from mimo_tui.store.docs_cache import CacheProblem, CacheState, Hit, Kept, Listed, Version

__all__ = [
    "AmbiguousPage",
    "Contents",
    "NoDocs",
    "NoPage",
    "NoVersion",
    "PageDiff",
    "Section",
    "Shown",
    "changed_since",
    "contents",
    "difference",
    "find_page",
    "gone_pages",
    "nothing_found",
    "search",
    "show",
    "show_all",
    "versions",
]


_FIRST_CHINESE: Final = "\u3400"
_LAST_CHINESE: Final = "\u9fff"


class NoVersion(LookupError):
    """The page has no version of that name, or several; the sentence names those that there are."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the index with its pages."""

    title: Clean
    level: int
    pages: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The index, with where it came from and how old it is. `problem` says why the cache cannot be used."""

    state: CacheState
    sections: tuple[Section, ...]
    gone: tuple[Listed, ...] = ()
    problem: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to be shown. `source` says in words where it came from and how old it is, at the time of asking.

    `raw` is the text as it came, which nobody has made safe to show.
    """

    listed: Listed
    markdown: Markdown = field(repr=False)
    url: Clean
    raw_url: Clean
    digest: str
    source: Clean
    versions: tuple[Version, ...]
    simulated: bool
    raw: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PageDiff:
    """What changed in a page between two versions. `new` is the newest unless asked otherwise."""

    listed: Listed
    old: Version
    new: Version
    lines: tuple[DiffLine, ...]
    simulated: bool = False


def contents(services: Services, *, locale: str = ENGLISH) -> Contents:
    """Give the index. Never raises: what is wrong is its `problem`."""
    try:
        state, pages = services.docs.state(), services.docs.pages(locale)
    except CacheProblem as problem:
        return Contents(CacheState(), (), problem=clean(str(problem)))
    here = [page for page in pages if page.outcome is not Outcome.GONE]
    return Contents(
        state,
        tuple(
            Section(title, level, tuple(group))
            for (title, level), group in groupby(here, lambda page: (page.section, page.level))
        ),
        tuple(page for page in pages if page.outcome is Outcome.GONE),
    )


def show(services: Services, path: str, *, locale: str = ENGLISH, digest: str = "") -> Shown:
    """Give a page, or an old version of it. Raises NoDocs, NoPage where no text of it is here, and NoVersion."""
    kept = _kept(services, path, locale)
    versions = services.docs.versions(path, locale)
    version = _version(versions, digest) if digest else None
    text = kept.text if version is None else _text(services, version)
    return Shown(
        listed=kept.listed,
        markdown=_titled(as_markdown(text), kept.listed),
        url=kept.listed.url,
        raw_url=kept.listed.raw_url,
        digest=kept.digest if version is None else version.digest,
        source=_source(kept, versions, services.now(), version),
        versions=versions,
        simulated=kept.simulated,
        raw=text,
    )


def show_all(services: Services, *, locale: str = ENGLISH, most: int | None = None) -> Shown:
    """Give the whole documentation as one page, each page under its title. Raises NoDocs.

    An anchor is the path of a page, or that with `#` and the anchor on the page. `most`: only the first pages of it,
    up to about so many characters.
    """
    state = services.docs.state()
    listed = [page for page in services.docs.pages(locale) if page.outcome is not Outcome.GONE]
    found = [kept for page in listed if (kept := services.docs.page(page.path, locale)) is not None]
    if not found:
        raise no_docs(services, locale)
    markdown = _joined((kept.listed, as_markdown(kept.text)) for kept in _first(found, most))
    came = min(kept.listed.fetched or services.now() for kept in found)
    place = state.found_at.partition("://")[2] or state.found_at
    words = f"{len(found)} pages of {place}, fetched {age(came, services.now())}"
    return Shown(
        listed=Listed("", locale, markdown.title, NOTHING, 0, state.found_at),
        markdown=markdown,
        url=state.found_at,
        raw_url=NOTHING,
        digest="",
        source=clean(words),
        versions=(),
        simulated=any(kept.simulated for kept in found),
    )


def search(services: Services, words: str, *, locale: str = "", limit: int = 50) -> tuple[Hit, ...]:
    """Find the places that hold all the words, the best first. Raises NoDocs where nothing is here to be searched."""
    hits = services.docs.search(words, locale=locale, limit=limit)
    if not hits and not any(services.docs.pages(each) for each in ([locale] if locale else LOCALES)):
        raise no_docs(services, locale or ENGLISH)
    return hits


def nothing_found(services: Services, words: str, how: str) -> Clean:
    """Say that no page holds the words; and where they are Chinese and no Chinese page is here, `how` to get them."""
    said = f"No page holds “{safe(words)}”."
    if any(_FIRST_CHINESE <= each <= _LAST_CHINESE for each in words) and not services.docs.pages(CHINESE):
        said += f" Only the English pages are here: {how} the Chinese ones too."
    return clean(said)


def difference(
    services: Services, path: str, *, locale: str = ENGLISH, old: str = "", new: str = ""
) -> PageDiff | None:
    """Give what changed between two versions (digests or their beginnings; default: the last two); None: one version.

    Without `old` it is the version before `new`. Raises NoDocs, NoPage and NoVersion.
    """
    kept = _kept(services, path, locale)
    versions = services.docs.versions(path, locale)
    after = _version(versions, new) if new else versions[0]
    before = _version(versions, old) if old else next(iter(versions[versions.index(after) + 1 :]), None)
    if before is None:
        return None
    texts = _text(services, before), _text(services, after)
    # What people read is compared; where only what they never see changed, the texts as they came.
    lines = diff(as_markdown(texts[0]).text, as_markdown(texts[1]).text) or diff(*texts)
    return PageDiff(kept.listed, before, after, lines, kept.simulated)


def versions(services: Services, path: str, *, locale: str = ENGLISH) -> tuple[Version, ...]:
    """Give the versions of a page, the newest first. Raises NoDocs and NoPage as `show`."""
    _kept(services, path, locale)
    return services.docs.versions(path, locale)


def changed_since(services: Services, since: datetime | None = None) -> tuple[Listed, ...]:
    """Give the pages whose text changed since then (default: ever), the newest change first, in every language.

    Those that are gone are not among them: `gone_pages` gives them.
    """
    pages = [(page.changed, page) for locale in LOCALES for page in services.docs.pages(locale)]
    changed = [
        (at, page)
        for at, page in pages
        if at is not None and (since is None or at > since) and page.outcome is not Outcome.GONE
    ]
    return tuple(page for _, page in sorted(changed, key=lambda each: each[0], reverse=True))


def gone_pages(services: Services) -> tuple[Listed, ...]:
    """Give the pages that the site has no longer, or the index, in every language. Nobody knows since when."""
    return tuple(
        page for locale in LOCALES for page in services.docs.pages(locale) if page.outcome is Outcome.GONE
    )


def _kept(services: Services, path: str, locale: str) -> Kept:
    kept = services.docs.page(path, locale)
    if kept is not None:
        return kept
    pages = services.docs.pages(locale)
    if not any(page.fetched for page in pages):
        raise no_docs(services, locale)
    if any(page.path == path for page in pages):
        raise NoPage(path, missing_text=True)
    raise NoPage(path)


def _text(services: Services, version: Version) -> str:
    text = services.docs.version(version.digest)
    if text is None:
        raise NoVersion(f"The text of version {version.digest[:12]} is here no more.")
    return text


def _version(versions: Iterable[Version], name: str) -> Version:
    """Find a version by its digest or the beginning of it. Raises NoVersion."""
    known = tuple(versions)
    found = {each.digest: each for each in known if each.digest.startswith(name.lower())}
    if len(found) == 1:
        # A text that came back is there several times: the newest is meant.
        return next(each for each in known if each.digest in found)
    listed = ", ".join(f"{each.digest[:12]} of {each.seen:%Y-%m-%d}" for each in known)
    what = "no version" if not found else "several versions"
    raise NoVersion(f"The page has {what} {safe(name)}. It has {listed}.")


def _titled(markdown: Markdown, listed: Listed) -> Markdown:
    return markdown if markdown.title else replace(markdown, title=listed.title)


def _source(kept: Kept, versions: tuple[Version, ...], now: datetime, version: Version | None) -> Clean:
    """Say where a page came from and how old it is."""
    listed = kept.listed
    place = kept.came_from.partition("://")[2] or kept.came_from
    if version is not None and version.digest != kept.digest:
        return clean(f"{place}, the text of {version.seen.astimezone():%Y-%m-%d %H:%M}")
    fetched = f"fetched {age(listed.fetched, now)}" if listed.fetched else "never fetched"
    if listed.outcome is Outcome.GONE:
        return clean(f"{place}, {fetched}, no longer there")
    if listed.outcome not in (Outcome.FOUND, Outcome.MOVED):
        asked = f", asked for again {age(listed.checked, now)}" if listed.checked else ""
        return clean(f"{place}, {fetched}{asked}: {listed.outcome}")
    checked = listed.checked or now
    said = fetched if listed.fetched == checked else f"checked {age(checked, now)}"
    since = versions[0].seen if versions else checked
    unchanged = f", unchanged since {since.astimezone():%Y-%m-%d}" if since.date() < checked.date() else ""
    return clean(f"{place}, {said}{unchanged}")


def _first(pages: Iterable[Kept], most: int | None) -> Iterator[Kept]:
    """Give the first pages, so many that they hold `most` characters or more; None: all."""
    size = 0
    for kept in pages:
        yield kept
        size += len(kept.text)
        if most is not None and size >= most:
            return


def _joined(pages: Iterable[tuple[Listed, Markdown]]) -> Markdown:
    lines: list[str] = []
    headings: list[Heading] = []
    dropped: dict[Clean, None] = {}
    for listed, markdown in pages:
        own = markdown.headings
        if own and own[0].level == 1:
            headings.append(replace(own[0], anchor=listed.path, line=own[0].line + len(lines)))
            own = own[1:]
        else:
            headings.append(Heading(1, listed.title, listed.path, len(lines)))
            lines += [f"# {listed.title}", ""]
        headings += [
            replace(heading, anchor=f"{listed.path}#{heading.anchor}", line=heading.line + len(lines))
            for heading in own
        ]
        lines += [*markdown.text.rstrip("\n").split("\n"), ""]
        dropped.update(dict.fromkeys(markdown.dropped))
    return Markdown(clean("All pages"), Clean("\n".join(lines)), tuple(headings), None, tuple(dropped))
