"""A draft: what a person typed over a preset, judged as they type, and nothing written."""

from collections.abc import Callable
from types import MappingProxyType

import pytest

from mimo_tui.core import fields, json_text
from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Json
from mimo_tui.services import Services
from mimo_tui.services.presets.draft import Draft, holds, judge_draft, options, value_of
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Kind, Refused

Find = Callable[[str], PresetView]


def texts(**values: str) -> MappingProxyType[str, str]:
    return MappingProxyType({name.replace("__", "."): value for name, value in values.items()})


def form_field(name: str) -> fields.Field:
    found = fields.field(name)
    assert found is not None
    return found


def test_opening_and_typing_what_is_there_changes_nothing(
    services: Services, listing: Listing, preset: Find
) -> None:
    untouched = Draft(preset("mimo-1"))
    judged = judge_draft(services, listing, untouched)
    assert judged.plan is not None
    assert (judged.is_changed, judged.plan.changes_nothing) == (False, True)
    same = {field.id: value_of(untouched, field) for field in untouched.form}
    judged = judge_draft(services, listing, Draft(preset("mimo-1"), MappingProxyType(same)))
    assert judged.plan is not None
    assert (judged.is_changed, judged.plan.changes_nothing) == (False, True)


def test_every_sample_that_parses_opens_and_would_be_saved_byte_for_byte(
    services: Services, listing: Listing
) -> None:
    for view in listing.presets:
        if view.preset is None or view.reference.startswith("templates/"):
            continue
        draft = Draft(view)
        same = {field.id: value_of(draft, field) for field in draft.form}
        judged = judge_draft(services, listing, Draft(view, MappingProxyType(same)))
        assert judged.plan is not None, (view.reference, judged.faults)
        assert judged.plan.changes_nothing, view.reference


def test_a_field_that_cannot_be_read_says_so_and_there_is_no_plan(
    services: Services, listing: Listing, preset: Find
) -> None:
    judged = judge_draft(
        services, listing, Draft(preset("mimo-1"), texts(context_limit="much", summary="new"))
    )
    assert judged.plan is None
    assert list(judged.faults) == ["context_limit"]
    assert judged.is_changed


def test_touched_fields_become_one_plan(services: Services, listing: Listing, preset: Find) -> None:
    draft = Draft(preset("mimo-1"), texts(model="mimo-v2.6-pro", tier="", vision__model="mimo-v2.6-pro"))
    judged = judge_draft(services, listing, draft)
    assert judged.plan is not None
    assert judged.plan.data is not None
    document = json_text.read(judged.plan.data).value
    assert json_text.get(document, at.MODEL) == "mimo-v2.6-pro"
    assert b'"tier"' not in judged.plan.data
    assert {finding.code for finding in judged.plan.mended} == {"model-retired", "vision-model-retired"}


def test_capabilities_are_removed_and_added(services: Services, listing: Listing, preset: Find) -> None:
    draft = Draft(preset("mimo-1"), removed=frozenset({"vision"}), added=("daemon",))
    assert draft.capabilities == ("skills", "web_search", "daemon")
    judged = judge_draft(services, listing, draft)
    assert judged.plan is not None
    assert judged.plan.data is not None
    found = json_text.get(json_text.read(judged.plan.data).value, at.CAPABILITIES)
    assert isinstance(found, dict)
    assert set(found) == {"skills", "web_search", "daemon"}
    assert found["daemon"] == {}


def test_a_capability_removed_and_added_again_starts_empty_and_keeps_what_is_typed(
    services: Services, listing: Listing, preset: Find
) -> None:
    draft = Draft(preset("mimo-1"), removed=frozenset({"vision"}), added=("vision",))
    assert value_of(draft, form_field("vision.model")) == ""
    typed = Draft(preset("mimo-1"), texts(vision__model="mimo-v2.5"), frozenset({"vision"}), ("vision",))
    judged = judge_draft(services, listing, typed)
    assert judged.plan is not None
    assert judged.plan.data is not None
    found: Json = json_text.get(json_text.read(judged.plan.data).value, at.VISION)
    assert found == {"model": "mimo-v2.5"}


def test_what_is_typed_for_a_capability_that_was_then_removed_is_dropped(
    services: Services, listing: Listing, preset: Find
) -> None:
    draft = Draft(preset("mimo-1"), texts(vision__model="x"), frozenset({"vision"}))
    judged = judge_draft(services, listing, draft)
    assert judged.plan is not None
    assert judged.plan.data is not None
    assert b'"vision"' not in judged.plan.data


def test_the_draft_of_a_template_becomes_a_copy(services: Services, listing: Listing, preset: Find) -> None:
    judged = judge_draft(services, listing, Draft(preset("templates/mimo"), texts(summary="mine")))
    assert judged.plan is not None
    assert judged.plan.kind is Kind.COPY


def test_a_broken_file_has_no_draft(services: Services, listing: Listing, preset: Find) -> None:
    with pytest.raises(Refused):
        judge_draft(services, listing, Draft(preset("broken"), texts(model="x")))


def test_what_is_known_for_a_field_is_offered(services: Services, listing: Listing) -> None:
    def offered(name: str) -> tuple[str, ...]:
        return options(services, listing, form_field(name))

    assert "mimo-v2.6-pro" in offered("model")
    assert not {"mimo-v2.5-pro", "mimo-v2.5-tts"} & set(offered("model"))
    assert "https://token-plan-sgp.xiaomimimo.com/v1" in offered("base_url")
    assert len(set(offered("base_url"))) == len(offered("base_url"))
    assert "MIMO_1_API_KEY" in offered("slot")
    assert "mimo" in offered("provider")
    assert offered("tier") == ("1", "2", "3", "4", "5")


def test_a_finding_belongs_to_the_field_it_stands_at() -> None:
    assert holds(form_field("skills.paths"), (*at.CAPABILITIES, "skills", "paths", 0))
    assert not holds(form_field("model"), at.PROVIDER)
