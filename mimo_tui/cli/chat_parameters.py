"""`mimo-tui chat --params`: what may be set for a model, and who says so. Nothing is sent."""

import argparse
from collections.abc import Sequence

from mimo_tui.cli import output
from mimo_tui.cli.chat_input import is_plan
from mimo_tui.cli.chat_shapes import parameters_document
from mimo_tui.cli.errors import ExitCode
from mimo_tui.core.catalogue import Wire
from mimo_tui.core.facts import Scalar
from mimo_tui.core.model import in_words
from mimo_tui.core.offer import Offer
from mimo_tui.core.parameters import offers
from mimo_tui.core.secrets import safe
from mimo_tui.services import Services
from mimo_tui.services.playground.targets import NoPreset, WhichPreset, target_for, the_preset
from mimo_tui.services.presets.listing import list_presets

_COLUMNS = ("PARAMETER", "TAKES", "DEFAULT", "WHILE THINKING", "REMARK", "SOURCE")
_SPARE = ("SOURCE", "REMARK", "WHILE THINKING")


def list_parameters(services: Services, arguments: argparse.Namespace) -> ExitCode:
    model, wire, plan = _asked(services, arguments)
    offered = offers(services.catalogue, model, wire, is_plan=plan)
    if arguments.json:
        output.write_document(parameters_document(model, wire, offered))
        return ExitCode.DONE
    output.write_lines((f"{safe(model)}, {wire.replace('_', ' ')}",))
    output.write_table(_COLUMNS, [_row(offer) for offer in offered], spare=_SPARE)
    output.write_lines(_legend(offered))
    return ExitCode.DONE


def _asked(services: Services, arguments: argparse.Namespace) -> tuple[str, Wire, bool]:
    """Give model and form that are meant, and whether a plan's key asks. A model alone is meant on the usual form."""
    try:
        view = the_preset(list_presets(services), arguments.preset)
    except (NoPreset, WhichPreset):
        if not arguments.model or arguments.preset:
            raise
        return arguments.model, Wire.CHAT_COMPLETIONS, False
    # Nothing is sent, wherever its key would go.
    target = target_for(services, view, model=arguments.model, agreed=True)
    return target.model, target.wire, is_plan(target)


def _row(offer: Offer) -> tuple[str, ...]:
    return (
        offer.said,
        f"cannot be set: {offer.why_not}" if offer.why_not else offer.expects,
        _words(offer.default),
        _words(offer.while_thinking),
        offer.remark,
        offer.source_title,
    )


def _words(value: "Scalar | None") -> str:
    return "" if value is None else in_words(value)


def _legend(offered: Sequence[Offer]) -> tuple[str, ...]:
    forced = any(offer.while_thinking is not None for offer in offered)
    thinking = "WHILE THINKING is what the service takes in place of any value. " if forced else ""
    return (f"{thinking}Set one by --param NAME=VALUE. --json tells all of the sources.",)
