"""The least that a Textual program with a header and a footer can be: what ours is measured beside.

`python benchmarks/bare_app.py` leaves when its first frame is painted, and prints the nanoseconds since its
process was started (Linux; the kernel tells the start to 10 ms). With `--stay` it waits for keys: `x` counts.
"""

import os
import sys
import time
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Header


class BareApp(App[int]):
    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit"), ("x", "count", "Count")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield Footer()

    def on_mount(self) -> None:
        if "--stay" not in sys.argv:
            self.call_after_refresh(self.ready)

    def ready(self) -> None:
        self.exit(_age())

    def action_count(self) -> None:
        self.sub_title = str(int(self.sub_title or 0) + 1)


def _age() -> int:
    after_name = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2]
    started = int(after_name.split()[19]) * 10**9 // os.sysconf("SC_CLK_TCK")
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - started


if __name__ == "__main__":
    age = BareApp().run()
    if age is not None:
        print(age)
