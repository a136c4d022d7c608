"""What we hold Lingtai to take and refuse, against the kernel that is installed: another shows the drift."""

import importlib.metadata

import pytest
from lingtai import init_schema
from lingtai.kernel import config, preset_connectivity, presets
from lingtai.llm import _register
from lingtai.llm.service import LLMService
from lingtai.tools import registry, vision, web_search

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.facts import CatalogueError, Fact
from mimo_tui.core.lingtai import Lingtai, load, parse


@pytest.fixture(scope="module")
def facts() -> Lingtai:
    return load()


def kernel_boots(llm: dict[str, object]) -> bool:
    """Ask the kernel itself whether an agent with these settings of its model passes its first check."""
    manifest = {"llm": {"model": "m", **llm}}
    try:
        init_schema.validate_init({"manifest": manifest, "covenant": "", "pad": ""})
    except ValueError:
        return False
    return True


def test_the_kernel_installed_is_the_one_that_was_read(facts: Lingtai) -> None:
    assert importlib.metadata.version("lingtai") == facts.kernel


def test_capabilities_are_the_kernels(facts: Lingtai) -> None:
    assert set(facts.core_capabilities) == set(registry.CORE_DEFAULTS)
    assert set(facts.core_capabilities + facts.optional_capabilities) == set(registry.BUILTIN_TOOLS)
    assert set(facts.intrinsics) == set(registry.INTRINSICS)
    assert facts.aliases == registry._LEGACY_CAPABILITY_ALIASES
    assert set(facts.rewritten_aliases) <= set(facts.aliases)
    assert not set(facts.retired_capabilities) & set(registry.BUILTIN_TOOLS)


def test_a_capability_that_only_another_kernel_knows_is_disputed_and_not_unknown(facts: Lingtai) -> None:
    assert facts.facts["core_capabilities"].disputed
    assert set(facts.capabilities) == {*registry.BUILTIN_TOOLS, "plugin"}


def test_thinking_and_tiers_are_the_kernels(facts: Lingtai) -> None:
    assert facts.thinking_levels == config.THINKING_LEVELS
    assert facts.thinking_providers == config.THINKING_PROVIDERS
    assert facts.tiers == presets.TIER_VALUES


@pytest.mark.parametrize("api_compat", ["", "openai", "anthropic"])
def test_the_kernel_agrees_who_may_choose_a_wire(facts: Lingtai, api_compat: str) -> None:
    for provider in facts.providers:
        asked: dict[str, object] = {"provider": provider, "api_compat": api_compat}
        assert kernel_boots(asked)
        for wire in facts.wire_apis:
            expected = wire == "auto" or facts.takes_wire_api(provider, api_compat)
            assert kernel_boots({**asked, "wire_api": wire}) is expected, (provider, wire)
        assert not kernel_boots({**asked, "wire_api": "telegraph"})


def test_providers_are_those_the_kernel_has_adapters_for(
    facts: Lingtai, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered: dict[str, object] = {}
    monkeypatch.setattr(LLMService, "_adapter_registry", registered)
    _register.register_all_adapters()
    assert set(facts.providers) == set(registered)


def test_vision_and_web_providers_are_the_kernels(facts: Lingtai) -> None:
    # mlx works and is not advertised.
    assert set(facts.vision_providers) == {*vision.PROVIDERS["providers"], "mlx"}
    assert set(facts.web_providers_retired) == web_search._RETIRED_PROVIDERS
    assert set(facts.web_providers_by_settings) == web_search._BACKEND_GATED_ENGINES
    assert facts.web_provider_default == web_search.PROVIDERS["default"]
    allowed = set(web_search.PROVIDERS["providers"]) - web_search._BACKEND_GATED_ENGINES
    assert set(facts.web_providers) == allowed
    assert set(facts.web_providers_refused) == {"minimax", "zhipu", "anthropic", "gemini"}


def test_providers_without_a_key_are_the_kernels_and_more(facts: Lingtai) -> None:
    keyless = {*preset_connectivity._LOCAL_CLI_LOGIN_PROVIDERS, *vision._CODEX_FAMILY, "local"}
    assert keyless <= set(facts.keyless_providers)


def test_the_one_model_that_lingtai_holds_to_see_is_its_visions_default(facts: Lingtai) -> None:
    from lingtai.services.vision import mimo

    assert facts.vision_models == (mimo._DEFAULT_MODEL,)


def test_mimo_is_called_in_the_responses_form_unless_told_otherwise(facts: Lingtai) -> None:
    assert facts.wire("mimo") is Wire.RESPONSES
    assert facts.wire("MiMo", "responses") is Wire.RESPONSES
    assert facts.wire("mimo", "chat_completions") is Wire.CHAT_COMPLETIONS
    assert facts.wire("mimo", "auto") is Wire.CHAT_COMPLETIONS
    assert facts.wire("custom") is Wire.CHAT_COMPLETIONS
    assert facts.wire("custom", "responses") is Wire.RESPONSES


def test_slots_are_lingtais_defaults(facts: Lingtai) -> None:
    assert facts.default_slots["mimo"] == "XIAOMI_API_KEY"
    assert facts.default_slots["custom"] == "LLM_API_KEY"
    assert "codex" not in facts.default_slots
    assert facts.family_slots == {"opencode-go": "OPENCODE_GO_API_KEY"}


def test_every_rule_of_lingtai_has_a_source(facts: Lingtai) -> None:
    for name, fact in facts.facts.items():
        assert isinstance(fact, Fact)
        assert facts.source(name).title
        assert getattr(facts, name) == fact.value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no kernel"),
        ('kernel = "1"', "facts.core_capabilities is missing"),
        ('kernel = "1"\n[facts.tiers]\nvalue = 3\nsource = "x"', "facts.tiers"),
        ('kernel = "1"\n[facts.tiers]\nvalue = ["1"]\nsource = "x"', "not listed: x"),
        ("kernel", "not a file of facts"),
    ],
)
def test_wrong_facts_of_lingtai_name_the_entry(text: str, complaint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(text)
    assert complaint in str(caught.value)
