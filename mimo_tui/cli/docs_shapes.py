"""The JSON shapes of `mimo-tui docs`. A name or a meaning here changes only with `schema`."""

from collections.abc import Iterable
from datetime import datetime

from mimo_tui.cli.shapes import SCHEMA
from mimo_tui.core.docs.page import Heading
from mimo_tui.core.evidence import IndexSeen
from mimo_tui.core.json_text import Json
from mimo_tui.services.docs.reading import PageDiff, Shown
from mimo_tui.services.docs.updating import Updated
from mimo_tui.store.docs_cache import CacheState, Hit, Listed, Version


def list_document(state: CacheState, locale: str | None, pages: Iterable[Listed]) -> dict[str, Json]:
    """Give the document of `docs list --json`, and of `docs diff --json` without a page."""
    return {
        "schema": SCHEMA,
        "simulated": state.simulated,
        "found_at": state.found_at or None,
        "fetched": _moment(state.fetched),
        "checked": _moment(state.checked),
        "language": locale,
        "pages": [listed_shape(page) for page in pages],
    }


def listed_shape(page: Listed) -> dict[str, Json]:
    """Give a page of the index."""
    return {
        "path": page.path,
        "language": page.locale,
        "title": page.title,
        "section": page.section,
        "url": page.url,
        "raw_url": page.raw_url,
        "fetched": _moment(page.fetched),
        "checked": _moment(page.checked),
        "changed": _moment(page.changed),
        "outcome": page.outcome.name.lower(),
    }


def page_document(shown: Shown, *, raw: bool) -> dict[str, Json]:
    """Give the document of `docs show --json`: the page as markdown, or as it came."""
    return {
        "schema": SCHEMA,
        "simulated": shown.simulated,
        "page": listed_shape(shown.listed),
        "digest": shown.digest,
        "source": shown.source,
        "updated": shown.markdown.updated.isoformat() if shown.markdown.updated else None,
        "headings": [_heading_shape(heading) for heading in shown.markdown.headings],
        "form": "raw" if raw else "markdown",
        "text": shown.raw if raw else shown.markdown.text,
        "versions": [version_shape(version) for version in shown.versions],
    }


def _heading_shape(heading: Heading) -> Json:
    return {"level": heading.level, "title": heading.title, "anchor": heading.anchor, "line": heading.line}


def hits_document(words: str, hits: Iterable[Hit], *, simulated: bool) -> dict[str, Json]:
    """Give the document of `docs search --json`."""
    return {
        "schema": SCHEMA,
        "simulated": simulated,
        "words": words,
        "hits": [
            {
                "path": hit.path,
                "language": hit.locale,
                "title": hit.title,
                "heading": hit.heading,
                "anchor": hit.anchor,
                "excerpt": hit.excerpt,
                "marks": [list(mark) for mark in hit.marks],
                "gone": hit.gone,
            }
            for hit in hits
        ],
    }


def diff_document(page: Listed, found: PageDiff | None, *, simulated: bool) -> dict[str, Json]:
    """Give the document of `docs diff PAGE --json`; of a page with one version it has none to compare."""
    return {
        "schema": SCHEMA,
        "simulated": simulated,
        "page": listed_shape(page),
        "old": version_shape(found.old) if found is not None else None,
        "new": version_shape(found.new) if found is not None else None,
        "diff": [line.text if line.mark == "@" else f"{line.mark}{line.text}" for line in found.lines]
        if found
        else [],
    }


def versions_document(page: Listed, versions: Iterable[Version], *, simulated: bool) -> dict[str, Json]:
    """Give the document of `docs history --json`."""
    return {
        "schema": SCHEMA,
        "simulated": simulated,
        "page": listed_shape(page),
        "versions": [version_shape(version) for version in versions],
    }


def version_shape(version: Version) -> dict[str, Json]:
    """Give a version of a page."""
    return {"digest": version.digest, "seen": version.seen.isoformat(), "size": version.size}


def update_document(updates: Iterable[tuple[str, Updated]]) -> dict[str, Json]:
    """Give the document of `docs update --json`: what came of it in each language."""
    done = [(locale, update) for locale, update in updates]
    return {
        "schema": SCHEMA,
        "simulated": any(update.simulated for _, update in done),
        "updates": [_update_shape(locale, update) for locale, update in done],
    }


def _update_shape(locale: str, update: Updated) -> dict[str, Json]:
    return {
        "language": locale,
        "at": update.at.isoformat(),
        "indexes": [_index_shape(seen) for seen in update.seen],
        "pages": update.pages,
        "new": list(update.new),
        "changed": list(update.changed),
        "gone": list(update.gone),
        "failed": [
            {"path": failed.path, "outcome": failed.outcome.name.lower(), "reason": failed.reason}
            for failed in update.failed
        ],
        "requests": update.requests,
        "bytes": update.bytes,
        "seconds": round(update.seconds, 3),
    }


def _index_shape(seen: IndexSeen) -> dict[str, Json]:
    return {
        "url": seen.url,
        "outcome": seen.outcome.name.lower(),
        "found_at": seen.found_at or None,
        "reason": seen.reason or None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
