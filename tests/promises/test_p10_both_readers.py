"""Promise 10: files that we create load in both of Lingtai's readers.

Every preset of the sample library that can be read is moved to each current chat model, cloned and renamed, its
errors mended by the first fix on offer; what is then written is given to the real kernel and to the model of
Lingtai's screen.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import Source
from mimo_tui.services import Services
from mimo_tui.services.presets.changing import apply
from mimo_tui.services.presets.listing import Listing, PresetView, list_presets
from mimo_tui.services.presets.planning import (
    ABOUT_KEYS,
    Plan,
    plan_clone,
    plan_edit,
    plan_rename,
    plan_switch,
)
from tests.conftest import NOW
from tests.lingtai_readers import BOOTS, LOADS, go_answer, kernel_answer, kernel_boot_answer


def mended(plan_with: Callable[[tuple[str, ...]], Plan]) -> Plan:
    """Add the first fix of the first error that has one, until there is none."""
    chosen: tuple[str, ...] = ()
    for _ in range(20):
        plan = plan_with(chosen)
        assert plan.after is not None
        fix = next(
            (
                finding.fixes[0].id
                for finding in plan.after.findings
                if finding.severity is Severity.ERROR and finding.fixes
            ),
            None,
        )
        if fix is None:
            return plan
        chosen = (*chosen, fix)
    raise AssertionError(f"no end of errors: {chosen}")


def errors(plan: Plan) -> set[str]:
    assert plan.after is not None
    return {
        finding.code
        for finding in plan.after.findings
        if finding.severity is Severity.ERROR and finding.code not in ABOUT_KEYS
    }


def switched(
    services: Services, listing: Listing, preset: PresetView, model: str, fixes: tuple[str, ...]
) -> Plan:
    return plan_switch(services, listing, preset, model, fixes=fixes)


def edited(services: Services, listing: Listing, preset: PresetView, fixes: tuple[str, ...]) -> Plan:
    return plan_edit(services, listing, preset, (), fixes=fixes)


def readable(listing: Listing) -> list[PresetView]:
    return [preset for preset in listing.presets if preset.preset is not None]


def assert_loads(plan: Plan, folder: Path) -> None:
    """Write the planned bytes and ask both readers."""
    assert plan.data is not None
    path = folder / plan.target.name
    path.write_bytes(plan.data)
    told = (kernel_answer(path), kernel_boot_answer(path), go_answer(plan.data))
    assert told == (LOADS, BOOTS, LOADS), (plan.original.reference, plan.edits, told)
    assert plan.after is not None
    assert plan.after.preset is not None
    assert plan.after.preset.name == plan.target.stem or plan.original.source is not Source.TEMPLATE


def test_a_switched_preset_loads_in_both_readers(
    services: Services, listing: Listing, tmp_path: Path, reached: Callable[[str, str], None]
) -> None:
    written = 0
    models = services.catalogue.chat_models(NOW)
    presets = readable(listing)
    for preset in presets:
        for model in models:
            plan = mended(partial(switched, services, listing, preset, model.id))
            assert errors(plan) == set(), (preset.reference, errors(plan))
            assert_loads(plan, tmp_path)
            written += 1
    assert written == len(presets) * len(models) > 60
    reached("10", f"{written} presets switched and mended, {written} load in both readers")


def clones(services: Services, listing: Listing) -> Iterator[Plan]:
    """Clone each preset, once with its slot and once with one of its own."""
    for number, preset in enumerate(readable(listing)):
        for own_slot in (False, True):
            yield plan_clone(services, listing, preset, f"copy-{number}", own_slot=own_slot)


def test_a_clone_loads_wherever_its_original_does(
    services: Services, listing: Listing, tmp_path: Path, reached: Callable[[str, str], None]
) -> None:
    written = 0
    for plan in clones(services, listing):
        original = plan.original.entry.content
        assert original is not None
        first, copy = tmp_path / "original.json", tmp_path / "copy.json"
        first.write_bytes(original.data)
        assert plan.data is not None
        copy.write_bytes(plan.data)
        was = (kernel_boot_answer(first), go_answer(original.data))
        now = (kernel_boot_answer(copy), go_answer(plan.data))
        # A copy gets a name and perhaps a slot: it may load where the original did not, never the other way.
        assert was[0] != BOOTS or now[0] == BOOTS, (plan.original.reference, now)
        assert was[1] != LOADS or now[1] == LOADS, (plan.original.reference, now)
        if now != (BOOTS, LOADS):
            assert errors(plan), plan.original.reference
        written += 1
    reached("10", f"{written} clones, each loads wherever its original does")


def test_a_clone_that_is_applied_and_mended_loads_in_both_readers(
    services: Services, listing: Listing, reached: Callable[[str, str], None]
) -> None:
    cloned = 0
    for preset in readable(listing):
        apply(services, plan_clone(services, list_presets(services), preset, f"clone-{cloned}"), force=True)
        cloned += 1
    again = list_presets(services)
    found = [preset for preset in readable(again) if preset.name.startswith("clone-")]
    loaded = 0
    for preset in found:
        if preset.preset is not None and not preset.preset.model:
            continue  # made of a template that leaves the model open, and no fix can know which
        plan = mended(partial(edited, services, again, preset))
        apply(services, plan, force=True)
        path = preset.entry.path
        told = (kernel_answer(path), kernel_boot_answer(path), go_answer(path.read_bytes()))
        assert told == (LOADS, BOOTS, LOADS), (preset.reference, told)
        loaded += 1
    assert loaded >= cloned - 1 > 20
    reached("10", f"{cloned} clones written, {loaded} mended by our own fixes load in both readers")


def test_a_renamed_preset_loads_in_both_readers(services: Services, listing: Listing, tmp_path: Path) -> None:
    renamed = 0
    for preset in readable(listing):
        if preset.source is Source.TEMPLATE or preset.entry.link is not None:
            continue
        path = preset.entry.path
        was = (kernel_boot_answer(path), go_answer(path.read_bytes()))
        plan = plan_rename(services, listing, preset, f"renamed 改-{renamed}")
        assert plan.data is not None
        copy = tmp_path / plan.target.name
        copy.write_bytes(plan.data)
        assert was[0] != BOOTS or kernel_boot_answer(copy) == BOOTS
        assert was[1] != LOADS or go_answer(plan.data) == LOADS
        renamed += 1
    assert renamed > 15
