"""`mimo-tui docs`: list, read, search and compare the documentation that is here. `docs update` is in `docs_update`."""

import argparse
from collections.abc import Iterable, Iterator

from mimo_tui.cli import output
from mimo_tui.cli.docs_shapes import (
    diff_document,
    hits_document,
    list_document,
    page_document,
    versions_document,
)
from mimo_tui.cli.errors import ExitCode, Usage, say
from mimo_tui.core.ages import age
from mimo_tui.core.docs.address import ENGLISH, LOCALES
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.docs.finding import find_page, no_docs
from mimo_tui.services.docs.reading import (
    PageDiff,
    Shown,
    changed_since,
    contents,
    difference,
    gone_pages,
    nothing_found,
    search,
    show,
    versions,
)
from mimo_tui.store.docs_cache import CacheProblem, CacheState, Hit, Listed, Version

SIMULATED = clean("SIMULATED: this documentation comes from the simulated platform, not from MiMo.")

_DIGITS = 12
"""How much of a digest names a version."""


def language(services: Services, arguments: argparse.Namespace) -> str:
    """Give the language that is asked for, else the person's own, else English."""
    chosen: str = arguments.lang or services.knowledge.settings.language
    return chosen if chosen in LOCALES else ENGLISH


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    locale = language(services, arguments)
    found = contents(services, locale=locale)
    if found.problem:
        raise CacheProblem(found.problem)
    pages = (*(page for section in found.sections for page in section.pages), *found.gone)
    if not pages:
        raise no_docs(services, locale)
    if arguments.json:
        output.write_document(list_document(found.state, locale, pages))
        return ExitCode.DONE
    _say_simulated(simulated=found.state.simulated)
    now = services.now()
    rows = [
        (
            page.path,
            page.title,
            page.section,
            age(page.checked, now) if page.checked else "never",
            _note(page),
        )
        for page in pages
    ]
    output.write_table(("PAGE", "TITLE", "SECTION", "CHECKED", "NOTE"), rows, spare=("SECTION", "CHECKED"))
    output.write_lines((_state_in_words(services, found.state, len(pages)),))
    return ExitCode.DONE


def _note(page: Listed) -> str:
    if page.outcome is Outcome.GONE:
        return "gone"
    if page.fetched is None:
        return "no text here yet"
    if page.outcome not in (Outcome.FOUND, Outcome.MOVED):
        return str(page.outcome)
    return f"changed {page.changed.astimezone():%Y-%m-%d}" if page.changed else ""


def _state_in_words(services: Services, state: CacheState, pages: int) -> str:
    place = state.found_at.partition("://")[2] or "an index that is not known"
    checked = f", checked {age(state.checked, services.now())}" if state.checked else ""
    return f"{pages} pages of {place}{checked}."


def show_page(services: Services, arguments: argparse.Namespace) -> ExitCode:
    page = find_page(services, arguments.name, locale=language(services, arguments))
    shown = show(services, page.path, locale=page.locale, digest=arguments.version_digest)
    if arguments.json:
        output.write_document(page_document(shown, raw=arguments.raw))
    elif arguments.raw:
        _say_simulated(simulated=shown.simulated, aside=True)
        output.write_text(clean_lines(shown.raw))
    else:
        _say_simulated(simulated=shown.simulated)
        output.write_lines(_page_lines(shown))
    return ExitCode.DONE


def _page_lines(shown: Shown) -> Iterator[str]:
    yield f"{shown.url or shown.listed.path} · from {shown.source}"
    yield ""
    yield from shown.markdown.text.rstrip("\n").split("\n")


def search_pages(services: Services, arguments: argparse.Namespace) -> ExitCode:
    words = " ".join(arguments.words)
    hits = search(services, words, locale=arguments.lang or "")
    simulated = services.docs.state().simulated
    if arguments.json:
        output.write_document(hits_document(words, hits, simulated=simulated))
    elif hits:
        _say_simulated(simulated=simulated)
        output.write_lines(line for hit in hits for line in _hit_lines(hit))
    else:
        say(nothing_found(services, words, "`mimo-tui docs update --lang all` fetches"))
    return ExitCode.DONE if hits else ExitCode.FAILED


