"""How long a key takes to paint in the list of presets, in a pseudo terminal of 120×40.

    python benchmarks/presets_list.py [--presets 1000] [--keys 100] [--json FILE] [--check] [--widget]

Two times for each key, in milliseconds: to the first bytes painted, and to the last that changed the text.
The cursor is held to the first (what follows is the detail beside the list), the filter to the last (first
comes the letter, then the rows). The bare app's answer to a key stands beside. `--widget` drives the list
alone, `benchmarks/table.py`.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from library import FIRST, fill
from terminal import BARE_APP, BARE_MARKER, ROOT, ProgramFailedError, Terminal, environment, spread

PROMISE_MS = 30.0
DOWN, UP, BACKSPACE = "\x1b[B", "\x1b[A", "\x7f"


def measure(presets: int, keys: int, *, widget: bool) -> dict[str, dict[str, float]]:
    """Give each figure with its spread, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, presets)
        with Terminal(BARE_APP, environment(home)) as terminal:
            terminal.wait_for(BARE_MARKER)
            terminal.settle()
            bare = [terminal.press("x")[0] for _ in range(keys)]
        list_alone = (sys.executable, str(ROOT / "benchmarks" / "table.py"), str(presets))
        program = list_alone if widget else (sys.executable, "-m", "mimo_tui", "--home", folder)
        with Terminal(program, environment(home)) as terminal:
            framed = terminal.wait_for("Presets")
            listed = terminal.wait_for(FIRST)
            terminal.settle()
            moves = [terminal.press(DOWN) for _ in range(keys)] + [terminal.press(UP) for _ in range(keys)]
            terminal.press("/")
            letters = []
            sought = f"bench-{presets // 2:04}"
            for _ in range(max(keys // (2 * len(sought)), 1)):
                letters += [terminal.press(letter) for letter in sought]
                if terminal.text.count(sought) < 2:  # in the filter, and in the list
                    raise ProgramFailedError(f"the filter {sought!r} did not bring that preset into sight")
                letters += [terminal.press(BACKSPACE) for _ in sought]
    times = {
        "bare app, key to paint": bare,
        "first frame to list": [listed - framed],
        "cursor, first paint": [first for first, _ in moves],
        "cursor, all painted": [last for _, last in moves],
        "filter, first paint": [first for first, _ in letters],
        "filter, all painted": [last for _, last in letters],
    }
    return {name: spread([second * 1000 for second in seconds]) for name, seconds in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presets", type=int, default=1000)
    parser.add_argument("--keys", type=int, default=100, help="how many keys of each kind")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--check", action="store_true", help=f"exit 1 if the 95 %% is over {PROMISE_MS:.0f} ms"
    )
    parser.add_argument("--widget", action="store_true", help="the list alone, not the program")
    options = parser.parse_args()
    try:
        figures = measure(options.presets, options.keys, widget=options.widget)
    except ProgramFailedError as error:
        print(error, file=sys.stderr)
        return 2
    for name, values in figures.items():
        print(f"{name:28}", "  ".join(f"{key} {value:8.1f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    held = ("cursor, first paint", "filter, all painted")
    broken = [name for name in held if figures[name]["p95"] > PROMISE_MS]
    for name in broken:
        print(f"over the promise: {name}, 95 % within {figures[name]['p95']} ms, promised {PROMISE_MS}")
    return 1 if broken and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
