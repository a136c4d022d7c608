"""A key is put into its slot: one line of `.env`, read alike by all of Lingtai, shown to nobody, taken back whole."""

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.secrets import Secret
from mimo_tui.core.slots import Reader
from mimo_tui.services import Services, make_services
from mimo_tui.services.keys.listing import find_slot, list_keys
from mimo_tui.services.keys.setting import KeyPlan, KeyRefused, apply_key, check_slot, plan_key
from mimo_tui.services.presets import changing
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.store import envfile
from mimo_tui.store.atomic import Conflict, SaveFailed

KEY = "tp-Canary0123456789abcdef"

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes mean little here")


def put(services: Services, key: str, slot: str | None = None) -> KeyPlan:
    plan = plan_key(services, Secret(key), slot)
    apply_key(services, plan)
    return plan


def readings(services: Services, name: str) -> Mapping[Reader, str | None]:
    """Give what each reader of Lingtai finds in the slot."""
    env = envfile.parse(envfile.read(services.places.env_file).text)
    found = {reader: envfile.values(env, reader).get(name) for reader in Reader}
    return {reader: secret.reveal() if secret else None for reader, secret in found.items()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Where it goes


def test_a_new_key_goes_to_the_next_slot_that_nobody_uses(services: Services) -> None:
    assert put(services, KEY).slot == "MIMO_3_API_KEY"
    assert put(services, f"{KEY}2").slot == "MIMO_4_API_KEY"
    found = find_slot(list_keys(services), "MIMO_3_API_KEY")
    assert found.secret == Secret(KEY)
    assert plan_key(services, Secret(KEY), provider="zhipu").slot == "ZHIPU_CN_1_API_KEY"


def test_every_reader_of_lingtai_finds_the_key(services: Services) -> None:
    for slot in ("MIMO_1_API_KEY", "MIMO_2_API_KEY", "KIMI_1_API_KEY", "NEW_API_KEY"):
        put(services, KEY, slot)
        assert set(readings(services, slot).values()) == {KEY}
        assert find_slot(list_keys(services), slot).disagreement is None


def test_no_other_byte_of_the_file_changes(services: Services) -> None:
    path = services.places.env_file
    before = path.read_bytes()
    put(services, KEY, "XIAOMI_API_KEY")
    assert path.read_bytes() == before.replace(b"sk-fake0001", KEY.encode())


def test_the_key_that_is_there_already_is_not_written_again(services: Services) -> None:
    before = services.places.env_file.stat()
    plan = put(services, "sk-fake0001", "XIAOMI_API_KEY")
    assert plan.changes_nothing
    after = services.places.env_file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert changing.history(services) == ()


def test_where_there_is_no_lingtai_yet_the_file_is_made_for_its_owner_only(home: Path) -> None:
    fresh = replace(make_services(home), environment=MappingProxyType({}))
    before = os.umask(0)
    try:
        plan = put(fresh, KEY)
    finally:
        os.umask(before)
    assert plan.slot == "MIMO_1_API_KEY"
    assert fresh.places.env_file.read_text() == f"MIMO_1_API_KEY={KEY}\n"
    if os.name == "posix":
        assert mode(fresh.places.env_file) == 0o600


@posix_only
def test_a_mode_is_kept_and_a_loose_one_told(services: Services) -> None:
    path = services.places.env_file
    assert not any("chmod" in warning for warning in put(services, KEY).warnings)
    assert mode(path) == 0o600
    path.chmod(0o644)
    plan = put(services, f"{KEY}2")
    assert mode(path) == 0o644
    assert "Others on this machine can read .env (mode 0644); chmod 600 ends it." in plan.warnings


def test_a_link_stays_a_link(services: Services, tmp_path: Path) -> None:
    path, elsewhere = services.places.env_file, tmp_path / "keys"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    put(services, KEY)
    assert path.is_symlink()
    assert KEY in elsewhere.read_text()


# Taking it back


def test_it_is_taken_back_and_done_again(services: Services) -> None:
    path = services.places.env_file
    before = path.read_bytes()
    put(services, KEY, "MIMO_1_API_KEY")
    after = path.read_bytes()
    step = changing.next_undo(services)
    assert step is not None
    assert step.label == "put a key into MIMO_1_API_KEY"
    changing.undo(services, step)
    assert path.read_bytes() == before
    again = changing.next_redo(services)
    assert again is not None
    changing.redo(services, again)
    assert path.read_bytes() == after


def test_a_first_key_is_taken_back_with_its_file(home: Path) -> None:
    fresh = make_services(home)
    put(fresh, KEY)
    step = changing.next_undo(fresh)
    assert step is not None
    changing.undo(fresh, step)
    assert not fresh.places.env_file.exists()


def test_a_change_by_another_program_meanwhile_is_kept(services: Services) -> None:
    plan = plan_key(services, Secret(KEY))
    path = services.places.env_file
    path.write_text(f"{path.read_text()}OTHER_API_KEY=abc\n")
    with pytest.raises(Conflict):
        apply_key(services, plan)
    assert "OTHER_API_KEY" in path.read_text()


def test_a_file_that_came_meanwhile_is_kept(home: Path) -> None:
    fresh = make_services(home)
    plan = plan_key(fresh, Secret(KEY))
    fresh.places.lingtai.mkdir()
    fresh.places.env_file.write_text("A_API_KEY=x\n")
    with pytest.raises(Conflict):
        apply_key(fresh, plan)
    assert fresh.places.env_file.read_text() == "A_API_KEY=x\n"


def test_a_folder_that_cannot_be_made_is_told(home: Path) -> None:
    fresh = make_services(home)
    plan = plan_key(fresh, Secret(KEY))
    fresh.places.lingtai.write_text("a file where the folder belongs")
    with pytest.raises(SaveFailed):
        apply_key(fresh, plan)


# What was pasted


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f"{KEY}\r\n",
        f"MIMO_API_KEY={KEY}",
        f"export MIMO_API_KEY = {KEY}",
        f'MIMO_API_KEY="{KEY}"',
        f"'{KEY}'",
        f"Bearer {KEY}",
        f"Authorization: Bearer {KEY}",
        f"api-key: {KEY}",
    ],
)
def test_what_comes_along_with_a_pasted_key_is_taken_off(services: Services, pasted: str) -> None:
    plan = put(services, pasted, "NEW_API_KEY")
    assert set(readings(services, "NEW_API_KEY").values()) == {KEY}
    assert plan.kind is not None
    assert plan.kind.prefix == "tp-"


