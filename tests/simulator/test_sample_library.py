"""The sample library is what `lingtai-presets.md` §11 lists, in the bytes of §2.2, the same each time."""

import json
import os
import re
import stat
from pathlib import Path

import pytest
from lingtai.init_reader import InitReadStatus, read_init, reader_callbacks
from lingtai.kernel.presets import load_preset

from mimo_tui.simulator.sample_library import (
    ACTIVE,
    ALLOWED,
    ENV,
    build,
    fixture_names,
    lingtai_bytes,
    samples,
)

FIXTURE = b"""# keys
XIAOMI_API_KEY=sk-fake0001
MIMO_1_API_KEY="tp-fake0002"
export MIMO_2_API_KEY=tp-fake0003
MIMO_1_API_KEY=tp-fake0004
MIMO_01_API_KEY=x
ZHIPU_INTL_1_API_KEY=abc # work
LINGTAI_SOUL_FLOW_ENABLED=1
BROKEN LINE
KIMI_1_API_KEY=
"""

# Their point is that they are not what Lingtai's screen writes.
OTHER_BYTES = {
    "mimo.json",
    "saved/bom.json",
    "saved/commented.json",
    "saved/note.jsonc",
    "saved/broken.json",
    "saved/empty.json",
    "saved/list.json",
    "saved/latin1.json",
    "saved/bigint.json",
    "saved/unknown.json",
}


@pytest.fixture
def lingtai(tmp_path: Path) -> Path:
    return build(tmp_path)


def contents(folder: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[place] = path.readlink().as_posix()
        elif path.is_file():
            found[place] = (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    return found


def test_every_row_of_the_list_is_there(lingtai: Path) -> None:
    assert {sample.row for sample in samples()} == set(range(1, 26))
    there = {
        path.relative_to(lingtai / "presets").as_posix() for path in (lingtai / "presets").rglob("*.json*")
    }
    assert there == set(fixture_names())
    assert len(fixture_names()) == len(set(fixture_names()))


def test_two_builds_have_the_same_bytes_and_modes(tmp_path: Path) -> None:
    first, second = build(tmp_path / "first"), build(tmp_path / "second")
    (first / "registry.jsonl").unlink()
    (second / "registry.jsonl").unlink()
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_a_library_that_is_there_is_never_overwritten(lingtai: Path, tmp_path: Path) -> None:
    (lingtai / "presets/saved/mimo-1.json").write_text("the person's own", encoding="utf-8")
    before = contents(lingtai)
    with pytest.raises(FileExistsError):
        build(tmp_path)
    assert contents(lingtai) == before


def test_the_keys_are_those_of_the_list_and_for_their_owner_only(lingtai: Path) -> None:
    assert (lingtai / ".env").read_bytes() == FIXTURE == ENV.encode()
    for name in (".env", "config.json"):
        assert stat.S_IMODE((lingtai / name).stat().st_mode) == 0o600
    assert set(json.loads((lingtai / "config.json").read_bytes())["keys"]) == {
        "XIAOMI_API_KEY",
        "MIMO_1_API_KEY",
    }


def test_no_key_in_it_is_a_real_one(lingtai: Path) -> None:
    everything = b"\n".join(path.read_bytes() for path in lingtai.rglob("*") if path.is_file())
    keys = re.findall(rb"\b(?:sk|tp|ttp)-[A-Za-z0-9]\w+", everything)
    assert keys
    assert all(re.fullmatch(rb"(?:sk|tp)-fake\d+", key) for key in keys)


def test_without_keys_there_are_presets_but_no_keys(tmp_path: Path) -> None:
    lingtai = build(tmp_path, keys=False)
    assert not (lingtai / ".env").exists()
    assert not (lingtai / "config.json").exists()
    assert (lingtai / "presets/saved/mimo-1.json").is_file()


def test_well_formed_presets_have_the_bytes_that_lingtai_writes(lingtai: Path) -> None:
    for place in set(fixture_names()) - OTHER_BYTES:
        path = lingtai / "presets" / place
        if not path.is_file():
            continue
        raw = path.read_bytes()
        text = raw.decode()
        document = json.loads(raw)
        assert not raw.endswith(b"\n")
        assert b"\r" not in raw
        assert list(document) == [name for name in ("name", "description", "manifest") if name in document]
        assert not set(text) & set("<>&\u2028\u2029")
        assert re.search(r"\\u(?!003c|003e|0026|2028|2029)", text) is None
        assert text == re.sub("[<>&]", lambda sign: f"\\u{ord(sign[0]):04x}", indented(document))


def indented(document: dict[str, object]) -> str:
    members = [
        f'  "{name}": '
        + json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True).replace("\n", "\n  ")
        for name, value in document.items()
    ]
    return "{\n" + ",\n".join(members) + "\n}"


def test_go_escapes_and_nothing_else_is_escaped() -> None:
    written = lingtai_bytes({"name": "<&>\u2028\u2029 中文 — é", "manifest": {"b": [], "a": {}, "A": None}})
    assert written.decode() == (
        '{\n  "name": "\\u003c\\u0026\\u003e\\u2028\\u2029 中文 — é",\n'
        '  "manifest": {\n    "A": null,\n    "a": {},\n    "b": []\n  }\n}'
    )


def test_odd_numbers_lie_there_as_written(lingtai: Path) -> None:
    raw = (lingtai / "presets/saved/bigint.json").read_bytes()
    assert b'"context_limit": 9007199254740993,' in raw
    assert b'"ratio": 1e3,' in raw
    assert b'"seed": 123456789012345678901234567890\n' in raw


def test_links_are_links_and_one_leads_nowhere(lingtai: Path) -> None:
    saved = lingtai / "presets" / "saved"
    assert (saved / "link.json").readlink().as_posix() == "../../shared/x.json"
    assert json.loads((saved / "link.json").read_bytes())["name"] == "link"
    assert (saved / "dangling.json").is_symlink()
    assert not (saved / "dangling.json").exists()
    assert (saved / "dir.json").is_dir()


def test_a_system_without_links_gets_all_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: object, target_is_directory: bool = False) -> None:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    saved = build(tmp_path) / "presets" / "saved"
    assert not os.path.lexists(saved / "link.json")
    assert (saved / "skew.json").is_file()


def test_the_agent_boots_on_its_preset(
    lingtai: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    registered = json.loads((lingtai / "registry.jsonl").read_bytes())["path"]
    folder = Path(registered) / ".lingtai" / "assistant"

    def load(name: str, working_dir: Path) -> object:
        return load_preset(name, working_dir, run_migrations=lambda _: None)

    materialize, prepare = reader_callbacks(folder, load_preset=load)
    outcome = read_init(folder, materialize=materialize, prepare=prepare)
    assert outcome.status is not InitReadStatus.READ_FAILED, outcome.safe_excerpt
    assert outcome.ignored_paths == []
    manifest = json.loads((folder / "init.json").read_bytes())["manifest"]
    assert manifest["preset"] == {"active": ACTIVE, "default": ACTIVE, "allowed": list(ALLOWED)}
    for reference in ALLOWED:
        assert Path(reference).expanduser().is_file()


def test_its_copy_of_the_preset_is_the_preset(lingtai: Path, tmp_path: Path) -> None:
    init = json.loads((tmp_path / "projects/demo/.lingtai/assistant/init.json").read_bytes())
    preset = json.loads((lingtai / "presets/saved/mimo-1.json").read_bytes())
    llm = {**init["manifest"]["llm"], "context_limit": init["manifest"]["context_limit"]}
    assert llm == preset["manifest"]["llm"]
    assert init["manifest"]["capabilities"] == preset["manifest"]["capabilities"]
