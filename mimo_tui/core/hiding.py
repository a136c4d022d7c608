"""What nobody else may read is taken out of a text that is handed on: keys, and where somebody's home lies."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import clean

_SEPARATOR = r"(?:[\\/]|%2F|%5C)+"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a report must not show: the known keys, and the folders that are somebody's home."""

    secrets: tuple[Secret, ...] = ()
    homes: tuple[str, ...] = ()
    _homes: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        patterns = (_home(each) for each in sorted(self.homes, key=len, reverse=True))
        object.__setattr__(self, "_homes", tuple(each for each in patterns if each is not None))

    def from_text(self, text: str) -> str:
        """Give the text without them: keys masked, `~` for a home however it is spelled."""
        text = redact(text, self.secrets, tails=True)
        for pattern in self._homes:
            text = pattern.sub("~", text)
        return text


def _home(folder: str) -> re.Pattern[str] | None:
    """Give what finds a folder in any spelling: as a path, in a URL, escaped in JSON, with either slash."""
    parts = [part for part in re.split(r"[\\/]+", folder) if part]
    if not parts:
        return None
    spelled = ("(?:" + "|".join(map(re.escape, dict.fromkeys(_spellings(part)))) + ")" for part in parts)
    # A drive has no separator before it; a name that only begins alike is another folder.
    first = "" if re.fullmatch(r"[A-Za-z]:", parts[0]) else _SEPARATOR
    pattern = rf"(?:(?<=%3A)|(?<![\w.~-])){first}{_SEPARATOR.join(spelled)}(?!\w)"
    return re.compile(pattern, re.IGNORECASE)


def _spellings(part: str) -> Iterator[str]:
    yield part
    yield quote(part, safe="")
    yield json.dumps(part)[1:-1]
    yield clean(part)
