"""The reader of the TOML files that hold facts: each table is an entry, whose errors name it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Self, TypeVar

from mimo_tui.core.facts import (
    CatalogueError,
    Certainty,
    Claim,
    Fact,
    Source,
    Table,
    Toml,
    as_date,
    as_member,
    as_table,
    as_tables,
    as_text,
)

T = TypeVar("T")
K = TypeVar("K")


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
