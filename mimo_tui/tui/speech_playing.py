"""What can be heard of a take: its sound, read from its file. Imported when something is first played."""

from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from mimo_tui.services.speech.takes import read_take
from mimo_tui.sound.decoding import decode
from mimo_tui.sound.track import Track


def track_of(services: Services, take: Take) -> Track:
    """Give the sound of a take. Slow: call it in a thread. Raises TakesProblem, Broken and NoDecoder."""
    data = read_take(services, take)
    if format_of(data[:HEAD]) is Format.WAV:
        wave = read_wave(data)
        return Track(wave.rate, wave.samples, is_ended=True)
    decoded = decode(data)
    return Track(decoded.rate, decoded.samples, is_ended=True)
