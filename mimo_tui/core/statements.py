"""What a page that was read claims: its statements, typed as the catalogue's facts are."""

from collections.abc import Iterator

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.readers import Statement
from mimo_tui.core.evidence import PageSeen
from mimo_tui.core.facts import CatalogueError, Certainty, Claim, Source, Table, Toml
from mimo_tui.core.forms import Subject, form_of, is_id, same_form
from mimo_tui.core.model import Voice
from mimo_tui.core.text import NOTHING, Clean, clean

_ALTERNATIVES = ("message", "detail", "type")


def page_source(page: PageSeen, quote: Clean = NOTHING) -> Source:
    """Give the page as a source, for what the quote says. A page in English and one in Chinese are two."""
    return Source(
        key=f"docs:{page.locale}:{page.path}",
        title=page.title,
        url=page.url,
        seen=page.fetched.date(),
        certainty=Certainty.DOCS,
        quote=quote,
        fetched=page.fetched,
        digest=page.digest,
        simulated=page.simulated,
    )


def claims_of_page(shipped: Catalogue, page: PageSeen) -> Iterator[tuple[Subject, Claim[object]]]:
    """Give each claim of the page. A statement that the catalogue has no place or no use for is left out."""
    sources: dict[Clean, Source] = {}
    alternatives: dict[Subject, Claim[object]] = {}
    for statement in page.reading.statements if page.reading is not None else ():
        subject, quote = statement.subject, statement.quote
        if quote not in sources:
            sources[quote] = page_source(page, quote)
        source = sources[quote]
        value = _value(shipped, statement, source)
        if value is None:
            continue
        if subject[0] == "error_codes" and subject[-1] in _ALTERNATIVES:
            earlier = alternatives.get(subject, Claim((), source))
            both = dict.fromkeys((*_members(earlier.value), *_members(value)))
            alternatives[subject] = Claim(tuple(both), earlier.source)
        else:
            yield subject, Claim(value, source)
    yield from alternatives.items()


def _members(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _value(shipped: Catalogue, statement: Statement, source: Source) -> object | None:
    subject = statement.subject
    read = form_of(subject)
    if read is None or (subject[0] == "models" and not is_id(subject[1])):
        return None
    try:
        value = read(_cleaned(statement.value))
    except CatalogueError:
        return None
    if subject[0] == "facts":
        known = shipped.facts.get(subject[1])
        return value if known is None or same_form(value, known.value) else None
    if subject[2:] == ("voices",):
        return voices_in(shipped, subject[1], value, source)
    return value


def voices_in(shipped: Catalogue, model_id: str, tables: object, source: Source) -> tuple[Voice, ...] | None:
    """Give the voices that a source lists; what it leaves out of one is as it was known. None: it lists none."""
    model = shipped.model(model_id)
    known = {voice.id: voice for voice in model.voices} if model is not None else {}
    found = (
        _voice(table, known.get(str(table["id"])), source)
        for table in _members(tables)
        if isinstance(table, dict)
    )
    return tuple(found) or None


def _voice(table: Table, known: Voice | None, source: Source) -> Voice:
    def told(name: str, before: str) -> str:
        value = table.get(name)
        return value if isinstance(value, str) and value else before

    before = known or Voice("", "", "", "", {}, source)
    return Voice(
        id=str(table["id"]),
        language=told("language", before.language),
        gender=told("gender", before.gender),
        character=told("character", before.character),
        stands_for=before.stands_for,
        source=source,
    )


def _cleaned(value: Toml) -> Toml:
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(member) for member in value]
        case dict():
            return {clean(key): _cleaned(member) for key, member in value.items()}
        case _:
            return value
