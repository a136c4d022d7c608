"""What is known of the API itself: the paths of its request forms, their parameters, and its errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from mimo_tui.core.facts import Fact, Scalar, Source
from mimo_tui.core.model import ModelKind, Wire, facts_without


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request, its name with a dot before each inner one: `thinking.type`. None: not known.

    `lowest` and `highest` are its range, both within it, `most` the members of a list. `default` is what holds
    where it is left out, `defaults` that of single models, by id. `options` are all values that it takes.
    `while_thinking` is what the service takes instead of any value while the model thinks. `accepted`: whether the
    service takes it at all; not known means that it is documented and nobody says otherwise.
    """

    wire: Wire
    name: str
    types: Fact[tuple[str, ...]] | None = None
    required: Fact[bool] | None = None
    lowest: Fact[Decimal] | None = None
    highest: Fact[Decimal] | None = None
    most: Fact[int] | None = None
    default: Fact[Scalar] | None = None
    options: Fact[tuple[str, ...]] | None = None
    while_thinking: Fact[Scalar] | None = None
    accepted: Fact[bool] | None = None
    note: Fact[str] | None = None
    defaults: Mapping[str, Fact[Scalar]] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def default_of(self, model_id: str) -> Fact[Scalar] | None:
        """Give what holds for that model where the parameter is left out; None: not known."""
        return self.defaults.get(model_id, self.default)

    def without(self, page: str) -> "Parameter | None":
        """Give what is left of it if the page says nothing; None: nothing at all."""
        changes = _left(self, page)
        changes["defaults"] = facts_without(self.defaults, page)
        return replace(self, **changes) if any(changes.values()) else None


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What the service means by a status of HTTP, and by the same text as `code` in the body (`mimo-api.md` §12).

    `message`, `detail` (in `param`) and `type` hold all that such an error is known to say there.
    """

    code: str
    meaning: Fact[str] | None = None
    message: Fact[tuple[str, ...]] | None = None
    detail: Fact[tuple[str, ...]] | None = None
    type: Fact[tuple[str, ...]] | None = None

    def without(self, page: str) -> "ErrorCode | None":
        """Give what is left of it if the page says nothing; None: nothing at all."""
        changes = _left(self, page)
        return replace(self, **changes) if any(changes.values()) else None


@dataclass(frozen=True, slots=True)
class IdPattern:
    """A part of an id that tells what its model is for, where nothing else does (`mimo-api.md` §15)."""

    part: str
    kind: ModelKind
    source: Source


def _left(value: Parameter | ErrorCode, page: str) -> dict[str, Any]:
    return {
        one.name: fact.without(page)
        for one in fields(value)
        if isinstance(fact := getattr(value, one.name), Fact)
    }
