"""What the program knows of MiMo, and how sure it is of it."""

import contextlib
import dataclasses
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mimo_tui.core
from mimo_tui.core import catalogue as catalogue_module
from mimo_tui.core.catalogue import (
    Catalogue,
    Feature,
    Modality,
    Model,
    ModelKind,
    Price,
    Status,
    Surface,
    Voice,
    Wire,
    load,
    parse,
)
from mimo_tui.core.facts import CatalogueError, Certainty, Fact, Source, agree

BEIJING = timezone(timedelta(hours=8))
CORE = Path(mimo_tui.core.__path__[0])
SNAPSHOT = (CORE / "catalogue.toml").read_text("utf-8")


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


NOW = beijing("2026-11-23T12:00")


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return load()


def model(known: Catalogue, model_id: str) -> Model:
    found = known.model(model_id)
    assert found is not None
    return found


def sources_in(value: object) -> Iterator[Source]:
    """Find the sources that stand behind a value of the catalogue."""
    match value:
        case Source():
            yield value
        case Fact():
            for claim in value.claims:
                yield from sources_in(claim.source)
        case Mapping():
            for member in value.values():
                yield from sources_in(member)
        case tuple():
            for member in value:
                yield from sources_in(member)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from sources_in(getattr(value, field.name))
        case _:
            return


def test_every_fact_of_every_model_says_where_and_when_it_was_learned(known: Catalogue) -> None:
    for one in known.models:
        for field in dataclasses.fields(one):
            value = getattr(one, field.name)
            if field.name == "id" or value is None or value == () or value == {}:
                continue
            found = list(sources_in(value))
            assert found, f"{one.id}.{field.name} has no source"
            assert all(
                source.title and date(2025, 12, 1) <= source.seen <= known.compiled for source in found
            )
        assert all(isinstance(fact, Fact) for fact in (*one.wires.values(), *one.features.values()))
        assert all(isinstance(voice, Voice) for voice in one.voices)


def test_every_host_key_kind_voice_page_and_single_fact_has_a_source(known: Catalogue) -> None:
    for part in (known.families, known.key_kinds, known.websites, known.doc_indexes):
        assert part
        assert all(isinstance(one.source, Source) for one in part)
    assert all(list(sources_in(one)) for one in (*known.media.values(), *known.facts.values()))
    assert known.areas["speech"].url.startswith("https://")


def test_every_source_is_named_by_a_fact(known: Catalogue) -> None:
    parts = [getattr(known, one.name) for one in dataclasses.fields(known) if one.name != "sources"]
    assert set(known.sources) == {source.key for part in parts for source in sources_in(part)}


def test_a_mark_of_certainty_is_kept(known: Catalogue) -> None:
    fast = model(known, "mimo-v2.6-pro-ultraspeed").token_plan
    assert fast is not None
    assert [claim.source.certainty for claim in fast.claims] == [Certainty.DOCS, Certainty.THIRD_PARTY]
    seen = model(known, "mimo-v2.5").shutdown_seen
    assert seen is not None
    assert not seen.value
    assert seen.source.certainty is Certainty.INFERRED


def test_reading_the_snapshot_takes_under_15_ms() -> None:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        load()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.015


