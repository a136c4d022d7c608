"""Plans: the bytes as they will be, what stands against them, and nothing written yet."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Delete, EditError, Json, Set
from mimo_tui.core.preset import Source
from mimo_tui.services import Services
from mimo_tui.services.presets import planning
from mimo_tui.services.presets.listing import Listing, PresetView, list_presets
from mimo_tui.services.presets.planning import Kind, Plan, Refused, UnknownFix

Find = Callable[[str], PresetView]
NEW = "mimo-v2.6-pro"


def document(plan: Plan) -> Json:
    assert plan.data is not None
    return json_text.read(plan.data).value


def test_a_switch_plans_the_bytes_the_diff_and_both_judgements(
    services: Services, listing: Listing, preset: Find
) -> None:
    original = preset("mimo-1")
    plan = planning.plan_switch(services, listing, original, NEW)
    assert plan.kind is Kind.EDIT
    assert plan.label == f"switch mimo-1 to {NEW}"
    assert plan.target == original.entry.path
    assert [(line.mark, line.text.strip()) for line in plan.diff if line.mark in "+-"] == [
        ("-", '"model": "mimo-v2.5-pro",'),
        ("+", f'"model": "{NEW}",'),
    ]
    assert [finding.code for finding in plan.mended] == ["model-retired"]
    assert plan.blocking == ()
    assert original.entry.content is not None
    assert original.entry.path.read_bytes() == original.entry.content.data


def test_an_error_that_was_there_before_does_not_stand_against_another_change(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_edit(services, listing, preset("mimo-1"), (Set(at.TIER, "1"),))
    assert plan.after is not None
    assert "model-retired" in {finding.code for finding in plan.after.findings}
    assert plan.blocking == ()


def test_an_error_at_the_very_value_that_is_written_stands_against_it(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), "mimo-v2.5")
    assert [finding.code for finding in plan.blocking] == ["model-retired"]
    assert plan.never_forced == ()


def test_a_missing_key_stands_against_nothing(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_edit(services, listing, preset("mimo-1"), (Set(at.SLOT, "MIMO_77_API_KEY"),))
    assert "key-missing" in {finding.code for finding in plan.after.findings} if plan.after else False
    assert plan.blocking == ()


def test_fixes_are_taken_from_what_is_wrong_by_then(
    services: Services, listing: Listing, preset: Find
) -> None:
    fixes = (f"use:{NEW}", f"pin-vision:{NEW}")
    plan = planning.plan_edit(services, listing, preset("mimo-1"), (), fixes=fixes)
    assert plan.after is not None
    assert not [found for found in plan.after.findings if found.severity == "error"]
    assert {finding.code for finding in plan.mended} == {"model-retired", "vision-model-retired"}
    with pytest.raises(UnknownFix) as error:
        planning.plan_edit(services, listing, preset("mimo-1"), (), fixes=(f"use:{NEW}", f"use:{NEW}"))
    assert f"pin-vision:{NEW}" in error.value.offered


def test_a_template_gives_a_copy_with_a_name_and_a_slot_of_its_own(
    services: Services, listing: Listing, preset: Find
) -> None:
    original = preset("templates/mimo")
    plan = planning.plan_switch(services, listing, original, NEW, fixes=(f"pin-vision:{NEW}",))
    assert plan.kind is Kind.COPY
    assert plan.target == services.places.saved / "mimo-2.json"
    assert plan.label == f"switch mimo to {NEW}, as the copy mimo-2"
    found = document(plan)
    assert json_text.get(found, at.NAME) == "mimo-2"
    assert json_text.get(found, at.SLOT) == "MIMO_3_API_KEY"
    assert "template" not in {finding.code for finding in plan.mended}
    assert plan.after is not None
    assert plan.after.source is Source.SAVED
    assert "stays as it is; this makes the copy saved/mimo-2.json" in plan.warnings[0]


def test_a_template_that_needs_no_key_gets_no_slot(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_clone(services, listing, preset("templates/claude"))
    assert json_text.get(document(plan), at.SLOT) == ""
    assert len(plan.warnings) == 1


def test_a_slot_of_its_own_is_one_that_nobody_has(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_clone(services, listing, preset("mimo-1"), "x", own_slot=True)
    found = document(plan)
    slot = json_text.get(found, at.SLOT)
    assert slot == "MIMO_3_API_KEY"  # 1, 01 and 2 stand in .env, 9 in a preset
    assert json_text.get(found, (*at.VISION, "api_key_env")) == slot
    assert slot not in services.places.env_file.read_text()


def test_the_lowest_free_name_is_taken(services: Services, preset: Find) -> None:
    (services.places.saved / "mimo-1-1.json").write_text("{")
    again = list_presets(services)
    plan = planning.plan_clone(services, again, preset("mimo-1"))
    assert plan.target.name == "mimo-1-2.json"


def test_a_legacy_preset_is_cloned_into_saved(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_clone(services, listing, preset("legacy/mimo"), "old")
    assert plan.target == services.places.saved / "old.json"


def test_a_rename_is_judged_under_its_new_file(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_rename(services, listing, preset("mimo-1"), "main")
    assert plan.kind is Kind.RENAME
    assert plan.after is not None
    assert "name-differs-from-file" not in {finding.code for finding in plan.after.findings}
    assert plan.warnings == ("Agents that still name the old file in their init.json: assistant.",)


def test_a_rename_to_the_files_own_name_mends_the_name_inside(
    services: Services, listing: Listing, preset: Find
) -> None:
    plan = planning.plan_rename(services, listing, preset("saved/other-name"), "other-name")
    assert plan.kind is Kind.EDIT
    assert [finding.code for finding in plan.mended] == ["name-differs-from-file"]
    assert planning.plan_rename(services, listing, preset("mimo-1"), "mimo-1").changes_nothing


@pytest.mark.parametrize("name", ["broken", "bom", "latin1", "list", "dir", "dangling", "note", "empty"])
def test_a_file_that_we_cannot_save_again_is_not_planned_with(
    name: str, services: Services, listing: Listing, preset: Find
) -> None:
    original = preset(name)
    plans: tuple[Callable[[], Plan], ...] = (
        lambda: planning.plan_switch(services, listing, original, NEW),
        lambda: planning.plan_clone(services, listing, original),
        lambda: planning.plan_rename(services, listing, original, "x"),
        lambda: planning.plan_nothing(original),
    )
    for plan in plans:
        with pytest.raises(Refused) as error:
            plan()
        assert str(original.error) in str(error.value)


def test_the_plan_of_nothing_changes_nothing(preset: Find) -> None:
    plan = planning.plan_nothing(preset("templates/mimo"))
    assert (plan.changes_nothing, plan.diff, plan.blocking) == (True, (), ())


def test_an_edit_that_cannot_be_made_is_an_error(services: Services, listing: Listing, preset: Find) -> None:
    with pytest.raises(EditError):
        planning.plan_edit(services, listing, preset("mimo-1"), (Delete(("manifest", "llm", "nope")),))


def test_a_key_in_a_label_is_masked(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), "sk-pastedcanary12")
    assert "canary" not in plan.label


@pytest.mark.parametrize("name", ["a", "a b.c", "灵台", "x" * 200, "..a", "con"])
def test_names_that_lingtai_takes_are_taken(name: str) -> None:
    assert planning.name_fault(name) is None


@pytest.mark.parametrize("name", ["", " ", "\t", ".", "..", "a/b", "a\\b", "a\0b", "x" * 201, "\ud800"])
def test_names_that_lingtai_or_a_file_system_refuses_are_refused(name: str) -> None:
    fault = planning.name_fault(name)
    assert fault is not None
    assert fault.isprintable()


def test_the_lines_of_the_json_pane_hold_no_key(services: Services, tmp_path: Path) -> None:
    value: Json = {"api_key": "x/y+z.canary", "a": "x/y+z.canary"}
    text = json.dumps(value, indent=2)
    lines = planning.redacted_lines(text.encode(), value)
    assert len(lines) == len(text.split("\n"))
    assert "canary" not in "".join(lines)
