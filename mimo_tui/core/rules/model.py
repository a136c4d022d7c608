"""The model: retired, unknown, disputed, not for chat, not on the plan; its context (`mimo-api.md` §5)."""

from collections.abc import Iterator
from datetime import datetime

from mimo_tui.core import preset as at
from mimo_tui.core.catalogue import Catalogue, Model, ModelKind, Status
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Path, Set
from mimo_tui.core.preset import is_mimo
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.text import clean


def model(subject: Subject, context: Context) -> Iterator[Finding]:
    if is_mimo(subject.preset) and subject.preset.model:
        yield from judge_model(subject.preset.model, at.MODEL, context, what="the model")


def judge_model(name: str, path: Path, context: Context, *, what: str) -> Iterator[Finding]:
    """Say what is wrong with the MiMo model `name` named at `path`; nothing if it is a current chat model."""
    catalogue = context.catalogue
    known = catalogue.model(name)
    if known is None:
        current = {model.id for model in context.current}
        fixes = tuple(
            Fix(f"use:{close}", f"use {close}", (Set(path, close),))
            for close in catalogue.suggest(name)
            if close in current
        )
        message = f"{what} {clean(name)} is not known"
        yield Finding("model-unknown", Severity.WARNING, path, message, catalogue.provenance(), fixes)
        return
    if known.kind.value is not ModelKind.CHAT:
        message = f"{what} {name} is for {known.kind.value}, not for chat"
        yield Finding(
            "model-not-chat",
            Severity.ERROR,
            path,
            message,
            str(known.kind.source),
            _fixes(known, path, context),
        )
        return
    match catalogue.status(name, context.at):
        case Status.RETIRED:
            message = f"{what} {name} was retired on {_day(known)}"
            yield Finding(
                "model-retired",
                Severity.ERROR,
                path,
                message,
                _why_retired(known),
                _fixes(known, path, context),
            )
        case Status.RETIRING:
            message = f"{what} {name} will be retired on {_day(known)}"
            yield Finding(
                "model-retiring",
                Severity.WARNING,
                path,
                message,
                _why_retired(known),
                _fixes(known, path, context),
            )
        case Status.DISPUTED:
            message = f"the sources disagree on {what} {name}"
            yield Finding(
                "model-disputed", Severity.WARNING, path, message, known.dispute, _fixes(known, path, context)
            )
        case _:
            pass


def plan(subject: Subject, context: Context) -> Iterator[Finding]:
    known = context.catalogue.model(subject.preset.model)
    endpoint = subject.endpoint
    if known is None or endpoint is None or endpoint.family is None or not endpoint.family.plan:
        return
    if known.token_plan is not None and not known.token_plan.value:
        fixes = tuple(
            Fix(f"use:{other.id}", f"use {other.id}", (Set(at.MODEL, other.id),))
            for other in context.current
            if other.token_plan is not None and other.token_plan.value
        )
        message = f"the model {known.id} is not part of the Token Plan, whose host this is"
        yield Finding(
            "model-not-on-plan", Severity.ERROR, at.MODEL, message, str(known.token_plan.source), fixes
        )


def context_limit(subject: Subject, context: Context) -> Iterator[Finding]:
    known, limit = context.catalogue.model(subject.preset.model), subject.preset.context_limit
    if known is None or known.context is None or limit is None or limit <= known.context.value:
        return
    path = at.context_limit_path(subject.preset.document)
    fix = Fix(
        "lower-context-limit",
        f"lower it to {known.context.value}",
        (Set(path, known.context.value),),
    )
    message = f"context_limit {limit} is above the {known.context.value} of {known.id}"
    yield Finding(
        "context-limit-above-model",
        Severity.WARNING,
        path,
        message,
        str(known.context.source),
        (fix,),
    )


def current_chat_models(catalogue: Catalogue, at_time: datetime) -> tuple[Model, ...]:
    """Give the chat models that are current at that time, in the catalogue's order."""
    return tuple(
        known
        for known in catalogue.models
        if known.kind.value is ModelKind.CHAT and catalogue.status(known.id, at_time) is Status.CURRENT
    )


RULES: tuple[Rule, ...] = (model, plan, context_limit)


def _day(known: Model) -> str:
    return f"{known.retired.value:%Y-%m-%d}" if known.retired is not None else "an unknown day"


def _why_retired(known: Model) -> str:
    return str(known.retired.source) if known.retired is not None else ""


def _fixes(known: Model, path: Path, context: Context) -> tuple[Fix, ...]:
    successor = context.catalogue.successor(known.id, context.at)
    if successor is None:
        return ()
    return (Fix(f"use:{successor.id}", f"use its successor {successor.id}", (Set(path, successor.id),)),)