@pytest.mark.parametrize(
    ("model_id", "at", "status"),
    [
        ("mimo-v2.6-pro", "2026-11-23T12:00", Status.CURRENT),
        ("mimo-v2.6-pro", "2026-09-21T23:59", Status.UNKNOWN),
        ("mimo-v2.6-pro", "2026-09-22T00:00", Status.CURRENT),
        ("mimo-v2.5", "2026-10-21T09:59:59", Status.RETIRING),
        ("mimo-v2.5", "2026-10-21T10:00:00", Status.RETIRED),
        ("mimo-v2.5-pro", "2026-11-23T12:00", Status.RETIRED),
        ("mimo-v2.5-pro-ultraspeed", "2026-09-07T23:59", Status.RETIRING),
        ("mimo-v2.5-pro-ultraspeed", "2026-09-08T00:00", Status.RETIRED),
        ("mimo-v2-flash", "2026-06-20T00:00", Status.RETIRING),
        ("mimo-v2-flash", "2026-06-30T00:00", Status.RETIRED),
        ("mimo-v2.5-tts", "2026-11-23T12:00", Status.CURRENT),
        ("mimo-v2.6-distill-qwen-9b", "2026-11-23T12:00", Status.DISPUTED),
        ("mimo-v3", "2026-11-23T12:00", Status.UNKNOWN),
        ("MiMo-V2.6-Pro", "2026-11-23T12:00", Status.UNKNOWN),
        ("", "2026-11-23T12:00", Status.UNKNOWN),
    ],
)
def test_a_model_goes_from_current_to_retiring_to_retired(
    known: Catalogue, model_id: str, at: str, status: Status
) -> None:
    assert known.status(model_id, beijing(at)) is status


def test_the_hour_of_retirement_counts_in_every_time_zone(known: Catalogue) -> None:
    utc = datetime.fromisoformat("2026-10-21T01:59:59+00:00")
    assert known.status("mimo-v2.5", utc) is Status.RETIRING
    assert known.status("mimo-v2.5", utc + timedelta(seconds=1)) is Status.RETIRED


@pytest.mark.parametrize(
    ("model_id", "at", "successor"),
    [
        ("mimo-v2-flash", "2026-11-23T12:00", "mimo-v2.6-flash"),
        ("mimo-v2-flash", "2026-10-01T12:00", "mimo-v2.6-flash"),
        ("mimo-v2-omni", "2026-11-23T12:00", "mimo-v2.6-flash"),
        ("mimo-v2-pro", "2026-11-23T12:00", "mimo-v2.6-pro"),
        ("mimo-v2-pro", "2026-07-01T12:00", "mimo-v2.5-pro"),
        ("mimo-v2.5", "2026-10-01T12:00", "mimo-v2.6-flash"),
        ("mimo-v2-tts", "2026-11-23T12:00", "mimo-v2.5-tts"),
        ("mimo-v2.5-pro-ultraspeed", "2026-11-23T12:00", "mimo-v2.6-pro-ultraspeed"),
        ("mimo-v2.6-pro", "2026-11-23T12:00", None),
        ("no-such-model", "2026-11-23T12:00", None),
    ],
)
def test_the_successor_is_the_next_model_that_still_answers(
    known: Catalogue, model_id: str, at: str, successor: str | None
) -> None:
    found = known.successor(model_id, beijing(at))
    assert (found.id if found else None) == successor


def test_successors_in_a_circle_end(known: Catalogue) -> None:
    circle = SNAPSHOT.replace('successor = "mimo-v2.6-pro"\n', 'successor = "mimo-v2-pro"\n')
    assert parse(circle).successor("mimo-v2-pro", NOW) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MiMo-V2.6-Pro", "mimo-v2.6-pro"),
        ("MiMo V2.6 Flash", "mimo-v2.6-flash"),
        ("mimo-v2.6-pro[1m]", "mimo-v2.6-pro"),
        ("xiaomi/mimo-v2.6-pro", "mimo-v2.6-pro"),
        (" mimo_v2.5_tts ", "mimo-v2.5-tts"),
        ("mimo-v2.6-pro", "mimo-v2.6-pro"),
    ],
)
def test_a_display_name_another_case_or_a_suffix_mean_one_id(
    known: Catalogue, written: str, meant: str
) -> None:
    assert known.suggest(written) == (meant,)


def test_a_typo_gets_the_closest_ids(known: Catalogue) -> None:
    assert known.suggest("mimo-v2.6-prp")[0] == "mimo-v2.6-pro"
    assert known.suggest("v2.6-flash")[0] == "mimo-v2.6-flash"
    assert known.suggest("gpt-5") == ()


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_known_ids_or_none(known: Catalogue, text: str) -> None:
    assert set(known.suggest(text)) <= {one.id for one in known.models}