@pytest.mark.parametrize("key", ["sk-a=b==", "tp-#$x\\'y\"z#1", "sk-100%25&;|<>!`~", "a=b=c", "tp-$HOME${X}"])
def test_signs_that_a_shell_would_read_are_kept_as_they_are(services: Services, key: str) -> None:
    put(services, key, "NEW_API_KEY")
    assert set(readings(services, "NEW_API_KEY").values()) == {key}


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "No key was given"),
        (" \t\n", "No key was given"),
        ("MIMO_1_API_KEY=", "No key was given"),
        ("export MIMO_1_API_KEY = ", "No key was given"),
        ("sk-Canary one two", "blanks in it"),
        ("sk-Canary # my key", "blanks in it"),
        ("sk-Canary\x1b[31m", "cannot be printed"),
        ("sk-Canary\nMIMO_1_API_KEY=x", "cannot be printed"),
        ("sk-Canary\x00", "cannot be printed"),
        ("sk-Canary\u202e", "cannot be printed"),
        ("sk-Canary'", "quote"),
        ('"sk-Canary', "quote"),
        ("sk-Canary" * 600, "4,000 is the most"),
    ],
)
def test_what_is_no_key_is_refused_without_repeating_it(services: Services, pasted: str, said: str) -> None:
    before = services.places.env_file.read_bytes()
    with pytest.raises(KeyRefused, match=said) as refused:
        put(services, pasted, "NEW_API_KEY")
    assert "Canary" not in str(refused.value)
    assert services.places.env_file.read_bytes() == before


