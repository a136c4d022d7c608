"""Promise 12, through the services: what another program changed between list and save is noticed, then merged."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Set
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, merging, planning
from mimo_tui.services.presets.listing import Listing, PresetView, find, list_presets
from mimo_tui.services.presets.planning import Plan
from mimo_tui.store.atomic import Conflict

Reached = Callable[[str, str], None]
Find = Callable[[str], PresetView]
MODELS = ("mimo-v2.6-pro", "mimo-v2.6-fla", "mimo-v2.5-abc")  # as long as the one that is there


def same_size_and_mtime(path: Path, chance: random.Random) -> None:
    """Change one letter of the summary in place, and set the clock back: size, inode, mtime and mode are the old."""
    status, data = path.stat(), path.read_bytes()
    where = data.index(b"token plan") + chance.randrange(5)
    path.write_bytes(data[:where] + bytes([data[where] ^ 0x20]) + data[where + 1 :])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        status.st_size,
        status.st_mtime_ns,
        status.st_ino,
    )


def replaced(path: Path, chance: random.Random) -> None:
    """Do as an editor does: another file takes the name."""
    beside = path.with_name("beside")
    beside.write_text(json_text.apply(path.read_text(), (Set(at.TIER, str(chance.randint(1, 3))),)))
    os.replace(beside, path)  # noqa: PTH105


def rewritten(path: Path, chance: random.Random) -> None:
    path.write_text(json_text.apply(path.read_text(), (Set(at.SUMMARY, f"theirs {chance.random()}"),)))


def shortened(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chance.randrange(100)])


def touched_at_the_end(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


CHANGES = (same_size_and_mtime, replaced, rewritten, shortened, touched_at_the_end)


def attempt(services: Services, plan: Plan) -> Conflict | None:
    try:
        changing.apply(services, plan)
    except Conflict as conflict:
        return conflict
    return None


def tries(services: Services, number: int) -> int:
    """Change the file between list and apply, `number` times; give how often it was noticed."""
    chance = random.Random(12)
    path = services.places.saved / "mimo-1.json"
    first = path.read_bytes()
    noticed = 0
    for turn in range(number):
        path.write_bytes(first)
        listing = list_presets(services)
        plan = planning.plan_switch(services, listing, find(listing, "saved/mimo-1"), "mimo-v2.6-pro")
        CHANGES[turn % len(CHANGES)](path, chance)
        theirs = path.read_bytes()
        found = attempt(services, plan)
        if found is not None and found.actual is not None:
            noticed += found.actual.data == theirs == path.read_bytes()
    assert changing.history(services) == ()
    return noticed


def test_every_change_by_another_program_is_noticed(services: Services, reached: Reached) -> None:
    number = 100
    assert tries(services, number) == number
    reached(
        "12", f"{number} of {number} changes between list and save noticed, same size and mtime among them"
    )


@pytest.mark.long
def test_every_change_by_another_program_is_noticed_1000_times(services: Services, reached: Reached) -> None:
    number = 1000
    assert tries(services, number) == number
    reached(
        "12", f"{number} of {number} changes between list and save noticed, same size and mtime among them"
    )


def test_a_mere_touch_is_no_change(services: Services, listing: Listing, preset: Find) -> None:
    plan = planning.plan_switch(services, listing, preset("mimo-1"), "mimo-v2.6-pro")
    os.utime(plan.target, ns=(1, 1))
    changing.apply(services, plan)
    assert plan.target.read_bytes() == plan.data


@pytest.mark.parametrize("kind", ["delete", "rename"])
def test_a_deletion_and_a_rename_notice_it_too(
    kind: str, services: Services, listing: Listing, preset: Find
) -> None:
    path = preset("mimo-1").entry.path
    plan: Plan = (
        planning.plan_delete(services, listing, preset("mimo-1"))
        if kind == "delete"
        else planning.plan_rename(services, listing, preset("mimo-1"), "main")
    )
    same_size_and_mtime(path, random.Random(1))
    theirs = path.read_bytes()
    with pytest.raises(Conflict):
        changing.apply(services, plan)
    assert path.read_bytes() == theirs
    assert not (services.places.saved / "main.json").exists()


def test_theirs_mine_and_each_choice_value_by_value_are_what_was_chosen(
    services: Services, listing: Listing, preset: Find, reached: Reached
) -> None:
    edits = (
        Set(at.MODEL, "mimo-v2.6-pro"),
        Set(at.TIER, "1"),
        Set(at.SUMMARY, "mine"),
        Set(at.SLOT, "MIMO_7_API_KEY"),
    )
    plan = planning.plan_edit(services, listing, preset("mimo-1"), edits)
    first = plan.target.read_bytes()
    theirs = json_text.apply(
        first.decode(), (Set(at.MODEL, "mimo-v2.6-flash"), Set(at.SUMMARY, "theirs"), Set(("extra",), [1e3]))
    ).encode()
    settled = 0
    for chosen in range(2 ** len(edits)):
        kept = {number for number in range(len(edits)) if chosen >> number & 1}
        plan.target.write_bytes(theirs)
        with pytest.raises(Conflict) as conflict:
            changing.apply(services, plan)
        merge = merging.compare(plan, conflict.value)
        assert [each.is_contested for each in merge.differences] == [True, False, True, False]
        merged = merging.rebased(services, listing, merge, kept)
        changing.apply(services, merged, force=True)
        mine = [edit for number, edit in enumerate(edits) if number in kept]
        assert plan.target.read_text() == json_text.apply(theirs.decode(), mine)
        settled += 1
    reached("12", f"{settled} of {settled} choices of theirs, mine or value by value saved as chosen")
