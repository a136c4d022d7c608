"""What holds for a model where nothing is sent: whether it thinks, how it draws (`mimo-api.md` §5.1, §6.2)."""

import re
from collections.abc import Mapping

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.amounts import amounts, number, switched, without
from mimo_tui.core.docs.readers.grid import Grid, find_column, grids
from mimo_tui.core.docs.readers.ids import group_of, ids_in
from mimo_tui.core.docs.readers.remarks import read_remarks
from mimo_tui.core.docs.readers.rows import Tally
from mimo_tui.core.docs.readers.statements import Draft, Reading
from mimo_tui.core.docs.readers.words import Meaning, Words, plain, sentences, words

_THINKING = ("think", "reason", "思考", "推理")
_ON = (
    "unless told not", "unless switched off", "unless turned off", "unless disabled", "unless you switch",
    "on by default", "enabled by default", "think by default", "default on",
    "默认开启", "默认思考", "默认启用", "默认打开", "默认会思考",
)  # fmt: skip
_OFF = ("off by default", "off unless", "disabled by default", "unless asked", "only when asked", "only if asked",
        "默认关闭", "默认不", "默认禁用")  # fmt: skip
_WIRE = "chat_completions"
_PARAMETER = re.compile(r"temperature|[a-z]+(?:_[a-z]+)+")
_COLUMN = Meaning(("thinking", "reasoning", "思考", "推理"), ("budget", "tokens", "预算"))


def read_defaults(page: Page) -> Reading:
    """Read the table of defaults: whether thinking is on, and the values of the parameters that it names."""
    draft = Draft()
    tally = Tally(draft)
    for grid in grids(page):
        at = find_column(grid.columns, _COLUMN)
        if at is not None:
            tally.unnamed(grid, [("thinking",)])
            tally.column(grid, at, ("thinking",), switched)
        _read_values(grid, draft)
    if not tally.seen(("thinking",)):
        draft.miss("no table with a column for the model id and one for thinking")
    tally.finish()
    read_remarks(page, _WIRE, draft)
    return draft.reading()


def _read_values(grid: Grid, draft: Draft) -> None:
    """Read the columns that are headed by the name of a parameter."""
    for at, heading in enumerate(grid.columns):
        name = plain(heading)
        if not _PARAMETER.fullmatch(name):
            continue
        for line in grid.lines:
            value = amounts(plain(line.cells[at]))
            if len(value) == 1 and not without(plain(line.cells[at]), value).strip():
                for model in line.ids:
                    subject = ("parameters", _WIRE, name, "defaults", model)
                    draft.state(subject, number(value[0].value), line.quotes[at], grid.line)
                    draft.cover([subject])


def read_note(
    page: Page, inputs: Mapping[str, frozenset[str]], outputs: Mapping[str, frozenset[str]], draft: Draft
) -> None:
    """Read a sentence such as "The chat models think before they answer unless told not to"."""
    for block in page.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(block.text):
                default = _default(words(sentence))
                models = ids_in(sentence) or group_of(sentence, outputs, inputs)
                if default is not None:
                    for model in models:
                        draft.state(("models", model, "thinking"), default, sentence, block.line)
                        draft.cover([("models", model, "thinking")])


def _default(said: Words) -> bool | None:
    on, off = said.say(_ON), said.say(_OFF)
    return on if said.say(_THINKING) and on is not off else None
