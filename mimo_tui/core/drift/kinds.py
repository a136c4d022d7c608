"""What drift is made of: a discrepancy, what could not be checked, and both together."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.findings import Severity
from mimo_tui.core.text import Clean


class Signal(StrEnum):
    """What is worth a report: the five of `protocol.md`, and what else the docs say otherwise than expected."""

    INDEX = "index-gone-or-moved"
    MODEL_NOT_FOUND = "listed-model-not-found"
    HOSTS = "host-families-changed"
    CAPABILITY = "capability-mismatch"
    PRICE_OR_LIMIT = "price-or-limit-mismatch"
    DOCS = "docs-changed"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """An expectation and the evidence against it.

    `key` is the same each time it is found, for its first sighting. `old` and `new` are values in words, empty:
    nothing. `expected_from` and `seen_in` are sources in words (title, address, day); `quote` is the evidence
    verbatim. `remedy` says what a person can do.
    """

    key: str
    signal: Signal
    severity: Severity
    subject: Clean
    message: Clean
    old: Clean
    new: Clean
    expected_from: Clean
    seen_in: Clean
    url: Clean
    quote: Clean
    remedy: Clean
    at: datetime
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An expectation that nothing could be held against, and why: never drift."""

    subject: Clean
    reason: Clean


@dataclass(frozen=True, slots=True)
class Drift:
    """What was found, worst first, and what could not be checked."""

    discrepancies: tuple[Discrepancy, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
