"""Subjects and values in words, the signal of a subject, and the key of a discrepancy."""

from collections.abc import Sequence
from hashlib import sha256

from mimo_tui.core.docs.readers import Subject
from mimo_tui.core.drift.kinds import Signal
from mimo_tui.core.evidence import PageSeen
from mimo_tui.core.facts import Fact
from mimo_tui.core.model import in_words
from mimo_tui.core.secrets import safe
from mimo_tui.core.subjects import Value
from mimo_tui.core.text import NOTHING, Clean

_LONGEST = 300
_FEW = 3
"""Names that two lists have in common and that are told each time; of more, only the difference is."""

_OF_MODEL = {
    "inputs": Signal.CAPABILITY,
    "outputs": Signal.CAPABILITY,
    "features": Signal.CAPABILITY,
    "wires": Signal.CAPABILITY,
    "thinking": Signal.CAPABILITY,
    "token_plan": Signal.CAPABILITY,
    "context": Signal.PRICE_OR_LIMIT,
    "max_output": Signal.PRICE_OR_LIMIT,
    "rpm": Signal.PRICE_OR_LIMIT,
    "tpm": Signal.PRICE_OR_LIMIT,
    "price_cny": Signal.PRICE_OR_LIMIT,
    "price_usd": Signal.PRICE_OR_LIMIT,
    "price_credits": Signal.PRICE_OR_LIMIT,
}

_FIELDS = {
    "rpm": "requests a minute",
    "tpm": "tokens a minute",
    "price_cny": "price in CNY",
    "price_usd": "price in USD",
    "price_credits": "price in credits",
    "max_output": "longest output",
}
_THINGS = {
    "hosts": "the host ",
    "key_prefixes": "keys that begin with ",
    "error_codes": "the error ",
}


def signal_of(subject: Subject) -> Signal:
    """Give the signal that a change of this subject is."""
    match subject:
        case ("hosts" | "key_prefixes", *_):
            return Signal.HOSTS
        case ("models", _, field, *_):
            return _OF_MODEL.get(field, Signal.DOCS)
        case ("facts", name) if "price" in name or "_per_" in name:
            return Signal.PRICE_OR_LIMIT
        case _:
            return Signal.DOCS


def subject_words(subject: Subject) -> Clean:
    """Name the subject for a person."""
    match subject:
        case ("parameters", wire, name, *rest):
            return short(", ".join((f"the parameter {name} of {_plain(wire)}", *map(_plain, rest))))
        case ("paths", wire):
            return short(f"the path of {_plain(wire)}")
        case ("models", model, *path):
            parts = (_FIELDS.get(part, _plain(part)) for part in path if part not in ("features", "wires"))
            return short(", ".join((model, *parts)))
        case (kind, name, *rest):
            return short(", ".join((f"{_THINGS.get(kind, '')}{_plain(name)}", *map(_plain, rest))))
        case _:
            return short(", ".join(subject))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def value_words(value: Value | None) -> Clean:
    """Write a value for a person; nothing is empty."""
    if value is None:
        return NOTHING
    if isinstance(value, int) and not isinstance(value, bool):
        return Clean(f"{value:,}")
    return short(in_words(value))


def fact_words(fact: Fact[Value]) -> Clean:
    """Give what a fact says, all sides of it where it is disputed."""
    return short(joined(list(dict.fromkeys(value_words(claim.value) for claim in fact.claims)), "or"))


def shift_words(fact: Fact[Value], seen: Sequence[Value]) -> tuple[Clean, Clean] | None:
    """Write two long lists as what only one of them names, the old one first; None: they are no such lists."""
    old, new = fact.value, seen[0]
    if not (isinstance(old, frozenset) and isinstance(new, frozenset)):
        return None
    if fact.disputed or any(other != new for other in seen) or len(old & new) <= _FEW:
        return None
    gone, came = (", ".join(sorted(map(str, names))) for names in (old - new, new - old))
    rest = f"{len(old & new)} others"
    return (
        short(f"{gone} and {rest}" if gone else f"{rest}, without {came}"),
        short(f"{came} and {rest}" if came else f"{rest}, without {gone}"),
    )


def page_words(page: PageSeen) -> Clean:
    """Name a page as a source: its title, address, and when that text came."""
    simulated = ", SIMULATED" if page.simulated else ""
    return short(f"{page.title}, {page.url} (read {page.fetched:%Y-%m-%d}{simulated})")


def key_of(signal: Signal, subject: Subject, new: str, *, simulated: bool) -> str:
    """Give what the discrepancy is known by: another value is another discrepancy."""
    mark = sha256("\0".join((*subject, new)).encode("utf-8", "replace")).hexdigest()[:10]
    return f"{'simulated-' if simulated else ''}{signal}/{short('/'.join(subject))}/{mark}"


def joined(parts: Sequence[str], word: str) -> str:
    """Join with commas, and the last two by `word`."""
    return f" {word} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def short(text: str) -> Clean:
    """Give text from outside as a line that may be shown, not without end."""
    line = safe(text[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else Clean(f"{line[:_LONGEST]}…")
