"""Arguments that fit a tool's JSON Schema, with values from the text where it has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mimo_tui.core.json_text import Json

_QUOTED = re.compile(r"[\"“「『]([^\"”」』]{1,500})[\"”」』]|(?<!\w)'([^']{1,500})'(?!\w)")
_PROPER = re.compile(r"(?<![.!?]\s)(?<!^)(?<![\"“'])\b[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,15}(?:\.\d{1,9})?(?![\w.]*\w)")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_URL = re.compile(r"https?://[^\s\"'<>]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SOME_DAY = "2026-11-23"
_FORMATS = {
    "date": _SOME_DAY,
    "date-time": f"{_SOME_DAY}T12:00:00Z",
    "time": "12:00:00Z",
    "email": "somebody@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_FOUND_BY_FORMAT = {"date": _DATE, "uri": _URL, "url": _URL, "email": _EMAIL}
_DEEPEST = 12
_MOST_VALUES = 1000
"""A schema may refer to itself in several places: without an end, its values would double at each step."""
_MOST_ITEMS = 50
_LONGEST = 200
_HUGE = 1e15


@dataclass(frozen=True, slots=True)
class Hints:
    """The values that a text offers: what is quoted or spelt as a name, and its numbers, in order."""

    text: str
    names: tuple[str, ...]
    numbers: tuple[float, ...]

    @classmethod
    def of(cls, text: str) -> "Hints":
        """Find them."""
        quoted = [first or second for first, second in _QUOTED.findall(text)]
        names = quoted or _PROPER.findall(text)
        numbers = tuple(float(one) for one in _NUMBER.findall(_DATE.sub(" ", text)))
        return cls(text, tuple(dict.fromkeys(names)), numbers)

    def answer_all(self, schema: Mapping[str, Json]) -> bool:
        """Tell whether there is a value for each thing that a schema requires, and it requires something."""
        kinds = [_kind(part) for name, part in _properties(schema).items() if name in _required(schema)]
        names, numbers = kinds.count("string"), kinds.count("number") + kinds.count("integer")
        return 0 < len(kinds) == names + numbers and names <= len(self.names) and numbers <= len(self.numbers)


class _Filler:
    """Fills one schema; each value of the text is used once, and the last one again when they run out."""

    def __init__(self, schema: Mapping[str, Json], text: str) -> None:
        self._root = schema
        self._hints = Hints.of(text)
        self._names = list(self._hints.names)
        self._numbers = list(self._hints.numbers)
        self._left = _MOST_VALUES

    def object(self, schema: Mapping[str, Json], depth: int = 0) -> dict[str, Json]:
        """Give an object with all that is required, and what else the text names."""
        required = _required(schema)
        properties = {name: self._resolved(part, depth) for name, part in _properties(schema).items()}
        wanted = [
            name
            for name, part in properties.items()
            if name in required or self._said(name) is not None or self._mentioned(part) is not None
        ]
        made = {name: self._value(name, properties[name], depth + 1) for name in wanted}
        return made | {name: self._string(name, {}) for name in required if name not in properties}

    def _value(self, name: str, schema: Mapping[str, Json], depth: int) -> Json:
        self._left -= 1
        if "const" in schema:
            return schema["const"]
        options = schema.get("enum")
        if isinstance(options, list) and options:
            mentioned = self._mentioned(schema)
            return options[0] if mentioned is None else mentioned
        kind = _kind(schema)
        if kind in {"integer", "number"}:
            return self._number(name, schema, whole=kind == "integer")
        if kind == "boolean":
            said = self._said(name)
            return said is None or said.lower() not in {"false", "no", "off"}
        if kind == "null" or depth > _DEEPEST or self._left < 0:
            return None
        if kind == "array":
            return self._array(name, self._resolved(_mapping(schema.get("items")), depth), schema, depth)
        return self.object(schema, depth) if kind == "object" else self._string(name, schema)

    def _array(self, name: str, item: Mapping[str, Json], schema: Mapping[str, Json], depth: int) -> Json:
        least, most = _bound(schema, "minItems", 1), min(_bound(schema, "maxItems", 20), _MOST_ITEMS)
        offered = {"string": len(self._names), "integer": len(self._numbers), "number": len(self._numbers)}
        amount = int(min(max(least, offered.get(_kind(item), 0)), most))
        return [self._value(name, item, depth + 1) for _ in range(amount)]

    def _number(self, name: str, schema: Mapping[str, Json], *, whole: bool) -> int | float:
        said = self._said(name)
        if said is not None and _NUMBER.fullmatch(said):
            value = float(said)
        elif self._numbers:
            value = self._numbers.pop(0) if len(self._numbers) > 1 else self._numbers[0]
        else:
            value = _bound(schema, "minimum", 1)
        value = min(max(value, _bound(schema, "minimum", value)), _bound(schema, "maximum", value))
        return int(value) if whole or value == int(value) else value

    def _string(self, name: str, schema: Mapping[str, Json]) -> str:
        form = str(schema.get("format") or name)
        if form in _FOUND_BY_FORMAT and (found := _FOUND_BY_FORMAT[form].search(self._hints.text)):
            return found[0]
        if form in _FORMATS:
            return _FORMATS[form]
        said = self._said(name)
        if said is not None:
            return said
        if self._names:
            return self._names.pop(0) if len(self._names) > 1 else self._names[0]
        value = " ".join(self._hints.text.split())[: int(_bound(schema, "maxLength", _LONGEST))]
        return value.ljust(min(int(_bound(schema, "minLength", 0)), _LONGEST), "-")

    def _said(self, name: str) -> str | None:
        """Give what the text itself sets a parameter to: `name=value`, `name: value`."""
        found = re.search(rf"\b{re.escape(name)}\s*[=:]\s*(\"[^\"]*\"|[^\s,;]+)", self._hints.text)
        return found[1].strip('".') if found else None

    def _mentioned(self, schema: Mapping[str, Json]) -> Json:
        options = schema.get("enum")
        said = self._hints.text.lower()
        return next(
            (
                one
                for one in (options if isinstance(options, list) else [])
                if isinstance(one, str) and one and re.search(rf"\b{re.escape(one.lower())}\b", said)
            ),
            None,
        )

    def _resolved(self, schema: Mapping[str, Json], depth: int) -> Mapping[str, Json]:
        """Follow a reference within the schema, and take the first choice that is not null."""
        for _ in range(_DEEPEST if depth <= _DEEPEST else 0):
            pointer = schema.get("$ref")
            choices = next((schema[key] for key in ("anyOf", "oneOf", "allOf") if key in schema), None)
            if isinstance(pointer, str) and pointer.startswith("#/"):
                target: Json = dict(self._root)
                for step in pointer[2:].split("/"):
                    target = _mapping(target).get(step)
                schema = _mapping(target)
            elif isinstance(choices, list):
                real = (_mapping(one) for one in choices)
                schema = next((one for one in real if one.get("type") != "null"), {})
            else:
                break
        return schema


def fill(schema: Mapping[str, Json], text: str) -> dict[str, Json]:
    """Give an object that fits the schema: all that it requires, and what else the text names."""
    return _Filler(schema, text).object(schema)


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _properties(schema: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    return {name: _mapping(part) for name, part in _mapping(schema.get("properties")).items()}


def _required(schema: Mapping[str, Json]) -> list[str]:
    names = schema.get("required")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _kind(schema: Mapping[str, Json]) -> str:
    """Give the type that a value is to have; where a schema names several, the first that is not null."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    return "object" if "properties" in schema else "string"


def _bound(schema: Mapping[str, Json], name: str, otherwise: float) -> float:
    bound = schema.get(name)
    if isinstance(bound, bool) or not isinstance(bound, (int, float)) or not abs(bound) < _HUGE:
        return otherwise
    return bound
