"""Where a row or a sentence that a reader quotes stands in the page as people read it."""

from typing import Final

from mimo_tui.core.docs.blocks import Heading, Markdown

_ROWS: Final = " ; "
_LEAST: Final = 0.5
"""The share of a quote's words that a line has to hold to be its line."""


def find_quote(markdown: Markdown, quote: str) -> tuple[str, str] | None:
    """Give the anchor of the heading above it, and a word that stands below that heading for the first time there.

    The word is in lower case, the anchor empty above the first heading; of several rows the first is meant. None: the
    page does not hold it.
    """
    words = dict.fromkeys(quote.partition(_ROWS)[0].replace("|", " ").lower().rstrip("…").split())
    lines = markdown.text.replace("\\", "").lower().split("\n")
    held = [sum(word in line for word in words) for line in lines]
    best = max(held, default=0)
    if not words or best < _LEAST * len(words):
        return None
    at = held.index(best)
    above = _above(markdown, at)
    before = lines[above.line if above is not None else 0 : at]
    there = sorted((word for word in words if word in lines[at]), key=len, reverse=True)
    first = (word for word in there if not any(word in line for line in before))
    return above.anchor if above is not None else "", next(first, there[0])


def _above(markdown: Markdown, line: int) -> Heading | None:
    return next((each for each in reversed(markdown.headings) if each.line <= line), None)
