"""The structure of an MDX page: headings, paragraphs, tables, schemas, code, tabs and frames (`mimo-api.md` §4.4).

Any text is read in linear time and without recursion. No word is lost but those of comments, imports and scripts.
"""

import re
from bisect import bisect_right
from typing import Final

from mimo_tui.core.docs.grid import end_of_html, is_rule, read_html, read_pipes
from mimo_tui.core.docs.inline import code_spans
from mimo_tui.core.docs.nesting import BLOCKS, NOTICE, Nesting
from mimo_tui.core.docs.parts import (
    Fence,
    Label,
    Parameters,
    Part,
    Rule,
    Structure,
    TableOf,
    Text,
    Title,
)
from mimo_tui.core.docs.schema import read_schema
from mimo_tui.core.docs.tags import COMMENT, TAG, comment_ends, decoded

_EDGE: Final = r"(?=\n|\Z)"
_MARKS: Final = r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+"
_ANYWHERE: Final = (
    r"(?P<blank>(?:[ \t]*+\n)++|[ \t]++\Z)"
    r"|[ \t]*+(?P<schema><InlineSchema)"
    r"|[ \t]*+(?P<table><(?:table|TABLE)\b)"
    rf"|[ \t]*+(?P<comment>{COMMENT})"
    r"|[ \t]*+(?P<tag></?[A-Za-z])"
)
_AT_LINE_START: Final = re.compile(
    rf"{_ANYWHERE}"
    rf"|(?P<fence>(?P<marks>{_MARKS})(?P<ticks>`{{3,}}+|~{{3,}}+)(?P<info>[^`\n]*+){_EDGE})"
    rf"|(?P<rule>[ \t]*+(?:(?:-[ \t]*+){{3,}}+|(?:\*[ \t]*+){{3,}}+|(?:_[ \t]*+){{3,}}+){_EDGE})"
    rf"|(?P<title>[ \t]*+(?P<level>#{{1,6}}+)(?:[ \t]++(?P<words>[^\n]*+))?{_EDGE})"
    rf"|(?P<notice>[ \t]*+:::++[ \t]*+(?P<kind>\w*+)[ \t]*+(?P<caption>[^\n]*+){_EDGE})"
    r"|(?P<module>(?:import|export)\b)"
)
_WITHIN_LINE: Final = re.compile(_ANYWHERE)
_IMPORT: Final = re.compile(
    r"import\s++(?:(?:[\w*$][^\n'\";{}]{0,300}?)?(?:\{[^{}]{0,2000}\})?\s*from\s+)?"
    rf"['\"][^'\"\n]++['\"];?[ \t]*+{_EDGE}"
)
_EXPORT: Final = re.compile(
    r"export\s++(?:(?:const|let|var)\s++[\w{\[$][^\n=]*+=|(?:async\s++)?function\b|class\b|\{"
    rf"|default\s++(?:(?:async|function|class)\b|[({{]|\w++[ \t]*+;?[ \t]*+{_EDGE}))"
)
_FRONT_MATTER: Final = re.compile(
    r"---[ \t]*+\n(?P<inside>[\w-]++:[^\n]*+\n(?:[\w-]++:[^\n]*+\n|[ \t]++[^\n]*+\n|-[ \t][^\n]*+\n|\n)*+)"
    r"---[ \t]*+(?:\n|\Z)"
)
_TITLE_OF_MATTER: Final = re.compile(r"^title:[ \t]*+([^\n]*+)", re.MULTILINE)
_FENCE_END: Final = re.compile(r"^[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_QUOTE: Final = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_LINE: Final = re.compile(
    r"(?P<quote>(?:[ \t]*+>)*+)(?P<indent>[ \t]*+)(?P<bullet>(?:[-*+]|\d{1,9}[.)])(?:[ \t]++|\Z))?+"
)
_PLAIN_LINES: Final = re.compile(r"(?:(?!import\b|export\b)[^\W\d_][^\n<|]*+\n)++")
_CHOSEN_ANCHOR: Final = re.compile(r"[ \t]*\{#([\w-]+)\}\Z")
_UNDERLINE: Final = re.compile(r"[ \t]*+=++[ \t]*+")

