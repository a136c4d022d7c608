"""Dataclasses as JSON: what was written is read again, and anything else is damaged, never a crash."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.conversation import Answer, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import Wire
from mimo_tui.core.text import clean
from mimo_tui.store.cells import Damaged
from mimo_tui.store.plain import as_plain, from_plain
from tests.store.test_sessions import FULL, without_data

TURNS = tuple(without_data(FULL).turns.values())

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: str(turn.id))
def test_a_turn_is_read_as_it_was_written(turn: Turn) -> None:
    written = json.loads(json.dumps(as_plain(turn, str)))
    assert from_plain(Turn, written) == turn


def test_what_an_older_program_did_not_write_has_its_default_and_what_a_newer_one_wrote_is_left_out() -> None:
    written: Json = {"model": "m", "wire": "messages", "host": "h", "mood": {"of": "tomorrow"}}
    assert from_plain(Answer, written) == Answer(clean("m"), Wire.MESSAGES, clean("h"))


def test_every_text_is_shown_to_whoever_hides_something() -> None:
    written = as_plain(TURNS[3], lambda text: text.replace("e", "•"))
    assert "t•mp•ratur•" in json.dumps(written, ensure_ascii=False)


def places(value: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(each for name, inner in value.items() for each in places(inner, (*path, name)))]
    if isinstance(value, list):
        return [path, *(each for at, inner in enumerate(value) for each in places(inner, (*path, at)))]
    return [path]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_anything_else_is_damaged_and_no_crash(data: st.DataObject) -> None:
    written: Json = deepcopy(as_plain(data.draw(st.sampled_from(TURNS)), str))
    *inner, last = data.draw(st.sampled_from([path for path in places(written) if path]))
    holder = written
    for step in inner:
        holder = holder[step]  # type: ignore[index]
    holder[last] = data.draw(ANY_JSON)  # type: ignore[index]
    try:
        found = from_plain(Turn, written)
    except Damaged:
        return
    assert isinstance(found, Turn)
