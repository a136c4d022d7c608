"""Makes room among the takes once a take is where the person wants it: not before, or what goes might be it."""

from dataclasses import replace

from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.speech.events import Spoken
from mimo_tui.services.speech.takes import MEGABYTE, is_on_disk, most_megabytes
from mimo_tui.store.takes import TakesProblem


def with_room(services: Services, ended: Spoken) -> Spoken:
    """Remove the oldest takes where there are too many with this one, and give its end with those. Blocks.

    Call it when the take is saved under the name that the person gave, if there is one. Nothing raises: what is wrong
    is a problem of the end.
    """
    takes = services.takes if is_on_disk(services, ended.take) else services.passing_takes()
    try:
        gone = takes.make_room(most_megabytes(services) * MEGABYTE, spare=(ended.take.id,))
    except TakesProblem as problem:
        said = clean(f"{ended.problem} {problem}".strip())
        return replace(ended, removed=problem.removed, problem=said)
    return replace(ended, removed=gone)
