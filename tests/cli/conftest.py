"""What the tests of the commands share: a home with the sample library, and commands run in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from mimo_tui import services
from mimo_tui.cli.commands import run
from mimo_tui.core.json_text import Json
from mimo_tui.simulator.sample_library import build
from mimo_tui.wire.http import Network
from tests.cli.schemas import Schema, validate
from tests.conftest import NOW


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    def document(self, schema: Schema) -> dict[str, Json]:
        """Give the one JSON document on standard output, which must be of the schema."""
        found: Json = json.loads(self.out)
        validate(found, schema)
        assert isinstance(found, dict)
        return found


class Command(Protocol):
    """Runs a command over the library of the test."""

    def __call__(self, *arguments: str) -> Answer: ...


@pytest.fixture
def library(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample library's `presets` folder, without the developer's own keys in the environment."""
    for name in ("XIAOMI_API_KEY", "MIMO_API_KEY", "MIMO_1_API_KEY", "MIMO_9_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return build(home) / "presets"


@pytest.fixture
def mimo(
    library: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Run a command in this process, over the sample library, on the day of `NOW`: models retire."""
    make = services.make_services

    def on_that_day(
        home: Path | None = None,
        *,
        simulated: bool = False,
        network: Network | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> services.Services:
        return replace(make(home, simulated=simulated, network=network), now=lambda: NOW)

    monkeypatch.setattr(services, "make_services", on_that_day)

    def command(*arguments: str) -> Answer:
        capsys.readouterr()
        try:
            code = run([*arguments, "--home", str(home)])
        except SystemExit as ended:  # argparse ends the program itself
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return command


@pytest.fixture
def asks(mimo: Command, network: Network, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command whose questions the simulated platform answers."""
    make = services.make_services
    simulated_network = network

    def to_the_platform(
        home: Path | None = None,
        *,
        simulated: bool = False,
        network: Network | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> services.Services:
        offline = network is not None and network.offline
        return make(home, simulated=simulated, network=network if offline else simulated_network)

    monkeypatch.setattr(services, "make_services", to_the_platform)
    return mimo


@pytest.fixture
def look(home: Path) -> Callable[[], dict[str, tuple[int, int, bytes]]]:
    """Give the inode, mtime and bytes of every file below the home but our own state folder."""

    def seen() -> dict[str, tuple[int, int, bytes]]:
        state = home / ".local"
        files = (path for path in home.rglob("*") if state not in path.parents and path != state)
        return {
            str(path.relative_to(home)): (
                path.lstat().st_ino,
                path.lstat().st_mtime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in files
        }

    return seen
