"""The pages of the simulated docs: their form is the real one's, and they say what the catalogue says."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from mimo_tui.core.catalogue import Catalogue, Price, load
from mimo_tui.core.json_text import Json
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.simulator.site.page import CHINESE, ENGLISH, Page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DOCS = "https://mimo.mi.com"
MODEL_PAGE = "quick-start/summary/model"
PRICE_PAGE = "price/pay-as-you-go"
NODE_KEYS = {"name", "type", "isBold", "required", "defaultValue", "description", "children"}
NODE_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
PARAMETERS = {
    "api/chat/openai-api": (
        "model messages max_completion_tokens temperature top_p frequency_penalty presence_penalty stop stream "
        "thinking response_format tools tool_choice audio asr_options"
    ),
    "api/chat/anthropic-api": (
        "model messages max_tokens system stop_sequences temperature top_p thinking tools tool_choice stream"
    ),
    "api/chat/responses": (
        "model input instructions max_output_tokens reasoning stream temperature top_p tools tool_choice"
    ),
    "api/audio/tts": "model messages audio max_completion_tokens stream temperature top_p",
    "api/audio/Speech-Recognition": "model messages asr_options stream",
}


@pytest.fixture(scope="module")
def site() -> Site:
    """The site as it is shipped."""
    return shipped()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue as it is shipped."""
    return load()


def every(site: Site, locale: str) -> list[Page]:
    """All pages of a language."""
    return [page for page in site.pages.values() if page.locale == locale]


def current(catalogue: Catalogue) -> set[str]:
    """The ids that can be called at NOW and are not in doubt."""
    return {
        model.id
        for model in catalogue.models
        if not model.offered.disputed and (model.retired is None or model.retired.value > NOW)
    }


