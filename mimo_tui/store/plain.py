"""Our frozen dataclasses as JSON and back, by the types of their fields: nothing else is written down of them."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import TypeVar, cast, get_args, get_origin, get_type_hints

from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean
from mimo_tui.store.cells import Damaged, a_moment, written_moment

T = TypeVar("T")

Shown = Callable[[str], str]


def as_plain(value: object, shown: Shown) -> Json:
    """Give the value as JSON, each text as `shown` gives it. Bytes are left out."""
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, str):
        return shown(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return written_moment(value)
    if isinstance(value, Mapping):
        return {shown(str(name)): as_plain(each, shown) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(each, shown) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: as_plain(each, shown) for name, each in found.items() if not isinstance(each, bytes)}
    raise TypeError(f"no JSON stands for a {type(value).__name__}")


def from_plain(kind: type[T], value: Json) -> T:
    """Read what `as_plain` wrote of that dataclass. Members that it does not know are left out. Raises Damaged."""
    return cast("T", _read(kind, value))


def _read(kind: object, value: Json) -> object:
    origin = get_origin(kind)
    if origin is UnionType:
        if value is None and NoneType in get_args(kind):
            return None
        return _read(next(each for each in get_args(kind) if each is not NoneType), value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, each) for each in _of(list, value))
    if origin is Mapping:
        return MappingProxyType(_of(dict, value))
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind, _of(dict, value))
    return _single(kind, value)


def _of(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise Damaged
    return value


def _dataclass(kind: type, members: dict[str, Json]) -> object:
    found = {}
    for each, hint in _fields(kind):
        if each.name in members:
            found[each.name] = _read(hint, members[each.name])
        elif each.default is MISSING and each.default_factory is MISSING:
            raise Damaged
    return kind(**found)


@cache
def _fields(kind: type) -> "tuple[tuple[Field[object], object], ...]":
    hints = get_type_hints(kind)
    return tuple((each, hints[each.name]) for each in fields(kind))


def _single(kind: object, value: Json) -> object:
    if kind is Clean:
        return clean(_of(str, value))
    if kind is bytes:
        raise Damaged
    if kind is datetime:
        return a_moment(_of(str, value))
    if kind is int:
        return _number(value)
    try:
        if kind is float and isinstance(value, int):
            return float(_number(value))
        if kind is Decimal:
            found = Decimal(_of(str, value))
            return found if found.is_finite() else _of(Decimal, None)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(_of(str, value))
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise Damaged from error
    if kind in (str, bool, float) and isinstance(kind, type):
        return _of(kind, value)
    raise TypeError(f"no JSON is read as {kind}")


def _number(value: Json) -> int:
    return _of(int, None if isinstance(value, bool) else value)
