"""What sentences say of parameters: their ranges, and what holds while the model thinks (`mimo-api.md` §6.2)."""

import re
from decimal import Decimal

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.amounts import number
from mimo_tui.core.docs.readers.statements import Draft, Subject
from mimo_tui.core.docs.readers.words import plain, sentences, words
from mimo_tui.core.facts import Toml

_NAME = r"(?<![a-z0-9_])[a-z]+(?:_[a-z]+)*"
_VALUE = r"(?<![0-9.])-?[0-9]{1,6}(?:\.[0-9]{1,6})?(?![0-9])"
_FORCED = re.compile(
    rf"(?P<name>{_NAME}) ?(?:is always|is fixed at|is set to|is|固定为|恒为) ?(?P<value>{_VALUE})"
)
_RANGES = re.compile(
    rf"(?P<names>{_NAME}(?: ?(?:,|、|and|和|与) ?{_NAME}){{0,3}}) ?"
    rf"(?:goes |lies |runs |ranges )?(?:from|between|在) (?P<low>{_VALUE}) ?(?:to|and|-|到|至) ?(?P<high>{_VALUE})"
)
_NAMES = re.compile(_NAME)
_KNOWN = re.compile(r"temperature|[a-z]+(?:_[a-z]+)+")
_THINKING = ("think", "reasoning", "思考")
_ON = ("on", "enabled", "开启", "打开", "启用")


def read_remarks(page: Page, wire: str, draft: Draft) -> None:
    """Read sentences such as "While thinking is on, `temperature` is 1.0" and "`top_p` from 0.01 to 1.0"."""
    for block in page.blocks:
        if not isinstance(block, Paragraph):
            continue
        for sentence in sentences(block.text):
            flat, said = plain(sentence), words(sentence)

            def state(
                name: str, part: str, value: str, sentence: str = sentence, line: int = block.line
            ) -> None:
                subject: Subject = ("parameters", wire, name, part)
                stated: Toml = number(Decimal(value))
                draft.state(subject, stated, sentence, line)
                draft.cover([subject])

            if said.say(_THINKING) and said.say(_ON):
                for match in _FORCED.finditer(flat):
                    if _KNOWN.fullmatch(match["name"]):
                        state(match["name"], "while_thinking", match["value"])
            for match in _RANGES.finditer(flat):
                for name in _NAMES.findall(match["names"]):
                    if _KNOWN.fullmatch(name) and Decimal(match["low"]) <= Decimal(match["high"]):
                        state(name, "lowest", match["low"])
                        state(name, "highest", match["high"])
