"""The voices that a service names where it is asked for one that it has not (`mimo-api.md` §9.2)."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    r"(?P<some>(?:some|a few|other|more|similar|popular)\s{1,9})?"
    r"(?:available|supported|valid|allowed)\s{1,9}voices?(?:\s{1,9}are)?\s{0,9}[:：=]?\s{0,9}",
    re.IGNORECASE,
)
_BRACKETS: Final = {"[": "]", "{": "}", "(": ")", "【": "】"}
_MARKS: Final = " \t\n\"'`“”‘’「」.。,，;；:："
_QUOTED: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+"|\'(?:[^\'\\]|\\.)*+\'|`[^`]*+`|“[^”]*+”|‘[^’]*+’|「[^」]*+」'
)
_BETWEEN: Final = re.compile(r"[,，、;；|\n]|\s(?:and|or)\s")
_ABOUT: Final = re.compile(r"\s*[:：]|\s[-–—]\s")
_ASIDE: Final = re.compile(r"\([^()]*+\)|（[^（）]*+）")
_MORE: Final = re.compile(r"(?:\d+ )?(?:more|others?|etc)\b.*|.*\.\.+", re.IGNORECASE)
_GOES_ON: Final = re.compile(r"\s*(?:[,，、…+等]|\.{2,}|(?:and|or|etc)\b)", re.IGNORECASE)
_LINE_ENDS: Final = str.maketrans(dict.fromkeys("␊␍␉", " "))
_VOICE: Final = re.compile(r"\w(?:[\w .+\-]{0,78}[\w.+\-])?")
_WORD: Final = re.compile(r"\w(?:[\w.+\-]*\w)?")
_NAMES: Final = ("id", "voice_id", "voice", "name")

_LONGEST: Final = 80
"""Characters of the voice that was asked for."""

_MOST: Final = 500
_CLOSE: Final = 0.6


@dataclass(frozen=True, slots=True)
class NoVoice:
    """What a service says of a voice that it has not. `asked` is that voice, empty: not said.

    `voices` are those of a list in brackets, in its own order; `is_whole`: each member of it is the name of a voice,
    and none is missing. `quote` is the sentence.
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

    def is_believable(self, known: Collection[str]) -> bool:
        """Tell whether the model has these voices and no others. A list of one is doubtful, unless it is `known`."""
        return self.is_whole and (len(self.voices) > 1 or (bool(self.voices) and self.voices[0] in known))


def no_voice(exchange: Exchange) -> NoVoice | None:
    """Give what an answer says of an unknown voice; None: it says nothing of one."""
    # The body is kept longer than the error that was read from it, if it is kept whole.
    for error in (read_error(exchange.body), exchange.error):
        for text in _sentences(error):
            if (found := _refusal(text)) is not None:
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


def _refusal(said: Clean) -> NoVoice | None:
    text = said.translate(_LINE_ENDS)
    refused = _REFUSED.search(text)
    if refused is None:
        return None
    rest = text[refused.end() :]
    offered = _OFFERED.search(rest)
    asked = safe((rest[: offered.start()] if offered else rest).strip(_MARKS)[:_LONGEST])
    members, is_whole = _listed(rest[offered.end() :]) if offered is not None else ((), False)
    if not {asked, *_WORD.findall(asked)}.isdisjoint(members):
        # It holds what was refused, so that it may be a list of anything.
        members, is_whole = (), False
    some = offered is not None and offered["some"] is not None
    names = tuple(dict.fromkeys(name for name in members if name is not None))
    is_all = is_whole and not some and None not in members and 0 < len(names) <= _MOST
    return NoVoice(asked, names[:_MOST], is_all, said)


def _listed(text: str) -> tuple[tuple[Clean | None, ...], bool]:
    """Give the names of a list in brackets, None in place of what can be none, and whether it has an end.

    What stands in no brackets is prose, of which nobody can tell a name.
    """
    found = _as_json(text)
    if found is None and (closing := _BRACKETS.get(text[:1])):
        members, end = _split(text, closing)
        found = tuple(map(_name, members)), end
    if found is None:
        return (), False
    names, end = found
    return names, end > 0 and not _GOES_ON.match(text, end)


def _as_json(text: str) -> tuple[tuple[Clean | None, ...], int] | None:
    """Read a list that is written as JSON, and where it ends; None: it is not."""
    try:
        document, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    members: Json = document
    return (tuple(map(_member, members)), end) if isinstance(members, list) else None


def _member(member: Json) -> Clean | None:
    if isinstance(member, dict):
        member = next((member[name] for name in _NAMES if isinstance(member.get(name), str)), None)
    return _usable(member.strip()) if isinstance(member, str) else None


def _split(text: str, closing: str) -> tuple[list[str], int]:
    """Give the members of a list as they are written, and where it ends; 0: it does not. What is quoted is one."""
    members: list[str] = []
    begin = place = 1
    while place < len(text):
        is_new = not text[begin:place].strip()
        if (one := (_QUOTED.match(text, place) if is_new else None) or _ASIDE.match(text, place)) is not None:
            place = one.end()
        elif text[place] == closing:
            last = text[begin:place]
            # A comma may stand behind the last one.
            return [*members, *([last] if last.strip() else [])], place + 1
        elif (mark := _BETWEEN.match(text, place)) is not None:
            if text[begin:place].strip():
                members.append(text[begin:place])
            begin = place = mark.end()
        else:
            place += 1
    # What it was cut off in may be half a name.
    return members, 0


def _name(member: str) -> Clean | None:
    """Give the name of a member without what is said about it; what is quoted is a name as it is."""
    text = member.strip()
    quoted = _QUOTED.match(text)
    if quoted is None:
        return _usable(_ABOUT.split(_ASIDE.sub("", text), maxsplit=1)[0].strip())
    about = _ASIDE.sub("", text[quoted.end() :])
    return _usable(quoted[0][1:-1]) if not about.strip() or _ABOUT.match(about) else None


def _usable(name: str) -> Clean | None:
    is_name = _VOICE.fullmatch(name) is not None and not looks_like_a_key(name) and safe(name) == name
    return Clean(name) if is_name and not _MORE.fullmatch(name) else None
