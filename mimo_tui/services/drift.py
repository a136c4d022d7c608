"""What the docs, the hosts and calls say otherwise than expected, and since when. Opens no connection."""

from dataclasses import dataclass
from datetime import datetime

from mimo_tui.core.drift import Discrepancy, Unchecked, compare
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.knowledge import answers_seen
from mimo_tui.store.docs_cache import CacheProblem


@dataclass(frozen=True, slots=True)
class Found:
    """A discrepancy, and when it was first seen."""

    discrepancy: Discrepancy
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found, worst first, and what could not be checked."""

    found: tuple[Found, ...]
    unchecked: tuple[Unchecked, ...]


def find_drift(services: Services) -> Sighting:
    """Hold what this program came with against all that was seen. Blocks, and never fails.

    Writes nothing but first sightings, in our own folder. What the person's own settings say counts as expected.
    """
    at, memory = services.now(), services.observations
    unusable: tuple[Unchecked, ...] = ()
    try:
        evidence = services.knowledge.evidence()
    except CacheProblem as problem:
        unusable = (Unchecked(clean("the docs that are here"), clean(str(problem))),)
        evidence = answers_seen(memory)
    drift = compare(services.knowledge.trusted, evidence, at)
    since = memory.first_seen([one.key for one in drift.discrepancies], at)
    found = tuple(Found(one, since[one.key]) for one in drift.discrepancies)
    return Sighting(found, (*unusable, *drift.unchecked))
