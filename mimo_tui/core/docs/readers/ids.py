"""Ids of models in cells and sentences. Ids are lower case; posters write them otherwise (`mimo-api.md` §5.4)."""

import re
from collections.abc import Mapping

from mimo_tui.core.docs.readers.words import plain, words

_LONGEST = 80
_STRUCK = "~~"
_ID = re.compile(
    r"(?<![a-z0-9_./:@-])[a-z][a-z0-9]{0,30}(?:[-.][a-z0-9]{1,30}){1,8}(?![a-z0-9_/@-]|\.[a-z0-9])"
)
_VERSION = re.compile(r"[a-z]?\d{1,3}(?:\.\d{1,3})*[a-z]?")
_SERIES = re.compile(r"v\d{1,3}(?:\.\d{1,3})*")
_DISPLAYED = re.compile(r"[a-z][a-z0-9]*(?: [a-z]*[0-9.]*){1,6}")
_BETWEEN = re.compile(r"(?:[\s,;/|、和与及()&+]|and|or|或)*")
_NOT_YET = (
    "coming", "soon", "planned", "upcoming", "formerly", "previously", "was", "not", "except", "like", "than", "until",
    "replaces", "敬请期待", "即将上线", "即将推出", "原名", "非", "除", "不", "替代", "取代",
)  # fmt: skip
_SPEAKING = (
    "tts",
    "text to speech",
    "speech synthesis",
    "speech models",
    "speaking",
    "语音合成",
    "语音模型",
    "合成模型",
)
_CHATTING = ("chat", "text generation", "language models", "对话", "文本生成", "语言模型")
_MODELS = ("model", "models", "series", "family", "all", "模型", "系列")


def ids_in(text: str) -> list[str]:
    """Give the ids that a text names, each once, in order."""
    found = (match[0] for match in _ID.finditer(plain(text)))
    return list(dict.fromkeys(one for one in found if _is_id(one)))


def ids_of(cell: str) -> tuple[str, ...]:
    """Give the ids that a cell stands for: one, also by its display name, or a list of them; empty: not certain."""
    text = plain(cell)
    if _STRUCK in text:
        return ()
    found = ids_in(text)
    if not found:
        displayed = text.replace(" ", "-")
        certain = _DISPLAYED.fullmatch(text) and any(map(_SERIES.fullmatch, displayed.split("-")))
        return (displayed,) if certain and _ID.fullmatch(displayed) and _is_id(displayed) else ()
    if len(found) == 1:
        return () if words(text).say(_NOT_YET) else (found[0],)
    rest = text
    for one in sorted(found, key=len, reverse=True):
        rest = rest.replace(one, " ")
    return tuple(found) if _BETWEEN.fullmatch(rest) else ()


def group_of(
    label: str, outputs: Mapping[str, frozenset[str]], inputs: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Give the ids of a group that is called by what it does ("TTS models", "chat models"); empty: not certain."""
    said = words(label)
    if said.say(_SPEAKING):
        return tuple(one for one in outputs if outputs[one] == {"audio"})
    if said.say(_CHATTING) and said.say(_MODELS):
        return tuple(
            one for one in outputs if outputs[one] == {"text"} and "text" in inputs.get(one, frozenset())
        )
    return ()


def _is_id(text: str) -> bool:
    return "-" in text and len(text) <= _LONGEST and any(map(_VERSION.fullmatch, text.split("-")))
