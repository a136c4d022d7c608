"""The difference of two texts, as it may be shown."""

from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.diff import diff, shown_line
from mimo_tui.core.secrets import Secret

LINES = st.lists(st.sampled_from(["a", "b", "", "  c", "-x", "+y", "@@ z", "--- q"]), max_size=12)


def lines(before: str, after: str) -> list[str]:
    return [line.mark + line.text for line in diff(before, after)]


def test_alike_is_empty() -> None:
    assert diff("a\nb", "a\nb") == ()
    assert diff("", "") == ()


def test_three_lines_around_a_change_are_shown() -> None:
    before = [f"line {number}" for number in range(20)]
    after = [*before[:10], "other", *before[11:]]
    shown = lines("\n".join(before), "\n".join(after))
    around = [f" line {number}" for number in (7, 8, 9)]
    behind = [f" line {number}" for number in (11, 12, 13)]
    assert shown[0].startswith("@@@ -8,7 +8,7 @@")
    assert shown[1:] == [*around, "-line 10", "+other", *behind]


def test_a_line_that_begins_like_a_header_is_a_line() -> None:
    assert lines("a\n", "a\n-- b\n++ c\n")[1:] == [" a", "+-- b", "+++ c"]
    assert lines("-- b\n", "++ c\n")[1:] == ["--- b", "+++ c"]


def test_a_new_file_is_all_new_and_a_removed_one_all_gone() -> None:
    assert lines("", "a\nb")[1:] == ["+a", "+b"]
    assert lines("a\nb", "")[1:] == ["-a", "-b"]


def test_a_changed_line_end_is_seen() -> None:
    assert lines("a\nb\n", "a\r\nb\n")[1:] == ["-a", "+a␍", " b"]


def test_no_key_is_shown_old_new_or_beside() -> None:
    old, new, near = "sk-0123456789ab", "not like a key 1", "sk-aaaaaaaaaaa1"
    before = f'"near": "{near}"\n"api_key": "{old}"\n'
    after = f'"near": "{near}"\n"api_key": "{new}"\n'
    shown = "\n".join(line.text for line in diff(before, after, [Secret(old), Secret(new)]))
    assert not any(key in shown for key in (old, new, near))
    assert "api_key" in shown


def test_nothing_of_a_line_can_move_the_cursor() -> None:
    assert shown_line("a\x1b[2Jb\tc\u202e", ()) == "a␛[2Jb  c⟨U+202E⟩"


@given(LINES, LINES)
def test_the_diff_leads_from_one_text_to_the_other(one: list[str], other: list[str]) -> None:
    before, after = "".join(f"{line}\n" for line in one), "".join(f"{line}\n" for line in other)
    told = diff(before, after)
    if one == other:
        assert told == ()
        return
    removed = sorted(line.text for line in told if line.mark == "-")
    added = sorted(line.text for line in told if line.mark == "+")
    assert sorted([*one, *added]) == sorted([*other, *removed])
