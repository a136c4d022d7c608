"""Tags of HTML and JSX: how they are written, what their attributes say, and which of them are known."""

import re
from collections.abc import Callable
from html import unescape
from typing import Final

from mimo_tui.core.text import clean

TAG: Final = (
    r"<(?P<slash>/?)(?P<name>[A-Za-z][\w.:-]*+)"
    r"""(?P<attributes>(?:[^<>"'{}]++|"[^"]*+"|'[^']*+'|\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\})*+)>"""
)
"""A pattern for a whole tag, its name and attributes as groups. It takes linear time on any text."""

COMMENT: Final = r"\{\s*+/\*|<!--"

ENTITY: Final = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"

_ENTITY = re.compile(ENTITY)
_ATTRIBUTE = re.compile(
    r"""(?<![\w:-])([A-Za-z][\w:-]*+)=(?:"([^"]*+)"|'([^']*+)'"""
    r"""|\{\s*+[`"']([^`"'{}]*+)[`"']\s*+\}|\{\s*+(\d++)\s*+\}|([^\s"'{}<>]++))"""
)

_COMMENT = re.compile(COMMENT)
_BRACE = re.compile(r"\s*+\}")


def words_of(text: str) -> frozenset[str]:
    """Give the words of a list that is written as one text."""
    return frozenset(text.split())


_HTML = words_of(
    "a abbr address article aside audio b base bdi bdo big blockquote body br button caption center cite code col "
    "colgroup data dd del details dfn div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head "
    "header hr html i iframe img input ins kbd label li link main mark meta nav noscript object ol option p param "
    "picture pre q rp rt ruby s samp script section select small source span strike strong style sub summary sup "
    "svg path table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"
)


def is_known(name: str) -> bool:
    """Tell whether it is a tag of HTML or a component of JSX, and not words in angle brackets such as `<your key>`."""
    return name[0].isupper() or name.lower() in _HTML


def attributes(text: str) -> dict[str, str]:
    """Read the attributes of a tag that are strings, with entities decoded and their names in lower case."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), decoded("".join(values)))
    return found


def without_comments(text: str) -> str:
    """Take the comments of JSX and HTML away; one without an end stays."""
    kept: list[str] = []
    position, comment_end = 0, comment_ends(text)
    for comment in _COMMENT.finditer(text):
        end = comment_end(comment)
        if comment.start() >= position and end > 0:
            kept.append(text[position : comment.start()])
            position = end
    return "".join([*kept, text[position:]]) if kept else text


def comment_ends(text: str) -> Callable[[re.Match[str]], int]:
    """Give the function that finds where the comment ends whose beginning matched `COMMENT`, -1: nowhere."""
    last = {closing: text.rfind(closing) for closing in ("-->", "*/")}

    def end_of(opening: re.Match[str]) -> int:
        closing = "-->" if opening[0] == "<!--" else "*/"
        if opening.end() > last[closing]:
            return -1
        end = text.find(closing, opening.end()) + len(closing)
        brace = _BRACE.match(text, end) if closing == "*/" else None
        return brace.end() if brace is not None else end

    return end_of


def without_unsafe_entities(text: str) -> str:
    """Give markdown in which no entity stands for a character that a terminal would obey."""
    return _ENTITY.sub(_visible, text) if "&" in text else text


def _visible(entity: re.Match[str]) -> str:
    character = unescape(entity[0])
    shown = clean(character)
    return entity[0] if shown == character else shown


def decoded(text: str) -> str:
    """Decode the entities that are complete: `?a=1&copy=2` stays."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text
