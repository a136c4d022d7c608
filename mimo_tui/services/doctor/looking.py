"""Each kind of thing that can be wrong, as complaints: presets, keys, files, and drift."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import format_path
from mimo_tui.core.report import Remedy
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Label
from mimo_tui.services import Services
from mimo_tui.services.doctor import remedies
from mimo_tui.services.doctor.complaints import Complaint, Place
from mimo_tui.services.drift import Found
from mimo_tui.services.keys.listing import Keys, SlotView
from mimo_tui.services.keys.placing import Misplaced, remembered_misplaced
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.store import envfile
from mimo_tui.store.checks import Remembered
from mimo_tui.store.configuration import configuration

_NOT_WRONG = frozenset({"template"})
_PRIVATE = "keys are for their owner only (lingtai-presets.md §1.1)"
_REFUSED = frozenset({Label.REVOKED, Label.WRONG_FAMILY})
_ITS_KEY = {
    Label.REVOKED: "its key is",
    Label.WRONG_FAMILY: "its key is",
    Label.SEVERAL: "its key",
    Label.UNDETERMINED: "where its key belongs is",
}


def at_home(path: Path, home: Path) -> Clean:
    """Give a path as people say it: `~` for the home."""
    return clean(f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path))


def verdict_on(slot: SlotView, services: Services) -> Remembered | None:
    """Give the last verdict on its key; one of the simulated platform says nothing about a real one."""
    known = slot.check
    return None if known is None or (known.simulated and not services.simulated) else known


def of_presets(listing: Listing, keys: Keys, services: Services) -> Iterator[Complaint]:
    """Give every finding of every preset; what its slot or a check of its key tells better is left to them."""
    moved = {
        misplaced.preset.reference
        for slot in keys.slots
        for misplaced in remembered_misplaced(services, slot)
        if misplaced.base is not None
    }
    for view in listing.presets:
        for finding in view.findings:
            told_by_slot = finding.code == "key-read-differently" or (
                finding.code == "key-kind-unknown" and finding.path == at.SLOT
            )
            told_by_check = finding.code == "key-kind-misfit" and view.reference in moved
            if finding.code not in _NOT_WRONG and not told_by_slot and not told_by_check:
                yield _of_preset(view, finding)


def _of_preset(view: PresetView, finding: Finding) -> Complaint:
    place = Place.FILES if finding.code == "loose-mode" else Place.PRESET
    return Complaint(
        id=f"{place}/{view.reference}/{finding.code}@{format_path(finding.path)}",
        place=place,
        severity=finding.severity,
        code=finding.code,
        where=view.reference,
        message=clean(finding.message),
        because=clean(finding.because),
        remedies=remedies.of_preset(view, finding),
        finding=finding,
        preset=view,
        path=view.entry.path,
    )


def of_keys(keys: Keys, services: Services) -> Iterator[Complaint]:
    """Give what is wrong with each slot, what its last check found, and the presets that its key does not fit."""
    for slot in keys.slots:
        for finding in slot.findings:
            if finding.code not in ("inline-key", "loose-mode"):  # the preset and the file tell those
                yield _of_slot(slot, finding)
        if (check := verdict_on(slot, services)) is not None:
            yield from _of_check(slot, check)
        for misplaced in remembered_misplaced(services, slot):
            told = any(finding.code == "key-kind-misfit" for finding in misplaced.preset.findings)
            if misplaced.base is not None or not told:
                yield _of_misplaced(slot, misplaced)


def _of_slot(slot: SlotView, finding: Finding) -> Complaint:
    mended = {
        "key-read-differently": "write it once, as NAME=value on a line of its own",
        "key-kind-unknown": "put the right key in",
        "key-elsewhere": "put one key into .env, and take the other away",
    }
    told = mended.get(finding.code)
    return Complaint(
        id=f"{Place.KEY}/{slot.name}/{finding.code}",
        place=Place.KEY,
        severity=finding.severity,
        code=finding.code,
        where=slot.name,
        message=clean(finding.message),
        because=clean(finding.because),
        remedies=(Remedy(clean(told), remedies.command("keys", "set", slot.name)),) if told else (),
        slot=slot,
    )


def _of_check(slot: SlotView, check: Remembered) -> Iterator[Complaint]:
    if check.label is Label.BELONGS:
        return
    refused = Severity.ERROR if slot.presets else Severity.WARNING
    severity = refused if check.label in _REFUSED else Severity.INFO
    code = f"key-{check.label.name.lower().replace('_', '-')}"
    again = Remedy(clean("ask the hosts again"), remedies.command("keys", "check", slot.name))
    another = Remedy(clean("put another key in"), remedies.command("keys", "set", slot.name))
    family = f" of {check.family}" if check.family else ""
    yield Complaint(
        id=f"{Place.KEY}/{slot.name}/{code}",
        place=Place.KEY,
        severity=severity,
        code=code,
        where=slot.name,
        message=clean(f"{_ITS_KEY[check.label]} {check.title}"),
        because=clean(f"so the hosts{family} answered on {check.at:%Y-%m-%d %H:%M} UTC"),
        remedies=(again, another) if severity is not Severity.INFO else (again,),
        slot=slot,
        since=check.at,
        simulated=check.simulated,
    )


def _of_misplaced(slot: SlotView, misplaced: Misplaced) -> Complaint:
    check = slot.check
    asked = f", asked on {check.at:%Y-%m-%d %H:%M} UTC" if check is not None else ""
    return Complaint(
        id=f"{Place.KEY}/{slot.name}/key-misplaced@{misplaced.preset.reference}",
        place=Place.KEY,
        severity=Severity.ERROR,
        code="key-misplaced",
        where=slot.name,
        message=misplaced.says,
        because=clean(f"a key works on the hosts of its own cluster only (mimo-api.md §3.1){asked}"),
        remedies=(remedies.of_misplaced(slot, misplaced),),
        preset=misplaced.preset,
        slot=slot,
        misplaced=misplaced,
        since=check.at if check is not None else None,
        simulated=check is not None and check.simulated,
    )


def of_files(listing: Listing, keys: Keys, services: Services) -> Iterator[Complaint]:
    """Give files that others may read, and files that could not be read or used."""
    places = services.places
    # The list of presets names such files by their last name only; here each has its path and what mends it.
    around = (*listing.findings, *(each for each in keys.findings if each.code == "checks-unreadable"))
    for finding in around:
        if finding.code != "loose-mode":
            yield _of_file(finding.code, finding.severity, places.lingtai, finding.message, finding.because)
    yield from _loose(services)
    knowledge = services.knowledge
    settings = knowledge.settings.problem
    if settings:
        because = "until it is mended the program goes on as if nothing were set"
        yield _of_file("settings-unused", Severity.WARNING, places.settings, settings, because)
    if knowledge.problem and knowledge.problem != settings:
        because = "what is known rests on the shipped catalogue alone"
        yield _of_file("docs-unusable", Severity.WARNING, places.docs, knowledge.problem, because)
    if services.observations.problem:
        because = "what hosts answered is not remembered; a check asks again"
        problem = services.observations.problem
        yield _of_file("observations-unusable", Severity.INFO, places.observations, problem, because)
    for fault in services.history.faults():
        because = "what is damaged can no longer be undone; everything else can"
        yield _of_file("history-damaged", Severity.WARNING, places.history, fault, because)


def _of_file(code: str, severity: Severity, path: Path, message: str, because: str) -> Complaint:
    return Complaint(
        id=f"{Place.FILES}/{clean(str(path))}/{code}",
        place=Place.FILES,
        severity=severity,
        code=code,
        where=clean(path.name),
        message=clean(message),
        because=clean(because),
        path=path,
    )


def _loose(services: Services) -> Iterator[Complaint]:
    places = services.places
    env, mirror = envfile.read(places.env_file), configuration(places.config_file)
    if env.loose:
        yield _of_loose(places.env_file, "it holds keys")
    if mirror.mode is not None and mirror.mode & 0o077 and (mirror.keys or mirror.problem):
        yield _of_loose(places.config_file, "it holds keys")
    if snapshots := services.history.loose():
        count = len(snapshots)
        held = f"earlier versions of your files, with the keys in them ({count} of its files and folders)"
        yield _of_loose(places.history, f"it holds {held}", below=True)


def _of_loose(path: Path, held: str, *, below: bool = False) -> Complaint:
    mode = path.stat().st_mode & 0o777
    return Complaint(
        id=f"{Place.FILES}/{clean(str(path))}/loose-mode",
        place=Place.FILES,
        severity=Severity.WARNING,
        code="loose-mode",
        where=clean(path.name),
        message=clean(f"{held}, and others on this machine can read it (mode {mode:04o})"),
        because=clean(_PRIVATE),
        remedies=(remedies.of_file(path, below=below),),
        path=path,
    )


def of_drift(found: Iterable[Found]) -> Iterator[Complaint]:
    """Give what contradicts an expectation."""
    for each in found:
        seen = each.discrepancy
        expected = f"expected {seen.old or 'nothing'} by {seen.expected_from}; " if seen.expected_from else ""
        yield Complaint(
            id=f"{Place.DRIFT}/{seen.key}",
            place=Place.DRIFT,
            severity=seen.severity,
            code=str(seen.signal),
            where=seen.subject,
            message=seen.message,
            because=clean(f"{expected}{seen.new or 'nothing'} by {seen.seen_in}"),
            remedies=(Remedy(seen.remedy),) if seen.remedy else (),
            discrepancy=seen,
            since=each.first_seen,
            simulated=seen.simulated,
        )
