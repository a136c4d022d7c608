"""Facts with their provenance, and the readers of the values that files of facts hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

from mimo_tui.core.text import NOTHING, Clean

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=StrEnum)

BEIJING: Final = timezone(timedelta(hours=8))
"""Where times of the docs are from unless they say otherwise (`mimo-api.md` §5.2)."""

_MOST_DIGITS = 30

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


def toml_table(text: str) -> Table:
    """Parse TOML, with decimal fractions kept exact. Raises CatalogueError, also for a number out of all proportion."""
    import tomllib

    try:
        return tomllib.loads(text, parse_float=_exact)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a number of 5,000 digits, 1,000 brackets
        raise CatalogueError(f"not a file of facts: {error}") from error


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


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if number.is_finite() and number and not -_MOST_DIGITS <= number.adjusted() <= _MOST_DIGITS:
        # Written out, `1e999999999` would fill the memory.
        raise CatalogueError(f"a number of more than {_MOST_DIGITS} digits: {text[:40]}")
    return number


def _is_finite(value: int | Decimal) -> bool:
    return isinstance(value, int) or value.is_finite()
