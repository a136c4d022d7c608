"""How long until the program is ready, beside a bare Textual app; how long `--version` and `--help` take.

    python benchmarks/start.py [--pairs 9] [--presets 20] [--json FILE] [--check] [--self-test]

Ready means: the terminal has got the places and the first preset (for the bare app: the keys in its footer).
Both run in a pseudo terminal of 120×40, with compiled modules, in turn. Take the ratios; the seconds belong
to the machine.
"""

import argparse
import compileall
import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TypeAlias

from library import FIRST, fill
from terminal import BARE_APP, BARE_MARKER, ROOT, ProgramFailedError, in_turn, run_time, spread, start_time

Figures: TypeAlias = dict[str, dict[str, float]]

PROGRAM = (sys.executable, "-m", "mimo_tui")
READY, VERSION = "ready / bare app", "--version / python -c pass"
PROMISES = {READY: 1.2, VERSION: 5.0}


def measure_ready(home: Path, pairs: int, presets: int, *, self_test: bool) -> Figures:
    """Give the time until the program is ready, beside the bare app: milliseconds and ratios."""
    program = BARE_APP if self_test else (*PROGRAM, "--home", str(home))
    markers = [BARE_MARKER, BARE_MARKER] if self_test else ["Presets", FIRST if presets else "Presets"]

    def bare() -> list[float]:
        return start_time(BARE_APP, home, BARE_MARKER)

    def ours() -> list[float]:
        return start_time(program, home, *markers)

    bare(), ours()  # compiles whatever else is imported, and warms the disk's cache
    starts = in_turn(pairs, bare, ours)
    return {
        "bare app ready, ms": spread([bare for bare, _, _ in starts]),
        "first frame, ms": spread([first for _, first, _ in starts]),
        "ready, ms": spread([ready for _, _, ready in starts]),
        "first frame / bare app": spread([first / bare for bare, first, _ in starts]),
        READY: spread([ready / bare for bare, _, ready in starts]),
    }


def measure_commands(home: Path, pairs: int) -> Figures:
    """Give the time of the commands that scripts ask most, beside a Python that does nothing."""
    nothing = (sys.executable, "-c", "pass")
    version, help_ = (*PROGRAM, "--version"), (*PROGRAM, "--help")
    run_time(help_, home)
    runs = in_turn(
        pairs, lambda: [run_time(nothing, home)], lambda: [run_time(version, home), run_time(help_, home)]
    )
    return {
        "python -c pass, ms": spread([nothing for nothing, _, _ in runs]),
        "--version, ms": spread([version for _, version, _ in runs]),
        VERSION: spread([version / nothing for nothing, version, _ in runs]),
        "--help, ms": spread([help_ for _, _, help_ in runs]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--presets", type=int, default=20, help="how many presets the home holds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="exit 1 if a promise is broken")
    parser.add_argument(
        "--self-test", action="store_true", help="the bare app beside itself: reads about 1.0"
    )
    options = parser.parse_args()
    figures: Figures = {}
    failed = False
    compileall.compile_dir(ROOT / "mimo_tui", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, options.presets)
        parts = [partial(measure_ready, home, options.pairs, options.presets, self_test=options.self_test)]
        if not options.self_test:
            parts.append(partial(measure_commands, home, options.pairs))
        for part in parts:
            try:
                figures |= part()
            except ProgramFailedError as error:
                failed = True
                print(error, file=sys.stderr)
    for name, values in figures.items():
        print(f"{name:28}", "  ".join(f"{key} {value:9.2f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    broken = [name for name in PROMISES if name in figures and figures[name]["median"] > PROMISES[name]]
    for name in broken:
        print(f"over the promise: {name} is {figures[name]['median']}, promised {PROMISES[name]}")
    return 2 if failed else 1 if broken and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
