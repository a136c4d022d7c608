"""The parameters of an API as its pages write them: JSON in `InlineSchemaV2` (`mimo-api.md` §4.4)."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mimo_tui.core.docs.blocks import Node
from mimo_tui.core.docs.inline import bare, plain
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import clean

DEEPEST: Final = 40
"""Parameters further down stand beside those of this depth."""

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\n)|(.))", re.DOTALL
)
_NAMED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is written, `depth` levels down; its children follow it. Its texts may hold tags."""

    depth: int
    name: str
    types: tuple[str, ...]
    required: bool | None
    default: str
    description: str
    is_field: bool


def read_schema(literal: str) -> tuple[Parameter, ...] | None:
    """Read the inside of a template literal of JavaScript that holds JSON; None: it cannot be read.

    Where it is JSON as it stands, without the escapes of a literal, it is read as well.
    """
    for text in (_without_escapes(literal), literal):
        try:
            read: Json = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        found = tuple(_parameters(read))
        if found:
            return found
    return None


def tree(parameters: Sequence[Parameter]) -> tuple[Node, ...]:
    """Give the parameters as a tree of plain text."""
    waiting: list[list[Node]] = [[] for _ in range(DEEPEST + 2)]
    for one in reversed(parameters):
        children = tuple(reversed(waiting[one.depth + 1]))
        waiting[one.depth + 1] = []
        waiting[one.depth].append(
            Node(
                bare(one.name),
                tuple(clean(kind) for kind in one.types),
                bool(one.required),
                bare(one.default),
                plain(one.description, line_end="\n"),
                one.is_field,
                children,
            )
        )
    return tuple(reversed(waiting[0]))


def _without_escapes(literal: str) -> str:
    text = _ESCAPE.sub(_unescaped, literal)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return "" if match[4] else _NAMED.get(match[5], match[5])


def _parameters(read: Json) -> Iterator[Parameter]:
    waiting = [(one, 0) for one in reversed(read if isinstance(read, list) else [read])]
    while waiting:
        one, depth = waiting.pop()
        if not isinstance(one, dict):
            continue
        found = _parameter(one, depth)
        if found is not None:
            yield found
            depth = min(depth + 1, DEEPEST)
        children = one.get("children")
        if isinstance(children, list):
            waiting += ((child, depth) for child in reversed(children))


def _parameter(one: dict[str, Json], depth: int) -> Parameter | None:
    name, description = _text(one.get("name")), _text(one.get("description"))
    if not name and not description:
        return None
    kinds = one.get("type")
    written = kinds if isinstance(kinds, list) else _text(kinds).split("|")
    required = one.get("required")
    return Parameter(
        depth,
        name,
        tuple(kind for kind in (_text(each).strip() for each in written) if kind),
        required if isinstance(required, bool) else None,
        _text(one.get("defaultValue")),
        description,
        one.get("isBold") is True,
    )


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
