"""Capabilities: retired, unknown, of the wrong type, under two names that differ."""

from pathlib import Path

import pytest

from mimo_tui.core.findings import Severity
from tests.core.rules.builder import (
    GONE,
    LINGTAI,
    SKILLS,
    Case,
    assert_fixes_mend,
    each,
    found,
    judge,
    spoiled,
)

ERROR, WARNING, INFO = Severity
CAPABILITIES = "manifest.capabilities"
HAND, POLICY = {"yolo": True}, {"policy_file": "policy.json"}


def has(**capabilities: object) -> dict[str, object]:
    return {f"{CAPABILITIES}.{name}": value for name, value in capabilities.items()}


CASES = [
    *(
        Case(
            f"capabilities are {value!r}",
            "capabilities-type",
            ERROR,
            CAPABILITIES,
            ("no object",),
            ("empty-capabilities",),
            {CAPABILITIES: value},
            source="refuses to load",
            refused=True,
        )
        for value in each(None, [], "x", 5)
    ),
    *(
        Case(
            f"skills are {value!r}",
            "capability-type",
            ERROR,
            f"{CAPABILITIES}.skills",
            ("skills", "object with paths"),
            ("empty-skills", "remove-skills"),
            has(skills=value),
            source="does not boot",
            refused=True,
        )
        for value in each([], "x", True)
    ),
    Case(
        "paths of skills are one text",
        "skills-paths-type",
        ERROR,
        f"{CAPABILITIES}.skills.paths",
        ("list of texts",),
        ("list-skills-paths",),
        has(skills={"paths": "~/skills"}),
        source="does not boot",
        refused=True,
    ),
    *(
        Case(
            f"paths of skills are {value!r}",
            "skills-paths-type",
            ERROR,
            f"{CAPABILITIES}.skills.paths",
            ("list of texts",),
            (),
            has(skills={"paths": value}),
            source="does not boot",
            refused=True,
        )
        for value in each({}, ["a", 1], 5, False)
    ),
    *(
        Case(
            f"{name} is {value!r}",
            "capability-type",
            WARNING,
            f"{CAPABILITIES}.{name}",
            (name, "object, or null"),
            (f"empty-{dashed}", f"remove-{dashed}"),
            has(**{name: value}),
            source="goes on without it",
        )
        for name, dashed, value in (
            ("web_search", "web-search", True),
            ("vision", "vision", "mimo"),
            ("daemon", "daemon", 3),
        )
    ),
    *(
        Case(
            f"{name} is retired",
            "capability-retired",
            WARNING,
            f"{CAPABILITIES}.{name}",
            (name, "retired", why),
            (f"remove-{name.replace('_', '-')}",),
            has(**{name: {}}),
            source="§5",
        )
        for name, why in LINGTAI.retired_capabilities.items()
    ),
    Case(
        "a capability that nobody knows",
        "capability-unknown",
        WARNING,
        f"{CAPABILITIES}.telepathy",
        ("telepathy",),
        ("remove-telepathy",),
        has(telepathy={}),
        source="goes on without it",
    ),
    Case(
        "the shell under its old name",
        "capability-old-name",
        INFO,
        f"{CAPABILITIES}.bash",
        ("bash", "old name of shell"),
        ("rename-bash",),
        has(bash=HAND),
        source="next save",
    ),
    *(
        Case(
            f"two shells that differ, {name}",
            "capability-conflict",
            ERROR,
            f"{CAPABILITIES}.bash",
            ("bash", "shell", "differently"),
            ("keep-shell", "keep-bash"),
            has(bash=bash, shell=shell),
            source="shows no preset at all",
            refused=True,
        )
        for name, bash, shell in (
            ("in their members", HAND, POLICY),
            ("one off", None, {}),
            ("true and 1", {"yolo": True}, {"yolo": 1}),
            ("deep inside", {"a": [{"b": 1}]}, {"a": [{"b": True}]}),
        )
    ),
    Case(
        "the web under both names, differently",
        "capability-conflict",
        ERROR,
        f"{CAPABILITIES}.web_search",
        ("web_search", "web"),
        ("keep-web", "keep-web_search"),
        has(web={"provider": "openai"}),
        source="does not boot",
        refused=True,
    ),
    *(
        Case(
            f"web search by {provider}",
            "web-provider-retired",
            WARNING,
            f"{CAPABILITIES}.web_search",
            (provider, "no longer"),
            ("web-default", "remove-web-search"),
            has(web_search={"provider": provider}),
            source="§5",
        )
        for provider in LINGTAI.web_providers_refused
    ),
    Case(
        "the web by zhipu under its new name",
        "web-provider-retired",
        WARNING,
        f"{CAPABILITIES}.web",
        ("zhipu",),
        ("web-default", "remove-web"),
        {**has(web={"provider": "zhipu"}), f"{CAPABILITIES}.web_search": GONE},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_capability_that_will_not_work_is_found(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_mends_it_and_leaves_the_others_alone(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


@pytest.mark.parametrize("name", [*LINGTAI.core_capabilities, "plugin", "web"])
def test_a_capability_that_some_kernel_knows_is_fine(name: str) -> None:
    web = {f"{CAPABILITIES}.web_search": GONE} if name == "web" else {}
    assert judge(spoiled({**has(**{name: {}}), **web})) == ()


@pytest.mark.parametrize(
    "capabilities",
    [
        has(skills=None),
        has(skills={}),
        has(skills={"paths": None}),
        has(web_search=None),
        has(vision=None),
        has(skills={**SKILLS, "paths": []}),
        {CAPABILITIES: {}},
        {CAPABILITIES: GONE},
    ],
)
def test_a_capability_that_is_off_or_empty_is_fine(capabilities: dict[str, object]) -> None:
    assert judge(spoiled(capabilities)) == ()


def test_two_shells_that_are_alike_are_one() -> None:
    assert judge(spoiled(has(bash=HAND, shell=dict(HAND)))) == ()
