"""What stands on the Speech screen in words: the head, the takes, the voices, and a sample before it is sent."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from textual.content import Content

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.ledger import Cost
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.meter import BETWEEN, cost_text, costs_text
from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import safe
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.screens.asking_place import Asked
from mimo_tui.tui.speech_offers import Remedy, remedy_of
from mimo_tui.tui.speech_state import Growing, ReadSample
from mimo_tui.tui.widgets.finding_text import MUTED, hanging
from mimo_tui.tui.widgets.news_line import News
from mimo_tui.tui.widgets.playground_head import TalkHead
from mimo_tui.tui.widgets.take_table import TakeRow
from mimo_tui.tui.widgets.take_text import clock_text
from mimo_tui.tui.widgets.voice_list import ShownVoice

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView
    from mimo_tui.services.speech.orders import Sample
    from mimo_tui.services.speech.voices import VoiceView

_OFFLINE: Final = clean("Nothing can be sent: the program is offline. Start it without --offline.")
_SHOWN_OF_TEXT: Final = 200
_SHOWN_OF_VOICE: Final = 40


def head_of(
    view: "PresetView | None",
    asked: Asked,
    spoken: Iterable[Take],
    *,
    waiting: int,
    simulated: bool,
    offline: bool,
) -> TalkHead:
    """Give whom the text goes to, what waits to be spoken, and what was spent in this run."""
    cost = costs_text(_spent(tuple(spoken)))
    so_far = clean(f"{cost} so far") if cost else NOTHING
    note = _OFFLINE if offline else asked.problem
    along = clean(f"{waiting} more to be spoken") if waiting else NOTHING
    if view is None:
        nobody = clean("No preset is chosen: f3 lists those that have a key")
        return TalkHead(nobody, cost=so_far, note=note, along=along, simulated=simulated)
    slot = view.preset.slot if view.preset is not None else ""
    return TalkHead(
        view.name if view.name.strip() else view.reference,
        safe(asked.model or "no model"),
        view.endpoint.title if view.endpoint is not None else NOTHING,
        safe(slot) if slot else NOTHING,
        so_far,
        note=note,
        along=along,
        simulated=simulated,
    )


def _spent(takes: tuple[Take, ...]) -> Iterator[Cost]:
    """Give what was spent, by currency; at least that much, where of some it is not known."""
    costs = [take.cost for take in takes if take.cost is not None]
    is_least = any(take.cost is None and take.file for take in takes)
    for currency in dict.fromkeys(cost.currency for cost in costs):
        those = [cost for cost in costs if cost.currency == currency]
        yield Cost(
            sum((cost.amount for cost in those), Decimal(0)),
            currency,
            is_bound=any(cost.is_bound for cost in those),
            is_least=is_least or any(cost.is_least for cost in those),
        )


# The takes.


def voice_words(take: Take) -> Clean:
    """Name the voice that speaks."""
    voice = take.voice if len(take.voice) <= _SHOWN_OF_VOICE else f"{take.voice[: _SHOWN_OF_VOICE - 1]}…"
    match take.kind:
        case ModelKind.VOICE_DESIGN:
            return clean(f"designed: {voice}")
        case ModelKind.VOICE_CLONE:
            return clean(f"clone of {voice}")
        case _:
            return clean(voice or "the model's own voice")


def state_words(take: Take) -> Clean:
    """Say in a few words what is the matter with it; empty: it is whole."""
    if take.stopped:
        return clean("stopped")
    if take.failure is not None:
        return clean("broke off")
    return NOTHING if take.complete else clean("not complete")


def one_line(text: str) -> Clean:
    """Give the beginning of a text in one line."""
    return safe(" ".join(text[: 2 * _SHOWN_OF_TEXT].split())[:_SHOWN_OF_TEXT])


def row_of(
    take: Take, *, mark: str, is_playing: bool, played: float, says_simulated: bool, is_passing: bool = False
) -> TakeRow:
    """Give a take as it stands in the list."""
    return TakeRow(
        take.id,
        voice_words(take),
        one_line(take.preview or take.text),
        take.waveform,
        seconds=take.seconds,
        size=take.size,
        first_sound=take.first_sound,
        cost=cost_text(take.cost) if take.cost is not None else NOTHING,
        mark=mark,
        is_playing=is_playing,
        played=played,
        is_kept=take.kept,
        problem=state_words(take),
        simulated=take.simulated and says_simulated,
        is_passing=is_passing,
    )


def growing_row(growing: Growing, *, mark: str, is_playing: bool, played: float) -> TakeRow:
    """Give the take that is being spoken as it stands in the list."""
    take = growing.take
    which = f"part {growing.part} of {growing.parts}: " if growing.parts > 1 else ""
    return TakeRow(
        take.id,
        voice_words(take),
        clean(f"{which}{one_line(take.text)}"),
        growing.peaks,
        is_growing=True,
        is_passing=growing.passes,
        seconds=growing.seconds,
        mark=mark,
        is_playing=is_playing,
        played=played,
    )


def about_text(take: Take) -> Content:
    """Say of a take what its row does not."""
    parts = [f"{take.model}{f' · {take.preset}' if take.preset else ''}"]
    parts += [f"style: {one_line(take.style)}"] if take.style.strip() else []
    parts += list(take.notes)
    parts += [f"joined at {', '.join(map(clock_text, take.joins))}"] if take.joins else []
    parts += [f"first sound {take.first_sound:.2f} s"] if take.first_sound is not None else []
    parts += [f"{take.took:.1f} s in all"] if take.took is not None else []
    parts += [cost_text(take.cost)] if take.cost is not None else []
    told = Content.styled(clean(BETWEEN.join(parts)), MUTED)
    if take.failure is not None:
        return Content.assemble((f"✗ {take.failure.says}", "$text-error"), BETWEEN, told)
    return told


# News.


def done_news(take: Take, removed: int, problem: Clean) -> News:
    """Say what came of a take that was spoken, and what had to go for it."""
    parts = [f"{voice_words(take)}: {clock_text(take.seconds)}" if take.seconds else f"{voice_words(take)}"]
    parts += [size_text(take.size)] if take.size else []
    parts += [f"first sound {take.first_sound:.2f} s"] if take.first_sound is not None else []
    parts += [f"{take.took:.1f} s in all"] if take.took is not None else []
    parts += [cost_text(take.cost)] if take.cost is not None else []
    if removed:
        goes = "take that nobody keeps goes" if removed == 1 else "takes that nobody keeps go"
        parts.append(f"the folder is full: {removed} older {goes}")
    if problem:
        return News(problem, "warning", clean("It can be heard and saved until the program ends."))
    if take.stopped:
        return News(
            clean(f"Stopped. {BETWEEN.join(parts)}" if take.file else "Stopped before any sound came.")
        )
    if take.notes:
        return News(clean(BETWEEN.join(parts)), "warning", clean(" ".join(take.notes)))
    return News(clean(BETWEEN.join(parts)), "good")


def failed_news(diagnosis: Diagnosis, take: Take, dropped: int) -> News:
    """Say why a text was not spoken, what came all the same, and what one key does about it."""
    remedy = remedy_of(diagnosis)
    does = f"{diagnosis.remedy} " if diagnosis.remedy else ""
    does += f"(f8: {remedy})" if remedy is not Remedy.NONE else ""
    says = f"{diagnosis.says}"
    if take.file:
        says += f" {clock_text(take.seconds)} of it came and is kept, not complete." if take.seconds else ""
    if dropped:
        says += f" The other {dropped} would fail as well, and are not asked for."
    return News(clean(says), "error", clean(does.strip()))


# Voices and samples.


def shown_voice(view: "VoiceView") -> ShownVoice:
    """Give a voice as it stands in the list."""
    voice = view.voice
    notes = ["default"] if view.is_default else []
    if view.is_alias:
        notes.append(f"speaks as {view.heard}" if view.heard else "differs by cluster")
    return ShownVoice(
        voice.id,
        safe(voice.language),
        safe(voice.gender),
        safe(voice.character),
        clean(", ".join(notes)),
        is_alias=view.is_alias,
    )


def sample_text(read: ReadSample, width: int) -> Content:
    """Say what a sample is, before it is sent: its length, level, and what is the matter with it."""
    if not read.location:
        return Content("")
    if read.problem:
        return hanging(Content.styled("✗ ", "$text-error"), Content(read.problem), width)
    if read.sample is None:
        return Content.styled("Reading …", MUTED)
    first = Content.assemble((read.sample.name, "bold"), BETWEEN, BETWEEN.join(_measures(read.sample)))
    sign = Content.styled("! ", "$text-warning")
    warnings = [hanging(sign, Content(each), width) for each in read.sample.warnings]
    return Content("\n").join([hanging(Content("  "), first, width), *warnings])


def _measures(sample: "Sample") -> Iterator[str]:
    yield sample.media_type.partition("/")[2].upper() or "sound"
    yield clock_text(sample.seconds)
    yield size_text(sample.size)
    if sample.rate is not None:
        yield f"{sample.rate / 1000:g} kHz"
    if sample.peak is not None and sample.level is not None:
        yield f"level {sample.level:.0f} dB, peak {sample.peak:.0f} dB"
