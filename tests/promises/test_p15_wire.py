"""Promise 15, for what asks the service: a server that sends the key back in every form makes nobody say it."""

import asyncio
import base64
import gzip
import io
import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from itertools import cycle
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import pytest

from mimo_tui.cli.commands import run
from mimo_tui.core.catalogue import Wire, load
from mimo_tui.core.secrets import Secret
from mimo_tui.services import Services
from mimo_tui.services.keys.checking import check_key, family_of
from mimo_tui.services.keys.listing import find_slot, list_keys
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.presets.testing import light_lamps, target_of
from mimo_tui.wire.chat import ChatRequest, stream_chat
from mimo_tui.wire.http import CHECK, Client, Network, Request
from mimo_tui.wire.messages import stream_messages
from mimo_tui.wire.models import list_models
from mimo_tui.wire.smallest import ask_smallest
from tests.promises.test_p15_canaries import CANARIES, Said, document, forms
from tests.wire.servers import CERTIFICATES, Connection, proxying, serving
from tests.wire.world import forget_environment

Reached = Callable[[str, str], None]

SENDABLE = tuple(key for key in CANARIES if key.isascii())
SLOTS = tuple(f"CANARY_{number}_API_KEY" for number in range(len(CANARIES)))


def written(key: str) -> list[str]:
    """Give the key in every form in which a server might write it."""
    raw = key.encode()
    return sorted(
        {
            *(form for form in forms(key) if len(form) >= len(key)),
            "".join(f"\\u{ord(each):04x}" for each in key),
            "".join(f"\\u{ord(each):04X}" if at % 2 else each for at, each in enumerate(key)),
            "".join(f"\\\\u{ord(each):04x}" for each in key),
            "".join(f"%{ord(each):02x}" for each in key),
            "".join(f"%25{ord(each):02X}" for each in key),
            "".join(f"&#{ord(each)};" for each in key),
            "".join(f"&#x{ord(each):X};" for each in key),
            key.replace("/", "\\/"),
            escape(key),
            raw.hex(),
            raw.hex().upper(),
            base64.b64encode(b"Bearer " + raw).decode(),
            base64.b64encode(b"a:" + raw).decode(),
        }
    )


def decoded_forms(key: str) -> set[str]:
    """Give what no text may hold: each form whole, and of base64 the middle, which does not change."""
    whole = {form for form in written(key) if len(form) > 5}
    return whole | {base64.b64encode(b"Bearer " + key.encode()).decode()[10:-4]} - {""}


@dataclass
class Heard(Said):
    """All that was said, and whether a key was in it in any of the forms that the servers wrote."""

    key: str = ""

    def hear(self, text: str, what: object) -> None:
        super().hear(text, what)
        hits = [form for form in decoded_forms(self.key) if form in text] if self.key else []
        assert not hits, f"{what} says {hits[0]!r}"


# The servers


Answer = Callable[[Connection, str], "asyncio.Future[None] | object"]


def everything(key: str) -> str:
    """Give a sentence that holds the key in all its forms, each of them alone."""
    return " , ".join(written(key))


async def envelope(connection: Connection, key: str) -> None:
    """A refusal of the API: its sentence holds the key in all forms, and in one line as it is."""
    said = everything(key)
    error = {"code": "401", "message": said, "param": key, "type": "invalid_key"}
    headers = {"content_type": f"application/json; key={_header(key)}", "x_key": _header(key)}
    await connection.answer(401, json.dumps({"error": error}).encode(), **headers)


async def escaped_envelope(connection: Connection, key: str) -> None:
    letters = "".join(f"\\u{ord(each):04x}" for each in key)
    body = f'{{"error":{{"code":"400","message":"{letters}","param":"{letters}","type":"{letters}"}}}}'
    await connection.answer(400, body.encode() + b" " * 4000 + b"x")


async def models(connection: Connection, key: str) -> None:
    listed = [{"id": each} for each in ("mimo-v2.6-pro", key, f"m-{key}", *written(key))]
    await connection.answer(200, json.dumps({"object": "list", "data": listed}).encode())


async def packed(connection: Connection, key: str) -> None:
    data = gzip.compress(everything(key).encode())
    await connection.answer(403, data, content_type="text/plain", content_encoding="gzip")


async def redirect(connection: Connection, key: str) -> None:
    target = f"https://login.example.com/{quote(key, safe='')}?api_key={_header(key)}#{_header(key)}"
    await connection.answer(302, everything(key).encode(), location=target)


async def page(connection: Connection, key: str) -> None:
    said = f"<!doctype html><p>{everything(key)}</p>"
    await connection.answer(451, said.encode(), content_type="text/html")


async def cut_anywhere(connection: Connection, key: str) -> None:
    """An answer in the smallest of chunks, which breaks off one character before the key's end."""
    await connection.send(b"HTTP/1.1 402 Said\r\ntransfer-encoding: chunked\r\n\r\n")
    for each in f"{everything(key)} and {key[:-1]}":
        await connection.send(f"{len(each.encode()):x}\r\n{each}\r\n".encode())
    connection.writer.close()


