"""All hosts there are, on loopback: a client believes that it talks to them over https."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.wire.servers import CERTIFICATES, Connection, Handler, Server, proxying, serving

_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")


@dataclass
class World:
    """All hosts, reached by a proxy. `answers` tells what one answers, by its name; else an empty list of models."""

    server: Server
    proxy: Server
    answers: dict[str, Handler] = field(default_factory=dict)


def forget_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the proxies and certificates of the developer."""
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@asynccontextmanager
async def whole_world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Let every host name lead to one server on loopback, over TLS that a new client trusts."""
    forget_environment(monkeypatch)
    answers: dict[str, Handler] = {}

    async def answer(connection: Connection) -> None:
        handler = answers.get(connection.request.host)
        if handler is None:
            await connection.answer(200, b'{"data": []}')
        else:
            await handler(connection)

    async with serving(answer, tls=True) as server, proxying(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
        yield World(server, proxy, answers)
