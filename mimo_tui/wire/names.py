"""Names of hosts, looked up so that one that hangs holds up nobody."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TypeAlias

_Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
_Found: TypeAlias = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, _Address]]


def look_up_apart(loop: asyncio.AbstractEventLoop) -> None:
    """Make a loop look names up in threads that nobody waits for.

    A look-up cannot be cancelled, and a resolver may stay silent for minutes: the loop's own threads are waited for
    when it ends and when the program does, long after the person was told that no answer came.
    """

    async def look_up(
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 the loop's own name for it
        proto: int = 0,
        flags: int = 0,
    ) -> _Found:
        found: asyncio.Future[_Found] = loop.create_future()

        def tell(how: Callable[[], None]) -> None:
            if not found.done():  # cancelled
                how()

        def ask() -> None:
            try:
                answer: _Found = [*socket.getaddrinfo(host, port, family, type, proto, flags)]
            except (OSError, ValueError, OverflowError) as error:
                how: Callable[[], None] = partial(found.set_exception, error)
            else:
                how = partial(found.set_result, answer)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell, how)

        Thread(target=ask, name="look-up", daemon=True).start()
        return await found

    loop.getaddrinfo = look_up  # type: ignore[assignment,method-assign]
