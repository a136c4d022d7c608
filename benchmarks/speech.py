"""How long until a text is heard, streamed and not, against the simulated platform in another process.

    python benchmarks/speech.py [--runs 3] [--pace 60] [--json FILE] [--check]

Time to first sound is from sending until the first samples are kept and given on. The platform speaks at its usual
pace, that of `--demo`: 60 tokens a second, which is some ten seconds of sound, and what is not streamed comes when
all of it is spoken. It begins a stream at once, which no real model does: streamed, the figure is our own share of
the wait. A text of more than 2,500 characters is spoken in parts; not streamed, its first part is waited for. `at
once` is streamed too, from a platform that takes no time at all and so sends as fast as it can. Seconds.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terminal import ROOT, environment, spread

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.services import Services, make_services
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.speech.events import Sounded, Spoken
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.simulator.sample_library import build
from mimo_tui.wire.http import Network

LENGTHS: Final = (60, 600, 6_000)
SENTENCE: Final = "The harbour lights went out one by one, and nobody came to see. "
PRESET: Final = "saved/mimo-pro.json"
PROMISE: Final = 0.5
"""Of the time that it takes where it is not streamed: what streaming must at least save of a long text."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text of so many characters, spoken at a pace in tokens a second."""

    characters: int
    streamed: bool
    pace: float

    @property
    def text(self) -> str:
        """The text."""
        return (SENTENCE * (self.characters // len(SENTENCE) + 1))[: self.characters]


def serve_here(pace: float) -> None:
    """Serve the platform until the other process ends this one."""
    from mimo_tui.simulator.platform import Platform
    from mimo_tui.simulator.server import serve

    with serve(Platform(tokens_per_second=pace, rate_limited=False)) as served:
        print(served.origin, flush=True)
        while True:
            time.sleep(3600)


@contextmanager
def platform(home: Path, pace: float) -> Iterator[str]:
    """Serve the simulated platform in a process of its own, and give its origin."""
    command = (sys.executable, __file__, "--serve", "--pace", str(pace))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment(home), text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def first_sound(services: Services, case: Case) -> float:
    """Give the seconds from sending to the first sound, and stop there."""
    view = find(list_presets(services), PRESET)
    target = speech_target(services, view, ModelKind.SPEECH)
    speaking, stop = Speaking(case.text, target, streamed=case.streamed), asyncio.Event()
    async with aclosing(speak(services, speaking, stop)) as events:
        async for event in events:
            if isinstance(event, Sounded):
                stop.set()
            if isinstance(event, Spoken):
                if event.take.first_sound is None:
                    raise SystemExit(f"there was no sound: {event.diagnosis}")
                return event.take.first_sound
    raise SystemExit("it never ended")


async def run(home: Path, origin: str, case: Case, runs: int) -> list[float]:
    """Give the time of each run; one before them opens the connection."""
    services = make_services(home, network=Network(simulated=lambda: origin))
    try:
        await first_sound(services, Case(10, streamed=True, pace=case.pace))
        return [await first_sound(services, case) for _ in range(runs)]
    finally:
        await services.client.aclose()
        services.sessions.close()


def measure(runs: int, pace: float) -> dict[str, dict[str, float]]:
    """Give each figure with its spread, in seconds."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build(home)
        with platform(home, pace) as origin:
            for characters in LENGTHS:
                for streamed in (True, False):
                    name = f"{characters:,} characters, {'streamed' if streamed else 'not streamed'}"
                    case = Case(characters, streamed, pace)
                    figures[name] = spread(asyncio.run(run(home, origin, case, runs)))
        with platform(home, 0.0) as origin:
            case = Case(LENGTHS[-1], streamed=True, pace=0.0)
            figures["at once"] = spread(asyncio.run(run(home, origin, case, runs)))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pace", type=float, default=60.0, help="tokens a second, 0 as fast as it goes")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true", help="fail where streaming saves too little")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve_here(arguments.pace)
    figures = measure(arguments.runs, arguments.pace)
    for name, values in figures.items():
        print(f"{name:<32}", "  ".join(f"{key} {value:8.3f}" for key, value in values.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), "utf-8")
    streamed, whole = (figures[f"600 characters, {each}"]["median"] for each in ("streamed", "not streamed"))
    return int(arguments.check and streamed > PROMISE * whole)


if __name__ == "__main__":
    raise SystemExit(main())
