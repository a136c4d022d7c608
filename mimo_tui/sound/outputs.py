"""The output that a loudspeaker needs."""

from collections.abc import Mapping

from mimo_tui.sound.file_output import FileOutput
from mimo_tui.sound.loudspeaker import Loudspeaker, Way
from mimo_tui.sound.message_output import MessageOutput
from mimo_tui.sound.output import Output
from mimo_tui.sound.sample_output import SampleOutput


def open_output(loudspeaker: Loudspeaker, environment: Mapping[str, str]) -> Output:
    """Give the way into a loudspeaker; nothing is started yet."""
    match loudspeaker.way:
        case Way.MESSAGES:
            return MessageOutput(loudspeaker, environment)
        case Way.SAMPLES:
            return SampleOutput(loudspeaker, environment)
        case Way.FILE:
            return FileOutput(loudspeaker, environment)
