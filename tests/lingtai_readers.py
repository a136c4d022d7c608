"""Lingtai's two readers as judges: the real kernel, and a small model of its screen.

The kernel is the `lingtai` of PyPI. The screen is a Go program; `go_loads` and `go_structural` model what
`lingtai-presets.md` §2 and §2.1 say of it, independent of our own reader. Documents nested deeper than
Python's own parser goes are not modelled.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from lingtai.init_schema import validate_init
from lingtai.kernel.presets import expand_inherit, load_preset, materialize_active_preset
from lingtai.tools.registry import CORE_DEFAULTS, classify_capabilities

LOADS = "loads"
BOOTS = "boots"
PASSES = "passes"

# The kernel's own reader of init.json takes any exception of these as "the agent does not start".
_KERNEL_FAILS = (ValueError, KeyError, TypeError, AttributeError)

_ENDPOINT_NEEDED = {"deepseek", "kimi", "mimo", "grok"}
_ENDPOINT_NOT_EMPTY = _ENDPOINT_NEEDED | {"zhipu", "minimax"}
_FIELDS = {"name", "description", "manifest"}


class RefusedError(ValueError):
    """What a reader says that does not take a preset."""


def kernel_answer(path: Path) -> str:
    """Give `loads`, or the kernel's own words on why it does not load the preset at `path`."""
    return _answer(LOADS, lambda: load_preset(str(path), run_migrations=lambda _: None), _KERNEL_FAILS)


def kernel_boot_answer(path: Path) -> str:
    """Give `boots`, or the kernel's own words why an agent with this active preset does not start."""
    return _answer(BOOTS, lambda: _boot(path), _KERNEL_FAILS)


def go_answer(raw: bytes) -> str:
    """Give `loads`, or why Lingtai's screen does not load the preset or would refuse to save it."""
    loaded = go_loads(raw)
    if loaded != LOADS:
        return loaded
    checked = go_structural(raw)
    return LOADS if checked == PASSES else checked


def go_loads(raw: bytes) -> str:
    """Give `loads`, or why Lingtai's screen passes over the file."""
    return _answer(LOADS, lambda: _go_load(raw), (ValueError,))


def go_structural(raw: bytes) -> str:
    """Give `passes`, or the first thing for which Lingtai's editor would refuse to save the preset."""
    return _answer(PASSES, lambda: _go_validate(_go_load(raw)), (ValueError,))


def _answer(good: str, judge: Callable[[], object], refusals: tuple[type[Exception], ...]) -> str:
    try:
        judge()
    except refusals as refusal:
        return str(refusal.args[0]) if refusal.args else repr(refusal)
    return good


def _boot(path: Path) -> None:
    reference = str(path)
    manifest: dict[str, object] = {
        "preset": {"active": reference, "default": reference, "allowed": [reference]},
        "llm": {},
        "capabilities": {},
    }
    data: dict[str, object] = {"manifest": manifest, "env_file": ".env", "covenant": "", "pad": ""}

    def load(name: str, working_dir: Path) -> dict[str, object]:
        loaded: dict[str, object] = load_preset(name, working_dir, run_migrations=lambda _: None)
        return loaded

    materialize_active_preset(data, path.parent, CORE_DEFAULTS, load_preset=load)
    capabilities, evidence = classify_capabilities(manifest["capabilities"])
    if evidence.decision.value in ("BLOCKED", "UNKNOWN"):
        conflict = ", ".join(evidence.conflict_paths)
        raise RefusedError(f"capabilities are {evidence.decision.value}: {conflict}")
    manifest["capabilities"] = expand_inherit(capabilities, manifest["llm"])
    validate_init(data)