def test_models_that_see_are_the_three_of_this_generation(known: Catalogue) -> None:
    seeing = [one.id for one in known.chat_models(NOW, taking=Modality.IMAGE)]
    assert seeing == ["mimo-v2.6-pro", "mimo-v2.6-flash", "mimo-v2.6-pro-ultraspeed"]
    earlier = [one.id for one in known.chat_models(beijing("2026-09-21T00:00"), taking=Modality.IMAGE)]
    assert earlier == []


def test_limits_and_features_are_exact(known: Catalogue) -> None:
    pro = model(known, "mimo-v2.6-pro")
    assert pro.context is not None
    assert pro.max_output is not None
    assert (pro.context.value, pro.max_output.value) == (1_048_576, 131_072)
    assert pro.features[Feature.BATCH].value
    assert {wire for wire, fact in pro.wires.items() if fact.value} == set(Wire)
    speech = model(known, "mimo-v2.5-tts")
    assert not speech.features[Feature.FUNCTION_CALLING].value
    assert not speech.wires[Wire.MESSAGES].value
    assert Wire.RESPONSES not in speech.wires
    old = model(known, "mimo-v2-pro")
    assert old.features == {}
    assert old.max_output is None


def test_prices_are_exact_decimals(known: Catalogue) -> None:
    flash = model(known, "mimo-v2.6-flash")
    assert flash.price_usd is not None
    assert flash.price_usd.value.cached_input == Decimal("0.0028")
    assert flash.price_usd.value.currency == "USD"
    assert flash.price_usd.source.key == "D10"
    listening = model(known, "mimo-v2.5-asr")
    assert listening.price_cny is not None
    assert listening.price_cny.value.audio_hour == Decimal("0.5")
    assert listening.price_cny.value.input is None
    speech = model(known, "mimo-v2.5-tts")
    assert speech.price_cny is not None
    assert speech.price_cny.value.input == 0


def test_the_voices_and_their_alias(known: Catalogue) -> None:
    voices = {voice.id: voice for voice in model(known, "mimo-v2.5-tts").voices}
    assert set(voices) == {"mimo_default", "冰糖", "茉莉", "苏打", "白桦", "Mia", "Chloe", "Milo", "Dean"}
    assert voices["mimo_default"].stands_for == {"cn": "冰糖", "elsewhere": "Mia"}
    assert (voices["Dean"].language, voices["Dean"].gender) == ("English", "male")


def test_every_kind_of_model_is_there(known: Catalogue) -> None:
    assert {one.kind.value for one in known.models if known.status(one.id, NOW) is Status.CURRENT} == set(
        ModelKind
    )


def test_a_disputed_model_tells_both_sides(known: Catalogue) -> None:
    distilled = model(known, "mimo-v2.6-distill-qwen-9b")
    assert distilled.offered.disputed
    assert "yes says one list" in distilled.dispute
    assert "no says Models" in distilled.dispute
    assert model(known, "mimo-v2.6-pro").dispute == ""


def test_what_a_retired_model_answers_is_disputed(known: Catalogue) -> None:
    fact = known.facts["retired_model_status"]
    assert fact.disputed
    assert [claim.value for claim in fact.claims] == [400, 404]


def test_sources_that_agree_dispute_nothing(known: Catalogue) -> None:
    retired = model(known, "mimo-v2.5").retired
    assert retired is not None
    assert len(retired.claims) == 3
    assert not retired.disputed


def test_two_days_of_retirement_are_disputed_between_them() -> None:
    table = '[[models."mimo-v2-omni".claims]]'
    claim = 'field = "retired"\nvalue = 2026-07-10T00:00:00+08:00\nsource = "lists"'
    known = parse(f"{SNAPSHOT}\n{table}\n{claim}\n")
    assert known.status("mimo-v2-omni", beijing("2026-06-29T00:00")) is Status.RETIRING
    assert known.status("mimo-v2-omni", beijing("2026-07-01T00:00")) is Status.DISPUTED
    assert known.status("mimo-v2-omni", beijing("2026-07-11T00:00")) is Status.RETIRED


