"""Promise 8: a save keeps link, mode, owner and attributes; what cannot be read hides nothing else."""

import json
import os
import stat
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.library import scan
from mimo_tui.store.places import places

OLD, NEW = b'{"name": "mimo-1"}', b'{"name": "mimo-1", "tier": 5}'
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can make a file of somebody else")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    path = folder / "x.json"
    path.write_bytes(OLD)
    return path


def save(path: Path) -> None:
    atomic.replace(path, NEW, expected=atomic.read(path).stamp)


@pytest.mark.parametrize("text", ["shared/x.json", "./shared/../shared/x.json", "{shared}"])
def test_a_save_keeps_the_link_a_link(tmp_path: Path, shared: Path, text: str) -> None:
    link = tmp_path / "x.json"
    text = text.format(shared=shared)
    link.symlink_to(text)
    before = link.lstat()
    save(link)
    assert os.readlink(link) == text  # noqa: PTH115 the text as it is, with its dots
    assert link.lstat().st_ino == before.st_ino
    assert (shared.read_bytes(), shared.is_symlink()) == (NEW, False)
    assert {path.name for path in tmp_path.iterdir()} == {"shared", "x.json"}
    assert {path.name for path in shared.parent.iterdir()} == {"x.json"}


def test_a_chain_of_links_through_a_linked_folder_stays_as_it_is(tmp_path: Path, shared: Path) -> None:
    (tmp_path / "folder").symlink_to("shared")
    (tmp_path / "second").symlink_to("folder/x.json")
    (tmp_path / "first").symlink_to("second")
    save(tmp_path / "first")
    assert shared.read_bytes() == NEW
    links = [(tmp_path / name).readlink() for name in ("first", "second", "folder")]
    assert links == [Path("second"), Path("folder/x.json"), Path("shared")]


def test_removing_a_link_leaves_its_target(tmp_path: Path, shared: Path) -> None:
    link = tmp_path / "x.json"
    link.symlink_to(shared)
    shared.chmod(0o444)  # protects the target, not the link
    atomic.remove(link, expected=atomic.read(link).stamp)
    assert not link.is_symlink()
    assert shared.read_bytes() == OLD


def test_nothing_is_written_through_a_dangling_link(tmp_path: Path, shared: Path) -> None:
    link = tmp_path / "x.json"
    link.symlink_to(shared)
    expected = atomic.read(link).stamp
    shared.unlink()
    with pytest.raises(Conflict, match="no longer there"):
        atomic.replace(link, NEW, expected=expected)
    with pytest.raises(Conflict):
        atomic.create(link, NEW)
    assert link.is_symlink()
    assert not shared.exists()


def test_a_loop_of_links_is_an_error_and_no_endless_one(tmp_path: Path, shared: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        atomic.read(tmp_path / "a")
    with pytest.raises((SaveFailed, Conflict)):
        atomic.replace(tmp_path / "a", NEW, expected=atomic.read(shared).stamp)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o600 | stat.S_ISGID])
@pytest.mark.parametrize("mask", [0, 0o077])
def test_a_save_keeps_the_mode_under_any_umask(shared: Path, mode: int, mask: int) -> None:
    shared.chmod(mode)
    before = os.umask(mask)
    try:
        save(shared)
    finally:
        os.umask(before)
    assert stat.S_IMODE(shared.stat().st_mode) == mode


@AS_ROOT
@pytest.mark.parametrize(
    ("owner", "group", "mode"), [(12345, 54321, 0o640), (12345, -1, 0o4755), (-1, 54321, 0o2664)]
)
def test_a_save_keeps_owner_and_group(shared: Path, owner: int, group: int, mode: int) -> None:
    os.chown(shared, owner, group)
    shared.chmod(mode)
    before = shared.stat()
    save(shared)
    after = shared.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert shared.read_bytes() == NEW


def test_a_save_keeps_the_attributes(shared: Path) -> None:
    wanted = {"user.note": b"mine", "user.empty": b"", "user.binary": bytes(range(256))}
    try:
        for name, value in wanted.items():
            os.setxattr(shared, name, value)
    except OSError:
        pytest.skip("no extended attributes here")
    save(shared)
    assert {name: os.getxattr(shared, name) for name in os.listxattr(shared)} == wanted


def test_a_save_keeps_the_access_list(shared: Path) -> None:
    nobody = 0xFFFFFFFF
    entries = [(0x01, 6, nobody), (0x02, 6, 12345), (0x04, 0, nobody), (0x10, 6, nobody), (0x20, 0, nobody)]
    access_list = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(shared, "system.posix_acl_access", access_list)
    except OSError:
        pytest.skip("no access lists here")
    mode = shared.stat().st_mode
    save(shared)
    assert os.getxattr(shared, "system.posix_acl_access") == access_list
    assert shared.stat().st_mode == mode


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_what_cannot_be_read_hides_no_other_preset(
    tmp_path: Path, reached: Callable[[str, str], None], count: int
) -> None:
    where = places(tmp_path)
    where.saved.mkdir(parents=True)
    for number in range(count):
        text = json.dumps({"name": f"preset-{number}", "manifest": {}})
        (where.saved / f"preset-{number}.json").write_text(text)
    (where.saved / "preset-0.json").write_bytes(b'{"name": "broken"')
    (where.saved / "folder.json").mkdir()
    (where.saved / "dangling.json").symlink_to("nowhere.json")
    (where.saved / "loop.json").symlink_to("loop.json")
    (where.saved / "folder-link.json").symlink_to("/")
    os.mkfifo(where.saved / "pipe.json")
    odd = {"preset-0", "folder", "dangling", "loop", "folder-link", "pipe"}
    entries = {entry.stem: entry for entry in scan(where).entries}
    assert set(entries) == odd | {f"preset-{number}" for number in range(count)}
    assert {name for name, entry in entries.items() if entry.error} == odd
    reached("8", f"{len(odd)} unreadable entries among {count}: {count - 1} of {count - 1} others listed")
