"""What the shipped catalogue has from a page comes out of that page, in both languages, with the same value."""

from collections.abc import Iterator
from functools import cache

import pytest

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.docs.address import CHINESE
from mimo_tui.core.docs.readers import READERS, Subject
from mimo_tui.core.subjects import facts_of, read_value, same
from tests.core.docs.reading import EVERY_PAGE, covers, known, reading_of, said


@cache
def old() -> frozenset[str]:
    """Give the ids of the models that have an end."""
    return frozenset(model.id for model in known().models if model.retired is not None)


@cache
def speaking() -> frozenset[str]:
    """Give the ids of the models that speak."""
    return frozenset(model.id for model in known().models if model.outputs and "audio" in model.outputs.value)


def is_elsewhere(area: str, locale: str, subject: Subject) -> bool:
    """Tell whether the simulated page does not hold what the catalogue has from the page of that time."""
    match subject:
        case ("models", _, "kind"):
            return True  # told by the id
        case ("models", _, "wires", Wire.CHAT_COMPLETIONS):
            return area == "models" or subject[1] in old()  # the page of the API lists it for today's models
        case ("models", _, "wires", Wire.MESSAGES):
            return (
                area == "anthropic"
            )  # a no is in the matrix only; of old models the page says nothing any more
        case ("models", _, "offered"):
            return True  # a model that is not listed: nothing says no
        case ("models", _, "thinking"):
            return locale == CHINESE or subject[1] in old()  # that note is in English only
        case ("models", _, "features", _) | ("models", _, "price_cny" | "price_usd"):
            return subject[1] in old()
        case ("parameters", _, _, "defaults", model):
            return model in old() or model in speaking()  # "8192 for speech synthesis": no id
        case ("parameters", _, "audio.optimize_text_preview", _):
            return locale == CHINESE
        case ("parameters", _, _, "accepted"):
            return True  # in a sentence
        case ("facts", name) if name.startswith("speech_sample_") and name != "speech_sample_rate":
            return locale == CHINESE  # that sentence is in English only
        case ("key_prefixes", *_):
            return area == "endpoints"  # on the page of the first call
    return False


def of_page(area: str) -> Iterator[Subject]:
    """Give the subjects that the catalogue has from the page of an area."""
    key = known().areas[area].key
    for subject, fact in facts_of(known()).items():
        if any(claim.source.key == key for claim in fact.claims):
            yield subject


@pytest.mark.parametrize(("area", "locale"), EVERY_PAGE)
def test_what_the_catalogue_has_from_a_page_is_read_from_it(area: str, locale: str) -> None:
    found, facts = said(reading_of(area, locale)), facts_of(known())
    for subject in of_page(area):
        if subject in found:
            value = read_value(subject, found[subject])
            assert value is not None
            assert any(same(subject, claim.value, value) for claim in facts[subject].claims), subject
        else:
            assert is_elsewhere(area, locale, subject), subject


@pytest.mark.parametrize(("area", "locale"), EVERY_PAGE)
def test_no_page_contradicts_the_catalogue(area: str, locale: str) -> None:
    facts = facts_of(known())
    for subject, stated in said(reading_of(area, locale)).items():
        value = read_value(subject, stated)
        if subject in facts and value is not None:
            assert any(same(subject, claim.value, value) for claim in facts[subject].claims), subject


@pytest.mark.parametrize(("area", "locale"), EVERY_PAGE)
def test_each_statement_is_covered_and_quotes_its_row(area: str, locale: str) -> None:
    reading = reading_of(area, locale)
    assert not reading.problem
    for statement in reading.statements:
        assert covers(reading, statement.subject)
        assert statement.line > 0
        assert 0 < len(statement.quote) <= 300
        if statement.subject[0] == "models" and area != "speech":
            assert statement.quote.isprintable()


@pytest.mark.parametrize("area", ["models", "deprecations", "prices", "chat", "speech", "errors", "start"])
def test_the_two_languages_say_the_same(area: str) -> None:
    english, chinese = said(reading_of(area)), said(reading_of(area, CHINESE))
    for subject in english.keys() & chinese.keys():
        values = [read_value(subject, found[subject]) for found in (english, chinese)]
        assert None in values or same(subject, values[0], values[1]), subject


def test_every_reader_has_its_page() -> None:
    assert all(reading_of(area).statements for area in READERS)
