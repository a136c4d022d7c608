"""`.env` as Lingtai's readers see it (`lingtai-presets.md` §4), one value written, and what may lie there."""

import os
from pathlib import Path

import pytest

from mimo_tui.core.secrets import Secret
from mimo_tui.simulator.sample_library import ENV
from mimo_tui.store import atomic
from mimo_tui.store.envfile import (
    Disagreement,
    EnvError,
    EnvState,
    Reader,
    decode,
    disagreements,
    encode,
    names,
    parse,
    read,
    set_value,
    values,
)
from mimo_tui.store.places import places

KEY = Secret("sk-fake7777")
SCREEN, BOOT, REFRESH, DOCTOR = Reader.LINGTAI_TUI, Reader.KERNEL_BOOT, Reader.KERNEL_REFRESH, Reader.DOCTOR
ALL = (SCREEN, BOOT, REFRESH, DOCTOR)


def seen(text: str, name: str) -> tuple[str | None, ...]:
    """Give what screen, kernel at boot, kernel at refresh and doctor see in a slot."""
    found = (values(parse(text), reader).get(name) for reader in ALL)
    return tuple(None if secret is None else secret.reveal() for secret in found)


def flagged(text: str) -> dict[str, Disagreement]:
    return {found.name: found for found in disagreements(parse(text))}


@pytest.mark.parametrize(
    ("text", "answers", "reason"),
    [
        ("A=1\n", ("1", "1", "1", "1"), None),
        ("  A =  1  \r\n", ("1", "1", "1", "1"), None),
        ("A=a=b#c\n", ("a=b#c",) * 4, None),
        ("A=a b\n", ("a b",) * 4, None),
        ("# A=1\n\nnothing\n", (None,) * 4, None),
        ("A='1'\n", ("1",) * 4, None),
        ('A="1 # 2"\n', ("1 # 2",) * 4, None),
        ('A=""1""\n', ('"1"', "1", "1", "1"), "quotes"),
        ("A='1\n", ("'1", "1", "1", "1"), "quotes"),
        ("A=\"1'\n", ("\"1'", "1", "1", "1"), "quotes"),
        ("A=1 # note\n", ("1", "1 # note", "1 # note", "1 # note"), "trailing comment"),
        ('A="1" # note\n', ('"1"', '1" # note', '1" # note', '1" # note'), "trailing comment, quotes"),
        ("export A=1\n", ("1", None, None, None), "export"),
        ("export\tA=1\n", (None,) * 4, "export"),
        ("export A=\n", (None,) * 4, "export, empty value"),
        ("A=\n", (None, "", "", ""), "empty value"),
        ('A=""\n', (None, "", "", ""), "empty value"),
        ("A=1\nA=2\n", ("2", "1", "2", "1"), "set twice"),
        ("A=1\nA=1\n", ("1",) * 4, None),
        ("A=1\nA=\n", ("1", "1", "", "1"), "empty value, set twice"),
        ("A=1\nexport A=2\n", ("2", "1", "1", "1"), "export, set twice"),
        ("\ufeffA=1\n", (None,) * 4, "byte order mark"),
        ("A=1\x0cB=2\n", ("1\x0cB=2", "1", "1", "1\x0cB=2"), "a line break inside the line"),
        ("B=2\rA=1\n", (None, "1", "1", None), "a line break inside the line"),
        ("A=\x1f1\n", ("\x1f1", "1", "1", "\x1f1"), "odd characters"),
        ("A=1\nB=\udce9\n", ("1", None, None, "1"), "bytes that are no UTF-8, at which the kernel fails"),
        ("A=1\n=2\n", ("1", None, None, "1"), "line 2, at which the kernel fails"),
        ("A=1\nA=\x00\n", ("\x00", "1", None, "1"), "line 2, at which the kernel fails, set twice"),
        ("A=1\nB=\x00\n", ("1", None, None, "1"), "line 2, at which the kernel fails"),
    ],
)
def test_each_reader_sees_what_the_table_says(
    text: str, answers: tuple[str | None, ...], reason: str | None
) -> None:
    assert seen(text, "A") == answers
    found = flagged(text).get("A")
    assert (found.reason if found else None) == reason
    if found:
        given = tuple(found.values[reader] for reader in ALL)
        assert tuple(None if secret is None else secret.reveal() for secret in given) == answers


