"""What holds of all rules: none is untested, none raises, none lets through what Lingtai refuses, all are quick."""

import json
import re
import time
from collections.abc import Mapping
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mimo_tui.core import json_text, rules
from mimo_tui.core.findings import Severity
from mimo_tui.core.json_text import Json
from mimo_tui.core.preset import Source
from tests.core.rules import (
    test_capabilities,
    test_document,
    test_endpoint,
    test_key,
    test_model,
    test_vision,
)
from tests.core.rules.builder import (
    GONE,
    LINGTAI,
    PLAN_KEY,
    SLOT,
    Case,
    Document,
    World,
    custom,
    elsewhere,
    good,
    judge,
    spoiled,
    subject_of,
)
from tests.lingtai_readers import BOOTS, LOADS, go_answer, kernel_answer, kernel_boot_answer

CASES: list[Case] = [
    case
    for tests in (test_document, test_model, test_vision, test_endpoint, test_key, test_capabilities)
    for case in tests.CASES
]
OF_ANOTHER_DAY = {"model-retiring", "vision-model-text-only"}
"""Tested at a time when a model that takes text only was still current."""
OF_OTHER_SOURCES = {"model-plan-disputed", "vision-model-sight-disputed"}
"""Tested in `test_disputed.py`: the shipped sources do not disagree so."""


def test_every_rule_has_a_case() -> None:
    folder = Path(rules.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    written = set(re.findall(r'Finding\(\s*"([a-z-]+)"', text))
    assert len(written) > 40
    assert written - OF_ANOTHER_DAY - OF_OTHER_SOURCES <= {case.code for case in CASES}


def test_ids_of_fixes_are_words_that_a_command_can_take() -> None:
    ids = {fix.id for case in CASES for finding in judge(case.document, case.world) for fix in finding.fixes}
    assert len(ids) > 40
    assert all(re.fullmatch(r"[A-Za-z0-9.:_-]+", identifier) for identifier in ids)


# Any value may stand anywhere.

SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            " ",
            "mimo",
            "custom",
            "inherit",
            "1",
            "a/b",
            "..",
            "\ud800",
            "\x1b]0;x\x07",
            "灵",
            "sk-0123456789ab",
        ]
    ),
    st.text(max_size=8),
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)

PROVIDERS = sorted({*LINGTAI.providers, *LINGTAI.keyless_providers, "MiMo", "nobody"})
MODELS = ["mimo-v2.6-pro", "mimo-v2.5-pro", "mimo-v2.5-tts", "MiMo V2.6 Pro", "mimo-v9", "glm-5"]
URLS = [
    "https://api.xiaomimimo.com/v1",
    "http://x",
    "https://api.z.ai/v4",
    "#",
    "https://[",
    "://",
    "https://api.xiaomimimo.com:x",
]
LIMITS = [0, -1, 1.5, 1e6, 10**6, 2**53, 2**63, 2**64, True, "1M"]

