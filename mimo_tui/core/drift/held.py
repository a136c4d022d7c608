"""All that is held against each other: the facts of the catalogue, and what the pages say of the same subjects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.readers import Statement, Subject
from mimo_tui.core.evidence import Evidence, PageSeen
from mimo_tui.core.facts import CatalogueError, Fact
from mimo_tui.core.subjects import Value, facts_of, read_value

_LENGTHS = {"models": 2, "hosts": 2, "key_prefixes": 2, "error_codes": 2, "parameters": 3}
"""How long the subject of a thing is that may come or go as a whole, with all that is said of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of a subject."""

    value: Value
    statement: Statement
    page: PageSeen


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held against each other. `things` are the models, hosts and so on that the catalogue knows."""

    expected: Catalogue
    documented: Catalogue
    facts: Mapping[Subject, Fact[Value]]
    said: Mapping[Subject, tuple[Said, ...]]
    things: frozenset[Subject]
    at: datetime


def hold(expected: Catalogue, documented: Catalogue, evidence: Evidence, at: datetime) -> Held:
    """Put together what the pages say and what is expected of them."""
    facts = facts_of(expected)
    return Held(expected, documented, facts, _said_by(evidence), frozenset(map(thing_of, facts)), at)


def thing_of(subject: Subject) -> Subject:
    """Give what the subject is a part of: the model, host, kind of key, error or parameter; else itself."""
    return subject[: _LENGTHS.get(subject[0], len(subject))]


def _said_by(evidence: Evidence) -> Mapping[Subject, tuple[Said, ...]]:
    said: dict[Subject, tuple[Said, ...]] = {}
    for page in evidence.pages:
        for statement in page.reading.statements if page.reading is not None else ():
            try:
                value = read_value(statement.subject, statement.value)
            except CatalogueError:
                continue
            if value is not None:
                one = Said(value, statement, page)
                said[statement.subject] = (*said.get(statement.subject, ()), one)
    return said
