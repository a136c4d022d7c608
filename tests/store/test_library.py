"""The library: each file is an entry, whatever is wrong with it, and none is touched."""

import os
from pathlib import Path

import pytest

from mimo_tui.core.preset import Source
from mimo_tui.simulator.sample_library import build, fixture_names
from mimo_tui.store import atomic
from mimo_tui.store.library import Entry, load, parsed, scan
from mimo_tui.store.places import Places, places

GOOD = b'{"name": "a"}'


@pytest.fixture
def there(home: Path) -> Places:
    found = places(home)
    for folder in (found.saved, found.templates):
        folder.mkdir(parents=True)
    return found


def saved(there: Places, name: str, data: bytes = GOOD) -> Entry:
    path = there.saved / name
    path.write_bytes(data)
    return load(path, Source.SAVED)


def test_every_entry_of_the_sample_library_is_found_in_its_place(home: Path) -> None:
    root = build(home) / "presets"
    library = scan(places(home))
    assert {str(entry.path.relative_to(root)) for entry in library.entries} == set(fixture_names())
    assert library.problems == ()
    for entry in library.entries:
        folder = entry.path.parent.name
        assert entry.source == {"saved": "saved", "templates": "template", "presets": "legacy"}[folder]
        assert (entry.document is None) is (entry.error is not None)


def test_where_there_is_nothing_there_is_an_empty_library(home: Path) -> None:
    library = scan(places(home))
    assert (library.entries, library.problems) == ((), ())


@pytest.mark.parametrize(
    "name",
    ["_kernel_meta.json", ".hidden.json", ".a.json.1-0123456789ab.mimo-tmp", "a.JSON", "a.json~", "a.txt"],
)
def test_what_is_no_preset_is_passed_over(name: str, there: Places) -> None:
    for folder in (there.saved, there.templates, there.legacy):
        (folder / name).write_bytes(GOOD)
    assert scan(there).entries == ()


@pytest.mark.parametrize(
    ("data", "reason", "screen", "kernel"),
    [
        (b"\xef\xbb\xbf" + GOOD, "byte-order mark", False, False),
        (b'{"a": "caf\xe9"}', "not UTF-8", True, False),
        (b'{"a": 1, "b": "\xff", "a": 2}', "not UTF-8", True, False),
        (b'{"a": caf\xe9}', "not UTF-8", False, False),
        (b'{"a": "\xe9", // why\n"b": 1}', "not UTF-8", False, False),
        ('{"a": "b"}'.encode("utf-16"), "not UTF-8", False, False),
        (b'{"a": 1, "a": 2}', 'The key "a" is there twice', True, True),
        (b'{"a": 1} // why', "comments", False, True),
        (b'{"a": 1,}', "comma", False, True),
        (b'{"a": NaN}', "NaN is no number", False, True),
        (b'{"a": 1} {}', "has ended", False, False),
        (b'{"a": ', "The text ends", False, False),
        (b"", "nothing here", False, False),
        (b"[]", "holds a list", False, False),
        (b"3", "holds a single value", False, False),
        (b"[" * 10_000, "levels are nested", False, False),
    ],
)
def test_a_file_that_does_not_parse_says_why_and_who_reads_it_still(
    data: bytes, reason: str, screen: bool, kernel: bool, there: Places
) -> None:
    entry = saved(there, "x.json", data)
    assert entry.document is None
    assert entry.error is not None
    assert reason in entry.error.reason
    assert entry.error.reason.isprintable()
    assert (entry.error.screen_reads, entry.error.kernel_reads) == (screen, kernel)
    assert entry.error.garbled is (screen and not kernel)
    assert entry.content is not None
    assert entry.content.data == data


def test_a_jsonc_file_is_the_kernels_alone(there: Places) -> None:
    for data in (GOOD, b'{"a": 1} // why', b'{"a": 1, "a": 2}'):
        entry = saved(there, "x.jsonc", data)
        assert entry.error is not None
        assert (entry.error.screen_reads, entry.error.kernel_reads) == (False, True)
    garbled = saved(there, "x.jsonc", b'{"a": "\xe9"}')
    assert garbled.error is not None
    assert (garbled.error.screen_reads, garbled.error.garbled) == (False, False)


def test_a_key_in_a_broken_file_is_not_quoted_in_the_reason(there: Places) -> None:
    entry = saved(there, "x.json", b'{"sk-canary1234567": 1, "sk-canary1234567": 2}')
    assert entry.error is not None
    assert "canary" not in entry.error.reason
    assert "canary" not in repr(entry)


def test_links_folders_pipes_and_giants_are_rows(there: Places) -> None:
    (there.saved / "good.json").write_bytes(GOOD)
    (there.saved / "link.json").symlink_to("good.json")
    (there.saved / "dangling.json").symlink_to("nowhere.json")
    (there.saved / "circle.json").symlink_to("circle.json")
    (there.saved / "folder.json").mkdir()
    os.mkfifo(there.saved / "pipe.json")
    with (there.saved / "giant.json").open("wb") as giant:
        giant.truncate(9 << 20)
    found = {entry.path.name: entry for entry in scan(there).entries}
    assert found["link.json"].link == Path("good.json")
    assert found["link.json"].document == found["good.json"].document
    reasons = {name: entry.error.reason for name, entry in found.items() if entry.error}
    assert reasons == {
        "dangling.json": "a link to nowhere.json, which is not there",
        "circle.json": "cannot be read: Too many levels of symbolic links",
        "folder.json": "a folder, not a file",
        "pipe.json": "not a regular file (a pipe, socket or device)",
        "giant.json": "larger than 8 MB: no preset",
    }


def test_a_file_that_goes_while_the_folder_is_read_is_told(there: Places) -> None:
    entry = load(there.saved / "gone.json", Source.SAVED)
    assert entry.error is not None
    assert entry.error.reason == "gone since the folder was listed"


def test_a_folder_that_cannot_be_listed_hides_no_other(there: Places) -> None:
    saved(there, "a.json")
    there.templates.rmdir()
    there.templates.write_bytes(b"")
    library = scan(there)
    assert [entry.path.name for entry in library.entries] == ["a.json"]
    assert library.problems == (f"{there.templates} cannot be listed: Not a directory",)


def test_other_bytes_are_read_into_the_same_entry(there: Places) -> None:
    entry = saved(there, "a.json")
    entry.path.write_bytes(b'{"name": "b"}')
    again = parsed(entry, atomic.read(entry.path))
    assert again.document is not None
    assert again.document.value == {"name": "b"}
    assert (again.path, again.source) == (entry.path, entry.source)
