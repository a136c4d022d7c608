"""Promise 26: every fact in the catalogue has provenance; take its page away and it becomes unknown, not yes."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain

import pytest

from mimo_tui.core.catalogue import Catalogue, Modality, load
from mimo_tui.core.docs.address import read_address
from mimo_tui.core.evidence import Evidence, ListSeen, Outcome, PageSeen, VoicesSeen
from mimo_tui.core.facts import Certainty, Fact, Source, toml_table
from mimo_tui.core.known import facts_in
from mimo_tui.core.learning import learn
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import shipped
from tests.evidence import AT, evidence_of

SHIPPED = load()
AREAS = sorted(SHIPPED.areas)
NAMES = {"id", "name", "code", "wire", "compiled", "domain"}
"""Fields that name a thing and claim nothing."""
OVERRIDE = toml_table('[models."mimo-v9"]\ncontext = 5\n')


@cache
def learned() -> Catalogue:
    """The catalogue with docs in both languages, the list and the voices of a host, and a fact of the person's own."""
    seen = evidence_of(shipped())
    lists = (ListSeen(clean("api.xiaomimimo.com"), AT, (clean("mimo-v2.6-pro"), clean("mimo-v8"))),)
    voices = (
        VoicesSeen(
            clean("api.xiaomimimo.com"),
            clean("mimo-v2.5-tts"),
            AT,
            (clean("Nora"), clean("Mia")),
            clean("Unknown voice: X. Available voices: [Nora, Mia]"),
        ),
    )
    return learn(SHIPPED, dataclasses.replace(seen, lists=lists, voices=voices), OVERRIDE)


def unsourced(value: object, path: str, *, sourced: bool = False) -> Iterator[str]:
    """Give the path of everything in the catalogue that says something and names no source."""
    match value:
        case Source():
            if not value.title or not _has_day(value):
                yield f"{path}: a source without title or day"
        case Fact():
            members = [unsourced(claim.source, f"{path}.source") for claim in value.claims]
            yield from chain.from_iterable(members or [[f"{path}: no claim"]])
        case Mapping():
            for key, member in value.items():
                yield from unsourced(member, f"{path}.{key}", sourced=sourced)
        case tuple():
            for place, member in enumerate(value):
                yield from unsourced(member, f"{path}[{place}]", sourced=sourced)
        case None:
            return
        case _ if dataclasses.is_dataclass(value):
            fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            for name in fields.keys() - NAMES - {"_models_by_id"}:
                yield from unsourced(fields[name], f"{path}.{name}", sourced="source" in fields)
        case _ if not sourced:
            yield f"{path}: {value!r} has no source"


def _has_day(source: Source) -> bool:
    return date(2025, 12, 1) <= source.seen <= date(2027, 1, 1)


def sources_in(value: object) -> Iterator[Source]:
    """Find every source that stands behind a value."""
    match value:
        case Source():
            yield value
        case Mapping():
            for member in value.values():
                yield from sources_in(member)
        case tuple():
            for member in value:
                yield from sources_in(member)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                if field.name not in ("areas", "sources"):
                    yield from sources_in(getattr(value, field.name))
        case _:
            return


def never_yes(known: Catalogue, before: Catalogue) -> None:
    """Nothing that was not known to be so before is so now, and a model that is gone is unknown."""
    for one in before.models:
        left = known.model(one.id)
        if left is None:
            assert known.status(one.id, AT) == "unknown"
            continue
        assert all(one.takes(each) or not left.takes(each) for each in Modality)
        for name in ("features", "wires"):
            yes = {key for key, fact in getattr(left, name).items() if fact.value}
            assert yes <= {key for key, fact in getattr(one, name).items() if fact.value}
        for name in ("token_plan", "thinking", "offered"):
            fact, earlier = getattr(left, name), getattr(one, name)
            assert fact is None or earlier is None or fact.value in {claim.value for claim in earlier.claims}


def test_every_fact_of_the_snapshot_and_of_what_was_learned_has_its_source(
    reached: Callable[[str, str], None],
) -> None:
    assert list(unsourced(SHIPPED, "shipped")) == []
    assert list(unsourced(learned(), "learned")) == []
    live = [fact for fact in facts_in(learned()).values() if fact.source.fetched is not None]
    assert len(live) > 300
    docs = [fact.source for fact in live if fact.source.certainty is Certainty.DOCS]
    assert all(source.quote and source.url.startswith("https://") for source in docs)
    count = len(facts_in(learned()))
    reached("26", f"{count} facts, {count} with source, {len(docs)} with the row they were read in")


def test_the_walk_finds_a_fact_without_a_source() -> None:
    assert list(unsourced({"facts": {"x": 5}}, "known")) == ["known.facts.x: 5 has no source"]
    nameless = Source("x", "", "", date(2026, 1, 1), Certainty.DOCS)
    family = dataclasses.replace(SHIPPED.families[0], source=nameless)
    assert list(unsourced(dataclasses.replace(SHIPPED, families=(family,)), "known")) != []


@pytest.mark.parametrize("key", sorted(SHIPPED.sources))
def test_without_a_source_nothing_rests_on_it(key: str) -> None:
    for page in (key, SHIPPED.sources[key].url):
        if not page:
            continue
        left = SHIPPED.without(page)
        assert not [one for one in sources_in(left) if page in (one.key, one.url)]
        facts = facts_in(left)
        for subject, fact in facts_in(SHIPPED).items():
            if all(page in (claim.source.key, claim.source.url) for claim in fact.claims):
                assert subject not in facts
        never_yes(left, SHIPPED)


@pytest.mark.parametrize("area", AREAS)
def test_a_page_that_is_gone_is_the_source_of_nothing(area: str) -> None:
    source = SHIPPED.areas[area]
    gone = PageSeen(area, area, "en-US", clean(source.url), clean(source.title), Outcome.GONE, AT, AT)
    known = learn(SHIPPED, Evidence(pages=(gone,)), {})
    assert not [one for one in sources_in(known) if source.key == one.key]
    facts = facts_in(known)
    for subject, fact in facts_in(SHIPPED).items():
        left = [claim for claim in fact.claims if claim.source.key != source.key]
        if not left and subject[2:] != ("kind",) and subject[-1] != "offered":
            assert subject not in facts, subject
    never_yes(known, SHIPPED)


@pytest.mark.parametrize("area", sorted({page.area for page in evidence_of(shipped()).pages}))
def test_a_page_that_is_taken_off_the_site_leaves_nothing_behind(area: str) -> None:
    address = read_address(SHIPPED.areas[area].url, frozenset(site.host for site in SHIPPED.websites))
    assert address is not None
    known = learn(SHIPPED, evidence_of(shipped().remove(address.path)), {})
    assert not [one for one in sources_in(known) if one.url.endswith(f"/{address.path}")]
    never_yes(known, learned())
