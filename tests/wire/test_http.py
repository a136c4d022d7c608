"""The client against real servers: answers, failures, time-outs, retries, redirects, proxies and trust."""

import asyncio
import base64
import gzip
import json
import logging
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import h11
import pytest
from rich.console import Console
from rich.traceback import Traceback

from mimo_tui import __version__
from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.exchange import BODY_SHOWN, Failure
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client, Limits, Network, Request
from tests.wire.servers import CERTIFICATES, Connection, Handler, Server, listening, seconds_to_leave, serving
from tests.wire.world import World

KEY = Secret("sk-not-a-real-key-0123456789")
QUICK = Limits(connect=2.0, first_byte=0.2, silence=0.2, whole=2.0, tries=1)


def asked(server: Server, path: str = "/v1/models", **changes: str) -> Request:
    return replace(Request(f"{server.url}{path}", key=KEY, named=server.place), **changes)  # type: ignore[arg-type]


def saying(*answers: tuple[int, bytes]) -> Handler:
    """Give a handler with these answers one after the other; the last one stays."""
    left = list(answers)

    async def answer(connection: Connection) -> None:
        await connection.answer(*(left.pop(0) if len(left) > 1 else left[0]))

    return answer


async def test_an_answer_is_kept_as_evidence_with_its_bytes(client: Client) -> None:
    async with serving(saying((200, '{"data": ["é"]}'.encode()))) as server:
        reply = await client.fetch(asked(server))
    exchange = reply.exchange
    assert (exchange.status, exchange.failure, exchange.attempts) == (200, None, 1)
    assert exchange.body == '{"data": ["é"]}' == reply.data.decode()
    assert exchange.content_type == "application/json"
    assert (exchange.method, exchange.host, exchange.simulated) == ("GET", "127.0.0.1", False)
    assert 0 < exchange.seconds < 5


async def test_a_key_goes_as_bearer_alone_with_our_name_and_no_cookie(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"{}", set_cookie="track=1; Path=/")

    async with serving(answer) as server:
        for _ in range(2):
            await client.fetch(asked(server))
    assert server.keys == [f"Bearer {KEY.reveal()}"] * 2
    for received in server.requests:
        assert received.headers["user-agent"] == f"mimo-tui/{__version__}"
        assert received.headers["accept"] == "application/json"
        assert not {"cookie", "api-key", "x-api-key"} & set(received.headers)


async def test_a_connection_is_kept_for_the_next_request(client: Client) -> None:
    async with serving(saying((200, b"{}"))) as server:
        for _ in range(5):
            await client.fetch(asked(server))
    assert (len(server.requests), server.connections) == (5, 1)


async def test_a_body_is_sent_as_json_and_a_long_one_whole(client: Client) -> None:
    async with serving(saying((200, b"{}"))) as server:
        for document in ({"model": "冰糖", "n": None}, {"image": "x" * 3_000_000}):
            await client.fetch(replace(asked(server), method="POST", json=document))
            received = server.requests[-1]
            assert json.loads(received.body) == document
            assert received.headers["content-type"] == "application/json"
            assert "transfer-encoding" not in received.headers


@pytest.mark.parametrize("form", ["plain", "escaped", "base64", "url"])
async def test_a_key_that_comes_back_is_not_in_the_evidence(client: Client, form: str) -> None:
    value = 'odd"key\\9f8e7d6c'
    echoed = {
        "plain": json.dumps(value),
        "escaped": '"' + "".join(f"\\u{ord(character):04x}" for character in value) + '"',
        "base64": json.dumps(base64.b64encode(value.encode()).decode()),
        "url": json.dumps(quote(value, safe="")),
    }[form]

    async def answer(connection: Connection) -> None:
        body = f'{{"error": {{"code": "401", "message": {echoed}}}}}'
        await connection.answer(
            401, body.encode(), content_type=f"text/{value}", location=f"https://example.com/?q={value}"
        )

    async with serving(answer) as server:
        reply = await client.fetch(replace(asked(server), key=Secret(value)))
    exchange = reply.exchange
    assert exchange.error is not None
    shown = [
        repr(reply),
        exchange.body,
        *map(str, (exchange.error.message, exchange.content_type, exchange.location)),
    ]
    for form_of_key in (value, "9f8e7d6c", json.loads(echoed)):
        assert not any(form_of_key in text for text in shown)


