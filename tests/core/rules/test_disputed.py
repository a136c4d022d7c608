"""What the sources disagree on, or nobody says, is never told as certain."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mimo_tui.core.catalogue import Catalogue, Modality
from mimo_tui.core.docs.readers import Statement
from mimo_tui.core.evidence import Evidence, ListSeen
from mimo_tui.core.facts import Toml
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.forms import Subject
from mimo_tui.core.learning import learn
from mimo_tui.core.rules import Context, check
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import shipped
from tests.core.rules.builder import (
    CATALOGUE,
    NOW,
    PLAN_KEY,
    SGP,
    SLOT,
    Document,
    World,
    good,
    spoiled,
    subject_of,
)
from tests.evidence import evidence_of

ERROR, WARNING, INFO = Severity
PRO, FLASH = "mimo-v2.6-pro", "mimo-v2.6-flash"
MODEL, LIMIT, VISION = "manifest.llm.model", "manifest.llm.context_limit", "manifest.capabilities.vision"


def told(*said: tuple[Subject, Toml]) -> Catalogue:
    """What is known when the rate-limit page says this too: another page than the one that the model page is."""
    more = tuple(Statement(subject, value, clean("a row"), 1) for subject, value in said)
    pages = tuple(
        replace(page, reading=replace(page.reading, statements=(*page.reading.statements, *more)))
        if page.area == "rate-limits" and page.reading is not None
        else page
        for page in evidence_of(shipped()).pages
    )
    return learn(CATALOGUE, Evidence(pages=pages), {})


def listed(*ids: str) -> Catalogue:
    """What is known when a host lists these."""
    seen = ListSeen(clean("api.xiaomimimo.com"), NOW, tuple(map(clean, ids)))
    return learn(CATALOGUE, Evidence(lists=(seen,)), {})


def judged(
    known: Catalogue, document: Document, world: World | None = None, at: datetime = NOW
) -> dict[str, Finding]:
    world = world or World()
    context = Context(known, world.context.lingtai, world.context.slots, at)
    return {finding.code: finding for finding in check(subject_of(document, world), context)}


def test_a_plan_that_the_sources_disagree_on_is_a_warning_with_both_sides() -> None:
    known = told((("models", PRO, "token_plan"), False))
    document = spoiled({"manifest.llm.base_url": SGP, VISION: {}})
    found = judged(known, document, World(keys={SLOT: PLAN_KEY}))
    assert "model-not-on-plan" not in found
    finding = found["model-plan-disputed"]
    assert finding.severity is WARNING
    assert "the sources disagree" in finding.message
    assert "yes says Models" in finding.because
    assert "no says Rate Limit" in finding.because
    assert f"use:{PRO}" not in {fix.id for fix in finding.fixes}
    assert f"use:{FLASH}" in {fix.id for fix in finding.fixes}


def test_a_context_between_what_two_sources_say_is_perhaps_too_much() -> None:
    known = told((("models", PRO, "context"), 500_000))
    found = judged(known, good())
    finding = found["context-limit-disputed"]
    assert "the sources disagree" in finding.message
    assert "500000 says" in finding.because
    assert [fix.id for fix in finding.fixes] == ["lower-context-limit"]
    assert "context-limit-disputed" not in judged(known, spoiled({LIMIT: 400_000}))
    assert "context-limit-above-model" not in judged(known, spoiled({LIMIT: 2_000_000}))


def test_a_dispute_on_sight_is_no_blindness() -> None:
    known = told((("models", FLASH, "inputs"), ["text"]))
    model = known.model(FLASH)
    assert model is not None
    assert model.takes(Modality.TEXT)
    assert not model.takes(Modality.IMAGE)
    assert not model.refuses(Modality.IMAGE)
    finding = judged(known, good())["vision-model-sight-disputed"]
    assert finding.severity is WARNING
    assert "disagree on whether mimo-v2.6-flash sees images" in finding.message
    assert {fix.id for fix in finding.fixes} >= {f"pin-vision:{PRO}", "remove-vision"}
    assert f"pin-vision:{FLASH}" not in {fix.id for fix in finding.fixes}


@pytest.mark.parametrize(
    ("pinned", "code"), [(True, "vision-model-sight-unknown"), (False, "vision-unpinned-unknown")]
)
def test_what_nobody_says_of_a_model_is_neither_sight_nor_blindness(*, pinned: bool, code: str) -> None:
    known = listed(PRO, "mimo-v9")
    changes: dict[str, object] = (
        {f"{VISION}.model": "mimo-v9"} if pinned else {MODEL: "mimo-v9", VISION: {"provider": "mimo"}}
    )
    found = judged(known, spoiled(changes))
    assert "not known" in found[code].message
    assert not {one for one in found if "text-only" in one or one == "vision-unpinned" or "retired" in one}


def test_a_model_that_a_host_lists_is_known_and_its_kind_a_guess() -> None:
    known = listed("mimo-v9", "mimo-v9-tts")
    assert "model-unknown" not in judged(known, spoiled({MODEL: "mimo-v9"}))
    finding = judged(known, spoiled({MODEL: "mimo-v9-tts"}))["model-not-chat"]
    assert finding.severity is WARNING
    assert "seems to be for speech" in finding.message
    assert "inferred" in finding.because


def test_a_day_of_retirement_that_the_sources_disagree_on_is_not_named() -> None:
    moved = datetime.fromisoformat("2026-10-01T10:00+08:00")
    known = told((("models", "mimo-v2.5-pro", "retired"), moved))
    finding = judged(known, spoiled({MODEL: "mimo-v2.5-pro"}))["model-retired"]
    assert "2026-10" not in finding.message
    assert "disagree on the day" in finding.message
    assert "2026-10-01 10:00 Beijing time says" in finding.because
    between = datetime(2026, 10, 10, tzinfo=UTC)
    assert "model-disputed" in judged(known, spoiled({MODEL: "mimo-v2.5-pro"}), at=between)


def test_a_finding_names_the_page_as_it_was_read() -> None:
    known = told()
    finding = judged(known, spoiled({LIMIT: 2_000_000}))["context-limit-above-model"]
    assert finding.because.startswith("Models, read 2026-11-23 from https://mimo.mi.com/docs/")


def test_a_preset_that_is_good_stays_good_after_reading_the_docs() -> None:
    known = learn(CATALOGUE, evidence_of(shipped()), {})
    assert judged(known, good()) == {}
