"""What it costs to show an answer while it is written, in a pseudo terminal of 120×40, beside Textual's `Markdown`.

    python benchmarks/streaming.py [--runs 3] [--quick] [--json FILE] [--check]

Prose, one long code fence, one long list and one long table, each 200 tokens a second and as fast as it goes, where
0, 5,000 and 20,000 tokens of it stand already. `CPU` is what the process used for a token, until it is painted;
`stall` the longest time for which the event loop stood still, laying out the whole at the end included; `key` the time
from a key typed into an input below to its paint, 95 % of them; `memory` what the process grew by, first tokens
included. CPU, and stalls with keys, are measured in runs of their own, since watching costs something.

Bare `Markdown.get_stream` beside it is given what stands already by one `append` (after `update` it takes what comes
for a block of its own), and then fewer tokens; a list or table of 20,000 tokens takes it minutes, so that is left out,
and so is its time from key to paint.
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from stream_texts import SHAPES, tokens
from terminal import ROOT, ProgramFailedError, Terminal, environment, spread
from textual import work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Markdown

from mimo_tui.core.text import Clean
from mimo_tui.tui.app import settle_interpreter
from mimo_tui.tui.widgets.stream_view import ShownTurn, StreamView

BEFORE: Final = (0, 5_000, 20_000)
RATES: Final = (200, 0)
TOKENS: Final = {("ours", 200): 600, ("ours", 0): 20_000, ("textual", 200): 400, ("textual", 0): 1_000}
TOO_LONG: Final = (("list", 20_000), ("table", 20_000))
SHARE, GROWTH, STALL_MS, KEY_MS = 0.4, 1.3, 50.0, 35.0
KEYS: Final = "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
_REPORT: Final = re.compile(r"done: cpu ([\d.]+) ms, stall ([\d.]+) ms, memory (-?[\d.]+) MB")


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured; `rate` is in tokens a second, 0 as fast as it goes. `watched`: stalls and keys, not CPU."""

    who: str
    shape: str
    before: int
    rate: int
    watched: bool

    @property
    def tokens(self) -> int:
        if self.who == "textual" and self.before and self.shape in ("list", "table"):
            return 40
        return TOKENS[self.who, self.rate]


