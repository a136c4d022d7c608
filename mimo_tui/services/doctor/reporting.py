"""The report of what the doctor found, for those who can mend it: written where the person says, and never sent."""

import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mimo_tui import __version__
from mimo_tui.core import report as reports
from mimo_tui.core.drift import Signal
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.findings import Severity
from mimo_tui.core.hiding import Hidden
from mimo_tui.core.json_text import MissingPath, format_path, get
from mimo_tui.core.report import Evidence, Gravity, Issue, Report, among, capital
from mimo_tui.core.secrets import Secret, names_a_key
from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.doctor.complaints import Complaint, Examination, Place
from mimo_tui.services.doctor.looking import at_home
from mimo_tui.services.presets.listing import Listing, list_presets
from mimo_tui.services.presets.masking import inline_secrets
from mimo_tui.store.agents import agents
from mimo_tui.store.kernel import installed_kernel

_UNKNOWN = clean("unknown")
_SHORTEST_KEY = 6
_COMPONENTS = {
    Place.PRESET: clean("preset"),
    Place.KEY: clean("key of a preset"),
    Place.FILES: clean("file"),
    Place.DRIFT: clean("documentation or service"),
}
_EXPECTED = {
    Place.PRESET: clean("A preset that agents can use and Lingtai can save as it is."),
    Place.KEY: clean("A slot whose key every reader reads alike and a host of the presets on it takes."),
    Place.FILES: clean("A file that can be used, and that only its owner can read where it holds keys."),
    Place.DRIFT: clean("What the catalogue knows."),
}
_NATURES = {
    Signal.INDEX: "documentation bug, a dead or moved address",
    Signal.MODEL_NOT_FOUND: "documentation bug or service bug, for they contradict each other",
    Signal.HOSTS: "documentation bug, or a change of the service that tools must follow",
    Signal.CAPABILITY: "documentation bug or service bug, for they contradict each other",
    Signal.PRICE_OR_LIMIT: "documentation bug, or a change of the service that tools must follow",
    Signal.DOCS: "a bug of neither, but the docs changed, and what tools know is stale",
}
_ON_THIS_MACHINE = clean("neither a bug of docs nor of code, but files of this machine")
_GRAVITY = {
    Severity.ERROR: Gravity.BLOCKING,
    Severity.WARNING: Gravity.MINOR,
    Severity.INFO: Gravity.COSMETIC,
}


def report(
    examination: Examination, services: Services, complaints: Sequence[Complaint] | None = None
) -> Clean:
    """Write the report of all complaints or of these: the form's headings, the evidence to the letter.

    No key is in it and no path of a home (`lingtai-presets.md` §8).
    """
    listing = list_presets(services)
    chosen = examination.complaints if complaints is None else tuple(complaints)
    written = Report(
        at=examination.at,
        issues=tuple(_issues(chosen, examination, services)),
        commands=(clean("mimo-tui doctor --check" if examination.asked.checks else "mimo-tui doctor"),),
        works=examination.works,
        basis=(*examination.basis, *(_unchecked(examination))),
        versions=tuple(_versions(services, chosen)),
        simulated=examination.simulated,
    )
    return reports.write(written, Hidden(_secrets(listing), _homes(services)))


def _unchecked(examination: Examination) -> Iterator[Clean]:
    return (clean(f"Not checked: {each.subject}. {each.reason}") for each in examination.unchecked)


def _issues(complaints: Iterable[Complaint], examination: Examination, services: Services) -> Iterator[Issue]:
    """Give one issue for all places that have the same thing wrong."""
    alike: dict[tuple[str, str, str], list[Complaint]] = {}
    for each in complaints:
        place = each.id if each.place is Place.DRIFT else each.place
        alike.setdefault((place, each.code, each.message), []).append(each)
    for found in alike.values():
        yield _issue(found, examination, services)


def _issue(alike: Sequence[Complaint], examination: Examination, services: Services) -> Issue:
    first, seen = alike[0], alike[0].discrepancy
    remedies = dict.fromkeys(remedy for each in alike for remedy in each.remedies)
    nature = clean(_NATURES[seen.signal]) if seen is not None else _ON_THIS_MACHINE
    is_old = seen is not None and first.severity is Severity.WARNING
    return Issue(
        code=first.code,
        component=_COMPONENTS[first.place],
        places=tuple(dict.fromkeys(each.where for each in alike)),
        files=tuple(dict.fromkeys(file for each in alike for file in _files(each, services))),
        message=first.message,
        expected=_expected(first),
        actual=_actual(first),
        nature=nature,
        gravity=Gravity.MAJOR if is_old else _GRAVITY[first.severity],
        evidence=_alike(evidence for each in alike for evidence in _evidence(each, examination)),
        remedies=tuple(remedies),
    )


