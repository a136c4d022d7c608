"""The person's own facts, the table `facts` of `config.toml`: they stand before all others, and settle a dispute."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mimo_tui.core.catalogue import Catalogue, Host
from mimo_tui.core.entries import Entry
from mimo_tui.core.facts import (
    CatalogueError,
    Certainty,
    Claim,
    Source,
    Table,
    Toml,
    as_tables,
    as_text,
)
from mimo_tui.core.forms import Subject, form_of, is_id, same_form, values_in
from mimo_tui.core.statements import voices_in
from mimo_tui.core.text import clean

_TITLE = "your config.toml"
_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_HOSTS = "hosts"


def own_source(shipped: Catalogue) -> Source:
    """Give the source of what the person says. It has no day of its own."""
    return Source("config", _TITLE, "", shipped.compiled, Certainty.PERSON)


def own_claims(shipped: Catalogue, override: Table) -> dict[Subject, Claim[object]]:
    """Give what the person says, by the path of the fact. Raises CatalogueError, which names the entry."""
    source = own_source(shipped)
    values = {name: table for name, table in override.items() if name != _HOSTS}
    claims: dict[Subject, Claim[object]] = {}
    for subject, value in _plain(values):
        name = f"facts.{clean('.'.join(subject))}"
        read = form_of(subject)
        if read is None or (subject[0] == "facts" and subject[1] not in shipped.facts):
            raise CatalogueError(f"the catalogue has no fact {name}")
        if subject[0] == "models" and not is_id(subject[1]):
            raise CatalogueError(f"{name}: that cannot be the id of a model")
        try:
            claims[subject] = Claim(_value(shipped, subject, read(value), source), source)
        except CatalogueError as error:
            raise CatalogueError(f"{name}: {clean(str(error))}") from error
    for model_id in dict.fromkeys(subject[1] for subject in claims if subject[0] == "models"):
        if shipped.model(model_id) is None:
            claims.setdefault(("models", model_id, "offered"), Claim(value=True, source=source))
    return claims


def with_own_hosts(shipped: Catalogue, catalogue: Catalogue, override: Table) -> Catalogue:
    """Give the catalogue with the hosts that the person names too. Raises CatalogueError, which names the entry."""
    try:
        tables = as_tables(override.get(_HOSTS, []))
    except CatalogueError as error:
        raise CatalogueError(f"facts.{_HOSTS}: {error}") from error
    for place, table in enumerate(tables):
        family_id, host = _host(Entry(f"facts.{_HOSTS}[{place}]", table), own_source(shipped))
        catalogue = _with_host(catalogue, family_id, host, f"facts.{_HOSTS}[{place}]")
    return catalogue


def _plain(values: Table) -> Iterator[tuple[Subject, Toml]]:
    """Give each value with its path; a single fact may be written as `{ value = … }`, as in the snapshot."""
    for subject, value in values_in(values):
        if subject[0] in ("facts", "paths") and isinstance(value, dict) and list(value) == ["value"]:
            yield subject, value["value"]
        else:
            yield subject, value


def _value(shipped: Catalogue, subject: Subject, value: object, source: Source) -> object:
    if subject[0] == "facts" and not same_form(value, shipped.facts[subject[1]].value):
        raise CatalogueError(f"of another kind than {shipped.facts[subject[1]].value}")
    if subject[2:] == ("voices",):
        return voices_in(shipped, subject[1], value, source) or ()
    return value


def _host(entry: Entry, source: Source) -> tuple[str, Host]:
    with entry:
        name = entry.need("name", as_text).lower()
        if not _HOST_NAME.fullmatch(name):
            raise CatalogueError(f"{entry.name}.name is no name of a host, such as api.example.com")
        cluster, region = entry.get("cluster", as_text, ""), entry.get("region", as_text, "")
        return entry.need("family", as_text), Host(name, clean(cluster), clean(region), source)


def _with_host(catalogue: Catalogue, family_id: str, host: Host, name: str) -> Catalogue:
    if family_id not in {family.id for family in catalogue.families}:
        families = ", ".join(family.id for family in catalogue.families)
        raise CatalogueError(f"{name}.family is none of {families}")
    if catalogue.is_website(host.name):
        raise CatalogueError(f"{name}.name carries pages and no API")
    present = catalogue.find_host(host.name)
    if present is not None and present[0].id != family_id:
        raise CatalogueError(f"{name}.name belongs to the family {present[0].id} already")
    return replace(
        catalogue,
        families=tuple(
            replace(family, hosts=(*(one for one in family.hosts if one.name != host.name), host))
            if family.id == family_id
            else family
            for family in catalogue.families
        ),
    )
