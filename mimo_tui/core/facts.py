"""Facts with their provenance, and the reader of the TOML files that hold them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from mimo_tui.core.text import NOTHING, Clean

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")
E = TypeVar("E", bound=StrEnum)

Scalar: TypeAlias = "str | bool | int | Decimal"
Toml: TypeAlias = "Scalar | date | datetime | list[Toml] | dict[str, Toml]"
Table: TypeAlias = "dict[str, Toml]"


class CatalogueError(ValueError):
    """A file of facts cannot be used. The sentence names the entry and what is wrong with it."""


class Certainty(StrEnum):
    """How a source knows.

    Xiaomi's documentation, a host's own answer, somebody else's observation, our inference, or the person's word.
    """

    DOCS = "docs"
    HOST = "host"
    THIRD_PARTY = "third-party"
    INFERRED = "inferred"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was learned, and on which day. `url` is empty where the evidence has no address.

    `quote` is the sentence or row that says it. `fetched` and `digest` (SHA-256 in hex) are of a text that was read
    here, `simulated` of the simulated platform. For the person's own word `seen` says nothing.
    """

    key: str
    title: str
    url: str
    seen: date
    certainty: Certainty
    quote: Clean = NOTHING
    fetched: datetime | None = None
    digest: str = ""
    simulated: bool = False

    def __str__(self) -> str:
        if self.certainty is Certainty.PERSON:
            return self.title
        simulated = ", SIMULATED" if self.simulated else ""
        if self.fetched is not None:
            return f"{self.title}, read {self.fetched:%Y-%m-%d} from {self.url}{simulated}"
        how = "" if self.certainty is Certainty.DOCS else f", {self.certainty}"
        where = f", {self.url}" if self.url else ""
        return f"{self.title}{where} (seen {self.seen:%Y-%m-%d}{how}{simulated})"


@dataclass(frozen=True, slots=True)
class Claim(Generic[T_co]):
    """What one source says."""

    value: T_co
    source: Source


@dataclass(frozen=True, slots=True)
class Fact(Generic[T_co]):
    """What the sources say of one thing. There is at least one claim; we go by the first."""

    claims: tuple[Claim[T_co], ...]

    @property
    def value(self) -> T_co:
        """Give the value that we go by."""
        return self.claims[0].value

    @property
    def source(self) -> Source:
        """Give the source of the value that we go by."""
        return self.claims[0].source

    @property
    def counted(self) -> tuple[Claim[T_co], ...]:
        """Give the claims that count: all of them, or only the person's own, which settles a dispute."""
        return self.claims[:1] if self.source.certainty is Certainty.PERSON else self.claims

    def says(self, value: object) -> bool:
        """Tell whether every source that counts says this."""
        return all(agree(claim.value, value) for claim in self.counted)

    @property
    def disputed(self) -> bool:
        """Whether two sources that count say different things."""
        claims = self.counted
        if len(claims) < 2 or all(claim.value == claims[0].value for claim in claims):
            return False
        return not all(
            agree(one.value, other.value) for place, one in enumerate(claims) for other in claims[place + 1 :]
        )

    def without(self, page: str) -> "Fact[T_co] | None":
        """Give what is left if the page (an address or a source's key) says nothing; None: not known."""
        left = tuple(claim for claim in self.claims if page not in (claim.source.key, claim.source.url))
        return Fact(left) if left else None


@runtime_checkable
class Partial(Protocol):
    """A value of several parts that may say nothing of some of them."""

    def agrees(self, other: object) -> bool:
        """Tell whether the two say the same wherever both say something."""
        ...


def agree(one: object, other: object) -> bool:
    """Tell whether two values of one fact say the same, as far as both say something.

    The time 00:00 means that only the day is known, so it agrees with every hour of it; a list agrees in any order.
    """
    match one, other:
        case datetime(), datetime():
            other = other.astimezone(one.tzinfo)
            return one == other or (one.date() == other.date() and (is_day(one) or is_day(other)))
        case tuple(), tuple():
            return sorted(map(str, one)) == sorted(map(str, other))
        case Partial(), _:
            return one.agrees(other)
        case _:
            return one == other


