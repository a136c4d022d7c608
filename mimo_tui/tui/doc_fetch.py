"""Fetch the documentation for a screen, and what is told meanwhile and afterwards."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.updating import Event, IndexFound, Progress, Updated, update

_NAMED: Final = 4
_TOLD_EVERY: Final = 0.1
"""Seconds between two lines on how far it has come: a paint for each page would slow what one reads."""


async def fetch(services: Services, locale: str, tell: Callable[[Clean], None]) -> Updated | None:
    """Fetch all that changed, and `tell` how far it has come. Raises NothingSent and CacheProblem."""
    told_at = 0.0
    last: Updated | None = None
    async for event in update(services, locale=locale):
        if isinstance(event, Updated):
            last = event
        elif isinstance(event, IndexFound) or monotonic() - told_at >= _TOLD_EVERY:
            told_at = monotonic()
            tell(progress_text(event))
    return last


def progress_text(event: Event) -> Clean:
    """Say how far it has come, in a line."""
    match event:
        case IndexFound():
            return clean(f"… index found, {event.pages} pages; escape stops")
        case Progress(total=0):
            return clean(f"… everything in one file, {megabytes(event.bytes)} so far; escape stops")
        case Progress():
            return clean(f"… {event.done} of {event.total} pages: {event.title}; escape stops")
        case Updated():
            return summary(event)


def summary(updated: Updated) -> Clean:
    """Say what came of it."""
    if not updated.found:
        told = "; ".join(f"{seen.url}: {seen.reason or seen.outcome}" for seen in updated.seen)
        return clean(f"No index was found, so what was here stays. {told}")
    if is_first(updated):
        return clean(f"{updated.pages} pages are here now, {_cost(updated)}.")
    parts = []
    for paths, one, many in (
        (updated.changed, "page changed", "pages changed"),
        (updated.new, "new page", "new pages"),
        (updated.gone, "page gone", "pages gone"),
        (tuple(failed.path for failed in updated.failed), "page did not come", "pages did not come"),
    ):
        if paths:
            parts.append(f"{len(paths)} {one if len(paths) == 1 else many}: {_names(paths)}")
    told = ". ".join(parts) or "Nothing changed"
    return clean(f"{told}. {updated.pages} pages, {_cost(updated)}.")


def is_first(updated: Updated) -> bool:
    """Whether there was no page before: then all are new, which is no news of any."""
    return updated.found and not updated.failed and len(updated.new) == updated.pages


def marked(updated: Updated) -> frozenset[str]:
    """Give the pages that the index marks afterwards."""
    return frozenset() if is_first(updated) else frozenset((*updated.changed, *updated.new))


def _cost(updated: Updated) -> str:
    return f"{megabytes(updated.bytes)}, {updated.seconds:.1f} s"


def megabytes(size: int) -> str:
    """Give a size as people say it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"


def _names(paths: tuple[str, ...]) -> str:
    names = [path.rpartition("/")[2] for path in paths[:_NAMED]]
    return ", ".join(names) + (" …" if len(paths) > _NAMED else "")