@settings(max_examples=100, deadline=None)
@given(key=st.text(max_size=20))
def test_whatever_is_accepted_is_read_alike_by_all(
    key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fresh = make_services(tmp_path_factory.mktemp("home"))
    try:
        put(fresh, key, "NEW_API_KEY")
    except KeyRefused:
        assert not fresh.places.env_file.exists()
        return
    [found] = set(readings(fresh, "NEW_API_KEY").values())
    assert found is not None
    assert found in key


# What is odd is told


def test_a_slot_that_holds_another_key_is_told_with_who_uses_it(services: Services) -> None:
    warnings = plan_key(services, Secret(KEY), "MIMO_1_API_KEY").warnings
    assert warnings == (
        "MIMO_1_API_KEY holds another key (••••••), used by saved/mimo-1.json; it is replaced.",
    )
    assert plan_key(services, Secret(KEY)).warnings == (
        "No preset names MIMO_3_API_KEY yet; give it to one as its slot.",
    )


def test_the_diff_tells_the_old_key_from_the_new_one_and_shows_neither(services: Services) -> None:
    services.places.env_file.write_text("MIMO_5_API_KEY=tp-0123456789abcOLD1\n")
    plan = plan_key(services, Secret("tp-0123456789abcNEW2"), "MIMO_5_API_KEY")
    assert [f"{line.mark}{line.text}" for line in plan.diff if line.mark in "+-"] == [
        "-MIMO_5_API_KEY=••••••OLD1",
        "+MIMO_5_API_KEY=••••••NEW2",
    ]


def test_a_key_of_another_provider_need_not_begin_like_mimos(services: Services) -> None:
    assert plan_key(services, Secret("abcdefgh12345678"), "DEEPSEEK_API_KEY").warnings == ()
    warnings = plan_key(services, Secret("abcdefgh12345678"), provider="zhipu").warnings
    assert not any("kind" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("key", "slot", "said"),
    [
        ("abcdefgh12345678", None, "no known kind of MiMo key (sk-"),
        ("tp-Schlüssel-金丝雀", None, "letters that no key has"),
        ("MIMO_9_API_KEY=tp-123456789", None, "pasted as MIMO_9_API_KEY=…, and goes to MIMO_3_API_KEY"),
        ("tp-123456789", "MY_KEY", "does not end in _API_KEY"),
        ("sk-fake0001", None, "The same key is in XIAOMI_API_KEY already."),
    ],
)
def test_what_is_odd_about_a_key_or_its_slot_is_told(
    services: Services, key: str, slot: str | None, said: str
) -> None:
    warnings = plan_key(services, Secret(key), slot).warnings
    assert any(said in warning for warning in warnings), warnings


def test_a_shell_that_sets_the_slot_too_is_told(services: Services) -> None:
    shell = MappingProxyType({"MIMO_3_API_KEY": "tp-of-the-shell"})
    [warning] = plan_key(replace(services, environment=shell), Secret(KEY), "MIMO_3_API_KEY").warnings
    assert warning == "The process environment sets MIMO_3_API_KEY too, and comes first when an agent boots."


def test_a_file_at_which_the_kernel_fails_is_told(services: Services) -> None:
    path = services.places.env_file
    path.write_bytes(path.read_bytes() + b"OTHER=\xff\n")
    warnings = put(services, KEY).warnings
    assert any("will not all find it" in warning and "no UTF-8" in warning for warning in warnings)
    assert b"OTHER=\xff\n" in path.read_bytes()


# Names


@pytest.mark.parametrize(
    "name",
    ["sk-Canary1234567890", "Canary12345", "CANARY12345", "A B", "1_API_KEY", "A-B_KEY", "", "Ä_API_KEY"],
)
def test_a_name_that_may_be_a_key_is_refused_and_not_repeated(services: Services, name: str) -> None:
    for refuse in (lambda: check_slot(services, name), lambda: plan_key(services, Secret(KEY), name)):
        with pytest.raises(KeyRefused, match="A slot is named like MIMO_3_API_KEY") as refused:
            refuse()
        assert name == "" or name not in str(refused.value)


def test_an_odd_name_is_fine_where_a_preset_names_it(services: Services) -> None:
    path = services.places.saved / "mimo-1.json"
    path.write_text(path.read_text().replace("MIMO_1_API_KEY", "mykey"))
    put(services, KEY, "mykey")
    key = find(list_presets(services), "mimo-1").key
    assert key is not None
    assert key.secret == Secret(KEY)


def test_a_folder_or_a_dead_link_in_place_of_the_file_is_told(services: Services) -> None:
    path = services.places.env_file
    path.unlink()
    path.mkdir()
    with pytest.raises(KeyRefused, match="is no file"):
        plan_key(services, Secret(KEY))
    path.rmdir()
    path.symlink_to("nowhere")
    with pytest.raises(KeyRefused, match="a link to nothing"):
        plan_key(services, Secret(KEY))


# Secrecy


def test_nothing_that_is_shown_holds_a_key(services: Services) -> None:
    path = services.places.env_file
    path.write_text(f"A=Canary-of-another\nB_API_KEY='Canary-quoted' # note\n{path.read_text()}C=x Canary")
    for slot in ("MIMO_1_API_KEY", "B_API_KEY", "NEW_API_KEY"):
        plan = plan_key(services, Secret(KEY), slot)
        shown = "\n".join((repr(plan), *(line.text for line in plan.diff), *plan.warnings, plan.label))
        assert "Canary" not in shown
        assert "fake" not in shown
        assert any(line.mark == "+" and line.text.startswith(f"{slot}=•") for line in plan.diff)
    put(services, KEY)
    assert "Canary" not in repr(changing.history(services))


@pytest.mark.parametrize(
    "odd",
    ["Zq-Canary77-x", "MIMO_2_API_KEY: Zq-Canary77-x", "# old: Zq-Canary77-x", '"Zq-Canary77-x"', "=Canary7"],
)
def test_a_key_on_an_odd_line_beside_the_change_is_not_shown(services: Services, odd: str) -> None:
    services.places.env_file.write_text(
        f"# Keys of MiMo\n{odd}\nMIMO_1_API_KEY=tp-old000000000000\n{odd}\nA=1\n"
    )
    shown = [line.text for line in plan_key(services, Secret(KEY), "MIMO_1_API_KEY").diff]
    assert "Canary" not in "\n".join(shown)
    assert {"# Keys of MiMo", "A=1"} <= set(shown)
