"""The model: retired, unknown, disputed, not for chat, not on the plan; its context (`mimo-api.md` §5)."""

from collections.abc import Iterator
from datetime import datetime

from mimo_tui.core import preset as at
from mimo_tui.core.catalogue import Catalogue, Model, ModelKind, Status
from mimo_tui.core.facts import Certainty
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Path, Set
from mimo_tui.core.model import both_sides
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
    if not known.kind.says(ModelKind.CHAT):
        yield _not_for_chat(known, path, context, what)
        return
    match catalogue.status(name, context.at):
        case Status.RETIRED:
            message = f"{what} {name} was retired{_day(known)}"
            yield Finding(
                "model-retired",
                Severity.ERROR,
                path,
                message,
                _why_retired(known),
                _fixes(known, path, context),
            )
        case Status.RETIRING:
            message = f"{what} {name} will be retired{_day(known)}"
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
    part = known.token_plan
    if part is None or part.says(value=True):
        return
    fixes = tuple(
        Fix(f"use:{other.id}", f"use {other.id}", (Set(at.MODEL, other.id),))
        for other in context.current
        if other.token_plan is not None and other.token_plan.says(value=True)
    )
    if part.says(value=False):
        message = f"the model {known.id} is not part of the Token Plan, whose host this is"
        yield Finding("model-not-on-plan", Severity.ERROR, at.MODEL, message, str(part.source), fixes)
    else:
        message = f"the sources disagree on whether {known.id} is part of the Token Plan, whose host this is"
        yield Finding("model-plan-disputed", Severity.WARNING, at.MODEL, message, both_sides(part), fixes)


def context_limit(subject: Subject, context: Context) -> Iterator[Finding]:
    known, limit = context.catalogue.model(subject.preset.model), subject.preset.context_limit
    if known is None or known.context is None or limit is None:
        return
    told = [claim.value for claim in known.context.counted]
    if limit <= min(told):
        return
    path = at.context_limit_path(subject.preset.document)
    fix = Fix("lower-context-limit", f"lower it to {min(told)}", (Set(path, min(told)),))
    if not known.context.disputed:
        code, because = "context-limit-above-model", str(known.context.source)
        message = f"context_limit {limit} is above the {known.context.value} of {known.id}"
    else:
        code, because = "context-limit-disputed", both_sides(known.context)
        message = f"context_limit {limit} may be too much: the sources disagree on the context of {known.id}"
    yield Finding(code, Severity.WARNING, path, message, because, (fix,))


def current_chat_models(catalogue: Catalogue, at_time: datetime) -> tuple[Model, ...]:
    """Give the chat models that are current at that time, in the catalogue's order."""
    return tuple(
        known
        for known in catalogue.models
        if known.kind.value is ModelKind.CHAT and catalogue.status(known.id, at_time) is Status.CURRENT
    )


RULES: tuple[Rule, ...] = (model, plan, context_limit)


def _not_for_chat(known: Model, path: Path, context: Context, what: str) -> Finding:
    fixes, kind = _fixes(known, path, context), known.kind
    if kind.disputed:
        message = f"the sources disagree on what {what} {known.id} is for"
        return Finding("model-disputed", Severity.WARNING, path, message, both_sides(kind), fixes)
    if kind.source.certainty is Certainty.INFERRED:
        message = f"{what} {known.id} seems to be for {kind.value}, not for chat, by its id"
        return Finding("model-not-chat", Severity.WARNING, path, message, str(kind.source), fixes)
    message = f"{what} {known.id} is for {kind.value}, not for chat"
    return Finding("model-not-chat", Severity.ERROR, path, message, str(kind.source), fixes)


def _day(known: Model) -> str:
    if known.retired is None:
        return ""
    if known.retired.disputed:
        return "; the sources disagree on the day"
    return f" on {known.retired.value:%Y-%m-%d}"


def _why_retired(known: Model) -> str:
    if known.retired is None:
        return ""
    return both_sides(known.retired) if known.retired.disputed else str(known.retired.source)


def _fixes(known: Model, path: Path, context: Context) -> tuple[Fix, ...]:
    successor = context.catalogue.successor(known.id, context.at)
    if successor is None:
        return ()
    named = known.successor
    which = "its successor" if named is None or not named.disputed else "by one source its successor:"
    return (Fix(f"use:{successor.id}", f"use {which} {successor.id}", (Set(path, successor.id),)),)
