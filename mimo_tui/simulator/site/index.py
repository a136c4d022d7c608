"""The files about the pages: `llms.txt`, `llms-full.txt` and the site map (`mimo-api.md` §4.1-§4.3)."""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from mimo_tui.simulator.site.page import LOCALES, Page, Section, encoded

_ON_THE_MAP = "api/"


def short_index(head: str, origin: str, sections: Iterable[Section], pages: Mapping[str, Page]) -> str:
    """Give `llms.txt`: a bullet a page, below the headings of its section; sections without a page are left out."""
    parts = [head]
    for section in sections:
        bullets = [f"- [{page.title}]({origin}{page.raw_address})" for page in _in_order([section], pages)]
        if bullets:
            parts.append(f"{'#' * section.level} {section.title}\n\n" + "\n".join(bullets))
    return "\n\n".join(parts) + "\n"


def full_text(head: str, origin: str, sections: Iterable[Section], pages: Mapping[str, Page]) -> str:
    """Give `llms-full.txt`: every page of the index, each after the rules that name it."""
    blocks = [
        f"---\nDOCUMENT: {page.title}\n---\n\nURL: {origin}{page.raw_address}\n\n{page.text.strip()}"
        for page in _in_order(sections, pages)
    ]
    return "\n\n".join([head, *blocks]) + "\n"


def site_map(origin: str, pages: Iterable[str], cards: Iterable[str]) -> str:
    """Give `sitemap.xml`: cards of models and pages of the API, and nothing else (§4.1)."""
    addresses = [
        f"{origin}/models/{locale}/{encoded(card)}" for card in sorted(cards) for locale in LOCALES
    ] + [
        f"{origin}/docs/{locale}/{encoded(path)}"
        for path in sorted(pages)
        if path.startswith(_ON_THE_MAP)
        for locale in LOCALES
    ]
    entries = "\n".join(f"  <url><loc>{escape(address)}</loc></url>" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}\n</urlset>\n'
    )


def _in_order(sections: Iterable[Section], pages: Mapping[str, Page]) -> Iterator[Page]:
    for section in sections:
        yield from (pages[path] for path in section.paths if path in pages)
