"""What stands inside a paragraph, a heading or a cell: marked text with links."""

import re
from array import array
from typing import TYPE_CHECKING, Final

from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.page.blocks import CODE, EMPHASIS, LINK, MUTED, STRIKE, STRONG, Link, Text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LONGEST: Final = 20_000
"""Characters. What is longer is no paragraph that somebody wrote: it is shown as it is, without marks."""
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<&~]|https?://|  \n")
_ADDRESS: Final = re.compile(
    r"https?://[^\s<>\"'`|^{}，。、；：！？（）【】「」《》]+", re.ASCII | re.IGNORECASE
)
_AFTER_ADDRESS: Final = ".,;:!?*_~)]"
_WIDE: Final = "⺀-鿿가-힣豈-﫿！-｠"
_SOFT_BREAK: Final = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}])")
_MARKS: Final = {"strong": STRONG, "em": EMPHASIS, "s": STRIKE}


def read_inline(parser: "MarkdownIt", source: str) -> Text:
    """Read the inside of a block. Lines become one, between two Chinese characters without a space."""
    if len(source) > _LONGEST or not _SPECIAL.search(source):
        return Text(clean(_joined(source)))
    tokens: list[Token] = []
    parser.inline.parse(source, parser, {}, tokens)
    return _Inline(tokens).text()


def _joined(source: str) -> str:
    return _SOFT_BREAK.sub("", source).replace("\n", " ") if "\n" in source else source


class _Inline:
    """Puts together what the tokens say."""

    def __init__(self, tokens: "list[Token]") -> None:
        self._parts: list[str] = []
        self._length = 0
        self._marks = array("I")
        self._links: list[Link] = []
        self._open: list[tuple[int, Clean]] = []
        self._depth = {STRONG: 0, EMPHASIS: 0, STRIKE: 0}
        for at, token in enumerate(tokens):
            self._take(token, tokens[at + 1 : at + 2])

    def text(self) -> Text:
        return Text(Clean("".join(self._parts)), self._marks[:] if self._marks else (), tuple(self._links))

    def _take(self, token: "Token", after: "list[Token]") -> None:
        name, _, side = token.type.rpartition("_")
        if mark := _MARKS.get(name):
            self._depth[mark] += 1 if side == "open" else -1
        elif token.type == "link_open":
            self._open.append((self._length, clean(str(token.attrGet("href") or ""))))
        elif token.type == "link_close":
            if self._open:
                start, href = self._open.pop()
                self._link(start, href)
        elif token.type == "image":
            self._image(token)
        elif token.type == "softbreak":
            # Chinese is written without spaces: a line end between two of its characters is none.
            self._add(_space(self._parts[-1][-1:] if self._parts else "", after), 0)
        elif token.type == "hardbreak":
            self._parts.append("\n")
            self._length += 1
        elif token.type == "code_inline":
            self._add(token.content, CODE)
        else:
            self._plain(token.content)

    def _plain(self, content: str) -> None:
        """Add text; an address in it is a link."""
        done = 0
        for found in () if self._open else _ADDRESS.finditer(content):
            self._add(content[done : found.start()], 0)
            href = _address(found[0])
            start = self._length
            self._add(href, LINK)
            self._link(start, clean(href))
            done = found.start() + len(href)
        self._add(content[done:], 0)

    def _image(self, token: "Token") -> None:
        source = clean(str(token.attrGet("src") or ""))
        start = self._length
        self._add(f"▣ {token.content or source.rpartition('/')[2]}", MUTED | (0 if self._open else LINK))
        if not self._open:
            self._link(start, source)

    def _link(self, start: int, href: Clean) -> None:
        if href and self._length > start:
            self._links.append(Link(start, self._length, href, len(self._links)))

    def _add(self, text: str, mark: int) -> None:
        shown = clean(text)
        if not shown:
            return
        mark |= sum(mark for mark, depth in self._depth.items() if depth > 0)
        mark |= LINK if self._open else 0
        start, self._length = self._length, self._length + len(shown)
        self._parts.append(shown)
        if mark:
            self._marks.extend((start, self._length, mark))


def _address(found: str) -> str:
    """Give an address without the signs after it that belong to the sentence; a bracket does if none opens it."""
    address = found.rstrip(_AFTER_ADDRESS)
    closing = address.count("(") - address.count(")")
    if closing > 0 and found[len(address) : len(address) + closing] == ")" * closing:
        return found[: len(address) + closing]
    return address


def _space(before: str, after: "list[Token]") -> str:
    pair = f"{before}\n{after[0].content[:1] if after else ''}"
    return "" if _SOFT_BREAK.search(pair) else " "
