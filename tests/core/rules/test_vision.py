"""Vision: what will really look, and whether it can see. Every way out leaves `skills.paths` as they were."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimo_tui.core import json_text
from mimo_tui.core.catalogue import Modality
from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import Source, view
from mimo_tui.core.rules import Context, Subject, check
from mimo_tui.core.slots import Slots
from mimo_tui.simulator.sample_library import lingtai_bytes
from tests.core.rules.builder import (
    CATALOGUE,
    GONE,
    LINGTAI,
    NOW,
    PLAN_KEY,
    SGP,
    SKILLS,
    SLOT,
    STEM,
    Case,
    assert_fixes_mend,
    custom,
    elsewhere,
    found,
    judge,
    spoiled,
)

ERROR, WARNING, INFO = Severity
VISION = "manifest.capabilities.vision"
PINS = (
    "pin-vision:mimo-v2.6-pro",
    "pin-vision:mimo-v2.6-flash",
    "pin-vision:mimo-v2.6-pro-ultraspeed",
    "remove-vision",
)
PLAN_PINS = ("pin-vision:mimo-v2.6-pro", "pin-vision:mimo-v2.6-flash", "remove-vision")
RETIRED = "mimo-v2.5-pro"
UNPINNED = {VISION: {"provider": "mimo"}, "manifest.llm.model": RETIRED}


CASES = [
    Case(
        "vision names no model and the preset's is text only",
        "vision-unpinned",
        ERROR,
        VISION,
        ("names no model", RETIRED, "text only"),
        PINS,
        UNPINNED,
        source="404",
        also=("model-retired",),
    ),
    Case(
        "vision inherits and the preset's model is text only",
        "vision-unpinned",
        ERROR,
        VISION,
        (RETIRED,),
        PINS,
        {**UNPINNED, VISION: {"provider": "inherit"}},
        also=("model-retired",),
    ),
    Case(
        "vision is empty and the preset's model is text only",
        "vision-unpinned",
        ERROR,
        VISION,
        (RETIRED,),
        PINS,
        {**UNPINNED, VISION: {}},
        also=("model-retired",),
    ),
    Case(
        "vision names no model on a plan",
        "vision-unpinned",
        ERROR,
        VISION,
        (RETIRED,),
        PLAN_PINS,
        {**UNPINNED, "manifest.llm.base_url": SGP},
        world=elsewhere(keys={SLOT: PLAN_KEY}),
        also=("model-retired",),
    ),
    Case(
        "vision names no model and the preset's is not known",
        "vision-unpinned-unknown",
        WARNING,
        VISION,
        ("mimo-v9", "not known"),
        PINS,
        {**UNPINNED, "manifest.llm.model": "mimo-v9"},
        also=("model-unknown",),
    ),
    *(
        Case(
            f"vision is pinned to the retired {model}",
            "vision-model-retired",
            ERROR,
            f"{VISION}.model",
            ("vision's model", model, "was retired"),
            PINS,
            {f"{VISION}.model": model},
            source="seen",
        )
        for model in ("mimo-v2.5", RETIRED, "mimo-v2-omni")
    ),
    Case(
        "vision is pinned to an unknown model",
        "vision-model-unknown",
        WARNING,
        f"{VISION}.model",
        ("mimo-v9",),
        PINS,
        {f"{VISION}.model": "mimo-v9"},
        source="catalogue",
    ),
    Case(
        "vision is pinned to a disputed model",
        "vision-model-disputed",
        WARNING,
        f"{VISION}.model",
        ("disagree",),
        PINS,
        {f"{VISION}.model": "mimo-v2.6-distill-qwen-9b"},
        source="but",
    ),
    Case(
        "vision is pinned to a voice",
        "vision-model-not-chat",
        ERROR,
        f"{VISION}.model",
        ("mimo-v2.5-tts", "not for chat"),
        PINS,
        {f"{VISION}.model": "mimo-v2.5-tts"},
        source="seen",
    ),
    Case(
        "vision of a provider that is none",
        "vision-provider-unknown",
        WARNING,
        f"{VISION}.provider",
        ("nobody", "no provider of vision"),
        ("remove-vision",),
        {f"{VISION}.provider": "nobody"},
        source="by hand",
    ),
    Case(
        "vision of another provider without model and slot",
        "vision-incomplete",
        WARNING,
        VISION,
        ("gemini", "a model and a slot of its own"),
        ("remove-vision",),
        {VISION: {"provider": "gemini"}},
        source="§3.6",
    ),
    Case(
        "vision of another provider without slot",
        "vision-incomplete",
        WARNING,
        VISION,
        ("gemini", "needs a slot of its own"),
        ("remove-vision",),
        {VISION: {"provider": "gemini", "model": "gemini-3-flash"}},
    ),
    Case(
        "vision where the preset speaks Anthropic's form",
        "vision-wire",
        WARNING,
        "manifest.llm.api_compat",
        ("anthropic", "vision"),
        ("api-compat-openai", "remove-vision"),
        {"manifest.llm.api_compat": "anthropic"},
        source="chat completions only",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_vision_that_cannot_see_is_found(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_gives_vision_eyes_or_takes_it_away(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_fix_touches_the_paths_of_skills(case: Case) -> None:
    raw = lingtai_bytes(case.document).decode()
    for fix in found(case).fixes:
        after = json_text.parse(json_text.apply(raw, fix.edits)).value
        assert json_text.get(after, ("manifest", "capabilities", "skills")) == SKILLS


def test_every_pin_is_a_model_known_to_see() -> None:
    seeing = {model.id for model in CATALOGUE.chat_models(NOW, taking=Modality.IMAGE)}
    assert {pin.removeprefix("pin-vision:") for pin in PINS if pin.startswith("pin")} == seeing


def test_the_presets_own_model_is_the_first_pin() -> None:
    document = spoiled({"manifest.llm.model": "mimo-v2.6-flash", f"{VISION}.model": RETIRED})
    (finding,) = judge(document)
    assert finding.fixes[0].id == "pin-vision:mimo-v2.6-flash"


@pytest.mark.parametrize(
    "vision",
    [
        None,
        {},
        {"provider": "inherit"},
        {"provider": "mimo"},
        {"provider": "", "model": "mimo-v2.6-pro"},
        {"provider": "gemini", "model": "gemini-3-flash", "api_key_env": "GEMINI_API_KEY"},
        {"provider": "local"},  # its model may stand in the agent's own settings/vision.json
        GONE,
    ],
)
def test_vision_that_sees_or_is_off_is_fine(vision: object) -> None:
    assert judge(spoiled({VISION: vision})) == ()


def test_a_switch_to_a_text_only_model_leaves_pinned_vision_alone() -> None:
    assert {finding.code for finding in judge(spoiled({"manifest.llm.model": RETIRED}))} == {"model-retired"}


def test_vision_on_mimo_is_judged_in_a_preset_of_another_provider_too() -> None:
    vision = {"provider": "mimo", "model": "mimo-v2.5", "api_key_env": SLOT}
    (finding,) = judge(spoiled({VISION: vision}, custom()))
    assert finding.code == "vision-model-retired"


@pytest.mark.parametrize("pinned", [True, False])
def test_a_text_only_model_does_not_see_while_it_still_works_either(pinned: bool) -> None:
    vision = {"provider": "mimo", "model": RETIRED} if pinned else {"provider": "mimo"}
    preset = view(spoiled({"manifest.llm.model": RETIRED, VISION: vision}))
    context = Context(CATALOGUE, LINGTAI, Slots(), datetime(2026, 10, 1, tzinfo=UTC))
    findings = check(Subject(preset, Source.SAVED, STEM, 0o600, None, None), context)
    finding = next(one for one in findings if one.code.startswith("vision-"))
    assert finding.code == ("vision-model-text-only" if pinned else "vision-unpinned")
    assert finding.severity is ERROR
    assert "text only" in finding.message
    assert {fix.id for fix in finding.fixes} == set(PINS)
