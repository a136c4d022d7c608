"""The list: what it says of each file, in which order, how a preset is found, and what is masked on the way."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.core.findings import Severity
from mimo_tui.core.json_text import Json
from mimo_tui.core.preset import Source
from mimo_tui.core.slots import KeySource
from mimo_tui.services import Services, make_services
from mimo_tui.services.presets.listing import Ambiguous, Listing, NotFound, PresetView, find, list_presets
from mimo_tui.services.presets.masking import file_diff, inline_secrets, secrets_in

Find = Callable[[str], PresetView]


def write(services: Services, name: str, **llm: object) -> Path:
    path = services.places.saved / f"{name}.json"
    fields = {
        "provider": "mimo",
        "model": "mimo-v2.6-pro",
        "base_url": "https://api.xiaomimimo.com/v1",
        **llm,
    }
    document = {
        "name": name,
        "description": {"summary": "x"},
        "manifest": {"llm": fields, "capabilities": {}},
    }
    path.write_text(json.dumps(document, indent=2))
    return path


def test_mimos_presets_come_first_then_the_others_then_what_is_broken(listing: Listing) -> None:
    kinds = [
        2 if view.preset is None else 0 if view.preset.provider == "mimo" else 1 for view in listing.presets
    ]
    assert kinds == sorted(kinds)
    saved = [view.name.casefold() for view in listing.presets if view.source is Source.SAVED and view.preset]
    assert {"mimo-1", "glm5.1"} <= set(saved)


def test_the_endpoint_the_key_and_the_agents_of_a_preset_are_told(preset: Find) -> None:
    view = preset("mimo-1")
    assert view.endpoint is not None
    assert (view.endpoint.family and view.endpoint.family.id, view.endpoint.cluster) == ("token-plan", "sgp")
    assert view.key is not None
    assert view.key.source is KeySource.ENV_FILE
    assert [agent.name for agent in view.agents] == ["assistant"]
    assert preset("mimo-go").key is None
    inline = preset("inline").key
    assert inline is not None
    assert inline.source is KeySource.INLINE


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("mimo-1", "saved/mimo-1.json"),
        ("mimo-1.json", "saved/mimo-1.json"),
        ("saved/mimo-1", "saved/mimo-1.json"),
        ("template/mimo", "templates/mimo.json"),
        ("templates/mimo.json", "templates/mimo.json"),
        ("legacy/mimo", "legacy/mimo.json"),
        ("灵台 预设", "saved/灵台 预设.json"),
        ("evil-name", "saved/evil-name.json"),
        ("../evil", "saved/evil-name.json"),
        ("note", "saved/note.jsonc"),
    ],
)
def test_a_preset_is_found_by_its_name_its_file_or_its_place(name: str, reference: str, preset: Find) -> None:
    assert preset(name).reference == reference


def test_a_preset_is_found_by_its_path(preset: Find, services: Services) -> None:
    assert preset(str(services.places.saved / "mimo-1.json")).name == "mimo-1"


def test_a_saved_preset_goes_before_the_template_of_its_name_as_in_lingtai(services: Services) -> None:
    write(services, "kimi")
    assert find(list_presets(services), "kimi").source is Source.SAVED


def test_a_name_that_two_have_is_asked_back(listing: Listing) -> None:
    with pytest.raises(Ambiguous) as error:
        find(listing, "mimo")
    assert {view.reference for view in error.value.candidates} == {
        "saved/other-name.json",
        "templates/mimo.json",
        "legacy/mimo.json",
    }
    with pytest.raises(NotFound) as unknown:
        find(listing, "mimo-pr")
    assert "mimo-pro" in unknown.value.close


@pytest.mark.parametrize(
    ("name", "screen", "kernel"),
    [
        ("bom", False, False),
        ("broken", False, False),
        ("commented", False, True),
        ("latin1", True, False),
        ("note", False, True),
        ("list", False, False),
    ],
)
def test_a_broken_file_says_which_of_lingtais_readers_reads_it(
    name: str, screen: bool, kernel: bool, preset: Find
) -> None:
    view = preset(name)
    assert view.preset is None
    assert view.error
    (finding,) = view.findings
    assert (finding.code, finding.severity) == ("unreadable", Severity.ERROR)
    because = finding.because
    if screen == kernel:
        assert f"its kernel {'read' if screen else 'cannot read'} it" in because
    else:
        assert ("screen reads it" in because) is screen
        assert ("its kernel reads it" in because) is kernel
    assert ("� for each bad byte" in because) is (name == "latin1")


def test_what_is_wrong_around_the_presets_is_told_once(services: Services) -> None:
    assert list_presets(services).findings == ()
    services.places.env_file.chmod(0o644)
    services.places.config_file.write_text("{broken")
    services.places.config_file.chmod(0o640)
    found = [(finding.code, finding.message) for finding in list_presets(services).findings]
    assert [code for code, _ in found] == ["keys-unreadable", "loose-mode", "loose-mode"]
    assert "config.json" in found[0][1]
    assert "mode 0644" in found[1][1]


def test_an_env_that_is_a_folder_is_told(services: Services) -> None:
    services.places.env_file.unlink()
    services.places.env_file.mkdir(mode=0o700)
    assert [finding.code for finding in list_presets(services).findings] == ["keys-unreadable"]


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    listing = list_presets(make_services(path))
    assert listing.presets == ()
    assert {finding.code for finding in listing.findings} == {"folder-unreadable", "keys-unreadable"}


def test_a_key_pasted_into_a_wrong_field_is_masked_in_what_is_said_of_it(services: Services) -> None:
    key = "sk-pastedcanary1234"
    write(services, "slot", api_key_env=key)
    write(services, "url", base_url=key, api_key_env="X_API_KEY")
    write(
        services,
        "user",
        base_url=f"https://me:{key}@api.xiaomimimo.com/v1?api_key=hushhush99",
        api_key_env="",
    )
    write(services, "port", base_url=f"https://api.xiaomimimo.com:{key}/v1", api_key_env="X_API_KEY")
    listing = list_presets(services)
    for name in ("slot", "url", "user", "port"):
        view = find(listing, name)
        said = " ".join(
            [str(view.request_url), str(view.agent_url)]
            + [
                f"{found.message} {found.because} {[fix.title for fix in found.fixes]}"
                for found in view.findings
            ]
        )
        assert "pastedcanary" not in said
        assert "hushhush" not in said


def test_the_process_environment_is_seen_for_slots_that_presets_name(services: Services) -> None:
    loud = replace(
        services,
        environment=MappingProxyType({"OPENCODE_GO_API_KEY": "sk-fromshell12345", "PATH": "/secret"}),
    )
    listing = list_presets(loud)
    assert set(listing.context.slots.process) == {"OPENCODE_GO_API_KEY"}
    key = find(listing, "mimo-go").key
    assert key is not None
    assert key.source is KeySource.PROCESS


# Masking


def test_every_text_below_a_name_that_says_key_is_one() -> None:
    document: Json = {
        "api_key": "aaaa",
        "api_key_env": "NOT_ONE",
        "headers": {"Authorization": "Bearer bbbbbb", "X-Api-Key": ["cccc"], "Accept": "no"},
        "tokens": {"a": {"b": "dddd"}, "limit_env": "NOT"},
        "max_tokens": 4096,
        "token": None,
    }
    found = {secret.reveal() for secret in inline_secrets(document)}
    assert found == {"aaaa", "Bearer bbbbbb", "bbbbbb", "cccc", "dddd"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"api_key": "k1/x+y", ', '"api_key": "••••••"'),
        ('{"api_key":\n    "deep-down"', '    "••••••"'),
        ("{'apiKey': 'single'", "'apiKey': '••••••'"),
        ("api_key = bare.word", "api_key = ••••••"),
        ('{"Authorization": "Bearer zzzzzz"', '"Authorization": "••••••"'),
        ('{"api_key": "cut off', '"api_key": "••••••'),
        ('{"api_key": "sk\\u002descaped1234"}', '"api_key": "••••••"'),
        ('{"api_key_env": "MIMO_1_API_KEY", ', '"MIMO_1_API_KEY"'),
        ('{"api_key": null, "x": null', '"x": null'),
        ('{"max_tokens": 4096, "n": 4096', '"n": 4096'),
        ('{"api_key": "x", "text": "box x"', '"text": "box ••••••"'),
    ],
)
def test_a_key_is_masked_in_a_diff_whether_its_file_parses_or_not(text: str, shown: str) -> None:
    lines = "\n".join(line.text for line in file_diff(text.encode(), b""))
    assert shown in lines


def test_what_is_no_text_is_not_shown_letter_by_letter() -> None:
    (line,) = file_diff('{"api_key": "sk-abcdef123"}'.encode("utf-16"), b"")
    assert line.text == "(56 bytes that are no text)"


def test_a_long_text_without_an_end_is_searched_quickly() -> None:
    for text in ("key" * 200_000, "key: " * 100_000, '"' * 300_000, "?" * 300_000, "//" * 200_000):
        assert isinstance(secrets_in(text.encode()), tuple)
