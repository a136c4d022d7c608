"""The pages of addresses: hosts, their families and clusters, and which keys go where (`mimo-api.md` §3.1)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mimo_tui.core.docs.page import Code, Page, Paragraph, Table
from mimo_tui.core.docs.readers.grid import find_column, row_quote, tables
from mimo_tui.core.docs.readers.statements import ANY, Draft, Reading, shortened
from mimo_tui.core.docs.readers.words import Meaning, plain, sentences, words
from mimo_tui.core.facts import Toml

_URL = re.compile(r"https?://(?P<host>(?:[a-z0-9.-]|<[^<>/]{1,30}>|\{[^{}/]{1,30}\}){3,120})")
_OPEN = re.compile(r"<[^<>/]{1,30}>|\{[^{}/]{1,30}\}")
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}")
_NO_HOST = re.compile(r"(?:^|\.)(?:local|localhost|internal)$|^(?:\d+\.){3}\d+$")
_PREFIX = re.compile(r"(?<![a-z0-9-])(?P<prefix>[a-z]{1,6}-)(?=$|[^a-z0-9-]|x{2,})")
_CLUSTER = re.compile(r"[a-z]{2,5}")
_CLUSTERS = re.compile(
    r"(?:clusters?|集群)[^.;。；]{0,60}?(?:\bis|\bare|\bone of|:|为|有|包括)\s?"
    r"(?P<list>[a-z]{2,5}(?:\s?(?:,\s?(?:or|and)?|、|/|\bor\b|\band\b|或|和)\s?[a-z]{2,5})+)(?![a-z])"
)
_BETWEEN = re.compile(r"\s?(?:,\s?(?:or|and)?|、|/|\bor\b|\band\b|或|和)\s?")
_EXPORT = re.compile(r"^\s*(?:export\s+|\$env:|set\s+)(?P<name>[A-Z][A-Z0-9_]{2,60})\s?=", re.MULTILINE)

_CLUSTER_COLUMN = Meaning(("cluster", "集群", "节点"), ("region", "地区"))
_KEY = Meaning(("key", "api key", "key prefix", "密钥"))
_FAMILIES = {
    "batch": ("batch", "批量", "批处理"),
    "token-plan": ("token plan", "plan", "subscription", "套餐", "订阅"),
    "pay-as-you-go": ("pay as you go", "payg", "pay per use", "metered", "按量", "按需"),
}
_ORDER = ("pay-as-you-go", "token-plan", "batch")


@dataclass(frozen=True, slots=True)
class _Address:
    """A host of a table: its family, its cluster where it has one, the prefixes of its keys, and where it stands."""

    host: str
    family: str
    cluster: str
    prefixes: tuple[str, ...]
    quote: str
    line: int


def read_start(page: Page) -> Reading:
    """Read the table of base URLs and keys, and the slot that the samples take a key from."""
    draft = Draft()
    _read(page, draft, keys=True)
    slots = {
        found for block in page.blocks if isinstance(block, Code) for found in _EXPORT.findall(block.text)
    }
    if len(slots) == 1:
        block = next(one for one in page.blocks if isinstance(one, Code) and _EXPORT.search(one.text))
        draft.state(("facts", "key_slot"), slots.pop(), block.text.split("\n")[0], block.line)
        draft.cover([("facts", "key_slot")])
    return draft.reading()


def read_quick_access(page: Page) -> Reading:
    """Read the table of the clusters of a plan."""
    draft = Draft()
    _read(page, draft, keys=False)
    return draft.reading()


def _read(page: Page, draft: Draft, *, keys: bool) -> None:
    clusters = _clusters(page)
    found: list[_Address] = []
    whole = True
    for table, rows in tables(page):
        for row in rows:
            if not _URL.search(plain(" ".join(row))):
                continue
            addresses = list(_addresses(table, row, clusters))
            if not addresses:
                whole = False
                draft.miss(f"an address is not understood: {shortened(row_quote(row), 80)}")
            found += addresses
    if not found:
        draft.miss("no table with a column for the base URL and one for the billing or the cluster")
        return
    _state_hosts(found, draft)
    hosts = (ANY,) if whole else {one.host for one in found}
    draft.cover(("hosts", host, part) for host in hosts for part in ("family", "cluster"))
    if keys:
        _state_keys(found, draft, whole=whole)


def _state_hosts(found: Sequence[_Address], draft: Draft) -> None:
    for one in found:
        draft.state(("hosts", one.host, "family"), one.family, one.quote, one.line)
        if one.cluster:
            draft.state(("hosts", one.host, "cluster"), one.cluster, one.quote, one.line)


def _state_keys(found: Sequence[_Address], draft: Draft, *, whole: bool) -> None:
    prefixes = dict.fromkeys(prefix for one in found for prefix in one.prefixes)
    if not prefixes:
        draft.miss("no column for the form of the key")
        return
    for prefix in prefixes:
        rows = [one for one in found if prefix in one.prefixes]
        families: list[Toml] = [family for family in _ORDER if any(one.family == family for one in rows)]
        quote = " ; ".join(dict.fromkeys(one.quote for one in rows))
        draft.state(("key_prefixes", prefix, "families"), families, quote, rows[0].line)
    draft.cover(("key_prefixes", prefix, "families") for prefix in ((ANY,) if whole else prefixes))


def _addresses(table: Table, row: Sequence[str], clusters: Sequence[str]) -> Iterator[_Address]:
    """Give the hosts of a row; none: it does not say whose they are."""
    cluster_at, key_at = find_column(table.columns, _CLUSTER_COLUMN), find_column(table.columns, _KEY)
    named = plain(row[cluster_at]) if cluster_at is not None else ""
    cluster = named if _CLUSTER.fullmatch(named) else ""
    family = _family(table, row, in_cluster=cluster_at is not None)
    keys = plain(row[key_at]) if key_at is not None else ""
    prefixes = tuple(match["prefix"] for match in _PREFIX.finditer(keys))
    quote = row_quote(row)
    for host in dict.fromkeys(match["host"].rstrip(".") for match in _URL.finditer(plain(" ".join(row)))):
        if not family or _NO_HOST.search(host):
            continue
        if _HOST.fullmatch(host):
            yield _Address(host, family, cluster, prefixes, quote, table.line)
        elif len(_OPEN.findall(host)) == 1:
            for one in clusters:
                filled = _OPEN.sub(one, host)
                if _HOST.fullmatch(filled):
                    yield _Address(filled, family, one, prefixes, quote, table.line)


def _family(table: Table, row: Sequence[str], *, in_cluster: bool) -> str:
    own = words(*(cell for cell in row if not _URL.search(plain(cell))))
    around = words(*table.columns, *table.headings)
    for text in (own, around):
        found = next((family for family, said in _FAMILIES.items() if text.say(said)), None)
        if found:
            return found
    return "token-plan" if in_cluster else ""


def _clusters(page: Page) -> tuple[str, ...]:
    """Give the clusters that a sentence lists: "The cluster of a plan is `cn`, `sgp` or `ams`"."""
    for block in page.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(block.text):
                match = _CLUSTERS.search(plain(sentence))
                if match:
                    return tuple(one for one in _BETWEEN.split(match["list"]) if one)
    return ()