def test_the_names_of_the_sample_on_which_readers_differ() -> None:
    found = flagged(ENV)
    assert {name: (found[name].lines, found[name].reason) for name in found} == {
        "MIMO_1_API_KEY": ((3, 5), "set twice"),
        "MIMO_2_API_KEY": ((4,), "export"),
        "ZHIPU_INTL_1_API_KEY": ((7,), "trailing comment"),
        "KIMI_1_API_KEY": ((10,), "empty value"),
    }
    assert seen(ENV, "MIMO_1_API_KEY") == ("tp-fake0004", "tp-fake0002", "tp-fake0004", "tp-fake0002")


def test_a_new_slot_sees_every_name_that_is_taken() -> None:
    assert names(parse(ENV)) == (
        "XIAOMI_API_KEY",
        "MIMO_1_API_KEY",
        "MIMO_2_API_KEY",
        "MIMO_01_API_KEY",
        "ZHIPU_INTL_1_API_KEY",
        "LINGTAI_SOUL_FLOW_ENABLED",
        "KIMI_1_API_KEY",
    )


def test_a_line_knows_its_number_and_the_name_that_a_person_means() -> None:
    lines = parse("# a\r\nexport  X = 1\n\nY=2").lines
    assert [(line.number, line.text, line.name) for line in lines] == [
        (1, "# a\r\n", None),
        (2, "export  X = 1\n", "X"),
        (3, "\n", None),
        (4, "Y=2", "Y"),
    ]


def test_a_line_that_names_nothing_and_stops_the_kernel_is_flagged() -> None:
    assert flagged(" =x\n")[""].lines == (1,)


def test_nothing_that_is_shown_of_it_holds_a_key(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(ENV, encoding="utf-8")
    shown = f"{parse(ENV)!r} {disagreements(parse(ENV))!r} {values(parse(ENV), BOOT)!r} {read(path)!r}"
    assert "fake" not in shown
    assert "abc" not in shown


# Writing


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=sk-fake7777\n"),
        ("B=1\n", "B=1\nA=sk-fake7777\n"),
        ("B=1", "B=1\nA=sk-fake7777\n"),
        ("B=1\r\n", "B=1\r\nA=sk-fake7777\r\n"),
        ("B=1\r\nC=2", "B=1\r\nC=2\r\nA=sk-fake7777\r\n"),
        ("A=1", "A=sk-fake7777"),
        ("A=1\nB=2\n", "A=sk-fake7777\nB=2\n"),
        ("A=1\r\nB=2\n", "A=sk-fake7777\r\nB=2\n"),
        ("# A=1\n", "# A=1\nA=sk-fake7777\n"),
        ("AA=1\nA_=2\n", "AA=1\nA_=2\nA=sk-fake7777\n"),
        ("export A='1' # x\nB=2\n", "A=sk-fake7777\nB=2\n"),
        ("A=1\nB=2\nexport A=3\n", "A=sk-fake7777\nB=2\n"),
        ("\ufeffA=1\n", "A=sk-fake7777\n"),
        ("A=sk-fake7777\n", "A=sk-fake7777\n"),
        ("BROKEN\nB='x\n", "BROKEN\nB='x\nA=sk-fake7777\n"),
    ],
)
def test_setting_a_value_changes_its_own_line_alone(before: str, after: str) -> None:
    assert set_value(before, "A", KEY) == after
    assert seen(after, "A") == (KEY.reveal(),) * 4


@pytest.mark.parametrize(
    "name", ["", "A B", "A=B", "export A", "#A", "1A", "A-B", "A\n", "\ufeffA", "Ä", "A٣"]
)
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(EnvError, match="name of a slot"):
        set_value("", name, KEY)


@pytest.mark.parametrize("start", ["", " ", "'", '"', "\x1c", "\ufeff", "\udce9"])
@pytest.mark.parametrize("middle", ["", "\n", "\r", "\t", "\0", " #", "\u2028"])
@pytest.mark.parametrize("end", ["", " ", "'", '"'])
def test_a_value_that_would_not_come_back_is_refused_and_not_shown(start: str, middle: str, end: str) -> None:
    if start == middle == end == "":
        return
    with pytest.raises(EnvError) as refusal:
        set_value("B=1\n", "A", Secret(f"{start}qz{middle}zq{end}"))
    assert "qz" not in str(refusal.value)


