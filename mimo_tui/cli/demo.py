"""What `--demo` works on: the sample library, and the simulated platform in place of the real one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mimo_tui.core.secrets import safe
from mimo_tui.simulator.sample_library import build
from mimo_tui.simulator.standby import Standby

if TYPE_CHECKING:
    from mimo_tui.core.catalogue import Catalogue
    from mimo_tui.services import Services
    from mimo_tui.simulator.site.contents import Site

_TOKENS_PER_SECOND = 60.0
"""Slow enough to see an answer come."""


class NoDrift(LookupError):
    """No drift goes by that name; the sentence lists those that there are."""


def site_with(drift: Sequence[str] | None) -> "Site | None":
    """Give the pages of the simulated docs with this drift in them; None: as they are. Raises NoDrift."""
    if not drift:
        return None
    from mimo_tui.simulator.site.contents import shipped
    from mimo_tui.simulator.site.planted import ANSWERS, CONTRADICTIONS

    site = shipped()
    for name in drift:
        if name not in CONTRADICTIONS and name not in ANSWERS:
            names = ", ".join((*CONTRADICTIONS, *ANSWERS))
            raise NoDrift(f"There is no drift {safe(name)}. Say one of: {names}.")
        if name in CONTRADICTIONS:
            site = CONTRADICTIONS[name].change(site)
    return site


def catalogue_with(drift: Sequence[str] | None) -> "Catalogue | None":
    """Give what the simulated API goes by with this drift in it; None: as it is. Names of pages change nothing."""
    if not drift:
        return None
    from mimo_tui.core.catalogue import load
    from mimo_tui.simulator.site.planted import ANSWERS

    catalogue = load()
    for name in drift:
        if name in ANSWERS:
            catalogue = ANSWERS[name].change(catalogue)
    return catalogue


def planted(drift: Sequence[str] | None) -> Mapping[str, str]:
    """Give what is said otherwise with this drift, by the name of each."""
    if not drift:
        return {}
    from mimo_tui.simulator.site.planted import ANSWERS, CONTRADICTIONS

    says = {name: one.says for name, one in CONTRADICTIONS.items()}
    says |= {name: one.says for name, one in ANSWERS.items()}
    return {name: says[name] for name in drift}


def fetch_docs(services: "Services") -> None:
    """Fetch the simulated docs, in English."""
    import asyncio

    from mimo_tui.services.docs.updating import update

    async def fetch() -> None:
        try:
            async for _ in update(services):
                pass
        finally:
            await services.client.aclose()

    asyncio.run(fetch())


@contextmanager
def sample_home() -> Iterator[Path]:
    """Make a temporary home with the sample library in it, and remove it afterwards."""
    with TemporaryDirectory(prefix="mimo-tui-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        build(home)
        yield home


@contextmanager
def simulated_platform(
    at: datetime | None = None, site: "Site | None" = None, catalogue: "Catalogue | None" = None
) -> Iterator[Callable[[], str]]:
    """Give what tells the origin of a simulated platform, which is served from the first time it is asked for.

    `at` is its time at that moment (default: now), `site` its pages and `catalogue` what its API goes by (default:
    those that it has).
    """
    standby = Standby(tokens_per_second=_TOKENS_PER_SECOND, at=at, site=site, catalogue=catalogue)
    try:
        yield standby.origin
    finally:
        standby.close()
