"""What a call of another program is, and what all of them share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

HOST = "api.xiaomimimo.com"
MODEL = "mimo-v2.6-flash"

Run: TypeAlias = Callable[[str], Awaitable[None] | None]
"""Makes the call at an origin, and asserts that the program understood the answer."""


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call: by which program, on which surface, what it does in the words of that program's users."""

    client: str
    surface: str
    title: str
    run: Run
