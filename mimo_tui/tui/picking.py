"""Whom one asks: a preset with a key, and a model, each chosen from a list."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen

from mimo_tui.core.catalogue import ModelKind, Status
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.models import ModelView, list_models
from mimo_tui.services.playground.targets import is_usable
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.tui.model_rows import status_text
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.talking import SHORTLY

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import Listing, PresetView


async def choose_preset(
    screen: Screen[None],
    services: "Services",
    listing: "Listing | None",
    current: "PresetView | None",
    question: Clean,
    kind: ModelKind | None = None,
) -> "PresetView | None":
    """Have the person choose one of the presets of MiMo that have a key; None: none is, or there is none.

    `kind`: what is asked is a model of that kind, whatever model the preset names.
    """
    usable = [view for view in (listing.presets if listing else ()) if is_usable(view)]
    if not usable:
        told = "No preset of MiMo has a key. `2` goes to Keys, where one is put into a slot."
        screen.notify(told, title="No preset can be used", severity="warning", timeout=SHORTLY, markup=False)
        return None
    choices = await asyncio.to_thread(_choices, services, usable, kind)
    now = current.reference if current is not None else ""
    answer = await screen.app.push_screen_wait(Choose(question, choices, current=now))
    return next((view for view in usable if view.reference == answer), None)


async def choose_model(
    screen: Screen[None],
    services: "Services",
    kinds: Collection[ModelKind],
    question: Clean,
    *,
    current: str = "",
    last: str = "",
) -> str | None:
    """Have the person choose a model of these kinds; `current` is the one in use, `last` one that is hardly meant."""
    views = await asyncio.to_thread(list_models, services)
    choices = [
        Choice(each.model.id, clean(each.model.id), clean(status_text(each)))
        for each in sorted(views, key=lambda each: each.model.id == last)
        if each.model.kind.value in kinds
    ]
    return await screen.app.push_screen_wait(Choose(question, choices, current=current))


def _choices(services: "Services", usable: "Sequence[PresetView]", kind: ModelKind | None) -> list[Choice]:
    status = {each.model.id: each for each in list_models(services)}

    def named(view: "PresetView") -> str:
        if kind is not None:
            return _asked(services, view, kind)
        return (view.preset.model if view.preset is not None else "") or ""

    return [Choice(view.reference, _called(view), _described(view, named(view), status)) for view in usable]


def _asked(services: "Services", view: "PresetView", kind: ModelKind) -> str:
    """Give the model of that kind that the preset would ask; empty: none is known."""
    try:
        # Nothing is sent: whether the key may go there is asked when it is to.
        return speech_target(services, view, kind, agreed=True).model
    except NothingSent:
        return ""


def _called(view: "PresetView") -> Clean:
    return view.name if view.name.strip() else view.reference


def _described(view: "PresetView", named: str, status: Mapping[str, ModelView]) -> Clean:
    known = status.get(named)
    state = f" ({status_text(known)})" if known is not None and known.status is not Status.CURRENT else ""
    title = view.endpoint.title if view.endpoint is not None else NOTHING
    return clean(f"{safe(named or 'no model')}{state} · {title} · {view.reference}")
