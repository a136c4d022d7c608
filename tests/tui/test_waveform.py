"""A sound as blocks, and the line of the player, each shown alone."""

import pytest
from textual.app import App, ComposeResult

from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.text import clean
from mimo_tui.sound.player import PlayerState
from mimo_tui.tui.widgets.player_line import PlayerLine, PlayerShown, player_text
from mimo_tui.tui.widgets.take_text import clock_text
from mimo_tui.tui.widgets.waveform import WaveformView, grown_columns, render_waveform
from tests.tui.screen_text import screen_text, wait_until

LOUDER = tuple(range(0, 101, 10))


def test_louder_is_higher_and_silence_is_a_line() -> None:
    assert render_waveform((0, 100), 2).plain == "▁█"
    assert render_waveform((0, 13, 26, 38, 51, 63, 76, 100), 8).plain == "▁▂▃▄▅▆▇█"


def test_the_loudest_of_a_quiet_recording_fills_the_height_and_a_hiss_does_not() -> None:
    assert render_waveform((0, 5, 10, 20), 4).plain == render_waveform((0, 25, 50, 100), 4).plain
    assert render_waveform((0, 1, 1), 3).plain == "▁▅▅"
    assert render_waveform((0, 0, 0), 3).plain == "▁▁▁"


def test_in_several_rows_it_stands_on_the_lowest() -> None:
    assert render_waveform((0, 30, 50, 100), 4, rows=3).plain.split("\n") == ["   █", "  ▅█", "▁███"]
    played = render_waveform((0, 30, 50, 100), 4, 0.3, rows=3)
    assert played.plain.split("\n") == [" ┃ █", " ┃▅█", "▁┃██"]
    assert len(played.spans) > 3


def test_a_long_sound_has_a_shape_though_each_cell_holds_a_high_peak() -> None:
    loud, quiet = [100, 80, 90, 100] * 5, [100, *[5] * 19]
    assert render_waveform((*loud, *quiet, *loud, *quiet), 4).plain == "█▂█▂"


def test_a_short_click_is_seen_however_narrow_it_is() -> None:
    assert "█" in render_waveform((*[0] * 99, 100, *[0] * 100), 7).plain


@pytest.mark.parametrize("columns", [1, 5, 11, 40])
def test_it_is_as_wide_as_its_room(columns: int) -> None:
    assert render_waveform(LOUDER, columns).cell_length == columns
    assert render_waveform(LOUDER, columns, 0.5).cell_length == columns


def test_what_was_played_is_told_by_a_bar_and_by_another_style() -> None:
    shown = render_waveform((50,) * 10, 10, 0.5)
    assert shown.plain.index("┃") == 5
    assert shown.spans
    assert "┃" not in render_waveform((50,) * 10, 10).plain
    assert render_waveform((50,) * 10, 10, 1.0).plain[-1] == "┃"


def test_numbers_that_are_none_of_a_peak_break_nothing() -> None:
    assert render_waveform((-5, 900), 2, 7.0).plain == "▁┃"
    assert render_waveform((), 10).plain == ""
    assert render_waveform(LOUDER, 0).plain == ""


def test_a_sound_that_still_comes_grows_until_it_fills_its_room() -> None:
    widths = [grown_columns(20, seconds) for seconds in (0.0, 1.0, 3.0, 60.0)]
    assert widths == sorted(widths)
    assert widths[0] == 1
    assert widths[-1] == 20


def test_lengths_and_sizes_are_short() -> None:
    assert [clock_text(each) for each in (-1, 3.25, 65, 3605)] == ["0.0 s", "3.2 s", "1:05", "1:00:05"]
    assert [size_text(each) for each in (153_000, 12_300_000)] == ["153 KB", "12.3 MB"]


PLAYS = PlayerShown(PlayerState.PLAYING, 1.2, 3.4, clean("Mia · Good [/foo] morning"))
SILENT = PlayerShown(
    problem=clean("No program on this machine plays sound."), fetch=clean("scp host:takes/1.wav .")
)


@pytest.mark.parametrize("width", [20, 60, 80, 160])
def test_the_player_tells_state_and_place_in_one_line(width: int) -> None:
    text = player_text(PLAYS, width).plain
    assert text.startswith("▶ plays")
    assert len(text) <= width
    assert "\n" not in text
    assert width < 60 or ("1.2 s / 3.4 s" in text and "Mia" in text)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (PlayerState.PAUSED, "‖ paused"),
        (PlayerState.WAITING, "… waits for more sound"),
        (PlayerState.STOPPED, "■ stopped"),
    ],
)
def test_each_state_has_a_sign_and_a_word(state: PlayerState, word: str) -> None:
    assert player_text(PlayerShown(state, 0.0, 1.0, clean("Mia")), 80).plain.startswith(word)


class Alone(App[None]):
    """Shows a sound and a player."""

    def compose(self) -> ComposeResult:
        yield WaveformView()
        yield PlayerLine(PLAYS)


async def test_they_are_shown_alone_and_follow_what_they_are_given() -> None:
    app = Alone()
    async with app.run_test(size=(60, 8)) as pilot:
        app.query_one(WaveformView).peaks = (0, 100)
        await wait_until(pilot, lambda: screen_text(app).startswith("▁" * 30 + "█" * 30))
        app.query_one(WaveformView).styles.height = 2
        await wait_until(pilot, lambda: screen_text(app).startswith(" " * 30 + "█" * 30))
        app.query_one(WaveformView).played = 0.5
        await wait_until(pilot, lambda: "┃" in screen_text(app))
        await wait_until(pilot, lambda: "1.2 s / 3.4 s" in screen_text(app))
        assert "[/foo]" in screen_text(app)
        app.query_one(PlayerLine).shown = SILENT
        await wait_until(pilot, lambda: "! No program on this machine plays sound." in screen_text(app))
        await wait_until(pilot, lambda: "→ scp host:takes/1.wav ." in screen_text(app))
        app.query_one(PlayerLine).shown = PLAYS
        await wait_until(pilot, lambda: "▶ plays" in screen_text(app) and "scp" not in screen_text(app))
