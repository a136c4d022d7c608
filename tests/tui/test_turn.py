"""One place is heard at a time."""

from mimo_tui.tui.turn import Turn


def test_whoever_begins_to_play_has_the_other_fall_silent() -> None:
    turn, silent = Turn(), list[str]()

    def speech() -> None:
        silent.append("speech")

    def listen() -> None:
        silent.append("listen")

    turn.take(speech)
    turn.take(speech)
    assert silent == []
    turn.take(listen)
    assert silent == ["speech"]
    turn.take(speech)
    assert silent == ["speech", "listen"]
