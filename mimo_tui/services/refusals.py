"""Why nothing was asked of the service. Imports nothing of the network, so that any command can tell these apart."""

from mimo_tui.core.catalogue import Family


class NothingSent(Exception):
    """Nothing was sent, and the sentence says why and what to do."""


class CannotCheck(NothingSent):
    """A key is not checked. `families` are those that could be meant."""

    def __init__(self, sentence: str, families: tuple[Family, ...] = ()) -> None:
        super().__init__(sentence)
        self.families = families


class CannotFetch(NothingSent):
    """Nothing is fetched."""


class Offline(CannotCheck):
    """A key is not checked, since nothing may be sent at all."""
