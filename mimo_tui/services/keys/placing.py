"""Presets that sit on another host than the one where their key works, and the way to the right one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mimo_tui.core import endpoints
from mimo_tui.core import preset as at
from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.endpoints import Endpoint, Fit, host_takes
from mimo_tui.core.json_text import Edit, Json, Path, Set
from mimo_tui.core.preset import INHERIT, Preset, Source
from mimo_tui.core.rules.key import slot_edits
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.verdict import Verdict, place
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import SlotView, calls_mimo, is_mimos_host
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan, Refused, plan_edit


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A preset whose endpoint does not fit the verdict. `base` is the URL that would be right; None: not known.

    `edits` write it: into the preset's own base URL, and into those of its capabilities that use the same key.
    """

    preset: PresetView
    says: Clean
    base: str | None
    edits: tuple[Edit, ...] = ()


def misplaced_presets(services: Services, verdict: Verdict, slot: SlotView) -> Sequence[Misplaced]:
    """Give the presets that use the slot on a host where, by the verdict, its key does not work.

    Without a host in the verdict only those that the prefix rules out.
    """
    case = _Case(services.catalogue, verdict, slot)
    views = (view for view in slot.presets if calls_mimo(view, services.catalogue))
    return tuple(found for view in views if (found := _misplaced(case, view)) is not None)


def remembered_misplaced(services: Services, slot: SlotView) -> tuple[Misplaced, ...]:
    """Give the presets that the last verdict on the key rules out; one of a simulation says nothing of the service."""
    known = slot.check
    if known is None or (known.simulated and not services.simulated):
        return ()
    found = services.catalogue.find_host(known.host)
    verdict = Verdict(known.label, known.title, found[1] if found is not None else None, (), NOTHING)
    return tuple(misplaced_presets(services, verdict, slot))


def plan_move(services: Services, listing: Listing, misplaced: Misplaced) -> Plan:
    """Plan to write the right base URL into a preset, as `listing` has it. Raises planning.Refused.

    A template is copied, and the copy keeps the slot: it is its key that belongs to that host.
    """
    checked, base = misplaced.preset, misplaced.base
    view = next((each for each in listing.presets if each.entry.path == checked.entry.path), None)
    if view is None:
        raise Refused(f"{checked.reference} is no longer there.")
    preset = view.preset
    if preset is None or base is None:
        raise Refused(f"{view.reference} is not moved: which host is right is not known.")
    edits = misplaced.edits
    if not _is_as_checked(checked, view, edits):
        raise Refused(
            f"{view.reference} is not moved: it or its key was changed since the check; check again."
        )
    if view.source is Source.TEMPLATE and preset.slot:
        edits = (*slot_edits(preset, preset.slot), *edits)
    host = endpoints.read(base, services.catalogue).title
    label = f"move {view.name or view.entry.stem} to {host}"
    return plan_edit(services, listing, view, edits, label=label)


def _is_as_checked(checked: PresetView, view: PresetView, edits: Sequence[Edit]) -> bool:
    """Tell whether the verdict still holds for the preset: the same key, going to the hosts that were looked at."""
    before, now = checked.preset, view.preset
    if before is None or now is None or (before.slot, checked.key) != (now.slot, view.key):
        return False
    return all(
        _value(now.document, edit.path) in (_value(before.document, edit.path), edit.value)
        for edit in edits
        if isinstance(edit, Set)
    )


def _value(document: Mapping[str, Json], path: Path) -> Json:
    found: Json = dict(document)
    for step in path:
        found = found.get(step) if isinstance(found, dict) and isinstance(step, str) else None
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    catalogue: Catalogue
    verdict: Verdict
    slot: SlotView

    def is_wrong(self, endpoint: Endpoint) -> bool:
        """Tell whether the key does not work there: by the verdict, else by its prefix."""
        if self.verdict.host is not None:
            return endpoint.host != self.verdict.host.name
        return host_takes(self.slot.kind, endpoint) is Fit.MISFIT

    def base(self, endpoint: Endpoint) -> str | None:
        """Give the base URL of the same surface where the key works; a cluster is never guessed."""
        host, kind = self.verdict.host, self.slot.kind
        if host is not None:
            found = self.catalogue.find_host(host.name)
            return found[0].base(host, endpoint.surface) if found is not None else None
        bases = self.catalogue.bases_for(kind, endpoint.surface) if kind is not None else ()
        return bases[0][1] if len(bases) == 1 else None

    def belongs(self) -> str:
        """Say where the key works."""
        host, kind = self.verdict.host, self.slot.kind
        if host is not None:
            return f"its key belongs to {place(host)}"
        return f"its key is a {kind.title} key, by its prefix {kind.prefix}" if kind is not None else ""


def _misplaced(case: _Case, view: PresetView) -> Misplaced | None:
    preset = view.preset
    if preset is None:
        return None
    written = preset.base_url or ""
    own = view.endpoint or endpoints.read(written, case.catalogue, provider=preset.provider)
    wrong = [
        (path, called)
        for path, called in ((at.BASE_URL, own), *_capabilities(case, preset))
        if case.is_wrong(called)
    ]
    if not wrong:
        return None
    path, called = wrong[0]
    where = "" if path == at.BASE_URL else f" for {path[-2]}"
    host = called.cluster or called.host
    calls = f"calls {host}{where}" if host else "names no host"
    bases = [(each, case.base(endpoint)) for each, endpoint in wrong]
    edits = tuple(Set(each, base) for each, base in bases if base is not None)
    says = safe(f"{view.reference} {calls}, and {case.belongs()}.")
    return Misplaced(view, says, bases[0][1], edits)


def _capabilities(case: _Case, preset: Preset) -> Iterator[tuple[Path, Endpoint]]:
    """Give the base URLs of the capabilities that send the slot's key to a host of MiMo."""
    for name, value in preset.capabilities.items():
        if not isinstance(value, dict) or value.get("provider") not in (preset.provider, INHERIT):
            continue
        url = value.get("base_url")
        if isinstance(url, str) and url and clean(_slot_in(value, preset)) == case.slot.name:
            called = endpoints.read(url, case.catalogue, provider=preset.provider)
            if is_mimos_host(called, case.catalogue):
                yield (*at.CAPABILITIES, name, "base_url"), called


def _slot_in(capability: Mapping[str, Json], preset: Preset) -> str:
    own = capability.get("api_key_env")
    return own if isinstance(own, str) and own else preset.slot or ""
