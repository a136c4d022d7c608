"""What a person may set for a request to a model, by the catalogue: a table of fields, with ranges and sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeVar

from mimo_tui.core.api import Parameter
from mimo_tui.core.catalogue import Catalogue, Feature, Model, ModelKind, Wire
from mimo_tui.core.facts import Certainty, Fact, Scalar, Source
from mimo_tui.core.json_text import Json
from mimo_tui.core.offer import Offer, ParameterError, ValueType, read_value, said_name
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean

__all__ = [
    "THINKING",
    "WEB_SEARCH",
    "Offer",
    "ParameterError",
    "ValueType",
    "members",
    "offer_named",
    "offers",
    "overridden",
    "read_value",
    "said_name",
    "thinks",
]

T = TypeVar("T")

WEB_SEARCH = "tools.web_search"
"""The switch of the tool; its members stand below it (`mimo-api.md` §6.4)."""

THINKING = "thinking.type"

_EFFORT = "reasoning_effort"
_ENABLED, _DISABLED, _NONE = "enabled", "disabled", "none"
_OF_THE_CONVERSATION = frozenset({"model", "messages", "system", "stream", "stream_options.include_usage"})
_OF_SPEECH = ("audio.", "asr_options.")
_BUDGETS = frozenset({"max_completion_tokens", "max_tokens"})
_LISTS = frozenset({"stop", "stop_sequences"})
_NEEDS: Mapping[str, Feature] = MappingProxyType(
    {
        "thinking": Feature.THINKING,
        _EFFORT: Feature.THINKING,
        "response_format": Feature.STRUCTURED_OUTPUT,
        "tool_choice": Feature.FUNCTION_CALLING,
    }
)
_SPEAKING = frozenset({ModelKind.SPEECH, ModelKind.VOICE_DESIGN, ModelKind.VOICE_CLONE})


def offers(catalogue: Catalogue, model_id: str, wire: Wire, *, is_plan: bool) -> tuple[Offer, ...]:
    """Give what may be set for that model in that form, as far as the catalogue knows. `is_plan`: a plan's key.

    What a feature is needed for that the model is known to lack is left out, and so is what is known to be refused.
    """
    model = catalogue.model(model_id)
    known = catalogue.kind_of(model_id) if model is None else model.kind
    speaks = known is not None and known.value in _SPEAKING
    found = [
        offer
        for parameter in catalogue.parameters
        if parameter.wire is wire
        and not parameter.name.startswith(f"{WEB_SEARCH}.")
        and not (speaks and parameter.name in _LISTS)
        and (offer := _offer(parameter, model_id, model)) is not None
    ]
    found += _search_offers(catalogue, model_id, model, wire, is_plan=is_plan)
    return tuple(found)


def offer_named(offered: Sequence[Offer], name: str) -> Offer:
    """Give the offer that a person means: by its name, the API's or the one that is told, or by its group where that
    has one only (`thinking`).

    Raises ParameterError, also for one that cannot be set.
    """
    named = [offer for offer in offered if name in (offer.name, offer.said)]
    inner = [
        offer for offer in offered if any(each.startswith(f"{name}.") for each in (offer.name, offer.said))
    ]
    found = named or (inner if len(inner) == 1 else [])
    if not found:
        close = get_close_matches(name, [offer.said for offer in offered], n=3, cutoff=0.5)
        near = [offer.said for offer in inner] or close or [offer.said for offer in offered]
        raise ParameterError(
            f"{safe(name)} is no parameter that this model takes. There is {', '.join(near)}."
        )
    if found[0].why_not:
        raise ParameterError(f"{found[0].said} cannot be set: {found[0].why_not}")
    return found[0]


def members(values: Mapping[str, Json], wire: Wire) -> dict[str, Json]:
    """Give the members of a request's body for these values: `thinking.type` becomes a member of `thinking`.

    What belongs to the web search becomes one entry of `tools`, there as soon as any of it is set (`mimo-api.md` §6.4);
    only chat completions have it.
    """
    body: dict[str, Json] = {}
    search: dict[str, Json] = {}
    for name, value in values.items():
        if name == WEB_SEARCH or name.startswith(f"{WEB_SEARCH}."):
            _put(search, name.removeprefix(WEB_SEARCH).removeprefix("."), value)
        else:
            _put(body, name, value)
    if search and search.pop("", True) and wire is Wire.CHAT_COMPLETIONS:
        body["tools"] = [{"type": "web_search", **search}]
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        # The type is required wherever the object stands (`mimo-api.md` §10).
        body["tool_choice"] = {"type": "auto", **choice}
    return body


def thinks(offered: Sequence[Offer], values: Mapping[str, Json]) -> bool:
    """Tell whether the model thinks with these values. What it does by itself is taken from the catalogue."""
    switch = next((offer for offer in offered if offer.name == THINKING), None)
    if switch is None or values.get(_EFFORT) == _NONE:
        return False
    return values.get(THINKING, switch.default) == _ENABLED


def overridden(offered: Sequence[Offer], values: Mapping[str, Json]) -> Mapping[str, Scalar]:
    """Give, by name, what the service takes in place of the values that were set, since the model thinks."""
    if not thinks(offered, values):
        return MappingProxyType({})
    return MappingProxyType(
        {
            offer.name: offer.while_thinking
            for offer in offered
            if offer.while_thinking is not None
            and offer.name in values
            and not _is_same(values[offer.name], offer.while_thinking)
        }
    )


def _is_same(value: Json, taken: Scalar) -> bool:
    # A fraction of a request is a float, one of the catalogue is exact.
    return Decimal(str(value)) == taken if isinstance(value, float) else value == taken


def _offer(parameter: Parameter, model_id: str, model: Model | None) -> Offer | None:
    name, accepted = parameter.name, parameter.accepted
    if name in _OF_THE_CONVERSATION or name.startswith(_OF_SPEECH) or parameter.types is None:
        return None
    if accepted is not None and not accepted.says(value=True):
        return None
    feature = _NEEDS.get(name.partition(".")[0])
    has_it = model.features.get(feature) if model is not None and feature is not None else None
    if has_it is not None and has_it.says(value=False):
        return None
    choices = parameter.options.value if parameter.options is not None else ()
    kind = _type_of(parameter, choices)
    if kind is None:
        return None
    source = parameter.types.source
    documented = source.certainty in (Certainty.DOCS, Certainty.PERSON)
    remarks = [
        *(["not documented"] if not documented else []),
        *([f"it is not known whether {safe(model_id)} can do this"] if feature and has_it is None else []),
        *([clean(parameter.note.value)] if parameter.note is not None else []),
    ]
    offer = Offer(
        name=name,
        type=kind,
        source=clean(str(source)),
        lowest=_value(parameter.lowest),
        highest=_value(parameter.highest),
        most=_value(parameter.most),
        default=_value(parameter.default_of(model_id)),
        choices=choices,
        while_thinking=_value(parameter.while_thinking),
        documented=documented,
        remark=clean("; ".join(remarks)),
        source_title=_title(source),
    )
    return _of_model(offer, model) if model is not None else offer


def _type_of(parameter: Parameter, choices: tuple[str, ...]) -> ValueType | None:
    """Give what its values are; None: nothing that a person would set."""
    types = parameter.types.value if parameter.types is not None else ()
    if parameter.name in _LISTS:
        return ValueType.TEXTS
    if "object" in types or "array" in types:
        return None
    if choices:
        return ValueType.CHOICE if len(choices) > 1 else None
    for name, kind in _PLAIN:
        if name in types:
            return kind
    return None


_PLAIN = (
    ("integer", ValueType.INTEGER),
    ("number", ValueType.NUMBER),
    ("boolean", ValueType.FLAG),
    ("string", ValueType.TEXT),
)


def _of_model(offer: Offer, model: Model) -> Offer:
    """Give it as it is for that model: what it puts out, and whether it thinks by itself."""
    if offer.name in _BUDGETS and model.max_output is not None:
        most, default = Decimal(model.max_output.value), offer.default
        return replace(
            offer,
            highest=min(most, offer.highest) if offer.highest is not None else most,
            default=min(int(most), default) if isinstance(default, int) else default,
        )
    if offer.name == THINKING and model.thinking is not None:
        return replace(offer, default=_ENABLED if model.thinking.value else _DISABLED)
    thinks_at_all = model.features.get(Feature.THINKING)
    if offer.while_thinking is not None and thinks_at_all is not None and thinks_at_all.says(value=False):
        return replace(offer, while_thinking=None, remark=NOTHING)
    return offer


def _search_offers(
    catalogue: Catalogue, model_id: str, model: Model | None, wire: Wire, *, is_plan: bool
) -> Iterator[Offer]:
    parameters = [one for one in catalogue.parameters if one.wire is wire and one.name.startswith(WEB_SEARCH)]
    has_it = model.features.get(Feature.WEB_SEARCH) if model is not None else None
    if not parameters or has_it is None or not has_it.value:
        return
    switch = Offer(
        WEB_SEARCH,
        ValueType.FLAG,
        clean(str(has_it.source)),
        default=False,
        remark=Clean("a search costs extra, and the plugin must be enabled in the console"),
        source_title=_title(has_it.source),
    )
    on_plan = catalogue.facts.get("web_search_on_plan")
    if is_plan and on_plan is not None and on_plan.says(value=False):
        yield replace(switch, why_not=clean(f"a plan's key has no web search ({on_plan.source})."))
        return
    yield switch
    for parameter in parameters:
        offer = _offer(parameter, model_id, model)
        if offer is not None:
            yield offer


def _title(source: Source) -> Clean:
    return clean(f"{source.title}, SIMULATED" if source.simulated else source.title)


def _value(fact: Fact[T] | None) -> T | None:
    return fact.value if fact is not None else None


def _put(body: dict[str, Json], name: str, value: Json) -> None:
    *outer, last = name.split(".")
    for each in outer:
        inner = body.get(each)
        if not isinstance(inner, dict):
            inner = {}
            body[each] = inner
        body = inner
    body[last] = value