class StreamApp(App[None]):
    """Writes the text at f2, and says below what it cost."""

    CSS = "StreamView, VerticalScroll { height: 1fr; } Label { dock: bottom; }"
    BINDINGS: ClassVar[list[BindingType]] = [("f2", "stream", "Stream")]

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self.stall = 0.0

    def compose(self) -> ComposeResult:
        if self.case.who == "ours":
            yield StreamView()
        else:
            with VerticalScroll():
                yield Markdown()
        yield Input(compact=True)
        yield Label("wait")

    def on_ready(self) -> None:
        gc.collect()
        settle_interpreter()
        self.query_one(Input).focus()
        if self.case.who == "ours":
            self.query_one(StreamView).put(ShownTurn(1, Clean("model")))
        self.query_one(Label).update("press f2")

    @work
    async def action_stream(self) -> None:
        memory_before = memory()
        before = "".join(tokens(self.case.shape, 0, self.case.before))
        more = tokens(self.case.shape, self.case.before, self.case.tokens)
        cpu = await (self.ours(before, more) if self.case.who == "ours" else self.bare(before, more))
        if not self.case.watched:  # it would hold up the keys that are still typed
            gc.collect()
        grown = memory() - memory_before
        per_token = cpu / len(more) * 1000
        self.query_one(Label).update(
            f"done: cpu {per_token:.4f} ms, stall {self.stall * 1000:.1f} ms, memory {grown:.1f} MB"
        )

    async def ours(self, before: str, more: Sequence[str]) -> float:
        """Give the seconds of CPU."""
        view = self.query_one(StreamView)
        await until(lambda: view.is_settled)
        if before:
            view.grow(1, before)
            await until(lambda: not view.waits)
        self.begin()
        started, cpu = time.perf_counter(), time.process_time()
        for number, token in enumerate(more):
            view.grow(1, token)
            await self.pause(started, number)
        await until(lambda: not view.waits)
        await asyncio.sleep(0.05)
        used = time.process_time() - cpu
        await until(lambda: view.is_settled)
        return used

    async def bare(self, before: str, more: Sequence[str]) -> float:
        """Give the seconds of CPU."""
        view = self.query_one(Markdown)
        self.query_one(VerticalScroll).anchor()
        if before:
            await view.append(before)
            await asyncio.sleep(0.5)
        self.begin()
        started, cpu = time.perf_counter(), time.process_time()
        stream = Markdown.get_stream(view)
        for number, token in enumerate(more):
            await stream.write(token)
            await self.pause(started, number)
        await stream.stop()
        await asyncio.sleep(0.05)
        return time.process_time() - cpu

    async def pause(self, started: float, number: int) -> None:
        """Wait until it is time for the next token."""
        rate = self.case.rate
        await asyncio.sleep(max(started + number / rate - time.perf_counter(), 0) if rate else 0)

    def begin(self) -> None:
        if self.case.watched:
            self.watch_loop()
            self.query_one(Label).update("streaming")

    @work
    async def watch_loop(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            self.stall = max(self.stall, time.perf_counter() - before - 0.002)


async def until(is_true: Callable[[], bool]) -> None:
    """Look again and again; nothing tells when a widget has painted the last of a text."""
    while not is_true():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def memory() -> float:
    """Give the memory of this process in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(case: Case) -> dict[str, list[float]]:
    """Write one text in a program of its own; milliseconds and MB."""
    given = json.dumps([case.who, case.shape, case.before, case.rate, case.watched])
    keys: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        command = (sys.executable, str(ROOT / "benchmarks" / "streaming.py"), "--open", given)
        with Terminal(command, environment(Path(folder))) as terminal:
            terminal.wait_for("press f2")
            terminal.settle()
            terminal.send("\x1bOQ")
            if case.watched and case.who == "ours":
                terminal.wait_for("streaming", 120)
                for key in KEYS if case.rate else KEYS[:16]:
                    keys.append(terminal.typed(key) * 1000)
                    terminal.rest(0.04)
            terminal.wait_for("done: cpu", 300)
            terminal.settle(0.1)
            report = _REPORT.search(terminal.text)
            if report is None:
                raise ProgramFailedError(f"no figures on:\n{terminal.text}")
    cpu, stall, grown = map(float, report.groups())
    return (
        {"stall, ms": [stall], "key, ms": keys} if case.watched else {"CPU, ms": [cpu], "memory, MB": [grown]}
    )


def measure(runs: int, *, quick: bool) -> dict[str, dict[str, float]]:
    """Give each figure with its spread."""
    figures: dict[str, dict[str, float]] = {}
    for shape in SHAPES:
        for rate in RATES:
            for before in BEFORE[:: 2 if quick else 1]:
                for who in ("ours", "textual"):
                    if who == "textual" and (shape, before) in TOO_LONG:
                        continue
                    found: dict[str, list[float]] = {}
                    for watched in (False, True):
                        case = Case(who, shape, before, rate, watched)
                        for _ in range(runs if who == "ours" else 1):
                            for name, values in measured(case).items():
                                found.setdefault(name, []).extend(values)
                    named = f"{shape}, {f'{rate}/s' if rate else 'at once'}, after {before:,}: {who}"
                    for name, values in found.items():
                        if values:
                            figures[f"{named} {name}"] = spread(values)
                    print(row(named, figures), flush=True)
    return figures


def row(named: str, figures: dict[str, dict[str, float]]) -> str:
    """Give a line of the table."""
    parts = [
        f"{name} {figures[f'{named} {name}'][which]:8.3f}"
        for name, which in (
            ("CPU, ms", "median"),
            ("stall, ms", "median"),
            ("key, ms", "p95"),
            ("memory, MB", "median"),
        )
        if f"{named} {name}" in figures
    ]
    return f"{named:44} " + "  ".join(parts)


def broken(figures: dict[str, dict[str, float]]) -> list[str]:
    """Give the promises that are not kept."""
    found: list[str] = []
    for name, values in figures.items():
        where, _, what = name.partition(": ")
        value = values["median"]
        if what == "ours CPU, ms":
            bare = figures.get(f"{where}: textual CPU, ms")
            if bare and value > SHARE * bare["median"]:
                found.append(f"{where}: {value / bare['median']:.2f} × of bare Markdown's CPU")
            start = figures[f"{where.rpartition(' ')[0]} 0: ours CPU, ms"]["median"]
            if value > GROWTH * start:
                found.append(f"{where}: {value / start:.2f} × of what it costs at the beginning")
        elif what == "ours stall, ms" and value > STALL_MS:
            found.append(f"{where}: a stall of {value} ms")
        elif what == "ours key, ms" and values["p95"] > KEY_MS:
            found.append(f"{where}: a key took {values['p95']} ms")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="after 0 and 20,000 tokens only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="exit 1 where a promise is broken")
    parser.add_argument("--open", metavar="CASE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.open:
        StreamApp(Case(*json.loads(options.open))).run()
        return 0
    try:
        figures = measure(options.runs, quick=options.quick)
    except ProgramFailedError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    over = broken(figures)
    for sentence in over:
        print(f"over the promise: {sentence}")
    return 1 if over and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
