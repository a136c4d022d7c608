"""What is known of the models, and of the things that a field of a preset names, as pages with provenance."""

from collections.abc import Iterator
from dataclasses import fields

from mimo_tui.core.catalogue import Catalogue, Model
from mimo_tui.core.docs.page import Markdown
from mimo_tui.core.facts import Fact
from mimo_tui.core.model import in_words
from mimo_tui.services import Services
from mimo_tui.services.docs.written import escaped, page, table
from mimo_tui.services.models import ModelView, list_models

_COLUMNS = ("what", "value", "where that stands")


def models_page(services: Services) -> Markdown:
    """Give all that is known of every model, each fact with its sources; they differ where a fact is disputed."""
    views = list_models(services)
    lines = ["# Models: what is known", "", f"Known {escaped(services.catalogue.provenance())}."]
    lines += table(
        ("model", "state", "takes", "context"),
        (
            (
                view.model.id,
                _state(view),
                _words(view.model.inputs.value) if view.model.inputs is not None else "not known",
                _words(view.model.context.value) if view.model.context is not None else "not known",
            )
            for view in views
        ),
    )
    for view in views:
        lines += [f"## {escaped(view.model.id)}", *model_lines(view)]
    return page(lines)


def model_lines(view: ModelView) -> list[str]:
    """Give what is known of one model, as lines of markdown."""
    lines = ["", f"State: {escaped(_state(view))}.", *table(_COLUMNS, _rows(view.model))]
    if view.model.voices:
        lines += ["Voices:", *table(("voice", "language", "character"), _voices(view.model))]
    return lines


def hosts_lines(catalogue: Catalogue) -> list[str]:
    """Give the hosts that take each kind of key, as lines of markdown."""
    rows = []
    for family in catalogue.families:
        for host in family.hosts:
            bases = (family.base(host, surface) for surface in family.paths)
            rows.append((family.title, ", ".join(base for base in bases if base), str(host.source)))
    return table(("family", "base URLs", "where that stands"), rows)


def _rows(model: Model) -> Iterator[tuple[str, str, str]]:
    for one in fields(model):
        found = getattr(model, one.name)
        if isinstance(found, Fact):
            yield from _fact(one.name.replace("_", " "), found)
    for name, fact in (*model.wires.items(), *model.features.items()):
        yield from _fact(str(name).replace("_", " "), fact)


def _fact(name: str, fact: Fact[object]) -> Iterator[tuple[str, str, str]]:
    told = f"{name}, disputed" if fact.disputed else name
    values: dict[str, list[str]] = {}
    for claim in fact.claims:
        values.setdefault(_words(claim.value), []).append(str(claim.source))
    for number, (value, sources) in enumerate(values.items()):
        yield told if number == 0 else "", value, "; ".join(sources)


def _voices(model: Model) -> Iterator[tuple[str, str, str]]:
    for voice in model.voices:
        yield voice.id, voice.language, ", ".join(word for word in (voice.gender, voice.character) if word)


def _state(view: ModelView) -> str:
    retired = view.model.retired
    return f"{view.status}, {retired.value:%Y-%m-%d}" if retired is not None else str(view.status)


def _words(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else in_words(value)
