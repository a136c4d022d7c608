"""The list widget, as a person meets it: by keys, by mouse, narrow, empty, with text that means no good."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import MouseScrollDown
from textual.theme import Theme
from textual.widgets import Footer

from mimo_tui.tui.widgets.table import GAP, Column, Row, Table, fit
from tests.tui.screen_text import screen_lines, screen_text, wait_until

COLUMNS = (
    Column("name", "Preset", 12, weight=2),
    Column("model", "Model", 14, weight=1),
    Column("slot", "Key", 16, priority=2),
    Column("context", "Context", 9, priority=1, align="right"),
)


def a_row(number: int) -> Row:
    return Row(f"key-{number}", (f"mimo-{number}", "mimo-v2.5", f"MIMO_{number}_API_KEY", f"{number},000"))


def some_rows(count: int) -> tuple[Row, ...]:
    return tuple(a_row(number) for number in range(count))


class TableApp(App[None]):
    CSS = "Table { height: 1fr; }"

    def __init__(self, rows: tuple[Row, ...], columns: tuple[Column, ...] = COLUMNS) -> None:
        super().__init__()
        self.table = Table(columns, rows, empty="No preset matches.", id="presets")
        self.told: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield self.table
        yield Footer()

    @on(Table.Highlighted, "#presets")
    def note_highlighted(self, event: Table.Highlighted) -> None:
        self.told.append(("highlighted", event.row.key if event.row else None))

    @on(Table.Selected, "#presets")
    def note_selected(self, event: Table.Selected) -> None:
        self.told.append(("selected", event.row.key))

    @property
    def marked(self) -> list[str]:
        """The names of the rows that carry the cursor's sign on the screen."""
        return [line[3:].split()[0] for line in screen_lines(self) if line.startswith("›")]


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("", "mimo-0"),
        ("down down", "mimo-2"),
        ("down down down up", "mimo-2"),
        ("up", "mimo-0"),
        ("end", "mimo-49"),
        ("end down", "mimo-49"),
        ("end home", "mimo-0"),
        ("pagedown", "mimo-9"),  # 12 lines: footer, header, ten rows; one row stays in sight
        ("pagedown pagedown pageup", "mimo-9"),
    ],
)
async def test_keys_move_the_cursor_and_it_stays_in_sight(keys: str, name: str) -> None:
    app = TableApp(some_rows(50))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press(*keys.split())
        await wait_until(pilot, lambda: app.marked == [name])
        assert app.told[-1] == ("highlighted", name.replace("mimo", "key"))
        assert screen_lines(app)[0].split() == ["Preset", "Model", "Key", "Context"]


async def test_enter_opens_the_row_under_the_cursor() -> None:
    app = TableApp(some_rows(5))
    async with app.run_test() as pilot:
        await pilot.press("down", "enter")
        assert app.told == [("highlighted", "key-0"), ("highlighted", "key-1"), ("selected", "key-1")]
        assert "Open" in screen_lines(app)[-1]


async def test_a_click_moves_the_cursor_and_a_second_one_opens() -> None:
    app = TableApp(some_rows(5))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.click(Table, offset=(5, 4))
        assert app.marked == ["mimo-3"]
        assert app.told[-1] == ("highlighted", "key-3")
        await pilot.click(Table, offset=(5, 4))
        assert app.told[-1] == ("selected", "key-3")
        told = list(app.told)
        for elsewhere in (0, 8):  # the header, and below the last row
            await pilot.click(Table, offset=(5, elsewhere))
        assert app.told == told


async def test_a_click_in_a_scrolled_table_hits_the_row_that_is_seen() -> None:
    app = TableApp(some_rows(50))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("end")
        await pilot.click(Table, offset=(5, 1))
        assert app.marked == ["mimo-40"]


async def test_the_wheel_scrolls_and_leaves_the_cursor_where_it_was() -> None:
    app = TableApp(some_rows(50))
    async with app.run_test(size=(80, 12)) as pilot:
        for _ in range(5):
            await pilot._post_mouse_events([MouseScrollDown], Table, (5, 5))
        await wait_until(pilot, lambda: "mimo-0 " not in screen_text(app))
        assert app.table.cursor == 0
        assert screen_lines(app)[0].split()[0] == "Preset"
        await pilot.press("down")
        await wait_until(pilot, lambda: app.marked == ["mimo-1"])