def test_without_its_page_a_fact_is_unknown_and_not_yes(known: Catalogue) -> None:
    models_page = known.sources["D2"].url
    left = known.without(models_page)
    assert left.model("mimo-v2.6-pro") is None
    assert left.status("mimo-v2.6-pro", NOW) is Status.UNKNOWN
    assert left.model("mimo-v2.5") is not None
    without_prices = known.without("D10")
    assert model(without_prices, "mimo-v2.6-pro").price_cny is None
    assert model(without_prices, "mimo-v2.6-pro").context == model(known, "mimo-v2.6-pro").context
    assert "batch_price_factor" not in without_prices.facts
    assert model(known.without("D5"), "mimo-v2.6-pro").wires.keys() == {Wire.CHAT_COMPLETIONS, Wire.MESSAGES}
    assert model(known.without("D19"), "mimo-v2.5-tts").voices == ()
    assert known.without("D12").find_host("token-plan-cn.xiaomimimo.com") is None
    assert known.without("https://nowhere.example") == known


def test_a_date_that_another_source_also_tells_outlives_one_page(known: Catalogue) -> None:
    left = model(known.without("D21-deprecate"), "mimo-v2.5").retired
    assert left is not None
    assert left.source.key == "notes"


def test_hosts_by_family_cluster_and_surface(known: Catalogue) -> None:
    found = known.find_host("Token-Plan-SGP.xiaomimimo.com")
    assert found is not None
    family, host = found
    assert (family.id, host.cluster, host.region, family.plan) == ("token-plan", "sgp", "Singapore", True)
    assert family.base(host, Surface.ANTHROPIC) == "https://token-plan-sgp.xiaomimimo.com/anthropic"
    team, pay, plan = known.key_kinds
    assert [kind.prefix for kind in (team, pay, plan)] == ["ttp-", "sk-", "tp-"]
    assert known.bases_for(pay) == (("pay-as-you-go", "https://api.xiaomimimo.com/v1"),)
    assert [name for name, _ in known.bases_for(team)] == ["cn", "sgp", "ams"]
    assert not next(family for family in known.families if family.id == "batch").realtime
    assert next(family for family in known.families if family.id == "opencode-go").key_prefixes == ()


def test_a_website_is_told_from_a_host_of_the_api(known: Catalogue) -> None:
    for host in (
        "mimo.mi.com",
        "platform.xiaomimimo.com",
        "mimo.xiaomi.com",
        "xiaomimimo.com",
        "www.xiaomimimo.com",
    ):
        assert known.is_website(host)
        assert host not in known.api_hosts
    assert not known.is_website("api.xiaomimimo.com")


def test_the_index_of_the_docs_is_looked_for_at_its_new_home_first(known: Catalogue) -> None:
    assert [index.url for index in known.doc_indexes] == [
        "https://mimo.mi.com/llms.txt",
        "https://platform.xiaomimimo.com/llms.txt",
    ]


def test_media_limits(known: Catalogue) -> None:
    assert known.media[Modality.IMAGE].formats.value["png"] == "image/png"
    assert known.media[Modality.VIDEO].url_bytes.value == 300 * 1024 * 1024
    assert known.media[Modality.AUDIO].formats.source.certainty is Certainty.INFERRED


def test_what_a_request_may_say_is_known_with_range_default_and_options(known: Catalogue) -> None:
    temperature = known.parameter(Wire.CHAT_COMPLETIONS, "temperature")
    assert temperature is not None
    assert temperature.lowest is not None
    assert temperature.highest is not None
    assert temperature.while_thinking is not None
    assert (temperature.lowest.value, temperature.highest.value) == (Decimal(0), Decimal("1.5"))
    assert temperature.while_thinking.value == 1
    of = {name: temperature.default_of(name) for name in ("mimo-v2.6-pro", "mimo-v2.5-tts", "mimo-v9")}
    assert {name: fact.value for name, fact in of.items() if fact is not None} == {
        "mimo-v2.6-pro": Decimal("1.0"),
        "mimo-v2.5-tts": Decimal("0.6"),
        "mimo-v9": Decimal("1.0"),
    }
    thinking = known.parameter(Wire.MESSAGES, "thinking.type")
    assert thinking is not None
    assert thinking.options is not None
    assert thinking.options.value == ("enabled", "disabled")
    assert known.parameter(Wire.RESPONSES, "temperature") is None
    required = [
        one.name
        for one in known.parameters
        if one.wire is Wire.RESPONSES and one.required and one.required.value
    ]
    assert required == ["model", "input"]


