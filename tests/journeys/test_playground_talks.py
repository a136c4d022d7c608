"""The playground under fast hands and beside other programs: each thing said goes where it was meant to go."""

import json
from dataclasses import replace
from pathlib import Path

from textual import events

from mimo_tui.core.conversation import Role
from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.tui.screens.playground import PlaygroundScreen
from mimo_tui.tui.widgets.attachments_row import AttachmentsRow
from mimo_tui.tui.widgets.prompt_area import PromptArea
from mimo_tui.tui.widgets.stream_view import StreamView
from mimo_tui.wire.http import Client, Network
from tests.journeys.test_playground import answered, revive, say, talk_with
from tests.journeys.walker import Walker, opened


async def outside(walker: Walker) -> None:
    """Leave the prompt."""
    await walker.press("escape")
    await walker.until(lambda: not isinstance(walker.app.focused, PromptArea))


async def compare(walker: Walker, screen: PlaygroundScreen, turns: int) -> None:
    """Have another model answer too, the first that is offered."""
    await walker.press("ctrl+b")
    await walker.on("Choose")
    await walker.press("enter")
    await walker.on("PlaygroundScreen")
    await answered(walker, screen, turns)
    await walker.until(lambda: screen.second.display)


async def test_keys_that_come_fast_act_on_the_conversation_for_which_they_were_pressed(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    platform.put_fault("drip=0.05/100", path="/v1/chat/completions", always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.paste("Hello")
        first = screen.talk
        await walker.burst("enter", "ctrl+n")
        await walker.until(lambda: screen.talk is not first and first.growing)
        assert screen.talk.conversation.turns == {}
        assert first.path()[0].text == "Hello"
        await walker.until("1 answer is on its way elsewhere")
        await walker.until(lambda: screen.prompt.text == "")
        # It is gone on with as it is: there is more of it than its record holds.
        await walker.press("ctrl+l")
        await walker.on("Conversations")
        await walker.until("Hello")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        assert screen.talk is first
        await walker.until("escape stops")
        await outside_by_edit(walker)
        await walker.until("; pressed again, it leaves")
        await walker.press("escape")
        await answered(walker, screen, 2)
        assert screen.talk.editing is not None
        await walker.press("escape")
        await walker.until(lambda: screen.talk.editing is None)
        await walker.burst("ctrl+r", "escape")
        await walker.until(lambda: not first.is_busy)
        assert len(first.conversation.turns) == 2
        platform.clear_faults()
        platform.put_fault("drip=0.002/2000", path="/v1/chat/completions", always=True)
        await walker.burst("ctrl+r", "ctrl+n")
        await walker.told("An answer elsewhere has ended", "“Hello”: It is answered.")
        assert screen.talk.conversation.turns == {}
        assert len(first.conversation.turns) == 3
        assert first.path()[-1].answer is not None
        await walker.until(lambda: "elsewhere" not in "\n".join(walker.lines[:4]))


async def outside_by_edit(walker: Walker) -> None:
    """Begin to change the last prompt, from outside the prompt."""
    walker.app.screen.set_focus(walker.app.screen.query_one("#talk", StreamView))
    await walker.press("e")


async def test_each_key_is_asked_about_before_it_goes_to_another_host(demo: Services) -> None:
    asked: list[bool] = []

    def connect() -> Client:
        asked.append(True)
        return Client(demo.catalogue, Network(offline=True))

    revive(demo)
    for name in ("mimo-pro", "mimo-1"):
        file = demo.places.saved / f"{name}.json"
        document = json.loads(file.read_bytes())
        document["manifest"]["llm"]["base_url"] = "https://models.example/v1"
        file.write_text(json.dumps(document), encoding="utf-8")
    async with opened(replace(demo, connect=connect), (120, 30)) as walker:
        screen = await talk_with(walker)
        await walker.until("asked before anything is sent")
        await say(walker, "Hello")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        assert not asked
        assert screen.prompt.text == "Hello"
        await walker.press("enter")
        await walker.on("Choose")
        await walker.until("Send XIAOMI_API_KEY to models.example")
        await walker.press("down", "enter")
        await walker.on("PlaygroundScreen")
        await answered(walker, screen, 2)
        await walker.until("as long as the program runs")
        assert asked
        asked.clear()
        await walker.app.run_action("place('presets')")
        await walker.on("PresetsScreen")
        await talk_with(walker, "saved/mimo-1")
        await walker.until("asked before anything is sent")
        await say(walker, "Hello again")
        await walker.on("Choose")
        await walker.until("Send MIMO_1_API_KEY to models.example")
        await walker.press("escape")
        await walker.on("PlaygroundScreen")
        assert not asked
        assert screen.prompt.text == "Hello again"
        assert not screen.talk.is_busy


async def test_the_preset_is_asked_as_its_file_is_and_not_at_all_once_it_is_gone(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    file = demo.places.saved / "mimo-pro.json"
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await outside(walker)
        await walker.press("1")
        await walker.on("PresetsScreen")
        await talk_with(walker)
        # Letters are written, wherever the focus was when one went away; so is what is pasted outside the prompt.
        await walker.write("rest")
        assert screen.prompt.text == "rest"
        await outside(walker)
        await walker.paste(" is pasted")
        await walker.until(lambda: screen.prompt.text == "rest is pasted")
        assert screen.prompt.has_focus
        file.write_bytes(file.read_bytes().replace(b"mimo-v2.6-pro", b"mimo-v2.6-flash"))
        await walker.press("enter")
        path = await answered(walker, screen, 2)
        assert path[-1].answer is not None
        assert path[-1].answer.model == "mimo-v2.6-flash"
        await walker.told("was changed by another program")
        assert "mimo-v2.6-flash" in walker.lines[1]
        file.unlink()
        requests = len(platform.log)
        await say(walker, "More")
        await walker.told("Nothing was sent", "mimo-pro.json is not there any more")
        assert screen.prompt.text == "More"
        assert len(platform.log) == requests


async def test_what_is_written_and_attached_is_never_lost(demo: Services, tmp_path: Path) -> None:
    from PIL import Image

    revive(demo)
    picture = tmp_path / "cat.jpg"
    Image.new("RGB", (64, 32)).save(picture, format="PNG")
    async with opened(demo, (100, 40)) as walker:
        screen = await talk_with(walker)
        await walker.press("f5")
        await walker.on("AskTools")
        await walker.press("f2", "ctrl+s")
        await walker.on("PlaygroundScreen")
        await say(walker, "Use get_temp for Oslo")
        await answered(walker, screen, 2)
        await walker.until("The model called get_temp and waits")
        walker.app.post_message(events.Paste(str(picture)))
        await walker.until("cat.jpg is PNG by its bytes")
        await walker.until("with 1 tool, 1 file")
        await walker.until(lambda: screen.prompt.text == "")
        (record,) = demo.sessions.records()
        await walker.write("12 degrees")
        await walker.press("enter")
        path = await answered(walker, screen, 4)
        assert path[2].role is Role.TOOL
        assert [each.name for each in screen.attachments] == ["cat.jpg"]
        await walker.write("draft")
        await outside(walker)
        await walker.press("e")
        await walker.until("Changing an earlier prompt")
        assert screen.prompt.text == "Use get_temp for Oslo"
        assert not list(screen.attachments)
        await walker.press("escape")
        await walker.until(lambda: screen.prompt.text == "draft")
        assert [each.name for each in screen.attachments] == ["cat.jpg"]
        await outside(walker)
        await walker.press("e")
        await walker.write("!")
        await walker.press("enter")
        await answered(walker, screen, 6)
        assert screen.prompt.text == "draft"
        await walker.press("ctrl+n")
        await walker.until("Write below")
        assert screen.prompt.text == "draft"
        assert screen.query_one(AttachmentsRow).display
        await walker.press("enter")
        path = await answered(walker, screen, 2)
        assert [each.name for each in path[0].attachments] == ["cat.jpg"]
        assert not list(screen.attachments)
        # A conversation that is deleted while it is open does not come back.
        (latest, _) = demo.sessions.records()
        assert latest.id != record.id
        await walker.press("ctrl+l")
        await walker.on("Conversations")
        await walker.until("draft")
        await walker.press("f8")
        await walker.on("Choose")
        await walker.press("down", "enter")
        await walker.on("Conversations")
        await walker.until(lambda: len(demo.sessions.records()) == 1)
        await walker.press("escape")
        await walker.on("PlaygroundScreen")
        await walker.until("Write below")
        await say(walker, "Afterwards")
        await answered(walker, screen, 2)
        assert {each.title for each in demo.sessions.records()} == {"Use get_temp for Oslo", "Afterwards"}


async def test_the_limit_that_f8_leaves_out_is_gone_from_the_panel_too(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (120, 40)) as walker:
        screen = await talk_with(walker)
        await walker.press("f2")
        await walker.until("frequency_penalty")
        screen.panel.go_to("max_completion_tokens")
        await walker.paste("16")
        await walker.until("with 1 parameter")
        screen.prompt.focus()
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.until("f8: leave the")
        await walker.press("f8")
        await walker.told("The limit is left out")
        await walker.until(lambda: not screen.panel.values)
        screen.panel.go_to("temperature")
        await walker.paste("0.5")
        await walker.until(lambda: screen.parameters)
        assert dict(screen.parameters) == {"temperature": 0.5}


async def test_two_answers_are_gone_on_with_where_the_mark_stands_and_reused_only_for_the_same_question(
    demo: Services,
) -> None:
    revive(demo)
    async with opened(demo, (120, 40)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await compare(walker, screen, 3)
        record = screen.talk.conversation.id
        await walker.until(lambda: demo.sessions.load(record).head == 2)
        await outside(walker)
        await walker.press("escape")
        await walker.until(lambda: not screen.second.display)
        assert screen.talk.conversation.head == 2
        assert demo.sessions.load(record).head == 2
        # With another system prompt the question is another one, and its answer is not taken for the first.
        await walker.press("f4")
        await walker.on("SystemPrompts")
        await walker.paste("Be brief.")
        await walker.press("ctrl+s")
        await walker.on("PlaygroundScreen")
        await walker.until("with system prompt")
        await walker.until(lambda: demo.sessions.load(record).system == "Be brief.")
        await compare(walker, screen, 5)
        screen.second.focus()
        await walker.until("› 2 · mimo-v2.6-flash")
        screen.prompt.focus()
        await say(walker, "And this?")
        path = await answered(walker, screen, 7)
        assert [turn.id for turn in path] == [1, 5, 6, 7]
        await walker.until(lambda: not screen.second.display)
