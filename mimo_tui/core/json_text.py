r"""JSON as text that belongs to someone: read strictly, changed by path, every other byte kept.

Reading is strict because the two readers of a preset disagree on all that is not (`lingtai-presets.md §2.1`).
An edit replaces the characters of one value; indent, key order, odd numbers, escapes and line ends stay.
"""

import json
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NoReturn, TypeAlias

from mimo_tui.core.text import clean

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Path: TypeAlias = tuple[str | int, ...]
"""Where in a document: keys of objects and indexes of lists, such as `("manifest", "llm", "model")`."""

DEPTH_LIMIT = 200
"""How many objects and lists may be nested. A preset has 5; Go and Python themselves give up at far more."""


class Fault(StrEnum):
    """Why a text is not JSON that every reader takes."""

    BOM = "bom"
    NOT_UTF8 = "not-utf8"
    EMPTY = "empty"
    DUPLICATE_KEY = "duplicate-key"
    COMMENT = "comment"
    TRAILING_COMMA = "trailing-comma"
    NOT_A_NUMBER = "not-a-number"
    TOO_DEEP = "too-deep"
    HUGE_NUMBER = "huge-number"
    SYNTAX = "syntax"
    TRAILING_TEXT = "trailing-text"


_REMEDY = {
    Fault.BOM: "Save the file as UTF-8 without one",
    Fault.NOT_UTF8: "Save the file as UTF-8",
    Fault.EMPTY: "Write an object, or delete the file",
    Fault.DUPLICATE_KEY: "Keep one of the two",
    Fault.COMMENT: "Remove it",
    Fault.TRAILING_COMMA: "Remove it",
    Fault.NOT_A_NUMBER: "Write a number or null",
    Fault.TOO_DEEP: "Nest less deeply",
    Fault.HUGE_NUMBER: "Shorten it, or write it as a string",
    Fault.SYNTAX: "Correct it there",
    Fault.TRAILING_TEXT: "Remove it",
}


class JsonTextError(ValueError):
    """A text that is not JSON that every reader takes: which fault, and where (line and column, from 1)."""

    def __init__(self, fault: Fault, line: int, column: int, problem: str) -> None:
        super().__init__(fault, line, column, problem)
        self.fault = fault
        self.line = line
        self.column = column
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem} (line {self.line}, column {self.column}). {_REMEDY[self.fault]}."


