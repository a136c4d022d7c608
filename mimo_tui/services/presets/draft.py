"""A draft: what a person has typed over a preset and not saved yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mimo_tui.core import fields, json_text
from mimo_tui.core import preset as at
from mimo_tui.core.fields import Field, FieldError
from mimo_tui.core.json_text import Delete, Edit, EditError, Json, Set
from mimo_tui.core.rules.model import current_chat_models
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan, plan_edit


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts of the fields that were touched, by field id, and the capabilities that were removed and added."""

    original: PresetView
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    removed: frozenset[str] = frozenset()
    added: tuple[str, ...] = ()

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Give the names of the capabilities that the preset has in this draft."""
        preset = self.original.preset
        present = tuple(preset.capabilities) if preset else ()
        return (*(name for name in present if name not in self.removed), *self.added)

    @property
    def form(self) -> tuple[Field, ...]:
        """Give all fields that can be filled in."""
        return (
            *fields.FIELDS,
            *(each for name in self.capabilities for each in fields.capability_fields(name)),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft with its plan. `plan` is None while a field cannot be read; `faults` says which, by field id.

    `readable` is the plan of those fields that can be read: what is shown meanwhile.
    """

    plan: Plan | None
    faults: Mapping[str, str]
    edits: tuple[Edit, ...] = field(repr=False)
    readable: Plan | None = None

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose something."""
        return bool(self.edits or self.faults)


def judge_draft(services: Services, listing: Listing, draft: Draft) -> Judged:
    """Read every touched field and plan the change that they make together. Raises Refused for a broken file."""
    edits, document = list(_structure(draft)), _document(draft)
    form = {each.id: each for each in draft.form}
    faults: dict[str, str] = {}
    for identifier, text in draft.texts.items():
        target = form.get(identifier)
        if target is None:
            continue
        try:
            made = fields.edit(target, document, text)
        except FieldError as error:
            faults[identifier] = str(error)
            continue
        if made is not None:
            edits.append(made)
    try:
        plan = plan_edit(services, listing, draft.original, edits, label=f"edit {draft.original.name}")
    except EditError as error:
        return Judged(None, {**faults, "": str(error)}, tuple(edits))
    return Judged(None if faults else plan, faults, tuple(edits), plan)


def value_of(draft: Draft, target: Field) -> str:
    """Give the text that the field shows in this draft."""
    touched = draft.texts.get(target.id)
    if touched is not None:
        return touched
    return fields.shown(target, _document(draft))


def holds(target: Field, path: json_text.Path) -> bool:
    """Tell whether something at `path` belongs to this field."""
    return path[: len(target.path)] == target.path


def options(services: Services, listing: Listing, target: Field) -> tuple[str, ...]:
    """Give the values that are known for a field: current models, endpoints, slots and providers."""
    match target.suggest:
        case "models":
            return tuple(known.id for known in current_chat_models(services.catalogue, services.now()))
        case "endpoints":
            bases = {
                url: None
                for kind in services.catalogue.key_kinds
                for _, url in services.catalogue.bases_for(kind)
            }
            return tuple(bases)
        case "slots":
            return tuple(sorted(name for name in listing.context.slots.names if name.endswith("_API_KEY")))
        case "providers":
            present = {preset.preset.provider for preset in listing.presets if preset.preset}
            return tuple(sorted(present - {""}))
        case _:
            return target.choices


def _structure(draft: Draft) -> tuple[Edit, ...]:
    """Give the edits that remove and add capabilities; one that is both is set to an empty object."""
    removed = tuple(Delete((*at.CAPABILITIES, name)) for name in sorted(draft.removed - set(draft.added)))
    return (*removed, *(Set((*at.CAPABILITIES, name), {}) for name in draft.added))


def _document(draft: Draft) -> Json:
    """Give the document with the draft's capabilities, over which the touched fields are laid."""
    document = draft.original.entry.document
    if document is None:
        return {}
    edits = _structure(draft)
    return json_text.parse(json_text.apply(document.text, edits)).value if edits else document.value
