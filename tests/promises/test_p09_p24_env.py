"""Promises 9, 23 and 24, for `.env`: other lines stay, nothing fails, every disagreement is flagged."""

import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lingtai.kernel.config_resolve import load_env_file

from mimo_tui.core.secrets import Secret
from mimo_tui.simulator.sample_library import build
from mimo_tui.store import atomic, envfile
from mimo_tui.store.envfile import (
    EnvError,
    Reader,
    decode,
    disagreements,
    encode,
    names,
    parse,
    set_value,
    values,
)

Reached = Callable[[str, str], None]
NAME = "MIMO_1_API_KEY"
LIMIT = 0.2

# Pieces of lines: all that the readers treat differently, and all that only looks so.
NAMES = st.sampled_from([NAME, "MIMO_2_API_KEY", "A", "A B", "", "export", "\ufeffA", "#A", "ключ"])
BEFORE = st.sampled_from(
    ["", "", "", " ", "\t", "export ", "export\t", "export  ", "export export ", "\ufeff", "# ", "#"]
)
BLANKS = st.sampled_from(["", "", "", " ", "\t", "\xa0", "\x1f", "\u3000"])
VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "tp-fake1",
            "a=b",
            "a b",
            "'",
            '"',
            '""',
            "'a'",
            "\"a'",
            '"a',
            "a'",
            '"a # b"',
            "#a",
            "${A}",
            "\\",
        ]
    ),
    st.text(st.sampled_from("ab \t'\"#=\\"), max_size=8),
)
AFTER = st.sampled_from(
    ["", "", "", " ", " # note", "# note", " #", "\x0cA=1", "\x0b", "\x1cB", "\x85", "\u2028A=2", "\r"]
)
ASSIGNMENTS = st.tuples(BEFORE, NAMES, BLANKS, st.just("="), BLANKS, VALUES, AFTER).map("".join)
RARE = st.sampled_from(
    ["", "", "# keys", "BROKEN LINE", "export", "=", " =x", "A=\0", "\udce9", "A=\udc80", "B=\r=1"]
)
LINES = st.one_of(ASSIGNMENTS, ASSIGNMENTS, ASSIGNMENTS, ASSIGNMENTS, ASSIGNMENTS, RARE)
ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def env_texts(draw: st.DrawFn) -> str:
    """A `.env` in which anything may stand, with LF, CRLF or both, the last line ended or not."""
    end = draw(ENDS)
    lines = draw(st.lists(LINES, max_size=6))
    text = "".join(line + (draw(ENDS) if index == 1 else end) for index, line in enumerate(lines))
    return text if draw(st.booleans()) else text.removesuffix(end)


# Other people's readers: the kernel itself, and the two in Go by the table of `lingtai-presets.md` §4.


def kernel(path: Path, *, refresh: bool) -> Mapping[str, str]:
    """What the real kernel has in a clean environment; nothing where it fails, for then no agent starts."""
    with mock.patch.dict(os.environ, clear=True):
        try:
            load_env_file(path, overwrite=refresh)
        except (OSError, ValueError):
            return {}
        return dict(os.environ)


def go_blank(sign: str) -> bool:
    return sign.isspace() and sign not in "\x1c\x1d\x1e\x1f"


def go_trim(text: str) -> str:
    while text and go_blank(text[0]):
        text = text[1:]
    while text and go_blank(text[-1]):
        text = text[:-1]
    return text


def screen(text: str) -> Mapping[str, str]:
    found = {}
    for line in text.split("\n"):
        match = re.fullmatch(r"([^=]+)=(.*)", line, re.DOTALL)
        if match is None or go_trim(line).startswith("#"):
            continue
        name = go_trim(re.sub(r"\Aexport ", "", go_trim(match[1])))
        value = go_trim(match[2])
        quoted = re.fullmatch(r"(['\"])(.*)\1", value, re.DOTALL)
        value = quoted[2] if quoted else go_trim(re.sub(r" #.*", "", value, count=1, flags=re.DOTALL))
        if name and value:
            found[name] = value
    return found


