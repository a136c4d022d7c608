"""A request as a program: curl and both SDKs send what we send, whatever stands in it, and never the key."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from mimo_tui.core.conversation import Attachment, Conversation
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import Modality
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import Asking
from mimo_tui.services.playground.attaching import attach
from mimo_tui.services.playground.copying import MASKED
from mimo_tui.services.playground.exporting import CannotCopy, as_curl, as_python, slot_of
from mimo_tui.services.playground.records import every_secret
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.simulator.accounts import SAMPLE_GOOD
from mimo_tui.simulator.server import Served
from mimo_tui.wire.http import Client, Network
from tests.clients.call import HOST
from tests.clients.recording import Recorder, recording
from tests.conftest import NOW, at_once
from tests.services.conversations import PRO, SURFACES, WEATHER, a_preset, answered, asking
from tests.simulator.files import picture

HOSTILE = (
    'It\'s "quoted" $HOME `id` $(id) !! !e \\ \\n \\\\ %s %n\n'
    "'; exit 3; echo '\n\tEND\nJSON\n\x1b]0;x\x07 \u202e \U000e0041 \U0001f600 中文\n{'a': \"b\"} </script>"
)
PARAMETERS: dict[str, Json] = {"thinking.type": "disabled", "temperature": 0.3, "top_p": 0.5}


@pytest.fixture
async def recorder(served: Served) -> AsyncIterator[Recorder]:
    """What stands before the platform and keeps what is asked."""
    async with recording(served.origin) as found:
        yield found


@pytest.fixture
async def heard(services: Services, recorder: Recorder) -> AsyncIterator[Services]:
    """Services whose requests go by the recorder."""
    client = Client(
        services.catalogue, Network(simulated=lambda: recorder.origin), now=lambda: NOW, pause=at_once
    )
    yield replace(services, connect=lambda: client)
    await client.aclose()


def a_question(services: Services, surface: str, folder: Path) -> Asking:
    """Give a question with hostile text, a picture from a file, a tool and parameters."""
    path = folder / "it's a $(picture).png"
    path.write_bytes(picture())
    asked = asking(services, "x", surface, parameters=PARAMETERS, tools=(WEATHER,))
    picture_there = attach(services, str(path), surface=asked.target.endpoint.surface, model=PRO).attachment
    turn = replace(asked.conversation.turns[1], text=HOSTILE, attachments=(picture_there,))
    conversation = replace(asked.conversation.put(turn), system=f"Be “brief”. {HOSTILE}")
    return replace(asked, conversation=conversation)


async def run(program: list[str], script: str, recorder: Recorder, slot: str) -> str:
    """Run a program with the key in its slot, against the platform."""
    names = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = {
        **names,
        slot: SAMPLE_GOOD,
        "ANTHROPIC_API_KEY": "sk-ant-not-for-mimo",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    written = script.replace("https://", f"{recorder.origin}/")
    out, err = await process.communicate(written.encode())
    assert process.returncode == 0, err.decode()
    return out.decode()


@pytest.mark.parametrize("surface", SURFACES)
async def test_curl_sends_what_we_send(
    heard: Services, recorder: Recorder, surface: str, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    asked = a_question(heard, surface, tmp_path)
    script = as_curl(asked, slot_of(a_preset(heard, surface)))
    await answered(heard, asked)
    said = await run(["/bin/sh", "-s"], script, recorder, "XIAOMI_API_KEY")
    ours, theirs = recorder.exchanged
    assert theirs.path == f"/{HOST}{ours.path}"
    assert theirs.body == ours.body
    assert "data:" in said
    assert "error" not in said


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_program_in_python_sends_what_we_send(
    heard: Services, recorder: Recorder, surface: str, tmp_path: Path
) -> None:
    asked = a_question(heard, surface, tmp_path)
    ended = await answered(heard, asked)
    said = await run([sys.executable, "-"], as_python(asked, "XIAOMI_API_KEY"), recorder, "XIAOMI_API_KEY")
    ours, theirs = recorder.exchanged
    # One SDK wants a limit, and the service needs none.
    wanted = theirs.body if surface == "openai" else {**ours.body, "max_tokens": theirs.body["max_tokens"]}
    assert theirs.path == f"/{HOST}{ours.path}"
    assert theirs.body == wanted
    assert said == f"{ended.turn.text}\n"


@pytest.mark.parametrize("surface", ["openai", pytest.param("anthropic", marks=pytest.mark.long)])
async def test_an_answer_that_is_not_streamed_is_printed_as_a_whole(
    heard: Services, recorder: Recorder, surface: str
) -> None:
    asked = asking(heard, "say exactly wh“o”le", surface, streamed=False)
    python = as_python(asked, "XIAOMI_API_KEY", simulated=True)
    assert python.startswith("# SIMULATED")
    assert await run([sys.executable, "-"], python, recorder, "XIAOMI_API_KEY") == "wh“o”le\n"
    curl = as_curl(asked, "XIAOMI_API_KEY", simulated=True)
    assert curl.startswith("# SIMULATED")
    assert "wh“o”le" in await run(["/bin/sh", "-s"], curl, recorder, "XIAOMI_API_KEY")
    assert [each.body["stream"] for each in recorder.exchanged if "stream" in each.body] == [False]


@pytest.mark.parametrize("surface", SURFACES)
def test_no_key_is_in_a_program_though_a_person_typed_it(services: Services, surface: str) -> None:
    asked = asking(services, "x", surface)
    key, other = asked.target.key, Secret("Xk.*+?[a]{2}(b|c)$^\\d/Canary=")
    text = f"my key is {key.reveal()}, or {other.reveal()}, or sk-Canary0123456789abc"
    turn = replace(asked.conversation.turns[1], text=text)
    asked = replace(asked, conversation=replace(asked.conversation.put(turn), system=text))
    for written in (as_curl(asked, "S", (other,)), as_python(asked, "S", (other,))):
        assert "my key is ••••••" in written
        assert key.reveal() not in written
        assert "Canary" not in written
        assert MASKED in written
        assert not any(not sign.isprintable() and sign != "\n" for sign in written)


def test_what_only_fills_the_place_of_a_key_is_not_masked(services: Services) -> None:
    asked = asking(services, "Echo !x and x")
    asked = replace(asked, target=replace(asked.target, key=Secret("x")))
    secrets = every_secret(list_presets(services))
    for written in (as_curl(asked, "S", secrets), as_python(asked, "S", secrets)):
        assert "Echo !x and x" in written
        assert MASKED not in written


def test_what_came_by_a_pipe_is_in_no_file_that_a_program_could_read(services: Services) -> None:
    asked = asking(services, "x")
    piped = Attachment(Modality.IMAGE, clean("-"), clean("standard input"), "image/png", data=b"x")
    turn = replace(asked.conversation.turns[1], attachments=(piped,))
    asked = replace(asked, conversation=asked.conversation.put(turn))
    for write in (as_curl, as_python):
        with pytest.raises(CannotCopy, match="standard input"):
            write(asked, "S")
        with pytest.raises(CannotCopy, match="say something first"):
            write(replace(asked, conversation=Conversation()), "S")


def test_a_picture_on_the_web_goes_by_its_address(services: Services) -> None:
    asked = asking(services, "x")
    there = Attachment(Modality.IMAGE, clean("https://a.example/b.png"), clean("b.png"), "image/png")
    turn = replace(asked.conversation.turns[1], attachments=(there,))
    asked = replace(asked, conversation=asked.conversation.put(turn))
    assert '"url": "https://a.example/b.png"' in as_curl(asked, "S")
    assert "in_base64" not in as_python(asked, "S")


def test_the_slot_is_that_of_the_preset_or_the_usual_one(services: Services) -> None:
    slots = {str(view.name): slot_of(view) for view in list_presets(services).presets}
    assert slots["mimo-1"] == "MIMO_1_API_KEY"
    assert slots["no-slot"] == "MIMO_API_KEY"
    assert '"Authorization: Bearer $MIMO_API_KEY"' in as_curl(asking(services, "x"), "A; rm -rf $HOME")
