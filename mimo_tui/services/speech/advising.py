"""What can be said of a text before it is spoken: why it cannot be, and what will not come out as one may think."""

import re
from collections.abc import Iterator
from math import ceil
from typing import Final

from mimo_tui.core.catalogue import Catalogue, Model, ModelKind, Status
from mimo_tui.core.facts import Fact, Scalar
from mimo_tui.core.model import tokens_in_words
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.splitting import leading_tag, split_text
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.refusals import WrongWords
from mimo_tui.services.speech.orders import Speaking

_RATE_FACT: Final = "speech_sample_rate"
_LENGTH_FACT: Final = "speech_text_characters"

# The words by which a text is sung, and the form of a manner that V2 had (`mimo-api.md` §9.3).
_SINGING: Final = frozenset({"唱歌", "sing", "singing"})
_OBSOLETE: Final = re.compile(r"</?style\b", re.IGNORECASE)
_CUE: Final = re.compile(r"\[[^\[\]\n]{1,40}\]")

# Characters that make a token at most: our own judgement, on the side of letting a text pass. How many tokens it
# really has only the service counts.
_WIDE_PER_TOKEN: Final = 2
_NARROW_PER_TOKEN: Final = 6
_FIRST_WIDE: Final = "\u2e80"


class CannotSpeak(WrongWords):
    """Nothing was sent, since this cannot be spoken; the sentence says why and what to do."""


def parts_of(services: Services, speaking: Speaking) -> tuple[str, ...]:
    """Give the texts of the requests that it takes, in order. Each has the tag that the whole text begins with.

    To a designed voice a tag is text as any other. A text is split where it is longer than the catalogue says is well
    (`mimo-api.md` §9.3); not known: never.
    """
    most = services.catalogue.facts.get(_LENGTH_FACT)
    text = speaking.text
    if most is None or len(text) <= int(most.value):
        return (text,)
    tag, rest = ("", text) if speaking.kind is ModelKind.VOICE_DESIGN else leading_tag(text)
    return tuple(f"{tag}{part}" for part in split_text(rest, max(1, int(most.value) - len(tag))))


def sample_rate(catalogue: Catalogue) -> Fact[Scalar] | None:
    """Give the samples a second of what is spoken (`mimo-api.md` §9.4); None: not known."""
    return catalogue.facts.get(_RATE_FACT)


def require_speakable(services: Services, speaking: Speaking) -> None:
    """Raise CannotSpeak where the service would refuse it, or what came of it could not be kept."""
    kind, catalogue = speaking.kind, services.catalogue
    writes_itself = kind is ModelKind.VOICE_DESIGN and speaking.polish
    if not leading_tag(speaking.text)[1].strip() and not (writes_itself and not speaking.text.strip()):
        only = "There is only a tag" if speaking.text.strip() else "There is no text"
        raise CannotSpeak(f"{only}: write what is to be spoken.")
    match kind:
        case ModelKind.VOICE_DESIGN if not speaking.description.strip():
            raise CannotSpeak(
                "Describe the voice that is to be designed: who speaks, how old, in what manner."
            )
        case ModelKind.VOICE_CLONE if speaking.sample is None:
            raise CannotSpeak("Name a sample of the voice that is to be cloned: a WAV or MP3 file.")
        case ModelKind.CHAT | ModelKind.RECOGNITION:
            raise CannotSpeak(f"A model for {kind} does not speak. Choose one for speech.")
    parts = parts_of(services, speaking)
    if len(parts) > 1 and speaking.format is SoundFormat.MP3:
        raise CannotSpeak(
            f"The text has {len(speaking.text):,} characters and is spoken in {len(parts)} parts, and MP3 cannot be "
            "joined without a gap. Ask for WAV."
        )
    if sample_rate(catalogue) is None and _comes_without_header(speaking):
        raise CannotSpeak(
            "How many samples a second the sound has is not known, and what is streamed does not say it. "
            "Ask for WAV, not streamed."
        )
    _require_context(catalogue.model(speaking.target.model), speaking, parts)


def advice(services: Services, speaking: Speaking) -> tuple[Clean, ...]:
    """Say what the person should know before it is sent: what has no effect, and how many requests it takes."""
    return tuple(dict.fromkeys(map(clean, _advice(services, speaking))))


def _advice(services: Services, speaking: Speaking) -> Iterator[str]:
    kind, model = speaking.kind, services.catalogue.model(speaking.target.model)
    text = speaking.text.strip()
    tag, _ = leading_tag(text)
    if model is not None and services.catalogue.status(model.id, services.now()) is Status.RETIRED:
        yield f"{safe(model.id)} was retired, by {model.retired.source if model.retired else 'the catalogue'}."
    if kind is ModelKind.VOICE_DESIGN and (tag.strip() or _CUE.search(text)):
        yield "A designed voice takes no tags or cues such as (…) and [sigh]: they do nothing, or are read aloud."
    elif kind is ModelKind.VOICE_CLONE and _sings(tag):
        yield "A cloned voice does not sing: only the built-in voices do."
    if _OBSOLETE.search(text):
        yield "<style> belongs to a model that is gone: write the manner as a style, or as (…) before the text."
    if speaking.polish and kind is not ModelKind.VOICE_DESIGN:
        yield "Only voice design polishes a text: it is spoken as it is."
    if kind is ModelKind.SPEECH and speaking.voice and model is not None:
        yield from _of_voice(model, speaking.voice)
    if kind is ModelKind.VOICE_CLONE and speaking.sample is not None:
        yield from speaking.sample.warnings
    if (count := len(parts_of(services, speaking))) > 1:
        yield f"The text has {len(speaking.text):,} characters: it is spoken in {count} requests, and joined."
        if kind is ModelKind.VOICE_DESIGN:
            yield "Each request designs the voice anew: it may not be quite the same in all parts."


def _sings(tag: str) -> bool:
    return not _SINGING.isdisjoint(re.split(r"[\s,，、]+", tag.strip().strip("()（）[]").lower()))


def _of_voice(model: Model, voice: str) -> Iterator[str]:
    known = {each.id for each in model.voices}
    if not known or voice in known:
        return
    alike = next((each for each in known if each.casefold() == voice.casefold()), None)
    meant = f" {safe(alike)} is." if alike is not None else " It may be refused."
    yield f"{safe(voice)} is none of the voices of {safe(model.id)} that are known.{meant}"


def _comes_without_header(speaking: Speaking) -> bool:
    match speaking.format:
        case SoundFormat.MP3:
            return False
        case SoundFormat.WAV:
            return speaking.streamed
        case _:
            return True


def _require_context(model: Model | None, speaking: Speaking, parts: tuple[str, ...]) -> None:
    if model is None or model.context is None:
        return
    beside = _fewest_tokens(speaking.style) + _fewest_tokens(speaking.description)
    most = max(map(_fewest_tokens, parts)) + beside
    if most > (context := model.context.value):
        what = "The style and the description are" if beside > context // 2 else "The text is"
        raise CannotSpeak(
            f"{what} too long: they take {most:,} tokens or more, and {safe(model.id)} takes "
            f"{tokens_in_words(context)} in all, by {model.context.source}. Make it shorter."
        )


def _fewest_tokens(text: str) -> int:
    wide = sum(sign >= _FIRST_WIDE for sign in text)
    return ceil(wide / _WIDE_PER_TOKEN + (len(text) - wide) / _NARROW_PER_TOKEN)
