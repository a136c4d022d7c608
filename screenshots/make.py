"""Make the pictures of the screens from the sample library: `python -m screenshots.make`.

Each picture is a walk: keys pressed from the first screen on. `--check` makes nothing, and fails where README shows
a picture that is not there, or does not show one that is.
"""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from mimo_tui.cli.demo import site_with
from mimo_tui.core.model import ModelKind
from mimo_tui.services import Services, make_services
from mimo_tui.services.docs.updating import update
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.sample_library import build
from mimo_tui.simulator.server import serve
from mimo_tui.store.places import places
from mimo_tui.tui.app import MimoApp
from mimo_tui.wire.http import Client, Network

FOLDER = Path(__file__).parent
README = FOLDER.parent / "README.md"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIZES = ((80, 24), (120, 40))
_TALL = ((80, 24), (160, 50))

_PAUSE = 0.15
"""Seconds between two keys: some of them open a page."""

_MIMO_1 = ("slash", *"mimo-1", "enter")


@dataclass(frozen=True, slots=True)
class Walk:
    """The keys that lead to a screen worth a picture, and a text that it shows once it is there.

    `fetched`: the documentation is here already; `drift`: with these contradictions in it. `pace`: tokens a second of
    the answers that stream; 0: they are there at once. `spoken` are lines that are takes already, the newest last.
    `player`: there is a program that plays, and hears nothing.
    """

    name: str
    keys: tuple[str, ...]
    shows: str = ""
    fetched: bool = False
    drift: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int], ...] = SIZES
    pace: float = 0.0
    spoken: tuple[str, ...] = ()
    player: bool = False


_SECOND = ("escape", "ctrl+b", "enter")
_ASK = ("slash", *"mimo-pro", "enter", "p", "ctrl+g", "enter", *"What is a Merkle tree?", "enter")
_LINE = "The harbour lights went out one by one."

WALKS = (
    Walk("presets", ("down",) * 5),
    Walk("switch-model", (*_MIMO_1, "m", "f")),
    Walk("editor", (*_MIMO_1, "enter", "tab", "tab", "tab", "tab", "end", "minus", "x")),
    Walk("confirm", (*_MIMO_1, "f", "enter")),
    Walk("keys", (*_MIMO_1, "k", "c"), "mends it"),
    Walk("test", (*_MIMO_1, "t"), "not asked"),
    Walk("docs", ("3", "down", "down", "enter"), "All models", fetched=True),
    Walk("docs-search", ("3", "slash", *"cluster"), "FAQ: Token Plan", fetched=True),
    Walk(
        "doctor",
        ("4", "slash", *"docs", "enter"),
        "token-plan-jp",
        fetched=True,
        drift=("price", "host-added", "context"),
    ),
    Walk("playground", _ASK, "return", sizes=_TALL, pace=60.0),
    Walk("compare", (*_ASK, *_SECOND), "mimo-v2.6-flash", sizes=_TALL),
    Walk(
        "speech",
        (
            "6",
            "f3",
            *"mimo-pro",
            "enter",
            *_LINE,
            *("tab",) * 5,
            *"engl",
            "enter",
            "down",
            "enter",
            "down",
            "enter",
        ),
        "Milo: 2.",
        player=True,
    ),
    Walk(
        "listen",
        ("7", *"last", "enter", "f3", *"mimo-pro", "enter", "f5"),
        "were heard",
        spoken=("The harbour lights went out one by one, and the last boat was late.",),
    ),
)


def _platform(walk: Walk) -> Platform:
    return Platform(at=NOW, site=site_with(walk.drift), tokens_per_second=walk.pace)


async def _picture(walk: Walk, size: tuple[int, int]) -> str:
    with TemporaryDirectory() as folder, serve(_platform(walk)) as served:
        home = Path(folder)
        build(home)
        made = make_services(home, simulated=True)
        network = Network(simulated=lambda: served.origin)
        client = Client(made.catalogue, network, now=lambda: NOW)
        services = replace(made, connect=lambda: client, now=lambda: NOW)
        if walk.player:
            services = replace(services, environment=_with_player(home))
        if walk.fetched:
            async for _ in update(services):
                pass
        for line in walk.spoken:
            await _spoken(services, line)
        app = MimoApp(places(home), lambda: services, simulated=True)
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            for key in walk.keys:
                await pilot.press(key)
                await pilot.pause(_PAUSE)
            await pilot.pause(0.3)
            while walk.shows.replace(" ", "&#160;") not in (
                picture := app.export_screenshot(title="mimo-tui")
            ):
                await pilot.pause(0.1)
            return _tidied(picture)


def _with_player(home: Path) -> Mapping[str, str]:
    program = home / "programs" / "aplay"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec cat > /dev/null\n")
    program.chmod(0o755)
    return MappingProxyType({"PATH": f"{program.parent}{os.pathsep}{os.defpath}"})


async def _spoken(services: Services, line: str) -> None:
    view = find(list_presets(services), "mimo-pro")
    target = speech_target(services, view, ModelKind.SPEECH)
    async for _ in speak(services, Speaking(line, target, voice="Mia", preset=view.reference)):
        pass


def _tidied(picture: str) -> str:
    """Without the fonts that Textual would fetch from elsewhere, and without blanks at line ends."""
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    # The length is counted in characters, which squeezes those that take two cells.
    picture = re.sub(r' textLength="[^"]*"([^>]*>[^<]*[\u2e80-\uffef])', r"\1", picture)
    return "\n".join(line.rstrip() for line in picture.split("\n"))


def _names() -> list[str]:
    return [f"{walk.name}-{width}x{height}.svg" for walk in WALKS for width, height in walk.sizes]


def _check() -> int:
    shown = set(re.findall(r"screenshots/([\w-]+\.svg)", README.read_text(encoding="utf-8")))
    wrong = shown ^ set(_names()) | {name for name in _names() if not (FOLDER / name).is_file()}
    sys.stdout.write(f"{len(shown)} pictures, wrong: {sorted(wrong) or 'none'}\n")
    return 1 if wrong else 0


def main() -> int:
    """Make or check the pictures; gives the exit code."""
    if "--check" in sys.argv:
        return _check()
    for walk in WALKS:
        for width, height in walk.sizes:
            target = FOLDER / f"{walk.name}-{width}x{height}.svg"
            target.write_text(asyncio.run(_picture(walk, (width, height))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
