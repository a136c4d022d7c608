"""What fetching all the documentation (2 MB) does to the screen, in a pseudo terminal of 120×40.

    python benchmarks/docs_fetch.py [--runs 3] [--json FILE] [--check]

The simulated platform serves it in another process. While it comes, a key is pressed again and again: how long
until it paints, beside the same without fetching, and for how long the event loop stood still at most. Milliseconds.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from docs_site import SIZE, fetch_all, served
from terminal import ROOT, ProgramFailedError, Terminal, environment, spread

from mimo_tui.store.places import places
from mimo_tui.tui import app as program
from mimo_tui.wire.http import Network

STALL_MS: Final = 100.0
DOWN, UP, FETCH = "\x1b[B", "\x1b[A", "\x12"
KEYS: Final = 30


async def watch_loop(stalls: Path) -> None:
    """Note for how long the event loop stood still, and when."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.002)
        stall = time.perf_counter() - before - 0.002
        if stall > 0.005:
            with stalls.open("a") as file:
                file.write(f"{before} {stall}\n")


def run(home: Path, origin: str) -> None:
    """Open the program where it would fetch from there."""
    network = Network(simulated=lambda: origin)

    def settle() -> None:
        program.settle_interpreter()
        app.run_worker(watch_loop(home / "stalls"))

    app = program.MimoApp(
        places(home),
        lambda: program.make_services(home, simulated=False, network=network),
        when_ready=settle,
    )
    app.run()


def measured() -> dict[str, list[float]]:
    """Fetch once, where an older text of every page is here; seconds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / ".lingtai-tui").mkdir()
        with served(home, SIZE // 10) as origin:
            fetch_all(home, origin)
        with served(home) as origin:
            command = (sys.executable, str(ROOT / "benchmarks" / "docs_fetch.py"), "--open", folder, origin)
            with Terminal(command, environment(home)) as terminal:
                terminal.wait_for("Presets")
                terminal.settle()
                terminal.press("3")
                terminal.wait_for("to search all pages")
                terminal.settle()
                started = time.perf_counter()
                terminal.press(FETCH, quiet=0.01)
                during: list[float] = []
                while "Fetched" not in terminal.text and time.perf_counter() < started + 60:
                    during.append(terminal.press(UP if len(during) % 2 else DOWN, quiet=0.02)[0])
                ended = time.perf_counter()
                terminal.settle()
                quiet = [terminal.press(UP if number % 2 else DOWN)[0] for number in range(KEYS)]
                stalls = [
                    tuple(map(float, line.split())) for line in (home / "stalls").read_text().splitlines()
                ]
    return {
        "key to paint, without": quiet,
        "key to paint, fetching": during,
        "fetching": [ended - started],
        "longest stall": [max((stall for at, stall in stalls if started <= at <= ended), default=0.0)],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help=f"exit 1 on a stall over {STALL_MS:.0f} ms")
    parser.add_argument("--open", nargs=2, metavar=("HOME", "ORIGIN"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.open:
        run(Path(options.open[0]), options.open[1])
        return 0
    try:
        runs = [measured() for _ in range(options.runs)]
    except ProgramFailedError as error:
        print(error, file=sys.stderr)
        return 2
    figures = {
        name: spread([second * 1000 for one in runs for second in one[name]])
        for name in runs[0]
        if all(one[name] for one in runs)
    }
    for name, values in figures.items():
        print(f"{name:28}", "  ".join(f"{key} {value:8.1f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    over = figures["longest stall"]["median"] > STALL_MS
    if over:
        print(f"over the promise: a stall of {figures['longest stall']['median']} ms, promised {STALL_MS}")
    return 1 if over and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
