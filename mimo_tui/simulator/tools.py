"""Which of the tools on offer a simulated model calls, and with what."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.arguments import Hints, fill

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|[\u4e00-\u9fff]")
_COMMON_WORDS = """
a an and are as at be by can do does for from get give given has have how i in is it its me my of on or please return
returns set so some that the this to tool up use user uses using want what when which with you your
的 了 一 是 在 我 个 请 用
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_READ = 4000
"""Characters of the text that are looked at."""
_BY_NAME, _BY_DESCRIPTION, _ENOUGH = 2, 1, 2


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool on offer. `parameters` is its JSON Schema. A free-form tool takes a text instead of arguments."""

    name: str
    description: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict, hash=False)
    free_form: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool. `arguments` is JSON, or for a free-form tool any text."""

    id: str
    name: str
    arguments: str
    free_form: bool = False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave back. The name is that of the tool, or the id of the call where nobody knows it."""

    name: str
    content: str


def choose(tools: tuple[Tool, ...], text: str, *, seed: str = "") -> tuple[ToolCall, ...]:
    """Give the calls that fit a text best: every tool that it names, else the one whose words it has.

    Where no word fits, a question goes to the tool that it has all values for, if there is only one. The ids
    follow from seed and text.
    """
    text = text[:_READ]
    named = tuple(tool for tool in tools if _is_named(tool, text))
    chosen = named or _best(tools, text)
    return tuple(_call(tool, text, f"{seed}/{number}") for number, tool in enumerate(chosen))


def _best(tools: tuple[Tool, ...], text: str) -> tuple[Tool, ...]:
    if not tools:
        return ()
    said = _words(text)
    scores = {
        index: _BY_NAME * len(said & _words(tool.name))
        + _BY_DESCRIPTION * len(said & _words(tool.description))
        for index, tool in enumerate(tools)
    }
    best = max(scores, key=lambda index: (scores[index], -index))
    if scores[best] >= _ENOUGH:
        return (tools[best],)
    answered = tuple(tool for tool in tools if Hints.of(text).answer_all(tool.parameters))
    return answered if "?" in text and len(answered) == 1 else ()


def _is_named(tool: Tool, text: str) -> bool:
    spoken = re.escape(tool.name).replace("_", "[_ ]").replace(r"\-", r"[-\s]")
    return re.search(rf"(?<![\w-]){spoken}(?![\w-])", text, re.IGNORECASE) is not None


def _words(text: str) -> set[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return {word.removesuffix("s") if len(word) > 3 else word for word in words} - _COMMON


def _call(tool: Tool, text: str, seed: str) -> ToolCall:
    drawn = hashlib.sha256(f"{seed}/{tool.name}/{text}".encode("utf-8", "replace")).hexdigest()
    if tool.free_form:
        return ToolCall(f"call_{drawn[:24]}", tool.name, text, free_form=True)
    arguments = json.dumps(fill(tool.parameters, text), ensure_ascii=False)
    # A schema may hold what no UTF-8 can: JSON can name half a surrogate pair.
    whole = arguments.encode("utf-8", "replace").decode()
    return ToolCall(f"call_{drawn[:24]}", tool.name, whole)
