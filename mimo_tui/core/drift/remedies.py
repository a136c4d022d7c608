"""What a person can do about a discrepancy."""

from mimo_tui.core.drift.kinds import Signal
from mimo_tui.core.text import Clean, clean

_REPORT = "`mimo-tui doctor --report FILE` writes it down for whoever should know."


def for_change(signal: Signal) -> Clean:
    """Say it for what the docs say otherwise."""
    if signal is Signal.HOSTS:
        return clean(
            "Keys go only where the catalogue or your config.toml says. If the console shows the same, update "
            f"mimo-tui; a host can be added to config.toml under [[facts.hosts]]. {_REPORT}"
        )
    return clean(f"mimo-tui goes by the docs now; your config.toml goes before them. {_REPORT}")


def for_gone(signal: Signal) -> Clean:
    """Say it for what the docs say no longer."""
    if signal is Signal.HOSTS:
        return clean(
            "Look whether the console still shows it. Keys still go where the catalogue says, "
            f"whatever the docs leave out. {_REPORT}"
        )
    return clean(f"It counts as not known from this page. Look at the page. {_REPORT}")


def for_answer(signal: Signal) -> Clean:
    """Say it for what a host answered otherwise."""
    if signal is Signal.MODEL_NOT_FOUND:
        return clean(f"Choose a model that the host lists: `mimo-tui models`. {_REPORT}")
    return clean(f"Ask once more; if it stays, one of the two is wrong. {_REPORT}")
