"""`mimo-tui models`: the matrix, one model whole, where each fact is known from, and what nobody knows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core.evidence import ListSeen
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.store.docs_cache import DocsCache
from mimo_tui.store.observations import Observations
from mimo_tui.store.places import places
from tests.cli.conftest import Command
from tests.cli.schemas import ERROR, MODELS
from tests.conftest import NOW
from tests.evidence import evidence_of
from tests.kept_docs import keep

MODEL = "quick-start/summary/model"
AREAS = tuple({page.path for page in evidence_of(shipped()).pages})
PRO = "mimo-v2.6-pro"


@pytest.fixture
def read(home: Path) -> Callable[[Site], None]:
    """Have the pages that state facts read, as the site has them."""

    def kept(site: Site) -> None:
        docs = places(home).docs
        docs.parent.mkdir(parents=True, exist_ok=True)
        keep(DocsCache(docs), site, NOW, only=AREAS)

    return kept


@pytest.fixture
def override(home: Path) -> Callable[[str], None]:
    """Write the person's own settings."""

    def written(text: str) -> None:
        file = places(home).settings
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return written


def longer(site: Site) -> Site:
    return site.replace(MODEL, site.page(MODEL).text.replace("<td>1M</td>", "<td>2M</td>"))


def row(out: str, model_id: str) -> str:
    return next(line for line in out.splitlines() if line.split()[:1] == [model_id])


def of(document: dict[str, Json], model_id: str) -> dict[str, Json]:
    models = document["models"]
    assert isinstance(models, list)
    return next(one for one in models if isinstance(one, dict) and one["id"] == model_id)


def test_the_matrix_says_what_each_model_takes_and_costs(mimo: Command) -> None:
    answer = mimo("models")
    assert answer.code == 0
    assert answer.out.splitlines()[0].split("  ")[0] == "MODEL"
    pro = row(answer.out, PRO)
    for word in (
        "current",
        "text image audio video",
        "1M",
        "128K",
        "on",
        "0.435/0.87",
        "yes",
        "Models, https",
    ):
        assert word in pro
    assert "3/6" in row(mimo("models", "--currency", "CNY").out, PRO)
    assert "0.5/hour" in row(mimo("models", "--currency", "cny").out, "mimo-v2.5-asr")
    assert "retired 2026-10-21" in row(answer.out, "mimo-v2.5")
    assert "SIMULATED" not in answer.out


def test_what_nobody_knows_is_a_question_mark_and_a_dispute_is_marked(mimo: Command) -> None:
    out = mimo("models").out
    assert row(out, "mimo-v2-tts").split()[4:6] == ["?", "?"]
    assert "? is not known." in out
    assert "disputed" in row(out, "mimo-v2.6-distill-qwen-9b")


def test_after_reading_the_docs_each_fact_names_the_page_and_its_row(
    mimo: Command, read: Callable[[Site], None]
) -> None:
    read(shipped())
    out = mimo("models", PRO).out
    assert out.startswith("SIMULATED")
    assert f"{PRO}  current" in out
    assert "  context: 1048576\n      Models, read 2026-11-23 from https://mimo.mi.com/docs/en-US/" in out
    assert "“mimo-v2.6-pro | Text, image, audio, video" in out
    assert "  shutdown seen: not known" in out
    assert (
        out.splitlines()[-1] == "Known by the SIMULATED docs read 2026-11-23 and the catalogue of 2026-11-23."
    )


def test_a_dispute_shows_every_side_with_its_source(mimo: Command, read: Callable[[Site], None]) -> None:
    read(longer(shipped()))
    lines = mimo("models", PRO).out.splitlines()
    at = lines.index("! context: the sources disagree")
    sides = "\n".join(lines[at : at + 10])
    assert "    2097152\n      Models, read 2026-11-23 from https://mimo.mi.com/docs/en-US/" in sides
    assert "    1048576\n" in sides
    assert "OpenRouter's list" in sides
    assert "2M!" in row(mimo("models").out, PRO)
    shape = of(mimo("models", PRO, "--json").document(MODELS), PRO)["context"]
    assert isinstance(shape, dict)
    assert (shape["value"], shape["disputed"]) == (2097152, True)
    assert isinstance(shape["claims"], list)
    assert {claim["value"] for claim in shape["claims"] if isinstance(claim, dict)} == {2097152, 1048576}


def test_the_persons_own_fact_stands_first_and_the_others_below(
    mimo: Command, override: Callable[[str], None]
) -> None:
    override(f'[facts.models."{PRO}"]\ncontext = 500_000\n')
    out = mimo("models", PRO).out
    assert "  context: 500000\n      your config.toml\n    others say 1048576\n" in out
    shape = of(mimo("models", PRO, "--json").document(MODELS), PRO)["context"]
    assert isinstance(shape, dict)
    assert isinstance(shape["source"], dict)
    assert (shape["disputed"], shape["source"]["certainty"], shape["source"]["seen"]) == (
        False,
        "person",
        None,
    )


