"""The colours of code, for a language that is named. None is guessed: that alone takes 180 ms (`textual.md` §B)."""

import re
from array import array
from typing import Final

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import COMMENT, KEYWORD, NAME, NUMBER, STRING

LONGEST: Final = 20_000
"""Characters. Longer code stays without colours."""

_LANGUAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+#._-]*")
_PLAIN: Final = frozenset({"text", "txt", "plain", "plaintext", "none"})
_MARKS: Final = {
    ("Comment",): COMMENT,
    ("Keyword",): KEYWORD,
    ("Literal", "String"): STRING,
    ("Literal", "Number"): NUMBER,
    ("Name", "Tag"): NAME,
    ("Name", "Attribute"): NAME,
    ("Name", "Function"): NAME,
    ("Name", "Class"): NAME,
    ("Name", "Builtin"): NAME,
    ("Name", "Decorator"): NAME,
}


def can_colour(language: str, size: int) -> bool:
    """Tell whether code of that language and size would get colours."""
    return size <= LONGEST and bool(_LANGUAGE.fullmatch(language)) and language.lower() not in _PLAIN


def colour(code: Clean, language: str) -> "array[int]":
    """Give the marks of code; none where the language is not known. Takes long: call it in a thread."""
    from textual.highlight import HighlightTheme, highlight

    class Marks(HighlightTheme):
        STYLES = {kind: str(mark) for kind, mark in _MARKS.items()}

    marks = array("I")
    for span in highlight(code, language=language.lower(), theme=Marks).spans:
        if isinstance(span.style, str) and span.style.isdigit() and span.start < min(span.end, len(code)):
            marks.extend((span.start, min(span.end, len(code)), int(span.style)))
    return marks


def colour_on(before: Clean, code: Clean, language: str) -> "array[int]":
    """Give the marks of code that continues other code. Takes long: call it in a thread."""
    if not before:
        return colour(code, language)
    by = len(before) + 1
    whole = colour(Clean(f"{before}\n{code}"), language)
    marks = array("I")
    for at in range(0, len(whole), 3):
        if whole[at + 1] > by:
            marks.extend((max(whole[at], by) - by, whole[at + 1] - by, whole[at + 2]))
    return marks
