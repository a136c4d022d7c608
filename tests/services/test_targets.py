"""Whom a conversation is with: the preset that was named, or the only one that can be meant."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mimo_tui.core.catalogue import Wire
from mimo_tui.services import Services
from mimo_tui.services.playground.targets import NoPreset, WhichPreset, is_usable, target_for, the_preset
from mimo_tui.services.presets.listing import Ambiguous, Listing, NotFound, PresetView
from mimo_tui.services.presets.testing import CannotTest, KeyGoesElsewhere
from tests.services.conversations import PRO, a_preset, changed

Find = Callable[[str], PresetView]


def test_chat_completions_are_asked_also_where_the_agents_use_responses(services: Services) -> None:
    target = target_for(services, a_preset(services))
    assert (target.wire, target.model) == (Wire.CHAT_COMPLETIONS, PRO)
    assert target.url == "https://api.xiaomimimo.com/v1/chat/completions"


def test_on_the_anthropic_surface_messages_are_asked(services: Services) -> None:
    target = target_for(services, a_preset(services, "anthropic"), model="mimo-v2.6-flash")
    assert (target.wire, target.model, target.asked.model) == (Wire.MESSAGES, *["mimo-v2.6-flash"] * 2)
    assert target.url == "https://api.xiaomimimo.com/anthropic/v1/messages"


def test_a_preset_without_a_key_says_so(services: Services, preset: Find) -> None:
    with pytest.raises(CannotTest, match=r"names no slot\. `mimo-tui presets set`"):
        target_for(services, preset("no-slot"))


def test_a_key_of_mimo_goes_to_another_host_only_if_the_person_agrees(services: Services) -> None:
    view = changed(services, "unknown", base_url="https://mimo.example.com/v1")
    with pytest.raises(KeyGoesElsewhere):
        target_for(services, view)
    assert target_for(services, view, agreed=True).endpoint.host == "mimo.example.com"


def test_without_a_model_nothing_is_asked(services: Services) -> None:
    view = changed(services, "unknown", model="")
    with pytest.raises(CannotTest, match="names no model"):
        target_for(services, view)
    assert target_for(services, view, model=PRO).model == PRO


def test_without_a_name_it_is_the_only_preset_that_can_be_used(listing: Listing) -> None:
    usable = [view for view in listing.presets if is_usable(view)]
    assert len(usable) > 1
    with pytest.raises(WhichPreset, match="Say which by --preset") as caught:
        the_preset(listing)
    assert isinstance(caught.value, Ambiguous)
    assert all(view in usable for view in caught.value.candidates)
    others = [view for view in listing.presets if not is_usable(view)]
    assert the_preset(replace(listing, presets=(*others, usable[0]))) == usable[0]
    with pytest.raises(NoPreset, match="mimo-tui keys set"):
        the_preset(replace(listing, presets=tuple(others)))


def test_a_preset_is_found_by_its_name(listing: Listing) -> None:
    assert the_preset(listing, "mimo-pro").name == "mimo-pro"
    with pytest.raises(NotFound):
        the_preset(listing, "no such preset")
