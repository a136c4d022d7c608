"""The shape of a preset: what Lingtai's screen or kernel refuses is an error with a way out."""

from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import Source
from mimo_tui.simulator.sample_library import lingtai_bytes
from tests.core.rules.builder import (
    GONE,
    LINGTAI,
    STEM,
    Case,
    answers,
    assert_fixes_mend,
    codes,
    custom,
    each,
    elsewhere,
    found,
    good,
    judge,
    spoiled,
)
from tests.lingtai_readers import BOOTS, LOADS

ERROR, WARNING, INFO = Severity
NAMED = ("name-from-file",)
KERNEL, SCREEN = "kernel refuses to load", "screen refuses to save"
BOOT = "does not boot"
LIMIT = "manifest.llm.context_limit"


def shown(value: object) -> str:
    return "gone" if value is GONE else repr(value)


def llm(member: str, value: object) -> dict[str, object]:
    return {f"manifest.llm.{member}": value}


NAMES = [
    Case(
        "name is a number",
        "name-type",
        ERROR,
        "name",
        ("a number", "not text"),
        NAMED,
        {"name": 7},
        refused=True,
    ),
    Case("name is a list", "name-type", ERROR, "name", ("a list",), NAMED, {"name": []}, refused=True),
    Case("no name", "name-missing", ERROR, "name", ("no name",), NAMED, {"name": GONE}),
    Case("name is null", "name-missing", ERROR, "name", ("no name",), NAMED, {"name": None}),
    Case("name is empty", "name-missing", ERROR, "name", ("no name",), NAMED, {"name": ""}),
    Case("name is blank", "name-missing", ERROR, "name", ("no name",), NAMED, {"name": " \t"}),
    Case(
        "name is the folder above",
        "name-escapes",
        ERROR,
        "name",
        ("..", "leave the folder"),
        NAMED,
        {"name": ".."},
    ),
    Case("name has a slash", "name-escapes", ERROR, "name", ("../evil",), NAMED, {"name": "../evil"}),
    Case("name has a backslash", "name-escapes", ERROR, "name", ("a\\b",), NAMED, {"name": "a\\b"}),
    Case(
        "name is not the file's",
        "name-differs-from-file",
        WARNING,
        "name",
        ("mimo-1.json", "mimo-2"),
        NAMED,
        {"name": "mimo-2"},
        source="second file",
    ),
    Case(
        "file has no usable name either",
        "name-missing",
        ERROR,
        "name",
        ("no name",),
        (),
        {"name": ""},
        world=elsewhere(stem=" "),
    ),
]

DESCRIPTIONS = [
    Case(
        "description is text",
        "description-type",
        ERROR,
        "description",
        ("plain text", "summary"),
        ("description-to-object",),
        {"description": "old text"},
        source=KERNEL,
        refused=True,
    ),
    Case(
        "description is empty text",
        "description-type",
        ERROR,
        "description",
        ("plain text",),
        ("description-to-object",),
        {"description": ""},
        refused=True,
    ),
    *(
        Case(
            f"description is {word}",
            "description-type",
            ERROR,
            "description",
            (word,),
            ("add-summary",),
            {"description": value},
            source=KERNEL,
            refused=True,
        )
        for word, value in (
            ("no description", None),
            ("a list", []),
            ("a number", 3),
            ("true or false", True),
        )
    ),
    Case(
        "no description",
        "description-type",
        ERROR,
        "description",
        ("no description",),
        ("add-summary",),
        {"description": GONE},
        refused=True,
    ),
    *(
        Case(
            f"summary is {shown(value)}",
            "summary-missing",
            ERROR,
            "description.summary",
            ("summary",),
            ("add-summary",),
            {"description.summary": value},
            source=KERNEL,
            refused=True,
        )
        for value in each("", None, 5, GONE)
    ),
    Case(
        "tier is a number",
        "tier-type",
        ERROR,
        "description.tier",
        ("3", "one of the texts 1, 2, 3, 4, 5"),
        ("tier-to-text", "remove-tier"),
        {"description.tier": 3},
        source="drops the tier silently",
        refused=True,
    ),
    *(
        Case(
            f"tier is {value!r}",
            "tier-type",
            ERROR,
            "description.tier",
            ("the tier is",),
            ("remove-tier",),
            {"description.tier": value},
            source=KERNEL,
            refused=True,
        )
        for value in each("", "6", 9, True, 3.0, [], {})
    ),
]