async def odd_head(connection: Connection, key: str) -> None:
    """No HTTP at all: what the library says of it repeats the line."""
    await connection.send(f"HTTP/1.1 200 OK\r\n{_header(key)}\0: \x01{_header(key)}\r\n\r\n".encode())
    connection.writer.close()


async def events(connection: Connection, key: str) -> None:
    """A stream whose pieces are cut within the key, with an error in the middle."""
    pieces: list[object] = [{"choices": [{"delta": {"content": each}}]} for each in (key[:3], key[3:])]
    call = {"index": 0, "id": key, "function": {"name": key, "arguments": key}}
    pieces.append({"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": key}]})
    found = {"url": f"https://example.com/{key}", "title": key, "summary": everything(key), "site_name": key}
    pieces.append({"choices": [{"delta": {"annotations": [found], "error_message": everything(key)}}]})
    blocks: tuple[dict[str, object], ...] = (
        {"type": "thinking", "thinking": key, "signature": key},
        {"type": "tool_use", "input": {key: key}},
    )
    for index, block in enumerate(blocks):
        pieces.append({"type": "content_block_start", "index": index, "content_block": {"id": key, **block}})
        pieces.append({"type": "content_block_stop", "index": index})
    pieces.append({"type": "message_delta", "delta": {"stop_reason": key}, "usage": {key: 1}})
    pieces.append({"error": {"code": key, "message": everything(key), "param": key, "type": key}})
    await connection.begin()
    for piece in pieces:
        line = f"data: {json.dumps(piece)}\n\n".encode()
        await connection.send(line[: len(line) // 2])
        await connection.send(line[len(line) // 2 :])
    connection.writer.close()


ANSWERS = (*(envelope, escaped_envelope, models, packed, redirect, page, cut_anywhere, odd_head, events),)


def _header(key: str) -> str:
    return key.encode("ascii", "backslashreplace").decode()


async def echo(connection: Connection, answer: Callable[[Connection, str], object]) -> None:
    key = connection.request.headers.get("authorization", "").removeprefix("Bearer ")
    made = answer(connection, key)
    assert asyncio.iscoroutine(made)
    await made


@dataclass
class Echoes:
    """Every host there is, in a loop of its own: each request gets the next of the answers."""

    answers: Iterator[Callable[[Connection, str], object]] = field(default_factory=lambda: cycle(ANSWERS))
    here: str = ""
    proxy: str = ""
    asked: int = 0

    async def answer(self, connection: Connection) -> None:
        self.asked += 1
        await echo(connection, next(self.answers))


@pytest.fixture
def echoes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Echoes]:
    """Servers that send the key back, for commands that run in this process."""
    forget_environment(monkeypatch)
    found, loop, opened = Echoes(), asyncio.new_event_loop(), threading.Event()
    ended: list[asyncio.Event] = []

    async def serve() -> None:
        ended.append(asyncio.Event())
        async with AsyncExitStack() as stack:
            here = await stack.enter_async_context(serving(found.answer))
            everywhere = await stack.enter_async_context(serving(found.answer, tls=True))
            proxy = await stack.enter_async_context(proxying(everywhere.port))
            found.here, found.proxy = here.place, proxy.url
            opened.set()
            await ended[0].wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    with closing(loop):
        thread.start()
        assert opened.wait(10)
        monkeypatch.setenv("HTTPS_PROXY", found.proxy)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
        yield found
        loop.call_soon_threadsafe(ended[0].set)
        thread.join(10)


@pytest.fixture
def canaries(services: Services, echoes: Echoes) -> Services:
    """The sample library with each canary in a slot, and presets on it that call the servers above."""
    places = services.places
    lines = [f"{slot}={key}\n" for slot, key in zip(SLOTS, CANARIES, strict=True) if key.isascii()]
    odd = [f"# {key} lies here\n{key}\n{key}: x\n" for key in SENDABLE if len(key) > 5]
    places.env_file.write_text("".join((*lines, *odd, places.env_file.read_text())))
    for number, (key, slot) in enumerate(zip(CANARIES, SLOTS, strict=True)):
        made = json.loads(json.dumps(document(f"canary-{number}", key, slot)))
        llm = made["manifest"]["llm"]
        del llm["api_key"], made["manifest"]["capabilities"]["vision"]
        llm |= {"provider": "custom", "base_url": f"http://{echoes.here}/v1", "model": "mimo-v2.6-pro"}
        (places.saved / f"canary-{number}.json").write_text(json.dumps(made))
        llm |= {"provider": "mimo", "base_url": "https://token-plan-sgp.xiaomimimo.com/v1"}
        (places.saved / f"plan-{number}.json").write_text(json.dumps(made | {"name": f"plan-{number}"}))
    return replace(services, environment=MappingProxyType({}))


def commands(number: int) -> Iterator[tuple[str, ...]]:
    """Give the commands that ask the service, or look at keys, for the canary of that number."""
    slot = SLOTS[number]
    yield ("keys", "list")
    yield ("keys", "check", slot, "--family", "token-plan")
    yield ("keys", "check", slot, "--family", "token-plan", "--fix", "--dry-run")
    yield ("keys", "check", slot, "--family", "pay-as-you-go")
    yield ("keys", "set", slot, "--dry-run")
    yield ("keys", "set", "NEW_API_KEY", "--dry-run")
    for preset in ("canary", "plan"):
        yield ("presets", "test", f"{preset}-{number}")
        yield ("presets", "test", f"{preset}-{number}", "--request")
    yield ("keys", "list")


def test_no_command_says_a_key_that_a_server_sends_back(
    canaries: Services,
    echoes: Echoes,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    reached: Reached,
) -> None:
    caplog.set_level(logging.DEBUG)
    count, length, home = 0, 0, str(canaries.places.home)
    for number, key in enumerate(CANARIES):
        heard = Heard(key=key)
        for turn, command in enumerate(commands(number)):
            for form in ((), ("--json",)) if turn % 3 == number % 3 else ((("--json",), ())[turn % 2],):
                monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key[::-1]}{key}\n"))
                run([*command, *form, "--home", home])
                spoken = capsys.readouterr()
                heard.hear(spoken.out, command)
                heard.hear(spoken.err, command)
                count += 1
        for path in canaries.places.checks.parent.rglob("*"):
            if path.is_file():
                heard.hear(path.read_text("utf-8", "replace"), path)
        heard.hear(caplog.text, "the log")
        length += heard.length
    assert echoes.asked > len(ANSWERS) * len(SENDABLE)
    reached(
        "15",
        f"{len(CANARIES)} canaries, {count} commands of keys and tests, {echoes.asked} answers that send the key "
        f"back: 0 hits in {length:,} characters and the state folder",
    )


async def ask_in_every_way(client: Client, url: str, place: str, secret: Secret) -> Sequence[object]:
    """Give all that comes of asking one server."""
    base = f"{url}/v1"
    found: list[object] = [request := Request(f"{base}/x?api_key=abcdef", key=secret, named=place)]
    found.append(await client.fetch(request, CHECK))
    found.append(await list_models(client, base, secret, named=place))
    found += [await ask_smallest(client, f"{base}/x", wire, "m", secret, named=place) for wire in Wire]
    for streamed in (True, False):
        chat = ChatRequest(f"{base}/x", secret, "m", {"messages": []}, named=place, streamed=streamed)
        found.append(chat)
        for ask in (stream_chat, stream_messages):
            found += [event async for event in ask(client, chat)]
    return found


async def test_no_result_of_the_wire_says_a_key_that_a_server_sends_back(reached: Reached) -> None:
    async def at_once(seconds: float) -> None:
        pass

    client, count = Client(load(), Network(), pause=at_once), 0
    for answer in ANSWERS:
        async with serving(partial(echo, answer=answer)) as server:
            for key in SENDABLE:
                heard = Heard(key=key)
                for result in await ask_in_every_way(client, server.url, server.place, Secret(key)):
                    heard.hear(repr(result), answer)
                    heard.hear(str(getattr(getattr(result, "exchange", result), "body", "")), answer)
                    heard.hear(str(getattr(result, "raw", "")), answer)
                    count += 1
    await client.aclose()
    forms_written = sum(len(written(key)) for key in SENDABLE)
    reached(
        "15",
        f"{len(ANSWERS)} ways to send {len(SENDABLE)} keys back in {forms_written} forms, {count} results of the "
        "wire: 0 hits in their representations and bodies",
    )


async def test_no_result_of_a_service_says_a_key_that_a_server_sends_back(
    canaries: Services, echoes: Echoes, reached: Reached
) -> None:
    count = 0
    for number, key in enumerate(CANARIES):
        heard, results = Heard(key=key), list[object]()
        slot = find_slot(list_keys(canaries), SLOTS[number])
        if slot.secret is not None:
            results.append(await check_key(canaries, slot, family_of(canaries, slot, "token-plan")))
            for name in (f"canary-{number}", f"plan-{number}"):
                view = find(list_presets(canaries), name)
                results.append(target_of(canaries, view))
                results += [state async for state in light_lamps(canaries, view, request=True)]
        else:
            with pytest.raises(Exception, match="no key") as refused:
                target_of(canaries, find(list_presets(canaries), f"canary-{number}"))
            results.append("".join(traceback.format_exception(refused.value)))
        for result in results:
            heard.hear(repr(result), type(result))
            count += 1
    await canaries.client.aclose()
    reached("15", f"{count} results of checks and lamps: 0 hits in their representations")


def test_a_key_that_was_sent_back_would_be_heard() -> None:
    for key in SENDABLE:
        for form in written(key):
            if len(form) > 5:
                with pytest.raises(AssertionError):
                    Heard(key=key).hear(f"x{form}x", "test")
    assert Path(__file__).name.startswith("test_p15")
