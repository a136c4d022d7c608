"""What was written before comes back step by step, and what one was writing is not lost on the way."""

from mimo_tui.tui.playground_written import LONGEST, WrittenBefore


def test_one_goes_back_and_forward_and_finds_what_one_was_writing() -> None:
    written = WrittenBefore()
    written.note("older")
    written.note("newer")
    assert [written.step(1, "draft"), written.step(1, "newer"), written.step(1, "older")] == [
        *("newer", "older"),
        None,
    ]
    assert [written.step(-1, "older"), written.step(-1, "newer"), written.step(-1, "draft")] == [
        *("newer", "draft"),
        None,
    ]
    assert WrittenBefore().step(1, "draft") is None


def test_a_prompt_that_is_too_long_to_be_laid_out_at_once_is_passed_over_and_counted() -> None:
    written = WrittenBefore()
    for prompt in ("x" * (LONGEST + 1), "old", "y" * (LONGEST + 1), "new"):
        written.note(prompt)
    assert (written.step(1, "draft"), written.passed) == ("new", 0)
    assert (written.step(1, "new"), written.passed) == ("old", 1)
    assert (written.step(1, "old"), written.passed) == (None, 1)
    assert (written.step(-1, "old"), written.passed) == ("new", 1)
    assert (written.step(-1, "new"), written.passed) == ("draft", 0)
    assert len(written.prompts) == 4
