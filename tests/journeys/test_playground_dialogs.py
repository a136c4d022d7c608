"""The panels and dialogs of the playground, where they stand: what is set is sent, what was said is found again."""

import json
from pathlib import Path

from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import save_system_prompt
from mimo_tui.simulator.platform import Platform
from mimo_tui.tui.widgets.parameters_panel import ParametersPanel
from mimo_tui.tui.widgets.stream_view import StreamView
from tests.journeys.test_playground import answered, revive, say, talk_with
from tests.journeys.walker import opened


async def test_what_is_set_is_sent_and_stands_in_the_raw_request_and_in_every_copy(
    demo: Services, tmp_path: Path
) -> None:
    revive(demo)
    there, new = tmp_path / "there.md", tmp_path / "new.json"
    there.write_text("mine", encoding="utf-8")
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        key = screen.view.key if screen.view is not None else None
        await walker.press("f2")
        await walker.until("Parameters of mimo-v2.6-pro")
        screen.query_one(ParametersPanel).go_to("max_completion_tokens")
        await walker.paste("77")
        await walker.until("· 1 set")
        await walker.press("escape")
        await walker.until(lambda: screen.prompt.has_focus)
        await say(walker, "Hello, abc !x is no key and sk-0123456789abcdef may be one")
        await answered(walker, screen, 2)
        await walker.press("ctrl+o")
        await walker.on("RawExchange")
        await walker.until('"max_completion_tokens": 77')
        await walker.press("escape")
        await walker.on("PlaygroundScreen")
        await walker.press("escape")
        await walker.until(lambda: isinstance(walker.app.focused, StreamView))
        found: list[str] = []
        for number in range(4):
            await walker.press("k")
            await walker.on("Choose")
            await walker.press(*["down"] * number, "enter")
            await walker.on("PlaygroundScreen")
            await walker.until(lambda: walker.app.clipboard not in found)
            found.append(walker.app.clipboard)
        curl, python, markdown, document = found
        assert "$XIAOMI_API_KEY" in curl
        assert '"max_completion_tokens": 77' in curl
        assert "os.environ['XIAOMI_API_KEY']" in python
        assert markdown.startswith("# ")
        for text in found:
            assert "Hello, abc !x is no key and sk-•••••• may be one" in text
        await walker.told("without the key. What may be a key stood in it, and is masked: ••••••")
        assert json.loads(document)["simulated"]
        await walker.press("x")
        for name in (there, new):
            await walker.on("AskText")
            await walker.press("ctrl+u")
            await walker.paste(str(name))
            await walker.press("enter")
            if name is there:
                await walker.until("is there already and stays as it is")
        await walker.on("PlaygroundScreen")
        await walker.told("Written | ")
        assert there.read_text(encoding="utf-8") == "mine"
        assert json.loads(new.read_text(encoding="utf-8")) == json.loads(document)
        assert key is not None
        assert not any(key.secret.reveal() in each for each in (*found, walker.text))


async def test_a_system_prompt_is_taken_and_a_conversation_found_again_and_gone_on_with(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    save_system_prompt(demo, "pirate", "Speak like a pirate.")
    async with opened(demo, (100, 30)) as walker:
        screen = await talk_with(walker)
        await walker.press("f4")
        await walker.on("SystemPrompts")
        await walker.until("pirate")
        await walker.press("tab", "enter")
        await walker.until("Speak like a pirate.")
        await walker.press("ctrl+s")
        await walker.on("PlaygroundScreen")
        assert platform.log == ()
        await say(walker, "Tell me of needles")
        await answered(walker, screen, 2)
        (record,) = demo.sessions.records()
        assert demo.sessions.load(record.id).system == "Speak like a pirate."
        await walker.press("ctrl+n")
        await walker.until("Write below")
        await walker.press("ctrl+l")
        await walker.on("Conversations")
        await walker.paste("needle")
        await walker.until("Tell me of needles")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        await say(walker, "More")
        await answered(walker, screen, 4)
        assert len(demo.sessions.records()) == 1
        await walker.press("ctrl+s")
        await walker.on("PromptSearch")
        await walker.paste("needle")
        await walker.until("Tell me of needles")
        await walker.press("enter")
        await walker.until(lambda: screen.prompt.text == "Tell me of needles")


async def test_the_second_answer_is_gone_on_with_by_enter(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (120, 40)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.press("ctrl+b")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        await answered(walker, screen, 3)
        await walker.until("2 · mimo-v2.6-flash")
        screen.second.focus()
        await walker.until("› 2 · mimo-v2.6-flash")
        await walker.press("enter")
        await walker.until(lambda: screen.talk.conversation.head == 3)
        await walker.until(lambda: "2 · mimo" not in walker.text)
