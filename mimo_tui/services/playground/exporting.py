"""A conversation for others: as markdown to be read, as JSON with all that is known of it; a request as a program.

In none of them is a key. All of it is slow where the conversation is long: call it in a thread.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from functools import partial
from typing import Final, TypeAlias

from mimo_tui.core.conversation import Answer, Attachment, Citation, Conversation, Role, Turn
from mimo_tui.core.meter import meter_line
from mimo_tui.core.quoting import block, inline_code, sentence
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.services.playground.copying import CannotCopy, as_curl, slot_of
from mimo_tui.services.playground.copying_python import as_python
from mimo_tui.services.playground.documents import as_document, as_json

__all__ = ["CannotCopy", "as_curl", "as_document", "as_json", "as_markdown", "as_python", "slot_of"]

Hide: TypeAlias = Callable[[str], str]
"""Takes the keys out of a text."""

_SIMULATED: Final = "SIMULATED: these answers come from the simulated platform, not from MiMo."
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")


def as_markdown(conversation: Conversation, secrets: Sequence[Secret] = ()) -> Clean:
    """Give what was said up to where it stands, to be read, without these keys; other ways of saying it are counted."""
    hide = partial(redact, secrets=secrets)
    path = conversation.path()
    parts = [f"# {sentence(hide(conversation.title)) or 'Conversation'}"]
    if any(turn.answer is not None and turn.answer.simulated for turn in path):
        parts.append(f"**{_SIMULATED}**")
    if conversation.system:
        parts += ["## System prompt", _closed(hide(conversation.system))]
    for turn in path:
        parts += _turn_parts(turn, hide)
        if others := len(conversation.beside(turn.id)) - 1:
            parts.append(f"*Said in {others} other way{'s' if others > 1 else ''} as well.*")
    text = hide("\n\n".join(each for part in parts if (each := part.strip("\n"))))
    # A tab is harmless, and what is indented by it means something, as in a Makefile.
    return Clean("\t".join(map(clean_lines, text.split("\t"))) + "\n")


def _turn_parts(turn: Turn, hide: Hide) -> Iterator[str]:
    answer, at = turn.answer, f"{turn.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    match turn.role:
        case Role.USER:
            yield f"## You · {at}"
        case Role.TOOL:
            yield f"## Tool · {at}"
        case Role.ASSISTANT:
            yield f"## {sentence(hide(answer.model)) if answer is not None else 'Assistant'} · {at}"
    yield "\n".join(f"- {_attachment_words(each, hide)}" for each in turn.attachments)
    if turn.reasoning:
        # What the model wrote must not end the fold.
        thought = _closed(hide(turn.reasoning)).replace("</details", "&lt;/details")
        yield f"<details>\n<summary>Reasoning</summary>\n\n{thought}\n\n</details>"
    yield block(hide(turn.text)) if turn.role is Role.TOOL else _closed(hide(turn.text))
    for call in turn.calls:
        yield f"Calls {inline_code(hide(call.name))} with"
        yield block(hide(call.arguments))
    yield "\n".join(f"{number}. {_link(each, hide)}" for number, each in enumerate(turn.citations, start=1))
    if answer is not None:
        yield from _end_parts(answer, hide)


def _end_parts(answer: Answer, hide: Hide) -> Iterator[str]:
    if answer.failure is not None:
        yield f"**{sentence(hide(answer.failure.says))}** {sentence(hide(answer.failure.remedy))}"
    yield "\n".join(f"- {sentence(hide(note))}" for note in answer.notes)
    yield f"*{sentence(hide(meter_line(answer)))}*"


def _attachment_words(attachment: Attachment, hide: Hide) -> str:
    measures = (
        str(attachment.modality),
        f"{attachment.width}×{attachment.height}" if attachment.width and attachment.height else "",
        f"{attachment.seconds:.1f} s" if attachment.seconds is not None else "",
        f"{attachment.size:,} bytes" if attachment.size is not None else "",
        f"about {attachment.tokens:,} tokens" if attachment.tokens is not None else "",
    )
    return f"{inline_code(hide(attachment.location))}: {', '.join(each for each in measures if each)}"


def _link(citation: Citation, hide: Hide) -> str:
    title = sentence(hide(citation.title)) or "page"
    about = ", ".join(sentence(hide(each)) for each in (citation.site, citation.published) if each)
    url = hide(citation.url)
    is_address = url.startswith(("https://", "http://")) and re.search(r"[\s<>\\]", url) is None
    linked = f"[{title}](<{url}>)" if is_address else f"{title}, {inline_code(url)}"
    return f"{linked} {about}".rstrip()


def _closed(text: str) -> str:
    """Give markdown with the fence closed that an answer left open, or it would take in all that follows."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found is None:
            continue
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return f"{text.rstrip()}\n{fence}" if fence else text