async def test_the_cursor_keeps_its_row_when_the_list_is_filtered() -> None:
    app = TableApp(some_rows(50))
    async with app.run_test(size=(80, 12)) as pilot:
        app.table.move_to("key-20")
        await pilot.pause()
        told = list(app.told)
        app.table.rows = tuple(row for row in some_rows(50) if "2" in row.key)
        await wait_until(pilot, lambda: app.marked == ["mimo-20"] and "mimo-19" not in screen_text(app))
        app.table.rows = some_rows(50)
        await wait_until(pilot, lambda: app.marked == ["mimo-20"] and "mimo-19" in screen_text(app))
        assert app.told == told


async def test_where_its_row_is_gone_the_cursor_stays_in_its_place() -> None:
    app = TableApp(some_rows(5))
    async with app.run_test() as pilot:
        app.table.move_to("key-4")
        app.table.rows = some_rows(3)
        await wait_until(pilot, lambda: app.told[-1] == ("highlighted", "key-2"))
        assert app.marked == ["mimo-2"]
        assert not app.table.move_to("key-4")


async def test_an_empty_list_says_so_and_the_cursor_finds_back() -> None:
    app = TableApp(some_rows(5))
    async with app.run_test(size=(60, 21)) as pilot:
        app.table.move_to("key-3")
        await pilot.pause()
        app.table.rows = ()
        await wait_until(pilot, lambda: "No preset matches." in screen_text(app))
        assert screen_lines(app)[10].strip() == "No preset matches."
        assert app.marked == []
        await wait_until(pilot, lambda: "Open" not in screen_text(app))
        await pilot.press("down", "end", "pageup", "enter")
        assert app.told[-1][1] is None
        app.table.empty = "Looking …"
        await wait_until(pilot, lambda: "Looking …" in screen_text(app))
        app.table.rows = some_rows(5)
        await wait_until(pilot, lambda: app.told[-1] == ("highlighted", "key-3"))
        assert app.marked == ["mimo-3"]


@pytest.mark.parametrize("text", ["[/foo]", "[bold", "[bold]x[/]", "[$slot]", "[@click=app.bell]x", "\\[x]"])
async def test_text_is_shown_as_it_is(text: str) -> None:
    app = TableApp((Row(text, (text, "m", "", "")),), (Column("a", text, 20), *COLUMNS[1:]))
    app.table.empty = text
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: screen_text(app).count(text) == 2)
        app.table.rows = ()
        await wait_until(pilot, lambda: screen_lines(app)[11].strip() == text)


async def test_control_codes_in_a_cell_do_not_reach_the_terminal() -> None:
    app = TableApp((Row("a", ("a\x1b[31mred\nnext\u202e", "m", "", "")),))
    async with app.run_test(size=(120, 10)) as pilot:
        await wait_until(pilot, lambda: "a␛[31mred␊next⟨U+202E⟩" in screen_text(app))


async def test_wide_characters_are_cut_at_cells_and_the_columns_stay_straight() -> None:
    names = ("小米的很长很长的预设名字", "a小米的很长很长的预设名字", "👩‍👩‍👧🇨🇳 family, with flags", "plain")
    rows = tuple(Row(name, (name, "mimo-v2.5", "SLOT", "1")) for name in names)
    app = TableApp(rows, (Column("name", "Preset", 12), *COLUMNS[1:]))
    async with app.run_test(size=(70, 10)) as pilot:
        await wait_until(pilot, lambda: "plain" in screen_text(app))
        lines = screen_lines(app)[1:5]
        assert {cell_len(line[: line.index("SLOT")]) for line in lines} == {3 + 12 + GAP + 23 + GAP}
        assert lines[0][3:].startswith("小米的很长 …")  # eleven cells hold five, and a blank before the sign
        assert lines[1][3:].startswith("a小米的很长…")
        assert "…" in lines[2]


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (80, ["Preset", "Model", "Key", "Context"]),
        (61, ["Preset", "Model", "Key", "Context"]),
        (60, ["Preset", "Model", "Context"]),
        (40, ["Preset", "Model"]),
        (20, ["Preset"]),
        (8, ["Pre…"]),
    ],
)
async def test_where_it_is_narrow_the_least_important_columns_go(width: int, titles: list[str]) -> None:
    app = TableApp(some_rows(3))
    async with app.run_test(size=(width, 10)) as pilot:
        await wait_until(pilot, lambda: screen_lines(app)[0].split() == titles)
        await pilot.resize_terminal(120, 10)
        await wait_until(pilot, lambda: screen_lines(app)[0].split() == ["Preset", "Model", "Key", "Context"])
        await pilot.resize_terminal(1, 2)
        await wait_until(pilot, lambda: app.table.size.height == 1)