async def test_a_long_body_is_shown_short_and_clean_and_no_key_is_cut_in_two(client: Client) -> None:
    body = (b"\x1b[2J\n" + KEY.reveal().encode()) * 2000
    async with serving(saying((200, body))) as server:
        reply = await client.fetch(asked(server))
    assert len(reply.exchange.body) <= BODY_SHOWN
    assert "\x1b" not in reply.exchange.body
    assert KEY.reveal()[:10] not in reply.exchange.body
    assert reply.data == body


async def refused(client: Client) -> Request:
    async with serving(saying((200, b""))) as server:
        return asked(server)


async def test_nobody_listening_is_a_refusal(client: Client) -> None:
    exchange = (await client.fetch(await refused(client), QUICK)).exchange
    assert (exchange.status, exchange.failure, exchange.reason) == (
        None,
        Failure.REFUSED,
        "connection refused",
    )


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a..b.invalid", f"{'a' * 80}.invalid"])
async def test_a_name_that_leads_nowhere_is_told_by_the_system(client: Client, name: str) -> None:
    exchange = (await client.fetch(Request(f"https://{name}/"), QUICK)).exchange
    assert exchange.failure in (Failure.DNS, Failure.TIME_OUT)
    assert exchange.reason


async def reset(connection: Connection) -> None:
    connection.reset()


async def hang_up(connection: Connection) -> None:
    connection.writer.close()


async def garbage(connection: Connection) -> None:
    await connection.send(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    connection.writer.close()


async def hang(connection: Connection) -> None:
    await connection.hang()


async def stop_in_the_middle(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}")
    await connection.hang()


async def cut(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}")
    connection.writer.close()


async def cut_and_reset(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}")
    await asyncio.sleep(0.05)
    connection.reset()


async def broken_gzip(connection: Connection) -> None:
    await connection.answer(200, b"no gzip at all", content_encoding="gzip")


@pytest.mark.parametrize(
    ("handler", "status", "failure", "words"),
    [
        (reset, None, Failure.RESET, "reset"),
        (hang_up, None, Failure.RESET, "disconnected"),
        (garbage, None, Failure.GARBLED, "illegal"),
        (hang, None, Failure.TIME_OUT, "no answer within 0.2 s"),
        (stop_in_the_middle, 200, Failure.TIME_OUT, "silent for 0.2 s"),
        (cut, 200, Failure.RESET, "closed connection"),
        (cut_and_reset, 200, Failure.RESET, ""),
        (broken_gzip, 200, Failure.GARBLED, "header"),
    ],
)
async def test_each_way_to_break_off_has_its_name(
    client: Client, handler: Handler, status: int | None, failure: Failure, words: str
) -> None:
    async with serving(handler) as server:
        reply = await client.fetch(asked(server), QUICK)
    exchange = reply.exchange
    assert (exchange.status, exchange.failure) == (status, failure)
    assert words in exchange.reason.lower()
    assert reply.data == (b"{}" if status == 200 and handler is not broken_gzip else b"")


async def test_a_server_that_drips_is_stopped_when_the_whole_time_is_over(client: Client) -> None:
    async def drip(connection: Connection) -> None:
        await connection.begin("application/json")
        while not connection.writer.is_closing():
            await connection.send(b" ")
            await asyncio.sleep(0.02)

    async with serving(drip) as server:
        exchange = (await client.fetch(asked(server), replace(QUICK, whole=0.3))).exchange
    assert (exchange.failure, exchange.reason) == (Failure.TIME_OUT, "not finished within 0.3 s")
    assert exchange.seconds < 1


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_that_is_too_long_is_left(client: Client, packed: bool) -> None:
    body = b"a" * 30_000_000
    headers = {"content_encoding": "gzip"} if packed else {}

    async def answer(connection: Connection) -> None:
        await connection.answer(200, gzip.compress(body, 1) if packed else body, **headers)

    async with serving(answer) as server:
        reply = await client.fetch(asked(server), Limits(size=100_000))
    assert (reply.exchange.status, reply.exchange.failure) == (200, Failure.TOO_LONG)
    assert reply.exchange.reason == "the answer is longer than 100,000 bytes"
    assert len(reply.data) <= 100_000


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_a_busy_server_is_asked_again_with_growing_pauses(
    client: Client, pauses: list[float], status: int
) -> None:
    async with serving(saying((status, b"{}"), (status, b"{}"), (200, b'"well"'))) as server:
        request = replace(asked(server), method="POST", json={})
        reply = await client.fetch(request, Limits(tries=3))
    assert (reply.exchange.status, reply.exchange.attempts, reply.data) == (200, 3, b'"well"')
    first, second = pauses
    assert 0.375 <= first <= 0.625
    assert 0.75 <= second <= 1.25


async def test_the_last_answer_of_a_server_that_stays_busy_is_the_evidence(client: Client) -> None:
    body = b'{"error": {"code": "503", "message": "Service overloaded"}}'
    async with serving(saying((503, body))) as server:
        exchange = (await client.fetch(asked(server), Limits(tries=3))).exchange
    assert (exchange.status, exchange.attempts, len(server.requests)) == (503, 3, 3)
    assert exchange.error is not None
    assert exchange.error.message == "Service overloaded"


async def test_no_pause_goes_beyond_the_whole_time(client: Client, pauses: list[float]) -> None:
    async with serving(saying((503, b"{}"))) as server:
        exchange = (await client.fetch(asked(server), Limits(tries=9, whole=0.3))).exchange
    assert (exchange.status, exchange.attempts, pauses) == (503, 1, [])


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 421])
async def test_a_refusal_is_not_asked_again(client: Client, pauses: list[float], status: int) -> None:
    async with serving(saying((status, b"{}"))) as server:
        exchange = (await client.fetch(asked(server), Limits(tries=3))).exchange
    assert (exchange.status, exchange.attempts, pauses) == (status, 1, [])


