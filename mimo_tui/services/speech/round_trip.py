"""The round trip: what was spoken, held against what is heard of it."""

from mimo_tui.core.secrets import redact
from mimo_tui.core.speech.differing import Difference, differ
from mimo_tui.core.take import Take
from mimo_tui.services.speech.events import Transcript


def check(said: Take | str, heard: Transcript | str) -> Difference:
    """Give how what was heard differs from what was said. Slow where both are long: call it in a thread.

    A model that was asked to write or polish its text has said what it wrote. What looks like a key is in neither.
    """
    text = (said.preview or said.text) if isinstance(said, Take) else said
    return differ(redact(text), redact(heard.text if isinstance(heard, Transcript) else heard))
