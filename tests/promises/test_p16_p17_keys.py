"""Promises 16 and 17: a mask shows at most 4 characters, none of a short key, and what is revealed hides itself again;
loose modes are told, never changed.
"""

import os
import stat
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual import events

from mimo_tui.core import json_text
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import Set
from mimo_tui.core.preset import INLINE_KEY
from mimo_tui.core.secrets import Secret
from mimo_tui.services import Services
from mimo_tui.services.presets.changing import apply
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.presets.planning import plan_switch
from mimo_tui.tui.screens.keys import KeysScreen
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.stages import back
from tests.journeys.walker import Walker, opened

DOT = "•"
KEYS = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=10, max_size=14),
    st.builds(
        "{}{}".format,
        st.sampled_from(["sk-", "tp-", "ttp-"]),
        st.text(st.sampled_from("abc019"), max_size=48),
    ),
)


def assert_masked(key: str) -> None:
    masked = Secret(key).masked
    shown = masked.replace(DOT, "")
    assert len(shown) <= 4
    assert masked.startswith(DOT)
    if len(key) < 12:
        assert shown == ""
        assert masked == Secret("").masked, "the mask tells how long a short key is"
    elif key[-4:].isascii() and key[-4:].isprintable():
        assert shown == key[-4:].replace(DOT, "")
    assert len(masked) <= len(Secret("").masked) + 4, "the mask tells how long the key is"


@settings(max_examples=1000, deadline=None)
@given(KEYS)
@example("a" * 11)
@example("a" * 12)
@example("sk-1234567\u202e4")
@example("sk-1234567890🔑🔑🔑🔑")
@example(DOT * 20)
def test_a_mask_shows_at_most_four_characters_and_none_of_a_short_key(key: str) -> None:
    assert_masked(key)
    for shown in (str(Secret(key)), f"{Secret(key)}", repr(Secret(key))):
        assert Secret(key).masked in shown
        assert not key or len(key) < 5 or key in (DOT * len(key)) or key not in shown


@pytest.mark.long
@settings(max_examples=50_000, deadline=None)
@given(KEYS)
def test_a_mask_holds_for_many_keys(key: str) -> None:
    assert_masked(key)


def test_the_figure_of_masks(reached: Callable[[str, str], None]) -> None:
    """Every length to 200: how many characters are shown."""
    most = {length: len(Secret("k" * length).masked.replace(DOT, "")) for length in range(200)}
    assert max(most.values()) == 4
    assert not any(most[length] for length in range(12))
    reached("16", f"at most {max(most.values())} characters shown, 0 of a key shorter than 12")


REVEALED = "tp-fake0002"
"""The key of the slot that is revealed here."""

Glance: TypeAlias = Callable[[Walker], Awaitable[None]]


async def nothing(walker: Walker) -> None:
    """Only wait."""


async def lose_the_focus(walker: Walker) -> None:
    walker.app.post_message(events.AppBlur())


def press(*keys: str) -> Glance:
    """Press these keys."""
    return lambda walker: walker.press(*keys)


ELSEWHERE: Mapping[str, Glance] = {
    "hide it": press("v"),
    "another slot": press("down"),
    "help": press("question_mark"),
    "the palette": press("ctrl+p"),
    "another place": press("1"),
    "a dialog": press("s"),
    "the list read anew": press("ctrl+r"),
    "another window": lose_the_focus,
}


async def reveals_and_hides(walker: Walker, glance: Glance) -> None:
    await walker.find_slot("MIMO_1_API_KEY")
    assert REVEALED not in walker.text
    await walker.press("v")
    await walker.until(REVEALED)
    await glance(walker)
    await walker.until(lambda: REVEALED not in walker.text)
    assert REVEALED not in walker.toasts + walker.app.title + walker.app.sub_title


async def test_a_revealed_key_hides_itself_after_a_moment(
    demo: Services,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert KeysScreen.REVEALED_FOR <= 10
    monkeypatch.setattr(KeysScreen, "REVEALED_FOR", 0.2)
    async with opened(demo, (80, 24)) as walker:
        await reveals_and_hides(walker, nothing)


async def test_a_revealed_key_hides_itself_wherever_one_looks_next(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],
) -> None:
    async with opened(demo, (80, 24)) as walker:
        for glance in ELSEWHERE.values():
            await reveals_and_hides(walker, glance)
            walker.app.post_message(events.AppFocus())
            await back(walker)
            assert REVEALED not in walker.text
            await walker.press("2")
            await walker.on("KeysScreen")
            assert REVEALED not in walker.text
            await walker.press("1")
            await walker.on("PresetsScreen")
    reached(
        "16",
        f"revealed, then hidden after a moment and in {len(ELSEWHERE)} of {len(ELSEWHERE)} ways to look away",
    )


