"""Values of parameters that stay while one goes from model to model: each takes only some of them."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mimo_tui.core.json_text import Json
from mimo_tui.core.offer import Offer, ParameterError, read_value


def written(value: Json) -> str:
    """Give a value as a person would type it: what `read_value` reads."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def taken(offered: Sequence[Offer], values: Mapping[str, Json]) -> Mapping[str, Json]:
    """Give those of the values that the model takes, in the order in which they were set."""
    by_name = {offer.name: offer for offer in offered if not offer.why_not}
    return MappingProxyType(
        {name: value for name, value in values.items() if name in by_name and _is_taken(by_name[name], value)}
    )


def _is_taken(offer: Offer, value: Json) -> bool:
    try:
        return read_value(offer, written(value)) == value
    except ParameterError:
        return False
