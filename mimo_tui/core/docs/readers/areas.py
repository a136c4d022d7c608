"""The reader of each area's page."""

from collections.abc import Mapping
from types import MappingProxyType

from mimo_tui.core.docs.readers.defaults import read_defaults
from mimo_tui.core.docs.readers.deprecations import read_deprecations
from mimo_tui.core.docs.readers.endpoints import read_quick_access, read_start
from mimo_tui.core.docs.readers.error_codes import read_error_codes
from mimo_tui.core.docs.readers.limits import read_limits
from mimo_tui.core.docs.readers.models import read_models
from mimo_tui.core.docs.readers.parameters import read_parameters
from mimo_tui.core.docs.readers.prices import read_plan_prices, read_prices
from mimo_tui.core.docs.readers.statements import Reader
from mimo_tui.core.docs.readers.voices import read_voices

BY_AREA: Mapping[str, Reader] = MappingProxyType(
    {
        "models": read_models,
        "deprecations": read_deprecations,
        "chat": read_parameters("chat_completions"),
        "anthropic": read_parameters("messages"),
        "responses": read_parameters("responses"),
        "prices": read_prices,
        "plan-prices": read_plan_prices,
        "rate-limits": read_limits,
        "parameters": read_defaults,
        "speech": read_voices,
        "errors": read_error_codes,
        "start": read_start,
        "endpoints": read_quick_access,
    }
)
"""By area of the catalogue (`[areas]` in `catalogue.toml`)."""