# The places that a rule looks at, each with what is likely to stand there.
PLACES: Mapping[str, list[object]] = {
    "name": ["mimo-1", "", "..", 5],
    "NAME": ["mimo-1", 5],
    "Description": [{"summary": "x"}, [], "x"],
    "description": ["text", "", None, {}, []],
    "description.summary": ["", 5, " "],
    "description.tier": [*LINGTAI.tiers, "", "6", 3, 3.0, []],
    "tags": [["tier:3"], ["tier:9"], "x", []],
    "manifest": [{}, [], None],
    "manifest.context_limit": LIMITS,
    "manifest.llm": [{}, [], None],
    "manifest.llm.provider": [*PROVIDERS, "", 5],
    "manifest.llm.model": [*MODELS, "", []],
    "manifest.llm.api_key": ["sk-0123456789ab", "", 0],
    "manifest.llm.api_key_env": [SLOT, "", None, 0],
    "manifest.llm.base_url": [*URLS, "", None, 0],
    "manifest.llm.api_compat": ["openai", "anthropic", "Anthropic", "", None, 1],
    "manifest.llm.context_limit": [*LIMITS, None],
    "manifest.llm.wire_api": [*LINGTAI.wire_apis, "", None, 1],
    "manifest.llm.thinking": [*LINGTAI.thinking_levels, "", None, 1],
    "manifest.llm.service_tier": ["fast", None, 1],
    "manifest.llm.compact_threshold": [5, 0, -1, True, 1.5, None],
    "manifest.capabilities": [{}, [], None],
    "manifest.capabilities.skills": [{}, [], None, {"paths": "x"}, {"paths": [1]}, {"paths": None}],
    "manifest.capabilities.bash": [{}, {"yolo": True}, {"yolo": 1}, None],
    "manifest.capabilities.shell": [{}, {"yolo": True}, {"yolo": 1}, None],
    "manifest.capabilities.web": [{}, {"provider": "duckduckgo"}, {"provider": "zhipu"}, None],
    "manifest.capabilities.web_search": [{}, {"provider": 5}, {"provider": []}, None, True],
    "manifest.capabilities.vision": [{}, {"provider": "inherit"}, {"model": 5}, {"provider": []}, None, "x"],
    "manifest.capabilities.telepathy": [{}, 5],
}
WORLDS = [
    World(),
    elsewhere(keys={}),
    elsewhere(keys={SLOT: PLAN_KEY}, source=Source.LEGACY, stem="灵台 预设", mode=0o644),
    elsewhere(source=Source.TEMPLATE, stem=" ", config={SLOT: PLAN_KEY}),
]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A good preset with one to four of its members replaced, added or taken out."""
    document = draw(st.sampled_from([good(), custom(), custom(provider="codex", api_key_env="")]))
    for place in draw(st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=4, unique=True)):
        value = draw(st.one_of(st.sampled_from([*PLACES[place], GONE]), VALUES))
        try:
            document = spoiled({place: value}, document)
        except (AssertionError, KeyError, TypeError):  # what it would lie in was spoiled before
            continue
    return document


def assert_refusals_are_findings(document: Document, path: Path) -> None:
    raw = json.dumps(document).encode()
    path.write_bytes(raw)
    read = json_text.read(raw).value
    assert isinstance(read, dict)
    severities = {finding.severity for finding in judge(read)}
    kernel, screen = kernel_boot_answer(path), go_answer(raw)
    assert kernel == BOOTS or Severity.ERROR in severities, kernel
    assert kernel_answer(path) == LOADS or Severity.ERROR in severities
    assert screen == LOADS or severities & {Severity.ERROR, Severity.WARNING}, screen


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules") / "preset.json"


@settings(max_examples=400, deadline=None)
@given(document=documents())
@example(document=custom(wire_api="responses", api_compat=None))
@example(document=spoiled({"manifest.context_limit": 1.5, "manifest.llm.context_limit": None}))
@example(document=custom(provider="zhipu", base_url=""))
@example(document=spoiled({"NAME": 5}))
def test_what_lingtai_refuses_is_always_found(document: Document, scratch: Path) -> None:
    assert_refusals_are_findings(document, scratch)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(document=documents())
def test_what_lingtai_refuses_is_always_found_many_times(document: Document, scratch: Path) -> None:
    assert_refusals_are_findings(document, scratch)


@settings(max_examples=300, deadline=None)
@given(
    document=st.one_of(
        documents(),
        st.dictionaries(st.sampled_from(["name", "description", "manifest", "tags", "x"]), VALUES),
        st.dictionaries(st.text(max_size=5), VALUES, max_size=5),
    ),
    world=st.sampled_from(WORLDS),
)
def test_no_rule_fails_whatever_stands_in_the_file(document: Document, world: World) -> None:
    for finding in judge(document, world):
        assert finding.message
        assert finding.because
        told = f"{finding.message}{[fix.title for fix in finding.fixes]}"
        assert not any(ord(sign) < 32 or 0x202A <= ord(sign) <= 0x202E for sign in told), told


@settings(max_examples=150, deadline=None)
@given(document=documents())
def test_every_fix_can_be_applied(document: Document) -> None:
    text = json.dumps(document, indent=2)
    for finding in judge(document):
        for fix in finding.fixes:
            after = json_text.parse(json_text.apply(text, fix.edits)).value
            assert isinstance(after, dict)
            left = {(one.code, one.path) for one in judge(after)}
            assert (finding.code, finding.path) not in left, (finding.code, fix.id)


def test_a_thousand_presets_are_judged_in_a_tenth_of_a_second() -> None:
    """Counted in time of this process, and the best of five rounds, since other tests run beside."""
    documents = [good(), custom(), *(case.document for case in CASES if case.code == "model-retired")]
    subjects = [subject_of(document) for document in islice(cycle(documents), 1000)]
    context = World().context
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        for subject in subjects:
            rules.check(subject, context)
        best = min(best, time.process_time() - begin)
    assert best < 0.1
