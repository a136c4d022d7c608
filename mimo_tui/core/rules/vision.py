"""Vision: what the capability will really look with, and whether that can see (`lingtai-presets.md` §3.6)."""

from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.catalogue import Modality, Model
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Delete, Path, Set
from mimo_tui.core.model import both_sides
from mimo_tui.core.preset import INHERIT, Vision
from mimo_tui.core.rules.model import judge_model
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.text import clean

VISION_MODEL: Path = (*at.VISION, "model")
PINNED = (
    "the vision capability uses its own model, or the preset's where it names none; "
    "a text-only model answers an image with 404 (lingtai-presets.md §3.6, mimo-api.md §12)"
)
SEPARATE = (
    "a vision provider other than the preset's own needs its own model and key (lingtai-presets.md §3.6)"
)


def model(subject: Subject, context: Context) -> Iterator[Finding]:
    vision = subject.preset.vision
    if vision is None or vision.provider.lower() != "mimo" or not vision.model:
        return
    path = VISION_MODEL if vision.pinned else at.VISION
    known = context.catalogue.model(vision.model)
    blind = known is not None and known.refuses(Modality.IMAGE)
    found = next(judge_model(vision.model, path, context, what="vision's model"), None)
    # A model that works for a while yet, but sees nothing, fails today.
    if vision.pinned and found is not None and not (blind and found.code == "model-retiring"):
        code = found.code.replace("model-", "vision-model-", 1)
        yield Finding(code, found.severity, path, found.message, found.because, _fixes(subject, context))
    elif known is None or known.inputs is None:
        code = "vision-model-sight-unknown" if vision.pinned else "vision-unpinned-unknown"
        message = f"whether {clean(vision.model)} sees images is not known; vision would use it"
        yield Finding(code, Severity.WARNING, path, message, PINNED, _fixes(subject, context))
    elif not blind and not known.takes(Modality.IMAGE):
        message = f"the sources disagree on whether {vision.model} sees images; vision would use it"
        because = both_sides(known.inputs)
        fixes = _fixes(subject, context)
        yield Finding("vision-model-sight-disputed", Severity.WARNING, path, message, because, fixes)
    elif blind and vision.pinned:
        message = f"vision is pinned to {vision.model}, which {_blindness(known)}"
        fixes = _fixes(subject, context)
        yield Finding("vision-model-text-only", Severity.ERROR, path, message, PINNED, fixes)
    elif blind:
        message = f"vision names no model and would use {vision.model}, which {_blindness(known)}"
        fixes = _fixes(subject, context)
        yield Finding("vision-unpinned", Severity.ERROR, path, message, PINNED, fixes)


def provider(subject: Subject, context: Context) -> Iterator[Finding]:
    vision = subject.preset.vision
    if vision is None:
        return
    value = subject.preset.capabilities["vision"]
    named = value.get("provider") if isinstance(value, dict) else None
    if (
        isinstance(named, str)
        and named not in (INHERIT, "")
        and named not in context.lingtai.vision_providers
    ):
        message = f"{clean(named)} is no provider of vision that Lingtai knows"
        because = "Lingtai then offers vision by hand only (lingtai-presets.md §5)"
        fixes = (_remove(),)
        yield Finding(
            "vision-provider-unknown", Severity.WARNING, (*at.VISION, "provider"), message, because, fixes
        )
    elif not vision.same_provider and not _complete(vision, context):
        lacking = " and ".join(
            what for what, there in (("a model", vision.pinned), ("a slot", vision.slot)) if not there
        )
        message = f"vision runs on {clean(vision.provider)} and needs {lacking} of its own"
        yield Finding("vision-incomplete", Severity.WARNING, at.VISION, message, SEPARATE, (_remove(),))


def wire(subject: Subject, _context: Context) -> Iterator[Finding]:
    vision, preset = subject.preset.vision, subject.preset
    if vision is None or vision.provider.lower() != "mimo" or preset.api_compat.lower() != "anthropic":
        return
    if vision.same_provider:
        message = "vision on MiMo does not work with api_compat anthropic"
        because = "Lingtai's MiMo vision speaks chat completions only (lingtai-presets.md §3.6)"
        fix = Fix("api-compat-openai", "set api_compat to openai", (Set(at.API_COMPAT, "openai"),))
        yield Finding("vision-wire", Severity.WARNING, at.API_COMPAT, message, because, (fix, _remove()))


RULES: tuple[Rule, ...] = (model, provider, wire)


def _blindness(known: Model) -> str:
    text_only = known.inputs is not None and known.inputs.says(frozenset({Modality.TEXT}))
    return "takes text only" if text_only else "takes no images"


def _complete(vision: Vision, context: Context) -> bool:
    keyless = vision.provider in context.lingtai.keyless_providers
    return bool(vision.pinned or keyless) and bool(vision.slot or keyless)


def _fixes(subject: Subject, context: Context) -> tuple[Fix, ...]:
    """Pin to a model that is proven to see, the preset's own first; or give vision up."""
    plan_host = (
        subject.endpoint is not None and subject.endpoint.family is not None and subject.endpoint.family.plan
    )
    proven = [
        known.id
        for known in context.current
        if known.takes(Modality.IMAGE)
        and not (plan_host and known.token_plan is not None and not known.token_plan.says(value=True))
    ]
    proven.sort(key=lambda known: known != subject.preset.model)
    pins = tuple(
        Fix(f"pin-vision:{known}", f"pin vision to {known}", (Set(VISION_MODEL, known),)) for known in proven
    )
    return (*pins, _remove())


def _remove() -> Fix:
    return Fix("remove-vision", "remove vision", (Delete(at.VISION),))
