"""What one key does about an answer that failed, and where a conversation may stand."""

from dataclasses import replace

import pytest

from mimo_tui.core.conversation import Answer, Conversation
from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import Wire
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.tui.playground_head import Along, along_text
from mimo_tui.tui.playground_offers import Remedy, remedy_of


def out_of_budget(**parameters: Json) -> Answer:
    failure = Diagnosis(Cause.BUDGET, clean("used up"), NOTHING, "", Retry.NO)
    return Answer(
        clean("m"), Wire.CHAT_COMPLETIONS, clean("h"), complete=True, failure=failure, parameters=parameters
    )


def test_a_limit_is_left_out_only_where_one_was_sent() -> None:
    assert remedy_of(out_of_budget(max_tokens=16)) is Remedy.BUDGET
    assert remedy_of(out_of_budget(max_completion_tokens=16, temperature=1)) is Remedy.BUDGET
    assert remedy_of(out_of_budget(temperature=1)) is Remedy.PARAMETERS


def test_an_answer_that_its_own_limit_ended_can_have_that_left_out() -> None:
    ended = replace(out_of_budget(max_tokens=16), failure=None, finish=clean("length"))
    assert remedy_of(ended) is Remedy.BUDGET
    assert remedy_of(replace(ended, parameters={})) is Remedy.NONE
    assert remedy_of(replace(ended, finish=clean("stop"))) is Remedy.NONE


def test_what_goes_along_unseen_is_named() -> None:
    assert along_text(Along()) == ""
    assert (
        along_text(Along(has_system=True, parameters=2, tools=1))
        == "with system prompt, 2 parameters, 1 tool"
    )
    assert along_text(Along(files=13, elsewhere=1)) == "with 13 files · 1 answer is on its way elsewhere"


def test_a_conversation_cannot_stand_at_a_turn_that_it_has_not() -> None:
    with pytest.raises(KeyError):
        Conversation().at(1)
    assert Conversation().at(None).head is None
