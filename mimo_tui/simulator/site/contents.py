"""What the sites hold: the shipped pages, or pages changed by a test; a frozen value with every file ready to send."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from mimo_tui.core import catalogue
from mimo_tui.simulator.site.index import full_text, short_index, site_map
from mimo_tui.simulator.site.page import ENGLISH, LOCALES, Page, Section, raw_address

MARKDOWN = "text/markdown; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class File:
    """What an address answers with."""

    body: bytes = field(repr=False)
    kind: str
    modified: datetime

    @property
    def tag(self) -> str:
        """Give its entity tag, quoted."""
        return f'"{sha256(self.body).hexdigest()[:24]}"'


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts with pages: the docs, the console (where the docs were before), the gallery and the front page."""

    docs: str
    console: str
    gallery: str
    website: str

    @property
    def origin(self) -> str:
        """Give the origin of the docs."""
        return f"https://{self.docs}"


@dataclass(frozen=True, slots=True)
class Site:
    """The sites at one state of their pages. Its methods give another Site and change nothing.

    `aliases` are old paths that still show their page; `moved` are those that lead to it by a redirect, at the old
    home always and here where `move` was called; `gone` are old raw texts that are no more. `cards` are the ids of
    the models that have a page of their own. `overrides` holds what an address answers instead, None for 404;
    `redirects` leads from a raw address to where its file is now.
    """

    title: str
    blurb: str
    hosts: Hosts
    sections: tuple[Section, ...]
    pages: Mapping[tuple[str, str], Page]
    aliases: Mapping[str, str]
    moved: Mapping[str, str]
    old_home: Mapping[str, str]
    gone: frozenset[str]
    cards: frozenset[str]
    overrides: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    redirects: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, File] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(_moved(self, dict(_files(self))))))

    def page(self, path: str, locale: str = ENGLISH) -> Page:
        """Give a page. Raises KeyError where there is none."""
        return self.pages[locale, path]

    def has(self, path: str, locale: str = ENGLISH) -> bool:
        """Tell whether a page is there by this path, in that language or at least in English."""
        path = self.aliases.get(path, path)
        return (locale, path) in self.pages or (ENGLISH, path) in self.pages

    def replace(self, path: str, text: str, locale: str = ENGLISH) -> "Site":
        """Give the site with another text of a page. Raises KeyError where there is no such page."""
        page = replace(self.page(path, locale), text=text)
        return replace(self, pages=MappingProxyType({**self.pages, (locale, path): page}))

    def remove(self, path: str) -> "Site":
        """Give the site without a page, in any language. Raises KeyError where there is no such page."""
        self.page(path)
        left = {key: page for key, page in self.pages.items() if key[1] != path}
        return replace(self, pages=MappingProxyType(left))

    def move(self, old: str, new: str) -> "Site":
        """Give the site with a page at another path, to which the old one leads. Raises KeyError as `remove`."""
        self.page(old)
        pages = {
            (locale, new if path == old else path): replace(page, path=new) if path == old else page
            for (locale, path), page in self.pages.items()
        }
        sections = tuple(
            replace(section, paths=tuple(new if path == old else path for path in section.paths))
            for section in self.sections
        )
        moved = MappingProxyType({**self.moved, old: new})
        return replace(self, pages=MappingProxyType(pages), sections=sections, moved=moved)

    def put(self, address: str, text: str | None) -> "Site":
        """Give the site with another text at a raw address of the docs, such as `/llms.txt`; None for 404."""
        return replace(self, overrides=MappingProxyType({**self.overrides, address: text}))

    def redirect(self, old: str, new: str) -> "Site":
        """Give the site with the file of a raw address at another one, to which the old one leads."""
        return replace(self, redirects=MappingProxyType({**self.redirects, old: new}))


@cache
def shipped() -> Site:
    """Give the shipped site. It reads its files when first called, so call it in a thread."""
    folder = Path(__file__).parent
    entries = tomllib.loads((folder / "contents.toml").read_text("utf-8"))
    pages = {(page.locale, page.path): page for locale in LOCALES for page in _read(folder, locale)}
    return Site(
        title=entries["title"],
        blurb=entries["blurb"],
        hosts=Hosts(**entries["hosts"]),
        sections=tuple(
            Section(one["title"], one["level"], tuple(one["pages"])) for one in entries["sections"]
        ),
        pages=MappingProxyType(pages),
        aliases=MappingProxyType(entries["aliases"]),
        moved=MappingProxyType({}),
        old_home=MappingProxyType(entries["old_home"]),
        gone=frozenset(entries["gone"]["paths"]),
        cards=_cards(),
    )


def _read(folder: Path, locale: str) -> Iterator[Page]:
    home = folder / locale
    for file in sorted(home.rglob("*.md")):
        path = file.relative_to(home).with_suffix("").as_posix()
        yield Page(path, locale, file.read_text("utf-8"))


def _cards() -> frozenset[str]:
    return frozenset(
        model.id
        for model in catalogue.load().models
        if model.offered.value and not model.offered.disputed and model.retired is None
    )


def _files(site: Site) -> Iterator[tuple[str, File]]:
    english = {path: page for (locale, path), page in site.pages.items() if locale == ENGLISH}
    newest = _newest(site.pages.values())
    head = f"# {site.title}\n\n> {site.blurb}"
    origin = site.hosts.origin
    yield "/llms.txt", _file(short_index(head, origin, site.sections, english), PLAIN, newest)
    yield "/llms-full.txt", _file(full_text(head, origin, site.sections, english), PLAIN, newest)
    yield "/sitemap.xml", _file(site_map(origin, english, site.cards), XML, newest)
    for (locale, path), page in site.pages.items():
        file = _file(page.text, MARKDOWN, page.updated)
        yield raw_address(path, locale), file
        for old in (old for old, new in site.aliases.items() if new == path):
            yield raw_address(old, locale), file
    for address, text in site.overrides.items():
        if text is not None:
            yield address, _file(text, MARKDOWN if address.endswith(".md") else PLAIN, newest)


def _moved(site: Site, files: Mapping[str, File]) -> Iterator[tuple[str, File]]:
    leading = site.redirects
    yield from ((address, file) for address, file in files.items() if address not in leading)
    yield from ((new, files[old]) for old, new in leading.items())


def _newest(pages: Iterable[Page]) -> datetime:
    return max(page.updated for page in pages)


def _file(text: str, kind: str, modified: datetime) -> File:
    return File(text.encode(), kind, modified)
