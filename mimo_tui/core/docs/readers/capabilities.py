"""What each model can do: the matrix of the page of models (`mimo-api.md` §5.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mimo_tui.core.docs.readers.amounts import answer
from mimo_tui.core.docs.readers.grid import Grid
from mimo_tui.core.docs.readers.modalities import MODALITIES
from mimo_tui.core.docs.readers.rows import Models
from mimo_tui.core.docs.readers.statements import Subject
from mimo_tui.core.docs.readers.words import Meaning, words

_PRICE = ("price", "cost", "credits", "价")

CAPABILITIES: Mapping[Subject, Meaning] = {
    ("features", "function_calling"): Meaning(
        ("function call", "tool call", "tool use", "functions", "函数调用", "工具调用", "函数")
    ),
    ("features", "structured_output"): Meaning(("structured", "json", "结构化")),
    ("features", "web_search"): Meaning(("web search", "online search", "search", "联网", "搜索"), _PRICE),
    ("features", "thinking"): Meaning(("thinking", "reasoning", "思考", "推理"), ("default", "默认")),
    ("features", "caching"): Meaning(("caching", "cache", "cached", "缓存"), _PRICE),
    ("features", "streaming"): Meaning(("streaming", "stream", "流式")),
    ("features", "batch"): Meaning(("batch", "批量", "批处理"), _PRICE),
    ("wires", "messages"): Meaning(("anthropic", "messages api")),
    ("wires", "responses"): Meaning(("responses",)),
    ("wires", "chat_completions"): Meaning(("chat completions",)),
    ("token_plan",): Meaning(("token plan", "套餐"), _PRICE),
}
"""Headings of yes and no."""

EXPECTED = (*(about for about in CAPABILITIES if about[0] != "wires"), ("wires", "messages"))
"""What the matrix is to speak of."""

SENSES: Mapping[Subject, Meaning] = {
    ("senses", modality): Meaning(named, ("output", "输出", "generat", "生成", *_PRICE))
    for modality, named in MODALITIES.items()
    if modality != "text"
}
"""Headings of yes and no to a kind of input."""

_TAKING = ("input", "in", "understanding", "takes", "输入", "理解")


def sense_of(heading: str) -> str:
    """Give the one kind of input that a heading of the matrix asks for; empty: none."""
    said = words(heading)
    fitting = [about[-1] for about, meaning in SENSES.items() if meaning.fits(said)]
    bare = any(said.joined == name for names in MODALITIES.values() for name in names)
    return fitting[0] if len(fitting) == 1 and (bare or said.say(_TAKING)) else ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Inputs of a model by the matrix, where they are not those of the table."""

    model: str
    inputs: frozenset[str]
    quote: str
    line: int


def contradictions(
    grid: Grid, inputs: Mapping[str, frozenset[str]], samples: frozenset[str], models: Models
) -> Iterator[Contradiction]:
    """Give each model of whose inputs the matrix says otherwise. A sample of a voice (`samples`) is no audio to it."""
    senses = [(at, sense) for at, heading in enumerate(grid.columns) if (sense := sense_of(heading))]
    for line in grid.lines:
        for model in models(line):
            known = inputs.get(model)
            if known is None:
                continue
            found, quote = known, ""
            for at, sense in senses:
                takes = answer(line.cells[at])
                if takes is None or takes is (sense in known) or (sense == "audio" and model in samples):
                    continue
                found, quote = (found | {sense} if takes else found - {sense}), line.quotes[at]
            if found != known:
                yield Contradiction(model, found, quote, grid.line)
