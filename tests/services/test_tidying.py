"""A start removes what a killed save left behind, and nothing else."""

from dataclasses import replace

from mimo_tui.services import Services
from mimo_tui.services.tidying import tidy
from mimo_tui.store.history import KEEP, Snapshot


def test_a_stray_temporary_file_is_gone_after_the_next_start(services: Services) -> None:
    saved = services.places.saved
    stray = saved / ".mimo-1.json.999999-0123456789ab.mimo-tmp"
    stray.write_text("half a pres")
    others = {path: path.lstat().st_mtime_ns for path in saved.iterdir() if path != stray}
    assert tidy(services) == ()
    assert {path: path.lstat().st_mtime_ns for path in saved.iterdir()} == others


def test_a_start_with_nothing_to_tidy_changes_nothing(services: Services) -> None:
    before = {path: path.lstat().st_mtime_ns for path in services.places.home.rglob("*")}
    assert tidy(services) == ()
    assert {path: path.lstat().st_mtime_ns for path in services.places.home.rglob("*")} == before


def test_a_history_that_grew_too_long_loses_its_oldest_changes(services: Services) -> None:
    path = services.places.saved / "mimo-1.json"
    snapshot = Snapshot(b"{}", 0o644)
    for number in range(KEEP + 5):
        change = services.history.record(label=f"change {number}", path=path, before=None, after=snapshot)
        services.history.settle(change, happened=True)
    assert tidy(services) == ()
    labels = [change.label for change in services.history.changes()]
    assert len(labels) == KEEP
    assert labels[0] == f"change {KEEP + 4}"


def test_a_folder_that_cannot_be_searched_is_told(services: Services) -> None:
    places = replace(services.places, home=services.places.home / ("x" * 300))
    assert "could not be searched" in " ".join(tidy(replace(services, places=places)))
