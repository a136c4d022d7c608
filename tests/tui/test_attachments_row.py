"""What goes with a prompt, shown alone: what it is and costs, what is wrong with it, and a small picture."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Static

from mimo_tui.core.catalogue import Surface
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import attach
from mimo_tui.tui.playground_attached import picture_of, shown_attachment
from mimo_tui.tui.widgets.attachments_row import AttachmentsRow, Picture, ShownAttachment
from tests.tui.screen_text import screen_text, wait_until

RED = (200, 10, 10)
PICTURE: Picture = (((RED, RED),) * 16,) * 4
CAT = ShownAttachment(clean("image cat.png"), clean("640×480 · 12 kB · about 280 tokens"), picture=PICTURE)
BAD = ShownAttachment(
    clean("audio [/foo].wav"),
    clean("1.0 s"),
    (clean("The Anthropic surface drops sounds [@click=app.bell]x[/]"),),
)


class Alone(App[None]):
    """Shows the row, and notes what is taken away."""

    def __init__(self, *attachments: ShownAttachment) -> None:
        super().__init__()
        self.begins_with = attachments
        self.removed: list[int] = []

    def compose(self) -> ComposeResult:
        yield AttachmentsRow()
        yield Static("below")

    def on_mount(self) -> None:
        self.row.attachments = self.begins_with

    @property
    def row(self) -> AttachmentsRow:
        return self.query_one(AttachmentsRow)

    @on(AttachmentsRow.Removed)
    def _note(self, event: AttachmentsRow.Removed) -> None:
        self.removed.append(event.number)
        self.row.attachments = self.row.attachments[: event.number] + self.row.attachments[event.number + 1 :]


async def test_what_it_is_and_what_is_wrong_stands_there_and_a_key_takes_it_away() -> None:
    app = Alone(CAT, BAD)
    async with app.run_test(size=(80, 12)) as pilot:
        await wait_until(pilot, lambda: "below" in screen_text(app))
        lines = screen_text(app).splitlines()
        assert lines[0] == "› image cat.png · 640×480 · 12 kB · about 280 tokens"
        assert lines[1] == "  audio [/foo].wav · 1.0 s"
        assert lines[2] == "  ! The Anthropic surface drops sounds [@click=app.bell]x[/]"
        assert lines[3] == "below"
        await pilot.press("tab", "down", "delete")
        assert app.removed == [1]
        await wait_until(pilot, lambda: screen_text(app).splitlines()[1] == "below")
        await pilot.press("d", "d")
        assert app.removed == [1, 0]
        await wait_until(pilot, lambda: screen_text(app).splitlines()[0] == "below")


async def test_a_picture_is_shown_where_there_is_room_and_colour() -> None:
    app = Alone(CAT, BAD)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: "▀" * 16 in screen_text(app))
        assert screen_text(app).count("▀") == 64
        await pilot.resize_terminal(80, 24)
        await wait_until(pilot, lambda: "▀" not in screen_text(app))
        assert "cat.png" in screen_text(app)


async def test_without_colours_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Alone(CAT)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: "cat.png" in screen_text(app))
        assert "▀" not in screen_text(app)


async def test_many_take_no_more_than_their_room_and_the_chosen_one_is_in_sight() -> None:
    many = tuple(replace(CAT, title=clean(f"image {number}.png"), picture=()) for number in range(30))
    app = Alone(*many)
    async with app.run_test(size=(80, 20)) as pilot:
        await wait_until(pilot, lambda: app.row.size.height == 8)
        app.row.cursor = 20
        await wait_until(pilot, lambda: "› image 20.png" in screen_text(app))
        await pilot.click(AttachmentsRow, offset=(5, 0))
        assert app.row.cursor < 20


async def test_an_image_is_measured_weighed_and_made_small(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    Image.new("RGB", (640, 320), RED).save(file)
    model = "mimo-v2.6-pro"
    found = attach(services, str(file), surface=Surface.OPENAI, model=model).attachment
    picture = await picture_of(found)
    assert {cell for row in picture for cell in row} == {(RED, RED)}
    shown = shown_attachment(
        found,
        services.catalogue,
        surface=Surface.OPENAI,
        model=model,
        currency="CNY",
        pictures={found.digest: picture},
    )
    assert shown.picture == picture
    assert shown.about.startswith("640×320 · ")
    assert "tokens · about ¥" in shown.about
    broken = replace(found, data=b"\x89PNG\r\n\x1a\nbroken")
    assert await picture_of(broken) == ()
    unknown = shown_attachment(
        replace(found, tokens=None),
        services.catalogue,
        surface=Surface.OPENAI,
        model="odd",
        currency="CNY",
        pictures={},
    )
    assert unknown.about.endswith("its cost cannot be told")
