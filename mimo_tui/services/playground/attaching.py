"""Images, sounds and films that go with a turn: read, measured, checked and weighed before anything is sent."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from mimo_tui.core.catalogue import Catalogue, Surface
from mimo_tui.core.conversation import Attachment
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import HEAD, Format
from mimo_tui.core.media.measuring import Measures, measure
from mimo_tui.core.media.tokens import FEWEST_FRAMES, MOST_FRAMES, estimate
from mimo_tui.core.model import Modality, tokens_in_words
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.linking import is_url, linked
from mimo_tui.services.playground.media_files import (
    CannotAttach,
    format_from,
    largest,
    media_type,
    named,
    read_file,
    require_size,
)
from mimo_tui.services.playground.pasting import local_file, pasted_paths

__all__ = [
    "STDIN",
    "Attached",
    "CannotAttach",
    "as_film",
    "attach",
    "attach_again",
    "most_bytes",
    "path_of",
    "warnings_of",
]

STDIN: Final = "-"
"""The location of bytes that came on standard input."""

_PLURALS = {Modality.IMAGE: "images", Modality.AUDIO: "sounds", Modality.VIDEO: "films"}


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with the turn, and what the person should know before sending it."""

    attachment: Attachment
    warnings: tuple[Clean, ...] = ()


def attach(
    services: Services,
    location: str,
    *,
    surface: Surface,
    model: str,
    data: bytes | None = None,
    frames_a_second: float | None = None,
    detailed: bool = False,
) -> Attached:
    """Take a file by its path, a URL, or `data` that came otherwise (`location` is then `-`), for that model.

    A path may be written as a terminal pastes it. Of a URL nothing is fetched. `frames_a_second` and `detailed` are of
    films. Slow: call it in a thread. Raises CannotAttach.
    """
    catalogue = services.catalogue
    if data is None and is_url(location):
        found = Attached(linked(location, catalogue))
    elif data is None:
        path = path_of(location)
        content, form = read_file(path, catalogue)
        found = _read(content, form, safe(location), named(path), catalogue)
    else:
        name = clean("standard input") if location == STDIN else named(Path(location))
        form = format_from(data[:HEAD], name, catalogue)
        require_size(len(data), form, name, catalogue)
        found = _read(data, form, safe(location), name, catalogue)
    attachment = as_film(found.attachment, frames_a_second=frames_a_second, detailed=detailed)
    warnings = warnings_of(catalogue, attachment, surface=surface, model=model)
    return Attached(attachment, (*found.warnings, *warnings))


def attach_again(services: Services, attachment: Attachment) -> Attachment:
    """Give an attachment of a conversation that was kept, with its bytes, read anew. Slow: call it in a thread.

    Raises CannotAttach where its file is gone or is another one now.
    """
    if attachment.is_url or attachment.data is not None:
        return attachment
    if attachment.location == STDIN:
        raise CannotAttach("What came on standard input was not kept: attach it again.")
    data, _ = read_file(path_of(attachment.location), services.catalogue)
    if sha256(data).hexdigest() != attachment.digest:
        raise CannotAttach(f"{attachment.name} is another file than the one that was sent: attach it again.")
    return replace(attachment, data=data)


def as_film(attachment: Attachment, *, frames_a_second: float | None, detailed: bool) -> Attachment:
    """Give it with how a film is looked at, and what it then costs; anything else than a film as it is.

    `frames_a_second` is 0.1 to 10, None: 2 (`mimo-api.md` §8). Raises CannotAttach.
    """
    if frames_a_second is not None and not FEWEST_FRAMES <= frames_a_second <= MOST_FRAMES:
        raise CannotAttach(f"A film is looked at {FEWEST_FRAMES} to {MOST_FRAMES:.0f} times a second.")
    if attachment.modality is not Modality.VIDEO:
        return attachment
    film = replace(attachment, frames_a_second=frames_a_second, detailed=detailed)
    return replace(film, tokens=estimate(film))


