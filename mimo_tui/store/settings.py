"""The person's own settings, `config.toml` in our configuration folder; edited so that comments and order stay."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from mimo_tui.core.docs.address import LOCALES
from mimo_tui.core.facts import CatalogueError, Table, Toml, as_table, as_text, as_texts, toml_table
from mimo_tui.core.secrets import looks_like_a_key, safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store import atomic
from mimo_tui.store.atomic import FileContent, SaveFailed, Step

LARGEST = 1 << 20
"""Bytes of a file of settings."""

CURRENCIES = ("CNY", "USD")
"""In what costs may be told."""

MEGABYTES = 500
"""Of what was spoken, where nothing is set."""

_MOST_MEGABYTES = 1_000_000
_FOLDER = 0o700
_KNOWN = frozenset(
    {
        *("doc_indexes", "language", "theme", "facts"),
        *("playground", "playground.keep", "playground.currency"),
        *("speech", "speech.keep", "speech.megabytes"),
    }
)

T = TypeVar("T")


class SettingsBroken(Exception):
    """The file of settings cannot be edited as it stands; the sentence says why. Nothing was written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{clean(str(path))} cannot be edited: {safe(why)}. Mend it, or move it away.")
        self.path = path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person set. `problem` says why a file that is there, or a part of it, is not used.

    `doc_indexes` are addresses of an index to look at before those of the catalogue. `facts` is the table of that name:
    facts in the form of `catalogue.toml` that go before all others. `language` is of the docs, `theme` of the screen;
    empty: not set. `keeps_records` and `currency` are of the playground: whether conversations are kept on the disk,
    and in what costs are told, empty: not set. `keeping_unknown`: it cannot be told, so that none are.

    `keeps_takes` and `takes_megabytes` are of speech: whether what was spoken is kept on the disk, and how many
    megabytes of it. `keeping_takes_unknown`: it cannot be told, so that nothing is.
    """

    doc_indexes: tuple[Clean, ...] = ()
    language: Clean = NOTHING
    theme: Clean = NOTHING
    keeps_records: bool = True
    keeping_unknown: bool = False
    currency: Clean = NOTHING
    keeps_takes: bool = True
    keeping_takes_unknown: bool = False
    takes_megabytes: int = MEGABYTES
    facts: Table = field(default_factory=dict)
    problem: Clean = NOTHING


def load(path: Path) -> Settings:
    """Read the settings. Never fails; a missing file sets nothing, a broken one or a broken part has a problem.

    Where it cannot be told whether records are to be kept, they are not.
    """
    try:
        content = _read(path)
        return Settings() if content is None else _settings(path, _table(content))
    except OSError as error:
        problem = clean(f"{path} cannot be read: {error.strerror or error}")
    except CatalogueError as error:
        problem = safe(f"{path} is not used: {error}")
    # It may say that nothing is to be kept.
    return Settings(
        keeps_records=False,
        keeping_unknown=True,
        keeps_takes=False,
        keeping_takes_unknown=True,
        problem=problem,
    )


def put(path: Path, name: str, value: str) -> None:
    """Set one text of the top level, or unset it with an empty one; every other line stays as it is.

    Raises SaveFailed, Conflict where another program wrote meanwhile, and SettingsBroken.
    """
    try:
        path.parent.mkdir(_FOLDER, parents=True, exist_ok=True)
    except OSError as cause:
        raise SaveFailed(path, Step.OPEN, cause) from cause
    try:
        content = _read(path)
        before = {} if content is None else _table(content)
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause
    except CatalogueError as error:
        raise SettingsBroken(path, str(error)) from error
    if isinstance(before.get(name), dict | list):
        raise SettingsBroken(path, f"{name} is no single value there")
    data = _edited(path, content.data if content is not None else b"", name, value)
    wanted = {key: each for key, each in before.items() if key != name} | ({name: value} if value else {})
    if toml_table(data.decode()) != wanted:
        raise SettingsBroken(path, f"{name} cannot be set without touching the rest")
    if content is None:
        atomic.create(path, data)
    else:
        atomic.replace(path, data, expected=content.stamp)


def _read(path: Path) -> FileContent | None:
    try:
        return atomic.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _table(content: FileContent) -> Table:
    if len(content.data) > LARGEST:
        raise CatalogueError(f"it has more than {LARGEST >> 20} MB")
    try:
        return toml_table(content.data.decode())
    except UnicodeDecodeError as error:
        raise CatalogueError("it is not text in UTF-8") from error


def _settings(path: Path, table: Table) -> Settings:
    problems: list[str] = []
    values = dict(table)

    def part(name: str, read: Callable[[Toml], T], default: T, otherwise: T | None = None) -> T:
        if name not in values:
            return default
        try:
            return read(values[name])
        except CatalogueError as error:
            problems.append(f"{name} is not used: {error}")
            return default if otherwise is None else otherwise

    playground: Table = part("playground", as_table, {}, otherwise={"keep": ""})
    values |= {f"playground.{name}": value for name, value in playground.items()}
    speech: Table = part("speech", as_table, {}, otherwise={"keep": ""})
    values |= {f"speech.{name}": value for name, value in speech.items()}
    found = Settings(
        doc_indexes=part("doc_indexes", _as_addresses, ()),
        language=part("language", _as_locale, NOTHING),
        theme=part("theme", _as_clean, NOTHING),
        # Whoever says something of it wants less to be kept rather than more.
        keeps_records=part("playground.keep", _as_switch, default=True, otherwise=False),
        currency=part("playground.currency", _as_currency, NOTHING),
        keeps_takes=part("speech.keep", _as_switch, default=True, otherwise=False),
        takes_megabytes=part("speech.megabytes", _as_megabytes, MEGABYTES),
        facts=part("facts", as_table, {}),
    )
    is_unknown = not found.keeps_records and values.get("playground.keep") is not False
    is_takes_unknown = not found.keeps_takes and values.get("speech.keep") is not False
    unknown = sorted(set(values) - _KNOWN)
    if unknown:
        problems.append(f"nothing is known of {', '.join(unknown)}")
    problem = safe(f"{path.name}: {'; '.join(problems)}.") if problems else NOTHING
    return replace(found, keeping_unknown=is_unknown, keeping_takes_unknown=is_takes_unknown, problem=problem)


def _as_addresses(value: Toml) -> tuple[Clean, ...]:
    return tuple(map(_as_address, as_texts(value)))


def _as_address(text: str) -> Clean:
    """Take an address over https, with no key in it."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise CatalogueError(f"not an address: {text}") from error
    if clean(text) != text or not host or "@" in parts.netloc or looks_like_a_key(text):
        raise CatalogueError(f"not an address of an index: {text}")
    if parts.scheme != "https":
        raise CatalogueError(f"an index is asked over https only: {text}")
    return clean(text)


def _as_locale(value: Toml) -> Clean:
    if value not in LOCALES:
        raise CatalogueError(f"it is none of {', '.join(LOCALES)}")
    return clean(as_text(value))


def _as_switch(value: Toml) -> bool:
    if not isinstance(value, bool):
        raise CatalogueError("it is neither true nor false")
    return value


def _as_megabytes(value: Toml) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_MEGABYTES:
        raise CatalogueError(f"it is no whole number from 1 to {_MOST_MEGABYTES:,}")
    return value


def _as_currency(value: Toml) -> Clean:
    if value not in CURRENCIES:
        raise CatalogueError(f"it is none of {', '.join(CURRENCIES)}")
    return clean(as_text(value))


def _as_clean(value: Toml) -> Clean:
    return clean(as_text(value))


def _edited(path: Path, data: bytes, name: str, value: str) -> bytes:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(data.decode())
    except TOMLKitError as error:
        raise SettingsBroken(path, str(error)) from error
    if value:
        document[name] = value
    else:
        document.pop(name, None)
    return tomlkit.dumps(document).encode()
