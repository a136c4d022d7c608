"""One record and several who go on with it: nobody's words are lost, and what was deleted stays deleted."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.conversation import Attachment, Conversation, Turn
from mimo_tui.core.model import Modality
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean
from mimo_tui.store.sessions import NoRecord, Sessions
from mimo_tui.store.sessions_tree import missing, since
from tests.store.test_sessions import AT, answered, said, talk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "sessions.sqlite"


@pytest.fixture
def sessions(path: Path) -> Iterator[Sessions]:
    with closing(Sessions(path, now=lambda: AT)) as found:
        yield found


def more(conversation: Conversation, *turns: Turn) -> Conversation:
    for turn in turns:
        conversation = conversation.put(turn).at(turn.id)
    return conversation


def texts(conversation: Conversation) -> list[str]:
    return [turn.text for turn in conversation.turns.values()]


def test_only_what_is_not_kept_yet_is_added(sessions: Sessions) -> None:
    first = talk(said(1, "one"), answered(2, "two", 1))
    number = sessions.keep(first)
    sessions.rename(number, "a title")
    told = more(replace(first, id=number, system="be kind"), said(3, "three", 2, 1))
    assert sessions.keep(told) == number
    found = sessions.load(number)
    assert (texts(found), found.head, found.system) == (["one", "two", "three"], 3, "be kind")
    assert found.title == "a title"
    assert [hit.record.id for hit in sessions.search("kind three")] == [number]
    assert sessions.keep(told) == number
    assert sessions.load(number) == found


def test_what_another_program_said_meanwhile_stays_and_one_gets_a_record_of_ones_own(
    path: Path, sessions: Sessions
) -> None:
    number = sessions.keep(talk(said(1, "one"), answered(2, "two", 1)))
    mine = sessions.load(number)
    with closing(Sessions(path, now=lambda: AT)) as other:
        theirs = more(other.load(number), said(3, "THEIRS", 2), answered(4, "to them", 3))
        assert other.keep(theirs) == number
        mine = more(mine, said(3, "MINE", 2))
        own = sessions.keep(mine)
        assert own != number
        assert texts(other.load(number)) == ["one", "two", "THEIRS", "to them"]
        assert texts(other.load(own)) == ["one", "two", "MINE"]
        assert sessions.keep(more(replace(mine, id=own), answered(4, "to me", 3))) == own


def test_a_stale_copy_of_an_answer_never_takes_the_place_of_the_whole_one(sessions: Sessions) -> None:
    growing = answered(2, "", 1, complete=False)
    number = sessions.keep(talk(said(1, "go"), growing))
    sessions.grow(number, 2, "It rains ")
    stale = sessions.load(number)
    whole = answered(2, "It rains a lot.", 1, seconds=1.0)
    sessions.end_turn(number, whole)
    sessions.keep(more(stale, said(3, "and?", 2)))
    assert sessions.load(number).turns[2] == whole


def test_an_answer_that_could_not_be_kept_to_its_end_is_mended_later(sessions: Sessions) -> None:
    begun = talk(said(1, "go"), answered(2, "", 1, complete=False))
    number = sessions.keep(begun)
    sessions.grow(number, 2, "It ")
    whole = answered(2, "It rains.", 1, complete=False, stopped=True)
    sessions.keep(more(replace(begun, id=number), whole))
    assert sessions.load(number).turns[2] == whole


def test_what_was_deleted_stays_out_of_the_record_that_is_begun_then(sessions: Sessions) -> None:
    told = talk(said(1, "old"), answered(2, "older", 1), said(3, "new", 2, 1))
    gone = sessions.keep(told)
    sessions.delete(gone)
    with pytest.raises(NoRecord):
        sessions.keep(replace(told, id=gone))
    number = sessions.begin(since(told, 3))
    again = more(replace(told, id=number), answered(4, "newer", 3, 2), answered(5, "to the old", 1, 3))
    assert sessions.keep(again) == number
    sessions.end_turn(number, replace(again.turns[5], text="to the old one"))
    found = sessions.load(number)
    assert texts(found) == ["new", "newer", "to the old one"]
    assert [turn.parent for turn in found.turns.values()] == [None, 3, None]
    assert found.title == "new"
    assert sessions.search("older") == ()


def test_a_record_stands_only_where_something_is_kept(sessions: Sessions) -> None:
    number = sessions.keep(talk(said(1, "one")))
    sessions.set_head(number, 9)
    assert sessions.load(number).head == 1
    sessions.set_head(number, None)
    assert sessions.load(number).head is None


def test_a_secret_that_was_hidden_in_the_record_makes_no_other_conversation_of_it(sessions: Sessions) -> None:
    key = Secret("open sesame, please")
    told = talk(said(1, f"is {key.reveal()} or sk-abcdef123456789012345678 or \ud800 right?"))
    number = sessions.keep(told, (key,))
    assert sessions.keep(more(replace(told, id=number), said(2, "hm", 1))) == number
    assert "sesame" not in repr([texts(sessions.load(number))])
    image = Attachment(Modality.IMAGE, clean("/a.png"), clean("a.png"), "image/png", data=b"x")
    seen = talk(replace(said(1, ""), attachments=(image,)))
    number = sessions.keep(seen)
    assert sessions.keep(replace(seen, id=number)) == number


@given(st.lists(st.sampled_from(["a", "b", "\n", "KEY"]), max_size=12), st.text("ab\n", max_size=8))
def test_a_text_is_known_again_with_its_secrets_hidden_and_another_one_is_not(
    parts: list[str], other: str
) -> None:
    text = "".join(parts)
    kept = {1: said(1, text.replace("KEY", "••••••"))}
    assert missing(talk(said(1, text)), kept) == ()
    if "KEY" not in text and other != text:
        assert missing(talk(said(1, other)), kept) is None


def test_the_turns_since_one_of_them_are_those_that_were_said_later() -> None:
    told = talk(said(1, "a"), answered(2, "b", 1), said(3, "c", 2))
    assert since(told, 0) == told
    assert (list(since(told, 2).turns), since(told, 2).head, since(told.at(1), 2).head) == ([2, 3], 3, None)
    assert since(told, 9) == Conversation(MappingProxyType({}))
