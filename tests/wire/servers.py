"""Servers on loopback that answer as a test tells them to, byte by byte, and note what they were asked."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import TypeAlias

CERTIFICATES = Path(__file__).with_name("certificates")


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        return self.headers.get("host", "").partition(":")[0]


@dataclass
class Connection:
    """One connection of a server: what its handler answers with."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    request: Received
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """Send a whole answer; `content_type` names the header Content-Type."""
        named = {"content-type": "application/json", "content-length": str(len(body))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        await self.send(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + body)

    async def begin(self, content_type: str = "text/event-stream", status: int = 200) -> None:
        """Begin an answer that ends with its connection."""
        await self.send(
            f"HTTP/1.1 {status} Said\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n".encode()
        )

    async def hang(self) -> None:
        """Say nothing more until the other side leaves."""
        with suppress(ConnectionError):
            while await self.reader.read(1024):
                pass

    def reset(self) -> None:
        """Break the connection without an orderly end."""
        peer = self.writer.get_extra_info("socket")
        peer.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler: TypeAlias = Callable[[Connection], Awaitable[None]]


@dataclass
class Server:
    """A running server."""

    port: int
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    ended: asyncio.Queue[float] = field(default_factory=asyncio.Queue)
    """The moments, by the loop's clock, at which the other side was seen to have left."""

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"

    @property
    def keys(self) -> list[str]:
        """The Authorization headers that came."""
        return [one.headers["authorization"] for one in self.requests if "authorization" in one.headers]


@asynccontextmanager
async def serving(handler: Handler, *, tls: bool = False) -> AsyncIterator[Server]:
    """Serve on loopback; `handler` is called for each request of a connection."""
    server = Server(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing() and (received := await _read(reader)) is not None:
            server.requests.append(received)
            server.asked.put_nowait(received)
            await handler(Connection(reader, writer, received))

    async with _opened(server, serve, _context() if tls else None):
        yield server


@asynccontextmanager
async def listening(says: bytes = b"") -> AsyncIterator[Server]:
    """Take connections and understand nothing: what comes first is answered with `says`, and then nothing."""
    server = Server(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.asked.put_nowait(Received("", "", {}, await reader.read(65536)))
        writer.write(says)
        while await reader.read(65536):
            pass

    async with _opened(server, serve):
        yield server


@asynccontextmanager
async def _opened(
    server: Server,
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[None]:
    running: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        server.connections += 1
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            server.ended.put_nowait(asyncio.get_running_loop().time())
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            running.discard(task)

    opened = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    server.port = opened.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        opened.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def seconds_to_leave(task: "asyncio.Task[object]", server: Server) -> float:
    """Cancel a task that asks the server, and give how long the server saw it stay."""
    cancelled = asyncio.get_running_loop().time()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    return await asyncio.wait_for(server.ended.get(), 2) - cancelled


@asynccontextmanager
async def proxying(port: int) -> AsyncIterator[Server]:
    """Serve a proxy that connects every name to one port of this machine, and notes the names."""

    async def connect(connection: Connection) -> None:
        assert connection.request.method == "CONNECT"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await connection.send(b"HTTP/1.1 200 Connected\r\n\r\n")
        try:
            await asyncio.gather(_pipe(connection.reader, writer), _pipe(reader, connection.writer))
        finally:
            writer.close()
            connection.writer.close()

    async with serving(connect) as server:
        yield server


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _read(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, body)


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return context
