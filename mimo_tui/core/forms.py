"""How the value of each fact is read, by its path: one table for the snapshot, for pages and for the person."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from mimo_tui.core.entries import Entry
from mimo_tui.core.facts import (
    CatalogueError,
    Table,
    Toml,
    as_count,
    as_flag,
    as_list,
    as_member,
    as_moment,
    as_number,
    as_scalar,
    as_table,
    as_text,
    as_texts,
)
from mimo_tui.core.model import Feature, Modality, ModelKind, Wire, as_modalities, as_price

Subject = tuple[str, ...]
Read = Callable[[Toml], object]

_DEEPEST = 5
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,99}")
_ANY = "*"


def as_mapping(value: Toml) -> Mapping[str, str]:
    """Take a table of texts."""
    return MappingProxyType({key: as_text(member) for key, member in as_table(value).items()})


def as_alternatives(value: Toml) -> tuple[str, ...]:
    """Take a text, or a list of texts of which each may stand there."""
    return (value,) if isinstance(value, str) else as_texts(value)


def as_voices(value: Toml) -> tuple[Table, ...]:
    """Take a list of voices, each a table of texts."""
    voices = []
    for place, table in enumerate(as_list(value)):
        with Entry(f"voices[{place}]", as_table(table)) as entry:
            entry.need("id", as_text)
            for name in ("language", "gender", "character"):
                entry.get(name, as_text, "")
            entry.table("stands_for")
        voices.append(as_table(table))
    return tuple(voices)


MODEL: Mapping[str, Read] = MappingProxyType(
    {
        "kind": as_member(ModelKind),
        "offered": as_flag,
        "inputs": as_modalities,
        "outputs": as_modalities,
        "title": as_text,
        "released": as_moment,
        "forwarded": as_moment,
        "retired": as_moment,
        "shutdown_seen": as_flag,
        "successor": as_text,
        "context": as_count,
        "max_output": as_count,
        "thinking": as_flag,
        "token_plan": as_flag,
        "rpm": as_count,
        "tpm": as_count,
        "price_cny": as_price("CNY"),
        "price_usd": as_price("USD"),
        "price_credits": as_price("credits"),
        "note": as_text,
    }
)
"""The facts of a model that are one value each."""

PARAMETER: Mapping[str, Read] = MappingProxyType(
    {
        "types": as_texts,
        "required": as_flag,
        "lowest": as_number,
        "highest": as_number,
        "most": as_count,
        "default": as_scalar,
        "options": as_texts,
        "while_thinking": as_scalar,
        "accepted": as_flag,
        "note": as_text,
    }
)
"""The facts of a parameter that are one value each."""

ERROR_CODE: Mapping[str, Read] = MappingProxyType(
    {"meaning": as_text, "message": as_alternatives, "detail": as_alternatives, "type": as_alternatives}
)

MEDIA: Mapping[str, Read] = MappingProxyType(
    {"formats": as_mapping, "url_bytes": as_count, "base64_characters": as_count}
)

PROSE = frozenset({"title", "note", "meaning"})
"""Names of facts that are sentences: two sources word them differently and mean the same."""

_FORMS: Mapping[Subject, Read] = MappingProxyType(
    {
        **{("models", _ANY, name): read for name, read in MODEL.items()},
        **{("models", _ANY, "wires", wire): as_flag for wire in Wire},
        **{("models", _ANY, "features", feature): as_flag for feature in Feature},
        ("models", _ANY, "voices"): as_voices,
        ("facts", _ANY): as_scalar,
        **{("paths", wire): as_text for wire in Wire},
        **{("parameters", wire, _ANY, name): read for wire in Wire for name, read in PARAMETER.items()},
        **{("parameters", wire, _ANY, "defaults", _ANY): as_scalar for wire in Wire},
        **{("error_codes", _ANY, name): read for name, read in ERROR_CODE.items()},
        **{("media", modality, name): read for modality in Modality for name, read in MEDIA.items()},
    }
)


def is_id(text: str) -> bool:
    """Tell whether the text can be the id of a model: ids are of small letters (`mimo-api.md` §5.4)."""
    return _ID.fullmatch(text) is not None


def same_form(one: object, other: object) -> bool:
    """Tell whether two values of single facts are both a yes or no, both a number, or both a text."""
    return _kind(one) is _kind(other)


def form_of(subject: Subject) -> Read | None:
    """Give the reader of the fact at that path; None: the catalogue holds no such fact."""
    match subject:
        case ("models" | "error_codes", _, *rest):
            return _FORMS.get((subject[0], _ANY, *rest))
        case ("facts", _):
            return _FORMS["facts", _ANY]
        case ("parameters", wire, _, "defaults", _):
            return _FORMS.get(("parameters", wire, _ANY, "defaults", _ANY))
        case ("parameters", wire, _, name):
            return _FORMS.get(("parameters", wire, _ANY, name))
        case _:
            return _FORMS.get(subject)


def values_in(table: Table, path: Subject = ()) -> Iterator[tuple[Subject, Toml]]:
    """Give each value of a table of facts with its path. Raises CatalogueError for what is no fact of the catalogue."""
    for key, value in table.items():
        subject = (*path, key)
        if form_of(subject) is not None:
            yield subject, value
        elif isinstance(value, dict) and len(subject) < _DEEPEST:
            yield from values_in(value, subject)
        else:
            raise CatalogueError(f"the catalogue has no fact {'.'.join(subject)}")


def _kind(value: object) -> type:
    return bool if isinstance(value, bool) else Decimal if isinstance(value, int | Decimal) else type(value)
