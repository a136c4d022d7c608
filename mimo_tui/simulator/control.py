"""The switches of the simulated platform, below `/_simulator`: faults, time, and the log of requests."""

import json
from dataclasses import asdict
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import faults
from mimo_tui.simulator.platform import Platform

ROOT = "/_simulator"

_HELP = """SIMULATED: this plays Xiaomi MiMo's API platform on this machine.

GET    /_simulator/log     the requests that came
DELETE /_simulator/log     forget them
POST   /_simulator/faults  {"script": "status=429", "host": "", "path": "", "times": 2}; times null: until deleted
GET    /_simulator/faults  those that are still to come
DELETE /_simulator/faults  forget them
GET    /_simulator/time    the time there
POST   /_simulator/time    {"at": "2026-10-22T00:00:00+08:00"} or {"advance": 3600}

A request with the header x-simulate: SCRIPT meets that fault. The words of a script, apart by `;`:

"""


class _Wrong(ValueError):
    """What was sent is not what the switch takes."""


async def answer(platform: Platform, request: Request, path: str) -> Response:
    """Carry out a switch; what is wrong with it is said in the answer."""
    try:
        match request.method, path.removeprefix(ROOT).rstrip("/"):
            case "GET", "":
                return help_page()
            case "GET", "/log":
                return JSONResponse({"requests": _log(platform)})
            case "DELETE", "/log":
                platform.clear_log()
            case "POST", "/faults":
                _put_fault(platform, await _object(request))
            case "GET", "/faults":
                return JSONResponse({"faults": _faults(platform)})
            case "DELETE", "/faults":
                platform.clear_faults()
            case "GET", "/time":
                return JSONResponse({"at": platform.now().isoformat()})
            case "POST", "/time":
                _set_time(platform, await _object(request))
                return JSONResponse({"at": platform.now().isoformat()})
            case _:
                return JSONResponse({"error": f"no such switch: see GET {ROOT}"}, 404)
    except (_Wrong, faults.ScriptError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse({"ok": True})


def help_page() -> Response:
    """Say what this is and how its faults are made."""
    return PlainTextResponse(_HELP + faults.words())


def _log(platform: Platform) -> list[Json]:
    return [{**asdict(seen), "at": seen.at.isoformat()} for seen in platform.log]


def _faults(platform: Platform) -> list[Json]:
    return [
        {"script": script, "host": host, "path": path, "times": times}
        for script, host, path, times in platform.waiting_faults
    ]


async def _object(request: Request) -> dict[str, Json]:
    try:
        body: Json = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise _Wrong("the body is no JSON") from None
    if not isinstance(body, dict):
        raise _Wrong("the body is no JSON object")
    return body


def _put_fault(platform: Platform, body: dict[str, Json]) -> None:
    texts = {name: body.get(name, "") for name in ("script", "host", "path")}
    times = body.get("times", 0)
    whole = times is None or (isinstance(times, int) and not isinstance(times, bool) and times >= 0)
    if not whole or not all(isinstance(text, str) for text in texts.values()) or not texts["script"]:
        raise _Wrong('a fault is {"script": TEXT, "host": NAME, "path": PATH, "times": NUMBER}')
    platform.put_fault(
        str(texts["script"]),
        host=str(texts["host"]),
        path=str(texts["path"]),
        times=times if isinstance(times, int) else None,
        always=times is None,
    )


def _set_time(platform: Platform, body: dict[str, Json]) -> None:
    at, seconds = body.get("at"), body.get("advance")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        try:
            platform.advance(float(seconds))
        except (ValueError, OverflowError):
            raise _Wrong(f"no time is {seconds} seconds away") from None
        return
    try:
        platform.set_time(datetime.fromisoformat(at if isinstance(at, str) else ""))
    except (ValueError, OverflowError):
        raise _Wrong('a time is {"at": "2026-10-22T00:00:00+08:00"} or {"advance": SECONDS}') from None
