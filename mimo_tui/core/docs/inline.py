"""What stands within a paragraph of MDX: tags, comments, code, emphasis and links, as plain text or as markdown."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from mimo_tui.core.docs.tags import (
    COMMENT,
    ENTITY,
    TAG,
    attributes,
    comment_ends,
    decoded,
    is_known,
    without_unsafe_entities,
    words_of,
)
from mimo_tui.core.text import Clean, clean, clean_lines

_TARGET: Final = (
    r"(?:<[^<>\n]*+>|[^()\s<>]*+(?:\([^()\s]*+\)[^()\s<>]*+)*+)"
    r"""(?:[ \t]++(?:"[^"<>\n]*+"|'[^'<>\n]*+'))?[ \t]*+\)"""
)
_COMMON: Final = (
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`++)"
    rf"|(?P<comment>{COMMENT})"
    r"|(?P<address><(?:https?://|mailto:)[^\s<>]*+>)"
    rf"|(?P<tag>{TAG})"
    r"|(?P<less><)"
    r"""|(?P<braced>\{[ \t]*+(?:"[^"\n]*+"|'[^'\n]*+'|`[^`\n$]*+`)[ \t]*+\})"""
)
_FOR_MARKDOWN: Final = re.compile(rf"{_COMMON}|(?P<target>\]\({_TARGET})")
_FOR_PLAIN: Final = re.compile(
    rf"{_COMMON}|(?P<entity>{ENTITY})|(?P<open>!?\[)|(?P<close>\](?:\({_TARGET})?)|(?P<run>\*++|_++|~~++)"
)
_MARKS_OF_PLAIN: Final = re.compile(r"[\\`{<&\[*_~]")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_BLANKS_IN_LINE: Final = re.compile(r"[ \t\r]+")
_TICKS: Final = re.compile(r"`+")
_SPECIAL: Final = re.compile(r"[\\<`]")
_POINTED: Final = re.compile(r"<([^<>]*)>")
_TAGS: Final = re.compile(TAG)
_NOT_IN_LABEL: Final = re.compile(r"[\[\]<>`\\\n]")
_MAY_STAND: Final = frozenset(" \t\n=-0123456789")
_CODE: Final = frozenset({"code", "kbd", "samp", "tt"})
_EMPHASIS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_BREAKS: Final = words_of("br p div li ul ol tr blockquote hr pre h1 h2 h3 h4 h5 h6 dd dt")
_MEDIA: Final = frozenset({"video", "audio", "iframe", "embed", "source", "object"})
_UNSAID: Final = frozenset({"script", "style", "svg", "form", "input", "button", "select", "textarea"})

_Token = tuple[str, str, re.Match[str] | None]
_Dropped = Callable[[str], None]


def plain(source: str, *, line_end: str = " ") -> Clean:
    """Give the text without its marks, a link as its text; a `<br />` or the end of a block gives `line_end`.

    It is one line, unless `line_end` is one.
    """
    text = _without_marks(source, line_end) if _MARKS_OF_PLAIN.search(source) else source
    if line_end != "\n":
        return clean(_BLANKS.sub(" ", text).strip())
    lines = (line.strip() for line in _BLANKS_IN_LINE.sub(" ", text).split("\n"))
    return clean_lines("\n".join(filter(None, lines)))


def marked(source: str, *, line_end: str = " ", dropped: _Dropped = lambda _: None) -> str:
    """Give the text as markdown without HTML: tags as marks, or left out; links, entities and marks stay as they are.

    `line_end` stands for a `<br />`; `dropped` is told the name of each tag that says what markdown cannot.
    """
    if "<" not in source and "{" not in source and ("`" not in source or "\n" not in source):
        return without_unsafe_entities(source)
    out: list[str] = []
    opened: list[tuple[str, int, str]] = []
    for kind, text, match in _tokens(source, _FOR_MARKDOWN):
        if kind == "tag" and match is not None:
            _put_tag(match, out, opened, line_end, dropped)
        elif kind == "less":
            after = source[match.start() + 1 : match.start() + 2] if match is not None else ""
            out.append(text if after in _MAY_STAND else f"\\{text}")
        elif kind == "html":
            out.append(code_span(_BLANKS.sub(" ", text)))
        elif kind == "braced":
            out.append(_SPECIAL.sub(r"\\\g<0>", text))
        elif kind == "code":
            out.append(text.replace("\n", " "))
        elif kind == "ticks":
            out.append("\\`" * len(text))
        elif kind == "target":
            out.append(_POINTED.sub(lambda pointed: _target(pointed[1]), text))
        else:
            out.append(text)
    for _, at, _ in opened:
        out[at] = ""
    return without_unsafe_entities("".join(_apart(out)))


def bare(source: str) -> Clean:
    """Give text that is no markdown without its tags, on one line."""
    return clean(" ".join(decoded(_TAGS.sub(_unless_known, source)).split()))


def code_span(text: str) -> str:
    """Write text as code within a line of markdown."""
    if not text.strip():
        return text
    fence = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    blank = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def code_ends(source: str) -> Callable[[int, int], int]:
    """Give the function that finds where the code ends whose ticks are at (start, end), -1: nowhere.

    It is to be asked from left to right.
    """
    places: dict[int, list[int]] = {}
    for run in _TICKS.finditer(source):
        places.setdefault(run.end() - run.start(), []).append(run.start())
    for starts in places.values():
        starts.reverse()

    def end_of(start: int, end: int) -> int:
        starts = places.get(end - start, [])
        while starts and starts[-1] < end:
            starts.pop()
        return starts[-1] + end - start if starts else -1

    return end_of


def code_spans(line: str, begin: int) -> tuple[list[int], list[int]]:
    """Give where code begins and ends in a line that begins at `begin`."""
    starts: list[int] = []
    ends: list[int] = []
    code_end, last = code_ends(line), 0
    for ticks in _TICKS.finditer(line):
        end = code_end(*ticks.span()) if ticks.start() >= last else -1
        if end > 0:
            starts.append(begin + ticks.start())
            ends.append(begin + end)
            last = end
    return starts, ends


def _tokens(source: str, pattern: re.Pattern[str]) -> Iterator[_Token]:
    """Give the pieces by their group; "text" between them, "code" with its ticks, "html" for what tags of code hold."""
    position, code_end, comment_end = 0, code_ends(source), comment_ends(source)
    last_closing = source.rfind("</")
    while (match := pattern.search(source, position)) is not None:
        start, end = match.span()
        kind, text = match.lastgroup or "text", match[0]
        if start > position:
            yield "text", source[position:start], None
        position = end
        if kind == "ticks":
            position = max(end, code_end(start, end))
            yield "code" if position > end else "ticks", source[start:position], None
        elif kind == "comment":
            position = comment_end(match)
            if position < 0:
                position = start + 1
                yield ("text" if text[0] == "{" else "less"), text[0], match
        elif kind == "tag" and match["name"].lower() in _CODE and not match["slash"] and end <= last_closing:
            position = source.find("</", end)
            yield "html", decoded(_TAGS.sub("", source[end:position])), None
        elif kind == "braced":
            yield kind, text[1:-1].strip()[1:-1], None
        else:
            yield kind, text, match
    if position < len(source):
        yield "text", source[position:], None


def _apart(pieces: list[str]) -> Iterator[str]:
    """Give the pieces with a blank between code and code that a tag stood between."""
    before = ""
    for piece in filter(None, pieces):
        if piece[0] == "`" and before[-1:] == "`":
            yield " "
        yield piece
        before = piece


def _put_tag(
    match: re.Match[str], out: list[str], opened: list[tuple[str, int, str]], line_end: str, dropped: _Dropped
) -> None:
    """Write a tag as markdown. `opened` holds the name, place and end mark of what is still open."""
    name, closes = match["name"].lower(), bool(match["slash"])
    if not is_known(match["name"]):
        out.append(_SPECIAL.sub(r"\\\g<0>", match[0]))
    elif name in _BREAKS:
        out.append(line_end)
    elif closes and opened and opened[-1][0] == name:
        out.append(opened.pop()[2])
    elif closes:
        return
    elif name in _EMPHASIS:
        opened.append((name, len(out), _EMPHASIS[name]))
        out.append(_EMPHASIS[name])
    elif name == "a" and (target := attributes(match["attributes"]).get("href")):
        opened.append((name, len(out), f"]({_target(target)})"))
        out.append("[")
    elif name == "img":
        said = attributes(match["attributes"])
        out.append(f"![{_NOT_IN_LABEL.sub(' ', said.get('alt', ''))}]({_target(said.get('src', ''))})")
    elif name in _MEDIA and (target := attributes(match["attributes"]).get("src")):
        dropped(name)
        out.append(f"[{name}]({_target(target)})")
    elif match["name"][0].isupper() or name in _UNSAID:
        dropped(match["name"])


def _target(url: str) -> str:
    """Write the target of a link so that nothing in it ends it."""
    for character, written in (
        ("\n", ""),
        ("<", "%3C"),
        (">", "%3E"),
        (" ", "%20"),
        ("(", "%28"),
        (")", "%29"),
    ):
        url = url.replace(character, written)
    return url


def _without_marks(source: str, line_end: str) -> str:
    out: list[str] = []
    brackets: list[int] = []
    runs: dict[str, list[int]] = {}
    for kind, text, match in _tokens(source, _FOR_PLAIN):
        written = text
        if kind == "code":
            ticks = len(text) - len(text.lstrip("`"))
            written = text[ticks:-ticks]
        elif kind == "escape":
            written = text[1]
        elif kind == "entity":
            written = decoded(text)
        elif kind == "address":
            written = text[1:-1].removeprefix("mailto:")
        elif kind == "tag" and match is not None:
            written = _tag_as_text(match, line_end)
        elif kind == "open":
            brackets.append(len(out))
        elif kind == "close" and brackets:
            opening = brackets.pop()
            if len(text) > 1:
                out[opening] = written = ""
        elif kind == "run" and match is not None:
            written = _run(match, source, out, runs)
        out.append(written)
    return "".join(out)


def _unless_known(tag: re.Match[str]) -> str:
    return "" if is_known(tag["name"]) else tag[0]


def _tag_as_text(match: re.Match[str], line_end: str) -> str:
    name = match["name"].lower()
    if not is_known(match["name"]):
        return match[0]
    if name == "img":
        return attributes(match["attributes"]).get("alt", "")
    return line_end if name in _BREAKS else ""


def _run(match: re.Match[str], source: str, out: list[str], runs: dict[str, list[int]]) -> str:
    """Take a run of marks of emphasis away together with the one that opened it; what stands alone stays."""
    text = match[0]
    before, after = source[match.start() - 1 : match.start()], source[match.end() : match.end() + 1]
    within_word = text[0] == "_" and before.isalnum() and after.isalnum()
    opened = runs.setdefault(text, [])
    if within_word:
        return text
    if opened and before.strip() and not (text[0] == "_" and after.isalnum()):
        out[opened.pop()] = ""
        return ""
    if after.strip() and not (text[0] == "_" and before.isalnum()):
        opened.append(len(out))
    return text