class EditError(ValueError):
    """An edit that cannot be made: which path, and why. The text is as it was."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"Cannot edit {format_path(self.path) or 'the document'}: {self.problem}."


class MissingPath(LookupError):
    """There is no value at this path."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"There is no {format_path(self.path)}."


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is strict JSON, and the value that it stands for."""

    text: str = field(repr=False)
    value: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Set:
    """Replace the value at `path`, or insert it, with the parent objects that are missing.

    The index after the last of a list appends. A value equal to the one there changes nothing, however it is
    written: 1000 leaves `1e3` alone.
    """

    path: Path
    value: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """Take out the member or element at `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the member at `path` another key, in its place."""

    path: Path
    name: str


Edit: TypeAlias = Set | Delete | Rename


# Reading


def decode(raw: bytes) -> str:
    """Give the text of `raw`, strict UTF-8; JsonTextError for a byte-order mark or bytes that are none."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        raise _error(Fault.NOT_UTF8, before, len(before), "These bytes are not UTF-8") from None
    if text.startswith("\ufeff"):
        _refuse_bom(text)
    return text


def parse(text: str) -> Document:
    """Give `text` as a document; JsonTextError for whatever is not strict JSON (see `Fault`).

    A document's text can always be encoded, and is nested at most `DEPTH_LIMIT` deep.
    """
    if not text.isascii() and (lone := _SURROGATE.search(text)):
        raise _error(Fault.NOT_UTF8, text, lone.start(), "This character cannot be written as UTF-8")
    if _may_be_too_deep(text):
        return Document(text, _read_slowly(text))
    try:
        value: Json = _DECODER.decode(text)
    except (ValueError, RecursionError):
        value = _read_slowly(text)
    return Document(text, value)


def read(raw: bytes) -> Document:
    """Give the document in `raw`: `decode`, then `parse`."""
    return parse(decode(raw))


_BLANKS = " \t\n\r"
_SPACE = f"[{_BLANKS}]*+"
_STRING_START = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*'
_STRING = _STRING_START + '"'
_INTEGER = "-?(?:0|[1-9][0-9]*+)"
_FRACTION = r"(?:\.[0-9]++(?:[eE][-+]?[0-9]++)?|[eE][-+]?[0-9]++)"
_PLAIN = rf"(?:{_STRING}|{_INTEGER}{_FRACTION}?|true|false|null|\[{_SPACE}\]|\{{{_SPACE}\}}){_SPACE},{_SPACE}"

_BLANK = re.compile(_SPACE)
_STRING_PREFIX = re.compile(_STRING_START)
_SIMPLE = re.compile(rf"(?P<float>{_INTEGER}{_FRACTION})|(?P<integer>{_INTEGER})|true|false|null|[{{\[]")
_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*"?', re.DOTALL)
_ELEMENTS = re.compile(f"(?:{_PLAIN}){{1,1000}}")
_MEMBERS = re.compile(f"(?:{_STRING}{_SPACE}:{_SPACE}{_PLAIN}){{1,1000}}")
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")
_NO_NUMBER = re.compile("-?(?:NaN|Infinity)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\n|\r")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _may_be_too_deep(text: str) -> bool:
    # Counted before the C decoder sees the text: how deep that can go depends on Python and on the stack.
    if text.count("[") + text.count("{") <= DEPTH_LIMIT:
        return False
    brackets = _NO_BRACKETS.sub("", _STRINGS.sub("", text))
    return max(accumulate(1 if bracket in "[{" else -1 for bracket in brackets), default=0) > DEPTH_LIMIT


def _read_slowly(text: str) -> Json:
    """Parse without recursion: finds what is wrong and where, and the value if only the stack was short."""
    root: list[Json] = []
    trail: list[list[Json] | dict[str, Json]] = [root]
    at, in_runs = _skip(text, 0), True
    while True:
        if in_runs and 1 < len(trail) <= DEPTH_LIMIT:
            try:
                while (end := _read_run(text, at, trail[-1])) > at:
                    at = end
            except (ValueError, RecursionError):
                in_runs = False  # what is wrong is in this run: step through it
        value, at = _read_member(text, at, trail[-1])
        opened = isinstance(value, list | dict)
        if isinstance(value, list | dict):
            if len(trail) > DEPTH_LIMIT:
                raise _error(Fault.TOO_DEEP, text, at - 1, f"More than {DEPTH_LIMIT} levels are nested here")
            trail.append(value)
        at = _skip(text, at)
        while len(trail) > 1 and text[at : at + 1] == _closing(trail[-1]):
            trail.pop()
            at, opened = _skip(text, at + 1), False
        if len(trail) == 1:
            break
        if not opened:
            if text[at : at + 1] != ",":
                raise _unexpected(text, at, f"a comma or {_closing(trail[-1])}")
            at = _skip(text, at + 1)
    if at < len(text):
        raise _unexpected(text, at, "")
    return root[0]


def _read_run(text: str, at: int, holder: list[Json] | dict[str, Json]) -> int:
    """Read up to 1000 members that are not nested, commas and all, at once: far faster than one by one."""
    match = (_ELEMENTS if isinstance(holder, list) else _MEMBERS).match(text, at)
    if match is None:
        return at
    run = match[0].rstrip(_BLANKS)[:-1]
    if isinstance(holder, list):
        holder.extend(_DECODER.decode(f"[{run}]"))
        return match.end()
    members: dict[str, Json] = _DECODER.decode(f"{{{run}}}")
    if not holder.keys().isdisjoint(members):
        raise ValueError("duplicate key")
    holder.update(members)
    return match.end()


def _closing(holder: list[Json] | dict[str, Json]) -> str:
    return "}" if isinstance(holder, dict) else "]"


def _read_member(text: str, at: int, holder: list[Json] | dict[str, Json]) -> tuple[Json, int]:
    """Read a value, with its key if the holder is an object, into the holder."""
    if isinstance(holder, list):
        value, end = _read_value(text, at)
        holder.append(value)
        return value, end
    if text[at : at + 1] != '"':
        raise _unexpected(text, at, 'a key in "quotes"')
    key, end = _read_string(text, at)
    if key in holder:
        shown = clean(key if len(key) <= 40 else key[:39] + "…")
        raise _error(Fault.DUPLICATE_KEY, text, at, f'The key "{shown}" is there twice in one object')
    at = _skip(text, end)
    if text[at : at + 1] != ":":
        raise _unexpected(text, at, "a colon")
    holder[key], end = _read_value(text, _skip(text, at + 1))
    return holder[key], end


def _read_value(text: str, at: int) -> tuple[Json, int]:
    begins = text[at : at + 1]
    if begins == '"':
        return _read_string(text, at)
    match = _SIMPLE.match(text, at)
    if match is None:
        raise _unexpected(text, at, "a value")
    written, end = match[0], match.end()
    if match.lastgroup == "integer":
        try:
            return int(written), end
        except ValueError:
            digits = len(written.lstrip("-"))
            raise _error(Fault.HUGE_NUMBER, text, at, f"A number has {digits} digits, too many") from None
    return (float(written) if match.lastgroup == "float" else _new(written)), end


def _new(written: str) -> Json:
    return {"true": True, "false": False, "null": None, "{": {}, "[": []}[written]


def _read_string(text: str, at: int) -> tuple[str, int]:
    end = _after(_STRING_PREFIX, text, at)
    if text[end : end + 1] == '"':
        return str(_DECODER.decode(text[at : end + 1])), end + 1
    if end == len(text) or text[end] in "\r\n":
        raise _error(Fault.SYNTAX, text, at, "A string has no closing quote on its line")
    what = "a backslash that begins no escape" if text[end] == "\\" else "a raw control character"
    raise _error(Fault.SYNTAX, text, end, f"A string has {what}")


def _error(fault: Fault, text: str, at: int, problem: str) -> JsonTextError:
    before = _LINE_END.sub("\n", text[:at])
    return JsonTextError(fault, before.count("\n") + 1, len(before) - before.rfind("\n"), problem)


def _refuse_bom(text: str) -> NoReturn:
    raise _error(Fault.BOM, text, 0, "The file begins with a byte-order mark")


def _unexpected(text: str, at: int, wanted: str) -> JsonTextError:
    """Say what stands at `at`, where `wanted` should (nothing: the end)."""
    if at == len(text):
        if not text.strip(_BLANKS):
            return _error(Fault.EMPTY, text, 0, "There is nothing here")
        return _error(Fault.SYNTAX, text, at, f"The text ends where {wanted} should be")
    if at == 0 and text.startswith("\ufeff"):
        _refuse_bom(text)
    if text.startswith(("//", "/*", "#"), at):
        return _error(Fault.COMMENT, text, at, "JSON has no comments, but here is one")
    if not wanted:
        return _error(Fault.TRAILING_TEXT, text, at, "The document has ended, but there is more text")
    if word := _NO_NUMBER.match(text, at):
        return _error(Fault.NOT_A_NUMBER, text, at, f"{word[0]} is no number in JSON")
    before = text[:at].rstrip(_BLANKS)
    if text[at] in "]}" and before.endswith(","):
        return _error(Fault.TRAILING_COMMA, text, len(before) - 1, "There is nothing after this comma")
    return _error(Fault.SYNTAX, text, at, f"Here is {clean(text[at])} where {wanted} should be")


# Paths

_WORD = re.compile(r"[\w$-]+")
_PART = re.compile(
    rf'(?:^|(?<=.)\.)(?:(?P<word>[^\s."\[\]]+)|(?P<string>{_STRING}))|\[(?P<index>[0-9]{{1,9}})\]'
)


def get(value: Json, path: Path) -> Json:
    """Give the value at `path` within `value`; MissingPath where there is none."""
    for part in path:
        if isinstance(value, dict) and isinstance(part, str) and part in value:
            value = value[part]
        elif not isinstance(value, list) or not isinstance(part, int) or not 0 <= part < len(value):
            raise MissingPath(path)
        else:
            value = value[part]
    return value


def format_path(path: Path) -> str:
    """Give `path` as a person writes it: `manifest.llm.model`, `a."b.c"[0]`; safe for a terminal."""
    return "".join(_format_part(part) for part in path).removeprefix(".")


def _format_part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return "." + (part if _WORD.fullmatch(part) else json.dumps(part, ensure_ascii=not part.isprintable()))


def parse_path(text: str) -> Path:
    """Give the path that `format_path` writes as `text`; ValueError with a sentence if there is none."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            raise ValueError(
                f"“{clean(text)}” is not a path: character {at + 1} is out of place. "
                'Write it like manifest.llm.model or a."b.c"[0].'
            )
        if match["index"]:
            parts.append(int(match["index"]))
        else:
            parts.append(match["word"] or str(_DECODER.decode(match["string"])))
        at = match.end()
    return tuple(parts)


# Editing


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Give `text` with the edits made one after the other; nothing but the edited values differs.

    JsonTextError if `text` is not strict JSON, EditError if an edit cannot be made. The result is read again
    after each edit, and must be what the same edit makes of the value.
    """
    document = parse(text)
    for edit in edits:
        document = _apply(document, edit)
    return document.text


def _apply(document: Document, edit: Edit) -> Document:
    if isinstance(edit, Set) and _holds(document.value, edit):
        return document
    expected = _edit_value(document.value, edit)
    try:
        result = parse(_edit_text(document.text, edit))
    except (TypeError, ValueError, RecursionError) as error:
        raise EditError(edit.path, f"the value cannot be written as JSON ({clean(str(error))})") from error
    if not _same(result.value, expected):
        raise EditError(edit.path, "the text that this gives would not be read back as the same value")
    return result


def _holds(value: Json, edit: Set) -> bool:
    try:
        return _same(get(value, edit.path), edit.value)
    except MissingPath:
        return False


def _same(left: Json, right: Json) -> bool:
    """Tell whether two values are equal in JSON, where true is not 1 but 1000 is 1e3."""
    pairs = [(left, right)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pairs.extend((item, other[key]) for key, item in one.items())
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pairs.extend(zip(one, other, strict=True))
        elif isinstance(one, bool) is not isinstance(other, bool) or one != other:
            return False
    return True


def _edit_value(root: Json, edit: Edit) -> Json:
    """Make the edit on a value that is ours to change; EditError if it cannot be made."""
    path = edit.path
    if not path:
        if isinstance(edit, Set):
            return edit.value
        raise EditError(path, "it can only be set as a whole")
    holder = root
    for depth, part in enumerate(path[:-1], 1):
        if isinstance(edit, Set) and isinstance(holder, dict) and isinstance(part, str):
            holder = holder.setdefault(part, {})
        else:
            try:
                holder = get(holder, (part,))
            except MissingPath:
                raise EditError(path, f"there is no {format_path(path[:depth])}") from None
    last = path[-1]
    if isinstance(holder, dict) and isinstance(last, str):
        _edit_object(holder, last, edit)
    elif isinstance(holder, list) and isinstance(last, int):
        _edit_list(holder, last, edit)
    else:
        kind = "an object" if isinstance(last, str) else "a list"
        raise EditError(path, f"{format_path(path[:-1]) or 'the document'} is not {kind}")
    return root


def _edit_object(holder: dict[str, Json], key: str, edit: Edit) -> None:
    if isinstance(edit, Set):
        holder[key] = edit.value
        return
    if key not in holder:
        raise EditError(edit.path, "it is not there")
    if isinstance(edit, Rename):
        if edit.name != key and edit.name in holder:
            raise EditError(edit.path, f"there is already a {format_path((*edit.path[:-1], edit.name))}")
        holder[edit.name] = holder.pop(key)
    else:
        del holder[key]


def _edit_list(holder: list[Json], index: int, edit: Edit) -> None:
    if isinstance(edit, Rename):
        raise EditError(edit.path, "an element of a list has no name")
    if not 0 <= index < len(holder) + isinstance(edit, Set):
        raise EditError(edit.path, f"the list has {len(holder)} elements")
    if isinstance(edit, Delete):
        del holder[index]
    else:
        holder[index : index + 1] = [edit.value]


# The text of an edit. From here on the text is known to be JSON, and the path to fit it.


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of an object or an element of a list: where its key, its value and it itself begin and end."""

    name: str | int
    start: int
    key_end: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class _Holder:
    """An object or list: where its brackets stand, and what is between."""

    opening: int
    closing: int
    members: tuple[_Member, ...]

    def find(self, name: str | int) -> int:
        """Give the number of the member with this name; the number after the last if there is none."""
        return next((n for n, member in enumerate(self.members) if member.name == name), len(self.members))

    def gaps(self, text: str) -> list[str]:
        """Give what stands between members, commas and all."""
        return [text[one.end : other.start] for one, other in pairwise(self.members)]

    def is_spread(self, text: str) -> bool:
        """Tell whether the members are on several lines."""
        edges = text[self.opening : self.members[0].start] + text[self.members[-1].end : self.closing]
        return _has_line_end(edges) or any(map(_has_line_end, self.gaps(text)))


_COLON = re.compile(f"{_SPACE}:{_SPACE}")
_COMMA = re.compile(f"{_SPACE},?{_SPACE}")
_STRING_TOKEN = re.compile(_STRING)
_NESTING = re.compile(rf"{_STRING}|[\[{{]|[\]}}]")
_SCALAR = re.compile(r"[^ \t\n\r,\]}]++")


def _skip(text: str, at: int) -> int:
    return _after(_BLANK, text, at)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _has_line_end(text: str) -> bool:
    return "\n" in text or "\r" in text


def _holder(text: str, opening: int) -> _Holder:
    members: list[_Member] = []
    at = _skip(text, opening + 1)
    while text[at] not in "]}":
        start = key_end = value = at
        name: str | int = len(members)
        if text[opening] == "{":
            key_end = _after(_STRING_TOKEN, text, start)
            name = str(_DECODER.decode(text[start:key_end]))
            value = _after(_COLON, text, key_end)
        end = _value_end(text, value)
        members.append(_Member(name, start, key_end, value, end))
        at = _after(_COMMA, text, end)
    return _Holder(opening, at, tuple(members))


def _value_end(text: str, at: int) -> int:
    if text[at] == '"':
        return _after(_STRING_TOKEN, text, at)
    if text[at] not in "[{":
        return _after(_SCALAR, text, at)
    depth = 0
    for match in _NESTING.finditer(text, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return len(text)


def _edit_text(text: str, edit: Edit) -> str:
    at = _skip(text, 0)
    end = _value_end(text, at)
    trail: list[_Holder] = []
    number = 0
    for depth, part in enumerate(edit.path, 1):
        holder = _holder(text, at)
        number = holder.find(part)
        trail.append(holder)
        if number == len(holder.members) and isinstance(edit, Set):
            return _insert(text, trail, part, _wrap(edit.value, edit.path[depth:]))
        at, end = holder.members[number].value, holder.members[number].end
    match edit:
        case Set(value=value):
            return _replace(text, at, end, trail, value)
        case Delete():
            return _delete(text, trail[-1], number)
        case Rename(name=name):
            member = trail[-1].members[number]
            if member.name == name:
                return text
            return text[: member.start] + _Style.of(text).string(name) + text[member.key_end :]


def _wrap(value: Json, path: Path) -> Json:
    for part in reversed(path):
        value = {str(part): value}
    return value


def _replace(text: str, start: int, end: int, trail: list[_Holder], value: Json) -> str:
    if (
        isinstance(value, list | dict)
        and text[start] == _bracket(value)
        and text[start + 1 : end - 1].strip()
    ):
        spread = _has_line_end(text[start:end])
    else:
        spread = _spreads(text, trail, value)
    before = text[:start]
    return before + _Style.of(text).value(value, _indent(before), spread=spread) + text[end:]


def _insert(text: str, trail: list[_Holder], name: str | int, value: Json) -> str:
    holder, style = trail[-1], _Style.of(text)
    key = ""
    if isinstance(name, str):
        colons = Counter(text[member.key_end : member.value] for member in holder.members)
        key = style.string(name) + (colons.most_common(1)[0][0] if colons else style.colon)
    spread = _spreads(text, trail, value)
    if not holder.members:
        before, after = text[: holder.opening + 1], text[holder.closing :]
        outer = _indent(before)
        if not _spreads(text, trail[:-1], {} if text[holder.opening] == "{" else []):
            return before + key + style.value(value, outer, spread=False) + after
        inner = outer + style.unit
        written = style.value(value, inner, spread=spread)
        return before + style.newline + inner + key + written + style.newline + outer + after
    gap = _gap(text, holder, style)
    number = _number(holder, name)
    if number == 0:
        at = holder.members[0].start
        return text[:at] + key + style.value(value, _indent(text[:at]), spread=spread) + gap + text[at:]
    at = holder.members[number - 1].end
    before = text[:at] + gap
    return before + key + style.value(value, _indent(before), spread=spread) + text[at:]


def _number(holder: _Holder, name: str | int) -> int:
    """Give where a new member goes: its sorted place among two or more sorted keys, else the end."""
    names = [member.name for member in holder.members if isinstance(member.name, str)]
    if isinstance(name, str) and len(names) > 1 and names == sorted(names):
        return bisect(names, name)
    return len(holder.members)


def _gap(text: str, holder: _Holder, style: "_Style") -> str:
    """Give what goes between a new member and its neighbour: what most siblings have."""
    if gaps := holder.gaps(text):
        return Counter(gaps).most_common(1)[0][0]
    lead = text[holder.opening + 1 : holder.members[0].start]
    return "," + lead if _has_line_end(lead) else style.comma


def _delete(text: str, holder: _Holder, number: int) -> str:
    members = holder.members
    if len(members) == 1:
        return text[: holder.opening + 1] + text[holder.closing :]
    gaps = ["", *holder.gaps(text), ""]
    before, after = (len(_LINE_END.findall(gap)) for gap in gaps[number : number + 2])
    # Of the two gaps the one with more line ends stays, so that no line is joined to another.
    if number == 0 or (number + 1 < len(members) and before > after):
        return text[: members[number].start] + text[members[number + 1].start :]
    return text[: members[number - 1].end] + text[members[number].end :]


def _bracket(value: Json) -> str:
    return "{" if isinstance(value, dict) else "[" if isinstance(value, list) else ""


def _spreads(text: str, trail: list[_Holder], value: Json) -> bool:
    """Tell whether a new object or list in the last holder of the trail goes on several lines.

    It does as those beside it do, else as its holder does; a root that has nothing in it yet does.
    """
    if not trail:
        return True
    holder = trail[-1]
    if not holder.members:
        return _spreads(text, trail[:-1], {} if text[holder.opening] == "{" else [])
    if not holder.is_spread(text):
        return False
    beside = [
        text[member.value : member.end] for member in holder.members if text[member.value] == _bracket(value)
    ]
    beside = [written for written in beside if written[1:-1].strip()]
    return not beside or any(map(_has_line_end, beside))


def _indent(before: str) -> str:
    """Give the indent of the last line of `before`."""
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


# How a document is written

_ESCAPE = r"(?<!\\)(?:\\\\)*\\u"
_HTML_ESCAPE = re.compile(f"{_ESCAPE}00(?:3[ce]|26)", re.IGNORECASE)
_HTML = re.compile("[<>&]")
_WIDE_ESCAPE = re.compile(f"{_ESCAPE}(?!202[89])(?:00[89a-f]|0[1-9a-f]|[1-9a-f])", re.IGNORECASE)
_INDENTED = re.compile(
    r"^([ \t]*+)[^\r\n]*[\[{](?:[ \t]*+(?:\r\n|\n|\r))+\1([ \t]*+)(?![\]}\r\n])", re.MULTILINE
)
_KEY_AND_COLON = re.compile(rf"{_STRING}([ \t]*+:[ \t]*+)?")
_ESCAPED_BY_GO = re.compile("[<>&\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Style:
    """How a document writes what it has: line ends, one step of indent, colons, commas on a line, escapes."""

    newline: str
    unit: str
    colon: str
    escapes_html: bool
    escapes_wide: bool

    @classmethod
    def of(cls, text: str) -> "_Style":
        """Give the style of a document; two spaces and `": "` where it shows none.

        Go escapes `<`, `>`, `&` and two line ends (`lingtai-presets.md §2.2`), Python perhaps all but ASCII.
        """
        line_end = _LINE_END.search(text)
        indented = _INDENTED.search(text)
        return cls(
            newline=line_end[0] if line_end else "\n",
            unit=indented[2] if indented else "  ",
            colon=next((match[1] for match in _KEY_AND_COLON.finditer(text) if match[1]), ": "),
            escapes_html=bool(_HTML_ESCAPE.search(text)) and not _HTML.search(text),
            escapes_wide=text.isascii() and bool(_WIDE_ESCAPE.search(text)),
        )

    @property
    def comma(self) -> str:
        """What separates two values on one line: a comma, and a blank where colons have one."""
        return ", " if self.colon.endswith((" ", "\t")) else ","

    def string(self, value: str) -> str:
        """Write a string."""
        return self.value(value, "", spread=False)

    def value(self, value: Json, indent: str, *, spread: bool) -> str:
        """Write a value on a line with this indent; ValueError, TypeError or RecursionError if it is none."""
        written = json.dumps(
            value,
            ensure_ascii=self.escapes_wide,
            allow_nan=False,
            indent=self.unit if spread else None,
            separators=("," if spread else self.comma, self.colon),
        )
        if self.escapes_html:
            written = _ESCAPED_BY_GO.sub(_escape, written)
        return _SURROGATE.sub(_escape, written).replace("\n", self.newline + indent)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
