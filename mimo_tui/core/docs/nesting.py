"""The tags of blocks on an MDX page: what stands out, unfolds, lies on a tab or in a list, and how they are nested."""

import re
from typing import Final

from mimo_tui.core.docs.parts import Frame, Label, Part, Rule, TabEnd, Text, Title
from mimo_tui.core.docs.tags import attributes, words_of

BLOCKS: Final = words_of(
    "table tab tabs tabitem div p section article main header footer aside center details summary blockquote ul ol li "
    "dl dt dd pre h1 h2 h3 h4 h5 h6 script style hr figure figcaption"
)
"""Tags that end a paragraph, in lower case. So does a component of JSX at the beginning of a line."""

NOTICE: Final = ":::"
"""What begins and ends a notice of Docusaurus; here it is nested as a tag is."""

_OUTSTANDING: Final = re.compile(
    r"highlight|tip|note|warn|info|caution|danger|alert|callout|admonition|quote|important", re.IGNORECASE
)
_LABELS_OF_TAB: Final = ("label", "title", "value", "name")
_LABELS: Final = ("title", "label", "summary", "text")
_NAMED: Final = frozenset({"summary", "h1", "h2", "h3", "h4", "h5", "h6"})
_WIDEST_INDENT: Final = 24
_NEAR: Final = 50


class Nesting:
    """Takes the tags of blocks in their order and adds to `parts` what they say.

    `item` holds the marks of the next text where it is an item of a list, which is `tight` if it follows another.
    `dropped` names the components that markdown cannot say.
    """

    def __init__(self, parts: list[Part]) -> None:
        self.item = ""
        self.tight = False
        self.dropped: dict[str, None] = {}
        self._parts = parts
        self._lists: list[str] = []
        self._frames: list[tuple[str, bool]] = []
        self._begun: dict[str, tuple[int, str]] = {}

    def put(self, tag: re.Match[str], line: int) -> None:
        """Take a tag (`tags.TAG`) that stands on this line."""
        name, closes = tag["name"].lower(), bool(tag["slash"])
        self.tight = False
        if name == "tabitem":
            label = "" if closes else _first(attributes(tag["attributes"]), _LABELS_OF_TAB)
            self._parts.append(Label(label, line, is_tab=True) if label else TabEnd())
        elif name in _NAMED:
            self._put_named(name, tag, closes=closes)
        elif name in {"ul", "ol"} and not closes:
            self._lists.append(name)
        elif name in {"ul", "ol"}:
            del self._lists[-1:]
        elif name == "li":
            self._put_item(closes=closes)
        elif name == "hr":
            self._parts.append(Rule())
        elif closes:
            self.leave(name)
        else:
            self._put_frame(name, tag, line)

    def enter(self, name: str, *, framed: bool) -> None:
        """Begin a part of the page, which stands out if it is framed."""
        self._frames.append((name, framed))
        if framed:
            self._parts.append(Frame(begins=True))

    def leave(self, name: str) -> None:
        """End what began by this name last, and what began within and did not end; the end of nothing is nothing."""
        if any(entered == name for entered, _ in self._frames[-_NEAR:]):
            while self._leave_last() != name:
                pass

    def leave_all(self) -> None:
        """End what has no end, at the end of the page."""
        while self._frames:
            self._leave_last()

    def _leave_last(self) -> str:
        name, framed = self._frames.pop()
        if framed:
            self._parts.append(Frame(begins=False))
        return name

    def _put_frame(self, name: str, tag: re.Match[str], line: int) -> None:
        may_stand_out = name in {"div", "aside", "section"} or name not in BLOCKS
        framed = name == "blockquote" or (may_stand_out and _OUTSTANDING.search(tag[0]) is not None)
        if not tag["attributes"].endswith("/"):
            self.enter(name, framed=framed)
        if name not in BLOCKS:
            self.dropped.setdefault(tag["name"])
            if label := _first(attributes(tag["attributes"]), _LABELS):
                self._parts.append(Label(label, line, is_tab=False))

    def _put_item(self, *, closes: bool) -> None:
        depth = max(len(self._lists) - 1, 0)
        bullet = "1." if self._lists[-1:] == ["ol"] else "-"
        self.item = "" if closes else f"{' ' * min(3 * depth, _WIDEST_INDENT)}{bullet} "
        last = self._parts[-1] if self._parts else None
        self.tight = isinstance(last, Text) and bool(last.marks)

    def _put_named(self, name: str, tag: re.Match[str], *, closes: bool) -> None:
        """Make the text between `<h2>` and `</h2>` a heading, between `<summary>` and its end a label."""
        if not closes:
            self._begun[name] = len(self._parts), attributes(tag["attributes"]).get("id", "")
            return
        since, anchor = self._begun.pop(name, (len(self._parts), ""))
        texts = self._parts[since:]
        if len(texts) == 1 and isinstance(texts[0], Text):
            source, line = texts[0].source, texts[0].line
            self._parts[since] = (
                Label(source, line, is_tab=False)
                if name == "summary"
                else Title(int(name[1]), source.replace("\n", " "), line, anchor)
            )


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")
