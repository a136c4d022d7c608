"""A model: what it takes and gives, what it costs, where it is in its life, each with its sources."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from mimo_tui.core.entries import Entry
from mimo_tui.core.facts import (
    BEIJING,
    Fact,
    Source,
    Toml,
    as_amount,
    as_member,
    as_table,
    as_text,
    as_texts,
    is_day,
)

K = TypeVar("K")
T = TypeVar("T")


class Modality(StrEnum):
    """What a model takes in or gives out."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class ModelKind(StrEnum):
    """What a model is for."""

    CHAT = "chat"
    SPEECH = "speech"
    VOICE_DESIGN = "voice design"
    VOICE_CLONE = "voice cloning"
    RECOGNITION = "speech recognition"


class Status(StrEnum):
    """Where a model is in its life. Retiring: it works, and the day of its end is announced."""

    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Wire(StrEnum):
    """A request form: the first two belong to the OpenAI surface, messages to the Anthropic one."""

    CHAT_COMPLETIONS = "chat_completions"
    RESPONSES = "responses"
    MESSAGES = "messages"


class Feature(StrEnum):
    """What a model can do beside taking and giving (`mimo-api.md` §5.3)."""

    FUNCTION_CALLING = "function_calling"
    STRUCTURED_OUTPUT = "structured_output"
    WEB_SEARCH = "web_search"
    THINKING = "thinking"
    CACHING = "caching"
    STREAMING = "streaming"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Price:
    """A price in `currency` (CNY, USD, or credits of a plan) per 1,000,000 tokens.

    `audio_hour` is per hour of sound. None: not priced so, or not known.
    """

    currency: str
    cached_input: Decimal | None = None
    input: Decimal | None = None
    output: Decimal | None = None
    audio_hour: Decimal | None = None
    note: str = ""

    @property
    def amounts(self) -> Mapping[str, Decimal]:
        """Give what it names, by the name of the part."""
        named = {
            "cached_input": self.cached_input,
            "input": self.input,
            "output": self.output,
            "audio_hour": self.audio_hour,
        }
        return {name: amount for name, amount in named.items() if amount is not None}

    def agrees(self, other: object) -> bool:
        """Tell whether both say the same of every part that both name; a note is prose."""
        if not isinstance(other, Price) or self.currency != other.currency:
            return False
        mine, others = self.amounts, other.amounts
        return all(amount == others.get(name, amount) for name, amount in mine.items())


@dataclass(frozen=True, slots=True)
class Voice:
    """A built-in voice. An alias names the voice that it stands for by cluster, and `elsewhere`."""

    id: str
    language: str
    gender: str
    character: str
    stands_for: Mapping[str, str] = field(hash=False)
    source: Source