def _hit_lines(hit: Hit) -> Iterator[str]:
    heading = f" › {hit.heading}" if hit.heading else ""
    gone = ", gone" if hit.gone else ""
    yield f"{hit.title}{heading}  ({hit.path}, {hit.locale}{gone})"
    yield f"    {hit.excerpt}"


def diff_page(services: Services, arguments: argparse.Namespace) -> ExitCode:
    if arguments.name is None:
        if arguments.old or arguments.new:
            raise Usage("--from and --to are versions of a page: name it.")
        return _changed(services, arguments)
    page = find_page(services, arguments.name, locale=language(services, arguments))
    found = difference(services, page.path, locale=page.locale, old=arguments.old, new=arguments.new)
    if arguments.json:
        simulated = services.docs.state().simulated
        output.write_document(diff_document(page, found, simulated=simulated))
        return ExitCode.DONE
    if page.outcome is Outcome.GONE:
        say(f"{page.path} is gone; what is here is its last text.")
    if found is None:
        output.write_lines((f"{page.path} has one version, so there is nothing to compare.",))
        return ExitCode.DONE
    _say_simulated(simulated=found.simulated)
    output.write_diff(*_names(found), found.lines)
    if not found.lines:
        output.write_lines(("The two versions are the same.",))
    return ExitCode.DONE


def _names(found: PageDiff) -> tuple[str, str]:
    return (
        f"{found.listed.path} {_version_name(found.old)}",
        f"{found.listed.path} {_version_name(found.new)}",
    )


def _version_name(version: Version) -> str:
    return f"{version.digest[:_DIGITS]} of {version.seen.astimezone():%Y-%m-%d %H:%M}"


def _changed(services: Services, arguments: argparse.Namespace) -> ExitCode:
    state = services.docs.state()
    if not state.with_text:
        raise no_docs(services)
    pages = [
        page
        for page in (*changed_since(services), *gone_pages(services))
        if arguments.lang in (None, page.locale)
    ]
    if arguments.json:
        output.write_document(list_document(state, arguments.lang, pages))
        return ExitCode.DONE
    _say_simulated(simulated=state.simulated)
    if not pages:
        output.write_lines(("No page has changed since it was first fetched, and none is gone.",))
        return ExitCode.DONE
    output.write_table(
        ("CHANGED", "LANGUAGE", "PAGE", "TITLE"), list(_changed_rows(pages)), spare=("LANGUAGE",)
    )
    output.write_lines(("`mimo-tui docs diff PAGE` shows what changed.",))
    return ExitCode.DONE


def _changed_rows(pages: Iterable[Listed]) -> Iterator[tuple[str, ...]]:
    for page in pages:
        at = page.fetched if page.outcome is Outcome.GONE else page.changed
        when = f"{at.astimezone():%Y-%m-%d %H:%M}" if at is not None else ""
        if page.outcome is Outcome.GONE:
            when = f"gone, last came {when}" if when else "gone"
        yield when, page.locale, page.path, page.title


def history(services: Services, arguments: argparse.Namespace) -> ExitCode:
    page = find_page(services, arguments.name, locale=language(services, arguments))
    found = versions(services, page.path, locale=page.locale)
    simulated = services.docs.state().simulated
    if arguments.json:
        output.write_document(versions_document(page, found, simulated=simulated))
        return ExitCode.DONE
    _say_simulated(simulated=simulated)
    rows = [
        (each.digest[:_DIGITS], f"{each.seen.astimezone():%Y-%m-%d %H:%M}", f"{each.size:,}")
        for each in found
    ]
    output.write_table(("VERSION", "CAME", "BYTES"), rows)
    return ExitCode.DONE


def _say_simulated(*, simulated: bool, aside: bool = False) -> None:
    """Say that it is simulated; `aside` where what is written is for another program."""
    if simulated and aside:
        say(SIMULATED)
    elif simulated:
        output.write_lines((SIMULATED,))
