"""What stands on the Listen screen in words: the recording, what hearing it takes, and what was heard."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mimo_tui.core.ledger import Cost
from mimo_tui.core.meter import BETWEEN, cost_text, costs_text
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.speech.events import Transcript
from mimo_tui.tui.listen_offers import Remedy, remedy_of
from mimo_tui.tui.listen_state import Hearing
from mimo_tui.tui.screens.asking_place import Asked
from mimo_tui.tui.widgets.playground_head import TalkHead
from mimo_tui.tui.widgets.stream_view import Note, ShownTurn
from mimo_tui.tui.widgets.table import Row
from mimo_tui.tui.widgets.take_text import clock_text

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView

LANGUAGES: Final = MappingProxyType({"auto": "the service finds out which", "zh": "Chinese", "en": "English"})
_OFFLINE: Final = clean("Nothing can be sent: the program is offline. Start it without --offline.")
_SHOWN_IN_LIST: Final = 200


def head_of(
    view: "PresetView | None",
    asked: Asked,
    hearings: Iterable[Hearing],
    *,
    language: str,
    simulated: bool,
    offline: bool,
) -> TalkHead:
    """Give whom the recording goes to, in which language it is heard, and what was spent so far."""
    cost = costs_text(_spent(hearings))
    note = _OFFLINE if offline else asked.problem
    spoken = clean(f"{cost} so far") if cost else NOTHING
    named = clean(f"language {safe(language)}" if language else "any language")
    if view is None:
        nobody = clean("No preset is chosen")
        return TalkHead(nobody, cost=spoken, title=named, note=note, simulated=simulated)
    slot = view.preset.slot if view.preset is not None else ""
    return TalkHead(
        view.name if view.name.strip() else view.reference,
        safe(asked.model or "no model"),
        view.endpoint.title if view.endpoint is not None else NOTHING,
        safe(slot) if slot else NOTHING,
        spoken,
        named,
        note,
        simulated=simulated,
    )


def _spent(hearings: Iterable[Hearing]) -> Iterator[Cost]:
    """Give what was spent, by currency; at least that much, where of some it is not known."""
    transcripts = [each.ended.transcript for each in hearings if each.ended is not None]
    costs = [each.cost for each in transcripts if each.cost is not None]
    is_least = any(each.cost is None and each.text for each in transcripts)
    for currency in dict.fromkeys(cost.currency for cost in costs):
        those = [cost for cost in costs if cost.currency == currency]
        amount = sum((cost.amount for cost in those), Decimal(0))
        yield Cost(amount, currency, is_bound=any(cost.is_bound for cost in those), is_least=is_least)


def hearing_row(hearing: Hearing) -> Row:
    """Give a time that a recording was heard as a row of the list."""
    ended = hearing.ended
    cost = ended.transcript.cost if ended is not None else None
    is_failed = ended is not None and ended.diagnosis is not None
    return Row(
        str(hearing.number),
        (
            clean(hearing.name),
            clock_text(hearing.seconds),
            clean(cost_text(cost)) if cost is not None else "",
            _differs(hearing),
            _in_short(hearing),
        ),
        tone="error" if is_failed else "",
    )


def _differs(hearing: Hearing) -> str:
    if not hearing.is_over:
        return "…"
    return f"{hearing.difference.rate:.0%}" if hearing.difference is not None else ""


def _in_short(hearing: Hearing) -> Clean:
    told = safe(hearing.heard[:_SHOWN_IN_LIST])
    if not hearing.is_over:
        return clean(f"… {told}" if told else "… listening")
    if hearing.ended is not None and hearing.ended.diagnosis is not None and not told:
        return clean(hearing.ended.diagnosis.says)
    if not told:
        return hearing.unchecked or clean("stopped" if _is_stopped(hearing) else "no words")
    return told


def shown_hearing(hearing: Hearing) -> ShownTurn:
    """Give what was heard as it is shown, with what it took below."""
    transcript = hearing.ended.transcript if hearing.ended is not None else None
    parts = [hearing.name]
    if transcript is not None and transcript.simulated:
        parts.append(clean("SIMULATED"))
    return ShownTurn(
        hearing.number,
        clean(BETWEEN.join(parts)),
        hearing.heard,
        is_markdown=False,
        below=tuple(_below(hearing)),
    )


def _below(hearing: Hearing) -> Iterator[Note]:
    if not hearing.is_over:
        which = f" to part {hearing.part} of {hearing.parts}" if hearing.parts > 1 else ""
        yield Note(clean(f"… listening{which}; escape stops"))
        return
    if hearing.ended is None:
        yield Note(hearing.unchecked or clean("Stopped before anything came of it."), "warning")
        return
    transcript, diagnosis = hearing.ended.transcript, hearing.ended.diagnosis
    for told in transcript.notes:
        yield Note(told, "warning")
    if not hearing.heard.strip() and diagnosis is None and transcript.complete:
        yield Note(clean("! No words were heard in it."), "warning")
    if diagnosis is not None:
        remedy = remedy_of(diagnosis)
        does = f" (f8: {remedy})" if remedy is not Remedy.NONE else ""
        yield Note(clean(f"✗ {diagnosis.says}"), "error")
        if diagnosis.remedy:
            yield Note(clean(f"→ {diagnosis.remedy}{does}"), "success")
        yield Note(clean(f"because {diagnosis.because}"))
    if hearing.unchecked:
        yield Note(hearing.unchecked, "warning")
    yield Note(clean(BETWEEN.join(_took(transcript))))


def _took(transcript: Transcript) -> Iterator[str]:
    yield transcript.model
    if transcript.first_text is not None:
        yield f"first text {transcript.first_text:.2f} s"
    if transcript.took is not None:
        yield f"{transcript.took:.2f} s in all"
    if transcript.seconds is not None:
        yield f"{clock_text(transcript.seconds)} charged"
    if transcript.cost is not None:
        yield cost_text(transcript.cost)
    if transcript.stopped:
        yield "stopped"
    elif not transcript.complete:
        yield "not complete"


def _is_stopped(hearing: Hearing) -> bool:
    return hearing.ended is None or hearing.ended.transcript.stopped
