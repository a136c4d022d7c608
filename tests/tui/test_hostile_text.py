"""Text that means no good, in every place from which text comes to the screen (promise 27's part for presets).

Nothing may crash, no control character may reach the terminal, nothing may vanish or become an action.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.strip import Strip

from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Set
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets.changing import apply
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.services.presets.planning import plan_edit
from mimo_tui.wire.http import Client, Network
from tests.conftest import at_once
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.stages import back
from tests.journeys.walker import Walker, opened
from tests.promises.conftest import reached  # noqa: F401 a fixture

EVIL = {
    "clipboard": "\x1b]52;c;aGk=\x07",
    "c1": "\x9b31m",
    "nul": "a\x00b",
    "bidi": "a\u202eb",
    "closing": "[/foo]",
    "open": "[bold",
    "variable": "[$slot]",
    "action": "[@click=app.bell]x[/]",
    "backslash": "\\[x]",
}
COMMON = ("clipboard", "action")
"""A code for the terminal and markup; the others take as long and are for the long run."""
RAW = frozenset({*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u202e"})
SIZE = (180, 100)


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note every unsafe character in any strip that Textual makes: what the terminal gets is made of strips."""
    seen: set[str] = set()
    original = Strip.__init__

    def noting(strip: Strip, segments: object, cell_length: int | None = None) -> None:
        original(strip, segments, cell_length)  # type: ignore[arg-type]
        for segment in strip:
            if not segment.control and not segment.text.isprintable():
                seen.update(RAW & set(segment.text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Strip, "__init__", noting)
        yield seen


def evil_library(services: Services, text: str) -> str:
    """Write a preset in which every text holds `text`, and give the evil part of a file's name."""
    preset = {
        "name": f"name{text}",
        "description": {"summary": f"summary{text}", "tier": f"tier{text}", text: text},
        "tags": [text],
        "manifest": {
            "llm": {
                "provider": "mimo",
                "model": f"model{text}",
                "base_url": f"https://host{text}/v1",
                "api_key_env": f"SLOT{text}",
                "api_compat": f"compat{text}",
                text: text,
            },
            "capabilities": {
                "vision": {"provider": "mimo", "model": f"vision{text}", "api_key_env": f"VISION{text}"},
                "skills": {"paths": [f"path{text}"]},
                "web_search": {"provider": f"search{text}"},
                f"able{text}": {text: text},
            },
        },
    }
    saved = services.places.saved
    part = text.replace("/", "").replace("\x00", "")
    written = json.dumps(preset, ensure_ascii=False).encode()
    good = saved / f"evil{part}.json"
    # A strict reader takes no raw control characters; escaped ones come out of it all the same.
    good.write_bytes(written if text.isprintable() or "\u202e" in text else json.dumps(preset).encode())
    (saved / f"torn{part}.json").write_bytes(b'{"name": "' + text.encode() + b"\n")
    (saved / f"twice{part}.json").write_bytes(
        json.dumps({"a": 1}).replace('"a"', json.dumps(text)).encode()[:-1]
        + b", "
        + json.dumps(text).encode()
        + b": 2}"
    )
    if not (saved / f"link{part}.json").is_symlink():
        os.symlink(f"nowhere{part}", saved / f"link{part}.json")  # noqa: PTH211 the text as it is
    with services.places.env_file.open("a", encoding="utf-8") as env:
        env.write(f"SLOT{text}_API_KEY=one\nSLOT{text}_API_KEY=two\n".replace("\x00", ""))
    project = services.places.home / "evil-project"
    agent = project / ".lingtai" / f"agent{part}"
    agent.mkdir(parents=True)
    (agent / "init.json").write_text(
        json.dumps({"manifest": {"preset": {"active": str(good), "allowed": [str(good)]}}}), encoding="utf-8"
    )
    with services.places.registry_file.open("a", encoding="utf-8") as registry:
        registry.write(json.dumps({"path": str(project)}) + "\n")
    return part


async def shows(walker: Walker, *texts: str) -> None:
    """Wait until all of it can be read, wherever lines are broken."""
    for text in texts:
        wanted = "".join(clean(text).split())
        await walker.until(lambda: wanted in "".join(walker.text.split()))  # noqa: B023 it is awaited here


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=name, marks=() if name in COMMON else pytest.mark.long)
        for name, text in EVIL.items()
    ],
)
async def test_hostile_text_is_shown_on_every_screen_and_does_nothing(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],  # noqa: F811
    text: str,
) -> None:
    part = evil_library(demo, text)
    with watched() as raw:
        async with opened(demo, SIZE, listed="SIMULATED") as walker:
            await walker.until("mimo-1")
            for name in ("torn", "twice", "link"):
                await walker.find(f"saved/{name}")
                await walker.until("✗ broken")
                await shows(walker, f"{name}{part}")
            await walker.find("saved/evil")
            await detail(walker, text, part)
            await switch(walker, text)
            await editor(walker, text)
            await dialogs(walker, text, part)
            await conflict_and_history(walker, text, part)
            await slot(walker, text, part)
            await complaint(walker, text, part)
    assert not raw, f"reached the terminal: {raw}"
    if text == EVIL["clipboard"]:
        reached(
            "27",
            f"presets: {len(EVIL)} texts in every field, on every screen and dialog: 0 reach the terminal raw",
        )


