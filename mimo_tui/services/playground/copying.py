"""A request as a program that others run: for a shell with curl, or in Python with the SDK of its surface.

Where the key would stand, the program reads the environment, and where the bytes of a file would, it reads the file.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_bytes
from typing import Final

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.chat_body import chat_body
from mimo_tui.core.conversation import Attachment, Turn
from mimo_tui.core.echo import hide
from mimo_tui.core.json_text import Json
from mimo_tui.core.messages_body import messages_body
from mimo_tui.core.secrets import HIDDEN, Secret, may_be_a_key, redact
from mimo_tui.core.text import Clean, clean_lines, escape_json
from mimo_tui.services.playground.asking import Asking
from mimo_tui.services.playground.attaching import STDIN, CannotAttach, path_of
from mimo_tui.services.playground.documents import without_keys
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.refusals import NothingSent

SIMULATED: Final = (
    "# SIMULATED: this was asked of the simulated platform; as it stands here it asks MiMo itself."
)

MASKED: Final = f"# What may be a key stood in it, and is masked: {HIDDEN}"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USUAL_SLOT = "MIMO_API_KEY"
_MARK_BYTES = 18
"""Of a mark; a multiple of three, so that base64 adds nothing to it."""


class CannotCopy(NothingSent):
    """The request cannot be written as a program; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What is sent, without keys. `files` are paths by the mark for their bytes, `base` is the URL of the API.

    `masked`: something that may be a key stood in the body, so that this is not all that was sent.
    """

    url: str
    base: str
    body: Mapping[str, Json]
    files: Mapping[str, str]
    masked: bool = False


def slot_of(view: PresetView) -> str:
    """Give the name under which the environment holds the preset's key."""
    slot = view.preset.slot if view.preset is not None else None
    return slot if slot and _NAME.fullmatch(slot) and redact(slot) == slot else _USUAL_SLOT


def as_curl(asking: Asking, slot: str, secrets: Sequence[Secret] = (), *, simulated: bool = False) -> Clean:
    """Give the request as a line of a shell (POSIX), with `$slot` in place of the key. Raises CannotCopy."""
    request = copied(asking, secrets)
    text = escape_json(json.dumps(request.body, ensure_ascii=False, indent=2))
    parts = cut(text, request.files)
    if len(parts) == 1:
        given = f"printf %s {_quoted(text)}"
    else:
        lines = [
            f"  base64 < {_quoted(request.files[part])} | tr -d '\\n'"
            if part in request.files
            else f"  printf %s {_quoted(part)}"
            for part in parts
        ]
        given = "\n".join(("{", *lines, "}"))
    lines = [
        *([SIMULATED] if simulated else []),
        *([MASKED] if request.masked else []),
        f"{given} |",
        f"  curl {'-N ' if asking.streamed else ''}{_quoted(request.url)} \\",
        f'    -H "Authorization: Bearer ${variable(slot)}" \\',
        "    -H 'Content-Type: application/json' \\",
        "    --data-binary @-",
    ]
    return shown(lines)


def copied(asking: Asking, secrets: Sequence[Secret]) -> Copied:
    """Give the request with a mark in place of the bytes of each file. Raises CannotCopy."""
    target = asking.target
    parent = asking.conversation.turns.get(asking.parent)
    if parent is None:
        raise CannotCopy("There is nothing to copy: say something first.")
    files: dict[str, str] = {}
    path = [_marked(turn, files) for turn in asking.conversation.path(parent.id)]
    build = messages_body if target.wire is Wire.MESSAGES else chat_body
    body: dict[str, Json] = {
        "model": target.model,
        **build(path, asking.conversation.system, asking.parameters, asking.tools),
        "stream": asking.streamed,
    }
    end = "/v1/messages" if target.wire is Wire.MESSAGES else "/chat/completions"
    used = {mark: file for mark, file in files.items() if mark in json.dumps(body)}
    # A person may have typed a key, this one or another; a word that only fills its place is none.
    key = target.key if may_be_a_key(target.key) else Secret("")
    shown = without_keys(_without(body, key), secrets)
    url = redact(hide(target.url, key), secrets)
    return Copied(url, url.removesuffix(end), shown, used, masked=shown != body)


def _marked(turn: Turn, files: dict[str, str]) -> Turn:
    """Give the turn with a mark in place of the bytes of each file."""
    return replace(turn, attachments=tuple(_mark(each, files) for each in turn.attachments))


def _mark(attachment: Attachment, files: dict[str, str]) -> Attachment:
    if attachment.is_url:
        return attachment
    if attachment.location == STDIN:
        raise CannotCopy(f"What came on {attachment.name} is in no file that a program could read.")
    try:
        path = str(path_of(attachment.location).absolute())
    except CannotAttach as error:
        raise CannotCopy(str(error)) from error
    data = token_bytes(_MARK_BYTES)
    files[b64encode(data).decode()] = path
    return replace(attachment, data=data)


def _without(members: Mapping[str, Json], key: Secret) -> dict[str, Json]:
    return {hide(name, key): _value_without(value, key) for name, value in members.items()}


def _value_without(value: Json, key: Secret) -> Json:
    match value:
        case str():
            return hide(value, key)
        case list():
            return [_value_without(each, key) for each in value]
        case dict():
            return _without(value, key)
        case _:
            return value


def cut(text: str, files: Mapping[str, str]) -> list[str]:
    """Give the text cut around each mark in it."""
    return re.split(f"({'|'.join(map(re.escape, files))})", text) if files else [text]


def _quoted(text: str) -> str:
    """Write a text for a shell; between single quotes all but these is plain, `!` of the history too."""
    return "'" + text.replace("'", "'\\''") + "'"


def variable(slot: str) -> str:
    """Give the name of the environment variable: the slot, or the usual one where that can be none."""
    return slot if _NAME.fullmatch(slot) else _USUAL_SLOT


def shown(lines: Sequence[str]) -> Clean:
    """Give the lines of a program as one text."""
    return clean_lines("\n".join(lines) + "\n")
