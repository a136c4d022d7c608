"""Promise 20: reading, listing, searching and comparing the documentation that is here opens no socket."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import contextlib, io, sys
from datetime import timedelta
from pathlib import Path

calls = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        calls.append((event, arguments[1:]))
sys.addaudithook(watch)

from mimo_tui.cli.commands import run
from mimo_tui.core.text import clean
from mimo_tui.services import make_services
from mimo_tui.services.docs import reading
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.store.docs_cache import Fetched
from tests.conftest import NOW
from tests.kept_docs import keep

home, model = Path(sys.argv[1]), "quick-start/summary/model"
services = make_services(home)
keep(services.docs, shipped(), NOW, only=[model] if "--prove" in sys.argv else ())
services.docs.put_pages([Fetched(model, "en-US", clean("Models"), clean("u"), "# Models")], NOW + timedelta(days=1))

if "--prove" in sys.argv:
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        run(["docs", "update", "--home", str(home)])
    sys.exit(print(0, len(calls)))

done = 0
for call in (
    lambda: reading.contents(services),
    lambda: reading.show_all(services),
    lambda: reading.search(services, "token plan"),
    lambda: reading.difference(services, model),
    lambda: reading.changed_since(services),
    *(lambda page=page: reading.show(services, page.path) for page in services.docs.pages()),
):
    assert call()
    done += 1
for words in (
    ["list"], ["show", "prices"], ["show", "models", "--raw"], ["search", "token"], ["search", "n"], ["diff"],
    ["diff", "models"], ["history", "models"], ["list", "--lang", "zh-CN"],
):
    for options in ([], ["--json"]):
        with contextlib.redirect_stdout(io.StringIO()):
            assert run(["docs", *words, *options, "--home", str(home)]) == 0
        done += 1
with contextlib.redirect_stderr(io.StringIO()):
    assert run(["docs", "update", "--offline", "--home", str(home)]) == 1
print(done, len(calls))
"""


def run(home: Path, *options: str) -> str:
    """Run the program in a process of its own and give what it noted at its end."""
    # Where the watch is to see something, nothing may leave this machine: a proxy that nobody runs.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), *options],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_reading_listing_searching_and_comparing_docs_open_no_socket(
    tmp_path: Path, reached: Callable[[str, str], None]
) -> None:
    done, opened = run(tmp_path).split()
    assert (int(done) > 80, opened) == (True, "0")
    reached("20", f"docs that are here: {done} pages, searches, diffs and commands: 0 sockets connected")


def test_the_watch_would_see_an_update(tmp_path: Path) -> None:
    assert int(run(tmp_path, "--prove").split()[1]) > 0
