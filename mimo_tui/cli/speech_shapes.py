"""The JSON shapes of what is spoken and heard. A name or a meaning here changes only with `schema`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from mimo_tui.cli import shapes
from mimo_tui.cli.evidence import diagnosis_shape, exchange_shape
from mimo_tui.cli.model_shapes import source_shape
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import safe
from mimo_tui.core.take import Take
from mimo_tui.services.playground.documents import cost_shape, without_keys
from mimo_tui.services.speech.events import ListeningEnded, Spoken
from mimo_tui.services.speech.orders import Listening, Sample
from mimo_tui.services.speech.voices import VoiceView

_PLACES = 3
"""Digits of a second that are told."""


def spoken_shape(
    ended: Spoken, path: Path | None, saved: Path | None, check: dict[str, Json] | None
) -> dict[str, Json]:
    """Give a take as it has ended. `path` is where it lies among the takes, `saved` where it was written to."""
    return {
        **take_shape(ended.take, path),
        "saved": str(saved) if saved is not None else None,
        "removed": [take.id for take in ended.removed],
        "problem": ended.problem or None,
        "check": check,
        "exchange": exchange_shape(ended.exchange),
    }


def speak_document(spoken: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """Give the document of `speak --json`."""
    simulated = any(bool(take["simulated"]) for take in spoken)
    return without_keys({"schema": shapes.SCHEMA, "simulated": simulated, "takes": list(spoken)})


def take_shape(take: Take, path: Path | None) -> dict[str, Json]:
    """Give all that is known of a take but its sound; times and lengths are in seconds, `size` is in bytes."""
    return {
        "id": take.id,
        "at": take.at.isoformat(),
        "kind": str(take.kind),
        "model": take.model,
        "host": take.host or None,
        "preset": take.preset or None,
        "text": take.text,
        "preview": take.preview or None,
        "voice": take.voice or None,
        "style": take.style or None,
        "format": str(take.format),
        "streamed": take.streamed,
        "path": str(path) if path is not None else None,
        "size": take.size,
        "seconds": round(take.seconds, _PLACES),
        "rate": take.rate or None,
        "joins": [round(each, _PLACES) for each in take.joins],
        "timing": {"first_sound": _rounded(take.first_sound), "seconds": _rounded(take.took)},
        "usage": {**asdict(take.usage)} if take.usage is not None else None,
        "cost": cost_shape(take.cost) if take.cost is not None else None,
        "complete": take.complete,
        "stopped": take.stopped,
        "failure": diagnosis_shape(take.failure) if take.failure is not None else None,
        "kept": take.kept,
        "notes": list(take.notes),
        "simulated": take.simulated,
    }


def takes_document(
    takes: Iterable[tuple[Take, Path | None]], size: int, most: int, *, folder: Path
) -> dict[str, Json]:
    """Give the document of `takes list --json`; sizes are in bytes, `most` is the size that older ones go at."""
    shapes_of = [take_shape(take, path) for take, path in takes]
    document: dict[str, Json] = {
        "schema": shapes.SCHEMA,
        "folder": str(folder),
        "size": size,
        "most": most,
        "takes": list(shapes_of),
    }
    return without_keys(document)


def takes_changed_document(takes: Iterable[Take], *, done: bool) -> dict[str, Json]:
    """Give the document of a command that changes takes: those that it is about, and whether it did."""
    document: dict[str, Json] = {
        "schema": shapes.SCHEMA,
        "done": done,
        "takes": [take_shape(take, None) for take in takes],
    }
    return without_keys(document)


def saved_document(take: Take, path: Path) -> dict[str, Json]:
    """Give the document of `takes save --json`."""
    document: dict[str, Json] = {
        "schema": shapes.SCHEMA,
        "saved": str(path),
        "take": take_shape(take, None),
    }
    return without_keys(document)


def listen_document(listening: Listening, parts: int, ended: ListeningEnded) -> dict[str, Json]:
    """Give the document of `listen --json`; `seconds` is the length that was charged."""
    transcript = ended.transcript
    document: dict[str, Json] = {
        "schema": shapes.SCHEMA,
        "simulated": transcript.simulated,
        "text": transcript.text,
        "model": transcript.model,
        "host": transcript.host,
        "preset": listening.preset or None,
        "language": safe(listening.language) or None,
        "recording": _recording_shape(listening.sample),
        "parts": parts,
        "seconds": transcript.seconds,
        "usage": {**asdict(transcript.usage)} if transcript.usage is not None else None,
        "cost": cost_shape(transcript.cost) if transcript.cost is not None else None,
        "timing": {"first_text": _rounded(transcript.first_text), "seconds": _rounded(transcript.took)},
        "complete": transcript.complete,
        "stopped": transcript.stopped,
        "failure": diagnosis_shape(transcript.failure) if transcript.failure is not None else None,
        "notes": list(transcript.notes),
        "exchange": exchange_shape(ended.exchange),
    }
    return without_keys(document)


def voices_document(voices: Iterable[VoiceView], known: str, *, simulated: bool) -> dict[str, Json]:
    """Give the document of `voices --json`."""
    return {
        "schema": shapes.SCHEMA,
        "simulated": simulated,
        "known": known,
        "voices": [_voice_shape(view) for view in voices],
    }


def _voice_shape(view: VoiceView) -> dict[str, Json]:
    voice = view.voice
    return {
        "id": safe(voice.id),
        "model": view.model,
        "language": safe(voice.language) or None,
        "gender": safe(voice.gender) or None,
        "character": safe(voice.character) or None,
        "default": view.is_default,
        "stands_for": {safe(where): safe(meant) for where, meant in voice.stands_for.items()},
        "source": source_shape(voice.source),
    }


def _recording_shape(sample: Sample) -> dict[str, Json]:
    return {
        "name": sample.name,
        "media_type": sample.media_type,
        "seconds": round(sample.seconds, _PLACES),
        "size": sample.size,
        "rate": sample.rate,
        "channels": sample.channels,
        "peak_db": _rounded(sample.peak),
        "level_db": _rounded(sample.level),
        "warnings": list(sample.warnings),
    }


def _rounded(number: float | None) -> float | None:
    return round(number, _PLACES) if number is not None else None