_TAG: Final = re.compile(TAG)
_BLOCK_TAG: Final = re.compile(
    rf"<(?:table|TABLE)\b|<InlineSchema|(?=</?(?i:{'|'.join(sorted(BLOCKS))})\b){TAG}"
)
_SCHEMA: Final = re.compile(r"<InlineSchema\w*+\s[^<>`{}]*?\bschema\s*+=\s*+\{\s*+")
_LITERAL: Final = re.compile(r"`([^`\\]*+(?:\\.[^`\\]*+)*+)`(?:\s*+\}\s*+/?>)?+", re.DOTALL)
_LANGUAGE: Final = re.compile(r"lang(?:uage)?-([\w+#-]+)")
_COMMENT: Final = re.compile(COMMENT)
_MOST_PARTS: Final = 30_000
"""What follows is shown as it is written. Pages have some 4,000 to the megabyte."""
_DEEPEST_QUOTE: Final = 4
_WIDEST_INDENT: Final = 24


def parse(text: str) -> Structure:
    """Read the structure of a page whose line ends are `\\n`."""
    return _Parser(text).structure()


class _Parser:
    """Goes through a text once, from line to line, and within a line from tag to tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._fresh = True
        self._line, self._counted = 1, 0
        self._parts: list[Part] = []
        self._open: Text | None = None
        self._lines: list[str] = []
        self._gap = True
        self._in_list, self._base = False, 0
        self._nesting = Nesting(self._parts)
        self._endless: set[str] = set()
        self._line_end = -1
        self._code: tuple[list[int], list[int]] | None = None
        self._comment_end = comment_ends(text)

    def structure(self) -> Structure:
        title = self._front_matter()
        while self._at < len(self._text) and len(self._parts) < _MOST_PARTS:
            self._step()
        self._close()
        if rest := self._text[self._at :].strip("\n"):
            self._parts.append(Fence("", rest, self._here(self._at)))
        self._nesting.leave_all()
        return Structure(tuple(self._parts), tuple(self._nesting.dropped), title)

    def _front_matter(self) -> str:
        matter = _FRONT_MATTER.match(self._text)
        if matter is None:
            return ""
        self._at = matter.end()
        title = _TITLE_OF_MATTER.search(matter["inside"])
        return title[1].strip().strip("\"'") if title is not None else ""

    def _step(self) -> None:
        start = (_AT_LINE_START if self._fresh else _WITHIN_LINE).match(self._text, self._at)
        kind = start.lastgroup if start is not None else None
        if start is None or kind is None:
            self._take_text()
        elif kind == "blank":
            self._take_blank(start)
        elif kind == "comment":
            self._take_comment(start)
        elif kind == "tag":
            self._take_tag(start.start("tag"))
        elif kind == "table":
            self._take_table(start.start("table"))
        elif kind == "schema":
            self._take_schema(start.start("schema"))
        elif kind == "module":
            self._take_module()
        else:
            self._take_line(kind, start)

    def _move(self, at: int) -> None:
        """Go on at `at`, which begins a line if it stands behind a line end."""
        self._fresh = self._text[at - 1 : at] == "\n"
        self._at = at

    def _here(self, at: int) -> int:
        """Give the number of the line at `at`, which never goes back."""
        self._line += self._text.count("\n", self._counted, at)
        self._counted = max(self._counted, at)
        return self._line

    def _add(self, part: Part) -> None:
        self._begin_block()
        self._parts.append(part)

    def _begin_block(self) -> None:
        self._close()
        self._gap = True

    def _close(self) -> None:
        if self._open is not None:
            self._open.source = "\n".join(self._lines)
            self._open = None

    def _take_blank(self, blank: re.Match[str]) -> None:
        if self._fresh or self._text.count("\n", blank.start(), blank.end()) > 1:
            self._close()
            self._gap = True
        self._move(blank.end())

    def _take_comment(self, start: re.Match[str]) -> None:
        opening = _COMMENT.match(self._text, start.start("comment"))
        end = self._comment_end(opening) if opening is not None else -1
        if end < 0:
            self._take_text()
        else:
            self._at, self._fresh = end, False

    def _take_line(self, kind: str, line: re.Match[str]) -> None:
        """Take what is a line, or begins with one: a heading, a rule, a notice (`:::note`), a fence."""
        if kind == "fence":
            self._take_fence(line)
            return
        number = self._here(line.start())
        if kind == "title":
            self._in_list = False
            self._add(_title(len(line["level"]), line["words"] or "", number))
        elif kind == "rule" and "-" in line[0] and self._open is not None and not self._open.marks:
            self._underline(2)
        elif kind == "rule":
            self._in_list = False
            self._add(Rule())
        elif line["kind"] or line["caption"]:
            self._begin_block()
            self._nesting.enter(NOTICE, framed=True)
            if line["caption"]:
                self._add(Label(line["caption"], number, is_tab=False))
        else:
            self._begin_block()
            self._nesting.leave(NOTICE)
        self._move(min(line.end() + 1, len(self._text)))

    def _underline(self, level: int) -> None:
        paragraph = self._open
        self._close()
        if paragraph is not None:
            self._parts[-1] = _title(level, paragraph.source.replace("\n", " "), paragraph.line)
            self._gap = True

    def _take_fence(self, fence: re.Match[str]) -> None:
        number, ticks, begin = self._here(fence.start()), fence["ticks"], fence.end() + 1
        ends = _FENCE_END.finditer(self._text, min(begin, len(self._text)))
        end = next((one for one in ends if one[1].startswith(ticks)), None)
        inside = self._text[begin : end.start() if end is not None else len(self._text)].removesuffix("\n")
        marks = fence["marks"]
        for _ in range(min(marks.count(">"), _DEEPEST_QUOTE)):
            inside = _QUOTE.sub("", inside)
        indent = len(marks) - (marks.rfind(">") + 1)
        if indent:
            inside = re.sub(rf"^[ \t]{{1,{min(indent, 1000)}}}", "", inside, flags=re.MULTILINE)
        line = _LINE.match(marks)
        self._add(Fence(fence["info"].strip(), inside, number, self._marks(line) if line is not None else ""))
        self._move(min(end.end() + 1, len(self._text)) if end is not None else len(self._text))

    def _take_module(self) -> None:
        """Take an import, or what is exported up to the next blank line; else it is a sentence."""
        statement = _IMPORT.match(self._text, self._at)
        if statement is not None:
            end = statement.end()
        elif self._open is None and (statement := _EXPORT.match(self._text, self._at)) is not None:
            end = self._text.find("\n\n", self._at)
        else:
            self._take_text()
            return
        self._nesting.dropped.setdefault(self._text[self._at : self._at + 6])
        self._close()
        self._move(min(end + 1, len(self._text)) if end >= 0 else len(self._text))

    def _take_text(self) -> None:
        """Take text up to the end of the line, or to a tag of a block within it."""
        start = self._at
        if self._fresh and (lines := _PLAIN_LINES.match(self._text, start)) is not None:
            if self._open is None:
                self._in_list = False
                self._begin(self._nesting.item, self._here(start))
            self._lines.append(lines[0].removesuffix("\n"))
            self._at = lines.end()
            return
        if start >= self._line_end:
            found = self._text.find("\n", start)
            self._line_end, self._code = found if found >= 0 else len(self._text), None
        end = self._block_within(start, self._line_end)
        fragment, whole = self._text[start:end], end == self._line_end
        if self._fresh and whole and "|" in fragment and self._take_pipes(fragment):
            return
        if self._fresh and self._open is not None and not self._open.marks and _UNDERLINE.fullmatch(fragment):
            self._underline(1)
        elif fragment.strip():
            self._put(fragment, self._here(start))
        self._at, self._fresh = (min(end + 1, len(self._text)), True) if whole else (end, False)

    def _block_within(self, start: int, end: int) -> int:
        """Give where in a line the first tag of a block stands outside of code, or its end."""
        at = start + 1
        while (tag := _BLOCK_TAG.search(self._text, at, end)) is not None:
            if not self._in_code(tag.start()):
                return tag.start()
            at = tag.end()
        return end

    def _in_code(self, at: int) -> bool:
        if self._code is None:
            begin = self._text.rfind("\n", 0, at) + 1
            self._code = code_spans(self._text[begin : self._line_end], begin)
        starts, ends = self._code
        before = bisect_right(starts, at) - 1
        return before >= 0 and at < ends[before]

    def _put(self, fragment: str, number: int) -> None:
        """Begin a paragraph or an item with this text, or go on with the one that is open."""
        line = _LINE.match(fragment) if self._fresh else None
        words = fragment[line.end() :] if line is not None else fragment
        begins = line is not None and (bool(line["bullet"]) or bool(line["quote"].strip()))
        if self._open is not None and line is not None and line["quote"] and not line["bullet"]:
            begins = not self._open.marks.startswith(">")
        if self._open is not None and not begins:
            self._lines.append(words.strip())
            return
        self._close()
        self._begin(self._nesting.item or (self._marks(line) if line is not None else ""), number)
        self._lines.append(words.strip())

    def _begin(self, marks: str, number: int) -> None:
        self._open = Text("", number, marks, self._gap)
        self._nesting.item, self._gap = "", False
        self._lines = []
        self._parts.append(self._open)

    def _marks(self, line: re.Match[str]) -> str:
        """Give what stands before a text: quotations, the indentation within a list, a bullet."""
        indent = len(line["indent"])
        bullet = (line["bullet"] or "").strip()
        if bullet:
            self._base = self._base if self._in_list else indent
            self._in_list = True
        elif self._in_list and indent <= self._base:
            self._in_list = False
        within = min(max(indent - self._base, 0), _WIDEST_INDENT) if self._in_list else 0
        quotes = "> " * min(line["quote"].count(">"), _DEEPEST_QUOTE)
        return f"{quotes}{' ' * within}{bullet}{' ' if bullet else ''}"

    def _take_pipes(self, heading: str) -> bool:
        """Take a table with pipes, if a rule follows its headings."""
        at = self._line_end + 1
        rule = self._text[at : self._end_of_line(at)] if at < len(self._text) else ""
        if not is_rule(rule.lstrip(" \t>")):
            return False
        number, lines = self._here(self._at), []
        at += len(rule) + 1
        while at < len(self._text):
            row = self._text[at : self._end_of_line(at)]
            if "|" not in row:
                break
            lines.append(row.lstrip(" \t>"))
            at += len(row) + 1
        self._add(TableOf(read_pipes(heading.lstrip(" \t>"), lines), number))
        self._move(min(at, len(self._text)))
        return True

    def _end_of_line(self, at: int) -> int:
        found = self._text.find("\n", at)
        return found if found >= 0 else len(self._text)

    def _take_table(self, start: int) -> None:
        number, end = self._here(start), end_of_html(self._text, start)
        grid = read_html(self._text[start:end])
        if grid.beside:
            self._add(Text(grid.beside, number))
        self._add(TableOf(grid, number))
        self._move(end)

    def _take_schema(self, start: int) -> None:
        opening = _SCHEMA.match(self._text, start)
        if opening is None:
            self._take_tag(start)
            return
        literal = _LITERAL.match(self._text, opening.end())
        if literal is not None:
            source, end = literal[1], literal.end()
        else:
            close = self._text.find("/>", opening.end())
            end = close + 2 if close >= 0 else len(self._text)
            source = self._text[opening.end() : end].removesuffix("/>").rstrip().removesuffix("}")
        self._add(Parameters(read_schema(source), source.strip(), self._here(start)))
        self._move(end)

    def _take_tag(self, start: int) -> None:
        tag = _TAG.match(self._text, start)
        if tag is None or not (tag["name"][0].isupper() or tag["name"].lower() in BLOCKS):
            self._take_text()
            return
        self._here(tag.start())
        self._at, self._fresh = tag.end(), False
        name = tag["name"].lower()
        if name in {"pre", "script", "style"} and not tag["slash"]:
            self._take_raw(name, tag)
        else:
            self._begin_block()
            self._nesting.put(tag, self._line)
            self._gap = not self._nesting.tight

    def _take_raw(self, name: str, tag: re.Match[str]) -> None:
        """Take what is not to be read as MDX: code as it stands, scripts not at all."""
        end = None
        if name not in self._endless:
            end = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(self._text, tag.end())
        if end is None:
            self._endless.add(name)
        inside = self._text[tag.end() : end.start()] if end is not None else ""
        if name != "pre":
            self._nesting.dropped.setdefault(name)
        elif inside:
            language = _LANGUAGE.search(tag[0] + inside[:200])
            code = decoded(_TAG.sub("", inside)).strip("\n")
            self._add(Fence(language[1] if language is not None else "", code, self._line))
        self._at = end.end() if end is not None else self._at


def _title(level: int, words: str, line: int) -> Title:
    words = words.strip()
    bare = words.rstrip("#")
    words = bare.rstrip() if not bare or bare[-1] in " \t" else words
    chosen = _CHOSEN_ANCHOR.search(words)
    if chosen is None:
        return Title(level, words, line)
    return Title(level, words[: chosen.start()], line, chosen[1])
