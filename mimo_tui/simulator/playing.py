"""Plays a script of faults around an answer (ASGI)."""

import json
from collections.abc import Iterator
from typing import Protocol

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.call import Sleep
from mimo_tui.simulator.fault import Fault
from mimo_tui.simulator.faults import Failing, Script

CONNECTION = "mimo_tui.connection"
"""Where a scope holds the Connection, if the server gives one."""

_NAMED = b"event:"

_PAGE = """<!doctype html>
<html><head><title>Sign in to the network</title></head>
<body><h1>Sign in to the network</h1><p>Simulated: a gateway answers in place of the API.</p></body></html>
"""


class Connection(Protocol):
    """What breaks a connection."""

    def end(self) -> None:
        """Close it once what was written is sent."""

    def reset(self) -> None:
        """Break it, and throw away what was written."""


async def play(
    script: Script, answer: ASGIApp, scope: Scope, receive: Receive, send: Send, *, sleep: Sleep, key: str
) -> None:
    """Answer as the script says. `key` is the key that was sent, for an error that repeats it."""
    if script.delay:
        await sleep(script.delay)
    if script.drip:
        send = _dripping(send, script, sleep)
    match script.failing:
        case Failing.HANG:
            await _gone(receive)
        case Failing.RESET:
            _connection(scope).reset()
            await _gone(receive)
        case Failing.CUT:
            await _cut(script, answer, scope, receive, send)
        case Failing.NOT:
            await answer(scope, receive, send)
        case _:
            await _wrong(script, key)(scope, receive, send)


def fault_response(fault: Fault, *, data_error: bool = False) -> Response:
    """Give an error as the platform sends it, behind `data:` where a stream was asked for (§7.2)."""
    if data_error:
        return Response(_after_data(fault), fault.status, media_type="text/event-stream")
    return JSONResponse(fault.body(), fault.status)


def _wrong(script: Script, key: str) -> Response:
    match script.failing:
        case Failing.HTML:
            return HTMLResponse(_PAGE)
        case Failing.WRONG_JSON:
            other: Json = {"result": ["something", "else"], "ok": True}
            return JSONResponse(other)
        case Failing.BROKEN_JSON:
            return Response('{"object":"list","data":[{"id":"', media_type="application/json")
        case Failing.REDIRECT:
            return RedirectResponse(script.location, 302)
    if script.fault is None:
        raise ValueError(f"a script fails by {script.failing} without saying how")
    fault = script.fault
    if script.echo:
        fault = Fault(fault.status, f"{fault.message}: {key}", fault.param, fault.type, fault.code)
    return fault_response(fault, data_error=script.data_error)


def _after_data(fault: Fault, *, named: bool = False) -> bytes:
    head = "event: error\n" if named else ""
    return f"{head}data:{json.dumps(fault.body(), separators=(',', ':'))}\n\n".encode()


def _dripping(send: Send, script: Script, sleep: Sleep) -> Send:
    async def drip(message: Message) -> None:
        body: bytes = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            await send(message)
            return
        for piece in _pieces(body, script.piece):
            await sleep(script.drip)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({**message, "body": b""})

    return drip


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def _cut(script: Script, answer: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Send so many bytes of the answer's body, and close the connection.

    With an error behind `data:` it comes after the event that those bytes end in, and then all ends in good order.
    Where events have names it is called `error`: clients of those look at nothing without a name (§10).
    """
    left = script.cut
    over = named = False

    async def some(message: Message) -> None:
        nonlocal left, over, named
        if over:
            return
        if message["type"] != "http.response.body":
            await send(_without_length(message) if script.data_error else message)
            return
        whole: bytes = message.get("body", b"")
        end = _event_end(whole, left) if script.data_error else left
        body = whole[:end]
        named = named or body.startswith(_NAMED)
        left -= len(body)
        over = end <= len(whole) or not message.get("more_body", False)
        if over and script.data_error and script.fault is not None:
            await send({"type": "http.response.body", "body": body + _after_data(script.fault, named=named)})
            return
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if over:
            _connection(scope).end()

    await answer(scope, receive, some)
    if not script.data_error:
        await _gone(receive)


def _event_end(body: bytes, least: int) -> int:
    """Give where the event ends that the byte number `least` is in; past the end where it goes on."""
    found = body.find(b"\n\n", max(least - 2, 0))
    return found + 2 if found >= 0 else len(body) + 1


def _without_length(message: Message) -> Message:
    headers = [(name, value) for name, value in message["headers"] if name.lower() != b"content-length"]
    return {**message, "headers": headers}


def _connection(scope: Scope) -> Connection:
    found: Connection | None = scope.get(CONNECTION)
    if found is None:
        raise ConnectionResetError("this server cannot break a connection")
    return found


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
