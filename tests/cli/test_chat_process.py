"""`mimo-tui chat` as it is started: into a pipe, ended by ctrl+c, left by its reader, and on a terminal."""

import asyncio
import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mimo_tui.cli.chat_output import Teller
from mimo_tui.core.conversation import Turn
from mimo_tui.services import Services
from mimo_tui.services.playground.events import Grew
from mimo_tui.services.presets.listing import find, list_presets
from tests.cli.test_keys import on_a_terminal
from tests.wire.servers import Connection, Handler, Server, serving

PROGRAM = """
import sys
from mimo_tui.cli import commands
from mimo_tui.wire.network import Network
origin = sys.argv.pop(1)
commands._network = lambda parsed, platform: Network(simulated=lambda: origin)
sys.exit(commands.run(sys.argv[1:]))
"""
WHOM = ("--preset", "mimo-pro", "-m", "mimo-v2.6-pro")


def chunk(**delta: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta}]})}\n\n".encode()


END = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@asynccontextmanager
async def chatting(
    server: Server, home: Path, *words: str, out: int = asyncio.subprocess.PIPE
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command in a process of its own, as from a shell, and end it if the test has not."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, server.url, "chat", *words, *WHOM, "--home", str(home)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def then_nothing(*chunks: bytes) -> Handler:
    """Answer with these chunks, and say nothing more."""

    async def respond(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(chunks))
        await connection.hang()

    return respond


async def line_of(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


def kept(services: Services) -> Turn:
    (record,) = services.sessions.records()
    return services.sessions.load(record.id).turns[2]


async def test_a_pipe_gets_each_line_while_the_rest_is_still_written(services: Services) -> None:
    read = asyncio.Event()

    async def respond(connection: Connection) -> None:
        await connection.begin()
        await connection.send(chunk(content="one\n two"))
        await read.wait()
        await connection.send(chunk(content=" three") + END)
        connection.writer.close()

    async with serving(respond) as server, chatting(server, services.places.home, "hi") as process:
        assert await line_of(process) == b"one\n"
        read.set()
        out, err = await process.communicate()
    assert (process.returncode, out) == (0, b" two three\n")
    assert err.startswith(b"SIMULATED")
    assert kept(services).text == "one\n two three"


async def test_ctrl_c_ends_the_line_says_so_and_keeps_what_came(services: Services) -> None:
    async with (
        serving(then_nothing(chunk(content="one\ntwo words "))) as server,
        chatting(server, services.places.home, "hi") as process,
    ):
        assert await line_of(process) == b"one\n"
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        await asyncio.wait_for(server.ended.get(), 5)
    assert (process.returncode, out) == (1, b"two words \n")
    assert err.decode().splitlines()[-1] == "Stopped."
    assert "Traceback" not in err.decode()
    turn = kept(services)
    assert turn.text == "one\ntwo words "
    assert turn.answer is not None
    assert turn.answer.stopped


async def test_ctrl_c_leaves_one_whole_document(services: Services) -> None:
    async with (
        serving(then_nothing(chunk(content="one "))) as server,
        chatting(server, services.places.home, "hi", "--json") as process,
    ):
        await server.asked.get()
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    document = json.loads(out)
    assert (process.returncode, document["stopped"], document["complete"]) == (1, True, False)
    assert err.decode().endswith("Stopped.\n")


@pytest.mark.parametrize(
    "words", [(), *(pytest.param((form,), marks=pytest.mark.long) for form in ("--json", "--raw"))]
)
async def test_the_request_ends_at_once_when_the_reader_of_the_pipe_leaves(
    services: Services, words: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    async with (
        serving(then_nothing(chunk(reasoning_content="I think "))) as server,
        chatting(server, services.places.home, "hi", *words, out=writer) as process,
    ):
        os.close(writer)
        await server.asked.get()
        os.close(reader)
        _, err = await process.communicate()
        await asyncio.wait_for(server.ended.get(), 5)
    assert (process.returncode, err) == (1, b"")
    assert kept(services).answer is not None


async def test_head_gets_its_line_and_the_rest_is_not_written(services: Services) -> None:
    async def respond(connection: Connection) -> None:
        await connection.begin()
        try:
            while True:
                await connection.send(chunk(content="a line\n") * 100)
                await asyncio.sleep(0)
        except ConnectionError:
            connection.writer.close()

    reader, writer = os.pipe()
    async with (
        serving(respond) as server,
        chatting(server, services.places.home, "hi", out=writer) as process,
    ):
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            assert await asyncio.to_thread(pipe.read, 7) == b"a line\n"
        _, err = await process.communicate()
    assert (process.returncode, err) == (1, b"")
    assert kept(services).text.startswith("a line\na line\n")


def test_on_a_terminal_one_prompt_follows_the_other_until_ctrl_d() -> None:
    words = ("--demo", "chat", "-q", *WHOM)
    typed = ("say exactly one\n", "\n", "say exactly two\n", "\x04")
    code, text = on_a_terminal(words, [("> ", each) for each in typed])
    assert code == 0
    # What is gone on with is shown in between, and wiped away.
    lines = [line.rpartition("\r")[2] for line in text.split("\n")]
    assert [line for line in lines if line in ("one", "two")] == ["one", "two"]
    assert text.count("SIMULATED") == 1


def test_on_a_terminal_it_says_first_whom_one_talks_with() -> None:
    code, text = on_a_terminal(("--demo", "chat", *WHOM), [("> ", "\x04")])
    assert code == 0
    first = text.split("\n", maxsplit=1)[0]
    assert first.startswith("SIMULATED: ")
    for part in (WHOM[-1], "saved/", "api.xiaomimimo.com", "ctrl+d"):
        assert part in first


def test_what_the_model_thinks_meanwhile_wipes_no_line_away_that_is_being_written(
    services: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    teller = Teller(Namespace(reasoning=False, json=False, raw=False), find(list_presets(services), WHOM[1]))
    for event in (Grew(2, reasoning="Let me"), Grew(2, text="Nothing in "), Grew(2, "these lines", " see.")):
        teller.tell(event)
    teller.close()
    told = capsys.readouterr()
    assert told.out == "Nothing in these lines\n"
    assert told.err.count("thinks …") == 1