MANIFESTS = [
    *(
        Case(
            f"manifest is {shown(value)}",
            "manifest-missing",
            ERROR,
            "manifest",
            ("manifest",),
            changes={"manifest": value},
            source=KERNEL,
            refused=True,
        )
        for value in each(GONE, None, [], "x")
    ),
    Case(
        "manifest has another case",
        "manifest-missing",
        ERROR,
        "manifest",
        ("there is no manifest",),
        ("rename-manifest",),
        {"manifest": GONE, "Manifest": good()["manifest"]},
        source=KERNEL,
        refused=True,
    ),
    *(
        Case(
            f"llm is {shown(value)}",
            "manifest-missing",
            ERROR,
            "manifest.llm",
            ("llm",),
            changes={"manifest.llm": value},
            source=KERNEL,
            refused=True,
        )
        for value in each(GONE, None, [], "x")
    ),
    *(
        Case(
            f"model is {shown(value)}",
            "model-missing",
            ERROR,
            "manifest.llm.model",
            ("no model",),
            changes=llm("model", value),
            source=KERNEL,
            refused=True,
        )
        for value in each(GONE, None, "", 5, [])
    ),
    Case(
        "provider that Lingtai does not know",
        "provider-unknown",
        WARNING,
        "manifest.llm.provider",
        ("no provider", "xiaomi"),
        changes=llm("provider", "xiaomi"),
        source="adapter",
    ),
    *(
        Case(
            f"provider is {shown(value)}",
            "provider-missing",
            ERROR,
            "manifest.llm.provider",
            ("no provider",),
            changes=llm("provider", value),
            source=KERNEL,
            refused=True,
        )
        for value in each(GONE, None, "", 5)
    ),
]

FIELDS = [
    *(
        Case(
            f"api_key is {value!r}",
            "api-key-type",
            ERROR,
            "manifest.llm.api_key",
            ("api_key", "not text"),
            ("clear-api-key",),
            llm("api_key", value),
            source=BOOT,
            refused=True,
        )
        for value in each(0, False, [], {"a": 1})
    ),
    *(
        Case(
            f"compact_threshold is {value!r}",
            "compact-threshold-type",
            ERROR,
            "manifest.llm.compact_threshold",
            ("whole number above 0",),
            ("remove-compact-threshold",),
            llm("compact_threshold", value),
            source=BOOT,
            refused=True,
        )
        for value in each(0, -1, 1.5, True, "9")
    ),
    *(
        Case(
            f"service_tier is {value!r}",
            "service-tier-type",
            ERROR,
            "manifest.llm.service_tier",
            ("not text",),
            ("remove-service-tier",),
            llm("service_tier", value),
            source=BOOT,
            refused=True,
        )
        for value in each(None, 1, [])
    ),
    *(
        Case(
            f"api_compat is {value!r}",
            "api-compat-unknown",
            WARNING,
            "manifest.llm.api_compat",
            ("api_compat", "openai", "anthropic"),
            ("remove-api-compat",),
            llm("api_compat", value),
        )
        for value in each("grpc", 1, [])
    ),
    *(
        Case(
            f"wire_api is {value!r}",
            "wire-api-refused",
            ERROR,
            "manifest.llm.wire_api",
            ("one of auto, chat_completions, responses",),
            ("remove-wire-api",),
            llm("wire_api", value),
            source=BOOT,
            refused=True,
        )
        for value in each("http", "", None, 1, [])
    ),
    *(
        Case(
            f"wire_api is {value} for mimo",
            "wire-api-refused",
            ERROR,
            "manifest.llm.wire_api",
            (value, "cannot be chosen for provider mimo"),
            ("remove-wire-api",),
            llm("wire_api", value),
            source=BOOT,
            refused=True,
        )
        for value in ("responses", "chat_completions")
    ),
    *(
        Case(
            f"wire_api for custom with api_compat {value!r}",
            "wire-api-refused",
            ERROR,
            "manifest.llm.wire_api",
            ("responses", "custom"),
            ("remove-wire-api",),
            {"manifest.llm.wire_api": "responses", "manifest.llm.api_compat": value},
            base=custom,
            source=BOOT,
            refused=True,
        )
        for value in each("anthropic", None)
    ),
    *(
        Case(
            f"thinking is {value!r} for mimo",
            "thinking-refused",
            ERROR,
            "manifest.llm.thinking",
            ("cannot be set for provider mimo",),
            ("remove-thinking",),
            llm("thinking", value),
            source="codex",
            refused=True,
        )
        for value in each("high", None, 3)
    ),
    *(
        Case(
            f"thinking is {value!r} for codex",
            "thinking-refused",
            ERROR,
            "manifest.llm.thinking",
            ("thinking", "xhigh"),
            ("remove-thinking",),
            llm("thinking", value),
            base=lambda: custom(provider="codex"),
            source=KERNEL,
            refused=True,
        )
        for value in each("huge", None, [])
    ),
]

