"""`mimo-tui docs update`: fetch what changed of the documentation."""

import argparse
import asyncio
from collections.abc import Iterable, Iterator

from mimo_tui.cli import output
from mimo_tui.cli.docs import SIMULATED, language
from mimo_tui.cli.docs_shapes import update_document
from mimo_tui.cli.errors import ExitCode, progress, say
from mimo_tui.core.docs.address import LOCALES
from mimo_tui.core.evidence import IndexSeen
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.docs.updating import Event, IndexFound, Progress, Updated
from mimo_tui.services.docs.updating import update as fetch

ALL = "all"

_NAMED = 20
"""How many pages of a kind are named."""


def update(services: Services, arguments: argparse.Namespace) -> ExitCode:
    if services.knowledge.settings.problem:
        say(services.knowledge.settings.problem)
    locales = LOCALES if arguments.lang == ALL else (language(services, arguments),)
    done = asyncio.run(_fetched(services, locales))
    if arguments.json:
        output.write_document(update_document(done))
    else:
        if any(one.simulated for _, one in done):
            output.write_lines((SIMULATED,))
        output.write_lines(line for locale, one in done for line in _lines(locale, one))
    missing = [one for _, one in done if not one.found]
    if missing:
        say("The index of the documentation was not found:")
        for seen in missing[0].seen:
            say(f"  {_address_in_words(seen)}")
        say(
            "Nothing that is here was lost. Try again later; doc_indexes in config.toml names another address."
        )
    silent = [locale for locale, one in done if one.failed and len(one.failed) == one.pages]
    for locale in silent:
        say(f"No page came in {locale}. Nothing that is here was lost; try again later.")
    return ExitCode.FAILED if missing or silent else ExitCode.DONE


async def _fetched(services: Services, locales: Iterable[str]) -> list[tuple[str, Updated]]:
    done: list[tuple[str, Updated]] = []
    try:
        for locale in locales:
            async for event in fetch(services, locale=locale):
                progress(_in_words(event))
                if isinstance(event, Updated):
                    done.append((locale, event))
            if not done[-1][1].found:
                break
    finally:
        progress("")
        await services.client.aclose()
    return done


def _in_words(event: Event) -> str:
    match event:
        case IndexFound():
            return f"{event.pages} pages in the index …" if event.pages else "No index."
        case Progress(total=0):
            return f"{event.bytes / 1_000_000:.1f} MB …"
        case Progress():
            return f"{event.done} of {event.total}: {event.title}"
        case Updated():
            return ""


def _lines(locale: str, update: Updated) -> Iterator[str]:
    if not update.found:
        return
    found = update.seen[-1] if update.seen else None
    place = found.found_at if found is not None else ""
    yield f"{locale}: {update.pages} pages in the index{f' of {place}' if place else ''}."
    for title, paths in (("new", update.new), ("changed", update.changed), ("gone", update.gone)):
        # The first time all are.
        if len(paths) < update.pages:
            yield from _named(title, paths)
    for failed in update.failed[:_NAMED]:
        yield f"  ✗ {failed.path}: {failed.outcome}{f', {failed.reason}' if failed.reason else ''}"
    if len(update.failed) > _NAMED:
        yield f"  … and {len(update.failed) - _NAMED} more that failed"
    sizes = {"new": update.new, "changed": update.changed, "gone": update.gone, "failed": update.failed}
    counts = ", ".join(f"{len(each)} {name}" for name, each in sizes.items())
    cost = f"{update.requests} requests, {update.bytes / 1000:,.0f} KB, {update.seconds:.1f} s"
    yield f"{counts}; {cost}."
    if update.changed or update.gone:
        yield "`mimo-tui docs diff` shows what changed."


def _named(title: str, paths: tuple[str, ...]) -> Iterator[str]:
    yield from (f"  {title}: {clean(path)}" for path in paths[:_NAMED])
    if len(paths) > _NAMED:
        yield f"  … and {len(paths) - _NAMED} more that are {title}"


def _address_in_words(seen: IndexSeen) -> str:
    return f"{seen.url}: {seen.outcome}{f' ({seen.reason})' if seen.reason else ''}"