# The screen.


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as Go keeps it: its text."""

    text: str


@dataclass(frozen=True, slots=True)
class _GoPreset:
    name: str
    summary: str
    tier: str
    manifest: dict[str, object]


class _Object(dict[str, object]):
    """An object of which the last of two equal keys wins, and that knows all its members in their order."""

    def __init__(self, members: Iterable[tuple[str, object]]) -> None:
        self.members = list(members)
        super().__init__(self.members)


def _go_load(raw: bytes) -> _GoPreset:
    # Go puts U+FFFD for bytes that are no UTF-8 inside a string; elsewhere they are a syntax error in both.
    document = json.loads(
        raw.decode("utf-8", "replace"),
        object_pairs_hook=_Object,
        parse_int=_Number,
        parse_float=_Number,
        parse_constant=_refuse_constant,
    )
    if document is not None and not isinstance(document, _Object):
        raise RefusedError(f"parse preset: cannot read {_kind(document)} as a preset")
    name = summary = tier = ""
    manifest: dict[str, object] = {}
    for key, value in document.members if document is not None else ():
        field = key if key in _FIELDS else key.lower()
        if field == "name" and value is not None:
            name = _text(field, value)
        elif field == "description":
            summary, tier = _description(value, summary, tier)
        elif field == "manifest" and value is not None:
            if not isinstance(value, dict):
                raise RefusedError(f"parse preset: cannot read {_kind(value)} as manifest")
            manifest.update(value)  # into the same map, so a second manifest is laid over the first
    _move_context_limit(manifest)
    given = manifest.get("capabilities")
    capabilities = given if isinstance(given, dict) else {}
    shells = [capabilities[name] for name in ("bash", "shell") if name in capabilities]
    if len(shells) == 2 and shells[0] != shells[1]:
        raise RefusedError("conflicting capability configuration: bash and shell differ")
    return _GoPreset(name, summary, tier, manifest)


def _description(value: object, summary: str, tier: str) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, str):
        return value, ""
    if not isinstance(value, dict):
        raise RefusedError(f"parse preset: cannot read {_kind(value)} as description")
    given_summary, given_tier = value.get("summary"), value.get("tier")
    return (
        given_summary if isinstance(given_summary, str) else summary,
        given_tier if isinstance(given_tier, str) else tier,
    )


def _move_context_limit(manifest: dict[str, object]) -> None:
    legacy = manifest.pop("context_limit", None)
    llm = manifest.get("llm")
    if isinstance(llm, dict) and legacy is not None:
        llm.setdefault("context_limit", legacy)


def _go_validate(preset: _GoPreset) -> None:
    if not preset.summary:
        raise RefusedError("description.summary must be non-empty")
    if preset.tier not in ("", "1", "2", "3", "4", "5"):
        raise RefusedError("description.tier must be one of 1..5")
    llm = preset.manifest.get("llm")
    if not isinstance(llm, dict):
        raise RefusedError("manifest.llm must be an object")
    for field in ("provider", "model"):
        if not isinstance(llm.get(field), str) or not llm[field]:
            raise RefusedError(f"manifest.llm.{field} must be non-empty")
    wanted = _ENDPOINT_NOT_EMPTY if "base_url" in llm else _ENDPOINT_NEEDED
    base_url = llm.get("base_url")
    if llm["provider"] in wanted and not (isinstance(base_url, str) and base_url):
        raise RefusedError(f"manifest.llm.base_url must be non-empty for provider {llm['provider']}")
    if not _is_limit(llm.get("context_limit")):
        raise RefusedError("manifest.llm.context_limit must be a positive integer")
    if "capabilities" in preset.manifest and not isinstance(preset.manifest["capabilities"], dict):
        raise RefusedError("manifest.capabilities must be an object")


def _is_limit(value: object) -> bool:
    if value is None:
        return True
    number = float(value.text) if isinstance(value, _Number) else 0.0
    return 0 < number < 2**63 and number.is_integer()


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError(f"parse preset: cannot read {_kind(value)} as {field}")
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise RefusedError(f"parse preset: invalid character in {constant}")


def _kind(value: object) -> str:
    kinds = {dict: "an object", _Object: "an object", list: "a list", str: "a text", _Number: "a number"}
    return kinds.get(type(value), "a truth value")
