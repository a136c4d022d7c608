"""Tools that a person wrote as JSON, for a model to call (`mimo-api.md` §6.3)."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from mimo_tui.core.json_text import Json
from mimo_tui.core.offered_tools import for_chat
from mimo_tui.core.secrets import safe

LONGEST: Final = 200_000
"""Characters of the JSON."""

EXAMPLE: Final = """\
[
  {
    "name": "get_temp",
    "description": "Current temperature of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
  }
]
"""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FUNCTION: Final = "function"


class ToolsError(ValueError):
    """The text names no tools that a model can be given; the sentence says why."""


def read_tools(text: str) -> tuple[Mapping[str, Json], ...]:
    """Read a list of tools, or one tool, written for either surface; an empty text has none. Raises ToolsError."""
    if not text.strip():
        return ()
    if len(text) > LONGEST:
        raise ToolsError(f"Tools have at most {LONGEST:,} characters.")
    try:
        read: Json = json.loads(text)
    except json.JSONDecodeError as error:
        raise ToolsError(f"This is no JSON: {error.msg} in line {error.lineno}.") from error
    except (ValueError, RecursionError) as error:
        raise ToolsError("This is no JSON that can be read.") from error
    listed = read if isinstance(read, list) else [read]
    tools = tuple(_tool(each) for each in listed)
    _require_unlike(_name(tool) for tool in tools)
    return tools


def _tool(read: Json) -> Mapping[str, Json]:
    if not isinstance(read, dict):
        raise ToolsError("A tool is an object with a name.")
    if read.get("type") not in (None, _FUNCTION, "custom"):
        raise ToolsError(f"A tool is a function here, not “{safe(str(read['type'])[:40])}”.")
    if not _NAME.fullmatch(_name(read)):
        raise ToolsError("Each tool needs a name of letters, digits, _ and -, 64 at most.")
    return read


def _name(tool: Mapping[str, Json]) -> str:
    function = for_chat(tool)[_FUNCTION]
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else ""


def _require_unlike(names: Iterable[str]) -> None:
    met: set[str] = set()
    for name in names:
        if name in met:
            raise ToolsError(f"Two tools are called {name}; the service refuses that.")
        met.add(name)