@pytest.mark.parametrize("status", [408, 429])
async def test_a_check_takes_even_a_limit_as_its_answer(client: Client, status: int) -> None:
    async with serving(saying((status, b"{}"))) as server:
        exchange = (await client.fetch(asked(server), CHECK)).exchange
    assert (exchange.status, exchange.attempts) == (status, 1)


async def test_the_401_of_a_key_that_worked_here_is_asked_once_more(client: Client) -> None:
    async with serving(saying((200, b"{}"), (401, b"{}"), (200, b'"well"'))) as server:
        await client.fetch(asked(server), CHECK)
        assert client.has_accepted("127.0.0.1", KEY)
        reply = await client.fetch(asked(server), CHECK)
    assert (reply.exchange.status, reply.exchange.attempts) == (200, 2)


async def test_the_401_of_a_key_that_stopped_working_is_believed_the_second_time(client: Client) -> None:
    async with serving(saying((200, b"{}"), (401, b"{}"))) as server:
        await client.fetch(asked(server))
        exchange = (await client.fetch(asked(server), Limits(tries=5))).exchange
        other = (await client.fetch(replace(asked(server), key=Secret("sk-other-key-987654")))).exchange
    assert (exchange.status, exchange.attempts) == (401, 2)
    assert (other.status, other.attempts) == (401, 1)


async def test_a_broken_connection_is_tried_again_for_a_question_and_not_for_an_order(client: Client) -> None:
    left = [reset, reset]

    async def answer(connection: Connection) -> None:
        await (left.pop()(connection) if left else connection.answer())

    async with serving(answer) as server:
        order = await client.fetch(replace(asked(server), method="POST", json={}))
        question = await client.fetch(asked(server))
    assert (order.exchange.failure, order.exchange.attempts) == (Failure.RESET, 1)
    assert (question.exchange.status, question.exchange.attempts) == (200, 2)


async def test_cancelling_closes_the_connection_at_once(client: Client) -> None:
    for handler in (hang, stop_in_the_middle):
        async with serving(handler) as server:
            asking = asyncio.create_task(client.fetch(asked(server)))
            await asyncio.wait_for(server.asked.get(), 2)
            assert await seconds_to_leave(asking, server) < 0.2


async def test_cancelling_in_the_handshake_closes_the_connection_at_once(client: Client) -> None:
    async with listening() as server:
        asking = asyncio.create_task(client.fetch(Request(f"https://{server.place}/")))
        await asyncio.wait_for(server.asked.get(), 2)
        assert await seconds_to_leave(asking, server) < 0.2


async def test_a_handshake_that_hangs_ends_in_time_and_leaves_nothing_open(client: Client) -> None:
    async with listening() as server:
        for limits in (replace(QUICK, connect=0.2), replace(QUICK, whole=0.2)):
            exchange = (await client.fetch(Request(f"https://{server.place}/"), limits)).exchange
            assert exchange.failure is Failure.TIME_OUT
            assert await asyncio.wait_for(server.ended.get(), 0.2)


async def test_a_stream_gives_bytes_as_they_come_and_closes_when_left_early(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"data: 1\n\n")
        await connection.hang()

    async with serving(answer) as server:
        async with client.stream(asked(server)) as stream:
            assert stream.exchange.status == 200
            assert await anext(stream) == b"data: 1\n\n"
        assert await asyncio.wait_for(server.ended.get(), 2)
    assert (stream.exchange.failure, stream.exchange.body) == (None, "data: 1\n\n")


