"""A recording as the requests take it: as it is, or, where it is too long for one, cut at quiet places."""

from dataclasses import dataclass, field
from typing import Final

from mimo_tui.core.catalogue import Catalogue, Modality
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.data_url import url_of
from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.media.limits import data_url_head
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.cutting import cut_recording
from mimo_tui.core.speech.samples import as_samples
from mimo_tui.core.speech.waves import read_wave, wave_header
from mimo_tui.services import Services
from mimo_tui.services.refusals import WrongWords
from mimo_tui.services.speech.orders import Sample
from mimo_tui.services.speech.sampling import fits_one_request

_WIDTH: Final = 2
"""Bytes of a sample."""

_TOKENS_A_SECOND: Final = 6
"""Tokens of text that a second of speech becomes at most, by our own judgement: the fastest speakers say 4 words."""


class CannotListen(WrongWords):
    """Nothing was sent, since the recording cannot be heard as it is; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording in `parts`. `samples` (16 bits, mono) and `cuts` are empty where it goes out as it is."""

    sample: Sample
    media_type: str
    samples: bytes = field(default=b"", repr=False)
    rate: int = 0
    cuts: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> int:
        """Give how many requests it takes."""
        return len(self.cuts) or 1

    def url(self, part: int) -> str:
        """Give a part, counted from 1, as the URL that goes into a request. Slow: call it in a thread."""
        if not self.cuts:
            return url_of(self.media_type, self.sample.data)
        first, last = self.cuts[part - 1]
        samples = self.samples[first * _WIDTH : last * _WIDTH]
        return url_of(self.media_type, wave_header(last - first, self.rate) + samples)


def recording_of(services: Services, sample: Sample, model: str) -> Recording:
    """Cut a recording where it is too large for one request, or would say more than an answer of the model holds.

    Slow: call it in a thread. Raises CannotListen.
    """
    longest = _longest_answer(services.catalogue, model)
    if fits_one_request(services, sample) and (longest is None or sample.seconds <= longest):
        return Recording(sample, sample.media_type)
    decoded = _samples(sample)
    if decoded is None:
        return Recording(sample, sample.media_type)
    samples, rate = decoded
    media_type = _type_of_wave(services.catalogue)
    most = min(
        (each for each in (_longest_request(services.catalogue, media_type, rate), longest) if each),
        default=None,
    )
    if most is None:
        return Recording(sample, sample.media_type)
    return Recording(sample, media_type, samples, rate, cut_recording(as_samples(samples), rate, most))


def _samples(sample: Sample) -> tuple[bytes, int] | None:
    """Decode it; None: it is whole, and nothing here decodes it. Raises CannotListen."""
    try:
        if format_of(sample.data[:HEAD]) is Format.WAV:
            wave = read_wave(sample.data)
            return wave.samples, wave.rate
        from mimo_tui.sound.decoding import NoDecoder, decode

        try:
            decoded = decode(sample.data)
        except NoDecoder:
            return None
        return decoded.samples, decoded.rate
    except Broken as error:
        raise CannotListen(f"{sample.name} cannot be read: {safe(str(error))}.") from error


def _longest_request(catalogue: Catalogue, media_type: str, rate: int) -> float | None:
    """Give the seconds of a WAV that one request takes (`mimo-api.md` §9.5); None: not known."""
    characters = catalogue.facts.get("recognition_base64_characters")
    if characters is None:
        return None
    room = (int(characters.value) - len(data_url_head(media_type))) // 4 * 3 - len(wave_header(0, rate))
    return room / _WIDTH / rate


def _longest_answer(catalogue: Catalogue, model: str) -> float | None:
    """Give the seconds of speech whose text surely fits an answer; None: not known."""
    known = catalogue.model(model)
    if known is None or known.max_output is None:
        return None
    return known.max_output.value / _TOKENS_A_SECOND


def _type_of_wave(catalogue: Catalogue) -> str:
    media = catalogue.media.get(Modality.AUDIO)
    return media.formats.value.get(Format.WAV, "audio/wav") if media is not None else "audio/wav"
