"""The services, made once for all places."""

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mimo_tui.services import Services


class Opening:
    """Makes the services for whoever asks first, in whichever thread, and gives the same to all after."""

    def __init__(self, make: "Callable[[], Services]") -> None:
        self._make = make
        self._lock = Lock()
        self._services: Services | None = None

    def __call__(self) -> "Services":
        """Give the services. Blocks while they are being made."""
        with self._lock:
            if self._services is None:
                self._services = self._make()
            return self._services

    async def aclose(self) -> None:
        """Close every connection, and the records, if there was ever one."""
        if self._services is not None:
            await self._services.client.aclose()
            await asyncio.to_thread(self._services.sessions.close)
