"""The parts of a page between its headings, as plain text: what a search looks through."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mimo_tui.core.docs.page import Markdown
from mimo_tui.core.text import NOTHING, Clean, clean

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"[\s|:\-=*_]*\Z")
_LEAD = re.compile(r"\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,9}[.)]\s+)+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of a page with the heading and the anchor that it stands under; both empty above the first heading.

    `text` is one line without marks of markdown. The heading that is the page's own title begins no part.
    """

    heading: Clean
    anchor: str
    text: Clean


def sections(markdown: Markdown) -> tuple[PageSection, ...]:
    """Give the parts of a page in order, the one above the first heading always first."""
    lines = markdown.text.split("\n")
    headings = list(markdown.headings)
    if headings and headings[0].level == 1 and not "".join(lines[: headings[0].line]).strip():
        lines[headings[0].line] = ""
        headings.pop(0)
    starts = [0, *(heading.line for heading in headings)]
    ends = [*starts[1:], len(lines)]
    names = [(NOTHING, ""), *((heading.title, heading.anchor) for heading in headings)]
    return tuple(
        # The line of the heading itself is known by its title.
        PageSection(heading, anchor, _plain(lines[start + (1 if number else 0) : end]))
        for number, ((heading, anchor), start, end) in enumerate(zip(names, starts, ends, strict=True))
    )


def _plain(lines: Iterable[str]) -> Clean:
    """Give lines of markdown as one line of words."""
    return clean(" ".join(" ".join(_words(lines)).split()))


def _words(lines: Iterable[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark is not None and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence:
            yield line
        elif not _RULE.match(line):
            text = (
                _LEAD.sub("", line, count=1) if (found := _LEAD.match(line)) and found.start() == 0 else line
            )
            text = _LINK.sub(r"\1", _BREAK.sub(" ", text)).replace("**", "").replace("`", "")
            # A bar that is escaped belongs to the text of a cell.
            text = text.replace("\\|", "\0").replace("|", " ").replace("\0", "|")
            yield _ESCAPED.sub(r"\1", text)
