"""Tools that a model may call, as each surface wants them written (`mimo-api.md` §6.3, §10)."""

from collections.abc import Mapping

from mimo_tui.core.json_text import Json

_FUNCTION = "function"
_KINDS = (None, _FUNCTION, "custom")


def for_chat(tool: Mapping[str, Json]) -> dict[str, Json]:
    """Give a tool, written for either surface, as chat completions take it; what is no function stays as it is.

    A function without a schema of its parameters makes models print their calls as text (`mimo-api.md` §6.3).
    """
    if not _is_function(tool):
        return dict(tool)
    inner = tool.get(_FUNCTION)
    if isinstance(inner, dict):
        function = dict(inner)
    else:
        function = {name: value for name, value in tool.items() if name not in ("type", "input_schema")}
        if "input_schema" in tool:
            function["parameters"] = tool["input_schema"]
    function.setdefault("parameters", _nothing())
    return {"type": _FUNCTION, _FUNCTION: function}


def for_messages(tool: Mapping[str, Json]) -> dict[str, Json] | None:
    """Give a tool, written for either surface, as messages take it; None: it is no function, and there is no other."""
    if not _is_function(tool):
        return None
    function = for_chat(tool)[_FUNCTION]
    if not isinstance(function, dict):
        return None
    written: dict[str, Json] = {
        name: function[name] for name in ("name", "description") if function.get(name) is not None
    }
    return {**written, "type": "custom", "input_schema": function["parameters"]}


def _is_function(tool: Mapping[str, Json]) -> bool:
    return tool.get("type") in _KINDS


def _nothing() -> Json:
    return {"type": "object", "properties": {}}
