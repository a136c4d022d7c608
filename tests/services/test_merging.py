"""The file changed between reading and saving: theirs, mine, or value by value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Delete, Edit, Json, Set
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, merging, planning
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.merging import Merge
from mimo_tui.services.presets.planning import Plan, Refused
from mimo_tui.store.atomic import Conflict

Find = Callable[[str], PresetView]
MINE: tuple[Edit, ...] = (Set(at.MODEL, "mimo-v2.6-pro"), Set(at.TIER, "1"), Delete(at.CONTEXT_LIMIT))


@pytest.fixture
def plan(services: Services, listing: Listing, preset: Find) -> Plan:
    return planning.plan_edit(services, listing, preset("mimo-1"), MINE, label="mine")


def changed(path: Path, *edits: Edit) -> bytes:
    text = json_text.apply(path.read_text(), edits)
    path.write_text(text)
    return text.encode()


def conflict(services: Services, plan: Plan) -> Merge:
    with pytest.raises(Conflict) as raised:
        changing.apply(services, plan, force=True)
    return merging.compare(plan, raised.value)


def value(path: Path, at_path: json_text.Path) -> Json:
    return json_text.get(json_text.read(path.read_bytes()).value, at_path)


def test_each_value_is_shown_as_read_as_theirs_and_as_mine(services: Services, plan: Plan) -> None:
    changed(plan.target, Set(at.MODEL, "mimo-v2.6-flash"), Set(at.SUMMARY, "theirs"))
    merge = conflict(services, plan)
    assert merge.problem is None
    assert [(each.before, each.theirs, each.mine, each.is_contested) for each in merge.differences] == [
        ('"mimo-v2.5-pro"', '"mimo-v2.6-flash"', '"mimo-v2.6-pro"', True),
        ('"4"', '"4"', '"1"', False),
        ("1000000", "1000000", "—", False),
    ]


@pytest.mark.parametrize(
    ("kept", "model", "tier"),
    [
        ((), "mimo-v2.6-flash", "4"),
        ((0, 1, 2), "mimo-v2.6-pro", "1"),
        ((1,), "mimo-v2.6-flash", "1"),
        ((0,), "mimo-v2.6-pro", "4"),
    ],
)
def test_theirs_mine_or_value_by_value(
    kept: tuple[int, ...], model: str, tier: str, services: Services, listing: Listing, plan: Plan
) -> None:
    theirs = changed(plan.target, Set(at.MODEL, "mimo-v2.6-flash"), Set(at.SUMMARY, "theirs"))
    merge = conflict(services, plan)
    merged = merging.rebased(services, listing, merge, kept)
    assert merged.label == "mine"
    changing.apply(services, merged, force=True)
    assert value(plan.target, at.MODEL) == model
    assert value(plan.target, at.TIER) == tier
    assert value(plan.target, at.SUMMARY) == "theirs"
    assert merged.changes_nothing is not bool(kept)
    if not kept:
        assert plan.target.read_bytes() == theirs


def test_what_they_deleted_too_is_no_edit_any_more(services: Services, listing: Listing, plan: Plan) -> None:
    changed(plan.target, Delete(at.CONTEXT_LIMIT))
    merged = merging.rebased(services, listing, conflict(services, plan), (0, 1, 2))
    changing.apply(services, merged)
    assert "context_limit" not in plan.target.read_text()


def test_an_edit_that_has_no_place_in_theirs_is_refused_in_a_sentence(
    services: Services, listing: Listing, plan: Plan
) -> None:
    theirs = changed(plan.target, Set(at.MANIFEST, "gone"))
    merge = conflict(services, plan)
    assert [each.theirs for each in merge.differences] == ["—", '"4"', "—"]
    with pytest.raises(Refused, match="cannot be merged"):
        merging.rebased(services, listing, merge, (0,))
    assert plan.target.read_bytes() == theirs


@pytest.mark.parametrize("theirs", [b"{broken", b"[]", b"\xff\xfe", b""])
def test_what_cannot_be_read_cannot_be_merged_and_is_not_overwritten(
    theirs: bytes, services: Services, listing: Listing, plan: Plan
) -> None:
    plan.target.write_bytes(theirs)
    merge = conflict(services, plan)
    with pytest.raises(Refused):
        merging.rebased(services, listing, merge, (0, 1, 2))
    assert plan.target.read_bytes() == theirs


def test_a_file_that_is_gone_cannot_be_merged(services: Services, listing: Listing, plan: Plan) -> None:
    plan.target.unlink()
    merge = conflict(services, plan)
    assert merge.actual is None
    assert merge.problem is not None
    with pytest.raises(Refused):
        merging.rebased(services, listing, merge, (0,))
    assert not plan.target.exists()


def test_a_deletion_is_not_merged(services: Services, listing: Listing, preset: Find) -> None:
    deletion = planning.plan_delete(services, listing, preset("mimo-1"))
    changed(deletion.target, Set(at.TIER, "2"))
    merge = conflict(services, deletion)
    assert merge.problem is not None
    assert deletion.target.exists()


def test_keys_on_either_side_are_masked(services: Services, listing: Listing, preset: Find) -> None:
    mine = planning.plan_edit(
        services, listing, preset("inline"), (Set(at.INLINE_KEY, None), Set(at.LLM, {}))
    )
    changed(mine.target, Set(at.INLINE_KEY, "their.canary+key"))
    merge = conflict(services, mine)
    shown = repr(merge.differences)
    assert "canary" not in shown
    assert "fake0016" not in shown


def test_two_conflicts_in_a_row_are_each_noticed(services: Services, listing: Listing, plan: Plan) -> None:
    changed(plan.target, Set(at.SUMMARY, "one"))
    merged = merging.rebased(services, listing, conflict(services, plan), (0, 1, 2))
    changed(plan.target, Set(at.SUMMARY, "two"))
    again = merging.rebased(services, listing, conflict(services, merged), (0, 1, 2))
    changing.apply(services, again)
    assert value(plan.target, at.SUMMARY) == "two"
    assert value(plan.target, at.MODEL) == "mimo-v2.6-pro"
