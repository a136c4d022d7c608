"""What the hosts with pages answer: docs, console, gallery and front page (`mimo-api.md` §4.1).

None of them looks at a key. What is not documented and was decided here: HTML of an unknown page is 404, a raw text
at an old short path is served as its page is, Chinese raw texts lie below their locale.
"""

import asyncio
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from mimo_tui.simulator.site.contents import File, Site, shipped
from mimo_tui.simulator.site.page import ENGLISH, LOCALES, encoded, raw_address
from mimo_tui.simulator.site.shells import shell

HTML = "text/html; charset=utf-8"

_RAW = re.compile(r"/static/docs/(?:(?P<locale>[a-z]{2}-[A-Z]{2})/)?(?P<path>.+)\.md")
_DOCS = re.compile(r"/docs/(?:(?P<locale>[a-z]{2}-[A-Z]{2})/)?(?P<path>.+?)/?")
_CARD = re.compile(r"/models/(?P<locale>[a-z]{2}-[A-Z]{2})/(?P<path>[^/]+)/?")
_INDEXES = ("/llms.txt", "/llms-full.txt")


async def answer(request: Request, host: str, at: datetime, site: Site | None = None) -> Response:
    """Answer a request to one of the site's hosts. `at` is the time there; without a site, the shipped one answers."""
    if request.method not in {"GET", "HEAD"}:
        return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
    if site is None:
        site = await asyncio.to_thread(shipped)
    address = _address(request)
    if host == site.hosts.docs:
        return _docs(site, request, address, at)
    if host == site.hosts.console:
        return _console(site, request, address)
    return _page(request, shell("Xiaomi MiMo", "en"))


def _address(request: Request) -> str:
    mounted: str = request.scope.get("root_path", "")
    path: str = request.scope["path"]
    return path.removeprefix(mounted) or "/"


def _docs(site: Site, request: Request, address: str, at: datetime) -> Response:
    raw = _RAW.fullmatch(address)
    shown = _DOCS.fullmatch(address)
    card = _CARD.fullmatch(address)
    found = raw or shown
    locale = next((match["locale"] for match in (raw, shown, card) if match), None) or ENGLISH
    if address in site.overrides and site.overrides[address] is None:
        return _missing(request, site, locale)
    if new := site.redirects.get(address):
        return RedirectResponse(encoded(new), 302)
    if file := site.files.get(address):
        return _file(request, file, at)
    if found and (new := site.moved.get(found["path"])):
        return RedirectResponse(encoded(_same_kind(address, found, new)), 302)
    known = address in {"/", "/docs", "/docs/", *(f"/docs/{one}" for one in LOCALES)}
    if card:
        known = card["path"] in site.cards
    elif shown and not known:
        known = locale in LOCALES and site.has(shown["path"], locale)
    return _page(request, shell(site.title, locale)) if known else _missing(request, site, locale)


def _console(site: Site, request: Request, address: str) -> Response:
    """Answer for the docs' old home: everything of the docs leads to the new one, a few raw texts are gone."""
    origin = site.hosts.origin
    if address in _INDEXES:
        return RedirectResponse(origin + address, 302)
    found = _RAW.fullmatch(address) or _DOCS.fullmatch(address)
    if not found:
        if address.startswith("/api/"):
            return PlainTextResponse("Log in first", 401)
        return _page(request, shell("Xiaomi MiMo API Open Platform", "en"))
    path = found["path"]
    if found.re is _RAW and path in site.gone:
        return _missing(request, site, found["locale"] or ENGLISH)
    return RedirectResponse(origin + encoded(_same_kind(address, found, site.old_home.get(path, path))), 302)


def _same_kind(address: str, found: re.Match[str], path: str) -> str:
    if found.re is _RAW:
        return raw_address(path, found["locale"] or ENGLISH)
    return address[: found.start("path")] + path


def _file(request: Request, file: File, at: datetime) -> Response:
    # A file is never newer than the moment it is sent (RFC 9110 §8.8.2.1).
    modified = min(file.modified, at.astimezone(UTC)).replace(microsecond=0)
    headers = {
        "etag": file.tag,
        "last-modified": format_datetime(modified, usegmt=True),
        "cache-control": "public, max-age=0, must-revalidate",
    }
    if _unchanged(request, file.tag, modified):
        return Response(status_code=304, headers=headers)
    return _sent(request, file.body, file.kind, 200, headers)


def _unchanged(request: Request, tag: str, modified: datetime) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {one.strip().removeprefix("W/") for one in known.split(",")}
        return tag in tags or "*" in tags
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _page(request: Request, text: str, status: int = 200) -> Response:
    return _sent(request, text.encode(), HTML, status, {"cache-control": "no-cache"})


def _missing(request: Request, site: Site, locale: str) -> Response:
    return _page(request, shell(site.title, locale), 404)


def _sent(request: Request, body: bytes, kind: str, status: int, headers: dict[str, str]) -> Response:
    headers = {**headers, "content-type": kind, "content-length": str(len(body))}
    return Response(b"" if request.method == "HEAD" else body, status, headers)
