"""A conversation with the simulated platform, over a real socket: what comes, what is kept, what is learned."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from mimo_tui.core.catalogue import Modality
from mimo_tui.core.conversation import Attachment, Conversation, Role
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.evidence import CallOutcome
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import CannotAsk, answer, answer_call, open_calls, say
from mimo_tui.services.playground.events import Answered, Began, Grew, PlaygroundEvent
from mimo_tui.simulator.server import Served
from tests.conftest import NOW
from tests.services.conversations import (
    FLASH,
    PRO,
    SURFACES,
    WEATHER,
    answered,
    asking,
    cause,
    events,
    following,
    records,
)
from tests.simulator.files import picture


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("surface", SURFACES)
async def test_an_answer_comes_with_its_text_its_reasoning_and_what_it_cost(
    online: Services, surface: str, streamed: bool
) -> None:
    asked = asking(online, "What is a preset?", surface, streamed=streamed)
    began, *grown, ended = await events(online, asked)
    assert isinstance(began, Began)
    assert isinstance(ended, Answered)
    turn, reply = ended.turn, ended.turn.answer
    assert reply is not None
    assert began.turn == replace(turn, text="", reasoning="", thoughts=(), answer=began.turn.answer)
    assert (turn.parent, turn.role) == (asked.parent, Role.ASSISTANT)
    pieces = [each for each in grown if isinstance(each, Grew)]
    assert "".join(each.text for each in pieces) == turn.text != ""
    assert "".join(each.reasoning for each in pieces) == turn.reasoning != ""
    assert reply.usage is not None
    assert reply.cost is not None
    assert (reply.model, reply.complete, reply.simulated, reply.failure) == (PRO, True, True, None)
    assert reply.cost.currency == "CNY"
    assert reply.cost.amount > 0
    assert reply.seconds is not None
    if streamed:
        assert reply.first_token is not None
        assert 0 < reply.first_token <= reply.seconds
    else:
        assert reply.first_token is reply.tokens_a_second is None
    assert (ended.exchange.status, ended.diagnosis, ended.problem) == (200, None, "")


@pytest.mark.parametrize("surface", SURFACES)
async def test_every_event_is_kept_before_it_is_seen(online: Services, surface: str) -> None:
    asked = asking(online, "write 3000 words", surface)
    number, text = 0, ""
    async for event in answer(online, asked):
        match event:
            case Began():
                number = event.conversation
                assert number
            case Grew():
                text += event.text
                kept = online.sessions.load(number).turns[event.turn].text
                # Of the last word nothing is kept until it has ended.
                assert text.startswith(kept.rstrip()[:-20])
                assert len(text) - len(kept) < 60 or len(kept) == 0
            case Answered():
                kept_turn = online.sessions.load(number).turns[event.turn.id]
                assert kept_turn.text == event.turn.text
                assert kept_turn.answer is not None
                assert kept_turn.answer.complete
    assert [record.turns for record in records(online)] == [2]


async def test_a_conversation_goes_on_in_its_record_and_the_model_sees_all_of_it(online: Services) -> None:
    asked = asking(online, "Say exactly one")
    first, *_, ended = await events(online, asked)
    assert isinstance(first, Began)
    assert isinstance(ended, Answered)
    conversation = replace(following(asked, ended.turn), id=first.conversation)
    conversation = say(conversation, "And say exactly two", (), NOW, parent=conversation.head)
    again = await answered(online, replace(asked, conversation=conversation, parent=conversation.next_id - 1))
    assert again.turn.text == "two"
    assert [message["content"] for message in messages(again)] == [
        "Say exactly one",
        "one",
        "And say exactly two",
    ]
    assert [record.turns for record in records(online)] == [4]
    assert online.sessions.load(first.conversation).head == again.turn.id


def messages(ended: Answered) -> list[dict[str, Json]]:
    body = json.loads(ended.raw.request_body)
    found: list[dict[str, Json]] = body["messages"]
    return found


async def test_asking_again_gives_an_answer_beside_the_old_one(online: Services) -> None:
    asked = asking(online, "Hello")
    first = (await answered(online, asked)).turn
    conversation = following(asked, first)
    second = (await answered(online, replace(asked, conversation=conversation))).turn
    assert [turn.id for turn in conversation.put(second).beside(first.id)] == [first.id, second.id]


async def test_two_models_answer_at_the_same_time_below_the_same_turn(
    online: Services, served: Served
) -> None:
    served.platform.put_fault("delay=0.1", always=True)
    asked = asking(online, "Who are you?")
    other = replace(asked, target=replace(asked.target, model=FLASH))
    async with aclosing(answer(online, asked)) as mine:
        began = await anext(mine)
        assert isinstance(began, Began)
        conversation = replace(following(asked, began.turn), id=began.conversation)
        theirs = events(online, replace(other, conversation=conversation))
        left, right = await asyncio.gather(rest_of(mine), theirs)
    both = [each[-1] for each in (left, right)]
    assert [event.turn.parent for event in both if isinstance(event, Answered)] == [asked.parent] * 2
    kept = online.sessions.load(began.conversation)
    assert {turn.answer.model for turn in kept.below(asked.parent) if turn.answer} == {PRO, FLASH}
    assert all(turn.text for turn in kept.below(asked.parent))
    assert len(records(online)) == 1


async def rest_of(stream: AsyncIterator[PlaygroundEvent]) -> list[PlaygroundEvent]:
    return [event async for event in stream]


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_person_answers_a_call_and_the_reasoning_goes_back_with_it(
    online: Services, surface: str
) -> None:
    asked = asking(online, "Use get_temp for the city of Oslo", surface, tools=(WEATHER,))
    called = await answered(online, asked)
    conversation = following(asked, called.turn)
    (call,) = open_calls(conversation)
    assert call.name == "get_temp"
    assert json.loads(call.arguments)
    assert called.turn.answer is not None
    assert called.turn.answer.notes == ()
    conversation = answer_call(conversation, call.id, "21 degrees", NOW)
    assert open_calls(conversation) == ()
    told = await answered(online, replace(asked, conversation=conversation, parent=conversation.next_id - 1))
    assert "21 degrees" in told.turn.text
    assert told.diagnosis is None
    assert called.turn.reasoning in told.raw.request_body
    without = conversation.put(replace(called.turn, reasoning="", thoughts=()))
    if surface == "openai":
        refused = await answered(
            online, replace(asked, conversation=without, parent=conversation.next_id - 1)
        )
        assert cause(refused) is Cause.REASONING


async def test_an_image_goes_with_a_prompt_and_counts_as_seen_by_the_model(online: Services) -> None:
    asked = asking(online, "What is in it?")
    image = Attachment(
        Modality.IMAGE, Clean("/tmp/a.png"), Clean("a.png"), "image/png", data=picture(size=(64, 48))
    )
    conversation = say(Conversation(), "What is in it?", (image,), NOW, parent=None)
    told = await answered(online, replace(asked, conversation=conversation, parent=1))
    assert "64×48" in told.turn.text
    assert "characters left out" in told.raw.request_body
    assert len(told.raw.request_body) < 1000
    assert [call.what for call in online.observations.calls()] == ["image"]


GONE = Attachment(Modality.IMAGE, Clean("/tmp/a.png"), Clean("a.png"), "image/png")


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_file_that_is_not_here_any_more_is_left_out_and_the_answer_says_so(
    online: Services, surface: str
) -> None:
    conversation = say(Conversation(), "Say exactly one", (GONE,), NOW, parent=None)
    told = await answered(online, replace(asking(online, "x", surface), conversation=conversation, parent=1))
    assert told.turn.text == "one"
    assert told.turn.answer is not None
    assert told.turn.answer.notes == ("a.png is not here any more and was left out.",)
    assert [call.what for call in online.observations.calls()] == [""]


async def test_nothing_but_a_file_that_is_not_here_any_more_sends_nothing(
    online: Services, served: Served
) -> None:
    conversation = say(Conversation(), "", (GONE,), NOW, parent=None)
    with pytest.raises(CannotAsk, match=r"a\.png is not here any more: attach it again"):
        await events(online, replace(asking(online, "x"), conversation=conversation, parent=1))
    assert not served.platform.log
    assert not records(online)


async def test_sound_for_the_anthropic_surface_is_said_to_be_left_out(online: Services) -> None:
    sound = Attachment(Modality.AUDIO, Clean("https://example.com/a.mp3"), Clean("a.mp3"), "audio/mpeg")
    asked = asking(online, "Listen", "anthropic")
    conversation = say(Conversation(), "Listen", (sound,), NOW, parent=None)
    told = (await answered(online, replace(asked, conversation=conversation, parent=1))).turn.answer
    assert told is not None
    assert told.notes == ("Left out, since this surface takes images only: audio.",)


# Records.


async def test_with_records_off_nothing_is_written_and_the_answer_comes_all_the_same(
    online: Services,
) -> None:
    online.places.settings.parent.mkdir(parents=True, exist_ok=True)
    online.places.settings.write_text("[playground]\nkeep = false\ncurrency = 'USD'\n")
    began, *_, ended = await events(online, asking(online, "Hello"))
    assert isinstance(began, Began)
    assert isinstance(ended, Answered)
    assert (began.conversation, ended.problem) == (0, "")
    assert ended.turn.text
    assert ended.turn.answer is not None
    assert ended.turn.answer.cost is not None
    assert ended.turn.answer.cost.currency == "USD"
    assert not online.places.sessions.exists()


async def test_records_that_cannot_be_written_are_told_and_the_answer_comes_all_the_same(
    online: Services,
) -> None:
    online.places.sessions.parent.mkdir(parents=True, exist_ok=True)
    online.places.sessions.write_bytes(b"no database at all, but some other file" * 100)
    told = await answered(online, asking(online, "Hello"))
    assert told.turn.text
    assert told.problem.startswith("Not kept: ")


# What is learned.


async def test_an_answer_is_evidence_with_its_tokens_and_the_requests_of_the_minute(online: Services) -> None:
    asked = asking(online, "Hello")
    for _ in range(3):
        told = await answered(online, asked)
    (call,) = online.observations.calls()
    assert told.turn.answer is not None
    usage = told.turn.answer.usage
    assert usage is not None
    assert (call.outcome, call.requests_in_minute) == (CallOutcome.ANSWERED, 3)
    assert (call.input_tokens, call.output_tokens) == (usage.prompt, usage.completion)


@pytest.mark.parametrize(
    ("text", "parameters", "what"),
    [
        ("Give JSON", {"response_format.type": "json_object"}, "structured_output"),
        ("Hello", {}, ""),
    ],
)
async def test_what_was_used_is_noted_with_the_call(
    online: Services, text: str, parameters: dict[str, Json], what: str
) -> None:
    await answered(online, asking(online, text, parameters=parameters))
    assert [call.what for call in online.observations.calls()] == [what]