def _files(complaint: Complaint, services: Services) -> Iterator[Clean]:
    if complaint.path is not None:
        yield at_home(complaint.path, services.places.home)
    if complaint.misplaced is not None:
        yield at_home(complaint.misplaced.preset.entry.path, services.places.home)
    elif complaint.slot is not None:
        yield at_home(services.places.env_file, services.places.home)
    if complaint.discrepancy is not None and complaint.discrepancy.url:
        yield complaint.discrepancy.url


def _expected(complaint: Complaint) -> Clean:
    seen = complaint.discrepancy
    if seen is None:
        return _EXPECTED[complaint.place]
    if not seen.old:
        return clean(f"{seen.subject}: nothing of it is in the catalogue.")
    return clean(f"{seen.subject}: {seen.old}. So says {seen.expected_from or 'the catalogue'}.")


def _actual(complaint: Complaint) -> Clean:
    seen = complaint.discrepancy
    if seen is None:
        because = f"; because: {complaint.because.rstrip('.')}" if complaint.because else ""
        return clean(f"{capital(complaint.message.rstrip('.'))}{because}.")
    # Where there is no other value, only the message tells what became of the old one.
    if seen.old and seen.new:
        return clean(f"{seen.subject}: {seen.new}. So says {seen.seen_in}.")
    return clean(f"{complaint.message.rstrip('.')}. Seen in {seen.seen_in}.")


def _alike(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Give what is to the letter the same once, with all that it was seen in."""
    found: dict[Clean, dict[Clean, None]] = {}
    for each in evidence:
        found.setdefault(each.text, {})[each.title] = None
    return tuple(Evidence(clean(among(tuple(titles))), text) for text, titles in found.items())


def _evidence(complaint: Complaint, examination: Examination) -> Iterator[Evidence]:
    seen, finding = complaint.discrepancy, complaint.finding
    if seen is not None and seen.quote:
        yield Evidence(seen.seen_in, seen.quote)
    if complaint.preset is not None and finding is not None and finding.path:
        document = complaint.preset.entry.document
        named = any(names_a_key(part) for part in finding.path if isinstance(part, str))
        try:
            value = get(document.value, finding.path) if document is not None and not named else None
        except MissingPath:
            value = None
        if isinstance(value, str | int | float | bool):
            yield Evidence(complaint.where, clean(f"{format_path(finding.path)}: {value!r}"))
    if complaint.slot is not None:
        for check in examination.asked.checks:
            if check.slot == complaint.slot.name:
                yield from (_exchange(probe.exchange) for probe in check.probes)


def _exchange(exchange: Exchange) -> Evidence:
    answer = ", ".join(
        str(part) for part in (exchange.status, exchange.failure, exchange.reason) if part not in (None, "")
    )
    head = f"{exchange.method} {exchange.url} at {exchange.at:%Y-%m-%d %H:%M:%S} UTC: {answer}"
    return Evidence(clean(f"{exchange.host} was asked"), clean_lines(f"{head}\n{exchange.body}".rstrip()))


def _versions(services: Services, complaints: Iterable[Complaint]) -> Iterator[tuple[Clean, Clean]]:
    yield clean("mimo-tui"), clean(__version__)
    yield clean("Python"), clean(f"{platform.python_version()} on {platform.system()}")
    yield clean("Lingtai's kernel"), installed_kernel(services.places) or _UNKNOWN
    yield clean("Lingtai's TUI"), _UNKNOWN
    active = {
        at_home(agent.active, services.places.home)
        for agent in agents(services.places)
        if agent.active is not None
    }
    yield clean("active preset"), clean(", ".join(sorted(active))) or _UNKNOWN
    about = dict.fromkeys(
        clean(each.preset.preset.model) for each in complaints if each.preset and each.preset.preset
    )
    if about:
        yield clean("models named"), clean(", ".join(about))


def _secrets(listing: Listing) -> tuple[Secret, ...]:
    """Give every key that is known, wherever it lies; a flag or a plain word would hide half of the report."""
    slots = listing.context.slots
    found = [
        secret
        for values in (*slots.env_file.values(), slots.process, slots.config)
        for secret in values.values()
    ]
    for view in listing.presets:
        if view.entry.document is not None:
            found += inline_secrets(view.entry.document.value)
    return tuple(dict.fromkeys(secret for secret in found if not _is_a_word(secret.reveal())))


def _is_a_word(text: str) -> bool:
    return len(text) < _SHORTEST_KEY and (text.isdigit() or (text.isalpha() and text.islower()))


def _homes(services: Services) -> tuple[str, ...]:
    folders = (services.places.home, Path.home())
    return tuple(dict.fromkeys(str(spelled) for each in folders for spelled in (each, each.resolve())))
