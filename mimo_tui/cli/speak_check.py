"""The round trip of `mimo-tui speak --check`: what is heard of a take, held against what was said."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from mimo_tui.cli.chat_output import code_of
from mimo_tui.cli.errors import ExitCode
from mimo_tui.cli.evidence import diagnosis_shape
from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.json_text import Json
from mimo_tui.core.meter import cost_text
from mimo_tui.core.speech.differing import Difference, Kind, Part
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.documents import cost_shape
from mimo_tui.services.presets.testing import Target
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.events import ListeningEnded, Transcript
from mimo_tui.services.speech.listening import listen
from mimo_tui.services.speech.orders import Listening
from mimo_tui.services.speech.round_trip import check
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.takes import read_take

_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """What was heard of a take. `difference` is None where it was not heard as a whole; `problem` may say why."""

    transcript: Transcript | None = None
    difference: Difference | None = None
    problem: Clean = NOTHING

    @property
    def code(self) -> ExitCode:
        """Give the exit code: that of the service's failure, where it was not heard as a whole."""
        return ExitCode.DONE if self.difference is not None else code_of(self.failure) or ExitCode.FAILED

    @property
    def failure(self) -> Diagnosis | None:
        """What went wrong at the service."""
        return self.transcript.failure if self.transcript is not None else None


async def checked(
    services: Services, target: Target, take: Take, arguments: argparse.Namespace, stop: asyncio.Event
) -> Checked:
    """Listen to a take that is whole. Nothing raises."""
    transcript = None
    try:
        data = await asyncio.to_thread(read_take, services, take)
        sample = await asyncio.to_thread(
            lambda: read_sample(services, take.file, for_recognition=True, data=data, is_take=True)
        )
        listening = Listening(sample, target, preset=take.preset, currency=arguments.currency)
        async with aclosing(listen(services, listening, stop)) as events:
            async for event in events:
                if isinstance(event, ListeningEnded):
                    transcript = event.transcript
    except NothingSent as error:
        return Checked(problem=clean(str(error)))
    if transcript is None or not transcript.complete:
        return Checked(transcript)
    return Checked(transcript, await asyncio.to_thread(check, take, transcript))


def check_lines(found: Checked) -> Iterator[str]:
    """Say what was heard otherwise: `[-what was said-]`, `{+what was heard+}`."""
    transcript, difference = found.transcript, found.difference
    if difference is None:
        yield f"It was not checked by ear. {found.problem}".rstrip()
        if found.failure is not None:
            yield f"{found.failure.says} {found.failure.remedy}"
        return
    cost = (
        f" ({cost_text(transcript.cost)})" if transcript is not None and transcript.cost is not None else ""
    )
    if not difference.differing:
        yield f"Heard as it was said: {difference.counted}{cost}."
        return
    yield (
        f"Heard otherwise: {difference.differing:,} of {difference.counted} ({difference.rate:.0%}){cost}."
    )
    yield from "".join(_marked(part) for part in difference.parts).split("\n")


def check_shape(found: Checked) -> dict[str, Json]:
    """Give what was heard of a take, and how it differs from what was said; null: it was not heard as a whole."""
    transcript, difference = found.transcript, found.difference
    return {
        "heard": transcript.text if transcript is not None else None,
        "model": transcript.model if transcript is not None else None,
        "difference": {
            "rate": round(difference.rate, _PLACES),
            "differing": difference.differing,
            "units": difference.units,
            "unit": str(difference.unit),
            "parts": [{"kind": str(part.kind), "text": part.text} for part in difference.parts],
        }
        if difference is not None
        else None,
        "cost": cost_shape(transcript.cost)
        if transcript is not None and transcript.cost is not None
        else None,
        "failure": diagnosis_shape(found.failure) if found.failure is not None else None,
        "problem": found.problem or None,
    }


def _marked(part: Part) -> str:
    text = part.text.rstrip()
    rest = part.text[len(text) :]
    match part.kind:
        case Kind.MISSING:
            return f"[-{text}-]{rest}"
        case Kind.ADDED:
            return f"{{+{text}+}}{rest}"
        case _:
            return part.text
