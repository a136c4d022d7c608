"""Stands between another program and the platform, and keeps what both send, byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mimo_tui.core.json_text import Json
from tests.wire.servers import Connection, Server, serving


@dataclass(frozen=True)
class Exchanged:
    """A request as another program sent it, and the whole answer, its head included."""

    path: str
    body: dict[str, Json]
    answer: bytes


@dataclass
class Recorder:
    """What went through, in order, and where other programs ask."""

    origin: str
    exchanged: list[Exchanged] = field(default_factory=list)


@asynccontextmanager
async def recording(origin: str) -> AsyncIterator[Recorder]:
    """Pass on all that is asked to the platform at `origin`."""
    recorder, platform = Recorder(""), urlsplit(origin)

    async def pass_on(connection: Connection) -> None:
        asked = connection.request
        reader, writer = await asyncio.open_connection(platform.hostname, platform.port)
        # An answer to HTTP/1.0 comes without chunks, so that its bytes are those of the body.
        lines = [f"{asked.method} {asked.path} HTTP/1.0"]
        lines += [f"{name}: {value}" for name, value in asked.headers.items() if name != "connection"]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + asked.body)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        recorder.exchanged.append(Exchanged(asked.path, json.loads(asked.body), answer))
        await connection.send(answer)
        connection.writer.close()

    async with serving(pass_on) as server:
        recorder.origin = server.url
        yield recorder


@asynccontextmanager
async def replaying(answer: bytes) -> AsyncIterator[Server]:
    """Answer with the very same bytes, whatever is asked."""

    async def say(connection: Connection) -> None:
        await connection.send(answer)
        connection.writer.close()

    async with serving(say) as server:
        yield server
