"""`mimo-tui speak` as it is started: into a pipe that another program reads, ended by ctrl+c, left by its reader."""

import asyncio
import io
import json
import os
import signal
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import soundfile

from mimo_tui.core.speech.waves import wave_header
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from tests.cli.test_chat_process import PROGRAM, then_nothing
from tests.wire.servers import Connection, Server, serving

WHOM = ("--preset", "unknown")
SAMPLES = bytes(range(256)) * 100


def piece(data: bytes) -> bytes:
    audio = {"id": "a", "data": b64encode(data).decode(), "expires_at": None, "transcript": None}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'audio': audio}}]})}\n\n".encode()


END = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@asynccontextmanager
async def speaking(
    server: Server, home: Path, *words: str, out: int = asyncio.subprocess.PIPE
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the command in a process of its own, as from a shell, and end it if the test has not."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-c",
            PROGRAM,
            server.url,
            "speak",
            "One boat.",
            *words,
            *WHOM,
            "--home",
            str(home),
        ),
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


def only_take(services: Services) -> Take:
    (take,) = services.takes.takes()
    return take


async def test_a_pipe_gets_the_sound_while_the_rest_is_still_spoken(services: Services) -> None:
    read = asyncio.Event()

    async def respond(connection: Connection) -> None:
        await connection.begin()
        # It ends in the middle of a sample.
        await connection.send(piece(SAMPLES[:10_001]))
        await read.wait()
        await connection.send(piece(SAMPLES[10_001:]) + END)
        connection.writer.close()

    async with serving(respond) as server, speaking(server, services.places.home, "-o", "-") as process:
        assert process.stdout is not None
        begun = await process.stdout.readexactly(44 + 10_000)
        read.set()
        rest, err = await process.communicate()
    assert process.returncode == 0, err
    assert (begun + rest)[44:] == SAMPLES
    assert soundfile.info(io.BytesIO(begun + rest)).frames == len(SAMPLES) // 2
    assert only_take(services).complete


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (piece(wave_header(len(SAMPLES) // 2, 24_000) + SAMPLES), "standard output cannot be MP3"),
        (
            b'data: {"choices": [{"index": 0, "delta": {"content": "No\\u001b[31m."}}]}\n\n',
            "It said: No␛[31m.",
        ),
    ],
)
async def test_what_is_not_what_was_asked_for_is_not_piped_and_it_is_said(
    services: Services, sent: bytes, says: str
) -> None:
    async def respond(connection: Connection) -> None:
        await connection.begin()
        await connection.send(sent + END)
        connection.writer.close()

    words = ("-o", "-", "--format", "mp3")
    async with serving(respond) as server, speaking(server, services.places.home, *words) as process:
        out, err = await process.communicate()
    assert (process.returncode, out, b"Traceback" in err) == (1, b"", False)
    assert says in err.decode()


async def test_ctrl_c_keeps_what_came_and_says_where(services: Services) -> None:
    async with (
        serving(then_nothing(piece(SAMPLES))) as server,
        speaking(server, services.places.home, "-o", "-") as process,
    ):
        assert process.stdout is not None
        await process.stdout.readexactly(44 + len(SAMPLES))
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        await asyncio.wait_for(server.ended.get(), 5)
    take = only_take(services)
    assert (process.returncode, out, take.stopped, take.complete) == (1, b"", True, False)
    assert f"What came of it is kept: {services.takes.path(take)}\n" in err.decode()
    assert err.decode().endswith("Stopped.\n")
    assert soundfile.info(services.takes.path(take)).frames == len(SAMPLES) // 2


async def test_the_request_ends_at_once_when_the_reader_of_the_pipe_leaves(services: Services) -> None:
    reader, writer = os.pipe()
    async with (
        serving(then_nothing(piece(SAMPLES))) as server,
        speaking(server, services.places.home, "-o", "-", out=writer) as process,
    ):
        os.close(writer)
        await server.asked.get()
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            assert (await asyncio.to_thread(pipe.read, 4)) == b"RIFF"
        _, err = await process.communicate()
        await asyncio.wait_for(server.ended.get(), 5)
    assert process.returncode == 1
    assert b"Traceback" not in err
    assert only_take(services).stopped
