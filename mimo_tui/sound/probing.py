"""Whether a loudspeaker plays on this machine: it is given a moment of silence."""

from collections.abc import Mapping
from contextlib import suppress

from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.child import Child, LastWords, Lost
from mimo_tui.sound.loudspeaker import Loudspeaker, Way
from mimo_tui.sound.message_output import Reports

_SILENCE = 0.05


def complaint(
    loudspeaker: Loudspeaker, environment: Mapping[str, str], rate: int, *, patience: float = 3.0
) -> Clean:
    """Give why it does not play here, in words; nothing where it does.

    A program that takes files is not tried: each start of one is slow. Blocking, for at most `patience` seconds.
    """
    try:
        match loudspeaker.way:
            case Way.FILE:
                return NOTHING
            case Way.MESSAGES:
                return _of_ours(loudspeaker, environment, rate, patience)
            case Way.SAMPLES:
                return _of_theirs(loudspeaker, environment, rate, patience)
    except Lost as lost:
        return lost.reason


def _of_ours(loudspeaker: Loudspeaker, environment: Mapping[str, str], rate: int, patience: float) -> Clean:
    reports = Reports()
    command = [*loudspeaker.called(rate), "--probe", str(rate)]
    child = Child(command, environment, reports.hear, reports=True)
    code = _end(child, patience)
    return NOTHING if code == 0 else reports.problem or _code(code)


def _of_theirs(loudspeaker: Loudspeaker, environment: Mapping[str, str], rate: int, patience: float) -> Clean:
    words = LastWords()
    child = Child(loudspeaker.called(rate), environment, words.hear)
    # It may end before it reads anything: its exit code says more then.
    with suppress(Lost):
        child.write(bytes(round(_SILENCE * rate) * WIDTH))
    child.end_input()
    code = _end(child, patience)
    return NOTHING if code == 0 else words.line or _code(code)


def _end(child: Child, patience: float) -> int | None:
    """Wait until it ends, and give its exit code; None: it did not, and was killed."""
    try:
        return child.wait(patience)
    finally:
        child.kill()


def _code(code: int | None) -> Clean:
    return Clean("it does not answer" if code is None else f"it fails with exit code {code}")
