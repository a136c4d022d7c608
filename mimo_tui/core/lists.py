"""What the lists of models claim that hosts give at `GET /models` (`mimo-api.md` §11.3): ids, and nothing else."""

from collections.abc import Iterable, Iterator

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.evidence import ListSeen
from mimo_tui.core.facts import Certainty, Claim, Source
from mimo_tui.core.forms import Subject, is_id


def list_source(seen: ListSeen) -> Source:
    """Give the list of a host as a source."""
    return Source(
        key=f"list:{seen.host}",
        title=f"the list of models of {seen.host}",
        url=f"https://{seen.host}",
        seen=seen.at.date(),
        certainty=Certainty.HOST,
        fetched=seen.at,
        simulated=seen.simulated,
    )


def claims_of_lists(
    catalogue: Catalogue, lists: Iterable[ListSeen], *, known: frozenset[str]
) -> Iterator[tuple[Subject, Claim[object]]]:
    """Give what the newest list of each host of MiMo claims: that it names a model, or does not.

    An id that it names is offered. That a key's list leaves one out says nothing of what the service offers. A host
    that serves many makers' models tells of the known ones only.
    """
    newest = {one.host: one for one in sorted(lists, key=lambda one: (one.host, one.at))}
    found = {host: catalogue.find_host(host) for host in newest}
    mimos = frozenset(host for host, place in found.items() if place is not None and place[0].key_prefixes)
    named = {model_id for host in sorted(mimos) for model_id in newest[host].ids if is_id(model_id)}
    models = sorted(known | named)
    for host, seen in newest.items():
        if found[host] is None:
            continue
        source, ids = list_source(seen), frozenset(seen.ids)
        for model_id in models:
            yield ("models", model_id, "listed", host), Claim(model_id in ids, source)
            if host in mimos and model_id in ids:
                yield ("models", model_id, "offered"), Claim(value=True, source=source)
