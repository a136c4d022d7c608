"""The model: one that is retired, unknown, disputed or not for chat, and a context limit above its own."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimo_tui.core.facts import Fact
from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import view
from mimo_tui.core.rules import Context, Subject, check
from mimo_tui.core.slots import Slots
from tests.core.rules.builder import (
    CATALOGUE,
    GONE,
    LINGTAI,
    NOW,
    PLAN_KEY,
    SGP,
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
MODEL = "manifest.llm.model"
LIMIT = "manifest.llm.context_limit"
ON_PLAN = elsewhere(keys={SLOT: PLAN_KEY})


def on(model: str) -> dict[str, object]:
    return {MODEL: model}


CASES = [
    *(
        Case(
            f"{model} is retired",
            "model-retired",
            ERROR,
            MODEL,
            (model, "was retired on", day),
            (f"use:{successor}",),
            on(model),
            source=source,
        )
        for model, day, successor, source in (
            ("mimo-v2.5-pro", "2026-10-21", "mimo-v2.6-pro", "https://mimo.mi.com/"),
            ("mimo-v2.5", "2026-10-21", "mimo-v2.6-flash", "https://mimo.mi.com/"),
            ("mimo-v2-pro", "2026-06-30", "mimo-v2.6-pro", "seen"),
            ("mimo-v2.5-pro-ultraspeed", "2026-09-08", "mimo-v2.6-pro-ultraspeed", "third-party"),
        )
    ),
    *(
        Case(
            f"{model} of 256K context is retired",
            "model-retired",
            ERROR,
            MODEL,
            (model, "2026-06-30"),
            ("use:mimo-v2.6-flash",),
            on(model),
            source="seen",
            also=("context-limit-above-model",),
        )
        for model in ("mimo-v2-flash", "mimo-v2-omni")
    ),
    Case(
        "model is not known",
        "model-unknown",
        WARNING,
        MODEL,
        ("mimo-v9", "not known"),
        (),
        on("mimo-v9"),
        source="catalogue of 2026-11-23",
    ),
    Case(
        "display name for a model",
        "model-unknown",
        WARNING,
        MODEL,
        ("MiMo-V2.6-Pro",),
        ("use:mimo-v2.6-pro",),
        on("MiMo-V2.6-Pro"),
        source="catalogue",
    ),
    Case(
        "model with the suffix of another tool",
        "model-unknown",
        WARNING,
        MODEL,
        ("[1m]",),
        ("use:mimo-v2.6-pro",),
        on("mimo-v2.6-pro[1m]"),
        source="catalogue",
    ),
    Case(
        "sources disagree on the model",
        "model-disputed",
        WARNING,
        MODEL,
        ("mimo-v2.6-distill-qwen-9b", "disagree"),
        (),
        on("mimo-v2.6-distill-qwen-9b"),
        source="but",
    ),
    *(
        Case(
            f"{model} does not chat",
            "model-not-chat",
            ERROR,
            MODEL,
            (model, "not for chat"),
            (),
            on(model),
            source="https://mimo.mi.com/",
            also=("context-limit-above-model",),
        )
        for model in ("mimo-v2.5-tts", "mimo-v2.5-asr")
    ),
    Case(
        "model is not on the plan",
        "model-not-on-plan",
        ERROR,
        MODEL,
        ("ultraspeed", "not part of the Token Plan"),
        ("use:mimo-v2.6-pro", "use:mimo-v2.6-flash"),
        {MODEL: "mimo-v2.6-pro-ultraspeed", "manifest.llm.base_url": SGP},
        world=ON_PLAN,
        source="https://mimo.mi.com/",
    ),
    Case(
        "context limit above the model's",
        "context-limit-above-model",
        WARNING,
        LIMIT,
        ("1048577", "1048576", "mimo-v2.6-pro"),
        ("lower-context-limit",),
        {LIMIT: 1_048_577},
        source="https://mimo.mi.com/",
    ),
    *(
        Case(
            f"context limit in its old place above the model's, {name}",
            "context-limit-above-model",
            WARNING,
            "manifest.context_limit",
            ("2000000",),
            ("lower-context-limit",),
            {LIMIT: value, "manifest.context_limit": 2_000_000},
            source="seen",
            also=("context-limit-legacy",),
        )
        for name, value in (("alone", GONE), ("over a null", None))
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_wrong_model_is_found_with_its_reason(case: Case) -> None:
    found(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fix_leads_to_a_model_that_works(case: Case, tmp_path: Path) -> None:
    assert_fixes_mend(case, tmp_path)


@pytest.mark.parametrize("model", [model.id for model in CATALOGUE.chat_models(NOW)])
def test_a_current_chat_model_is_fine(model: str) -> None:
    assert judge(spoiled(on(model))) == ()


def test_the_context_limit_may_be_the_models_own() -> None:
    assert judge(spoiled({LIMIT: 1_048_576})) == ()


def test_a_model_of_another_provider_is_not_ours_to_judge() -> None:
    assert judge(custom(model="mimo-v2.5-pro")) == ()


def test_a_model_may_be_any_on_a_plan_that_has_it() -> None:
    assert judge(spoiled({"manifest.llm.base_url": SGP}), ON_PLAN) == ()


def judged_on(model: str, at: datetime) -> set[str]:
    context = Context(CATALOGUE, LINGTAI, Slots(), at)
    preset = view(spoiled({MODEL: model, "manifest.capabilities.vision": GONE}))
    return codes(check(Subject(preset, ON_PLAN.source, "mimo-1", 0o600, None, None), context))


def test_a_retirement_counts_from_its_very_minute() -> None:
    assert "model-retiring" in judged_on("mimo-v2.5-pro", datetime(2026, 10, 21, 1, 59, tzinfo=UTC))
    assert "model-retired" in judged_on("mimo-v2.5-pro", datetime(2026, 10, 21, 2, 0, tzinfo=UTC))


def test_before_the_end_the_fix_names_a_model_that_works_by_then() -> None:
    context = Context(CATALOGUE, LINGTAI, Slots(), datetime(2026, 10, 1, tzinfo=UTC))
    preset = view(spoiled({MODEL: "mimo-v2.5"}))
    findings = check(Subject(preset, ON_PLAN.source, "mimo-1", 0o600, None, None), context)
    retiring = next(finding for finding in findings if finding.code == "model-retiring")
    assert "will be retired on 2026-10-21" in retiring.message
    assert [fix.id for fix in retiring.fixes] == ["use:mimo-v2.6-flash"]


def test_a_day_that_two_sources_tell_differently_is_a_dispute() -> None:
    known = CATALOGUE.model("mimo-v2.5")
    assert known is not None
    assert known.retired is not None
    other = replace(known.retired.claims[0], value=datetime(2027, 1, 1, tzinfo=UTC))
    doubted = replace(known, retired=Fact((*known.retired.claims, other)))
    models = tuple(doubted if one is known else one for one in CATALOGUE.models)
    context = Context(replace(CATALOGUE, models=models), LINGTAI, Slots(), NOW)
    preset = view(spoiled({MODEL: "mimo-v2.5"}, good()))
    findings = check(Subject(preset, ON_PLAN.source, "mimo-1", 0o600, None, None), context)
    disputed = next(finding for finding in findings if finding.code == "model-disputed")
    assert "2027-01-01" in disputed.because
    assert "2026-10-21" in disputed.because