def test_an_empty_value_is_refused() -> None:
    with pytest.raises(EnvError, match="empty"):
        set_value("A=1\n", "A", Secret(""))


def test_a_line_that_hides_the_name_from_one_reader_is_named() -> None:
    with pytest.raises(EnvError, match="Line 2"):
        set_value("C=1\nB=1\x0cA=2\n", "A", KEY)


# On disk


def test_a_file_is_read_with_its_mode_and_stamp(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\r\nB=\xe9\n")
    path.chmod(0o600)
    found = read(path)
    assert (found.state, found.exists, found.mode, found.problem) == (EnvState.PRESENT, True, 0o600, None)
    assert encode(found.text) == b"A=1\r\nB=\xe9\n"
    assert found.stamp is not None
    assert found.stamp.digest == atomic.digest(b"A=1\r\nB=\xe9\n")


def test_any_bytes_survive() -> None:
    every = bytes(range(256)) + "é中\u2028🐉".encode()
    assert encode(decode(every)) == every


@pytest.mark.skipif(os.name != "posix", reason="modes mean something on POSIX only")
@pytest.mark.parametrize(
    ("mode", "loose"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True), (0o602, True)]
)
def test_a_loose_mode_is_seen_and_not_changed(tmp_path: Path, mode: int, loose: bool) -> None:
    path = tmp_path / ".env"
    path.touch()
    path.chmod(mode)
    assert read(path).loose is loose
    assert path.stat().st_mode & 0o777 == mode


def test_what_is_no_readable_file_is_a_state_with_a_reason(tmp_path: Path) -> None:
    folder, dangling, loop = tmp_path / "folder", tmp_path / "dangling", tmp_path / "loop"
    folder.mkdir()
    dangling.symlink_to(tmp_path / "nothing")
    loop.symlink_to(loop)
    for path, state, exists, words in (
        (tmp_path / ".env", EnvState.MISSING, False, "not there"),
        (dangling, EnvState.MISSING, False, "a link to nothing"),
        (folder, EnvState.NOT_A_FILE, True, "no file"),
        (loop, EnvState.UNREADABLE, True, "cannot be read"),
        (folder / "x" / ".env", EnvState.MISSING, False, "not there"),
    ):
        found = read(path)
        assert (found.state, found.exists, found.text, found.stamp) == (state, exists, "", None)
        assert found.problem is not None
        assert words in found.problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_in_its_place_does_not_make_us_wait(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    os.mkfifo(path)
    assert read(path).state is EnvState.NOT_A_FILE


def test_a_refused_read_is_a_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    path.touch()

    def refuse(_: Path) -> atomic.FileContent:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "read", refuse)
    assert read(path).state is EnvState.UNREADABLE


# Where it lies


def test_a_given_home_holds_everything(tmp_path: Path) -> None:
    for home in (tmp_path, tmp_path / ".lingtai-tui"):
        found = places(home)
        assert found.home == tmp_path
        assert found.env_file == tmp_path / ".lingtai-tui" / ".env"
        assert found.config_file == tmp_path / ".lingtai-tui" / "config.json"
        assert found.registry_file == tmp_path / ".lingtai-tui" / "registry.jsonl"
        assert found.legacy == tmp_path / ".lingtai-tui" / "presets"
        assert (found.templates, found.saved) == (found.legacy / "templates", found.legacy / "saved")
        assert found.state == tmp_path / ".local" / "state" / "mimo-tui"
        assert found.history == found.state / "history"
    assert list(tmp_path.iterdir()) == []


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert places(Path()).home == tmp_path


@pytest.mark.skipif(os.name != "posix", reason="XDG and HOME are POSIX")
def test_without_a_home_it_is_the_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    found = places()
    assert found.lingtai == tmp_path / ".lingtai-tui"
    if os.uname().sysname == "Linux":
        assert found.state == tmp_path / "elsewhere" / "mimo-tui"
