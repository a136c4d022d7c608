"""Promises 5 and 14: looking, planning and refusing write nothing; a save without a change is none.

Compared are inode, mtime, mode and bytes of everything below the home, folders and links included.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.cli.commands import run
from mimo_tui.core import json_text
from mimo_tui.core.json_text import EditError, Json, Set
from mimo_tui.services import Services, make_services
from mimo_tui.services.keys.listing import list_keys
from mimo_tui.services.models import list_models
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.draft import Draft, judge_draft, value_of
from mimo_tui.services.presets.listing import PresetView, list_presets
from mimo_tui.services.presets.planning import Plan, Refused, UnknownFix
from mimo_tui.store.atomic import SaveFailed

Reached = Callable[[str, str], None]
Seen = dict[str, tuple[int, int, int, bytes]]


def everything(home: Path) -> Seen:
    """Give what there is below the home; reading it changes no mtime."""

    def entries() -> Iterator[tuple[str, tuple[int, int, int, bytes]]]:
        for folder, folders, files in os.walk(home):
            for name in (".", *folders, *files):
                path = Path(folder) / name
                status = path.lstat()
                if path.is_symlink():
                    data = os.fsencode(path.readlink())
                else:
                    data = path.read_bytes() if path.is_file() else b""
                yield str(path.relative_to(home)), (status.st_ino, status.st_mtime_ns, status.st_mode, data)

    return dict(entries())


def differences(before: Seen, after: Seen) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


@pytest.fixture
def unchanged(services: Services) -> Iterator[Callable[[], None]]:
    """Give a check that nothing below the home has changed; it is made at the end of the test too."""
    before = everything(services.places.home)

    def check() -> None:
        assert differences(before, everything(services.places.home)) == []

    yield check
    check()
    assert not services.places.state.exists()


def plans(services: Services) -> Iterator[Callable[[], Plan]]:
    """Give every plan that can be asked for, of every file of the library."""
    listing = list_presets(services)
    for view in listing.presets:

        def switched(original: PresetView = view, model: str = "mimo-v2.6-pro") -> Plan:
            return planning.plan_switch(services, listing, original, model)

        def retired(original: PresetView = view) -> Plan:
            return planning.plan_switch(services, listing, original, "mimo-v2.5")

        def cloned(original: PresetView = view) -> Plan:
            return planning.plan_clone(services, listing, original, own_slot=True)

        def renamed(original: PresetView = view) -> Plan:
            return planning.plan_rename(services, listing, original, "another")

        def deleted(original: PresetView = view) -> Plan:
            return planning.plan_delete(services, listing, original)

        def misnamed(original: PresetView = view) -> Plan:
            return planning.plan_edit(services, listing, original, (Set(("name",), "../x"),))

        def unfixed(original: PresetView = view) -> Plan:
            return planning.plan_switch(services, listing, original, "x", fixes=("nope",))

        yield from (switched, retired, cloned, renamed, deleted, misnamed, unfixed)


def test_listing_planning_and_drafting_write_nothing(
    services: Services, unchanged: Callable[[], None], reached: Reached
) -> None:
    count = 0
    for make in plans(services):
        try:
            plan = make()
        except (Refused, UnknownFix, EditError):
            continue
        assert isinstance(plan.diff, tuple)
        count += 1
    listing = list_presets(services)
    for view in listing.presets:
        draft = Draft(view, MappingProxyType({"summary": "typed", "context_limit": "12"}))
        _ = [value_of(draft, field) for field in draft.form]
        if view.preset is not None:
            judge_draft(services, listing, draft)
            count += 1
    list_keys(services)
    list_models(services)
    assert changing.history(services) == ()
    unchanged()
    assert count > 100
    reached("14", f"{count} plans and drafts of {len(listing.presets)} files: 0 bytes and 0 mtimes changed")


def test_a_refused_save_writes_nothing(
    services: Services, unchanged: Callable[[], None], reached: Reached
) -> None:
    count = 0
    for make in plans(services):
        try:
            plan = make()
        except (Refused, UnknownFix, EditError):
            count += 1
            continue
        if plan.blocking and not plan.changes_nothing:
            with pytest.raises(Refused):
                changing.apply(services, plan)
            count += 1
        if plan.never_forced and not plan.changes_nothing:
            with pytest.raises(Refused):
                changing.apply(services, plan, force=True)
            count += 1
    unchanged()
    assert count > 50
    reached("14", f"{count} refused changes: 0 bytes and 0 mtimes changed")


def test_a_save_that_the_disk_refuses_changes_nothing_but_our_own_history(services: Services) -> None:
    listing = list_presets(services)
    view = next(view for view in listing.presets if view.name == "mimo-1")
    view.entry.path.chmod(0o444)
    before = everything(services.places.home)
    with pytest.raises(SaveFailed):
        changing.apply(services, planning.plan_switch(services, listing, view, "mimo-v2.6-pro"))
    after = everything(services.places.home)
    ours = str(services.places.state.relative_to(services.places.home)).split("/")[0]
    # The home's own mtime is that of making our state folder in it, which a person's is not.
    assert [name for name in differences(before, after) if name.split("/")[0] not in (ours, ".")] == []


COMMANDS = (
    ("presets", "list"),
    ("presets", "show", "mimo-1"),
    ("presets", "show", "broken"),
    ("presets", "history"),
    ("presets", "diff"),
    ("presets", "undo", "--yes"),
    ("presets", "restore", "x", "--yes"),
    ("keys", "list"),
    ("models",),
    ("doctor",),
    ("doctor", "--report", "-"),
    ("switch", "mimo-1", "mimo-v2.6-pro"),
    ("switch", "mimo-1", "mimo-v2.6-pro", "--yes", "--dry-run"),
    ("switch", "mimo-1", "mimo-v2.5-tts", "--yes"),
    ("switch", "mimo", "mimo-v2.6-pro", "--yes"),
    ("switch", "broken", "mimo-v2.6-pro", "--yes"),
    ("presets", "set", "mimo-1", "tier", "4", "--yes"),
    ("presets", "set", "mimo-1", "name", "../x", "--yes", "--force"),
    ("presets", "set", "mimo-1", "nosuch", "4", "--yes"),
    ("presets", "clone", "mimo-1", "mimo-pro", "--yes"),
    ("presets", "rename", "mimo-1", "mimo-1", "--yes"),
    ("presets", "rename", "link", "x", "--yes"),
    ("presets", "delete", "templates/mimo", "--yes"),
    ("presets", "delete", "mimo-1"),
)


def test_commands_that_look_or_are_refused_write_nothing(
    services: Services,
    unchanged: Callable[[], None],
    reached: Reached,
    capsys: pytest.CaptureFixture[str],
) -> None:
    count = 0
    for command in COMMANDS:
        for form in ((), ("--json",)):
            run([*command, *form, "--home", str(services.places.home)])
            unchanged()
            count += 1
    assert "Traceback" not in capsys.readouterr().err
    reached("14", f"{count} commands that look, try out or are refused: 0 bytes and 0 mtimes changed")


def test_where_there_is_no_library_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        run([*command, "--home", str(tmp_path / "nobody")])
    list_presets(make_services(tmp_path / "nobody"))
    assert list(tmp_path.iterdir()) == []


def test_open_and_save_without_a_change_writes_nothing(
    services: Services, unchanged: Callable[[], None], reached: Reached
) -> None:
    count = 0
    listing = list_presets(services)
    for view in listing.presets:
        if view.preset is None or view.reference.startswith("templates/"):
            continue
        assert view.entry.document is not None
        value = view.entry.document.value
        same: list[Plan] = [planning.plan_edit(services, listing, view, ())]
        draft = Draft(view)
        typed = {field.id: value_of(draft, field) for field in draft.form}
        judged = judge_draft(services, listing, replace(draft, texts=MappingProxyType(typed)))
        assert judged.plan is not None
        same.append(judged.plan)
        same += [
            planning.plan_edit(services, listing, view, (Set(path, found),)) for path, found in leaves(value)
        ]
        for plan in same:
            changing.apply(services, plan, force=True)
            unchanged()
            count += 1
    assert count > 200
    reached("5", f"{count} saves without a change: same bytes, mtime and inode each time")


def leaves(value: Json, path: json_text.Path = ()) -> Iterator[tuple[json_text.Path, Json]]:
    """Give every value of a document that is no object, with its path."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif path:
        yield path, value


def test_a_save_touches_its_own_file_and_our_state_folder_alone(services: Services, reached: Reached) -> None:
    listing = list_presets(services)
    view = next(view for view in listing.presets if view.name == "mimo-1")
    before = everything(services.places.home)
    changing.apply(services, planning.plan_switch(services, listing, view, "mimo-v2.6-pro"))
    changed = differences(before, everything(services.places.home))
    ours = services.places.state.relative_to(services.places.home).parts[0]
    theirs = {name for name in changed if Path(name).parts[:1] != (ours,)}
    # Two folders have a new mtime: one in which a file was replaced, and the home, in which our state folder was made.
    assert theirs - {"", ".", ".lingtai-tui/presets/saved"} == {".lingtai-tui/presets/saved/mimo-1.json"}
    reached("14", "one switch: 1 file of the library changed, the rest is our own state folder")