async def test_the_tone_of_a_row_is_told_without_colour() -> None:
    rows = (
        Row("a", ("broken", "", "", ""), "error"),
        Row("b", ("doubtful", "", "", ""), "warning"),
        Row("c", ("template", "", "", ""), "muted"),
    )
    app = TableApp(rows)
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: "broken" in screen_text(app))
        assert screen_lines(app)[1:4] == ["›✗ broken", " ! doubtful", " - template"]


async def test_a_change_of_style_alone_is_painted() -> None:
    plain, bold = Content("mimo"), Content.styled("mimo", "bold")
    app = TableApp((a_row(0), Row("b", (plain, "", "", ""))))
    async with app.run_test() as pilot:
        app.table.rows = (a_row(0), Row("b", (bold, "", "", "")))
        await pilot.pause()
        assert any(s.style and s.style.bold for s in app.table.render_line(2) if "mimo" in s.text)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light", "dracula"])
async def test_a_theme_restyles_what_was_drawn_before(theme: str) -> None:
    app = TableApp((a_row(0), Row("b", (Content.styled("mimo", "$error"), "", "", ""), "warning")))
    async with app.run_test() as pilot:
        await pilot.pause()
        before = [list(app.table.render_line(y)) for y in range(3)]
        app.theme = theme
        await pilot.pause()
        after = [list(app.table.render_line(y)) for y in range(3)]
        assert all(old != new for old, new in zip(before, after, strict=True))
        assert app.marked == ["mimo-0"]


async def test_a_theme_that_differs_in_one_colour_restyles_the_text_in_it() -> None:
    app = TableApp((a_row(0), Row("b", (Content.styled("mimo", "$error"), "", "", ""))))
    for name, error in (("one", "#ff0000"), ("other", "#0000ff")):
        app.register_theme(Theme(name, primary="#808080", error=error))
    app.theme = "one"
    async with app.run_test() as pilot:
        await pilot.pause()
        before = list(app.table.render_line(2))
        app.theme = "other"
        await pilot.pause()
        assert list(app.table.render_line(2)) != before


async def test_ten_thousand_rows_draw_no_more_than_the_screen_holds() -> None:
    drawn: list[int] = []

    class Counted(Content):
        def truncate(self, max_width: int, *, ellipsis: bool = False, pad: bool = False) -> Content:
            drawn.append(max_width)
            return super().truncate(max_width, ellipsis=ellipsis, pad=pad)

    rows = tuple(Row(f"key-{i}", (Counted(f"mimo-{i}"), "", "", "")) for i in range(10_000))
    app = TableApp(rows)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: app.marked == ["mimo-0"])
        assert len(drawn) <= 2 * 22
        drawn.clear()
        await pilot.press("down", "down", "down")
        await wait_until(pilot, lambda: app.marked == ["mimo-3"])
        assert len(drawn) <= 2 * 3
        drawn.clear()
        app.table.rows = rows[3:]  # what is on the screen was drawn before, but for three
        await wait_until(pilot, lambda: app.marked == ["mimo-3"])
        assert len(drawn) <= 2 * 4
        await pilot.press("end")
        await wait_until(pilot, lambda: app.marked == ["mimo-9999"])


async def test_ten_times_the_rows_do_not_make_a_key_slower() -> None:
    async def seconds(count: int) -> float:
        app = TableApp(some_rows(count))
        async with app.run_test() as pilot:
            await pilot.pause()
            return min(timed(lambda: app.table.action_move(1)) for _ in range(20))

    assert await seconds(10_000) < 5 * await seconds(1_000)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=8),
    st.integers(0, 200),
)
@settings(max_examples=300, deadline=None)
def test_the_columns_fill_the_width_and_never_leave_it(
    shapes: list[tuple[int, int, int]], width: int
) -> None:
    columns = [Column(str(i), "", *shape) for i, shape in enumerate(shapes)]
    fitted = fit(columns, width)
    used = sum(w for _, w in fitted) + GAP * (len(fitted) - 1)
    assert fitted
    assert used <= width
    kept = {i for i, _ in fitted}
    if any(columns[i].weight for i in kept) and used:
        assert used == width
    for gone in set(range(len(columns))) - kept:
        assert columns[gone].priority >= max(columns[i].priority for i in kept)
    if len(kept) > 1:
        assert all(w >= columns[i].width for i, w in fitted)


def timed(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
