"""What a start puts in order: temporary files that a killed save left behind, and a history that grew too long."""

from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.store import atomic
from mimo_tui.store.atomic import SaveFailed


def tidy(services: Services) -> tuple[Clean, ...]:
    """Remove our own strays and the oldest changes; nothing else. Gives a sentence for what could not be done."""
    places = services.places
    problems: list[Clean] = []
    for folder in (
        places.lingtai,
        places.saved,
        places.templates,
        places.legacy,
        places.prompts,
        places.takes,
    ):
        try:
            atomic.sweep(folder)
        except OSError as error:
            # One sentence will do: a folder that does not open is a finding of the list, too.
            problems = [clean(f"{folder} could not be searched for left-over files: {error.strerror}.")]
    try:
        services.history.prune()
    except (OSError, SaveFailed) as error:
        problems.append(clean(f"The history could not be shortened: {error}"))
    return tuple(problems)
