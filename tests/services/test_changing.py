"""Applying a plan, and taking it back: the file is what the plan said, or as it was."""

from collections.abc import Callable

import pytest

from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Set
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import Listing, NotFound, PresetView, find, list_presets
from mimo_tui.services.presets.planning import Refused
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.history import HistoryError

Find = Callable[[str], PresetView]
NEW = "mimo-v2.6-pro"


def test_the_file_becomes_what_the_plan_said_and_comes_back(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), NEW)
    before = plan.target.read_bytes()
    changing.apply(services, plan)
    assert plan.target.read_bytes() == plan.data
    (step,) = changing.history(services)
    assert (step.label, step.state, step.path) == (plan.label, "done", plan.target)
    assert changing.step_diff(services, step) == plan.diff
    changing.undo(services, step)
    assert plan.target.read_bytes() == before
    assert [each.state for each in changing.history(services)] == ["undone"]
    assert changing.next_undo(services) is None


def test_errors_that_stand_against_it_are_forced_or_never(
    services: Services, listing: Listing, preset: Find
) -> None:
    retired = planning.plan_switch(services, listing, preset("mimo-1"), "mimo-v2.5")
    with pytest.raises(Refused):
        changing.apply(services, retired)
    changing.apply(services, retired, force=True)
    assert retired.target.read_bytes() == retired.data
    escaping = planning.plan_edit(services, listing, preset("mimo-pro"), (Set(at.NAME, "../x"),))
    with pytest.raises(Refused):
        changing.apply(services, escaping, force=True)
    assert len(changing.history(services)) == 1


def test_a_plan_that_changes_nothing_leaves_no_trace(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_edit(services, listing, preset("mimo-1"), (Set(at.TIER, "4"),))
    before = plan.target.stat()
    changing.apply(services, plan)
    after = plan.target.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not services.places.history.exists()


def test_a_copy_is_made_private_where_it_holds_a_key(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_clone(services, listing, preset("inline"), "x")
    changing.apply(services, plan)
    assert plan.target.stat().st_mode & 0o777 == 0o600
    plain = planning.plan_clone(services, listing, preset("mimo-1"), "y")
    changing.apply(services, plain)
    assert plain.target.stat().st_mode & 0o400


def test_the_folder_of_saved_presets_is_made_where_there_is_none(services: Services) -> None:
    for path in services.places.saved.iterdir():
        path.rmdir() if path.is_dir() else path.unlink()
    services.places.saved.rmdir()
    listing = list_presets(services)
    plan = planning.plan_clone(services, listing, find(listing, "templates/mimo"), "first")
    changing.apply(services, plan)
    assert plan.target.exists()


def test_a_copy_never_takes_the_place_of_a_file_that_came_meanwhile(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_clone(services, listing, preset("mimo-1"), "x")
    plan.target.write_text("theirs")
    with pytest.raises(Conflict):
        changing.apply(services, plan)
    assert plan.target.read_text() == "theirs"


def test_a_rename_is_undone_as_one_step(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_rename(services, listing, preset("mimo-1"), "main")
    old = plan.original.entry.path
    before = old.read_bytes()
    changing.apply(services, plan)
    assert not old.exists()
    (step,) = changing.history(services)
    assert step.renamed is not None
    assert step.path == plan.target
    assert [line.mark for line in changing.step_diff(services, step)].count("+") == 1
    assert changing.history(services, old) == changing.history(services, plan.target) == (step,)
    changing.undo(services, step)
    assert (old.read_bytes(), plan.target.exists()) == (before, False)


def test_restore_brings_back_what_was_before_whatever_came_since(
    services: Services, listing: Listing, preset: Find
) -> None:
    view = preset("mimo-1")
    first = view.entry.path.read_bytes()
    for tier in ("1", "2", "3"):
        again = list_presets(services)
        plan = planning.plan_edit(
            services, again, find(again, "mimo-1"), (Set(at.TIER, tier),), label=f"tier {tier}"
        )
        changing.apply(services, plan)
    third = view.entry.path.read_bytes()
    oldest = changing.history(services)[-1]
    changing.restore(services, oldest)
    assert view.entry.path.read_bytes() == first
    newest = changing.next_undo(services)
    assert newest is not None
    assert newest.label == "restore mimo-1.json as before “tier 1”"
    changing.undo(services, newest)
    assert view.entry.path.read_bytes() == third


def test_restoring_a_deleted_preset_makes_it_again(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_delete(services, listing, preset("mimo-1"))
    before = plan.target.read_bytes()
    changing.apply(services, plan)
    changing.restore(services, changing.history(services)[0])
    assert plan.target.read_bytes() == before


def test_a_step_is_named_by_the_beginning_of_its_id(
    services: Services, listing: Listing, preset: Find
) -> None:
    for name in ("mimo-1", "mimo-pro"):
        changing.apply(services, planning.plan_delete(services, listing, preset(name)))
    newest, oldest = changing.history(services)
    assert changing.step(services, newest.id) == newest
    assert changing.step(services, oldest.id[:-2]) == oldest
    with pytest.raises(changing.AmbiguousChange, match="2 changes"):
        changing.step(services, newest.id[:2])
    with pytest.raises(HistoryError, match="no change"):
        changing.step(services, "x")


def test_a_file_that_is_gone_is_found_by_each_of_its_names(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_delete(services, listing, preset("mimo-1"))
    changing.apply(services, plan)
    for name in ("mimo-1", "mimo-1.json", "saved/mimo-1", "saved/mimo-1.json", str(plan.target)):
        assert changing.path_of(services, name) == plan.target
    with pytest.raises(NotFound):
        changing.path_of(services, "mimo-one")


def test_a_save_that_fails_leaves_the_old_bytes(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), NEW)
    before = plan.target.read_bytes()
    plan.target.chmod(0o444)
    with pytest.raises(SaveFailed) as failure:
        changing.apply(services, plan)
    assert str(plan.target) in str(failure.value)
    assert plan.target.read_bytes() == before
    assert changing.history(services) == ()


def test_an_undo_over_a_strangers_change_is_refused(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), NEW)
    changing.apply(services, plan)
    plan.target.write_bytes(plan.target.read_bytes() + b"\n")
    step = changing.next_undo(services)
    assert step is not None
    with pytest.raises(Conflict):
        changing.undo(services, step)
    assert plan.target.read_bytes().endswith(b"\n")


def test_damage_in_the_history_is_told(services: Services, listing: Listing, preset: Find) -> None:
    changing.apply(services, planning.plan_delete(services, listing, preset("mimo-1")))
    with (services.places.history / "log" / "changes.jsonl").open("ab") as log:
        log.write(b"{broken\n")
    assert len(changing.problems(services)) == 1
    assert len(changing.history(services)) == 1
