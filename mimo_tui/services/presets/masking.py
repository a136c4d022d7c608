"""Which parts of a file are keys, and its lines and differences without them."""

from mimo_tui.core.diff import DiffLine, diff
from mimo_tui.core.json_text import Json, JsonTextError, read
from mimo_tui.core.secrets import Secret, names_a_key, parts, written_secrets
from mimo_tui.core.text import clean


def inline_secrets(document: Json) -> tuple[Secret, ...]:
    """Give every text in the document below a name that says that it is a key."""
    found: list[Secret] = []
    waiting: list[tuple[Json, bool]] = [(document, False)]
    while waiting:
        value, is_key = waiting.pop()
        if isinstance(value, list):
            waiting.extend((member, is_key) for member in value)
        elif isinstance(value, dict):
            waiting.extend(
                (member, names_a_key(name) or (is_key and not name.lower().endswith("_env")))
                for name, member in value.items()
            )
        elif is_key and isinstance(value, str) and value:
            found += parts(value)
    return tuple(found)


def secrets_in(data: bytes) -> tuple[Secret, ...]:
    """Give every key in a file, also in one that does not parse, and also as its escapes spell it."""
    try:
        parsed = inline_secrets(read(data).value)
    except JsonTextError:
        parsed = ()
    return tuple(dict.fromkeys((*parsed, *written_secrets(data.decode("utf-8", "replace")))))


def file_diff(before: bytes, after: bytes) -> tuple[DiffLine, ...]:
    """Give the difference of two versions of a file, every key in it masked."""
    if b"\0" in before + after:
        sides = (("-", before), ("+", after))
        return tuple(
            DiffLine(mark, clean(f"({len(data)} bytes that are no text)")) for mark, data in sides if data
        )
    secrets = dict.fromkeys((*secrets_in(before), *secrets_in(after)))
    return diff(before.decode("utf-8", "replace"), after.decode("utf-8", "replace"), secrets)
