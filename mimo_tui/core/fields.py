"""The fields of a preset that a person fills in: where each stands, how it is read, and why it is so.

The editor's form and `mimo-tui presets set` are both made from these tables.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Delete, Edit, Json, JsonTextError, MissingPath, Path, Set, get, parse

_SCHEMA: Final = "Lingtai's schema of presets (lingtai-presets.md §2)"
_VISION: Final = "how Lingtai looks at pictures (lingtai-presets.md §3.6)"
_CAPABILITIES: Final = "Lingtai's registry of capabilities (lingtai-presets.md §5)"


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    LINES = "lines"
    JSON = "json"


class Empty(StrEnum):
    """What a field that was left empty becomes in the file."""

    TEXT = "text"
    NULL = "null"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `id` is its name in a command, `choices` the values that the table itself knows.

    `suggest` names the list that catalogue or library offers: `models`, `endpoints`, `slots`, `providers`.
    `area` is the catalogue's name of the doc page behind it, `or_area` that of one which is better where it alone holds
    the value, `topic` a word to look for there; without a page, `rule` says which notes the rule comes from.
    """

    id: str
    title: str
    path: Path
    help: str
    kind: Kind = Kind.TEXT
    empty: Empty = Empty.TEXT
    choices: tuple[str, ...] = ()
    suggest: str = ""
    area: str = ""
    or_area: str = ""
    topic: str = ""
    rule: str = ""


class FieldError(ValueError):
    """What was typed cannot be the field's value; the sentence says what can."""


FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        "Name",
        at.NAME,
        "What Lingtai shows. The file keeps its own name; rename changes both.",
        rule=_SCHEMA,
    ),
    Field(
        "summary", "Summary", at.SUMMARY, "One line that says what the preset is for. Required.", rule=_SCHEMA
    ),
    Field(
        "tier",
        "Tier",
        at.TIER,
        "1 to 5, the best is 5; empty for none.",
        empty=Empty.ABSENT,
        choices=("1", "2", "3", "4", "5"),
        rule=_SCHEMA,
    ),
    Field(
        "provider",
        "Provider",
        at.PROVIDER,
        "Whose models these are, for example mimo.",
        suggest="providers",
        rule=_SCHEMA,
    ),
    Field(
        "model",
        "Model",
        at.MODEL,
        "The model's id, exactly as the provider writes it.",
        suggest="models",
        area="models",
    ),
    Field(
        "base_url",
        "Base URL",
        at.BASE_URL,
        "Where requests go, up to and with /v1.",
        empty=Empty.NULL,
        suggest="endpoints",
        area="start",
        or_area="endpoints",
        topic="base URL",
    ),
    Field(
        "api_compat",
        "Surface",
        at.API_COMPAT,
        "Which surface the host speaks: openai or anthropic.",
        empty=Empty.ABSENT,
        choices=("openai", "anthropic"),
        area="start",
        topic="base URL",
    ),
    Field(
        "slot",
        "Slot",
        at.SLOT,
        "The name of the environment variable that holds the key.",
        suggest="slots",
        area="start",
        topic="key",
    ),
    Field(
        "context_limit",
        "Context limit",
        at.CONTEXT_LIMIT,
        "In tokens; empty for the model's own.",
        kind=Kind.NUMBER,
        empty=Empty.ABSENT,
        area="models",
        topic="context",
    ),
)

