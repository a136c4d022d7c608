"""A line of a flow as runs of text with their marks, and the links that are in sight."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import FOUND, HERE, LINK, MUTED, Kind, Link, Run, Text, runs
from mimo_tui.tui.page.finding import Hits
from mimo_tui.tui.page.layout import Flow, Spot
from mimo_tui.tui.page.tables import LINES
from mimo_tui.tui.page.wrapping import width_of


class LinkAt(NamedTuple):
    """A link of a block: the number of each, which stay the same when the page is wrapped anew."""

    block: int
    number: int


def shown(flow: Flow, spot: Spot) -> Clean:
    """Give the text of a line as it stands on the screen."""
    before = flow.before(spot)
    if spot.line < 0:
        return before
    laid = flow.laid[spot.block]
    start, end = laid.span(spot.line)
    return Clean(before + laid.text.plain[start:end])


def ruled(flow: Flow, spot: Spot, runs_of: Iterable[Run], text: str) -> Iterator[tuple[str, int]]:
    """Give the text of each run with its mark; the lines of a table, and a rule, as such."""
    is_drawn = spot.line >= 0 and flow.laid[spot.block].block.kind in (Kind.TABLE, Kind.RULE)
    for run in runs_of:
        part = text[run.start : run.end]
        if is_drawn and run.mark & MUTED and not run.mark & LINK:
            part = part.translate(LINES)
        yield part, run.mark


def painted(
    flow: Flow, spot: Spot, hits: Hits, here: LinkAt | None, colours: Sequence[int] | None = None
) -> Iterator[Run]:
    """Give what is marked in a line: what stands before it, its own marks, hits, the link that is chosen."""
    before = len(flow.before(spot))
    if before:
        yield Run(0, before, MUTED)
    if spot.line < 0:
        return
    laid = flow.laid[spot.block]
    start, end = laid.span(spot.line)
    text = laid.text if colours is None else Text(laid.block.text.plain, colours)
    by = before - start
    for run in runs(text, start, end):
        yield Run(run.start + by, run.end + by, run.mark)
    for first, last in hits.in_span(text.plain, start, end):
        at = hits.here is not None and hits.here == (spot.block, first)
        yield Run(max(first, start) + by, min(last, end) + by, FOUND | (HERE if at else 0))
    for link in flow.links(spot):
        if here == (spot.block, link.number):
            yield Run(link.start + by, link.end + by, HERE)


def merged(length: int, layers: Iterable[Run]) -> Iterator[Run]:
    """Give the runs from 0 to length, the marks of those that lie over one another added up."""
    kept = [run for run in layers if run.start < run.end]
    edges = sorted({0, length, *(min(at, length) for run in kept for at in run[:2])})
    for start, end in pairwise(edges):
        mark = 0
        for run in kept:
            if run.start <= start and run.end >= end:
                mark |= run.mark
        yield Run(start, end, mark)


def link_at(flow: Flow, x: int, y: int) -> tuple[LinkAt, Link] | None:
    """Give the link in a cell."""
    if not 0 <= y < flow.height:
        return None
    spot = flow.spot(y)
    if spot.line < 0:
        return None
    before = flow.before(spot)
    left = width_of(before)
    start, _ = flow.laid[spot.block].span(spot.line)
    plain = flow.laid[spot.block].text.plain
    for link in flow.links(spot):
        first = left + width_of(plain[start : link.start])
        if first <= x < first + width_of(plain[link.start : link.end]):
            return LinkAt(spot.block, link.number), link
    return None


def links_between(flow: Flow, top: int, bottom: int) -> dict[LinkAt, Link]:
    """Give the links on the lines from `top` to above `bottom`, each once, in order."""
    found: dict[LinkAt, Link] = {}
    for y in range(max(top, 0), min(bottom, flow.height)):
        spot = flow.spot(y)
        for link in flow.links(spot):
            found.setdefault(LinkAt(spot.block, link.number), link)
    return found
