"""Promise 8: whatever lies among the presets is a row, and hides no other."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Listing, list_presets
from mimo_tui.simulator.sample_library import fixture_names

Reached = Callable[[str, str], None]

PRESET = """{
  "name": "%s",
  "description": {"summary": "one of many"},
  "manifest": {"llm": {"provider": "mimo", "model": "mimo-v2.6-pro", "api_key_env": "XIAOMI_API_KEY",
    "base_url": "https://api.xiaomimimo.com/v1"}, "capabilities": {}}
}
"""

BROKEN: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(b'{"name": "x'),
    "empty": lambda path: path.write_bytes(b""),
    "no UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "NUL bytes": lambda path: path.write_bytes(b"\0" * 4096),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "a long number": lambda path: path.write_bytes(b'{"n": ' + b"9" * 100_000 + b"}"),
    "a list": lambda path: path.write_bytes(b"[]"),
    "all of wrong types": lambda path: path.write_bytes(
        b'{"name": [], "description": 3, "manifest": {"llm": {"provider": {}, "model": [], "base_url": 1,'
        b'"api_key_env": 2, "api_key": {}, "context_limit": "x"}, "capabilities": [null]}}'
    ),
    "odd URLs": lambda path: path.write_bytes(
        b'{"manifest": {"llm": {"provider": "mimo", "model": "m", "base_url": "http://[::1%\\u0000:x/\\ud800"}}}'
    ),
    "not for us": lambda path: path.touch(mode=0),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a folder": lambda path: path.symlink_to(".."),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "too large": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 1 << 40),
}


@pytest.fixture
def thousand(services: Services) -> Services:
    """A library of 999 good presets and no other."""
    for folder in (services.places.templates, services.places.saved, services.places.legacy):
        for path in folder.iterdir():
            if path.is_file() or path.is_symlink():
                path.unlink()
    (services.places.saved / "dir.json").rmdir()
    for number in range(999):
        (services.places.saved / f"p{number:03}.json").write_text(PRESET % f"p{number:03}")
    return services


def good(listing: Listing) -> int:
    return sum(view.preset is not None and view.name.startswith("p") for view in listing.presets)


def test_one_broken_preset_among_1000_never_hides_the_other_999(thousand: Services, reached: Reached) -> None:
    assert good(list_presets(thousand)) == 999
    path = thousand.places.saved / "bad.json"
    shown = 0
    for what, make in BROKEN.items():
        make(path)
        listing = list_presets(thousand)
        assert good(listing) == 999, what
        (row,) = (view for view in listing.presets if view.entry.path == path)
        assert row.error or row.findings, what
        shown += 1
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    reached("8", f"999 of 999 presets listed beside each of {shown} kinds of broken ones, which are rows too")


def test_all_kinds_of_broken_presets_at_once_are_rows_with_a_reason(thousand: Services) -> None:
    for number, make in enumerate(BROKEN.values()):
        make(thousand.places.saved / f"bad{number}.json")
    listing = list_presets(thousand)
    assert good(listing) == 999
    assert len(listing.presets) == 999 + len(BROKEN)
    for view in listing.presets:
        if not view.name.startswith("p"):
            assert view.error is None or view.error.isprintable()
            assert view.findings


def test_every_file_of_the_sample_library_is_a_row_and_none_is_rewritten_by_looking(
    services: Services, reached: Reached
) -> None:
    def stamps() -> dict[str, tuple[int, int]]:
        paths = services.places.lingtai.rglob("*")
        return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_ino) for path in paths}

    before = stamps()
    listing = list_presets(services)
    rows = {str(view.entry.path.relative_to(services.places.legacy)) for view in listing.presets}
    assert rows == set(fixture_names())
    assert len(listing.presets) == len(rows)
    assert stamps() == before
    broken = sum(view.preset is None for view in listing.presets)
    reached(
        "8",
        f"{len(rows)} of {len(rows)} files of the sample library are rows, {broken} of them broken; 0 rewritten",
    )