def is_day(moment: datetime) -> bool:
    """Tell whether the source named the day only."""
    return moment.timetz().replace(tzinfo=None) == time()


class Entry:
    """A table of a file of facts, read in a `with` block.

    At the block's end a key that nobody read is an error: a misspelt fact would be lost in silence. Every
    error is a CatalogueError that names the entry.
    """

    def __init__(
        self,
        name: str,
        table: Table,
        sources: Mapping[str, Source] = MappingProxyType({}),
        default_sources: Mapping[str, Toml] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self._table = table
        self._sources = sources
        self._default_sources = default_sources
        self._unread = set(table) - {"source", "sources", "claims"}
        self._sourced: set[str] = set()

    def get(self, key: str, read: Callable[[Toml], T], default: T) -> T:
        """Give the value under `key`, or `default` where there is none."""
        return self.need(key, read) if key in self._table else default

    def need(self, key: str, read: Callable[[Toml], T]) -> T:
        """Give the value under `key`."""
        self._unread.discard(key)
        if key not in self._table:
            raise CatalogueError(f"{self.name} has no {key}")
        return self.read(key, self._table[key], read)

    def read(self, key: str, value: Toml, read: Callable[[Toml], T]) -> T:
        """Read a value that lies under `key`; an error says so."""
        try:
            return read(value)
        except CatalogueError as error:
            raise CatalogueError(f"{self.name}.{key}: {error}") from error

    def table(self, key: str) -> Table:
        """Give the table under `key`, empty where there is none."""
        return self.get(key, as_table, {})

    def entries(self) -> "Iterator[tuple[str, Entry]]":
        """Give every table in this one as an entry of its own."""
        with self:
            for key in self._table:
                yield key, Entry(f"{self.name}.{key}", self.table(key), self._sources, self._default_sources)

    def tables(self, key: str) -> list[Table]:
        """Give the tables under `key`, none where there are none."""
        return self.get(key, as_tables, [])

    def known(self, key: str, read: Callable[[Toml], T]) -> Fact[T]:
        """Give the fact under `key`, which must be there."""
        return self._with_claims(key, self.need(key, read), read)

    def fact(self, key: str, read: Callable[[Toml], T]) -> Fact[T] | None:
        """Give the fact under `key`; None: not known."""
        return self.known(key, read) if key in self._table else None

    def facts(
        self, key: str, read_name: Callable[[Toml], K], read: Callable[[Toml], T]
    ) -> Mapping[K, Fact[T]]:
        """Give a fact for each member of the table under `key`."""
        return MappingProxyType(
            {
                self.read(key, name, read_name): self._with_claims(
                    f"{key}.{name}", self.read(f"{key}.{name}", value, read), read
                )
                for name, value in self.table(key).items()
            }
        )

    def source(self, key: str = "source") -> Source:
        """Give the first source of the field `key`; of the entry as a whole by default."""
        return self._sources_of(key)[0]

    def source_of(self, key: "Toml | None", sources: Mapping[str, Source]) -> Source:
        """Give the source of that key."""
        if not isinstance(key, str) or key not in sources:
            raise CatalogueError(f"{self.name} names a source that is not listed: {key}")
        return sources[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None:
            return
        if self._unread:
            raise CatalogueError(f"{self.name} has unknown entries: {', '.join(sorted(self._unread))}")
        sourced = (
            {*self._own_sources(), *(self._field(claim) for claim in self._claims())} if self._sources else {}
        )
        if unknown := {str(field) for field in sourced} - self._sourced:
            raise CatalogueError(
                f"{self.name} names sources for what is not there: {', '.join(sorted(unknown))}"
            )

    def _with_claims(self, key: str, value: T, read: Callable[[Toml], T]) -> Fact[T]:
        claims = [Claim(value, source) for source in self._sources_of(key)]
        for claim in self._claims():
            if self._field(claim) == key and "value" in claim:
                source = self.source_of(claim.get("source"), self._sources)
                claims.append(Claim(self.read(key, claim["value"], read), source))
        return Fact(tuple(claims))

    def _claims(self) -> list[Table]:
        return self.read("claims", self._table.get("claims", []), as_tables)

    def _own_sources(self) -> Table:
        return self.read("sources", self._table.get("sources", {}), as_table)

    def _field(self, claim: Table) -> str:
        return self.read("claims", claim.get("field", "value"), as_text)

    def _sources_of(self, key: str) -> list[Source]:
        own, area = self._own_sources(), key.partition(".")[0]
        self._sourced |= {key, area}
        keys = next(
            (found[name] for found in (own, self._default_sources) for name in (key, area) if name in found),
            self._table.get("source"),
        )
        if keys is None:
            raise CatalogueError(f"{self.name} names no source for {key}")
        return [self.source_of(one, self._sources) for one in (keys if isinstance(keys, list) else [keys])]


def toml_table(text: str) -> Table:
    """Parse TOML, with decimal fractions kept exact. Raises CatalogueError."""
    import tomllib

    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a number of 5,000 digits, 1,000 brackets
        raise CatalogueError(f"not a file of facts: {error}") from error


def read_sources(top: Entry) -> dict[str, Source]:
    """Read the table `sources` of a file of facts."""
    sources = {}
    for key, table in top.table("sources").items():
        with Entry(f"sources.{key}", top.read("sources", table, as_table)) as entry:
            sources[key] = Source(
                key=key,
                title=entry.need("title", as_text),
                url=entry.get("url", as_text, ""),
                seen=entry.need("seen", as_date),
                certainty=entry.need("how", as_member(Certainty)),
            )
    return sources


def single_fact(entry: Entry, read: Callable[[Toml], T]) -> Fact[T]:
    """Read an entry of the form `{ value, source, claims }`."""
    with entry:
        return entry.known("value", read)


def as_text(value: Toml) -> str:
    """Take a text. These readers raise CatalogueError for anything else."""
    if not isinstance(value, str):
        raise CatalogueError(f"not a text: {value}")
    return value


def as_flag(value: Toml) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise CatalogueError(f"neither true nor false: {value}")
    return value


def as_count(value: Toml) -> int:
    """Take a whole number above 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise CatalogueError(f"not a whole number above 0: {value}")
    return value


def as_amount(value: Toml) -> Decimal:
    """Take a number that is not negative, exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not _is_finite(value) or value < 0:
        raise CatalogueError(f"not an amount: {value}")
    return Decimal(value)


def as_number(value: Toml) -> Decimal:
    """Take a number, exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not _is_finite(value):
        raise CatalogueError(f"not a number: {value}")
    return Decimal(value)


def as_date(value: Toml) -> date:
    """Take a day."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise CatalogueError(f"not a day: {value}")
    return value


def as_moment(value: Toml) -> datetime:
    """Take a moment with its time zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise CatalogueError(f"not a moment with its time zone: {value}")
    return value


def as_scalar(value: Toml) -> Scalar:
    """Take a text, a number, true or false."""
    if not isinstance(value, str | bool | int | Decimal):
        raise CatalogueError(f"neither text nor number: {value}")
    return value


def as_table(value: Toml) -> Table:
    """Take a table."""
    if not isinstance(value, dict):
        raise CatalogueError(f"not a table: {value}")
    return value


def as_list(value: Toml) -> "list[Toml]":
    """Take a list."""
    if not isinstance(value, list):
        raise CatalogueError(f"not a list: {value}")
    return value


def as_texts(value: Toml) -> tuple[str, ...]:
    """Take a list of texts."""
    return tuple(map(as_text, as_list(value)))


def as_member(kind: type[E]) -> Callable[[Toml], E]:
    """Give the reader of a member of `kind`."""

    def read(value: Toml) -> E:
        if value not in list(kind):
            raise CatalogueError(f"not one of {', '.join(kind)}: {value}")
        return kind(as_text(value))

    return read


def as_tables(value: Toml) -> list[Table]:
    """Take a list of tables."""
    return [as_table(member) for member in as_list(value)]


def _is_finite(value: int | Decimal) -> bool:
    return isinstance(value, int) or value.is_finite()