def test_the_matrix_names_the_persons_own_file_where_it_decides(
    mimo: Command, override: Callable[[str], None], read: Callable[[Site], None]
) -> None:
    assert "config.toml" not in mimo("models").out
    override(f'[facts.models."{PRO}"]\ncontext = 500_000\n')
    out = mimo("models").out
    assert "your config.toml (context), Models, https" in row(out, PRO)
    assert "config.toml" not in row(out, "mimo-v2.6-flash")
    assert out.splitlines()[-1].startswith("Known by your config.toml and the catalogue of 2026-11-23, whose")
    override(f'[facts.models."{PRO}"]\ncontext = 500_000\ninputs = ["text"]\n')
    assert "your config.toml (inputs, context)" in row(mimo("models").out, PRO)
    read(shipped())
    last = mimo("models", PRO).out.splitlines()[-1]
    assert last.startswith("Known by your config.toml, the SIMULATED docs read 2026-11-23 and the catalogue")


def test_times_and_prices_say_of_which_zone_and_for_how_much(
    mimo: Command, override: Callable[[str], None]
) -> None:
    out = mimo("models", "mimo-v2.5-pro").out
    assert "  retired: 2026-10-21 10:00 Beijing time\n" in out
    assert "  released: 2026-04-22\n" in out  # only the day is known
    assert "  price cny: cached input 0.025, input 3, output 6 CNY per 1M tokens\n" in out
    assert "  price usd: 0.074 USD per hour of sound\n" in mimo("models", "mimo-v2.5-asr").out
    override('[facts.models."mimo-v2.5-pro"]\nretired = 2026-12-31T20:00:00Z\n')
    assert "  retired: 2027-01-01 04:00 Beijing time\n" in mimo("models", "mimo-v2.5-pro").out


def test_a_model_that_only_a_host_lists_is_there_with_little_said_of_it(mimo: Command, home: Path) -> None:
    seen = Observations(places(home).observations)
    places(home).observations.parent.mkdir(parents=True, exist_ok=True)
    seen.put_list(ListSeen(clean("api.xiaomimimo.com"), NOW, (clean(PRO), clean("mimo-v9"))))
    out = mimo("models").out
    new = row(out, "mimo-v9").split()
    assert new[1:3] == ["current", "?"]
    assert "api" in new
    assert "api" in row(out, PRO).split()
    assert "none" in row(out, "mimo-v2.6-flash").split()
    told = mimo("models", "mimo-v9").out
    assert "  inputs: not known" in told
    assert "  kind: chat\n      inferred" in told
    assert "  listed by api.xiaomimimo.com: yes\n      the list of models of api.xiaomimimo.com, read" in told


def test_the_document_holds_every_claim_with_quote_and_day(
    mimo: Command, read: Callable[[Site], None]
) -> None:
    read(shipped())
    document = mimo("models", "--json").document(MODELS)
    assert document["simulated"] is True
    shape = of(document, PRO)["context"]
    assert isinstance(shape, dict)
    source = shape["source"]
    assert isinstance(source, dict)
    assert source["seen"] == "2026-11-23"
    assert isinstance(source["digest"], str)
    assert len(source["digest"]) == 64
    assert "1M" in str(source["quote"])
    assert of(document, "mimo-v2.5-tts")["voices"]


def test_an_unknown_model_is_an_error_with_what_may_be_meant(mimo: Command) -> None:
    answer = mimo("models", "MiMo-V2.6-Pro")
    assert answer.code == 1
    assert answer.err == "No model MiMo-V2.6-Pro is known. Did you mean mimo-v2.6-pro?\n"
    assert mimo("models", "gpt\x1b[2J", "--json").document(ERROR)
    assert "\x1b" not in mimo("models", "gpt\x1b[2J").err


def test_a_model_whole_is_one_document_too(mimo: Command) -> None:
    models = json.loads(mimo("models", "mimo-v2.5-asr", "--json").out)["models"]
    assert [one["id"] for one in models] == ["mimo-v2.5-asr"]
    assert models[0]["inputs"]["value"] == ["audio"]
    assert models[0]["caching"] if "caching" in models[0] else "caching" not in models[0]["features"]


def test_settings_that_cannot_be_used_do_not_stop_the_list(
    mimo: Command, override: Callable[[str], None]
) -> None:
    override(f'[facts.models."{PRO}"]\ncontext = "much"\n')
    answer = mimo("models")
    assert answer.code == 0
    assert "1M" in row(answer.out, PRO)
    assert "config.toml is not used: facts.models.mimo-v2.6-pro.context: not a whole number" in answer.err