def most_bytes(services: Services) -> int:
    """Give the most bytes that any file may have: of a pipe no more than one above that need be read."""
    catalogue = services.catalogue
    known = [form for form in Format if form.modality in catalogue.media]
    taken = [form for form in known if form in catalogue.media[form.modality].formats.value]
    return max((largest(form, clean(form), catalogue) for form in taken), default=0)


def warnings_of(
    catalogue: Catalogue, attachment: Attachment, *, surface: Surface, model: str
) -> tuple[Clean, ...]:
    """Say what the person should know who sends this to that model on that surface."""
    found: list[str] = []
    modality, many = attachment.modality, _PLURALS[attachment.modality]
    known = catalogue.model(model)
    if known is not None and known.inputs is not None and known.refuses(modality):
        found.append(f"{safe(model)} takes no {many}, by {known.inputs.source}.")
    seen = catalogue.facts.get("anthropic_media")
    if surface is Surface.ANTHROPIC and seen is not None and modality not in str(seen.value).split():
        found.append(
            f"The Anthropic surface drops {many} without a word, by {seen.source}: the model would not get "
            f"{attachment.name}. A preset of the OpenAI surface sends it."
        )
    context = known.context.value if known is not None and known.context is not None else None
    if context is not None and attachment.tokens is not None and attachment.tokens > context:
        found.append(
            f"{attachment.name} takes about {attachment.tokens:,} tokens, and {safe(model)} takes "
            f"{tokens_in_words(context)} in all."
        )
    return tuple(map(clean, found))


def path_of(location: str) -> Path:
    """Give the file that a location names, however it is written. Raises CannotAttach where it names none."""
    if (dropped := pasted_paths(location)) and len(dropped) == 1:
        return dropped[0]
    if location.startswith("file:"):
        path = local_file(location)
        if path is None:
            raise CannotAttach(f"{safe(location)} is no file of this machine.")
        return path
    if not location.strip():
        raise CannotAttach("No file is named.")
    try:
        return Path(location).expanduser()
    except RuntimeError as error:
        raise CannotAttach(f"There is no file {safe(location)}: nobody knows whose home that is.") from error


def _read(data: bytes, form: Format, location: Clean, name: Clean, catalogue: Catalogue) -> Attached:
    try:
        measures = measure(data, form)
    except Broken as error:
        raise CannotAttach(f"{name} begins as {form.upper()} but cannot be read: {error}.") from error
    require_size(len(data), measures.format, name, catalogue)
    attachment = Attachment(
        measures.format.modality,
        location,
        name,
        media_type(measures.format, name, catalogue),
        size=len(data),
        digest=sha256(data).hexdigest(),
        data=data,
        width=measures.width,
        height=measures.height,
        seconds=measures.seconds,
        sound_seconds=measures.sound_seconds,
    )
    attachment = replace(attachment, tokens=estimate(attachment))
    return Attached(attachment, tuple(map(clean, _doubts(attachment, measures, catalogue))))


def _doubts(attachment: Attachment, measures: Measures, catalogue: Catalogue) -> tuple[str, ...]:
    """Say where the name contradicts the bytes, and where the length is not known."""
    found: list[str] = []
    ending = Path(attachment.name).suffix.removeprefix(".").lower()
    formats = {
        ending: mime for each in catalogue.media.values() for ending, mime in each.formats.value.items()
    }
    if ending in {*formats, *_OTHER_ENDINGS} and formats.get(ending) != attachment.media_type:
        sent = measures.format.upper()
        found.append(
            f"{attachment.name} is {sent} by its bytes, whatever its name says, and is sent as {sent}."
        )
    if attachment.modality is not Modality.IMAGE and measures.seconds is None:
        found.append(f"{attachment.name} does not say how long it is, so its cost cannot be told.")
    return tuple(found)


_OTHER_ENDINGS = frozenset(
    {"pdf", "heic", "heif", "avif", "tif", "tiff", "svg", "webm", "mkv", "aac", "aiff", "txt"}
)