async def test_redirects_are_followed_without_a_key_and_the_last_address_is_told(
    client: Client, world: World
) -> None:
    async def moved(connection: Connection) -> None:
        await connection.answer(302, b"", location="https://mimo.mi.com/llms.txt")

    async def page(connection: Connection) -> None:
        await connection.answer(200, b"# Docs", content_type="text/markdown")

    world.answers |= {"platform.xiaomimimo.com": moved, "mimo.mi.com": page}
    reply = await client.fetch(Request("https://platform.xiaomimimo.com/llms.txt"))
    assert (reply.exchange.status, reply.data) == (200, b"# Docs")
    assert (reply.exchange.url, reply.exchange.host) == ("https://mimo.mi.com/llms.txt", "mimo.mi.com")
    assert [name.path for name in world.proxy.requests] == ["platform.xiaomimimo.com:443", "mimo.mi.com:443"]


@pytest.mark.parametrize(
    "target", ["/round", "http://mimo.mi.com/", "https://user:pass@mimo.mi.com/", "file:///etc"]
)
async def test_a_redirect_in_a_circle_or_to_an_unsafe_place_is_not_followed(
    client: Client, world: World, target: str
) -> None:
    async def moved(connection: Connection) -> None:
        await connection.answer(302, b"", location=target)

    world.answers["mimo.mi.com"] = moved
    exchange = (await client.fetch(Request("https://mimo.mi.com/a"))).exchange
    assert (exchange.status, exchange.failure) == (302, Failure.NOT_ALLOWED)
    assert exchange.location
    assert "pass@" not in exchange.location
    assert len(world.server.requests) == (6 if target == "/round" else 1)


