"""Addresses that leave the program: to the browser, or to the clipboard."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from textual.app import App

from mimo_tui.core.text import clean

_SAFE: Final = ("https", "http", "mailto")
_IN_THE_TERMINAL: Final = ("www-browser", "links", "elinks", "lynx", "w3m")


async def open_in_browser(app: App[None], url: str) -> None:
    """Hand an address to the browser; where there is none, or the scheme is not safe, say so."""
    if urlsplit(url).scheme not in _SAFE:
        refuse(app, url)
    elif not await asyncio.to_thread(_open, url):
        told = clean(f"No browser with a window was found here. y copies the address: {url}")
        app.notify(told, title="Not opened", severity="warning", timeout=20, markup=False)


def refuse(app: App[None], url: str) -> None:
    """Say that an address is not opened."""
    told = clean(f"Only https, http and mailto are opened. This link leads to: {url}")
    app.notify(told, title="Not opened", severity="warning", timeout=20, markup=False)


def copy_address(app: App[None], url: str) -> None:
    """Hand an address to the terminal's clipboard."""
    app.copy_to_clipboard(clean(url))
    app.notify(clean(f"Handed to the terminal's clipboard: {url}"), title="Copied", markup=False)


def _open(url: str) -> bool:
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    # One that draws on the terminal would draw over this program.
    return browser.name.rpartition("/")[2] not in _IN_THE_TERMINAL and browser.open(url)
