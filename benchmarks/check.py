"""How long it takes to learn which cluster a key belongs to, against the simulated platform in another process.

    python benchmarks/check.py [--checks 200] [--json FILE] [--check]

A check is one `GET /models` to each of the three hosts of a plan's key, all at once, and the verdict. `first` opens
its connections and builds what TLS needs, as the first check after a start does; the others find them open. The
bare request beside it is one `GET /models` by httpx2 alone, on an open connection. Milliseconds.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx2
from terminal import ROOT, environment, spread

from mimo_tui.services import Services, make_services
from mimo_tui.services.keys.checking import check_key, family_of
from mimo_tui.services.keys.listing import list_keys
from mimo_tui.wire.http import Network

PROMISE_MS = 10_000.0
SLOT = "MIMO_1_API_KEY"
KEY = "tp-simulated-sgp-0003"


@contextmanager
def platform(home: Path) -> Iterator[str]:
    """Serve the simulated platform in a process of its own, and give its origin."""
    command = (sys.executable, "-m", "mimo_tui", "simulate", "--port", "0", "--json")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment(home), text=True
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1] != "}\n":
            lines.append(process.stdout.readline())
        try:
            yield str(json.loads("".join(lines))["origin"])
        finally:
            process.terminate()


async def checked(services: Services) -> float:
    """Give the seconds that one check takes."""
    slot = next(slot for slot in list_keys(services) if slot.name == SLOT)
    started = perf_counter()
    check = await check_key(services, slot, family_of(services, slot))
    seconds = perf_counter() - started
    if check.verdict.host is None or check.verdict.host.cluster != "sgp":
        raise SystemExit(f"the verdict is wrong: {check.verdict.title}")
    return seconds


async def warm(home: Path, origin: str, checks: int) -> list[float]:
    services = make_services(home, network=Network(simulated=lambda: origin))
    try:
        await checked(services)
        return [await checked(services) for _ in range(checks)]
    finally:
        await services.client.aclose()


async def cold(home: Path, origin: str) -> float:
    services = make_services(home, network=Network(simulated=lambda: origin))
    try:
        return await checked(services)
    finally:
        await services.client.aclose()


async def bare(origin: str, requests: int) -> list[float]:
    url = f"{origin}/token-plan-sgp.xiaomimimo.com/v1/models"
    seconds: list[float] = []
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, trust_env=False) as client:
        for _ in range(requests):
            started = perf_counter()
            (await client.get(url)).raise_for_status()
            seconds.append(perf_counter() - started)
    return seconds[1:]


def measure(checks: int) -> dict[str, dict[str, float]]:
    """Give each figure with its spread, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / ".lingtai-tui").mkdir()
        (home / ".lingtai-tui" / ".env").write_text(f"{SLOT}={KEY}\n", "utf-8")
        with platform(home) as origin:
            times = {
                "bare request": asyncio.run(bare(origin, checks)),
                "first check": [asyncio.run(cold(home, origin)) for _ in range(max(checks // 10, 3))],
                "check": asyncio.run(warm(home, origin, checks)),
            }
    return {name: spread([second * 1000 for second in seconds]) for name, seconds in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checks", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true", help="fail where a check takes longer than promised")
    arguments = parser.parse_args()
    figures = measure(arguments.checks)
    for name, values in figures.items():
        print(f"{name:<14}", "  ".join(f"{key} {value:8.1f}" for key, value in values.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), "utf-8")
    return int(arguments.check and figures["first check"]["p95"] > PROMISE_MS)


if __name__ == "__main__":
    raise SystemExit(main())
