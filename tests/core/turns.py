"""Turns of a conversation, for tests that say things."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mimo_tui.core.conversation import Attachment, Role, Thought, ToolCall, Turn
from mimo_tui.core.model import Modality
from mimo_tui.core.text import Clean

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def path(*turns: Turn) -> tuple[Turn, ...]:
    """Give turns as they follow on each other."""
    return tuple(replace(turn, id=number, parent=number - 1 or None) for number, turn in enumerate(turns, 1))


def asked(text: str, *attachments: Attachment) -> Turn:
    """Give what a person says."""
    return Turn(0, None, Role.USER, AT, text, attachments=attachments)


def answered(
    text: str = "", reasoning: str = "", calls: Sequence[ToolCall] = (), thoughts: Sequence[Thought] = ()
) -> Turn:
    """Give what the model says."""
    return Turn(0, None, Role.ASSISTANT, AT, text, reasoning, calls=tuple(calls), thoughts=tuple(thoughts))


def returned(call: str, text: str) -> Turn:
    """Give what a tool says to a call."""
    return Turn(0, None, Role.TOOL, AT, text, answers=call)


def file(modality: Modality, media_type: str, data: bytes | None = b"abc") -> Attachment:
    """Give an attached file."""
    name = Clean(f"a.{media_type.rpartition('/')[2]}")
    return Attachment(modality, name, name, media_type, data=data)


def linked(modality: Modality, url: str) -> Attachment:
    """Give an attachment that the service fetches."""
    return Attachment(modality, Clean(url), Clean(url.rpartition("/")[2]), "")
