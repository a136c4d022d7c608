"""Readers of the pages that state facts: each gives statements as `catalogue.toml` writes them, with their row."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from mimo_tui.core.docs.page import Page
from mimo_tui.core.docs.readers.statements import ANY, Reader, Reading, Statement, Subject

_AREAS = (
    *("models", "deprecations", "chat", "anthropic", "responses", "prices", "plan-prices", "rate-limits"),
    *("parameters", "speech", "errors", "start", "endpoints"),
)


def _read(area: str, page: Page) -> Reading:
    # The readers know many words: they are imported when there is a page to read.
    from mimo_tui.core.docs.readers.areas import BY_AREA

    return BY_AREA[area](page)


READERS: Mapping[str, Reader] = MappingProxyType({area: partial(_read, area) for area in _AREAS})
"""By area of the catalogue (`[areas]` in `catalogue.toml`), whose page the reader reads."""

__all__ = ["ANY", "READERS", "Reader", "Reading", "Statement", "Subject"]
