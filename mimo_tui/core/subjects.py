"""The catalogue as subjects: each fact that can be held against a page, by its path `("models", ID, "context")`."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.readers import Subject
from mimo_tui.core.facts import Claim, Fact, Source, Toml, agree, as_text, as_texts
from mimo_tui.core.forms import PROSE, form_of
from mimo_tui.core.known import facts_in

Value = object
"""A fact's value, typed as the catalogue's field is."""


def read_value(subject: Subject, value: Toml) -> Value | None:
    """Give the value as `facts_of` does; None: such facts are not compared, prose above all.

    Raises CatalogueError for a value of another form.
    """
    if not subject or subject[-1] in PROSE:
        return None
    match subject:
        case ("hosts", _, "cluster" | "family"):
            return as_text(value)
        case ("key_prefixes", _, "families"):
            return frozenset(as_texts(value))
        case ("models", _, "voices"):
            read = form_of(subject)
            voices = read(value) if read is not None else ()
            return frozenset(str(voice["id"]) for voice in voices) if isinstance(voices, tuple) else None
        case _:
            read = form_of(subject)
            return None if read is None else read(value)


def same(subject: Subject, expected: Value, seen: Value) -> bool:
    """Tell whether two values say the same, as far as both say something.

    What an error says may be one of several things, of which a page need not name all.
    """
    if subject[0] == "error_codes" and isinstance(expected, tuple) and isinstance(seen, tuple):
        return set(seen) <= set(expected)
    return agree(expected, seen)


def facts_of(catalogue: Catalogue) -> Mapping[Subject, Fact[Value]]:
    """Give every fact that is known by its subject, prose left out; hosts and kinds of keys among them."""
    return MappingProxyType(dict(_facts(catalogue)))


def _facts(catalogue: Catalogue) -> Iterator[tuple[Subject, Fact[Value]]]:
    for subject, fact in facts_in(catalogue).items():
        if subject[2:] != ("voices",) and subject[-1] not in PROSE:
            yield subject, fact
    for model in catalogue.models:
        if model.voices:
            names = frozenset(voice.id for voice in model.voices)
            yield ("models", model.id, "voices"), _single(names, model.voices[0].source)
    for family in catalogue.families:
        for host in family.hosts:
            yield ("hosts", host.name, "family"), _single(family.id, host.source)
            if host.cluster:
                yield ("hosts", host.name, "cluster"), _single(host.cluster, host.source)
    for kind in catalogue.key_kinds:
        yield ("key_prefixes", kind.prefix, "families"), _single(frozenset(kind.families), kind.source)


def _single(value: Value, source: Source) -> Fact[Value]:
    return Fact((Claim(value, source),))
