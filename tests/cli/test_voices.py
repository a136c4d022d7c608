"""`mimo-tui voices`: who speaks, what the default means where, and where that is known from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.services import Services
from mimo_tui.services.speech.voices import list_voices
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.store.docs_cache import DocsCache
from mimo_tui.store.places import places
from tests.cli.conftest import Command
from tests.cli.schemas import VOICES
from tests.conftest import NOW
from tests.evidence import evidence_of
from tests.kept_docs import keep

AREAS = tuple({page.path for page in evidence_of(shipped()).pages})
SPEECH = "quick-start/usage-guide/audio/speech-synthesis-v2.5"


@pytest.fixture
def read(home: Path) -> Callable[[Site], None]:
    """Have the pages that state facts read, as the site has them."""

    def kept(site: Site) -> None:
        docs = places(home).docs
        docs.parent.mkdir(parents=True, exist_ok=True)
        keep(DocsCache(docs), site, NOW, only=AREAS)

    return kept


def test_each_voice_has_its_language_gender_and_character(mimo: Command) -> None:
    answer = mimo("voices")
    assert answer.code == 0
    rows = {line.split()[0]: line.split() for line in answer.out.splitlines()[1:10]}
    assert len(rows) == 9
    assert rows["Mia"][1:4] == ["English", "female", "lively"]
    assert rows["白桦"][1:4] == ["Chinese", "male", "mature"]
    assert "冰糖 on cn, Mia elsewhere" in next(
        each for each in answer.out.splitlines() if "mimo_default" in each
    )
    assert "Without --voice, mimo-v2.5-tts speaks as mimo_default." in answer.out
    assert "Known by Speech Synthesis V2.5" in answer.out
    assert "seen 2026-10-04" in answer.out


def test_a_voice_of_a_model_that_is_gone_is_not_listed(mimo: Command) -> None:
    assert "default_zh" not in mimo("voices").out


def test_as_json_each_voice_has_its_source(mimo: Command) -> None:
    document = mimo("voices", "--json").document(VOICES)
    voices = document["voices"]
    assert isinstance(voices, list)
    (default,) = [each for each in voices if isinstance(each, dict) and each["default"]]
    assert (default["id"], default["stands_for"]) == ("mimo_default", {"cn": "冰糖", "elsewhere": "Mia"})
    assert isinstance(default["source"], dict)
    assert default["source"]["certainty"] == "docs"
    assert not document["simulated"]


def test_what_the_docs_say_now_goes_before_what_was_known(
    mimo: Command, read: Callable[[Site], None]
) -> None:
    site = shipped()
    read(site.replace(SPEECH, site.page(SPEECH).text.replace("Milo", "Milan")))
    answer = mimo("voices")
    assert answer.out.startswith("SIMULATED")
    assert "Milan" in answer.out
    assert "Milo" not in answer.out
    assert ", read 2026-11-23 from " in answer.out


@pytest.mark.parametrize(("cluster", "heard"), [("cn", "冰糖"), ("sgp", "Mia"), ("", "")])
def test_what_the_default_means_depends_on_the_cluster(services: Services, cluster: str, heard: str) -> None:
    (default,) = [view for view in list_voices(services, cluster) if view.is_default]
    assert (default.is_alias, default.heard) == (True, heard)
    assert all(view.heard == view.voice.id for view in list_voices(services, cluster) if not view.is_alias)