CAPABILITY_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "vision": (
        Field(
            "vision.provider",
            "Provider",
            (*at.VISION, "provider"),
            "mimo, another provider, or inherit.",
            empty=Empty.ABSENT,
            suggest="providers",
            rule=_VISION,
        ),
        Field(
            "vision.model",
            "Model",
            (*at.VISION, "model"),
            "The model that looks; empty takes the preset's.",
            empty=Empty.ABSENT,
            suggest="models",
            area="image",
            topic="model",
        ),
        Field(
            "vision.slot",
            "Slot",
            (*at.VISION, "api_key_env"),
            "Only for a provider of its own.",
            empty=Empty.ABSENT,
            suggest="slots",
            rule=_VISION,
        ),
    ),
    "skills": (
        Field(
            "skills.paths",
            "Paths",
            (*at.CAPABILITIES, "skills", "paths"),
            "Folders of skills, one a line.",
            kind=Kind.LINES,
            empty=Empty.ABSENT,
            rule=_CAPABILITIES,
        ),
    ),
    "web_search": (
        Field(
            "web_search.provider",
            "Provider",
            (*at.CAPABILITIES, "web_search", "provider"),
            "For example duckduckgo.",
            empty=Empty.ABSENT,
            rule=_CAPABILITIES,
        ),
        Field(
            "web_search.slot",
            "Slot",
            (*at.CAPABILITIES, "web_search", "api_key_env"),
            "Only where the provider needs a key.",
            empty=Empty.ABSENT,
            suggest="slots",
            rule=_CAPABILITIES,
        ),
    ),
    "web": (
        Field(
            "web.provider",
            "Provider",
            (*at.CAPABILITIES, "web", "provider"),
            "For example duckduckgo.",
            empty=Empty.ABSENT,
            rule=_CAPABILITIES,
        ),
    ),
}


def capability_fields(name: str) -> tuple[Field, ...]:
    """Give the form of a capability: its own fields, or one field of JSON for one without a form."""
    known = CAPABILITY_FIELDS.get(name)
    if known is not None:
        return known
    return (
        Field(
            name,
            "JSON",
            (*at.CAPABILITIES, name),
            "This capability's settings, as JSON.",
            kind=Kind.JSON,
            rule=_CAPABILITIES,
        ),
    )


def field(identifier: str) -> Field | None:
    """Give the field of that id."""
    known = (*FIELDS, *(each for fields in CAPABILITY_FIELDS.values() for each in fields))
    return next((each for each in known if each.id == identifier), None)


def shown(target: Field, document: Json) -> str:
    """Give the field's value in the document as the text that a person edits; empty where there is none."""
    try:
        value = get(document, target.path)
    except MissingPath:
        return ""
    match value:
        case None if target.kind is not Kind.JSON:
            return ""
        case str() if target.kind is not Kind.JSON:
            return value
        case list() if target.kind is Kind.LINES and all(isinstance(line, str) for line in value):
            return "\n".join(str(line) for line in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def edit(target: Field, document: Json, text: str) -> Edit | None:
    """Give the edit that makes the field hold what `text` says; None where it does already.

    Raises FieldError with a sentence for the person who typed it.
    """
    if text == shown(target, document):
        return None
    if not text.strip() and target.kind is not Kind.JSON:
        return _emptied(target, document)
    return Set(target.path, _parsed(target, text))


def _emptied(target: Field, document: Json) -> Edit | None:
    try:
        value = get(document, target.path)
    except MissingPath:
        return None
    match target.empty:
        case Empty.ABSENT:
            return Delete(target.path)
        case Empty.NULL:
            return None if value is None else Set(target.path, None)
        case Empty.TEXT:
            return None if value == "" else Set(target.path, "")


def _parsed(target: Field, text: str) -> Json:
    match target.kind:
        case Kind.TEXT:
            if any(character in text for character in "\n\r"):
                raise FieldError(f"{target.title} is one line.")
            return text
        case Kind.LINES:
            return [line for line in text.split("\n") if line.strip()]
        case Kind.NUMBER:
            digits = text.strip().replace(",", "").replace("_", "").replace(" ", "")
            if not (digits.isascii() and digits.isdigit()) or len(digits) > 18 or not int(digits):
                raise FieldError(f"{target.title} is a whole number above 0, in digits.")
            return int(digits)
        case Kind.JSON:
            try:
                return parse(text).value
            except JsonTextError as error:
                raise FieldError(f"This is no JSON: {error}") from error
