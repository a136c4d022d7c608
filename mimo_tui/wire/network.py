"""Where requests may go."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """Where requests may go. `offline`: nowhere at all.

    `simulated` gives the origin (`http://127.0.0.1:4711`) of a simulated platform and starts it if need be; every
    request to a host that the catalogue knows goes there instead, with its own name in `Host`.
    """

    offline: bool = False
    simulated: Callable[[], str] | None = None
