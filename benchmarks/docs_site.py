"""A documentation of 2 MB: the pages of the simulated site, each longer, served by a process of its own.

python benchmarks/docs_site.py CHARACTERS    serves it and prints its origin, until its input ends
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from terminal import ROOT, environment

from mimo_tui.services import make_services
from mimo_tui.services.docs.updating import update
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.simulator.site.page import LOCALES
from mimo_tui.wire.http import Network

SIZE: Final = 2_000_000


def big_site(characters: int) -> Site:
    """Give the site with pages as much longer as it takes to have that many characters in all."""
    site = shipped()
    times = max(round(characters / sum(len(page.text) for page in site.pages.values())), 1)
    pages = {key: replace(page, text=f"{page.text}\n\n" * times) for key, page in site.pages.items()}
    return replace(site, pages=MappingProxyType(pages))


@contextmanager
def served(home: Path, characters: int = SIZE) -> Iterator[str]:
    """Serve the site in a process of its own, and give its origin."""
    command = (sys.executable, str(Path(__file__)), str(characters))
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(home),
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def fetch_all(home: Path, origin: str) -> int:
    """Fetch everything, in each language, into the cache below `home`, and give how many characters that was."""

    async def fetch() -> int:
        services = make_services(home, network=Network(simulated=lambda: origin))
        try:
            for locale in LOCALES:
                async for _ in update(services, locale=locale):
                    pass
            return services.docs.state().size
        finally:
            await services.client.aclose()

    return asyncio.run(fetch())


if __name__ == "__main__":
    with serve(Platform(site=big_site(int(sys.argv[1])))) as running:
        print(running.origin, flush=True)
        sys.stdin.read()