def rows(text: str) -> Iterator[list[str]]:
    """The rows of all tables of a page, as text."""
    for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL):
        cells = re.findall(r"<t[dh]>(.*?)</t[dh]>", row, re.DOTALL)
        yield [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def table(text: str, *heads: str) -> dict[str, list[str]]:
    """The rows of the tables whose first head is one of these, by their first cell."""
    found: dict[str, list[str]] = {}
    for one in re.findall(r"<table>.*?</table>", text, re.DOTALL):
        head, *body = rows(one)
        if head[0] in heads:
            found.update({row[0]: row[1:] for row in body})
    return found


def schemas(text: str) -> list[Json]:
    """The parameter trees of a page, as the page's own template literals say them."""
    literals = re.findall(r"<InlineSchemaV2 schema=\{`(.*?)(?<!\\)`\} />", text, re.DOTALL)
    return [json.loads(re.sub(r"\\([\\`$])", r"\1", literal)) for literal in literals]


def nodes(tree: Json) -> Iterator[dict[str, Json]]:
    """Every node of a tree."""
    assert isinstance(tree, list)
    for node in tree:
        assert isinstance(node, dict)
        yield node
        yield from nodes(node.get("children", []))


def top_names(tree: Json) -> set[str]:
    """The names at the top of a tree."""
    assert isinstance(tree, list)
    return {str(node["name"]) for node in tree if isinstance(node, dict)}


def test_every_parameter_tree_is_json_of_the_documented_nodes(site: Site) -> None:
    found = 0
    for tree in (tree for page in site.pages.values() for tree in schemas(page.text)):
        found += 1
        for node in nodes(tree):
            assert set(node) <= NODE_KEYS
            kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
            assert set(kinds) <= NODE_TYPES
            assert node["name"]
            assert node["description"]
    assert found == sum(page.text.count("<InlineSchemaV2") for page in site.pages.values()) > 10


@pytest.mark.parametrize(("path", "names"), PARAMETERS.items())
def test_the_reference_names_every_parameter(site: Site, path: str, names: str) -> None:
    assert top_names(schemas(site.page(path).text)[0]) == set(names.split())


def test_pages_are_of_the_form_that_the_real_ones_have(site: Site) -> None:
    text = "".join(page.text for page in every(site, ENGLISH))
    for form in (
        "<Tab>",
        "<TabItem label={`Python`}>",
        "{/* ",
        "<div className='mdx-highlight'>",
        "<colgroup>",
    ):
        assert form in text
    for page in site.pages.values():
        assert re.search(r"\n---\n\n(Update Time: |更新时间：)\d{4}-\d\d-\d\d\n\Z", page.text), page.path
        assert page.updated.date() <= date(2026, 10, 4)
        assert page.text.count("<Tab>") == page.text.count("</Tab>")
        assert page.text.count("```") % 2 == 0


def test_samples_in_python_are_python(site: Site) -> None:
    samples = [
        sample
        for page in site.pages.values()
        for sample in re.findall(r"^```python\n(.*?)^```$", page.text, re.DOTALL | re.MULTILINE)
    ]
    assert len(samples) > 25
    for sample in samples:
        compile(sample, "a sample", "exec")


def test_no_page_holds_a_key(site: Site) -> None:
    assert not [
        page.path
        for page in site.pages.values()
        if re.search(r"\bt{0,2}(?:sk|tp)-[A-Za-z0-9]{6,}", page.text)
    ]


# What the pages say is what the catalogue says.


def test_the_models_page_lists_exactly_the_current_ids(site: Site, catalogue: Catalogue) -> None:
    for locale in (ENGLISH, CHINESE):
        text = site.page(MODEL_PAGE, locale).text
        assert set(re.findall(r"mimo-v[0-9][a-z0-9.-]*", text)) == current(catalogue)
        assert set(table(text, "Model ID", "模型 ID")) == current(catalogue)


def test_the_models_page_gives_the_limits_of_the_catalogue(site: Site, catalogue: Catalogue) -> None:
    counts = {"1M": 1_048_576, "128K": 131_072, "8K": 8192, "2K": 2048, "100": 100}
    rates = {"10M": 10_000_000, "10K": 10_000, "By contract": None, "按合同": None, "100": 100}
    for locale in (ENGLISH, CHINESE):
        for model_id, cells in table(site.page(MODEL_PAGE, locale).text, "Model ID", "模型 ID").items():
            model = catalogue.model(model_id)
            assert model is not None
            assert model.context is not None
            assert model.max_output is not None
            assert (counts[cells[2]], counts[cells[3]]) == (model.context.value, model.max_output.value)
            assert rates[cells[4]] == (model.rpm.value if model.rpm else None)
            assert rates[cells[5]] == (model.tpm.value if model.tpm else None)


def test_the_price_pages_give_the_prices_of_the_catalogue(site: Site, catalogue: Catalogue) -> None:
    def price(cells: list[str]) -> list[Decimal]:
        return [Decimal(cell) for cell in cells]

    def of(price: Price) -> list[Decimal | None]:
        return [price.cached_input, price.input, price.output]

    for locale in (ENGLISH, CHINESE):
        text = site.page(PRICE_PAGE, locale).text
        tables = [list(rows(one)) for one in re.findall(r"<table>.*?</table>", text, re.DOTALL)]
        for currency, (_, *body) in zip(("price_cny", "price_usd"), tables[:2], strict=True):
            assert len(body) == 5
            for model_id, *cells in body:
                fact = getattr(catalogue.model(model_id), currency)
                assert price(cells) == of(fact.value), (model_id, currency)
    for model_id, cells in table(site.page("price/token-plan").text, "Model").items():
        if len(cells) == 3:
            model = catalogue.model(model_id)
            assert model is not None
            assert model.price_credits is not None
            assert [1_000_000 * one for one in price(cells)] == of(model.price_credits.value)


def test_the_speech_pages_list_the_voices_of_the_catalogue(site: Site, catalogue: Catalogue) -> None:
    model = catalogue.model("mimo-v2.5-tts")
    assert model is not None
    guide = "quick-start/usage-guide/audio/speech-synthesis-v2.5"
    for page in (site.page(guide), site.page(guide, CHINESE), site.page("api/audio/tts")):
        assert list(table(page.text, "Voice", "音色")) == [voice.id for voice in model.voices]


def test_the_deprecations_are_those_of_the_catalogue(site: Site, catalogue: Catalogue) -> None:
    beijing = ZoneInfo("Asia/Shanghai")
    retired = {
        model.id: [model.retired.value.astimezone(beijing).strftime("%Y-%m-%d %H:%M"), model.successor.value]
        for model in catalogue.models
        if model.retired and model.successor
    }
    for locale in (ENGLISH, CHINESE):
        listed = table(site.page("updates/deprecate", locale).text, "Model ID", "模型 ID")
        assert {model_id: cells[2:] for model_id, cells in listed.items()} == retired


def test_the_hosts_of_the_plan_are_those_of_the_catalogue(site: Site, catalogue: Catalogue) -> None:
    plan = next(family for family in catalogue.families if family.id == "token-plan")
    listed = table(site.page("tokenplan/Token Plan/quick-access").text, "Cluster")
    assert {cluster: urlsplit(cells[1]).hostname for cluster, cells in listed.items()} == {
        host.cluster: host.name for host in plan.hosts
    }


def test_every_page_that_the_catalogue_names_as_a_source_is_there(site: Site, catalogue: Catalogue) -> None:
    addresses = [
        source.url for source in catalogue.sources.values() if source.url.startswith(f"{DOCS}/docs/")
    ]
    paths = {address.removeprefix(f"{DOCS}/docs/{ENGLISH}/").replace("%20", " ") for address in addresses}
    assert len(paths) > 20
    assert not [path for path in paths if not site.has(path)]
