"""The built-in voices that are known, and from where."""

from dataclasses import dataclass

from mimo_tui.core.catalogue import ModelKind, Status, Voice, Wire
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.models import ModelView
from mimo_tui.services.speech.targets import models_for

_VOICE = "audio.voice"
_ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A voice of a model.

    `is_default`: it speaks where none is named. `heard` is the voice that is heard: itself, or what an alias stands for
    at the cluster that was asked for; empty: not known.
    """

    voice: Voice
    model: Clean
    is_default: bool
    heard: Clean

    @property
    def is_alias(self) -> bool:
        """Whether it only stands for another voice."""
        return bool(self.voice.stands_for)


def list_voices(services: Services, cluster: str = "") -> tuple[VoiceView, ...]:
    """Give the voices of every model that speaks in built-in ones and is not retired, in the order of the sources.

    `cluster` is one of the catalogue's, such as that of an endpoint; empty: none in particular. There is no list of the
    service to ask (`mimo-api.md` §9.2): these are the voices of the docs, or of the error that named them last.
    """
    return tuple(
        _view(services, view, voice, cluster)
        for view in models_for(services, ModelKind.SPEECH)
        if view.status is not Status.RETIRED
        for voice in view.model.voices
    )


def _view(services: Services, view: ModelView, voice: Voice, cluster: str) -> VoiceView:
    parameter = services.catalogue.parameter(Wire.CHAT_COMPLETIONS, _VOICE)
    default = parameter.default_of(view.model.id) if parameter is not None else None
    return VoiceView(
        voice,
        safe(view.model.id),
        is_default=default is not None and default.value == voice.id,
        heard=_heard(voice, cluster),
    )


def _heard(voice: Voice, cluster: str) -> Clean:
    if not voice.stands_for:
        return safe(voice.id)
    if not cluster:
        return clean("")
    return safe(voice.stands_for.get(cluster) or voice.stands_for.get(_ELSEWHERE, ""))
