"""What is said is kept when it is said, whoever else writes or deletes meanwhile, and what is not kept is told."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from mimo_tui.core.conversation import Conversation
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import Asking, answer, answer_call, say
from mimo_tui.services.playground.events import Answered, Began
from mimo_tui.services.playground.keeping import keep_said
from mimo_tui.store import sqlite_file
from tests.conftest import NOW
from tests.services.conversations import FLASH, answered, asking, events, following, records


def texts(services: Services, record: int) -> list[str]:
    return [turn.text for turn in services.sessions.load(record).turns.values()]


def said(conversation: Conversation, text: str) -> Conversation:
    return say(conversation, text, (), NOW, parent=conversation.head)


async def begun(services: Services, text: str) -> tuple[Asking, Conversation]:
    """Give a question, and the conversation after its answer, as it is kept."""
    asked = asking(services, text)
    first, *_, last = await events(services, asked)
    assert isinstance(first, Began)
    assert isinstance(last, Answered)
    return asked, replace(following(asked, last.turn), id=first.conversation)


def go_on(asked: Asking, conversation: Conversation) -> Asking:
    assert conversation.head is not None
    return replace(asked, conversation=conversation, parent=conversation.head)


def write_settings(services: Services, text: str) -> None:
    services.places.settings.parent.mkdir(parents=True, exist_ok=True)
    services.places.settings.write_text(text)


def test_a_prompt_and_what_a_tool_gave_are_kept_before_anything_is_asked(services: Services) -> None:
    assert keep_said(services, Conversation(system="be kind")) == (0, "")
    assert not services.places.sessions.exists()
    told = said(Conversation(system="be kind"), "Hello")
    number, problem = keep_said(services, told)
    assert (problem, texts(services, number)) == ("", ["Hello"])
    told = answer_call(replace(told, id=number, system="be brief"), "call_1", "21 degrees", NOW)
    assert keep_said(services, told) == (number, "")
    kept = services.sessions.load(number)
    assert (texts(services, number), kept.system) == (["Hello", "21 degrees"], "be brief")


def test_a_key_in_a_prompt_is_not_kept(services: Services) -> None:
    key = "Another0Key1With2No3Prefix"
    services.places.env_file.write_text(f"UNKNOWN_API_KEY={key}\n")
    number, _ = keep_said(services, said(Conversation(), f"is {key} right?"))
    assert texts(services, number) == ["is •••••• right?"]


async def test_what_was_kept_when_it_was_said_is_the_record_of_its_answer(online: Services) -> None:
    asked = asking(online, "Hello")
    number, _ = keep_said(online, asked.conversation)
    began, *_ = await events(online, replace(asked, conversation=replace(asked.conversation, id=number)))
    assert isinstance(began, Began)
    assert (began.conversation, [record.turns for record in records(online)]) == (number, [2])


async def test_going_on_beside_another_program_loses_nothing_and_is_said(online: Services) -> None:
    asked, mine = await begun(online, "Say exactly one")
    theirs = said(mine, "THEIRS")
    assert keep_said(online, theirs) == (mine.id, "")
    began, *_, last = await events(online, go_on(asked, said(mine, "Say exactly two")))
    assert isinstance(began, Began)
    assert isinstance(last, Answered)
    assert began.conversation != mine.id
    assert last.problem.startswith("Another program went on with this conversation meanwhile")
    assert texts(online, mine.id) == ["Say exactly one", "one", "THEIRS"]
    assert texts(online, began.conversation) == ["Say exactly one", "one", "Say exactly two", "two"]
    number, problem = keep_said(online, said(mine, "MINE TOO"))
    assert (number != mine.id, problem) == (True, last.problem)


async def test_a_deleted_conversation_does_not_come_back_with_what_is_said_next(online: Services) -> None:
    asked, told = await begun(online, "Say exactly one")
    online.sessions.delete(told.id)
    # The system prompt alone begins none.
    number, problem = keep_said(online, replace(told, system="be kind"))
    assert (number, records(online)) == (told.id, ())
    assert problem.startswith("The record of this conversation was deleted")
    told = said(told, "Say exactly two")
    number, again = keep_said(online, told)
    assert (again, texts(online, number)) == (problem, ["Say exactly two"])
    told = replace(told, id=number)
    assert keep_said(online, told) == (number, "")
    last = await answered(online, go_on(asked, told))
    assert (last.problem, texts(online, number)) == ("", ["Say exactly two", "two"])


@pytest.mark.parametrize("is_new", [True, False])
async def test_asked_without_being_kept_first_only_what_is_new_gets_a_record(
    online: Services, is_new: bool
) -> None:
    asked, told = await begun(online, "Say exactly one")
    online.sessions.delete(told.id)
    told = said(told, "Say exactly two") if is_new else told.at(asked.parent)
    began, *_, last = await events(online, go_on(asked, told))
    assert isinstance(began, Began)
    assert isinstance(last, Answered)
    assert last.problem.startswith("The record of this conversation was deleted")
    assert texts(online, began.conversation) == (["Say exactly two", "two"] if is_new else ["one"])


async def test_a_second_answer_beside_the_first_leaves_the_record_where_it_stood(online: Services) -> None:
    asked, told = await begun(online, "Who are you?")
    other = replace(asked, conversation=told, target=replace(asked.target, model=FLASH))
    second = (await answered(online, other)).turn
    kept = online.sessions.load(told.id)
    assert (kept.head, second.id in kept.turns) == (told.head, True)


async def test_an_answer_that_began_while_the_records_were_locked_is_kept_whole_in_the_end(
    online: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT", 0.01)
    asked, told = await begun(online, "Say exactly one")
    online.sessions.close()
    with closing(sqlite3.connect(online.places.sessions, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async for event in answer(online, go_on(asked, said(told, "Say exactly two"))):
            if isinstance(event, Began) and other.in_transaction:
                other.execute("ROLLBACK")
    assert texts(online, told.id) == ["Say exactly one", "one", "Say exactly two", "two"]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("[playground]\nkeep = false\nother = 1\n", ""),
        ("theme = \n", r"Not kept: .*config\.toml is not used"),
        ("[playground]\nkeep = 'no'\n", r"Not kept: config\.toml: playground\.keep is not used"),
    ],
)
async def test_settings_that_cannot_be_understood_are_named_where_nothing_is_kept(
    online: Services, written: str, why: str
) -> None:
    write_settings(online, written)
    number, problem = keep_said(online, said(Conversation(), "Hello"))
    last = await answered(online, asking(online, "Hello"))
    assert (number, problem) == (0, last.problem)
    assert re.match(why, problem)
    assert bool(why) == bool(problem)
    assert not online.places.sessions.exists()
