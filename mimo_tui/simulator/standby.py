"""A simulated platform that is served from the first request on, so that to start the program opens no socket."""

from contextlib import ExitStack
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mimo_tui.core.catalogue import Catalogue
    from mimo_tui.simulator.site.contents import Site


class Standby:
    """A platform that waits to be needed, at the time `at` from then on. For any thread.

    `site` are its pages, `catalogue` is what its API goes by.
    """

    def __init__(
        self,
        *,
        tokens_per_second: float = 0.0,
        at: datetime | None = None,
        site: "Site | None" = None,
        catalogue: "Catalogue | None" = None,
    ) -> None:
        self._tokens_per_second = tokens_per_second
        self._at = at
        self._site = site
        self._catalogue = catalogue
        self._lock = Lock()
        self._stack = ExitStack()
        self._origin = ""

    def origin(self) -> str:
        """Give where it is served, after it was started if need be: the first call takes a third of a second.

        Raises CannotServe.
        """
        with self._lock:
            if not self._origin:
                from mimo_tui.simulator.platform import Platform
                from mimo_tui.simulator.server import serve

                platform = Platform(
                    self._catalogue,
                    tokens_per_second=self._tokens_per_second,
                    at=self._at,
                    site=self._site,
                )
                self._origin = self._stack.enter_context(serve(platform)).origin
            return self._origin

    def close(self) -> None:
        """End it, if it was started at all."""
        with self._lock:
            self._stack.close()
            self._origin = ""
