"""Fields of a request's body, read with the platform's complaints (`mimo-api.md` §6.2, §12)."""

from collections.abc import Mapping

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.fault import Refusal, wrong_parameter


def number(body: Mapping[str, Json], name: str, least: float, most: float) -> float | None:
    """Give a number within its range; None: absent or null."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(wrong_parameter(f"{name} must be a number"))
    if not least <= value <= most:
        raise Refusal(wrong_parameter(f"{name} must be between {least:g} and {most:g}"))
    return value


def whole(body: Mapping[str, Json], name: str, least: int, most: int | None) -> int | None:
    """Give a whole number within its range; None: absent or null. `most` None: without an upper end."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(wrong_parameter(f"{name} must be an integer"))
    if value < least or (most is not None and value > most):
        limit = f"between {least} and {most}" if most is not None else f"at least {least}"
        raise Refusal(wrong_parameter(f"{name} must be {limit}"))
    return value


def flag(body: Mapping[str, Json], name: str) -> bool:
    """Give yes or no; no where it is absent or null."""
    value = body.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Refusal(wrong_parameter(f"{name} must be a boolean"))


def table(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """Give an object; an empty one where it is absent or null."""
    value = body.get(name)
    if value is None or isinstance(value, dict):
        return value or {}
    raise Refusal(wrong_parameter(f"{name} must be an object"))


def items(body: Mapping[str, Json], name: str) -> list[Json]:
    """Give an array; an empty one where it is absent or null."""
    value = body.get(name)
    if value is None or isinstance(value, list):
        return value or []
    raise Refusal(wrong_parameter(f"{name} must be an array"))


def text(body: Mapping[str, Json], name: str, *, required: bool = False) -> str:
    """Give a string; an empty one where it is absent or null and not required."""
    value = body.get(name)
    if isinstance(value, str):
        return _whole_characters(value)
    if value is None and not required:
        return ""
    raise Refusal(wrong_parameter(f"{name} must be a string"))


def one_of(body: Mapping[str, Json], name: str, *options: str) -> str:
    """Give one of the options; an empty string where it is absent or null."""
    value = text(body, name)
    if value in options or (not value and body.get(name) is None):
        return value
    raise Refusal(wrong_parameter(f"{name} must be one of {', '.join(options)}"))


def _whole_characters(value: str) -> str:
    """Replace halves of surrogate pairs, which JSON can name and no answer could carry."""
    return value.encode("utf-8", "replace").decode() if not value.isascii() else value