async def detail(walker: Walker, text: str, part: str) -> None:
    await shows(
        walker, f"name{text}", f"summary{text}", f"SLOT{text}", f"able{text}", f"agent{part}", f"evil{part}"
    )


async def switch(walker: Walker, text: str) -> None:
    await walker.press("m")
    await walker.on("SwitchModel")
    await shows(walker, f"Switch name{text} from model{text}")
    for _ in range(12):
        await walker.press("down", "f")
    await back(walker)


async def editor(walker: Walker, text: str) -> None:
    await walker.press("enter")
    await walker.on("EditorScreen")
    await shows(walker, f"name{text}", f"summary{text}", f"model{text}", f"capability able{text}")
    await walker.press("f6")
    await walker.on("Choose")
    await shows(walker, f"able{text}")
    await walker.press("escape", "f2", "f2")
    await walker.on("EditorScreen")
    await walker.press("f3")
    await walker.on("HelpScreen")
    await back(walker)
    await walker.press("slash")
    await walker.paste(f"nothing{text}")
    await shows(walker, f"No preset matches “nothing{text.splitlines()[0]}”")
    await walker.find("saved/evil")


async def dialogs(walker: Walker, text: str, part: str) -> None:
    for key, screen, shown in (
        ("f", "Choose", f"Which fix for name{text}?"),
        ("d", "Confirm", f"Delete evil{part}.json?"),
        ("c", "AskText", f"Clone name{text} as:"),
        ("r", "AskText", f"Rename name{text} to:"),
    ):
        await walker.press(key)
        await walker.on(screen)
        await shows(walker, shown)
        await back(walker)
        await walker.find("saved/evil")
    await walker.find("saved/torn")
    await walker.press("enter")
    await walker.told("Cannot be edited")
    await shows(walker, f"torn{part}.json:")
    await walker.find("saved/evil")


async def conflict_and_history(walker: Walker, text: str, part: str) -> None:
    """Fix, while another program writes; then save, look at the history and undo."""
    file = walker.saved / f"evil{part}.json"
    await walker.press("f")
    await walker.on("Choose")
    await walker.press("enter")
    await walker.on("Confirm")
    file.write_bytes(file.read_bytes() + b"\n")
    await walker.press("enter")
    await walker.until(lambda: walker.screen == "ConflictDialog" or "Not saved" in walker.toasts)
    if walker.screen == "ConflictDialog":
        await shows(walker, f"saved/{file.name} changed")
        await walker.press("m", "enter")
        await walker.until(lambda: "aved |" in walker.toasts)  # saved, or not saved
    await back(walker)
    listing = list_presets(walker_services(walker))
    view = next(view for view in listing.presets if view.entry.path == file)
    plan = plan_edit(
        walker_services(walker), listing, view, (Set(at.SUMMARY, f"later{text}"),), label=f"edit {text}"
    )
    apply(walker_services(walker), plan, force=True)
    await walker.press("h")
    await walker.on("HistoryScreen")
    await shows(walker, f"edit {text}")
    await walker.press("enter")
    await walker.on("Confirm")
    await shows(walker, f"before “edit {text}”")
    await walker.press("enter")
    await walker.told("Taken back")


