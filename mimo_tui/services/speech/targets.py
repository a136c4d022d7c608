"""Whom a text is spoken by, or a recording is heard by: the key and host of a preset, and a model for it."""

from dataclasses import replace

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import ModelKind, Status, Surface, Wire
from mimo_tui.core.endpoints import Endpoint
from mimo_tui.core.secrets import safe
from mimo_tui.services import Services
from mimo_tui.services.models import ModelView, list_models
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import Target, target_of
from mimo_tui.services.refusals import NothingSent


class NoSpeechTarget(NothingSent):
    """The preset cannot be asked for speech, or no model can; the sentence says why and what to do."""


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
    target = target_of(services, view, agreed=agreed)
    endpoint = _on_openai(services, view, target.endpoint)
    asked = _chosen(services, endpoint, kind, model, target.model)
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


def _chosen(services: Services, endpoint: Endpoint, kind: ModelKind, wanted: str, own: str) -> str:
    if wanted:
        # What only the id tells of a model that nobody knows is no reason to refuse it.
        model = services.catalogue.model(wanted)
        if model is not None and (known := model.kind.value) is not kind:
            raise NoSpeechTarget(
                f"{safe(wanted)} is a model for {known}, not for {kind}.{_others(services, kind)}"
            )
        return wanted
    if own and _kind_of(services, own) is kind:
        return own
    usable = [each.model.id for each in models_for(services, kind) if _is_offered(each, endpoint)]
    if not usable:
        raise NoSpeechTarget(f"No model for {kind} is known that {safe(endpoint.host)} offers. Name one.")
    return usable[0]


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