def doctor(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, equals, value = go_trim(line).partition("=")
        if equals and go_trim(name) not in ("", *found) and not name.startswith("#"):
            found[go_trim(name)] = re.sub(r"\A['\"]+|['\"]+\Z", "", go_trim(value))
    return found


def answers(text: str, path: Path) -> Mapping[Reader, Mapping[str, str]]:
    path.write_bytes(encode(text))
    return {
        Reader.LINGTAI_TUI: screen(text),
        Reader.KERNEL_BOOT: kernel(path, refresh=False),
        Reader.KERNEL_REFRESH: kernel(path, refresh=True),
        Reader.DOCTOR: doctor(text),
    }


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("env") / ".env"


# Promise 9

KEY = Secret("tp-fake9999")
OWN = st.tuples(
    st.sampled_from(["", "", " ", "export ", "export\t", "\ufeff"]),
    st.sampled_from(["SLOT=", "SLOT = "]),
    VALUES,
    st.sampled_from(["", " # note", " "]),
).map("".join)


@st.composite
def files_with_a_slot(draw: st.DrawFn) -> list[tuple[bool, str]]:
    """Lines with their ends, of which some set SLOT."""
    end = draw(ENDS)
    tagged = [LINES.map(lambda line: (False, line)), OWN.map(lambda line: (True, line))]
    drawn: list[tuple[bool, str]] = draw(st.lists(st.one_of(tagged), max_size=6))
    lines = [(own, line + end) for own, line in drawn]
    without_end: bool = draw(st.booleans())
    if lines and without_end:
        own, line = lines[-1]
        unended = line.removesuffix(end)
        lines[-1:] = [(own, unended)] if unended else []
    return lines


@pytest.mark.parametrize("count", [700, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_changed_value_leaves_every_other_line_as_it_is(count: int, path: Path, reached: Reached) -> None:
    texts: list[int] = []

    @settings(max_examples=count, deadline=None)
    @given(files_with_a_slot())
    def check(lines: list[tuple[bool, str]]) -> None:
        texts.append(1)
        before = "".join(line for _, line in lines)
        others = [line for own, line in lines if not own]
        after = set_value(before, "SLOT", KEY)
        written = re.split(r"(?<=\n)", after)
        kept = [line for line in written if line and line.rstrip("\r\n") != "SLOT=tp-fake9999"]
        if before and others and not before.endswith("\n") and not any(own for own, _ in lines):
            others[-1] += "\r\n" if before.rpartition("\n")[0].endswith("\r") else "\n"
        assert kept == others
        assert after.count("SLOT=tp-fake9999") == 1
        assert set_value(after, "SLOT", KEY) == after
        found = answers(after, path)
        readers = [reader for reader in Reader if found[reader] or "kernel" not in reader]
        assert {found[reader].get("SLOT") for reader in readers} == {"tp-fake9999"}

    check()
    reached("9", f"{len(texts):,} generated .env files: every other line stayed as it was, byte for byte")


def test_one_value_of_the_sample_is_changed_on_disk(tmp_path: Path) -> None:
    path = build(tmp_path) / ".env"
    path.write_bytes(path.read_bytes().replace(b"\nBROKEN LINE\n", b"\r\nBROKEN \xe9 LINE\r\n"))
    before = envfile.read(path)
    assert before.stamp is not None
    text = set_value(before.text, NAME, Secret("tp-fake9999"))
    atomic.replace(path, encode(text), expected=before.stamp)
    assert path.read_bytes() == (
        b"# keys\nXIAOMI_API_KEY=sk-fake0001\nMIMO_1_API_KEY=tp-fake9999\nexport MIMO_2_API_KEY=tp-fake0003\n"
        b"MIMO_01_API_KEY=x\nZHIPU_INTL_1_API_KEY=abc # work\nLINGTAI_SOUL_FLOW_ENABLED=1\r\n"
        b"BROKEN \xe9 LINE\r\nKIMI_1_API_KEY=\n"
    )
    assert envfile.read(path).mode == 0o600


# Promise 24


@pytest.mark.parametrize("count", [1_000, pytest.param(15_000, marks=pytest.mark.long)])
def test_each_reader_is_modelled_and_every_disagreement_is_flagged(
    count: int, path: Path, reached: Reached
) -> None:
    texts: list[int] = []

    @settings(max_examples=count, deadline=None)
    @given(env_texts())
    def check(text: str) -> None:
        texts.append(1)
        found = answers(text, path)
        env = parse(text)
        for reader in Reader:
            assert {name: key.reveal() for name, key in values(env, reader).items()} == found[reader]
        flagged = {item.name: item for item in disagreements(env)}
        for name in {name for seen in found.values() for name in seen}:
            spelled_oddly = re.search(r"^(\ufeff|export\s|\s)|\s$", name)  # no name that a person means
            differs = len({seen.get(name) for seen in found.values()}) > 1
            assert differs == (name in flagged) or spelled_oddly
            assert name in names(env) or spelled_oddly
        for name, item in flagged.items():
            seen = {reader: None if key is None else key.reveal() for reader, key in item.values.items()}
            assert seen == {reader: found[reader].get(name) for reader in Reader}
            assert len(set(seen.values())) > 1 or None in seen.values()
            assert item.reason
            assert item.lines == tuple(sorted(item.lines))

    check()
    reached("24", f"{len(texts):,} generated .env files beside the real kernel: every disagreement flagged")


# Promise 23


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_text_makes_the_reader_fail(count: int, reached: Reached) -> None:
    texts: list[int] = []

    @settings(max_examples=count, deadline=None)
    @given(
        st.one_of(env_texts(), st.text(max_size=40), st.binary(max_size=40).map(decode)), st.text(max_size=4)
    )
    def check(text: str, value: str) -> None:
        texts.append(1)
        env = parse(text)
        assert "".join(line.text for line in env.lines) == text
        names(env)
        disagreements(env)
        try:
            after = set_value(text, NAME, Secret(value))
        except EnvError:
            return
        assert disagreements(parse(after)) is not None

    check()
    reached("23", f"{len(texts):,} generated .env texts: 0 uncaught exceptions")


@pytest.mark.parametrize(
    "unit", ["SLOT_{}_API_KEY=sk-fake{:020}\n", "# a comment line, the {}th, and {} again\r\n", "x{}{:050}"]
)
def test_a_megabyte_is_read_in_time(unit: str) -> None:
    pieces = [unit.format(number, number) for number in range(1_000_000 // len(unit.format(9999, 9999)))]
    text = "".join(pieces)
    times = []
    for _ in range(3):
        start = time.process_time()
        disagreements(parse(text))
        times.append(time.process_time() - start)
    assert min(times) <= LIMIT
