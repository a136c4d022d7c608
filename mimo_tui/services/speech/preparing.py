"""A take before anything is sent: whether it can be spoken, the requests that it takes, and what is known of it."""

from dataclasses import dataclass

from mimo_tui.core.json_text import Json
from mimo_tui.core.ledger import CREDITS
from mimo_tui.core.media.data_url import url_of
from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.bodies import speech_body
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services import Services
from mimo_tui.services.playground.events import Raw
from mimo_tui.services.playground.raw_request import raw_request
from mimo_tui.services.speech.advising import advice, parts_of, require_speakable, sample_rate
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.store import settings
from mimo_tui.store.settings import Settings
from mimo_tui.wire.answering import ChatRequest

_USUAL_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A take that can be asked for. `take` has no id yet; `format` is what is asked of the service for it.

    `texts` are what each of the requests is to speak.
    """

    take: Take
    texts: tuple[str, ...]
    requests: tuple[ChatRequest, ...]
    format: SoundFormat
    currency: str
    own: Settings


def prepare(services: Services, speaking: Speaking) -> Prepared:
    """Build the requests. Slow where a sample goes with them: call it in a thread. Raises CannotSpeak."""
    require_speakable(services, speaking)
    target, own = speaking.target, settings.load(services.places.settings)
    form = _asked(speaking)
    url = url_of(speaking.sample.media_type, speaking.sample.data) if speaking.sample is not None else ""
    texts = parts_of(services, speaking)
    requests = (
        ChatRequest(
            target.url,
            target.key,
            target.model,
            _body(speaking, text, form, url),
            target.named,
            speaking.streamed,
        )
        for text in texts
    )
    family = target.endpoint.family
    on_plan = family is not None and family.plan
    return Prepared(
        _begun(services, speaking),
        texts,
        tuple(requests),
        form,
        CREDITS if on_plan else speaking.currency or own.currency or _USUAL_CURRENCY,
        own,
    )


def raw_of(request: ChatRequest) -> Raw:
    """Give a request as it may be shown. Slow where a sample goes with it: call it in a thread."""
    whole: dict[str, Json] = {"model": request.model, **request.body, "stream": request.streamed}
    return raw_request(request.url, request.key, whole, streamed=request.streamed)


def _asked(speaking: Speaking) -> SoundFormat:
    """Give the format to ask for: what is streamed comes without a header, since its length is not known before."""
    if speaking.streamed and speaking.format is not SoundFormat.MP3:
        return SoundFormat.PCM16
    return speaking.format


def _body(speaking: Speaking, text: str, form: SoundFormat, sample_url: str) -> dict[str, Json]:
    return speech_body(
        speaking.kind,
        text,
        voice=speaking.voice,
        description=speaking.description,
        sample_url=sample_url,
        style=speaking.style,
        format=form,
        polish=speaking.polish,
    )


def _begun(services: Services, speaking: Speaking) -> Take:
    rate = sample_rate(services.catalogue)
    has_samples = speaking.format is not SoundFormat.MP3
    return Take(
        id="",
        at=services.now(),
        kind=speaking.kind,
        model=safe(speaking.target.model),
        text=speaking.text,
        host=safe(speaking.target.endpoint.host),
        preset=speaking.preset,
        voice=_voice(speaking),
        style=speaking.style,
        format=speaking.format,
        streamed=speaking.streamed,
        rate=int(rate.value) if rate is not None and has_samples else 0,
        simulated=services.simulated,
        notes=advice(services, speaking),
    )


def _voice(speaking: Speaking) -> Clean:
    match speaking.kind:
        case ModelKind.VOICE_DESIGN:
            return safe(speaking.description)
        case ModelKind.VOICE_CLONE:
            return speaking.sample.name if speaking.sample is not None else NOTHING
        case _:
            return safe(speaking.voice)
