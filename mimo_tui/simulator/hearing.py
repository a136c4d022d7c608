"""What the simulator said in a recording: whole, in pieces that were joined, or as much of it as was not cut off."""

from mimo_tui.core.speech.samples import as_bytes
from mimo_tui.simulator import tokens
from mimo_tui.simulator.mp3 import words_in
from mimo_tui.simulator.recordings import Recording
from mimo_tui.simulator.watermark import Passage, passages

_EDGE = 0.35
"""Seconds that may be cut off at either end, as silence is, without any word being lost."""
_FAR = 16
"""Characters within which the end of a word is looked for, where a recording was cut."""


def spoken(recording: Recording) -> str | None:
    """Give what the simulator said in a recording; None: it did not speak there."""
    if recording.format == "MP3":
        return words_in(recording.content)
    found = passages(as_bytes(recording.samples))
    if not found:
        return None
    edge, length = round(_EDGE * recording.rate), len(recording.samples)
    texts = [passage.text for passage in found]
    # Only at its two ends a recording is cut; inside, silence at most is missing where it was joined.
    last, first = found[-1], found[0]
    texts[-1] = texts[-1][: _place(last, length - last.offset, edge)].rstrip()
    texts[0] = texts[0][_place(first, -first.offset, edge) :].lstrip()
    return _joined([text for text in texts if text])


def _place(passage: Passage, sample: int, edge: int) -> int:
    """Give how many characters come before a sample. The same sample always gives the same place."""
    text, edge = passage.text, min(edge, passage.total // 4)
    if sample <= edge:
        return 0
    if sample >= passage.total - edge:
        return len(text)
    place = round(len(text) * (sample - edge) / (passage.total - 2 * edge))
    near = range(max(1, place - _FAR), min(len(text), place + _FAR) + 1)
    ends = [each for each in near if text[each - 1].isspace()]
    return min(ends, key=lambda each: abs(each - place), default=place)


def _joined(texts: list[str]) -> str:
    """Join texts as a sentence follows the other: Chinese has no blank there."""
    whole = ""
    for text in texts:
        is_tight = not whole or tokens.is_wide(whole[-1]) or tokens.is_wide(text[0])
        whole += text if is_tight else f" {text}"
    return whole
