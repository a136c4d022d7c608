"""`mimo-tui models`."""

import argparse
from collections.abc import Iterator

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode, say
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.model_shapes import model_shape
from mimo_tui.core.catalogue import Feature, Price, Voice, Wire
from mimo_tui.core.facts import Certainty, Claim, Fact
from mimo_tui.core.forms import MODEL
from mimo_tui.core.model import Model, in_words, inputs_in_words, tokens_in_words
from mimo_tui.services import Services
from mimo_tui.services.models import ModelView, find_model, list_models

_COLUMNS = (
    "MODEL",
    "STATUS",
    "TAKES",
    "CONTEXT",
    "MAX OUT",
    "THINKING",
    "PRICE IN/OUT",
    "PLAN",
    "LISTED BY",
    "SOURCE",
)
_SPARE = ("SOURCE", "LISTED BY", "THINKING", "PLAN", "MAX OUT", "PRICE IN/OUT")
_NOT_KNOWN = "not known"


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    if arguments.id is not None:
        return show(services, arguments)
    views = list_models(services)
    _say_problem(services)
    if arguments.json:
        _write_document(services, views)
        return ExitCode.DONE
    output.write_lines((SIMULATED,) if _is_simulated(services) else ())
    output.write_table(_COLUMNS, [_row(view, arguments.currency) for view in views], spare=_SPARE)
    legend = [f"Prices are {arguments.currency} for a million tokens.", "? is not known."]
    if any(view.model.dispute for view in views):
        legend.append("! marks what the sources disagree on: `mimo-tui models ID` shows each side.")
    output.write_lines((" ".join(legend), f"Known {services.catalogue.provenance()}."))
    return ExitCode.DONE


def show(services: Services, arguments: argparse.Namespace) -> ExitCode:
    view = find_model(services, arguments.id)
    _say_problem(services)
    if arguments.json:
        _write_document(services, (view,))
        return ExitCode.DONE
    output.write_lines((SIMULATED,) if _is_simulated(services) else ())
    output.write_lines(_card(view))
    output.write_lines((f"Known {services.catalogue.provenance()}.",))
    return ExitCode.DONE


def _say_problem(services: Services) -> None:
    if services.knowledge.problem:
        say(services.knowledge.problem)


def _write_document(services: Services, views: tuple[ModelView, ...]) -> None:
    output.write_document(
        {
            "schema": shapes.SCHEMA,
            "simulated": _is_simulated(services),
            "known": services.catalogue.provenance(),
            "models": [model_shape(view) for view in views],
        }
    )


def _is_simulated(services: Services) -> bool:
    return any(source.simulated for source in services.catalogue.sources.values())


def _row(view: ModelView, currency: str) -> tuple[str, ...]:
    model = view.model
    retired = model.retired
    day = f" {retired.value:%Y-%m-%d}" if retired is not None and not retired.disputed else ""
    listed = [host.partition(".")[0] for host, fact in model.listed.items() if fact.says(value=True)]
    return (
        model.id,
        f"{view.status}{day}",
        inputs_in_words(model),
        _marked(model.context, tokens_in_words(model.context.value) if model.context is not None else ""),
        _marked(
            model.max_output, tokens_in_words(model.max_output.value) if model.max_output is not None else ""
        ),
        _yes_no(model.thinking, "on", "off"),
        _price(model.price_cny if currency == "CNY" else model.price_usd),
        _yes_no(model.token_plan, "yes", "no"),
        " ".join(listed) or ("none" if model.listed else "?"),
        _sources(model),
    )


def _sources(model: Model) -> str:
    """Name the source of what it takes, and before it the person's own word, with all that this decides."""
    first = model.inputs or model.offered
    facts = {_name(path): fact.source for path, fact in model.facts()}
    if model.voices:
        facts["voices"] = model.voices[0].source
    own = {name: source for name, source in facts.items() if source.certainty is Certainty.PERSON}
    words = [f"{next(iter(own.values()))} ({', '.join(own)})"] if own else []
    if first.source.certainty is not Certainty.PERSON:
        words.append(str(first.source))
    return ", ".join(words)


def _marked(fact: Fact[int] | None, words: str) -> str:
    return "?" if fact is None else words + ("!" if fact.disputed else "")


def _yes_no(fact: Fact[bool] | None, yes: str, no: str) -> str:
    return "?" if fact is None else (yes if fact.value else no) + ("!" if fact.disputed else "")


def _price(fact: Fact[Price] | None) -> str:
    if fact is None:
        return "?"
    price, mark = fact.value, "!" if fact.disputed else ""
    if price.audio_hour is not None:
        return f"{price.audio_hour:f}/hour{mark}"
    if price.input is None or price.output is None:
        return f"?{mark}"
    return f"{price.input:f}/{price.output:f}{mark}"


def _card(view: ModelView) -> Iterator[str]:
    model = view.model
    yield f"{model.id}  {view.status}"
    known = dict(model.facts())
    paths = [*((name,) for name in MODEL), *(("wires", wire) for wire in Wire)]
    paths += [("features", feature) for feature in Feature]
    paths += [path for path in known if path[0] == "listed"]
    for path in paths:
        yield from _fact_lines(_name(path), known.get(path))
    if model.voices:
        yield "  voices"
        yield from (f"    {_voice(voice)}" for voice in model.voices)
        yield f"      {model.voices[0].source}"


def _name(path: tuple[str, ...]) -> str:
    match path:
        case ("listed", host):
            return f"listed by {host}"
        case ("wires", wire):
            return f"form {wire}"
        case ("features", feature):
            return f"feature {feature.replace('_', ' ')}"
        case ("thinking",):
            return "thinking by default"
        case _:
            return path[-1].replace("_", " ")


def _fact_lines(name: str, fact: Fact[object] | None) -> Iterator[str]:
    """Say what each source says, the value that we go by first; sources that say the same stand below it."""
    if fact is None:
        yield f"  {name}: {_NOT_KNOWN}"
        return
    sides: dict[str, list[Claim[object]]] = {}
    for claim in fact.claims:
        sides.setdefault(in_words(claim.value), []).append(claim)
    own = fact.source.certainty is Certainty.PERSON
    if fact.disputed:
        yield f"! {name}: the sources disagree"
    for place, (words, claims) in enumerate(sides.items()):
        if fact.disputed:
            yield f"    {words}"
        elif place == 0:
            yield f"  {name}: {words}"
        else:
            yield f"    {'others say' if own else 'also told as'} {words}"
        for claim in claims:
            yield f"      {claim.source}"
            if claim.source.quote:
                yield f"        “{claim.source.quote}”"


def _voice(voice: Voice) -> str:
    about = ", ".join(word for word in (voice.language, voice.gender, voice.character) if word)
    stands_for = ", ".join(f"{meant} ({where})" for where, meant in voice.stands_for.items())
    return f"{voice.id}: {about or (f'stands for {stands_for}' if stands_for else _NOT_KNOWN)}"
