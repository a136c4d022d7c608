"""Conversations that are kept: given back as they were, found, deleted to the last byte, and never in the way."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from time import perf_counter
from types import MappingProxyType

import pytest

from mimo_tui.core.conversation import (
    Answer,
    Attachment,
    Citation,
    Conversation,
    Role,
    Thought,
    ToolCall,
    Turn,
)
from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import Modality, Wire
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.usage import Usage
from mimo_tui.store import sessions_file, sqlite_file
from mimo_tui.store.sessions import NoRecord, RecordsProblem, Sessions

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOST = clean("api.example.com")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "sessions.sqlite"


@pytest.fixture
def sessions(path: Path) -> Iterator[Sessions]:
    with closing(Sessions(path, now=lambda: AT)) as found:
        yield found


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def said(number: int, text: str, parent: int | None = None, minutes: int = 0) -> Turn:
    return Turn(number, parent, Role.USER, later(minutes), text)


def answered(number: int, text: str, parent: int, minutes: int = 0, **changes: object) -> Turn:
    made = Answer(clean("mimo-x"), Wire.CHAT_COMPLETIONS, HOST, complete=True)
    return Turn(
        number,
        parent,
        Role.ASSISTANT,
        later(minutes),
        text,
        answer=replace(made, **changes),  # type: ignore[arg-type]
    )


def talk(*turns: Turn, **changes: object) -> Conversation:
    by_id = MappingProxyType({turn.id: turn for turn in turns})
    return replace(Conversation(by_id, turns[-1].id if turns else None), **changes)  # type: ignore[arg-type]


FULL = talk(
    replace(
        said(1, "Look at this:\n\tline\x1b[2J two \u202e 你好"),
        attachments=(
            Attachment(
                Modality.VIDEO,
                clean("~/films/a b.mp4"),
                clean("a b.mp4"),
                "video/mp4",
                size=12,
                digest="ab" * 32,
                data=b"the film itself",
                width=640,
                height=480,
                seconds=1.5,
                sound_seconds=1.25,
                frames_a_second=2.0,
                detailed=True,
                tokens=99,
            ),
            Attachment(
                Modality.IMAGE, clean("https://x.example/a.png"), clean("a.png"), "image/png", seconds=None
            ),
        ),
    ),
    replace(
        answered(2, "", 1, 1),
        reasoning="thinks\n",
        calls=(ToolCall("call_1", "weather", '{"city": "Beijing'),),
        thoughts=(Thought("thinks\n", "c2lnbmF0dXJl"),),
    ),
    Turn(3, 2, Role.TOOL, later(2), "rain", answers="call_1"),
    answered(
        4,
        "It rains.",
        3,
        3,
        preset=clean("saved/mine"),
        parameters=MappingProxyType(
            {"temperature": 0.5, "stop": ["a", "b"], "thinking.type": "enabled", "x": None}
        ),
        first_token=0.25,
        seconds=2.0,
        usage=Usage(10, 20, 30, cached=4, searches=1),
        cost=Cost(Decimal("0.000123"), "CNY", clean("prices of the catalogue"), is_bound=True),
        finish=clean("stop"),
        simulated=True,
    ),
    replace(
        answered(
            5,
            "It rai",
            3,
            4,
            complete=False,
            stopped=True,
            failure=Diagnosis(
                Cause.NETWORK, clean("broke off"), clean("try again"), "because", Retry.LATER, "mimo-y"
            ),
        ),
        citations=(Citation(clean("https://x.example"), clean("Weather"), published=clean("today")),),
    ),
    system="Be brief.\nAnd kind.",
    title=clean("Weather"),
).at(4)


def without_data(conversation: Conversation) -> Conversation:
    turns = {
        each.id: replace(each, attachments=tuple(replace(one, data=None) for one in each.attachments))
        for each in conversation.turns.values()
    }
    return replace(conversation, turns=MappingProxyType(turns))


def test_a_conversation_is_given_back_as_it_was_but_for_the_bytes_of_its_files(sessions: Sessions) -> None:
    number = sessions.begin(FULL)
    found = sessions.load(number)
    assert found == replace(without_data(FULL), id=number)
    assert dict(found.turns) == dict(without_data(FULL).turns)
    assert [each.data for turn in found.turns.values() for each in turn.attachments] == [None, None]
    changed = replace(FULL.turns[4], text="Sun.")
    sessions.put_turn(number, changed)
    sessions.set_head(number, 5)
    sessions.set_system(number, "Be long.")
    again = sessions.load(number)
    assert (again.turns[4], again.head, again.system) == (changed, 5, "Be long.")


def test_turns_that_are_added_one_by_one_are_all_there(sessions: Sessions) -> None:
    number = sessions.begin(Conversation())
    for turn in FULL.turns.values():
        sessions.put_turn(number, turn)
    sessions.set_head(number, 4)
    assert dict(sessions.load(number).turns) == dict(without_data(FULL).turns)


@pytest.mark.parametrize(
    ("conversation", "title"),
    [
        (talk(said(1, "\n  \n  What is  it?\nsecond line")), "What is it?"),
        (talk(said(1, "a" * 500)), "a" * 119 + "…"),
        (talk(said(1, "\x1b]0;x\x07\u202ehello")), "␛]0;x␇⟨U+202E⟩hello"),
        (talk(said(1, "x"), title=clean("Mine")), "Mine"),
        (talk(replace(FULL.turns[1], text="")), "a b.mp4"),
        (Conversation(), ""),
        (talk(said(1, "my key tp-abcdefgh12345678 does not work")), "my key tp-•••••• does not work"),
    ],
)
def test_a_record_is_named_after_the_first_line_of_the_first_prompt(
    sessions: Sessions, conversation: Conversation, title: str
) -> None:
    sessions.begin(conversation)
    assert [record.title for record in sessions.records()] == [title]


def test_a_record_can_be_renamed_and_gets_its_own_name_back(sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "first line"), answered(2, "x", 1)))
    assert sessions.rename(number, "  about\x1b[31m   rain ") == "about␛[31m rain"
    assert sessions.load(number).title == "about␛[31m rain"
    assert [hit.record.id for hit in sessions.search("rain")] == [number]
    assert sessions.rename(number, " ") == "first line"
    assert sessions.search("rain") == ()


def test_the_list_begins_with_what_was_said_last_and_tells_models_turns_and_costs(sessions: Sessions) -> None:
    costs = [
        Cost(Decimal("0.1"), "CNY"),
        Cost(Decimal("0.2"), "CNY", is_bound=True),
        Cost(Decimal(3), "credits"),
    ]
    first = sessions.begin(talk(said(1, "first")))
    second = sessions.begin(talk(said(1, "second", minutes=5)))
    for at, cost in enumerate(costs):
        model = clean(f"mimo-{at % 2}")
        turn = answered(at + 2, "yes", 1, at, cost=cost, model=model, simulated=at == 1)
        sessions.put_turn(first, turn)
    newest, oldest = sessions.records()
    assert (newest.id, oldest.id) == (second, first)
    assert (oldest.models, oldest.turns, oldest.simulated) == (("mimo-0", "mimo-1"), 4, True)
    assert oldest.costs == (Cost(Decimal("0.3"), "CNY", is_bound=True), Cost(Decimal(3), "credits"))
    assert (oldest.began, oldest.changed) == (AT, later(2))
    assert (newest.models, newest.costs, newest.simulated) == ((), (), False)
    sessions.put_turn(first, said(9, "again", 1, 60))
    assert [record.id for record in sessions.records(limit=1)] == [first]


# Search.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("weather", True),
        ("WEATHER", True),
        ("eathe", True),
        ("it rains", True),
        ("brief rains beijing", True),  # in the system prompt, an answer and a call
        ("你好", True),
        ("好", True),
        ("RA", True),
        ("thinks", True),
        ('"city":', True),
        ("a b.mp4", True),
        ("snow", False),
        ("weather snow", False),
        ("霜", False),
        ("", False),
        ("OR", False),
        ("*", False),
        ('"', True),
        ("rai%", False),
    ],
)
def test_a_search_finds_any_part_of_any_word_anywhere(sessions: Sessions, words: str, found: bool) -> None:
    number = sessions.begin(FULL)
    sessions.begin(talk(said(1, "something else", minutes=9)))
    assert [hit.record.id for hit in sessions.search(words)] == [number] * found


def test_what_a_search_finds_stands_in_its_excerpt(sessions: Sessions) -> None:
    sessions.begin(
        talk(said(1, "first"), answered(2, f"{'so ' * 99}the Snow\nfalls\x1b softly {'so ' * 99}", 1))
    )
    (hit,) = sessions.search("SNOW fall")
    assert (hit.turn, [hit.excerpt[start:end] for start, end in hit.marks]) == (2, ["Snow", "fall"])
    assert hit.excerpt.startswith("… ")
    assert hit.excerpt.endswith(" …")
    assert clean(hit.excerpt) == hit.excerpt
    (hit,) = sessions.search("first")
    assert (hit.turn, hit.excerpt) == (None, "first")


def test_the_newest_records_are_found_first_and_no_more_than_wanted(sessions: Sessions) -> None:
    for number in range(6):
        sessions.begin(talk(said(1, f"question {number}", minutes=number)))
    assert [hit.record.title for hit in sessions.search("question", limit=2)] == ["question 5", "question 4"]
    assert sessions.search("question", limit=0) == ()


@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=pytest.mark.long)])
def test_thousands_of_records_are_searched_before_a_person_looks_up(sessions: Sessions, count: int) -> None:
    for number in range(count):
        words = " ".join(f"{chr(97 + (number * step) % 26) * 3}{number * step:x}" for step in range(120))
        letters = "".join(chr(0x4E00 + (number * step) % 3000) for step in range(300))
        turns = (
            said(1, f"prompt {number}"),
            answered(2, words, 1),
            said(3, letters, 2),
            answered(4, letters, 3),
        )
        sessions.begin(talk(*turns))
    for words, least in (("prompt", 50), ("一丁", 1), ("龘靐", 0), ("aaa zzz", 1), ("q", 50), ("nothing", 0)):
        took = []
        for _ in range(5):
            began = perf_counter()
            assert len(sessions.search(words)) >= least, words
            took.append(perf_counter() - began)
        # The best of them, since this machine does other things meanwhile.
        assert min(took) < 0.03, words


def test_a_turn_that_was_changed_is_found_by_its_new_words_only(sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "about snow"), answered(2, "winter", 1), title=clean("t")))
    sessions.put_turn(number, said(1, "about rain"))
    assert (len(sessions.search("snow")), len(sessions.search("rain")), len(sessions.search("winter"))) == (
        0,
        1,
        1,
    )


def test_prompts_come_back_newest_first_and_each_once(sessions: Sessions) -> None:
    sessions.begin(talk(said(1, "one"), answered(2, "x", 1, 1), said(3, "two", 2, 2), said(4, "one", 2, 8)))
    sessions.begin(talk(said(1, "three\nlines", minutes=5), said(2, " ", 1, 6)))
    assert sessions.prompts() == ("one", "three\nlines", "two")
    assert sessions.prompts(limit=1) == ("one",)


# Answers that grow.


def test_what_came_before_a_crash_is_there_and_marked_as_not_complete(path: Path, sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "go"), answered(2, "", 1, complete=False)))
    for word in ("It ", "rains ", "in ", "Bei", "jing, ", "你", "好"):
        sessions.grow(number, 2, word, f"hm {word}")
    with closing(Sessions(path, now=lambda: AT)) as after:
        turn = after.load(number).turns[2]
    assert (turn.text, turn.answer and turn.answer.complete) == ("It rains in Beijing, 你好", False)
    assert turn.reasoning == "hm It hm rains hm in hm Beihm jing, hm 你hm 好"


def test_a_key_in_a_piece_is_not_written(path: Path, sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "go"), answered(2, "", 1, complete=False)))
    sessions.grow(number, 2, "it is sk-Canary0123456789abcdef and ", "ask https://me:secret@x.example")
    assert sessions.load(number).turns[2].text == "it is sk-•••••• and "
    assert not [word for word in ("Canary", "secret") if word in kept(path)]


def test_an_answer_that_ends_takes_the_place_of_its_pieces(path: Path, sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "go"), answered(2, "", 1, complete=False)))
    sessions.grow(number, 2, "It rains ", "hm ")
    ended = answered(2, "It rains a lot.", 1)
    sessions.end_turn(number, ended)
    sessions.grow(number, 2, "from a slow thread ")
    assert sessions.load(number).turns[2] == ended
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM pieces").fetchone() == (0,)


def kept(path: Path) -> str:
    files = sorted(path.parent.iterdir())
    return b"\0".join(each.read_bytes() for each in files).decode("utf-8", "replace")


def test_a_piece_is_kept_in_no_time_however_much_came_before(sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "go"), answered(2, "", 1, complete=False)))
    took = []
    for _ in range(600):
        began = perf_counter()
        sessions.grow(number, 2, "some thirty tokens of an answer, as they come in a thirtieth second. ")
        took.append(perf_counter() - began)
    # The half of them, since this machine does other things meanwhile.
    assert sorted(took)[300] < 0.002


# Deleting.

RARE = "龘靐齉爩"


def test_what_is_deleted_is_gone_from_every_file(path: Path, sessions: Sessions) -> None:
    stays = sessions.begin(talk(said(1, "this stays")))
    number = sessions.begin(
        talk(said(1, f"{RARE} quixotry"), answered(2, "", 1), system=f"be {RARE}", title=clean(RARE))
    )
    sessions.grow(number, 2, f"pieces of {RARE} ")
    assert RARE[0] in kept(path)
    sessions.delete(number)
    assert not [letter for letter in RARE if letter in kept(path)]
    assert "quixotry" not in kept(path)
    assert [record.id for record in sessions.records()] == [stays]
    assert [hit.record.id for hit in sessions.search("this")] == [stays]
    assert sessions.search(RARE) == ()


def test_deleting_everything_leaves_nothing_and_gives_the_room_back(path: Path, sessions: Sessions) -> None:
    for number in range(20):
        sessions.begin(talk(said(1, f"{RARE} {number} " * 99)))
    before = sessions.size
    assert sessions.delete_all() == 20
    assert sessions.size < before / 2
    assert not [letter for letter in RARE if letter in kept(path)]
    assert (sessions.records(), sessions.search("99"), sessions.prompts()) == ((), (), ())
    assert sessions.delete_all() == 0


def test_the_number_of_a_deleted_record_is_never_given_again(sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "x")))
    sessions.delete(number)
    assert sessions.begin(talk(said(1, "y"))) > number
    sessions.delete_all()
    assert sessions.begin(talk(said(1, "z"))) > number + 1


EVERY_CALL_ON_A_RECORD: tuple[Callable[[Sessions, int], object], ...] = (
    lambda sessions, number: sessions.load(number),
    lambda sessions, number: sessions.put_turn(number, said(1, "x")),
    lambda sessions, number: sessions.grow(number, 1, "words "),
    lambda sessions, number: sessions.end_turn(number, said(1, "x")),
    lambda sessions, number: sessions.set_head(number, 1),
    lambda sessions, number: sessions.set_system(number, "x"),
    lambda sessions, number: sessions.rename(number, "x"),
    lambda sessions, number: sessions.delete(number),
)


@pytest.mark.parametrize("call", EVERY_CALL_ON_A_RECORD)
def test_a_record_that_was_deleted_meanwhile_does_not_come_back(
    sessions: Sessions, call: Callable[[Sessions, int], object]
) -> None:
    number = sessions.begin(talk(said(1, "x")))
    sessions.delete(number)
    with pytest.raises(NoRecord, match="There is no record 1 of a conversation, or none any more"):
        call(sessions, number)
    assert sessions.records() == ()


# The file.

EVERY_CALL: tuple[Callable[[Sessions], object], ...] = (
    lambda sessions: sessions.begin(talk(said(1, "x"))),
    lambda sessions: sessions.records(),
    lambda sessions: sessions.search("words"),
    lambda sessions: sessions.search("w"),
    lambda sessions: sessions.prompts(),
    lambda sessions: sessions.delete_all(),
    *((lambda sessions, call=call: call(sessions, 1)) for call in EVERY_CALL_ON_A_RECORD),
)


def test_looking_makes_no_file(path: Path, sessions: Sessions) -> None:
    assert (sessions.records(), sessions.search("x"), sessions.prompts(), sessions.size) == ((), (), (), 0)
    assert sessions.delete_all() == 0
    with pytest.raises(NoRecord):
        sessions.load(1)
    assert not path.parent.exists()


def test_the_file_is_for_its_owner_only(path: Path, sessions: Sessions) -> None:
    sessions.begin(talk(said(1, "x")))
    names = sorted(each.name for each in path.parent.iterdir())
    assert names == ["sessions.sqlite", "sessions.sqlite-shm", "sessions.sqlite-wal"]
    assert all(each.stat().st_mode & 0o077 == 0 for each in (path.parent, *path.parent.iterdir()))
    sessions.close()
    assert [each.name for each in path.parent.iterdir()] == ["sessions.sqlite"]
    assert len(sessions.records()) == 1
    assert [each.name for each in path.parent.iterdir()] == ["sessions.sqlite"]


@pytest.mark.parametrize("garbage", [b"no database at all\n" * 999, b"SQLite format 3\x00" + bytes(84)])
def test_a_damaged_file_says_how_to_begin_anew(path: Path, sessions: Sessions, garbage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(garbage)
    for call in EVERY_CALL:
        with pytest.raises(RecordsProblem, match=r"is damaged\. Move it away, then records begin anew\."):
            call(sessions)
    path.unlink()
    assert sessions.begin(talk(said(1, "x"))) == 1


def test_a_file_that_is_moved_away_meanwhile_is_begun_anew(path: Path, sessions: Sessions) -> None:
    sessions.begin(talk(said(1, "old")))
    for each in tuple(path.parent.iterdir()):
        each.rename(each.with_name(f"old-{each.name}"))
    assert sessions.records() == ()
    sessions.begin(talk(said(1, "new")))
    with closing(Sessions(path, now=lambda: AT)) as other:
        assert [record.title for record in other.records()] == ["new"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE bodies SET details = '{'",
        "UPDATE bodies SET details = '[]'",
        "UPDATE bodies SET details = '{}'",
        "UPDATE bodies SET details = replace(details, '\"id\"', '\"no\"')",
        "UPDATE bodies SET details = replace(details, 'assistant', 'nobody')",
        "UPDATE bodies SET details = replace(details, '0.000123', 'NaN')",
        "UPDATE bodies SET details = replace(details, '2026', '0001')",
        "UPDATE bodies SET details = replace(details, '\"parent\": 3', '\"parent\": 77')",
        "UPDATE bodies SET details = replace(details, '\"parent\": 3', '\"parent\": 5')",
        "UPDATE bodies SET details = replace(details, '\"id\": 5', '\"id\": 4')",
        "UPDATE bodies SET text = x'ff'",
        "UPDATE bodies SET text = CAST(x'ff' AS TEXT)",
        "UPDATE bodies SET details = replace(printf('%9999s', ''), ' ', '[')",
        "UPDATE conversations SET head = 99",
        "UPDATE conversations SET title = x'07'",
        "DROP TABLE pieces",
    ],
)
def test_a_file_that_somebody_else_changed_is_damaged_and_no_crash(
    path: Path, sessions: Sessions, change: str
) -> None:
    number = sessions.begin(FULL)
    sessions.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    with pytest.raises(RecordsProblem, match="is damaged"):
        sessions.load(number)


@pytest.mark.parametrize(
    "change", ["SET amount = 'much'", "SET amount = 'NaN'", "SET currency = x'07'", "SET model = x'07'"]
)
def test_a_list_of_a_changed_file_is_no_crash(path: Path, sessions: Sessions, change: str) -> None:
    sessions.begin(FULL)
    sessions.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE turns {change}")
    with pytest.raises(RecordsProblem, match="is damaged"):
        sessions.records()


def test_a_hostile_file_shows_nothing_raw(path: Path, sessions: Sessions) -> None:
    number = sessions.begin(FULL)
    sessions.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE conversations SET title = char(27) || 'evil'")
        connection.execute("UPDATE turns SET model = char(27) || 'evil' WHERE model IS NOT NULL")
        connection.execute("UPDATE bodies SET details = replace(details, 'Weather', '\\u001bevil')")
    found = sessions.load(number)
    record, (hit,) = sessions.records()[0], sessions.search("brief")
    shown: list[Clean] = [found.title, record.title, *record.models, hit.excerpt]
    shown += [each.title for each in found.turns[5].citations]
    assert sum("␛evil" in text for text in shown) >= 4
    assert all(clean(text) == text for text in shown)


def test_a_file_of_a_newer_program_is_left_alone(path: Path, sessions: Sessions) -> None:
    sessions.begin(FULL)
    sessions.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for call in EVERY_CALL:
        with pytest.raises(RecordsProblem, match=r"was written by a newer mimo-tui\. Update this one\."):
            call(sessions)
    assert path.read_bytes() == before


def test_a_file_of_an_older_program_is_brought_up_to_date(
    path: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = sessions.begin(FULL)
    steps = (*sessions_file.STEPS, "ALTER TABLE turns ADD COLUMN mood TEXT")
    monkeypatch.setattr(sessions_file, "STEPS", steps)
    with closing(Sessions(path, now=lambda: AT)) as newer:
        assert newer.load(number).title == "Weather"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_locked_file_says_to_try_again(
    path: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT", 0.01)
    number = sessions.begin(FULL)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordsProblem, match=r"is being written by another program\. Try again"):
            sessions.put_turn(number, said(1, "x"))
        assert len(sessions.records()) == 1
    sessions.put_turn(number, said(1, "x"))


def test_a_full_disk_says_so_and_loses_nothing(path: Path, sessions: Sessions) -> None:
    number = sessions.begin(FULL)
    connection = sessions._file._found()
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordsProblem, match=r"the disk is full\. Make room"):
        sessions.put_turn(number, said(9, "long " * 99999, 1))
    assert dict(sessions.load(number).turns) == dict(without_data(FULL).turns)


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    sessions = Sessions(tmp_path / "state" / "s.sqlite", now=lambda: AT)
    with pytest.raises(RecordsProblem, match=r"state/s\.sqlite.* cannot be opened"):
        sessions.begin(FULL)


def test_more_turns_than_there_are_places_for_are_refused(sessions: Sessions) -> None:
    number = sessions.begin(FULL)
    with pytest.raises(RecordsProblem, match="No more than 1,048,575 turns"):
        sessions.put_turn(number, said(1 << 20, "x"))


def test_half_a_surrogate_is_kept_as_a_question_mark(sessions: Sessions) -> None:
    number = sessions.begin(talk(said(1, "a\ud800b"), system="\udfff"))
    found = sessions.load(number)
    assert (found.turns[1].text, found.system) == ("a?b", "?")


def test_many_threads_keep_what_they_have_at_once(sessions: Sessions) -> None:
    def keep(own: int) -> None:
        number = sessions.begin(talk(said(1, f"thread {own}"), answered(2, "", 1)))
        for word in range(20):
            sessions.grow(number, 2, f"{word} ")
        sessions.end_turn(number, answered(2, "done", 1))

    threads = [Thread(target=keep, args=(own,)) for own in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sessions.search("done")) == 6


PROGRAM = """
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from mimo_tui.core.conversation import Conversation, Role, Turn
from mimo_tui.store.sessions import Sessions

at = datetime.now(UTC)
for number in range(10):
    with closing(Sessions(Path(sys.argv[1]), now=lambda: at)) as sessions:
        turns = {each: Turn(each, each - 1 or None, Role.USER, at, f"{sys.argv[2]} {number}") for each in (1, 2)}
        own = sessions.begin(Conversation(MappingProxyType(turns), 2))
        for word in range(20):
            sessions.grow(own, 2, f"{word} ")
        sessions.end_turn(own, Turn(2, 1, Role.USER, at, "ended"))
        assert sessions.load(own).turns[2].text == "ended"
"""


def test_two_programs_at_once_never_wait_in_vain(path: Path, sessions: Sessions) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), own], stderr=subprocess.PIPE, text=True)
        for own in ("left", "right")
    ]
    for program in programs:
        _, trouble = program.communicate(timeout=60)
        assert (program.returncode, trouble) == (0, "")
    assert (len(sessions.search("left")), len(sessions.search("right"))) == (10, 10)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
