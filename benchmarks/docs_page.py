"""How long a long page takes to open, in a pseudo terminal of 120×40.

    python benchmarks/docs_page.py [--runs 5] [--json FILE] [--check]

It holds the pages of the simulated site, one after another. `first screen` is from the key that opens it to the
first bytes painted, `all laid out` to the end of the work; `stall` is the longest time for which the event loop
stood still in between, `memory` what the process grew by.
One Textual `Markdown` with 40 KB stands beside; with 500 KB it takes minutes, so that is not run.
"""

import argparse
import asyncio
import gc
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import ClassVar, Final

from terminal import ROOT, ProgramFailedError, Terminal, environment, spread
from textual import work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Label
from textual.widgets import Markdown as TextualMarkdown

from mimo_tui.core.docs.page import Heading, Markdown, as_markdown
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.tui.widgets.page_view import PageView

SIZES: Final = {"page of 500 KB": 500_000, "dump of 2 MB": 2_000_000}
TEXTUAL, TEXTUAL_SIZE = "textual", 40_000
FIRST_MS, STALL_MS, MEMORY_MB = 250.0, 100.0, 20.0
_REPORT: Final = re.compile(r"done: all ([\d.]+) ms, stall ([\d.]+) ms, memory (-?[\d.]+) MB")


def page_of(size: int) -> Markdown:
    """Give the pages of the site as one, over and over until it has that many characters."""
    texts, headings, length, line = list[str](), list[Heading](), 0, 0
    for number, page in enumerate(_pages()):
        if length >= size:
            break
        text = page.text + "\n\n"
        headings += [
            Heading(each.level, each.title, f"{number}#{each.anchor}", each.line + line)
            for each in page.headings
        ]
        texts.append(text)
        length, line = length + len(text), line + text.count("\n")
    return Markdown(clean("All"), clean_lines("".join(texts)[:size]), tuple(headings), None)


def _pages() -> Iterator[Markdown]:
    yield from cycle([as_markdown(page.text) for page in shipped().pages.values()])


class PageApp(App[None]):
    """Opens the page at `x`, and says below what it cost."""

    CSS = "PageView, TextualMarkdown { height: 1fr; } Label { dock: bottom; }"
    BINDINGS: ClassVar[list[BindingType]] = [("x", "open", "Open")]

    def __init__(self, page: Markdown, *, textual: bool) -> None:
        super().__init__()
        self.page = page
        self.textual = textual
        self.started = 0.0
        self.before = 0.0
        self.stall = 0.0

    def compose(self) -> ComposeResult:
        yield TextualMarkdown() if self.textual else PageView()
        yield Label("press x")

    def on_ready(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)

    async def action_open(self) -> None:
        self.before = memory()
        self.started = time.perf_counter()
        self.watch_loop()
        if self.textual:
            self.fill()
        else:
            self.query_one(PageView).show(self.page)

    @work
    async def fill(self) -> None:
        await self.query_one(TextualMarkdown).update(self.page.text)
        self.tell()

    def on_page_view_ready(self) -> None:
        self.tell()

    def tell(self) -> None:
        taken = (time.perf_counter() - self.started) * 1000
        # The last layout and paint are to be seen by the watch too.
        self.set_timer(0.3, lambda: self.report(taken))

    def report(self, taken: float) -> None:
        stall = self.stall * 1000
        gc.collect()
        grown = memory() - self.before
        self.query_one(Label).update(f"done: all {taken:.1f} ms, stall {stall:.1f} ms, memory {grown:.1f} MB")

    @work
    async def watch_loop(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            self.stall = max(self.stall, time.perf_counter() - before - 0.002)


def memory() -> float:
    """Give the memory of this process in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def opened(kind: str, size: int) -> dict[str, float]:
    """Open a page in a program of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = (sys.executable, str(ROOT / "benchmarks" / "docs_page.py"), "--open", kind, str(size))
        with Terminal(command, environment(Path(folder))) as terminal:
            terminal.wait_for("press x")
            terminal.settle()
            first, _ = terminal.press("x", time_limit=60)
            terminal.wait_for("done: all")
            terminal.settle()
            report = _REPORT.search(terminal.text)
            if report is None:
                raise ProgramFailedError(f"no figures on:\n{terminal.text}")
    everything, stall, grown = map(float, report.groups())
    return {
        "first screen, ms": first * 1000,
        "all laid out, ms": everything,
        "stall, ms": stall,
        "memory, MB": grown,
    }


def measure(runs: int) -> dict[str, dict[str, float]]:
    """Give each figure with its spread."""
    figures: dict[str, dict[str, float]] = {}
    for name, size in SIZES.items():
        figures |= _spreads(name, [opened("ours", size) for _ in range(runs)])
    return figures | _spreads(
        "Textual's, 40 KB", [opened(TEXTUAL, TEXTUAL_SIZE) for _ in range(min(runs, 3))]
    )


def _spreads(name: str, found: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    return {f"{name}: {key}": spread([one[key] for one in found]) for key in found[0]}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="exit 1 where a figure is over what is promised")
    parser.add_argument("--open", nargs=2, metavar=("KIND", "SIZE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.open:
        kind, size = options.open
        PageApp(page_of(int(size)), textual=kind == TEXTUAL).run()
        return 0
    try:
        figures = measure(options.runs)
    except ProgramFailedError as error:
        print(error, file=sys.stderr)
        return 2
    for name, values in figures.items():
        print(f"{name:36}", "  ".join(f"{key} {value:8.1f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    promised = {"first screen, ms": FIRST_MS, "stall, ms": STALL_MS, "memory, MB": MEMORY_MB}
    broken = [
        f"{size}: {key}"
        for size in SIZES
        for key, limit in promised.items()
        if figures[f"{size}: {key}"]["median"] > limit
    ]
    for name in broken:
        print(f"over the promise: {name}, median {figures[name]['median']}")
    return 1 if broken and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
