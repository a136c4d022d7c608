"""What a person reads on the screen of a running test app, and waiting for it without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual import events
from textual._context import visible_screen_stack
from textual.app import App
from textual.pilot import Pilot

Result = TypeVar("Result")


def screen_lines(app: App[Result]) -> list[str]:
    """Give the plain text of what is shown, one string a terminal row, without the blanks at its end.

    In public Textual gives the composed screen only as an SVG (`export_screenshot`), slow to make and read.
    The compositor's strips are what the terminal gets; only this function reaches for them.
    """
    visible_screen_stack.set(app._background_screens)  # what shines through a modal is on the screen too
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def screen_text(app: App[Result]) -> str:
    """Give the active screen as plain text, its lines joined by newlines."""
    return "\n".join(screen_lines(app))


async def paste(pilot: Pilot[Result], text: str) -> None:
    """Paste a text where the focus is, which costs less than a key for each letter."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def wait_until(
    pilot: Pilot[Result],
    predicate: Callable[[], object],
    timeout: float = 5.0,  # noqa: ASYNC109 - the failure shows the screen, which `asyncio.timeout` cannot
) -> None:
    """Let the app work until `predicate` is true; after `timeout` seconds, fail and show the screen."""
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout
    while not predicate():
        if loop.time() > end:
            raise AssertionError(f"not reached in {timeout} s; the screen shows:\n{screen_text(pilot.app)}")
        await pilot.pause(0.01)
