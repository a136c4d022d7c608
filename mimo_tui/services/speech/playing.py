"""Whether this machine plays sound, and by what."""

from collections.abc import Mapping
from dataclasses import dataclass

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services import Services
from mimo_tui.services.speech.fetching import is_far
from mimo_tui.sound.loudspeaker import has_library, loudspeakers
from mimo_tui.sound.player import Player
from mimo_tui.sound.probing import complaint

_ANY_RATE = 24_000
"""What is tried where the catalogue names no rate."""
_UNKNOWN = Clean("No sound here: nothing is known of this machine (there is no PATH).")
_GET_ONE = "Install mimo-tui[sound], or one of pw-cat, paplay, aplay, play (SoX), ffplay and mpv."
_FAR = Clean("You are logged in from afar: the sound comes out of the machine that this runs on.")


@dataclass(frozen=True, slots=True)
class NoPlayer:
    """This machine plays nothing; `reason` says so and what helps, `tried` what each program said.

    What becomes of the sound is for those to say who have it.
    """

    reason: Clean
    tried: Clean = NOTHING


def find_player(services: Services) -> Player | NoPlayer:
    """Give what plays on this machine: the first program that takes a moment of silence.

    Blocking, mostly for 0.2 s: call it once, in a thread, and keep what it gives. Who is done with a player closes it.
    """
    environment = services.environment
    if not environment.get("PATH"):
        return NoPlayer(_UNKNOWN)
    fact = services.catalogue.facts.get("speech_sample_rate")
    rate = fact.value if fact is not None and isinstance(fact.value, int) else _ANY_RATE
    refusals: dict[Clean, Clean] = {}
    for loudspeaker in loudspeakers(environment):
        why = complaint(loudspeaker, environment, rate)
        if not why:
            return Player(loudspeaker, environment, notice=_FAR if is_far(environment) else NOTHING)
        refusals.setdefault(loudspeaker.name, why)
    return _none(refusals)


def _none(refusals: Mapping[Clean, Clean]) -> NoPlayer:
    if not refusals:
        return NoPlayer(Clean(f"No sound here: no program that plays was found. {_GET_ONE}"))
    helps = "" if has_library() else f" {_GET_ONE}"
    reason = f"No sound device answers ({', '.join(refusals)}).{helps}"
    tried = "; ".join(f"{name}: {why.rstrip('.')}" for name, why in refusals.items())
    return NoPlayer(Clean(reason), Clean(f"{tried}."))
