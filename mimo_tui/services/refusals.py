"""Why nothing was asked of the service. Imports nothing of the network, so that any command can tell these apart."""

from shlex import quote

from mimo_tui.core.catalogue import Family


class NothingSent(Exception):
    """Nothing was sent, and the sentence says why and what to do."""


class WrongWords(NothingSent):
    """Nothing was sent, since what was asked for cannot be done as it was worded: a file, a text, a kind of model."""


class CannotCheck(NothingSent):
    """A key is not checked. `families` are those that could be meant, of the key in `slot`."""

    def __init__(self, sentence: str, families: tuple[Family, ...] = (), slot: str = "") -> None:
        super().__init__(sentence)
        self.families = families
        self.slot = slot

    @property
    def commands(self) -> tuple[str, ...]:
        """Give what to type to ask the hosts of each of the families."""
        return tuple(f"mimo-tui keys check {quote(self.slot)} --family {each.id}" for each in self.families)

    @property
    def told(self) -> str:
        """Give the sentence, and what to type where a family has to be chosen."""
        commands = " or ".join(f"`{command}`" for command in self.commands)
        return f"{self} Say which hosts to ask: {commands}." if commands else str(self)


class CannotFetch(NothingSent):
    """Nothing is fetched."""


class Offline(CannotCheck):
    """A key is not checked, since nothing may be sent at all."""