async def test_certificates_are_trusted_by_the_environment_alone(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing of the system trusts our certificate; SSL_CERT_FILE and SSL_CERT_DIR do."""
    authority = CERTIFICATES / "authority.pem"
    # OpenSSL looks an authority up by a hash of its name (openssl x509 -hash).
    (tmp_path / "8a8f307f.0").write_bytes(authority.read_bytes())
    (tmp_path / "empty.pem").write_text("no certificate")
    async with serving(saying((200, b"{}")), tls=True) as server:
        request = Request(f"https://localhost:{server.port}/", named=f"localhost:{server.port}", key=KEY)

        async def status() -> tuple[int | None, Failure | None, str]:
            client = Client(catalogue, Network())
            exchange = (await client.fetch(request, QUICK)).exchange
            await client.aclose()
            return exchange.status, exchange.failure, exchange.reason

        untrusted = await status()
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        assert await status() == (200, None, "")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert await status() == (200, None, "")
        for name in ("missing.pem", "empty.pem"):
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
            found = await status()
            assert found[:2] == (None, Failure.TLS)
            assert found[2].startswith(f"SSL_CERT_FILE names {tmp_path / name}")
    assert untrusted[:2] == (None, Failure.TLS)
    assert "certificate" in untrusted[2]


async def test_a_name_that_is_not_in_the_certificate_is_not_trusted(client: Client, world: World) -> None:
    exchange = (await client.fetch(Request("https://somewhere.else.example.net/"))).exchange
    assert exchange.failure is Failure.TLS
    assert "mismatch" in exchange.reason


async def test_plain_http_where_tls_is_expected_is_no_trusted_answer(client: Client) -> None:
    async with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        exchange = (await client.fetch(Request(f"https://{server.place}/"), QUICK)).exchange
    assert (exchange.failure, exchange.reason) == (Failure.TLS, "wrong version number")


async def test_this_machine_is_asked_without_the_proxy(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy for plain http would read the key."""
    async with serving(saying((200, b"{}"))) as server, serving(saying((200, b"{}"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        client = Client(catalogue, Network())
        await client.fetch(asked(server))
        await client.aclose()
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


async def test_no_proxy_is_heeded(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "no-such-host.invalid")
    exchange = (await client.fetch(Request("https://no-such-host.invalid/"), QUICK)).exchange
    assert exchange.failure in (Failure.DNS, Failure.TIME_OUT)
    assert not world.proxy.requests


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "gopher://127.0.0.1:9", "http://[::1"])
async def test_a_proxy_that_cannot_be_used_is_told(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    client = Client(catalogue, Network())
    exchange = (await client.fetch(Request("https://mimo.mi.com/"), QUICK)).exchange
    assert exchange.failure is Failure.NOT_ALLOWED
    assert "HTTPS_PROXY" in exchange.reason


async def test_a_proxy_that_refuses_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(saying((407, b""))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        exchange = (await client.fetch(Request("https://mimo.mi.com/"), QUICK)).exchange
    assert exchange.failure is Failure.REFUSED
    assert exchange.reason.startswith("the proxy refuses: 407")


def test_one_client_serves_one_event_loop_after_the_other(catalogue: Catalogue) -> None:
    """Each command of the program may run a loop of its own; what is left open closes with its loop."""
    client = Client(catalogue, Network())

    async def ask() -> int | None:
        async with serving(saying((200, b"{}"))) as server:
            return (await client.fetch(asked(server))).exchange.status

    assert [asyncio.run(ask()) for _ in range(3)] == [200, 200, 200]


FIRST_REQUEST = """
import asyncio, sys
from mimo_tui.core.catalogue import load
from mimo_tui.wire.http import Client, Network, Request
from tests.wire.servers import serving

async def main():
    gaps = []
    async def watch():
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(0)
            gaps.append(loop.time() - before)
            before = loop.time()
    async with serving(lambda connection: connection.answer()) as server:
        client = Client(load(), Network())
        assert "httpx2" not in sys.modules
        watching = asyncio.create_task(watch())
        reply = await client.fetch(Request(server.url, named=server.place))
        watching.cancel()
        await client.aclose()
    assert reply.exchange.status == 200
    print(max(gaps))

asyncio.run(main())
"""


def test_the_first_request_does_not_hold_up_the_screen() -> None:
    """Imports and certificates are loaded beside the event loop: 3 ms at most on a quiet machine."""
    done = subprocess.run([sys.executable, "-c", FIRST_REQUEST], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.05


# Hostile answers


@pytest.mark.parametrize(
    "target", ["http://[", "//[::1", "https://h:abc/", "https://[v1.x]/", "https://h:99999/"]
)
async def test_a_redirect_to_what_is_no_address_is_told_and_not_raised(client: Client, target: str) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(302, b"", location=target)

    async with serving(answer) as server:
        exchange = (await client.fetch(replace(asked(server), key=None))).exchange
    assert exchange.failure in (Failure.NOT_ALLOWED, Failure.GARBLED)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<!doctype html><title>Sign in</title>", "text/html"),
        (b'{"error": {"code": "401", "message": "Invalid API Key"}}', "application/json"),
        (b"OK", "text/plain"),
    ],
)
async def test_a_200_that_is_no_answer_of_the_api_does_not_make_a_key_one_that_worked(
    client: Client, body: bytes, content_type: str
) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, body, content_type=content_type)

    async with serving(answer) as server:
        await client.fetch(asked(server))
        assert not client.has_accepted("127.0.0.1", KEY)


async def test_thousands_of_tiny_pieces_do_not_hold_up_the_screen(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await connection.send(b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n")

    turns = 0

    async def act() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with serving(answer) as server:
        await client.fetch(asked(server))
        acting, turns = asyncio.create_task(act()), 0
        reply = await client.fetch(asked(server))
        acting.cancel()
    assert len(reply.data) == 10_000
    assert turns > 150


async def test_the_library_notes_no_address_and_no_words_of_the_other_side(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def answer(connection: Connection) -> None:
        await connection.send(
            b"HTTP/1.1 200 Canary-reason\r\nx-echo: Canary-header\r\ncontent-length: 2\r\n\r\n{}"
        )

    async with serving(answer) as server:
        url = f"{server.url}/v1/models?x=Canary-url"
        await client.fetch(replace(asked(server), url=url))
    assert "Canary" not in caplog.text


@pytest.mark.parametrize("method", ["send", "next_event"])
async def test_a_fault_of_the_library_shows_no_key_though_its_frames_are_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Textual shows what every frame of a crash holds, and the library's frames hold the request."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of the library")

    async with serving(saying((200, b"{}"))) as server:
        await client.fetch(asked(server))
        monkeypatch.setattr(h11.Connection, method, fail)
        with pytest.raises(RuntimeError, match="fault of the library") as fault:
            await client.fetch(asked(server))
        monkeypatch.undo()
        own = fault.value.__traceback__
        assert own is not None
        shown = StringIO()
        # All but the frame of this test, which holds the key itself.
        traced = Traceback.from_exception(
            type(fault.value), fault.value, own.tb_next, show_locals=True, locals_max_length=9
        )
        Console(file=shown, width=500).print(traced)
    assert "fault of the library" in shown.getvalue()
    assert KEY.reveal() not in shown.getvalue()
    assert any("h11" in note for note in fault.value.__notes__)