LIMITS = [
    *(
        Case(
            f"context_limit is {value!r}",
            "context-limit-type",
            ERROR,
            LIMIT,
            ("context_limit",),
            ("remove-context-limit",),
            llm("context_limit", value),
            source=source,
            refused=True,
        )
        for value, source in (
            ("1M", KERNEL),
            (1.5, KERNEL),
            ([], KERNEL),
            (True, SCREEN),
            (0, SCREEN),
            (-5, SCREEN),
        )
    ),
    Case(
        "context_limit is a whole float",
        "context-limit-type",
        ERROR,
        LIMIT,
        ("1000000.0", "whole number"),
        ("context-limit-to-integer", "remove-context-limit"),
        llm("context_limit", 1000000.0),
        source=KERNEL,
        refused=True,
    ),
    Case(
        "context_limit is beyond a float",
        "context-limit-inexact",
        WARNING,
        LIMIT,
        ("9007199254740993",),
        ("remove-context-limit",),
        llm("context_limit", 2**53 + 1),
        source="2^53",
        also=("context-limit-above-model",),
    ),
    *(
        Case(
            f"context_limit in its old place, {name}",
            "context-limit-legacy",
            INFO,
            "manifest.context_limit",
            ("old place",),
            ("move-context-limit",),
            {"manifest.context_limit": 500_000, LIMIT: value},
        )
        for name, value in (("alone", GONE), ("over a null", None), ("beside the new one", 9000))
    ),
    *(
        Case(
            f"bad context_limit in its old place, {name}",
            "context-limit-type",
            ERROR,
            "manifest.context_limit",
            ("whole number",),
            ("remove-context-limit",),
            {"manifest.context_limit": 1.5, LIMIT: value},
            source=KERNEL,
            also=("context-limit-legacy",),
            refused=True,
        )
        for name, value in (("alone", GONE), ("over a null", None))
    ),
]

PLACES = [
    Case(
        "tags with a tier",
        "tags-legacy",
        INFO,
        "tags",
        ("tags",),
        ("remove-tags",),
        {"tags": ["tier:4"], "description.tier": GONE},
    ),
    Case("tags of another type", "tags-legacy", INFO, "tags", ("tags",), ("remove-tags",), {"tags": 5}),
    Case(
        "member that the screen would lose",
        "members-at-risk",
        INFO,
        "_comment",
        ("_comment", "$schema", "lose"),
        changes={"_comment": "keep", "$schema": "x"},
        source="we keep them",
    ),
    Case(
        "name in another case too",
        "member-case",
        WARNING,
        "NAME",
        ("NAME is name", "screen"),
        ("remove-NAME",),
        {"NAME": 5},
        refused=True,
    ),
    Case(
        "old flat place",
        "legacy-place",
        WARNING,
        "",
        ("flat place", "clone"),
        world=elsewhere(source=Source.LEGACY),
        source="§1.1",
    ),
    Case(
        "template",
        "template",
        INFO,
        "",
        ("template", "copy"),
        world=elsewhere(source=Source.TEMPLATE),
        source="every launch",
    ),
]

CASES = [*NAMES, *DESCRIPTIONS, *MANIFESTS, *FIELDS, *LIMITS, *PLACES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_wrong_is_found_with_its_reason_and_nothing_else(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_mends_it_and_touches_nothing_else(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


def test_nothing_is_wrong_with_a_good_preset(tmp_path: Path) -> None:
    assert judge(good()) == ()
    assert judge(custom()) == ()
    assert answers(lingtai_bytes(good()), tmp_path) == (LOADS, BOOTS, LOADS)


@pytest.mark.parametrize("value", [None, *LINGTAI.tiers])
def test_a_tier_of_1_to_5_or_none_is_fine(value: str | None) -> None:
    assert judge(spoiled({"description.tier": value})) == ()


@pytest.mark.parametrize("provider", ["openai", "deepseek", "custom"])
def test_a_wire_is_chosen_where_lingtai_lets_one_be_chosen(provider: str) -> None:
    assert judge(custom(provider=provider, wire_api="responses", api_compat="openai")) == ()


def test_auto_is_a_wire_for_everybody() -> None:
    assert judge(spoiled(llm("wire_api", "auto"))) == ()


def test_a_name_of_other_letters_is_shown_safe_and_may_stay() -> None:
    assert "name-differs-from-file" not in codes(
        judge(spoiled({"name": "灵台 预设"}), elsewhere(stem="灵台 预设"))
    )
    (finding,) = judge(spoiled({"name": "a\x1b[31m"}))
    assert "\x1b" not in finding.message


def test_a_tier_in_the_tags_is_kept_when_they_are_removed(tmp_path: Path) -> None:
    document = spoiled({"tags": ["x", "tier:4"], "description.tier": GONE})
    (finding,) = judge(document)
    text = json_text.apply(lingtai_bytes(document).decode(), finding.fixes[0].edits)
    assert json_text.get(json_text.parse(text).value, ("description", "tier")) == "4"
    assert STEM in text
