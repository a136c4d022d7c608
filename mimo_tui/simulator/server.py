"""Serves the simulated platform on loopback, in a thread of its own."""

import asyncio
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from mimo_tui.simulator.app import application
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.playing import CONNECTION

LOOPBACK = "127.0.0.1"
_TURNS = 5
_LINGER = "hh" if os.name == "nt" else "ii"


class CannotServe(OSError):
    """The port is taken, or no server could be opened at all; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Served:
    """A platform that is being served. `origin` is such as `http://127.0.0.1:4711`."""

    origin: str
    platform: Platform


@contextmanager
def serve(platform: Platform | None = None, *, port: int = 0) -> Iterator[Served]:
    """Serve a platform (default: a new one) while the block runs; `port` 0 is any that is free.

    It is ready when this returns, and gone when the block ends: open connections break. Raises CannotServe.
    """
    platform = platform or Platform()
    listening = _listen(port)
    server = _Server(application(platform))
    thread = Thread(target=server.run_on, args=(listening,), name="simulated platform", daemon=True)
    thread.start()
    try:
        server.ready.wait()
        if server.failure is not None:
            raise CannotServe(f"The simulated platform did not start: {server.failure}") from server.failure
        yield Served(f"http://{LOOPBACK}:{listening.getsockname()[1]}", platform)
    finally:
        server.stop()
        thread.join()
        listening.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which stops at once and says nothing."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                # What goes wrong in a request is in its answer; words on a broken connection would tear the screen.
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=60,
            )
        )
        self.ready = Event()
        self.failure: BaseException | None = None
        self._leave: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run_on(self, listening: socket.socket) -> None:
        """Serve on a socket until `stop`."""
        try:
            asyncio.run(self.serve(sockets=[listening]))
        except BaseException as error:  # noqa: BLE001 told to who waits for it
            self.failure = error
        finally:
            self.ready.set()

    def stop(self) -> None:
        """Make it end, from another thread."""
        if self._loop is not None and self._leave is not None:
            try:
                self._loop.call_soon_threadsafe(self._leave.set)
            except RuntimeError:  # it has ended by itself
                return

    async def main_loop(self) -> None:
        self._leave, self._loop = asyncio.Event(), asyncio.get_running_loop()
        self.ready.set()
        await self._leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # asyncio loses a connection that was taken, but not made, when its server closes: so first none is taken.
        loop = asyncio.get_running_loop()
        for listening in sockets or []:
            with suppress(NotImplementedError):  # Windows has no readers, and takes connections another way
                loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        # A connection that was just taken becomes known, and one that broke is let go, some turns of the loop later.
        for _ in range(_TURNS):
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()


class _Protocol(H11Protocol):
    """HTTP/1.1 with a handle on the connection in each scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Head and body are two writes: without this the second waits 40 ms for the client's receipt of the first.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app = partial(_with_connection, self.app, _Handle(transport))


async def _with_connection(
    app: ASGIApp, connection: "_Handle", scope: Scope, receive: Receive, send: Send
) -> None:
    await app({**scope, CONNECTION: connection}, receive, send)


@dataclass(frozen=True, slots=True)
class _Handle:
    """A connection that can be broken."""

    transport: asyncio.Transport

    def end(self) -> None:
        self.transport.close()

    def reset(self) -> None:
        # Lingering for no time makes the system send a reset in place of an orderly end.
        peer = self.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(_LINGER, 1, 0))
        self.transport.abort()


def _listen(port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise CannotServe(f"There is no port {port}: the highest is 65535")
    try:
        return socket.create_server((LOOPBACK, port), backlog=256)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotServe(f"Port {port} of this machine cannot be opened: {reason}") from error