async def slot(walker: Walker, text: str, part: str) -> None:
    # The fix that was saved, or met a conflict, may have been of the name.
    name = json.loads((walker.saved / f"evil{part}.json").read_bytes(), strict=False)["name"]
    assert part in name
    await walker.find("saved/evil")
    await walker.press("k")
    await walker.on("KeysScreen")
    await walker.until(lambda: walker.slot == clean(f"SLOT{text}"))
    await shows(walker, f"SLOT{text}", name)
    await walker.press("s")
    await walker.on("AskKey")
    await shows(walker, f"The key for SLOT{text}:")
    await back(walker)


async def complaint(walker: Walker, text: str, part: str) -> None:
    """Look at what the doctor says of the preset, and at the report of it."""
    await walker.press("escape", "4")
    await walker.on("DoctorScreen")
    await walker.until("remarks")
    await walker.press("slash")
    await walker.paste("saved/evil model-unknown")
    await walker.press("enter")
    await shows(walker, f"evil{part}", f"the model model{text} is not known")
    await walker.press("y")
    await walker.told("Copied")
    assert not RAW - {"\n"} & set(walker.app.clipboard)


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[Network]:
    """A server that says the same to everybody, whatever it is."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1")
    try:
        port = server.sockets[0].getsockname()[1]
        yield Network(simulated=lambda: f"http://127.0.0.1:{port}")
    finally:
        server.close()
        await server.wait_closed()


def refusal(text: str) -> bytes:
    """A refusal in the API's own envelope."""
    error = {"code": "401", "message": f"message{text}", "param": f"param{text}", "type": f"type{text}"}
    body = json.dumps({"error": error}).encode()
    return b"HTTP/1.1 401 No\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + body


def models(text: str) -> bytes:
    """A list of models of odd names."""
    body = json.dumps({"object": "list", "data": [{"id": f"model{text}", "object": "model"}]}).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + body


def page(text: str) -> bytes:
    """Text as it is, where the API should be."""
    head = f"HTTP/1.1 502 No\r\ncontent-type: text/html{text}\r\nconnection: close\r\n\r\n"
    return head.encode() + f"<html>body{text}\n{text}".encode()


def elsewhere(text: str) -> bytes:
    """A redirect to an odd place."""
    head = f"HTTP/1.1 302 No\r\nlocation: https://there{text}/\r\nconnection: close\r\n\r\n"
    return head.encode()


@pytest.mark.parametrize("answer", [refusal, models, page, elsewhere])
async def test_hostile_answers_of_a_server_are_shown_and_do_nothing(
    demo: Services,  # noqa: F811
    answer: Callable[[str], bytes],
) -> None:
    text = " ".join(EVIL.values())
    async with answering(answer(text)) as network:
        client = Client(demo.catalogue, network, pause=at_once)
        with watched() as raw:
            async with opened(replace(demo, connect=lambda: client), (90, 100)) as walker:
                await walker.find_slot("MIMO_1_API_KEY")
                await walker.press("c")
                await walker.until("Evidence")
                if answer is refusal:
                    await shows(walker, f"cn refuses the key: “message{text}”.")
                await walker.press("1")
                await walker.open("mimo-1", "t", "PresetTest")
                await walker.until("GET https://")
    assert not raw, f"reached the terminal: {raw}"


def walker_services(walker: Walker) -> Services:
    services = getattr(walker.app.screen_stack[0], "_services", None)
    assert isinstance(services, Services)
    return services


async def test_a_raw_escape_would_be_seen() -> None:
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Careless(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("a\x1bb", markup=False)

    with watched() as raw:
        async with Careless().run_test() as pilot:
            await pilot.pause()
    assert raw == {"\x1b"}


def test_the_list_of_evils_is_evil(tmp_path: Path) -> None:
    assert all(clean(text) != text or "[" in text for text in EVIL.values())
