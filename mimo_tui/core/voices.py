"""The voices that a service names where it is asked for one that it has not (`mimo-api.md` §9.2)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.evidence import VoicesSeen
from mimo_tui.core.exchange import ApiError, Exchange, read_error
from mimo_tui.core.facts import Certainty, Claim, Source
from mimo_tui.core.forms import Subject
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import Voice
from mimo_tui.core.secrets import looks_like_a_key, safe
from mimo_tui.core.text import NOTHING, Clean, clean

_REFUSED: Final = re.compile(
    r"(?:unknown|invalid|unsupported|no such)\s{1,9}voice(?:\s{1,9}(?:id|name))?\b"
    r"(?!\s{1,9}(?:sample|data|file|format|url|clon|design|description))",
    re.IGNORECASE,
)
_OFFERED: Final = re.compile(
    r"(?:available|supported|valid|allowed)\s{1,9}voices?(?:\s{1,9}are)?\s{0,9}[:：=]?\s{0,9}", re.IGNORECASE
)
_BRACKETS: Final = {"[": "]", "{": "}", "(": ")", "【": "】"}
_QUOTES: Final = " \t\n\"'`“”‘’「」"
_MARKS: Final = f"{_QUOTES}.。,，;；:：="
_BETWEEN: Final = re.compile(r"[,，、;；|\n]|\s(?:and|or)\s")
_ABOUT: Final = re.compile(r"\s*[:：]|\s[-–—]\s")
_ASIDE: Final = re.compile(r"[(（][^()（）]*[)）]")
_LINE_ENDS: Final = str.maketrans(dict.fromkeys("␊␍␉", " "))
_VOICE: Final = re.compile(r"\w(?:[\w .+\-]{0,78}[\w.+\-])?")
_NAMES: Final = ("id", "voice_id", "voice", "name")

_SHORT: Final = 200
"""Characters of an error of which nothing can have been left out, as it was kept."""

_LONGEST: Final = 80
"""Characters of the voice that was asked for."""

_MOST: Final = 500
_CLOSE: Final = 0.6


@dataclass(frozen=True, slots=True)
class NoVoice:
    """What a service says of a voice that it has not. `asked` is that voice, empty: not said.

    `voices` are those that it has, in its own order; `is_whole`: none of them is missing here. `quote` is the sentence.
    """

    asked: Clean
    voices: tuple[Clean, ...]
    is_whole: bool
    quote: Clean

    @property
    def close(self) -> Clean:
        """The voice that was meant, by its spelling; empty: none is like it."""
        by_folded = {voice.casefold(): voice for voice in self.voices}
        found = get_close_matches(self.asked.casefold(), by_folded, n=1, cutoff=_CLOSE)
        return by_folded[found[0]] if found else NOTHING


def no_voice(exchange: Exchange) -> NoVoice | None:
    """Give what an answer says of an unknown voice; None: it says nothing of one."""
    # The body is kept longer than the error that was read from it, if it is kept whole.
    for error, is_whole in ((read_error(exchange.body), True), (exchange.error, False)):
        for text in _sentences(error):
            found = _refusal(text, is_whole=is_whole or len(text) < _SHORT)
            if found is not None:
                return found
    return None


def voices_source(seen: VoicesSeen) -> Source:
    """Give the answer that named the voices as a source."""
    return Source(
        key=f"voices:{seen.host}:{seen.model}",
        title=f"the answer of {seen.host} to an unknown voice",
        url=f"https://{seen.host}",
        seen=seen.at.date(),
        certainty=Certainty.HOST,
        quote=seen.quote,
        fetched=seen.at,
        simulated=seen.simulated,
    )


def claims_of_voices(
    catalogue: Catalogue, seen: Iterable[VoicesSeen], described: Mapping[str, Iterable[Voice]]
) -> Iterator[tuple[Subject, Claim[object]]]:
    """Give what hosts of MiMo claim of the voices of a model, the newest answer first: which ones there are.

    `described` are the voices of each model that other sources describe: in which language they speak, and so on. An
    alias that the answer leaves out stays as long as a voice that it stands for is there.
    """
    for one in sorted(seen, key=lambda one: one.at, reverse=True):
        place = catalogue.find_host(one.host)
        if place is None or not place[0].key_prefixes or not one.ids:
            continue
        source = voices_source(one)
        known = tuple(described.get(one.model, ()))
        voices = (*(_voice(each, known, source) for each in one.ids), *_aliases(one.ids, known))
        yield ("models", one.model, "voices"), Claim(voices, source)


def is_alias(voice: Voice) -> bool:
    """Tell whether it only stands for other voices."""
    return bool(voice.stands_for)


def _aliases(ids: tuple[Clean, ...], known: Iterable[Voice]) -> Iterator[Voice]:
    named = set(ids)
    for voice in known:
        if voice.id not in named and not named.isdisjoint(voice.stands_for.values()):
            named.add(clean(voice.id))
            yield voice


def _voice(voice_id: str, known: tuple[Voice, ...], source: Source) -> Voice:
    same = [voice for voice in known if voice.id == voice_id]

    def told(values: Iterable[str]) -> str:
        return next((value for value in values if value), "")

    return Voice(
        id=voice_id,
        language=told(voice.language for voice in same),
        gender=told(voice.gender for voice in same),
        character=told(voice.character for voice in same),
        stands_for=next((voice.stands_for for voice in same if voice.stands_for), {}),
        source=source,
    )


def _sentences(error: ApiError | None) -> Iterator[Clean]:
    if error is not None:
        yield error.detail
        yield error.message


def _refusal(said: Clean, *, is_whole: bool) -> NoVoice | None:
    text = said.translate(_LINE_ENDS)
    refused = _REFUSED.search(text)
    if refused is None:
        return None
    rest = text[refused.end() :]
    offered = _OFFERED.search(rest)
    asked = safe((rest[: offered.start()] if offered else rest).strip(_MARKS)[:_LONGEST])
    if offered is None:
        return NoVoice(asked, (), is_whole=False, quote=said)
    voices, has_end = _listed(rest[offered.end() :])
    return NoVoice(asked, voices, is_whole if has_end is None else has_end, said)


def _listed(text: str) -> tuple[tuple[Clean, ...], bool | None]:
    """Give the names of a list, and whether it has an end; None: it has no brackets that would tell."""
    closing = _BRACKETS.get(text[:1], "")
    end = text.find(closing) if closing else len(text)
    inner = text[len(closing) : end if end >= 0 else len(text)]
    members = _members(inner) if closing else None
    if members is None:
        members = [_ABOUT.split(each, maxsplit=1)[0] for each in _BETWEEN.split(_ASIDE.sub("", inner))]
    usable = (name for each in members if (name := each.strip(_MARKS)) and _is_usable(name))
    return tuple(map(Clean, dict.fromkeys(usable)))[:_MOST], (end >= 0 if closing else None)


def _members(inner: str) -> list[str] | None:
    """Read the inside of a list that is written as JSON; None: it is not."""
    try:
        members: Json = json.loads(f"[{inner}]")
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, list):
        return None
    names = [
        next((each[name] for name in _NAMES if isinstance(each.get(name), str)), "")
        if isinstance(each, dict)
        else each
        for each in members
    ]
    return [name for name in names if isinstance(name, str)]


def _is_usable(name: str) -> bool:
    return _VOICE.fullmatch(name) is not None and not looks_like_a_key(name) and safe(name) == name
