"""The playground: ask, stop, edit, ask again, compare, attach, mend what failed, and go on where one was."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from textual import events
from textual.binding import Binding

from mimo_tui.core.conversation import Answer, Conversation, Role, ToolCall, Turn
from mimo_tui.core.model import Wire
from mimo_tui.core.text import clean
from mimo_tui.core.usage import Usage
from mimo_tui.core.written_tools import EXAMPLE
from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.tui.screens.playground import PlaygroundScreen
from mimo_tui.tui.widgets.stream_view import StreamView
from mimo_tui.wire.http import Client, Network
from tests.journeys.conftest import Open
from tests.journeys.stages import KEY
from tests.journeys.walker import Walker, opened

GOOD = "saved/mimo-pro"
SLOWLY = "drip=0.01/200"


def revive(services: Services) -> None:
    """Have the preset name a model that is offered at the time of the tests."""
    file = services.places.saved / "mimo-pro.json"
    file.write_bytes(file.read_bytes().replace(b"mimo-v2.5-pro", b"mimo-v2.6-pro"))


async def talk_with(walker: Walker, name: str = GOOD) -> PlaygroundScreen:
    """Open the playground with a preset."""
    await walker.find(name)
    await walker.press("p")
    await walker.on("PlaygroundScreen")
    shown = walker.app.screen
    assert isinstance(shown, PlaygroundScreen)
    await walker.until(lambda: shown.view is not None and shown.view.reference.startswith(name))
    return shown


async def say(walker: Walker, text: str) -> None:
    """Write a prompt and send it."""
    await walker.paste(text)
    await walker.press("enter")


async def speaking(walker: Walker, screen: PlaygroundScreen) -> None:
    """Wait until a part of an answer has come."""
    await walker.until(lambda: any(turn.role is Role.ASSISTANT and turn.text for turn in screen.talk.path()))


async def answered(walker: Walker, screen: PlaygroundScreen, turns: int) -> tuple[Turn, ...]:
    """Wait until so many turns were said and none is on its way; gives those that are shown."""
    await walker.until(lambda: len(screen.talk.conversation.turns) == turns and not screen.talk.is_busy)
    return screen.talk.path()


async def test_a_prompt_is_answered_and_the_line_below_says_what_it_took(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.until("Write below, and enter sends it.")
        assert "mimo-v2.6-pro" in walker.text
        await say(walker, "Hello")
        user, answer = await answered(walker, screen, 2)
        assert (user.text, user.role, answer.role) == ("Hello", Role.USER, Role.ASSISTANT)
        await walker.until("· stop")
        assert " in" in walker.text
        assert " out" in walker.text
        await walker.until("so far")
        assert walker.lines[0].endswith("SIMULATED")
        assert "SIMULATED" in walker.lines[1]
        assert screen.prompt.text == ""
        await walker.press("ctrl+o")
        await walker.on("RawExchange")
        await walker.until("chat/completions")
        await walker.press("escape")
        await walker.on("PlaygroundScreen")
        await walker.press("escape", "home")
        await walker.until("▸ reasoning")
        await walker.press("z")
        await walker.until("▾ reasoning")
        await walker.press("y")
        await walker.told("Copied")


async def test_escape_stops_an_answer_and_a_second_one_leaves_the_prompt(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    platform.put_fault(SLOWLY, path="/v1/chat/completions", always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Tell me a long story")
        await walker.until("escape stops")
        await speaking(walker, screen)
        await walker.press("escape")
        _, answer = await answered(walker, screen, 2)
        assert answer.text
        assert answer.answer is not None
        assert answer.answer.stopped
        await walker.until("· stopped")
        await walker.press("escape")
        await walker.until(lambda: isinstance(walker.app.focused, StreamView))
        await walker.press("1")
        await walker.on("PresetsScreen")


async def test_one_can_write_while_it_streams_and_what_is_sent_meanwhile_stays(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    platform.put_fault(SLOWLY, path="/v1/chat/completions", always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Tell me a long story")
        await speaking(walker, screen)
        await walker.write("next")
        assert screen.prompt.text == "next"
        await walker.press("enter")
        await walker.told("Not sent")
        assert screen.prompt.text == "next"
        await walker.press("escape")
        await answered(walker, screen, 2)


async def test_an_answer_goes_on_while_one_is_at_another_place(demo: Services, platform: Platform) -> None:
    revive(demo)
    platform.put_fault("drip=0.002/400", path="/v1/chat/completions", always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await walker.until("escape stops")
        await walker.app.run_action("place('presets')")
        await walker.on("PresetsScreen")
        _, answer = await answered(walker, screen, 2)
        assert answer.answer is not None
        assert answer.answer.complete


async def test_leaving_the_program_keeps_what_came(demo: Services, platform: Platform) -> None:
    from mimo_tui.services.playground import records

    revive(demo)
    platform.put_fault(SLOWLY, path="/v1/chat/completions", always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Tell me a long story")
        await speaking(walker, screen)
        await walker.press("ctrl+q")
    found = records.load(demo, demo.sessions.records()[0].id)
    answer = found.path()[-1]
    assert answer.text
    assert answer.answer is not None
    assert not answer.answer.complete
    demo.sessions.close()


async def test_a_changed_prompt_and_a_second_answer_stand_beside_what_was_there(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "One")
        await answered(walker, screen, 2)
        await walker.press("escape", "e")
        await walker.until("Changing an earlier prompt")
        assert screen.prompt.text == "One"
        await walker.write(" more")
        await walker.press("enter")
        path = await answered(walker, screen, 4)
        assert path[0].text == "One more"
        await walker.press("escape", "home")
        await walker.until("2 of 2")
        await walker.press("left_square_bracket")
        await walker.until("1 of 2")
        assert screen.talk.path()[0].text == "One"
        await walker.press("right_square_bracket")
        await walker.until("2 of 2")
        await walker.press("e")
        await walker.until("Changing an earlier prompt")
        await walker.press("escape")
        await walker.until(lambda: "Changing" not in walker.text)
        assert screen.prompt.text == ""
        await walker.press("ctrl+r")
        path = await answered(walker, screen, 5)
        assert [turn.id for turn in path] == [3, 5]


def models(screen: PlaygroundScreen) -> set[str]:
    return {turn.answer.model for turn in screen.talk.conversation.turns.values() if turn.answer}


async def test_two_models_answer_side_by_side_and_one_is_gone_on_with(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (120, 40)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.press("ctrl+b")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        # What the first model answered already is not paid for again.
        await walker.until(lambda: len(screen.talk.conversation.turns) == 3 and not screen.talk.is_busy)
        await walker.until(lambda: screen.second.display)
        assert len(models(screen)) == 2
        screen.second.focus()
        await walker.press("escape")
        await walker.until(lambda: not screen.second.display)
        assert screen.talk.conversation.head == 3
        screen.prompt.focus()
        await walker.write("And this?")
        await walker.press("ctrl+b")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        await walker.until(lambda: len(screen.talk.conversation.turns) == 6 and not screen.talk.is_busy)
        await walker.until(lambda: screen.second.display)
        (prompt,) = [turn for turn in screen.talk.conversation.turns.values() if turn.text == "And this?"]
        assert len(screen.talk.conversation.below(prompt.id)) == 2
        assert screen.prompt.text == ""


async def test_a_wrong_file_is_refused_with_a_sentence_and_nothing_is_sent(
    demo: Services, platform: Platform, tmp_path: Path
) -> None:
    revive(demo)
    wrong = tmp_path / "notes.txt"
    wrong.write_text("no picture", encoding="utf-8")
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.press("ctrl+t")
        await walker.on("AskText")
        await walker.paste(str(wrong))
        await walker.press("enter")
        await walker.told("Not attached", "notes.txt")
        await walker.on("AskText")
        assert "notes.txt" in walker.text  # to be mended rather than typed again
        await walker.press("escape")
        await walker.on("PlaygroundScreen")
        assert screen.attachments == ()
        assert platform.log == ()


async def test_a_picture_that_is_dropped_is_attached_and_the_path_is_gone_from_the_prompt(
    demo: Services, tmp_path: Path
) -> None:
    from PIL import Image

    revive(demo)
    picture = tmp_path / "a cat.png"
    Image.new("RGB", (64, 32)).save(picture)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        walker.app.post_message(events.Paste(f"'{picture}'"))
        await walker.until(lambda: screen.attachments)
        await walker.until("a cat.png · 64×32")
        await walker.until(lambda: screen.prompt.text == "")
        await walker.press("shift+tab", "delete")
        await walker.until(lambda: not screen.attachments)
        await walker.paste("/no/such/file.png")
        assert screen.prompt.text == "/no/such/file.png"


async def test_a_refused_key_is_mended_in_keys_and_the_prompt_is_sent_again(demo: Services) -> None:
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker, "saved/mimo-1")
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.until("✗ ")
        await walker.until("f8: go to the key")
        await walker.press("f8")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "MIMO_1_API_KEY")
        await walker.press("s")
        await walker.on("AskKey")
        await walker.paste(KEY)
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.on("KeysScreen")
        await walker.press("5")
        await walker.on("PlaygroundScreen")
        await walker.until(lambda: screen.view is not None and screen.view.key is not None)
        await walker.press("ctrl+r")
        path = await answered(walker, screen, 3)
        failure = path[-1].answer.failure if path[-1].answer is not None else None
        assert failure is None or "key" not in failure.cause


async def test_a_retired_model_is_switched_in_the_preset_and_asked_again(demo: Services) -> None:
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.until("f8: switch to another model")
        await walker.press("f8")
        await walker.on("SwitchModel")
        await walker.press("enter")
        await walker.until(lambda: walker.screen in ("PlaygroundScreen", "Confirm"))
        if walker.screen == "Confirm":
            await walker.press("enter")
        await walker.on("PlaygroundScreen")
        await walker.until(lambda: "mimo-v2.6" in walker.lines[1])
        await walker.press("ctrl+r")
        path = await answered(walker, screen, 3)
        assert path[-1].text
        await walker.press("escape", "home")
        await walker.until("2 of 2")


async def test_a_tools_answer_is_written_by_the_person(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.press("f5")
        await walker.on("AskTools")
        await walker.press("f2")
        await walker.press("ctrl+s")
        await walker.on("PlaygroundScreen")
        assert screen.tools == EXAMPLE
        await say(walker, "Use get_temp for Oslo")
        await answered(walker, screen, 2)
        await walker.until("→ calls get_temp")
        await walker.until("The model called get_temp and waits")
        await say(walker, "12 degrees")
        path = await answered(walker, screen, 4)
        assert [turn.role for turn in path][2:] == [Role.TOOL, Role.ASSISTANT]
        await walker.press("escape", "home")
        await walker.until("Answer to get_temp")
        await walker.until(lambda: "The model called" not in walker.text)


async def test_what_was_written_before_comes_back_with_up_and_the_draft_with_down(demo: Services) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        for number, text in enumerate(("first", "second"), 1):
            await say(walker, text)
            await answered(walker, screen, 2 * number)
        await walker.write("draft")
        await walker.press("up")
        await walker.until(lambda: screen.prompt.text == "second")
        await walker.press("up")
        await walker.until(lambda: screen.prompt.text == "first")
        await walker.press("down", "down")
        await walker.until(lambda: screen.prompt.text == "draft")


async def test_a_preset_without_a_key_says_so_and_f8_goes_to_its_slot(
    demo: Services, platform: Platform
) -> None:
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker, "saved/mimo-go")
        await walker.until("has no key")
        await say(walker, "Hello")
        await walker.told("Nothing was sent")
        assert screen.prompt.text == "Hello"
        await walker.press("f8")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "OPENCODE_GO_API_KEY")
        assert platform.log == ()


async def test_offline_it_says_so_and_sends_nothing(demo: Services, platform: Platform) -> None:
    revive(demo)
    offline = replace(demo, connect=lambda: Client(demo.catalogue, Network(offline=True)))
    async with opened(offline, (80, 24), offline=True) as walker:
        screen = await talk_with(walker)
        await walker.until("Nothing can be sent: the program is offline")
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.until("Nothing was sent")
        assert platform.log == ()


async def test_another_conversation_is_begun_and_the_first_is_found_again_and_gone_on_with(
    demo: Services,
) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.press("ctrl+n")
        await walker.until("Write below, and enter sends it.")
        assert screen.talk.conversation.turns == {}
        await walker.press("ctrl+l")
        await walker.on("Conversations")
        await walker.until("Hello")
        await walker.paste("hello")
        await walker.until("Hello")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        assert screen.talk.path()[0].text == "Hello"
        await walker.press("ctrl+s")
        await walker.on("PromptSearch")
        await walker.until("Hello")
        await walker.press("enter")
        await walker.until(lambda: screen.prompt.text == "Hello")
        await walker.press("enter")
        await answered(walker, screen, 4)
    assert len(demo.sessions.records()) == 1


async def test_the_place_asks_which_preset_where_several_could_be_meant(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.press("escape", "5")
        await walker.on("Choose")
        await walker.until("Talk with which preset?")
        await walker.press("enter")
        await walker.on("PlaygroundScreen")
        await walker.until("Write below")
        await walker.press("escape", "1")
        await walker.on("PresetsScreen")
        await walker.press("5")
        await walker.on("PlaygroundScreen")
        assert "No preset" not in walker.lines[1]


async def test_parameters_that_are_set_in_the_panel_are_sent_along(
    demo: Services, platform: Platform
) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.press("f2")
        await walker.until("frequency_penalty")
        await walker.until(
            lambda: screen.panel in (walker.app.focused.ancestors if walker.app.focused else ())
        )
        screen.panel.go_to("max_completion_tokens")
        await walker.write("16")
        await walker.press("escape")
        await walker.until("Write below, and enter sends it.")
        await say(walker, "Hello")
        path = await answered(walker, screen, 2)
        assert path[-1].answer is not None
        assert path[-1].answer.parameters == {"max_completion_tokens": 16}
        await walker.until("f8: leave the limit")
        await walker.press("f8", "ctrl+r")
        path = await answered(walker, screen, 3)
        assert path[-1].answer is not None
        assert path[-1].answer.parameters == {}


async def test_a_request_is_copied_without_the_key_and_a_conversation_is_written_into_a_file(
    demo: Services, tmp_path: Path
) -> None:
    revive(demo)
    async with opened(demo, (80, 24)) as walker:
        screen = await talk_with(walker)
        await walker.press("f4")
        await walker.on("SystemPrompts")
        await walker.paste("Be brief.")
        await walker.press("ctrl+s")
        await walker.on("PlaygroundScreen")
        assert screen.talk.conversation.system == "Be brief."
        await say(walker, "Hello")
        await answered(walker, screen, 2)
        await walker.press("f9")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.told("Copied")
        assert screen.view is not None
        assert screen.view.key is not None
        assert "$XIAOMI_API_KEY" in walker.app.clipboard
        assert screen.view.key.secret.reveal() not in walker.app.clipboard
        for ending in ("md", "json"):
            file = tmp_path / f"said.{ending}"
            await walker.press("f10")
            await walker.on("AskText")
            await walker.paste(str(file))
            await walker.press("enter")
            await walker.on("PlaygroundScreen")
            await walker.until(file.exists)
            assert "Be brief." in file.read_text(encoding="utf-8")


def test_every_action_that_a_key_names_can_be_carried_out() -> None:
    from mimo_tui.tui.playground_actions import ACTIONS

    named = {
        binding.action.split("'")[1]
        for binding in PlaygroundScreen.BINDINGS
        if isinstance(binding, Binding) and binding.action.startswith("act(")
    }
    assert named == set(ACTIONS)


async def test_hostile_text_reaches_the_screen_as_signs_only(demo: Services) -> None:
    hostile = "a\x1b]52;c;eA==\x07b\u202ec\x9bd [/foo] [@click=app.bell]x[/] [$slot]"
    key = "sk-" + "c4n4ry" * 8
    at = demo.now()
    answer = Answer(
        clean(hostile),
        Wire.CHAT_COMPLETIONS,
        clean(hostile),
        finish=clean(hostile),
        complete=True,
        usage=Usage(1, 1),
    )
    turns = (
        Turn(1, None, Role.USER, at, f"{hostile} {key}"),
        Turn(
            2,
            1,
            Role.ASSISTANT,
            at,
            hostile,
            hostile,
            calls=(ToolCall("1", hostile, hostile),),
            answer=answer,
        ),
    )
    said = Conversation(MappingProxyType({turn.id: turn for turn in turns}), 2, hostile, clean(hostile))
    revive(demo)
    async with opened(demo, (120, 40)) as walker:
        screen = await talk_with(walker)
        screen.open(said)
        await walker.until("→ calls a␛]52")
        await walker.until("[/foo] [@click=app.bell]x[/] [$slot]")
        assert not set(walker.text) & set("\x1b\x07\x9b\u202e")
        assert key not in walker.text.replace("\n", "")
        await walker.until("The model called a␛")
        await walker.press("escape", "e")
        await walker.until("Changing an earlier prompt")
        assert not set(walker.text) & set("\x1b\x07\x9b\u202e")
