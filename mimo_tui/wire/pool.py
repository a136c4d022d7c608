"""The pool of connections, one for each event loop, closed at the latest when its loop ends."""

import asyncio
import os
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mimo_tui import __version__
from mimo_tui.core.exchange import Failure
from mimo_tui.wire.failures import Broken, Failed
from mimo_tui.wire.names import look_up_apart

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class Connections:
    """The clients of a loop. `direct` uses no proxy: what is asked on this machine stays on it."""

    outside: "httpx2.AsyncClient"
    direct: "httpx2.AsyncClient"

    async def aclose(self) -> None:
        """Close every connection."""
        await self.outside.aclose()
        await self.direct.aclose()


class Pool:
    """Gives the connections of the running loop, made at first use in a thread: imports and trust are slow."""

    def __init__(self) -> None:
        self._owned: WeakKeyDictionary[asyncio.AbstractEventLoop, _Owned] = WeakKeyDictionary()

    async def connections(self) -> Connections:
        """Give the connections of the running loop. Raises Failed: the environment asks for
        a file of certificates or a proxy that cannot be used."""
        loop = asyncio.get_running_loop()
        owned = self._owned.get(loop)
        if owned is None:
            owned = self._owned[loop] = _Owned()
            look_up_apart(loop)
        async with owned.making:
            if owned.connections is None:
                made = await asyncio.to_thread(_make)
                owned.keeper = _keep(made)
                await anext(owned.keeper)
                owned.connections = made
        return owned.connections

    async def aclose(self) -> None:
        """Close every connection of the running loop."""
        owned = self._owned.pop(asyncio.get_running_loop(), None)
        if owned is not None and owned.keeper is not None:
            await owned.keeper.aclose()


class _Owned:
    def __init__(self) -> None:
        self.making = asyncio.Lock()
        self.connections: Connections | None = None
        self.keeper: AsyncGenerator[None, None] | None = None


async def _keep(connections: Connections) -> AsyncGenerator[None, None]:
    """Close the connections when this generator is closed, which `asyncio.run` does with all before it ends."""
    try:
        yield
    finally:
        await connections.aclose()


def _make() -> Connections:
    import importlib
    import logging
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx2

    # It would be imported at the first connection, in the event loop's own time.
    importlib.import_module("anyio._backends._asyncio")
    # They note addresses and what the other side says: either may hold a key.
    for library in ("httpx2", "httpcore2"):
        logging.getLogger(library).setLevel(logging.WARNING)
    trust = _trust()
    headers = {"User-Agent": f"mimo-tui/{__version__}"}

    def client(*, by_environment: bool) -> httpx2.AsyncClient:
        cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        return httpx2.AsyncClient(
            verify=trust, trust_env=by_environment, headers=headers, cookies=cookies, follow_redirects=False
        )

    try:
        outside = client(by_environment=True)
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        said = str(error).partition(".")[0]
        sentence = f"the proxy that the environment names (HTTPS_PROXY, ALL_PROXY) cannot be used: {said}"
        raise Failed(Broken(Failure.NOT_ALLOWED, sentence)) from None
    return Connections(outside, client(by_environment=False))


def _trust() -> ssl.SSLContext:
    """Give whom we trust: the system, or SSL_CERT_FILE or SSL_CERT_DIR instead."""
    import httpx2

    try:
        return httpx2.create_ssl_context()
    except (OSError, ValueError) as error:
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        sentence = (
            f"{name} names {os.environ.get(name, '')}, which holds no certificates that can be read: {said}"
        )
        raise Failed(Broken(Failure.TLS, sentence)) from None
