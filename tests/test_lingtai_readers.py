"""The judges say of each sample what `lingtai-presets.md` §2.1 and §11 say."""

import json
from pathlib import Path

import pytest

from mimo_tui.simulator.sample_library import build, fixture_names
from tests.lingtai_readers import (
    BOOTS,
    LOADS,
    PASSES,
    go_answer,
    go_loads,
    go_structural,
    kernel_answer,
    kernel_boot_answer,
)

PRESETS = Path(".lingtai-tui/presets")

# place below presets: what the kernel says at load, at boot, and the screen at load and at save.
EXCEPTIONS = {
    "templates/custom.json": ("non-empty 'provider' and 'model'", "non-empty", LOADS, "manifest.llm.model"),
    "mimo.json": ("'description' must be an object", "'description' must be an object", LOADS, PASSES),
    "saved/no-slot-null.json": (LOADS, "api_key_env: expected str", LOADS, PASSES),
    "saved/bom.json": ("Unexpected UTF-8 BOM", "Unexpected UTF-8 BOM", "Unexpected UTF-8 BOM", "BOM"),
    "saved/commented.json": (LOADS, BOOTS, "Expecting property name", "Expecting property name"),
    "saved/note.jsonc": (LOADS, BOOTS, "Expecting property name", "Expecting property name"),
    "saved/broken.json": ("Unterminated string",) * 4,
    "saved/empty.json": ("Expecting value",) * 4,
    "saved/list.json": (
        "expected object, got list",
        "expected object, got list",
        "a list as a preset",
        "a list",
    ),
    "saved/latin1.json": ("can't decode byte", "can't decode byte", LOADS, PASSES),
    "saved/off.json": (LOADS, "BLOCKED", "bash and shell differ", "bash and shell differ"),
    "saved/skew.json": ("thinking is currently supported only", "thinking", LOADS, PASSES),
}
NO_FILES = {"saved/dangling.json", "saved/dir.json"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("home")) / "presets"


@pytest.mark.parametrize("place", sorted({*fixture_names()} - NO_FILES))
def test_each_sample_is_judged_as_the_table_says(library: Path, place: str) -> None:
    path = library / place
    raw = path.read_bytes()
    answers = (kernel_answer(path), kernel_boot_answer(path), go_loads(raw), go_structural(raw))
    for answer, expected in zip(answers, EXCEPTIONS.get(place, (LOADS, BOOTS, LOADS, PASSES)), strict=True):
        if expected in (LOADS, BOOTS, PASSES):
            assert answer == expected
        else:
            assert expected in answer


@pytest.mark.parametrize("place", sorted(NO_FILES))
def test_what_is_no_file_is_not_found(library: Path, place: str) -> None:
    assert kernel_answer(library / place).startswith("preset not found")
    assert kernel_boot_answer(library / place).startswith("preset not found")


def preset(**changes: object) -> dict[str, object]:
    llm = {"provider": "mimo", "model": "m", "base_url": "https://host/v1"}
    return {"name": "n", "description": {"summary": "s"}, "manifest": {"llm": llm}, **changes}


def with_llm(**changes: object) -> dict[str, object]:
    llm = {"provider": "mimo", "model": "m", "base_url": "https://host/v1", **changes}
    return preset(manifest={"llm": {name: value for name, value in llm.items() if value != "absent"}})


@pytest.mark.parametrize(
    ("document", "loads", "passes"),
    [
        (preset(), True, True),
        (preset(name=3), False, False),
        (preset(name=None), True, True),
        (preset(description="old text"), True, True),
        (preset(description=None), True, False),
        (preset(description=["text"]), False, False),
        (preset(description={"summary": 3}), True, False),
        (preset(description={"summary": "s", "tier": 3}), True, True),
        (preset(description={"summary": "s", "tier": "6"}), True, False),
        (preset(description={"summary": "s", "tier": ""}), True, True),
        (preset(manifest=None), True, False),
        (preset(manifest=[]), False, False),
        (preset(manifest={"llm": []}), True, False),
        (with_llm(provider=""), True, False),
        (with_llm(model=None), True, False),
        (with_llm(base_url=None), True, False),
        (with_llm(base_url="absent"), True, False),
        (with_llm(provider="zhipu", base_url="absent"), True, True),
        (with_llm(provider="zhipu", base_url=""), True, False),
        (with_llm(provider="openrouter", base_url=None), True, True),
        (with_llm(context_limit=None), True, True),
        (with_llm(context_limit=0), True, False),
        (with_llm(context_limit=-1), True, False),
        (with_llm(context_limit=1.5), True, False),
        (with_llm(context_limit=1000000.0), True, True),
        (with_llm(context_limit="1000"), True, False),
        (with_llm(context_limit=True), True, False),
        (with_llm(context_limit=10**30), True, False),
        (None, True, False),
        (5, False, False),
    ],
)
def test_the_screen_reads_types_as_go_does(document: object, loads: bool, passes: bool) -> None:
    raw = json.dumps(document).encode()
    assert (go_loads(raw) == LOADS) is loads
    assert (go_structural(raw) == PASSES) is passes
    assert (go_answer(raw) == LOADS) is passes


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ('{"name": "a", "name": "b"}', True),
        ('{"name": 1, "name": "b"}', False),
        ('{"Manifest": []}', False),
        ('{"manifest": {"x": NaN}}', False),
        ('{"manifest": {"x": -Infinity}}', False),
        ('{"manifest": {"x": 1e999, "y": ' + "9" * 5000 + "}}", True),
        ('{"manifest": {}} {}', False),
        ('{"name": "a",}', False),
        ('{"name": "a"} // why', False),
        ('{"name": "\\ud800"}', True),
        ('\n\t{"name": "a"}\r\n', True),
        ('{"manifest": {"capabilities": {"bash": {"a": 1}, "shell": {"a": 1.0}}}}', False),
        ('{"manifest": {"capabilities": {"bash": {"a": 1}, "shell": {"a": 1}}}}', True),
    ],
)
def test_the_screen_reads_text_as_go_does(text: str, loads: bool) -> None:
    assert (go_loads(text.encode()) == LOADS) is loads


def test_the_screen_takes_the_context_limit_from_its_old_place_too() -> None:
    document = preset(manifest={"llm": {"provider": "p", "model": "m"}, "context_limit": 0})
    assert "context_limit" in go_structural(json.dumps(document).encode())


def test_what_the_kernel_cannot_even_check_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(with_llm(provider=5)), encoding="utf-8")
    assert kernel_answer(path) == LOADS
    assert "provider: expected str" in kernel_boot_answer(path)
