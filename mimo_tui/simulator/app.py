"""The simulated platform as one ASGI application: which host is meant, what goes wrong, and who answers."""

from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from secrets import token_hex

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mimo_tui.simulator import api, control
from mimo_tui.simulator.call import Account
from mimo_tui.simulator.fault import NOT_FOUND, SERVER_ERROR, Fault, Refusal
from mimo_tui.simulator.faults import ScriptError
from mimo_tui.simulator.platform import Platform, Seen
from mimo_tui.simulator.playing import fault_response, play

MARK = ("x-simulated", "mimo-tui")
"""The header of every answer."""
ASKED = "x-simulate"
"""The header by which a request asks for a fault."""

_AUTH = ("authorization", "api-key", "x-api-key")


def application(platform: Platform) -> ASGIApp:
    """Give the platform as an application that any ASGI server can run."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Visit(platform, scope).answer(receive, send)

    return serve


@dataclass(frozen=True, slots=True)
class _Place:
    """Which host a request is for, and the path there. `mounted`: the host was the first part of the path."""

    host: str
    path: str
    mounted: bool


class _Visit:
    """One request."""

    def __init__(self, platform: Platform, scope: Scope) -> None:
        self._platform = platform
        self._headers = Headers(scope=scope)
        self._place = _find(platform, self._headers.get("host", ""), scope["path"])
        self._scope = _placed(scope, self._place) if self._place.mounted else scope
        anthropic = api.is_anthropic(platform.catalogue, self._place.host, self._place.path)
        self._key = api.sent_key(self._headers, anthropic=anthropic)

    async def answer(self, receive: Receive, send: Send) -> None:
        platform, place = self._platform, self._place
        if place.path == control.ROOT or place.path.startswith(f"{control.ROOT}/"):
            response = await control.answer(platform, Request(self._scope, receive), place.path)
            await response(self._scope, receive, self._stamped(send, None))
            return
        method = self._scope["method"]
        auth = tuple(name for name in _AUTH if name in self._headers)
        try:
            script, words = platform.meet(
                place.host, place.path, self._headers.get(ASKED, ""), self._account()
            )
        except ScriptError as error:
            refusal = fault_response(Fault(400, "No script of faults", str(error)))
            await refusal(self._scope, receive, self._stamped(send, None))
            return
        number = platform.arrived(Seen(platform.now(), method, place.host, place.path, auth, words))
        await play(
            script,
            self._answer,
            self._scope,
            receive,
            self._stamped(send, number),
            sleep=platform.sleep,
            key=self._key,
        )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._response(Request(scope, receive))
        except Refusal as refusal:
            response = fault_response(refusal.fault)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 a fault of the simulator must show itself to who asked
            words = f"the simulator failed: {type(error).__name__}: {error}"
            response = fault_response(Fault(500, SERVER_ERROR.message, words, SERVER_ERROR.type))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        platform, place = self._platform, self._place
        host = platform.host(place.host)
        if host is not None:
            return await api.answer(platform, request, host, place.path)
        if platform.catalogue.is_website(place.host):
            from mimo_tui.simulator import samples
            from mimo_tui.simulator.site import pages

            if (file := samples.sample(f"https://{place.host}{place.path}", platform.catalogue)) is not None:
                return Response(file, media_type=samples.TYPES[place.path])
            return await pages.answer(request, place.host, platform.now(), platform.site)
        if place.path == "/":
            return control.help_page()
        raise Refusal(NOT_FOUND)

    def _account(self) -> Account | None:
        """Give whose key it is, if the host takes it."""
        account = self._platform.account(self._key)
        return account if account is not None and self._place.host in account.hosts else None

    def _stamped(self, send: Send, number: int | None) -> Send:
        """Add what every answer of the platform has (`mimo-api.md` §3.2), and note its status in the log."""
        platform = self._platform
        stamps = {
            "date": format_datetime(platform.now().astimezone(UTC), usegmt=True),
            "server": "MiFE",
            **api.CORS,
            "x-request-id": token_hex(16),
            MARK[0]: MARK[1],
        }

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                if number is not None:
                    platform.answered(number, message["status"])
                headers = [
                    (name, self._here(value) if name == b"location" else value)
                    for name, value in message["headers"]
                    if name.decode("latin-1") not in stamps
                ]
                headers += [(name.encode(), value.encode()) for name, value in stamps.items()]
                message = {**message, "headers": headers}
            await send(message)

        return stamp

    def _here(self, location: bytes) -> bytes:
        """Keep a redirect between hosts of the platform on this machine for clients that name hosts in the path."""
        host, _, rest = location.decode("latin-1").removeprefix("https://").partition("/")
        if self._place.mounted and location.startswith(b"https://") and _is_known(self._platform, host):
            return f"/{host}/{rest}".encode("latin-1")
        return location


def _is_known(platform: Platform, host: str) -> bool:
    return platform.host(host) is not None or platform.catalogue.is_website(host)


def _find(platform: Platform, header: str, path: str) -> _Place:
    """Tell which host is meant: the one of the Host header, else the first part of the path, else none we know."""
    host = header.lower()
    host = host if host.startswith("[") else host.partition(":")[0]
    if _is_known(platform, host):
        return _Place(host, path, mounted=False)
    first, _, rest = path.removeprefix("/").partition("/")
    if _is_known(platform, first.lower()):
        return _Place(first.lower(), f"/{rest}", mounted=True)
    return _Place(host, path, mounted=False)


def _placed(scope: Scope, place: _Place) -> Scope:
    """Give the scope as it would be if the host had been called by its own name."""
    raw: bytes = scope.get("raw_path") or place.path.encode()
    cut = raw.find(b"/", 1)
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {
        **scope,
        "path": place.path,
        "raw_path": raw[cut:] if cut > 0 else b"/",
        "headers": [(b"host", place.host.encode()), *headers],
    }
