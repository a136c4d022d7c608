"""An estimate of tokens that is the same every time: the platform's own tokenizer is not public.

Four characters make a token; of Chinese, Japanese, Korean and of emoji, one and a half do.
"""

import re

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001f000-\U0001faff\U00020000-\U0003ffff"
_WIDE_RUN = re.compile(f"[{_WIDE}]+")
_PIECE = re.compile(rf"\s*(?:[{_WIDE}]{{1,2}}|[^\s{_WIDE}]{{1,12}})|\s+")

_TOKEN, _WIDE_SHARE, _NARROW_SHARE = 12, 8, 3


def _shares(text: str) -> int:
    wide = 0 if text.isascii() else sum(len(run) for run in _WIDE_RUN.findall(text))
    return wide * _WIDE_SHARE + (len(text) - wide) * _NARROW_SHARE


def count(text: str) -> int:
    """Give the tokens of a text."""
    return -(-_shares(text) // _TOKEN)


def is_wide(text: str) -> bool:
    """Tell whether a text is mostly of wide characters, as Chinese is."""
    return sum(len(run) for run in _WIDE_RUN.findall(text)) * 3 > len(text)


def cut(text: str, tokens: int) -> str:
    """Give the longest beginning of a text that has no more than that many tokens."""
    low, high = 0, len(text)
    if count(text) <= tokens:
        return text
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[:middle]) <= tokens:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def pieces(text: str) -> list[str]:
    """Cut a text into the pieces that a stream carries: a word with the space before it, or two wide characters."""
    return _PIECE.findall(text)