def test_a_parameter_that_two_probes_saw_differently_is_disputed(known: Catalogue) -> None:
    most, several = (known.parameter(Wire.CHAT_COMPLETIONS, name) for name in ("max_tokens", "n"))
    assert most is not None
    assert most.accepted is not None
    assert most.accepted.disputed
    assert several is not None
    assert several.accepted is not None
    assert several.accepted.says(value=False)
    assert ("parameters", "chat_completions", "max_tokens", "accepted") in dict(known.disputed())


def test_every_status_of_an_error_has_its_meaning(known: Catalogue) -> None:
    assert list(known.error_codes) == ["400", "401", "402", "403", "404", "421", "429", "500", "503"]
    assert all(code.meaning is not None for code in known.error_codes.values())
    refused = known.error_codes["401"]
    assert refused.type is not None
    assert refused.type.value == ("invalid_key",)
    assert refused.without("D7") is not None
    assert known.error_codes["404"].without("D7") is None


def test_the_forms_of_a_request_have_their_paths(known: Catalogue) -> None:
    assert {wire: fact.value for wire, fact in known.paths.items()} == {
        Wire.CHAT_COMPLETIONS: "/v1/chat/completions",
        Wire.RESPONSES: "/v1/responses",
        Wire.MESSAGES: "/anthropic/v1/messages",
    }
    for family in known.families:
        for surface, path in family.paths.items():
            if family.id != "opencode-go":
                wire = Wire.CHAT_COMPLETIONS if surface is Surface.OPENAI else Wire.MESSAGES
                assert known.paths[wire].value.startswith(path)


@pytest.mark.parametrize(
    ("model_id", "kind"),
    [
        ("mimo-v9", ModelKind.CHAT),
        ("mimo-v9-tts", ModelKind.SPEECH),
        ("mimo-v9-tts-voicedesign", ModelKind.VOICE_DESIGN),
        ("mimo-v9-tts-voiceclone-fast", ModelKind.VOICE_CLONE),
        ("mimo-v9-asr", ModelKind.RECOGNITION),
    ],
)
def test_what_an_id_tells_of_its_model_is_a_guess(known: Catalogue, model_id: str, kind: ModelKind) -> None:
    found = known.kind_of(model_id)
    assert found is not None
    assert found.value is kind
    assert found.source.certainty is Certainty.INFERRED


def test_the_pattern_of_an_id_agrees_with_what_is_known_of_each_model(known: Catalogue) -> None:
    for one in known.models:
        found = known.kind_of(one.id)
        assert found is not None
        assert found.value is one.kind.value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-10-21T00:00", "2026-10-21T10:00", True),
        ("2026-10-21T09:00", "2026-10-21T10:00", False),
        ("2026-10-21T00:00", "2026-10-22T00:00", False),
    ],
)
def test_a_day_agrees_with_each_hour_of_it(one: str, other: str, *, same: bool) -> None:
    assert agree(beijing(one), beijing(other)) is same
    assert agree(beijing(other), beijing(one)) is same


def test_prices_agree_where_both_say_something() -> None:
    full, part = (
        Price("USD", Decimal("0.1"), Decimal(1), Decimal(2)),
        Price("USD", input=Decimal(1), note="x"),
    )
    assert agree(full, part)
    assert agree(part, full)
    assert not agree(full, replace_price(part, Decimal(2)))
    assert not agree(full, Price("CNY", input=Decimal(1)))
    assert agree(("a", "b"), ("b", "a"))


def replace_price(price: Price, amount: Decimal) -> Price:
    return dataclasses.replace(price, input=amount)


