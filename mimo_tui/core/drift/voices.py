"""The voices that hosts named themselves, held against those that the docs name."""

from collections.abc import Iterator

from mimo_tui.core.catalogue import Catalogue, Model
from mimo_tui.core.drift import remedies
from mimo_tui.core.drift.kinds import Discrepancy, Signal
from mimo_tui.core.drift.lists import mimo_family
from mimo_tui.core.drift.words import joined, key_of, short
from mimo_tui.core.evidence import Evidence, VoicesSeen
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.voices import is_alias


def compare(expected: Catalogue, documented: Catalogue, evidence: Evidence) -> Iterator[Discrepancy]:
    """Give the models whose host names other voices than the docs do.

    What the docs took up or left out after the host was asked says nothing of either.
    """
    for seen in evidence.voices:
        model = documented.model(seen.model)
        if model is None or not model.voices or mimo_family(expected, seen.host) is None:
            continue
        documented_ids = {voice.id for voice in model.voices}
        read = model.voices[0].source.fetched
        changed = (
            documented_ids ^ _ids(expected.model(seen.model))
            if read is not None and read > seen.at
            else set()
        )
        new = [each for each in seen.ids if each not in documented_ids | changed]
        aliases = {voice.id for voice in model.voices if is_alias(voice)}
        gone = sorted(documented_ids - set(seen.ids) - aliases - changed)
        if new or gone:
            yield _discrepancy(model, seen, short(joined(new, "and")), short(joined(gone, "and")))


def _ids(model: Model | None) -> set[str]:
    return {voice.id for voice in model.voices} if model is not None else set()


def _discrepancy(model: Model, seen: VoicesSeen, new: Clean, gone: Clean) -> Discrepancy:
    told = [f"the docs do not name {new}"] if new else []
    told += [f"it does not have {gone}, which the docs name"] if gone else []
    signal, subject = Signal.CAPABILITY, short(f"{model.id}, voices")
    simulated = ", SIMULATED" if seen.simulated else ""
    return Discrepancy(
        key=key_of(signal, ("voices", model.id), f"{new}/{gone}", simulated=seen.simulated),
        signal=signal,
        severity=Severity.WARNING if gone else Severity.INFO,
        subject=subject,
        message=short(f"{seen.host} names the voices of {model.id}: {', and '.join(told)}."),
        old=gone,
        new=new,
        expected_from=short(str(model.voices[0].source)),
        seen_in=short(f"an answer of {seen.host} (asked {seen.at:%Y-%m-%d}{simulated})"),
        url=NOTHING,
        quote=short(seen.quote),
        remedy=remedies.for_voices(),
        at=seen.at,
        simulated=seen.simulated,
    )