# Promise 17.

LOOSE = [0o644, 0o640, 0o604, 0o660, 0o606, 0o610, 0o601, 0o777]
TIGHT = [0o600, 0o400, 0o700]

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes mean little here")


def holders(services: Services) -> Mapping[str, Path]:
    """Give each place that holds keys: `.env`, the mirror, the snapshots, and a preset with a key in it."""
    listing = list_presets(services)
    apply(services, plan_switch(services, listing, find(listing, "mimo-1"), "mimo-v2.6-pro"), force=True)
    places = services.places
    return {
        ".env": places.env_file,
        "config.json": places.config_file,
        "history": places.history,
        "inline": places.saved / "inline.json",
    }


def loose_modes(services: Services) -> dict[str, Finding]:
    """Give the findings on loose modes: by file name, as a person would see them around and at the presets."""
    listing = list_presets(services)
    found = {one.message.split(" ")[0]: one for one in listing.findings if one.code == "loose-mode"}
    at_presets = [(preset.entry.stem, one) for preset in listing.presets for one in preset.findings]
    return found | {stem: one for stem, one in at_presets if one.code == "loose-mode"}


def state(path: Path) -> tuple[int, int, int, bytes]:
    information = path.stat()
    data = path.read_bytes() if path.is_file() else b""
    return stat.S_IMODE(information.st_mode), information.st_mtime_ns, information.st_ctime_ns, data


@posix_only
def test_loose_modes_are_always_told_and_never_changed(
    services: Services, reached: Callable[[str, str], None]
) -> None:
    places = holders(services)
    told = 0
    for name, path in places.items():
        for mode in LOOSE:
            path.chmod(mode | (0o100 if path.is_dir() else 0))
            before = state(path)
            finding = loose_modes(services)[path.stem if name == "inline" else path.name]
            assert finding.severity is Severity.WARNING
            assert f"{stat.S_IMODE(path.stat().st_mode):04o}" in finding.message
            assert "chmod" in finding.because
            assert finding.fixes == ()
            assert state(path) == before
            told += 1
        for mode in TIGHT:
            path.chmod(mode | (0o700 if path.is_dir() else 0))
            if os.access(path, os.R_OK):
                assert path.name not in loose_modes(services)
                assert path.stem not in loose_modes(services)
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert told == len(places) * len(LOOSE)
    reached("17", f"{told} of {told} loose modes told, 0 changed")


@posix_only
def test_a_save_keeps_a_loose_mode_and_goes_on_telling_of_it(services: Services) -> None:
    path = holders(services)["inline"]
    path.chmod(0o644)
    listing = list_presets(services)
    apply(services, plan_switch(services, listing, find(listing, "inline"), "mimo-v2.6-pro"), force=True)
    assert "mimo-v2.6-pro" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert "inline" in loose_modes(services)


@posix_only
def test_what_we_make_ourselves_is_for_its_owner_only(services: Services) -> None:
    history = holders(services)["history"]
    for path in (history, *history.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@posix_only
def test_a_mirror_without_keys_may_be_read_by_all(services: Services) -> None:
    config = services.places.config_file
    config.write_text("{}\n")
    config.chmod(0o644)
    assert "config.json" not in loose_modes(services)


@posix_only
@pytest.mark.parametrize("place", [INLINE_KEY, ("manifest", "capabilities", "vision", "api_key")])
def test_a_key_anywhere_in_a_preset_makes_its_mode_matter(services: Services, place: json_text.Path) -> None:
    path = services.places.saved / "mimo-pro.json"
    path.chmod(0o644)
    assert "mimo-pro" not in loose_modes(services)
    path.write_text(json_text.apply(path.read_text(), [Set(place, "sk-0123456789abcdef")]))
    finding = loose_modes(services)["mimo-pro"]
    assert "0644" in finding.message
    again = list_presets(services)
    assert any(one.code == "inline-key" and one.path == place for one in find(again, "mimo-pro").findings)
