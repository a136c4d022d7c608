"""Single facts of the page of speech: what a sample of a voice may be, and how many samples a second come back."""

import re
from collections.abc import Iterator

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.conditions import is_conditional
from mimo_tui.core.docs.readers.statements import Draft
from mimo_tui.core.docs.readers.words import plain, sentences, words
from mimo_tui.core.facts import Scalar

_SAMPLE = ("sample", "样本", "样例", "参考音频")
_BASE64 = "base64"
_MEGABYTES = re.compile(r"(?<![\d.,])([1-9]\d{0,3}) ?mb\b")
_FORMATS = ("mp3", "wav", "flac", "m4a", "ogg")
_RATE = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})|\d{4,6}) (?:samples (?:a|per) second|hz\b)|(?<![\d.,])(\d{1,3}) ?khz\b"
)
_MEGABYTE = 1 << 20
_RATES = range(8_000, 192_001)


def read_sound_limits(page: Page, draft: Draft) -> None:
    """Read them where the page says them plainly, each once."""
    said = [
        (name, value, sentence, line)
        for sentence, line in _sentences(page)
        for name, value in _facts(sentence)
    ]
    for name, value, sentence, line in said:
        if len({repr(other) for each, other, *_ in said if each == name}) == 1:
            subject = ("facts", name)
            draft.state(subject, value, sentence, line)
            draft.cover([subject])


def _sentences(page: Page) -> Iterator[tuple[str, int]]:
    for block in page.blocks:
        if isinstance(block, Paragraph):
            yield from (
                (sentence, block.line) for sentence in sentences(block.text) if not is_conditional(sentence)
            )


def _facts(sentence: str) -> Iterator[tuple[str, Scalar]]:
    said = plain(sentence)
    if _BASE64 in said and words(sentence).say(_SAMPLE):
        if len(sizes := _MEGABYTES.findall(said)) == 1:
            yield "speech_sample_base64_characters", int(sizes[0]) * _MEGABYTE
        if formats := [name for name in _FORMATS if re.search(rf"\b{name}\b", said)]:
            yield "speech_sample_formats", " ".join(formats)
    rates = {
        int(whole.replace(",", "")) if whole else int(short) * 1000 for whole, short in _RATE.findall(said)
    }
    if len(rates) == 1 and (rate := rates.pop()) in _RATES:
        yield "speech_sample_rate", rate
