"""A sound that a command takes from standard input."""

import sys

from mimo_tui.cli.chat_input import piped
from mimo_tui.cli.errors import Usage
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import STDIN
from mimo_tui.services.speech.orders import Sample
from mimo_tui.services.speech.sampling import most_bytes, read_sample


def piped_sample(services: Services, words: str, what: str, *, for_recognition: bool = False) -> Sample:
    """Read the sound that comes by a pipe. `words` ask for it, `what` it is. Raises Usage and CannotAttach."""
    if sys.stdin.isatty():
        raise Usage(f"{words} takes {what} from a pipe, and there is none.")
    data = piped(most_bytes(services, for_recognition=for_recognition))
    return read_sample(services, STDIN, for_recognition=for_recognition, data=data)