def test_the_catalogue_says_how_old_it_is(known: Catalogue) -> None:
    assert known.provenance() == ("by the catalogue of 2026-11-23, whose newest evidence is of 2026-10-04")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('kind = "chat"', 'kind = "chatt"', "models.mimo-v2.6-pro.kind"),
        ("rpm = 100\n", "rpm = -1\n", "models.mimo-v2.6-pro.rpm"),
        ("context = 1_048_576", 'context = "1M"', "models.mimo-v2.6-pro.context"),
        ("context = 1_048_576", "contxt = 1_048_576", "models.mimo-v2.6-pro has unknown entries: contxt"),
        ("token_plan = true", "token_plan = 1", "models.mimo-v2.6-pro.token_plan"),
        ("released = 2026-09-22T00:00:00+08:00", "released = 2026-09-22", "models.mimo-v2.6-pro.released"),
        ("cached_input = 0.025", "cached_inptu = 0.025", "models.mimo-v2.6-pro.price_cny"),
        ('inputs = ["text", "image"', 'inputs = ["smell", "image"', "models.mimo-v2.6-pro.inputs"),
        ("responses = true", "telex = true", "models.mimo-v2.6-pro.wires"),
        ('released = ["news", "D21"]', 'released = ["D99"]', "not listed: D99"),
        ('sources = { released = ["news"', 'sources = { relased = ["news"', "not there: relased"),
        ('successor = "mimo-v2.6-pro"\n', 'successor = "mimo-v4"\n', "models.mimo-v2.5-pro.successor"),
        ('families = ["token-plan"]', 'families = ["token-plans"]', "token-plans"),
        ('openai = "/v1"', 'opanai = "/v1"', "families[0].paths"),
        ('id = "Mia"', 'idd = "Mia"', "voices[5]"),
        ('how = "docs" }', 'how = "hearsay" }', "sources.D1.how"),
        ("compiled = 2026-11-23", 'compiled = "today"', "the catalogue.compiled"),
        ('field = "offered"', 'field = "ofered"', "ofered"),
        ("[models.", "[models.models.", "models.models has no kind"),
        (
            "lowest = -2",
            'lowest = "-2"',
            "parameters.chat_completions.frequency_penalty.lowest: not a number",
        ),
        ("lowest = -2", "lowset = -2", "frequency_penalty has unknown entries: lowset"),
        ("[parameters.messages]", "[parameters.telex]", "parameters"),
        ('404 = { source = "D7"', "404 = { source = 7", "error_codes.404 names a source that is not listed"),
        ('responses = { value = "/v1', 'telex = { value = "/v1', "paths: not one of"),
        ('part = "-asr"', 'prat = "-asr"', "id_patterns[3] has no part"),
        ("compiled =", "compiled ==", "not a file of facts"),
    ],
)
def test_a_catalogue_that_is_wrong_names_the_entry(before: str, after: str, complaint: str) -> None:
    assert before in SNAPSHOT
    with pytest.raises(CatalogueError) as caught:
        parse(SNAPSHOT.replace(before, after, 1))
    assert complaint in str(caught.value)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_catalogue_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    lines = SNAPSHOT.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    lines[index] = data.draw(
        st.sampled_from(["", "x = 1", "source = 3", "sources = 3", "claims = [1]", "[facts.a]"])
    )
    with contextlib.suppress(CatalogueError):
        parse("\n".join(lines))


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_catalogue_or_a_catalogue_error(text: str) -> None:
    with pytest.raises(CatalogueError):
        parse(text)


def test_no_model_host_or_prefix_stands_in_the_code() -> None:
    for path in CORE.rglob("*.py"):
        code = path.read_text("utf-8")
        for word in ("mimo-v", "xiaomimimo", "token-plan-"):
            assert word not in code, f"{word} stands in {path.name}"


def test_a_model_can_be_compared_and_hashed(known: Catalogue) -> None:
    assert load() == known
    assert len(set(known.models)) == len(known.models)
    assert catalogue_module.load().model("mimo-v2.5") == known.model("mimo-v2.5")
