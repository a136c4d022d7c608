"""How long a letter takes to paint in the search of the docs, over 2 MB, in a pseudo terminal of 120×40.

    python benchmarks/docs_search.py [--rounds 3] [--json FILE] [--check]

Two times for each letter, in milliseconds: to the first bytes painted, which is the letter itself, and to the last
that changed the text, which are the hits. Beside them the bare app's answer to a key, and the search alone.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

from docs_site import fetch_all, served
from terminal import BARE_APP, BARE_MARKER, ProgramFailedError, Terminal, environment, spread

from mimo_tui.store.docs_cache import DocsCache
from mimo_tui.store.places import places

PROMISE_MS = 30.0
WORDS: Final = ("thinking", "rate limit", "max_completion_tokens", "模型")
BACKSPACE = "\x7f"
HELD = "hits painted"


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Give each figure with its spread, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / ".lingtai-tui").mkdir()
        with served(home) as origin:
            size = fetch_all(home, origin)
        print(f"{size / 1e6:.2f} MB of text are here")
        cache = DocsCache(places(home).docs)
        alone = [_search(cache, word[:end]) for word in WORDS for end in range(1, len(word) + 1)]
        with Terminal(BARE_APP, environment(home)) as terminal:
            terminal.wait_for(BARE_MARKER)
            terminal.settle()
            bare = [terminal.press("x")[0] for _ in range(30)]
        program = (sys.executable, "-m", "mimo_tui", "--home", folder)
        with Terminal(program, environment(home)) as terminal:
            terminal.wait_for("Presets")
            terminal.settle()
            terminal.press("3")
            terminal.wait_for("to search all pages")
            terminal.settle()
            terminal.press("/")
            terminal.settle()
            letters = [pair for _ in range(rounds) for word in WORDS for pair in _typed(terminal, word)]
    times = {
        "search alone": alone,
        "bare app, key to paint": bare,
        "letter painted": [first for first, _ in letters],
        HELD: [last for _, last in letters],
    }
    return {name: spread([second * 1000 for second in seconds]) for name, seconds in times.items()}


def _search(cache: DocsCache, words: str) -> float:
    started = perf_counter()
    cache.search(words)
    return perf_counter() - started


def _typed(terminal: Terminal, word: str) -> list[tuple[float, float]]:
    letters = [terminal.press(letter, quiet=0.15) for letter in word]
    if terminal.text.lower().count(word.lower()) < 2:  # in the field, and in what was found
        raise ProgramFailedError(f"{word!r} was not found; the screen shows:\n{terminal.text}")
    for _ in word:
        terminal.press(BACKSPACE)
    return letters


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--check", action="store_true", help=f"exit 1 if the 95 %% is over {PROMISE_MS:.0f} ms"
    )
    options = parser.parse_args()
    try:
        figures = measure(options.rounds)
    except ProgramFailedError as error:
        print(error, file=sys.stderr)
        return 2
    for name, values in figures.items():
        print(f"{name:28}", "  ".join(f"{key} {value:8.1f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    over = figures[HELD]["p95"] > PROMISE_MS
    if over:
        print(f"over the promise: {HELD}, 95 % within {figures[HELD]['p95']} ms, promised {PROMISE_MS}")
    return 1 if over and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
