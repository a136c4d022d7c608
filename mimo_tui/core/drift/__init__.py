"""Evidence that contradicts an expectation (`protocol.md` 14). The expectations are the shipped catalogue's."""

from datetime import datetime

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.drift import calls, indexes, lists, pages, voices
from mimo_tui.core.drift.indexes import INDEX
from mimo_tui.core.drift.kinds import Discrepancy, Drift, Signal, Unchecked
from mimo_tui.core.evidence import Evidence
from mimo_tui.core.findings import Severity
from mimo_tui.core.learning import learn
from mimo_tui.core.text import clean

_ORDER = {severity: place for place, severity in enumerate(Severity)}
_SIGNALS = {signal: place for place, signal in enumerate(Signal)}


def compare(expected: Catalogue, evidence: Evidence, at: datetime) -> Drift:
    """Hold the expectations against all that was seen. Pure."""
    documented = learn(expected, Evidence(pages=evidence.pages), {})
    found = [
        *indexes.compare(expected, evidence),
        *pages.compare(expected, documented, evidence, at),
        *lists.compare(expected, documented, evidence),
        *calls.compare(expected, documented, evidence),
        *voices.compare(expected, documented, evidence),
    ]
    found.sort(key=lambda one: (_ORDER[one.severity], _SIGNALS[one.signal], one.key))
    return Drift(tuple(found), tuple(_unchecked(expected, evidence)))


def _unchecked(expected: Catalogue, evidence: Evidence) -> list[Unchecked]:
    asked = evidence.lists or evidence.calls
    return [
        *indexes.unchecked(expected, evidence),
        *pages.unchecked(evidence),
        *(
            ()
            if asked
            else (
                Unchecked(
                    clean("the models of each host"),
                    clean("No host has told yet what it offers; `mimo-tui keys check` asks, at no cost."),
                ),
            )
        ),
    ]


__all__ = ["INDEX", "Discrepancy", "Drift", "Signal", "Unchecked", "compare"]
