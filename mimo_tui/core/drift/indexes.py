"""The index of the docs: is it still where it is expected?"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from mimo_tui.core.catalogue import Catalogue, DocIndex
from mimo_tui.core.drift.kinds import Discrepancy, Signal, Unchecked
from mimo_tui.core.drift.words import key_of, short
from mimo_tui.core.evidence import Evidence, IndexSeen, Outcome
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import Clean, clean

INDEX: Final = clean("the index of the docs")
"""What a discrepancy of the index, or one that could not be looked for, is about."""

_FETCH = "`mimo-tui docs update` asks again."


def compare(expected: Catalogue, evidence: Evidence) -> Iterator[Discrepancy]:
    """Give what speaks against the first address of the index. A site that is down says nothing about it."""
    seen = _first(expected, evidence)
    if seen is None:
        return
    index = expected.doc_indexes[0]
    if seen.outcome is Outcome.GONE:
        yield _gone(index, seen, f"The index of the docs is no longer at {seen.url}.")
    elif seen.outcome is Outcome.WEB_PAGE and _is_found_elsewhere(evidence, seen):
        yield _gone(index, seen, f"A web page stands at {seen.url} in place of the index of the docs.")
    elif seen.outcome is Outcome.MOVED and not _is_known(expected, seen.found_at):
        yield _moved(index, seen)


def unchecked(expected: Catalogue, evidence: Evidence) -> Iterator[Unchecked]:
    """Say what could not be asked."""
    seen = _first(expected, evidence)
    if not evidence.indexes:
        yield Unchecked(INDEX, clean("The docs were never fetched; `mimo-tui docs update` fetches them."))
    elif seen is not None and (
        seen.outcome in (Outcome.UNREACHABLE, Outcome.UNREADABLE)
        or (seen.outcome is Outcome.WEB_PAGE and not _is_found_elsewhere(evidence, seen))
    ):
        why = f" ({seen.reason})" if seen.reason else ""
        yield Unchecked(INDEX, short(f"{seen.url} gave {seen.outcome}{why}. {_FETCH}"))


def _first(expected: Catalogue, evidence: Evidence) -> IndexSeen | None:
    if not expected.doc_indexes:
        return None
    url = expected.doc_indexes[0].url
    return next((seen for seen in evidence.indexes if _place(seen.url) == _place(url)), None)


def _is_found_elsewhere(evidence: Evidence, seen: IndexSeen) -> bool:
    """Tell whether the docs answered in text at another address: else the login page of a network may answer all."""
    others = (one for one in evidence.indexes if one is not seen)
    return any(one.outcome in (Outcome.FOUND, Outcome.MOVED) for one in others) or any(
        page.outcome is Outcome.FOUND and page.checked > seen.at for page in evidence.pages
    )


def _is_known(expected: Catalogue, url: str) -> bool:
    return _place(url) in {_place(index.url) for index in expected.doc_indexes}


def _place(url: str) -> tuple[str | None, str]:
    try:
        split = urlsplit(url)
    except ValueError:
        return None, url
    return split.hostname, split.path.rstrip("/")


def _gone(index: DocIndex, seen: IndexSeen, message: str) -> Discrepancy:
    remedy = (
        "Look for the docs in a browser; `doc_indexes` in config.toml takes another address of the index."
    )
    return _discrepancy(index, seen, message, Clean(""), remedy)


def _moved(index: DocIndex, seen: IndexSeen) -> Discrepancy:
    remedy = "It is followed as it is. Look whether the new address is Xiaomi's own."
    message = f"The index of the docs has moved from {seen.url} to {seen.found_at}."
    return _discrepancy(index, seen, message, seen.found_at, remedy)


def _discrepancy(index: DocIndex, seen: IndexSeen, message: str, new: Clean, remedy: str) -> Discrepancy:
    signal = Signal.INDEX
    subject = ("index", index.url)
    quote = f"{seen.outcome}: {seen.reason}" if seen.reason else str(seen.outcome)
    return Discrepancy(
        key=key_of(signal, subject, new or seen.outcome, simulated=seen.simulated),
        signal=signal,
        severity=Severity.WARNING,
        subject=INDEX,
        message=short(message),
        old=clean(index.url),
        new=new,
        expected_from=short(str(index.source)),
        seen_in=short(f"{seen.url} (asked {seen.at:%Y-%m-%d}{', SIMULATED' if seen.simulated else ''})"),
        url=seen.url,
        quote=short(quote),
        remedy=clean(remedy),
        at=seen.at,
        simulated=seen.simulated,
    )
