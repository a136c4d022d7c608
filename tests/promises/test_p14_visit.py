"""Promise 14: looking at everything changes nothing."""

from collections.abc import Callable
from pathlib import Path

from mimo_tui.services import Services
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.stages import QUIET, back, checked, doctor_checked
from tests.journeys.walker import opened

State = dict[str, tuple[int, int, int, bytes]]


def state_of(folder: Path) -> State:
    """Give mode, mtime, inode and bytes of everything below the folder; links are not followed."""
    found: State = {}
    for path in (folder, *folder.rglob("*")):
        stat = path.lstat()
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path)] = (stat.st_mode, stat.st_mtime_ns, stat.st_ino, data)
    return found


async def test_a_visit_to_every_screen_and_dialog_changes_nothing(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],
) -> None:
    home = demo.places.home
    before = state_of(home)
    async with opened(demo, (80, 24)) as walker:
        for stage in QUIET.values():
            await stage(walker)
            await back(walker)
        await walker.press("ctrl+r")
        await walker.press("ctrl+q")
        await walker.until(lambda: walker.app._exit)
    assert state_of(home) == before
    assert not demo.places.state.exists()
    reached("14", f"{len(QUIET)} screens and dialogs, {len(before)} files: 0 bytes, 0 mtimes changed")


async def test_a_check_of_a_key_changes_nothing_outside_our_own_folder(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],
) -> None:
    lingtai = demo.places.lingtai
    before = state_of(lingtai)
    async with opened(demo, (80, 24)) as walker:
        await checked(walker)
        await walker.until("✗ 1 preset")
    assert state_of(lingtai) == before
    assert demo.places.checks.is_file()
    reached("14", f"a key check, {len(before)} files of Lingtai: 0 bytes, 0 mtimes changed")


async def test_the_doctor_with_all_its_questions_changes_nothing_outside_our_own_folder(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],
) -> None:
    lingtai, home = demo.places.lingtai, demo.places.home
    before, there = state_of(lingtai), set(home.iterdir())
    async with opened(demo, (80, 24)) as walker:
        await doctor_checked(walker)
    assert state_of(lingtai) == before
    assert set(home.iterdir()) == {*there, home / ".local"}
    reached(
        "14", f"the doctor asks docs and hosts, {len(before)} files of Lingtai: 0 bytes, 0 mtimes changed"
    )
