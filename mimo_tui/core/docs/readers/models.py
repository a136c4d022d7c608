"""The page of models: what each takes and gives, how much, and what it can do (`mimo-api.md` §5)."""

from collections.abc import Mapping

from mimo_tui.core.docs.page import Page
from mimo_tui.core.docs.readers.amounts import answer, silent
from mimo_tui.core.docs.readers.capabilities import (
    CAPABILITIES,
    EXPECTED,
    Contradiction,
    contradictions,
    sense_of,
)
from mimo_tui.core.docs.readers.conditions import are_elsewhere, is_limited, is_not_here
from mimo_tui.core.docs.readers.defaults import read_note
from mimo_tui.core.docs.readers.grid import Grid, Line, grids
from mimo_tui.core.docs.readers.ids import group_of
from mimo_tui.core.docs.readers.limits import read_rates
from mimo_tui.core.docs.readers.modalities import SAMPLE, in_order, read_modalities
from mimo_tui.core.docs.readers.rows import Read, Said, Tally
from mimo_tui.core.docs.readers.sizes import sizes_of
from mimo_tui.core.docs.readers.statements import Draft, Reading, Subject
from mimo_tui.core.docs.readers.words import Meaning, plain, words
from mimo_tui.core.text import clean

_MORE = ("max", "limit", "length", "price", "cost", "rate", "per", "最大", "最长", "上限", "长度", "价", "每")
_SIZES: Mapping[Subject, Meaning] = {
    ("max_output",): Meaning(
        ("max output", "maximum output", "max completion", "max generat", "output limit", "output length",
         "longest output", "max tokens", "max new tokens", "output tokens",
         "最大输出", "最长输出", "输出上限", "输出长度", "最大生成"),
        ("price", "cost", "per", "价", "每"),
    ),
    ("context",): Meaning(("context", "上下文"), ("price", "cost", "cach", "价", "缓存")),
}  # fmt: skip
_SIDES: Mapping[Subject, Meaning] = {
    ("inputs",): Meaning(("input", "takes", "accepts", "输入"), _MORE),
    ("outputs",): Meaning(("output", "gives", "produces", "returns", "输出"), _MORE),
}
_MEANINGS = {**_SIZES, **CAPABILITIES, **_SIDES}
_OFFERED: Subject = ("offered",)


def read_models(page: Page) -> Reading:
    """Read the tables of models and what each can do, and the sentence on thinking."""
    draft = Draft()
    tally = Tally(draft)
    found = [(grid, _columns(grid, draft)) for grid in grids(page)]
    found = [(grid, columns) for grid, columns in found if not are_elsewhere(grid.headings[1:])]
    lists = [(grid, columns) for grid, columns in found if columns.keys() & {*_SIZES, *_SIDES}]
    if not lists:
        return Reading(
            problem=clean("no table with a column for the model id and one for what it takes, gives or holds")
        )
    size = sizes_of(page).read
    readers: dict[Subject, Read] = dict.fromkeys(_SIZES, size) | dict.fromkeys(_SIDES, read_modalities)
    for grid, columns in lists:
        own = {about: at for about, at in columns.items() if about in readers}
        for about in [one for one, at in own.items() if one in _SIZES and is_limited(grid.columns[at])]:
            tally.partial([about], f"a column with a condition: {grid.columns[own.pop(about)]}")
        tally.unnamed(grid, [_OFFERED, *own])
        tally.lines(grid, _OFFERED, _offered)
        for about, at in own.items():
            tally.column(grid, at, about, readers[about])
        read_rates(grid, tally)
    inputs, outputs = _sides(tally, ("inputs",)), _sides(tally, ("outputs",))
    otherwise = _read_matrix(found, tally, inputs, outputs)
    for about in (*_SIDES, *_SIZES, *EXPECTED):
        if not tally.seen(about):
            draft.miss(f"no column for {about[-1].replace('_', ' ')}")
    tally.finish()
    for one in otherwise:
        draft.state(("models", one.model, "inputs"), in_order(one.inputs), one.quote, one.line)
    read_note(page, inputs, outputs, draft)
    return draft.reading()


def _columns(grid: Grid, draft: Draft) -> dict[Subject, int]:
    """Give what the columns of a table mean, each what it fits first."""
    fitting: dict[Subject, list[int]] = {}
    for at, heading in enumerate(grid.columns):
        said = words(heading)
        about = next((about for about, meaning in _MEANINGS.items() if meaning.fits(said)), None)
        if about is not None and not (about in _SIDES and sense_of(heading)):
            fitting.setdefault(about, []).append(at)
    columns = {}
    for about, places in fitting.items():
        exact = [at for at in places if plain(grid.columns[at]) in _MEANINGS[about].has]
        if len(places) == 1 or len(exact) == 1:
            columns[about] = (places if len(places) == 1 else exact)[0]
        else:
            draft.miss(f"several columns for {about[-1].replace('_', ' ')}")
    return columns


def _offered(line: Line) -> Said:
    quote = line.quotes[0] if line.quotes else line.label
    if any(map(is_not_here, (line.label, *line.cells))):
        return Said(None, quote, understood=False)
    return Said(not all(map(silent, line.cells)) or None, quote)


def _sides(tally: Tally, about: Subject) -> dict[str, frozenset[str]]:
    values = tally.values(about).items()
    return {model: frozenset(map(str, value)) for model, value in values if isinstance(value, list)}


def _read_matrix(
    found: list[tuple[Grid, dict[Subject, int]]],
    tally: Tally,
    inputs: Mapping[str, frozenset[str]],
    outputs: Mapping[str, frozenset[str]],
) -> list[Contradiction]:
    """Read what models can do; give what is said of their inputs otherwise than in the list."""

    def models(line: Line) -> tuple[str, ...]:
        return line.ids or group_of(line.label, outputs, inputs)

    samples = frozenset(
        line.ids[0]
        for grid, columns in found
        for line in grid.lines
        if line.ids and ("inputs",) in columns and words(line.cells[columns["inputs",]]).say(SAMPLE)
    )
    for grid, columns in found:
        own = {about: at for about, at in columns.items() if about in CAPABILITIES}
        tally.unnamed(grid, tuple(own), models)
        for about, at in own.items():
            tally.column(grid, at, about, answer, models)
    return [one for grid, _ in found for one in contradictions(grid, inputs, samples, models)]
