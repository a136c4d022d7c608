"""Whom a text is spoken by, or a recording is heard by: the key and host of a preset, and a model for it."""

from dataclasses import replace

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import ModelKind, Status, Surface, Wire
from mimo_tui.core.endpoints import Endpoint
from mimo_tui.core.preset import is_mimo
from mimo_tui.core.secrets import safe
from mimo_tui.services import Services
from mimo_tui.services.models import ModelView, list_models
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import Target, target_of
from mimo_tui.services.refusals import WrongWords


class NoSpeechTarget(WrongWords):
    """The preset cannot be asked for speech, or no model can; the sentence says why and what to do."""


class WrongKind(NoSpeechTarget):
    """The model that was named is known to be for something else: it is one of the kind `known`."""

    def __init__(self, model: str, known: ModelKind, kind: ModelKind, others: str) -> None:
        super().__init__(f"{safe(model)} is a model for {known}, not for {kind}.{others}")
        self.model = safe(model)
        self.known = known


def models_for(services: Services, kind: ModelKind) -> tuple[ModelView, ...]:
    """Give the models of that kind, the current ones first."""
    return tuple(view for view in list_models(services) if view.model.kind.value is kind)


def speech_target(
    services: Services, view: PresetView, kind: ModelKind, *, model: str = "", agreed: bool = False
) -> Target:
    """Give whom the preset asks for speech of that kind: `model`, else its own where it fits, else the current one.

    Speech goes by chat completions (`mimo-api.md` §9.1): of a preset on the Anthropic surface the OpenAI one of the
    same host is asked. Raises NoSpeechTarget, CannotTest, and KeyGoesElsewhere where a key of MiMo would leave for
    another host, unless the person `agreed`.
    """
    target = target_of(services, view, agreed=True)
    endpoint = _on_openai(services, view, target.endpoint)
    asked = _chosen(services, view, endpoint, kind, model, target.model)
    if not agreed:
        # Only now: nobody is to agree to what cannot be done.
        target_of(services, view)
    return replace(
        target,
        endpoint=endpoint,
        model=asked,
        wire=Wire.CHAT_COMPLETIONS,
        asked=replace(target.asked, endpoint=endpoint, model=asked),
    )


def _on_openai(services: Services, view: PresetView, endpoint: Endpoint) -> Endpoint:
    if endpoint.surface is Surface.OPENAI:
        return endpoint
    found = services.catalogue.find_host(endpoint.host)
    base = found[0].base(found[1], Surface.OPENAI) if found is not None else None
    if base is None:
        raise NoSpeechTarget(
            f"{view.reference} speaks the Anthropic form, which has no speech, and no other base URL of "
            f"{safe(endpoint.host)} is known. Choose a preset of the OpenAI surface."
        )
    return endpoints.read(base, services.catalogue)


def _chosen(
    services: Services, view: PresetView, endpoint: Endpoint, kind: ModelKind, wanted: str, own: str
) -> str:
    if wanted:
        # What only the id tells of a model that nobody knows is no reason to refuse it.
        model = services.catalogue.model(wanted)
        if model is not None and (known := model.kind.value) is not kind:
            raise WrongKind(wanted, known, kind, _others(services, kind))
        return wanted
    if own and _kind_of(services, own) is kind:
        return own
    if not _is_of_mimo(view, endpoint):
        raise NoSpeechTarget(
            f"{view.reference} asks {safe(endpoint.host)}, which is no host of MiMo's, and the models for {kind} that "
            "are known are MiMo's. Choose a preset of MiMo, or name a model of that host."
        )
    usable = [each.model.id for each in models_for(services, kind) if _is_offered(each, endpoint)]
    if not usable:
        raise NoSpeechTarget(f"No model for {kind} is known that {safe(endpoint.host)} offers. Name one.")
    return usable[0]


def _is_of_mimo(view: PresetView, endpoint: Endpoint) -> bool:
    """Tell whether models of MiMo are to be expected there: by its host, or since the person says so of a proxy."""
    return endpoint.family is not None or (view.preset is not None and is_mimo(view.preset))


def _kind_of(services: Services, model: str) -> ModelKind | None:
    known = services.catalogue.model(model)
    fact = known.kind if known is not None else services.catalogue.kind_of(model)
    return fact.value if fact is not None else None


def _is_offered(view: ModelView, endpoint: Endpoint) -> bool:
    on_plan = endpoint.family is not None and endpoint.family.plan
    plan = view.model.token_plan
    return view.status is not Status.RETIRED and not (on_plan and plan is not None and plan.says(value=False))


def _others(services: Services, kind: ModelKind) -> str:
    current = [each.model.id for each in models_for(services, kind) if each.status is Status.CURRENT]
    return f" For that there is {', '.join(map(safe, current))}." if current else ""
