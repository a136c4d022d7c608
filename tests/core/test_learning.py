"""What the program knows after it has read the docs, asked hosts for their models, and heard the person."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, Feature, Modality, Model, ModelKind, Status, Wire, load
from mimo_tui.core.docs.readers import Statement
from mimo_tui.core.evidence import Evidence, ListSeen, Outcome, PageSeen
from mimo_tui.core.facts import CatalogueError, Certainty, Table, Toml, toml_table
from mimo_tui.core.forms import Subject
from mimo_tui.core.known import facts_in, with_facts
from mimo_tui.core.learning import learn, trust
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import Site, shipped
from tests.evidence import AT, evidence_of

SHIPPED = load()
MODELS, PRICES = "quick-start/summary/model", "price/pay-as-you-go"
LIMITS, SPEECH = "api/guidance/rate-limit", "quick-start/usage-guide/audio/speech-synthesis-v2.5"
PRO, FLASH = "mimo-v2.6-pro", "mimo-v2.6-flash"
PAY, CN = "api.xiaomimimo.com", "token-plan-cn.xiaomimimo.com"


def changed(path: str, before: str, after: str, *, locales: Iterable[str] = ("en-US",)) -> Site:
    """The shipped site with other words on a page."""
    site = shipped()
    for locale in locales:
        text = site.page(path, locale).text
        assert before in text
        site = site.replace(path, text.replace(before, after), locale)
    return site


def learned(site: Site | None = None, override: str = "", lists: Iterable[ListSeen] = ()) -> Catalogue:
    evidence = replace(evidence_of(site or shipped()), lists=tuple(lists))
    return learn(SHIPPED, evidence, toml_table(override))


def model(known: Catalogue, model_id: str) -> Model:
    found = known.model(model_id)
    assert found is not None
    return found


def listing(host: str, *ids: str, at: datetime = AT) -> ListSeen:
    return ListSeen(clean(host), at, tuple(map(clean, ids)))


def with_page(evidence: Evidence, area: str, change: Callable[[PageSeen], PageSeen]) -> Evidence:
    """The same evidence with another thing seen of the English page of an area."""
    pages = (change(page) if (page.area, page.locale) == (area, "en-US") else page for page in evidence.pages)
    return replace(evidence, pages=tuple(pages))


def saying(page: PageSeen, *said: tuple[Subject, Toml]) -> PageSeen:
    """The page as if it said something more."""
    assert page.reading is not None
    more = tuple(Statement(subject, value, clean("a row"), 1) for subject, value in said)
    reading = replace(page.reading, statements=(*page.reading.statements, *more))
    return replace(page, reading=reading)


def without_rows(text: str, word: str) -> str:
    """The page without the rows of its tables that hold the word."""
    rows = text.split("<tr>")
    return "<tr>".join([rows[0], *(row for row in rows[1:] if word not in row.split("</tr>")[0])])


# The docs as they are expected


def test_docs_that_say_what_is_expected_change_no_value() -> None:
    now, before = facts_in(learned()), facts_in(SHIPPED)
    assert before.keys() <= now.keys()
    assert not [subject for subject, fact in now.items() if fact.disputed and subject not in before]
    for subject, fact in before.items():
        prose = subject[-1] in ("meaning", "note", "title", "voices")
        assert prose or now[subject].says(fact.value) or fact.disputed, subject


def test_docs_that_do_not_list_a_disputed_model_leave_it_disputed() -> None:
    disputed = [one.id for one in SHIPPED.models if SHIPPED.status(one.id, AT) is Status.DISPUTED]
    assert disputed
    known = learned()
    assert [one.id for one in known.models if known.status(one.id, AT) is Status.DISPUTED] == disputed


def test_nothing_seen_is_the_shipped_snapshot() -> None:
    assert learn(SHIPPED, Evidence(), {}) == SHIPPED
    assert trust(SHIPPED, {}) == SHIPPED


def test_a_fact_names_the_page_it_was_read_on_with_row_and_day() -> None:
    context = model(learned(), PRO).context
    assert context is not None
    source = context.source
    assert (source.key, source.title) == (f"docs:en-US:{MODELS}", "Models")
    assert source.certainty is Certainty.DOCS
    assert source.seen == date(2026, 11, 23)
    assert PRO in source.quote
    assert "1M" in source.quote
    assert str(source).startswith(f"Models, read 2026-11-23 from https://mimo.mi.com/docs/en-US/{MODELS}")
    assert [claim.source.key for claim in context.claims] == [
        f"docs:en-US:{MODELS}",
        f"docs:zh-CN:{MODELS}",
        "lists",
    ]


def test_what_is_known_says_when_the_docs_were_read() -> None:
    assert learned().provenance() == "by the docs read 2026-11-23 and the catalogue of 2026-11-23"
    evidence = evidence_of(shipped())
    pages = tuple(replace(page, simulated=True) for page in evidence.pages)
    known = learn(SHIPPED, replace(evidence, pages=pages), {})
    assert known.provenance() == "by the SIMULATED docs read 2026-11-23 and the catalogue of 2026-11-23"
    context = model(known, PRO).context
    assert context is not None
    assert str(context.source).endswith(", SIMULATED")


def test_lists_of_hosts_are_told_as_what_is_known_from_too() -> None:
    known = learn(SHIPPED, Evidence(lists=(replace(listing(PAY, PRO), simulated=True),)), {})
    assert known.provenance() == (
        "by the SIMULATED lists of models read 2026-11-23 and the catalogue of 2026-11-23"
    )
    mine = trust(SHIPPED, toml_table(f'[models."{PRO}"]\nrpm = 5'))
    assert mine.provenance() == SHIPPED.provenance().replace("by ", "by your config.toml and ", 1)


def test_the_order_in_which_pages_were_seen_does_not_matter() -> None:
    evidence = replace(
        evidence_of(changed(MODELS, "1M", "2M")), lists=(listing(PAY, PRO), listing(CN, FLASH))
    )
    first = learn(SHIPPED, evidence, {})
    shuffle = random.Random(4)
    for _ in range(3):
        pages, lists = list(evidence.pages), list(evidence.lists)
        shuffle.shuffle(pages)
        shuffle.shuffle(lists)
        assert learn(SHIPPED, Evidence(pages=tuple(pages), lists=tuple(lists)), {}) == first


def test_learning_twenty_pages_takes_under_15_ms() -> None:
    evidence = evidence_of(shipped())
    assert len(evidence.pages) >= 15
    times = []
    for _ in range(7):
        start = time.perf_counter()
        learn(SHIPPED, evidence, {})
        times.append(time.perf_counter() - start)
    assert min(times) < 0.015


# The docs say something else


def test_a_page_replaces_what_was_shipped_from_it() -> None:
    rpm = model(learned(changed(LIMITS, "<td>100</td>", "<td>250</td>")), "mimo-v2.5-tts").rpm
    assert rpm is not None
    assert {claim.source.key.rpartition("/")[2]: claim.value for claim in rpm.claims} == {
        "model": 100,
        "rate-limit": 250,
    }


def test_a_page_against_another_source_is_disputed_and_both_are_told() -> None:
    known = learned(changed(MODELS, "<td>1M</td>", "<td>2M</td>", locales=("en-US", "zh-CN")))
    context = model(known, PRO).context
    assert context is not None
    assert (context.value, context.disputed) == (2 << 20, True)
    assert "2097152 says Models, read 2026-11-23" in model(known, PRO).dispute
    assert "1048576 says OpenRouter's list" in model(known, PRO).dispute
    assert ("models", PRO, "context") in dict(known.disputed())


def test_the_chinese_page_against_the_english_one_is_disputed() -> None:
    known = learned(changed(MODELS, "<td>128K</td>", "<td>64K</td>", locales=("zh-CN",)))
    most = model(known, FLASH).max_output
    assert most is not None
    assert most.disputed
    assert [claim.value for claim in most.claims] == [131_072, 65_536]


def test_a_row_that_has_gone_leaves_the_model_unknown_and_not_yes() -> None:
    site = shipped()
    for locale in ("en-US", "zh-CN"):
        site = site.replace(
            MODELS, without_rows(site.page(MODELS, locale).text, f"<td><code>{FLASH}<"), locale
        )
    known = learned(site)
    assert known.model(FLASH) is None
    assert known.status(FLASH, AT) is Status.UNKNOWN
    assert model(known, PRO).context is not None
    assert known.status("mimo-v2.5", AT) is Status.RETIRED


def test_a_price_that_is_no_longer_told_is_not_known() -> None:
    site = shipped()
    for locale in ("en-US", "zh-CN"):
        site = site.replace(
            PRICES, without_rows(site.page(PRICES, locale).text, f"<code>{FLASH}</code>"), locale
        )
    known = learned(site)
    assert model(known, FLASH).price_usd is None
    assert model(known, FLASH).price_cny is None
    assert model(known, PRO).price_usd is not None
    earlier = model(known, "mimo-v2-pro").price_usd
    assert earlier is not None
    assert earlier.value.input == 1


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.WEB_PAGE, Outcome.UNREADABLE])
def test_a_page_that_could_not_be_read_leaves_what_was_known(outcome: Outcome) -> None:
    evidence = with_page(
        evidence_of(shipped()), "prices", lambda page: replace(page, outcome=outcome, reading=None)
    )
    evidence = replace(
        evidence,
        pages=tuple(page for page in evidence.pages if page.area != "prices" or page.reading is None),
    )
    price = model(learn(SHIPPED, evidence, {}), PRO).price_usd
    assert price is not None
    assert price.source.key == "D10"


def test_a_page_that_is_gone_takes_its_facts_away() -> None:
    known = learned(shipped().remove(PRICES))
    assert model(known, PRO).price_usd is None
    assert "batch_price_factor" not in known.facts
    assert "D10" not in known.sources
    assert model(known, PRO).price_credits is not None


def test_hosts_and_key_prefixes_are_never_learned_and_outlive_their_page() -> None:
    start, access = "quick-start/summary/first-api-call", "tokenplan/Token Plan/quick-access"
    evil = changed(start, PAY, "api.evil.example")
    evil = evil.replace(access, evil.page(access).text.replace("tp-", "sk-").replace(CN, "cn.evil.example"))
    for site in (evil, shipped().remove(start).remove(access)):
        known = learned(site)
        assert known.api_hosts == SHIPPED.api_hosts
        assert [kind.prefix for kind in known.key_kinds] == [kind.prefix for kind in SHIPPED.key_kinds]
        assert [kind.families for kind in known.key_kinds] == [kind.families for kind in SHIPPED.key_kinds]
    gone = known.find_host(PAY)
    assert gone is not None
    assert "First API Call is gone" in str(gone[1].source)


def test_a_new_model_on_the_page_is_a_model_and_may_succeed_others() -> None:
    site = changed(MODELS, "mimo-v2.5-tts</code>", "mimo-v3-tts</code>", locales=("en-US", "zh-CN"))
    page = "updates/deprecate"
    site = site.replace(
        page, site.page(page).text.replace("<code>mimo-v2.5-tts</code>", "<code>mimo-v3-tts</code>")
    )
    known = learned(site)
    new = model(known, "mimo-v3-tts")
    assert new.kind.value is ModelKind.SPEECH
    assert new.kind.source.certainty is Certainty.INFERRED
    assert known.status("mimo-v3-tts", AT) is Status.CURRENT
    follows = known.successor("mimo-v2-tts", AT)
    assert follows is not None
    assert follows.id == "mimo-v3-tts"


def test_a_model_that_the_docs_call_retired_was_offered_once() -> None:
    said = (("models", "mimo-v1", "retired"), datetime(2025, 1, 1, tzinfo=UTC))
    evidence = with_page(evidence_of(shipped()), "deprecations", lambda page: saying(page, said))
    known = learn(SHIPPED, evidence, {})
    assert known.status("mimo-v1", AT) is Status.RETIRED
    assert not model(known, "mimo-v1").takes(Modality.TEXT)


def test_voices_are_those_of_the_page_with_what_was_known_of_each() -> None:
    known = learned(changed(SPEECH, "Milo", "Nova", locales=("en-US", "zh-CN")))
    voices = {voice.id: voice for voice in model(known, "mimo-v2.5-tts").voices}
    assert "Nova" in voices
    assert "Milo" not in voices
    assert voices["mimo_default"].stands_for == {"cn": "冰糖", "elsewhere": "Mia"}
    assert voices["Dean"].source.key.startswith("docs:en-US")


def test_an_area_is_the_address_where_its_page_was_read() -> None:
    assert learned().areas["models"].key == f"docs:en-US:{MODELS}"
    assert learned().areas["faq"] == SHIPPED.areas["faq"]


def test_parameters_and_errors_are_learned_too() -> None:
    known = learned(changed("api/chat/openai-api", "[0, 1.5]", "[0, 2]", locales=("en-US", "zh-CN")))
    temperature = known.parameter(Wire.CHAT_COMPLETIONS, "temperature")
    assert temperature is not None
    assert temperature.highest is not None
    assert temperature.highest.value == 2
    spoken = temperature.default_of("mimo-v2.5-tts")
    assert spoken is not None
    assert spoken.value == Decimal("0.6")
    assert temperature.while_thinking is not None
    assert temperature.while_thinking.value == 1
    code = known.error_codes["400"]
    assert code.message is not None
    assert set(code.message.value) == {"Unsupported model …", "Param Incorrect", "Invalid request parameters"}
    assert not code.message.disputed


@pytest.mark.parametrize(
    "said",
    [
        (("models", PRO, "context"), "a lot"),
        (("models", PRO, "context"), True),
        (("models", PRO, "context"), -5),
        (("models", PRO, "retired"), date(2026, 1, 1)),
        (("models", PRO, "price_usd"), {"inptu": 3}),
        (("models", PRO, "price_usd"), {"input": Decimal("NaN")}),
        (("models", PRO, "inputs"), ["smell"]),
        (("models", PRO, "features", "telepathy"), True),
        (("models", PRO, "listed", PAY), True),
        (("models", PRO, "voices"), [{"name": "x"}]),
        (("models", "Not An Id", "offered"), True),
        (("models", "x\x1b[2J", "offered"), True),
        (("facts", "batch_price_factor"), "half"),
        (("facts", "retired_model_status"), True),
        (("error_codes", "401", "colour"), "red"),
        (("hosts", "evil.example", "family"), "pay-as-you-go"),
        (("key_prefixes", "tp-", "families"), ["pay-as-you-go"]),
        (("paths", "telex"), "/telex"),
        (("sources",), "x"),
        ((), "x"),
    ],
    ids=str,
)
def test_a_statement_that_cannot_be_used_is_left_out(said: tuple[Subject, Toml]) -> None:
    evidence = evidence_of(shipped())
    told = with_page(evidence, "models", lambda page: saying(page, said))
    before, after = learn(SHIPPED, evidence, {}), learn(SHIPPED, told, {})
    # What the page says it speaks for, though nobody can use it.
    if said[0] not in {subject for page in evidence.pages for subject in _subjects(page)}:
        facts = facts_in(before)
        assert {key: value for key, value in facts_in(after).items() if facts.get(key) != value} == {}
    assert after.api_hosts == before.api_hosts


def _subjects(page: PageSeen) -> set[Subject]:
    return {one.subject for one in page.reading.statements} if page.reading is not None else set()


VALUES = st.recursive(
    st.one_of(st.text(max_size=5), st.booleans(), st.integers(), st.decimals(), st.dates(), st.datetimes()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
SUBJECTS = st.one_of(
    st.sampled_from(sorted({*facts_in(SHIPPED)}, key=str)),
    st.lists(
        st.sampled_from(["models", "facts", "parameters", "paths", "media", PRO, "*", "x"]), max_size=6
    ).map(tuple),
)


@given(st.lists(st.tuples(SUBJECTS, VALUES), max_size=4))
@settings(max_examples=40, deadline=None)
def test_whatever_a_page_says_the_catalogue_stands(said: list[tuple[Subject, Toml]]) -> None:
    evidence = with_page(evidence_of(shipped()), "models", lambda page: saying(page, *said))
    known = learn(SHIPPED, evidence, {})
    assert known.api_hosts == SHIPPED.api_hosts
    assert with_facts(known, facts_in(known)).models == known.models


def test_text_of_a_page_arrives_without_control_codes() -> None:
    said = (("facts", "plan_page"), "https://x/\x1b]52;c;x\x07\u202e")
    known = learn(SHIPPED, with_page(evidence_of(shipped()), "prices", lambda page: saying(page, said)), {})
    assert str(known.facts["plan_page"].value).isprintable()


def test_a_day_and_an_hour_of_that_day_do_not_disagree() -> None:
    said = (("models", "mimo-v2.5", "retired"), datetime.fromisoformat("2026-10-21T00:00+08:00"))
    known = learn(SHIPPED, with_page(evidence_of(shipped()), "models", lambda page: saying(page, said)), {})
    retired = model(known, "mimo-v2.5").retired
    assert retired is not None
    assert not retired.disputed
    ten = datetime.fromisoformat("2026-10-21T10:00+08:00")
    assert known.status("mimo-v2.5", ten - timedelta(minutes=1)) is Status.RETIRING
    assert known.status("mimo-v2.5", ten) is Status.RETIRED


# The lists of hosts


def test_an_id_that_only_a_host_lists_is_a_model_of_which_little_is_known() -> None:
    known = learn(SHIPPED, Evidence(lists=(listing(PAY, PRO, "mimo-v9-tts", "mimo-v9"),)), {})
    new = model(known, "mimo-v9-tts")
    assert new.kind.value is ModelKind.SPEECH
    assert model(known, "mimo-v9").kind.value is ModelKind.CHAT
    assert (new.inputs, new.context, new.price_usd, dict(new.features)) == (None, None, None, {})
    assert not any(new.takes(each) or new.refuses(each) for each in Modality)
    assert known.status("mimo-v9", AT) is Status.CURRENT
    assert "mimo-v9" not in {one.id for one in known.chat_models(AT)}
    assert str(new.offered.source).startswith(f"the list of models of {PAY}, read 2026-11-23")


def test_a_model_tells_which_hosts_list_it() -> None:
    lists = (listing(PAY, PRO, FLASH), listing(CN, FLASH), listing("elsewhere.example", "mimo-v9"))
    known = learn(SHIPPED, Evidence(lists=lists), {})
    assert {host: fact.value for host, fact in model(known, PRO).listed.items()} == {PAY: True, CN: False}
    assert {host: fact.value for host, fact in model(known, FLASH).listed.items()} == {PAY: True, CN: True}
    assert known.model("mimo-v9") is None
    assert not model(known, PRO).offered.disputed


def test_the_newest_list_of_a_host_counts() -> None:
    earlier = listing(PAY, FLASH, "mimo-v9", at=AT - timedelta(days=1))
    known = learn(SHIPPED, Evidence(lists=(listing(PAY, PRO), earlier)), {})
    assert not model(known, FLASH).listed[PAY].value
    assert known.model("mimo-v9") is None


def test_a_host_of_many_makers_gives_no_new_models() -> None:
    known = learn(SHIPPED, Evidence(lists=(listing("opencode.ai", "glm-5", PRO),)), {})
    assert known.model("glm-5") is None
    assert model(known, PRO).listed["opencode.ai"].value


def test_an_id_that_can_be_none_is_not_taken_from_a_list() -> None:
    known = learn(SHIPPED, Evidence(lists=(listing(PAY, "", "x" * 300, "a b", "[red]x[/]", "MiMo-V9"),)), {})
    assert {one.id for one in known.models} == {one.id for one in SHIPPED.models}


def test_a_list_keeps_a_model_whose_row_has_gone() -> None:
    site = shipped()
    for locale in ("en-US", "zh-CN"):
        site = site.replace(
            MODELS, without_rows(site.page(MODELS, locale).text, f"<td><code>{FLASH}<"), locale
        )
    flash = model(learned(site, lists=(listing(PAY, FLASH),)), FLASH)
    assert flash.offered.source.certainty is Certainty.HOST
    assert flash.context is None or "docs:en-US" not in str(flash.context.source.key)
    assert flash.price_usd is not None


# The person's own facts


def test_the_persons_own_fact_stands_first_and_settles_a_dispute() -> None:
    known = learned(changed(MODELS, "<td>1M</td>", "<td>2M</td>"), f'[models."{PRO}"]\ncontext = 500_000\n')
    context = model(known, PRO).context
    assert context is not None
    assert (context.value, context.disputed) == (500_000, False)
    assert str(context.source) == "your config.toml"
    assert {claim.value for claim in context.claims} == {500_000, 2 << 20, 1 << 20}


def test_the_person_may_name_a_model_a_host_a_fact_and_voices() -> None:
    known = learned(
        override=f"""
        [models."mimo-v9"]
        inputs = ["text", "image"]
        features = {{ batch = true }}
        price_usd = {{ input = 1, output = 2.5 }}
        [models."{PRO}"]
        voices = [{{ id = "Mia" }}]
        [facts]
        web_search_on_plan = true
        key_slot = {{ value = "MY_KEY" }}
        [[hosts]]
        family = "token-plan"
        name = "Token-Plan-FRA.xiaomimimo.com"
        cluster = "fra"
        """
    )
    new = model(known, "mimo-v9")
    assert new.takes(Modality.IMAGE)
    assert new.features[Feature.BATCH].value
    assert new.price_usd is not None
    assert new.price_usd.value.output == Decimal("2.5")
    assert "mimo-v9" in {one.id for one in known.chat_models(AT, taking=Modality.IMAGE)}
    assert [voice.id for voice in model(known, PRO).voices] == ["Mia"]
    assert (known.facts["web_search_on_plan"].value, known.facts["key_slot"].value) == (True, "MY_KEY")
    found = known.find_host("token-plan-fra.xiaomimimo.com")
    assert found is not None
    assert (found[0].id, found[1].cluster, str(found[1].source)) == ("token-plan", "fra", "your config.toml")


def test_a_key_goes_where_the_snapshot_or_the_person_says_and_nowhere_else() -> None:
    override: Table = {"hosts": [{"family": "pay-as-you-go", "name": "api-2.xiaomimimo.com"}]}
    trusted = trust(SHIPPED, override)
    assert set(trusted.api_hosts) - set(SHIPPED.api_hosts) == {"api-2.xiaomimimo.com"}
    assert learn(SHIPPED, evidence_of(shipped()), override).api_hosts == trusted.api_hosts


@pytest.mark.parametrize(
    ("override", "complaint"),
    [
        ('[models."mimo-v2.6-pro"]\ncontxt = 5', "models.mimo-v2.6-pro.contxt"),
        (
            '[models."mimo-v2.6-pro"]\ncontext = "1M"',
            "facts.models.mimo-v2.6-pro.context: not a whole number",
        ),
        ('[models."mimo-v2.6-pro"]\nlisted = { x = true }', "listed.x"),
        ('[models."Mimo V9"]\noffered = true', "cannot be the id"),
        ('[models."mimo-v2.6-pro"]\nvoices = [{ name = "x" }]', "facts.models.mimo-v2.6-pro.voices"),
        ("[facts]\nweb_serch = true", "facts.facts.web_serch"),
        ('[facts]\nweb_search_on_plan = "yes"', "facts.facts.web_search_on_plan: of another kind"),
        ("[prices]\nx = 1", "prices.x"),
        ("models = 5", "no fact models"),
        ("hosts = 5", "facts.hosts"),
        ('[[hosts]]\nname = "x.example"', "facts.hosts[0] has no family"),
        ('[[hosts]]\nname = "https://x.example/"\nfamily = "token-plan"', "facts.hosts[0].name"),
        ('[[hosts]]\nname = "x.example"\nfamily = "token-plans"', "facts.hosts[0].family is none of"),
        ('[[hosts]]\nname = "mimo.mi.com"\nfamily = "token-plan"', "carries pages and no API"),
        (
            '[[hosts]]\nname = "api.xiaomimimo.com"\nfamily = "token-plan"',
            "belongs to the family pay-as-you-go",
        ),
        (
            '[[hosts]]\nname = "x.example"\nfamily = "token-plan"\nport = 1',
            "facts.hosts[0] has unknown entries",
        ),
    ],
)
def test_an_override_that_cannot_be_used_names_its_entry(override: str, complaint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        trust(SHIPPED, toml_table(override))
    assert complaint in str(caught.value)


def test_facts_by_path_and_back_are_the_same_catalogue() -> None:
    assert with_facts(SHIPPED, facts_in(SHIPPED)) == SHIPPED
    known = learned(lists=(listing(PAY, PRO, "mimo-v9"),))
    assert with_facts(known, facts_in(known)) == known
