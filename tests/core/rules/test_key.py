"""The slot and its key: null, empty, missing, shared, in the file itself, or seen differently by two readers."""

from functools import partial
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import Source
from mimo_tui.core.slots import Use
from mimo_tui.core.text import clean
from mimo_tui.simulator.sample_library import lingtai_bytes
from tests.core.rules.builder import (
    GONE,
    PAY_KEY,
    PLAN_KEY,
    SLOT,
    Case,
    assert_fixes_mend,
    codes,
    custom,
    elsewhere,
    found,
    good,
    judge,
    spoiled,
)

ERROR, WARNING, INFO = Severity
AT_SLOT = "manifest.llm.api_key_env"
AT_KEY = "manifest.llm.api_key"
VISION_KEY = "manifest.capabilities.vision.api_key"
OTHER_KEY = "sk-fedcba9876543210"
USED_BY_PLAN = {SLOT: (Use(clean("mimo-1"), "pay-as-you-go"), Use(clean("mimo-sgp"), "token-plan"))}

CASES = [
    *(
        Case(
            f"slot is {word}",
            "slot-null",
            ERROR,
            AT_SLOT,
            (word, "not text"),
            ("own-slot", "slot-to-text"),
            {AT_SLOT: value},
            left=("key-missing",),
            source="does not boot",
            refused=True,
        )
        for word, value in (("null", None), ("a number", 5), ("a list", []), ("true or false", False))
    ),
    *(
        Case(
            f"slot of {provider} is null",
            "slot-null",
            ERROR,
            AT_SLOT,
            ("null",),
            ("slot-to-text",),
            {AT_SLOT: None},
            base=partial(custom, provider=provider, api_key_env=""),
            source="does not boot",
            refused=True,
        )
        for provider in ("codex", "claude-code")
    ),
    *(
        Case(
            f"slot is {name}",
            "slot-empty",
            WARNING,
            AT_SLOT,
            ("no slot",),
            ("own-slot",),
            {AT_SLOT: value},
            source="no credential",
            left=("key-missing",),
        )
        for name, value in (("empty", ""), ("gone", GONE))
    ),
    *(
        Case(
            f"slot is {name}",
            "slot-name",
            ERROR,
            AT_SLOT,
            words,
            ("own-slot",),
            {AT_SLOT: value},
            source="environment variable",
            left=("key-missing",),
        )
        for name, value, words in (
            ("a pasted key", "sk-abcdefghijklmnop1234", ("a key", "••••••1234")),
            ("two words", "MY SLOT", ("MY SLOT", "environment variable")),
        )
    ),
    Case(
        "no key in the slot",
        "key-missing",
        ERROR,
        AT_SLOT,
        (SLOT, "holds no key"),
        world=elsewhere(keys={}),
        source="§4",
    ),
    Case(
        "an empty key in the slot",
        "key-missing",
        ERROR,
        AT_SLOT,
        (SLOT, "holds no key"),
        world=elsewhere(keys={SLOT: ""}),
        source="§4",
    ),
    Case(
        "the key only in config.json",
        "key-missing",
        ERROR,
        AT_SLOT,
        (SLOT, "config.json only", "kernel does not read"),
        world=elsewhere(keys={}, config={SLOT: PAY_KEY}),
        source="§4",
    ),
    Case(
        "no key for a template",
        "key-missing",
        INFO,
        AT_SLOT,
        (SLOT, "holds no key"),
        world=elsewhere(keys={}, source=Source.TEMPLATE),
        source="§4",
        also=("template",),
    ),
    Case(
        "a slot shared with a host of another kind",
        "slot-shared",
        WARNING,
        AT_SLOT,
        (SLOT, "mimo-sgp", "another kind of key"),
        ("own-slot",),
        world=elsewhere(uses=USED_BY_PLAN),
        source="mimo-api.md §3.1",
        left=("key-missing",),
    ),
    Case(
        "a key in the file, the slot holds one too",
        "inline-key",
        WARNING,
        AT_KEY,
        ("in the file itself", "••••••cdef"),
        ("remove-inline-key",),
        {AT_KEY: PAY_KEY},
        source="copied and shared",
    ),
    Case(
        "a key in the file and nowhere else",
        "inline-key",
        WARNING,
        AT_KEY,
        ("in the file itself",),
        (),
        {AT_KEY: PAY_KEY},
        world=elsewhere(keys={}),
        source="copied and shared",
    ),
    Case(
        "a short key in the file",
        "inline-key",
        WARNING,
        AT_KEY,
        ("(••••••)",),
        (),
        {AT_KEY: "sk-12345", AT_SLOT: ""},
    ),
    Case(
        "a key in a capability",
        "inline-key",
        WARNING,
        VISION_KEY,
        ("in the file itself", "••••••cdef"),
        (),
        {VISION_KEY: PAY_KEY},
    ),
    *(
        Case(
            f"a key in a file that others can read ({mode:04o})",
            "loose-mode",
            WARNING,
            "",
            (f"{mode:04o}",),
            (),
            {place: PAY_KEY},
            world=elsewhere(mode=mode),
            source="chmod 600",
            also=("inline-key",),
        )
        for mode, place in ((0o644, AT_KEY), (0o640, AT_KEY), (0o604, VISION_KEY), (0o620, AT_KEY))
    ),
    Case(
        "readers of .env disagree",
        "key-read-differently",
        WARNING,
        AT_SLOT,
        (SLOT, "set twice"),
        world=elsewhere(disagreements={SLOT: "set twice"}),
        source="at refresh .env first",
    ),
    Case(
        "other keys in the process and in .env",
        "key-read-differently",
        WARNING,
        AT_SLOT,
        (SLOT, "env-file", "process"),
        world=elsewhere(process={SLOT: OTHER_KEY}),
        source="§4",
    ),
    Case(
        "other keys in the file and in the slot",
        "key-read-differently",
        WARNING,
        AT_SLOT,
        (SLOT, "env-file", "inline"),
        (),
        {AT_KEY: OTHER_KEY},
        source="§4",
        also=("inline-key",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_wrong_with_a_key_is_found(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_mends_it(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_finding_shows_a_key(case: Case) -> None:
    told = " ".join(
        f"{one.message} {one.because} {[fix.title for fix in one.fixes]}"
        for one in judge(case.document, case.world)
    )
    assert not any(key in told for key in (PAY_KEY, PLAN_KEY, OTHER_KEY, "sk-12345"))


@pytest.mark.parametrize("case", [case for case in CASES if "own-slot" in case.fixes], ids=str)
def test_a_slot_of_its_own_is_free_and_its_capabilities_move_with_it(case: Case) -> None:
    fix = next(fix for fix in found(case).fixes if fix.id == "own-slot")
    after = json_text.parse(json_text.apply(lingtai_bytes(case.document).decode(), fix.edits)).value
    assert json_text.get(after, ("manifest", "llm", "api_key_env")) == "MIMO_2_API_KEY"
    assert json_text.get(after, ("manifest", "capabilities", "vision", "api_key_env")) == "MIMO_2_API_KEY"


@pytest.mark.parametrize(
    "uses",
    [
        (Use(clean("mimo-1"), "pay-as-you-go"), Use(clean("mimo-too"), "pay-as-you-go")),
        (Use(clean("mimo-1"), "pay-as-you-go"), Use(clean("a proxy"), "")),
    ],
)
def test_a_slot_shared_on_hosts_of_one_kind_is_fine(uses: tuple[Use, ...]) -> None:
    assert judge(good(), elsewhere(uses={SLOT: uses})) == ()


def test_the_same_key_everywhere_is_fine() -> None:
    world = elsewhere(process={SLOT: PAY_KEY}, config={SLOT: PAY_KEY})
    assert judge(good(), world) == ()


@pytest.mark.parametrize("provider", ["codex", "claude-code", "codex-pool"])
def test_who_logs_in_needs_no_slot_and_no_key(provider: str) -> None:
    assert judge(custom(provider=provider, api_key_env=""), elsewhere(keys={})) == ()


def test_a_key_in_the_file_is_a_credential() -> None:
    document = spoiled({AT_KEY: PAY_KEY, AT_SLOT: ""})
    assert codes(judge(document, elsewhere(keys={}))) == {"inline-key"}