@dataclass(frozen=True, slots=True)
class Model:
    """A model, current or retired. None, or no entry in a mapping: not known.

    `offered`: it is or was an id of the API. `released`, `forwarded` (its successor answers from then on) and
    `retired` are in Beijing time; 00:00 means that only the day is known. `shutdown_seen`: somebody saw it
    refused afterwards. `context` and `max_output` are tokens, `thinking` the default, `rpm` and `tpm` the
    requests and tokens a minute of an account. `listed`: by host, whether its list of models names the id.
    """

    id: str
    kind: Fact[ModelKind]
    offered: Fact[bool]
    inputs: Fact[frozenset[Modality]] | None
    outputs: Fact[frozenset[Modality]] | None
    title: Fact[str] | None
    released: Fact[datetime] | None
    forwarded: Fact[datetime] | None
    retired: Fact[datetime] | None
    shutdown_seen: Fact[bool] | None
    successor: Fact[str] | None
    context: Fact[int] | None
    max_output: Fact[int] | None
    thinking: Fact[bool] | None
    token_plan: Fact[bool] | None
    rpm: Fact[int] | None
    tpm: Fact[int] | None
    price_cny: Fact[Price] | None
    price_usd: Fact[Price] | None
    price_credits: Fact[Price] | None
    note: Fact[str] | None
    wires: Mapping[Wire, Fact[bool]] = field(hash=False)
    features: Mapping[Feature, Fact[bool]] = field(hash=False)
    voices: tuple[Voice, ...] = ()
    listed: Mapping[str, Fact[bool]] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def facts(self) -> Iterator[tuple[tuple[str, ...], Fact[object]]]:
        """Give each fact that is known, by its path: `("context",)`, `("features", "batch")`. Voices are apart."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Fact):
                yield (one.name,), value
            elif isinstance(value, Mapping):
                yield from (((one.name, str(name)), fact) for name, fact in value.items())

    @property
    def dispute(self) -> str:
        """Say what the sources disagree on, each with its source; empty where they agree."""
        return "; ".join(
            f"{' '.join(path).replace('_', ' ')}: {both_sides(fact)}"
            for path, fact in self.facts()
            if fact.disputed
        )

    def takes(self, modality: Modality) -> bool:
        """Tell whether it is known to take this in, and nobody says otherwise."""
        return self.inputs is not None and all(modality in claim.value for claim in self.inputs.counted)

    def refuses(self, modality: Modality) -> bool:
        """Tell whether it is known not to take this in, and nobody says otherwise."""
        return self.inputs is not None and not any(modality in claim.value for claim in self.inputs.counted)

    @property
    def ends(self) -> frozenset[datetime]:
        """Give the moments at which it is retired, by each source; a day gives way to an hour of that day."""
        moments = {claim.value for claim in self.retired.counted} if self.retired is not None else set()
        exact = {moment.date() for moment in moments if not is_day(moment)}
        return frozenset(moment for moment in moments if not (is_day(moment) and moment.date() in exact))

    def without(self, page: str) -> "Model | None":
        """Give what is left of it if the page says nothing; None: not even that it is a model."""
        changes: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Fact):
                changes[one.name] = value.without(page)
            elif isinstance(value, Mapping):
                changes[one.name] = facts_without(value, page)
        if changes["kind"] is None or changes["offered"] is None:
            return None
        left = (voice for voice in self.voices if page not in (voice.source.key, voice.source.url))
        return replace(self, **changes, voices=tuple(left))


def facts_without(facts: Mapping[K, Fact[T]], page: str) -> Mapping[K, Fact[T]]:
    """Give the facts that are left if the page says nothing."""
    left = ((key, fact.without(page)) for key, fact in facts.items())
    return MappingProxyType({key: fact for key, fact in left if fact is not None})


def both_sides(fact: Fact[object]) -> str:
    """Say what each source of a fact says."""
    return " but ".join(f"{in_words(claim.value)} says {claim.source}" for claim in fact.claims)


def in_words(value: object) -> str:
    """Write a fact's value for a person."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d}" if is_day(value) else _in_beijing(value)
        case frozenset():
            return ", ".join(sorted(map(str, value))) or "nothing"
        case tuple():
            return ", ".join(map(str, value)) or "nothing"
        case Decimal():
            return f"{value:f}"
        case Price():
            return _price_in_words(value)
        case _:
            return str(value)


def inputs_in_words(model: Model) -> str:
    """Give what the model takes in, with `!` at what the sources disagree on; `?`: it is not known."""
    if model.inputs is None:
        return "?"
    sure = [str(each) for each in Modality if model.takes(each)]
    unsure = [f"{each}!" for each in Modality if not model.takes(each) and not model.refuses(each)]
    return " ".join((*sure, *unsure))


def tokens_in_words(count: int) -> str:
    """Give a number of tokens as people say it: 1M, 128K."""
    for size, unit in ((1 << 20, "M"), (1 << 10, "K")):
        if count >= size and count % size == 0:
            return f"{count // size}{unit}"
    return str(count)


def as_modalities(value: Toml) -> frozenset[Modality]:
    """Take a list of modalities. Raises CatalogueError."""
    return frozenset(map(as_member(Modality), as_texts(value)))


def as_price(currency: str) -> Callable[[Toml], Price]:
    """Give the reader of a price in that currency."""

    def read(value: Toml) -> Price:
        with Entry("the price", as_table(value)) as entry:
            return Price(
                currency=currency,
                cached_input=entry.get("cached_input", as_amount, None),
                input=entry.get("input", as_amount, None),
                output=entry.get("output", as_amount, None),
                audio_hour=entry.get("audio_hour", as_amount, None),
                note=entry.get("note", as_text, ""),
            )

    return read


def _in_beijing(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M} Beijing time"


def _price_in_words(price: Price) -> str:
    tokens = ", ".join(
        f"{name.replace('_', ' ')} {amount:,f}"
        for name, amount in price.amounts.items()
        if name != "audio_hour"
    )
    parts = [f"{tokens} {price.currency} per 1M tokens"] if tokens else []
    if price.audio_hour is not None:
        parts.append(f"{price.audio_hour:,f} {price.currency} per hour of sound")
    told = " and ".join(parts) or f"nothing in {price.currency}"
    return f"{told} ({price.note})" if price.note else told
