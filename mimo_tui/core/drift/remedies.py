"""What a person can do about a discrepancy."""

from mimo_tui.core.drift.kinds import Signal
from mimo_tui.core.text import Clean, clean


def for_change(signal: Signal) -> Clean:
    """Say it for what the docs say otherwise."""
    if signal is Signal.HOSTS:
        return clean(
            "Keys go only where the catalogue or your config.toml says. If the console shows the same, update "
            "mimo-tui; a host can be added to config.toml under [[facts.hosts]]."
        )
    return clean("mimo-tui goes by the docs now; your config.toml goes before them.")


def for_gone(signal: Signal) -> Clean:
    """Say it for what the docs say no longer."""
    if signal is Signal.HOSTS:
        return clean(
            "Look whether the console still shows it. Keys still go where the catalogue says, "
            "whatever the docs leave out."
        )
    return clean("It counts as not known from this page. Look at the page.")


def for_answer(signal: Signal) -> Clean:
    """Say it for what a host answered otherwise."""
    if signal is Signal.MODEL_NOT_FOUND:
        return clean("Choose a model that the host lists: `mimo-tui models`.")
    return clean("Ask once more; if it stays, one of the two is wrong.")


def for_voices() -> Clean:
    """Say it for voices that a host names otherwise than the docs."""
    return clean("mimo-tui goes by the host now; your config.toml goes before it.")
