"""The page of deprecations: when a model came, is forwarded, goes, and what follows it (`mimo-api.md` §5.2)."""

import re
from collections.abc import Mapping, Sequence
from datetime import timezone
from functools import partial

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.grid import find_column, grids
from mimo_tui.core.docs.readers.ids import ids_in, ids_of
from mimo_tui.core.docs.readers.moments import is_bare, moment, moments, zone_of
from mimo_tui.core.docs.readers.rows import Tally
from mimo_tui.core.docs.readers.statements import Draft, Reading, Subject
from mimo_tui.core.docs.readers.words import Meaning, plain, sentences, words
from mimo_tui.core.facts import BEIJING, Toml
from mimo_tui.core.text import clean

_GOES = ("offline", "retire", "shut", "sunset", "end of life", "eol", "discontinu", "removed", "end of service",
         "下线", "停止服务", "停用", "退役", "关停")  # fmt: skip
_FORWARDED = ("forward", "redirect", "rerout", "转发", "重定向", "自动切换")

_DAYS: Mapping[Subject, Meaning] = {
    ("released",): Meaning(
        ("release", "launch", "available since", "发布", "上线", "推出"), (*_GOES, *_FORWARDED)
    ),
    ("forwarded",): Meaning(_FORWARDED),
    ("retired",): Meaning(_GOES, (*_FORWARDED, "earliest", "announce", "最早", "公告")),
}
_SUCCESSOR = Meaning(
    ("instead", "successor", "replace", "migrate", "alternative", "new model", "move to", "switch to",
     "替代", "替换", "改用", "后继", "迁移", "新模型", "推荐"),
)  # fmt: skip
_EXPECTED = (*_DAYS, ("successor",))
_GOING = re.compile(
    r"\b(?:go(?:es)?|will (?:go|be)|is(?: to be)?|are(?: to be)?) (?:taken )?"
    r"(?:offline|retired|shut down|discontinued|removed)\b|(?:正式)?(?:下线|停止服务|停用)"
)
_NOT = re.compile(
    r"\bnot\b(?! forwarded)|n't|\bpostponed|\bunless|\bstays?\b|\bnever\b|\bearli(?:er|est)\b|\bif\b|[?~]"
    r"|不会|取消|推迟|延期|最早|可能|如果|若"
)
_WORD = re.compile(r"[a-z]+|[^\W\da-z_]")
_OF_MODELS = frozenset((
    *("the", "both", "model", "models", "id", "ids", "and", "from", "as", "will", "on", "of", "also", "old"),
    *"将计划预于在正式模型系列和与及自从起",
))  # fmt: skip
_CLAUSE_ENDS = re.compile(r"[;。]|,(?! ?[0-9])|\.(?= [a-z]|$)| and |并")


def read_deprecations(page: Page) -> Reading:
    """Read the tables of models that go, and sentences on those that no table names."""
    draft = Draft()
    tally = Tally(draft)
    zone = _zone(page)

    for grid in grids(page):
        days = {about: find_column(grid.columns, meaning) for about, meaning in _DAYS.items()}
        if all(at is None for at in days.values()):
            continue
        successor = find_column(grid.columns, _SUCCESSOR)
        columns = {about: at for about, at in {**days, ("successor",): successor}.items() if at is not None}
        tally.unnamed(grid, tuple(columns))
        for about, at in columns.items():
            own = zone_of(grid.columns[at]) or zone
            tally.column(grid, at, about, partial(_day, own) if about in _DAYS else _successor)
    if not any(tally.seen(about) for about in _DAYS):
        return Reading(
            problem=clean("no table with a column for the model id and one for the day that it goes")
        )
    for about in _EXPECTED:
        if not tally.seen(about):
            draft.miss(f"no column for {about[-1]}")
    tally.finish()
    _read_sentences(page, zone, tally, draft)
    return draft.reading()


def _day(zone: timezone, cell: str) -> "Toml | None":
    return moment(cell, zone)


def _successor(cell: str) -> "Toml | None":
    found = ids_of(cell)
    return found[0] if len(found) == 1 else None


def _zone(page: Page) -> timezone:
    for block in page.blocks:
        if isinstance(block, Paragraph):
            zone = next((zone for one in sentences(block.text) if (zone := zone_of(one)) is not None), None)
            if zone is not None and words(block.text).say(("times", "time", "时间")):
                return zone
    return BEIJING


def _read_sentences(page: Page, zone: timezone, tally: Tally, draft: Draft) -> None:
    """Read a sentence such as "`x` and `y` go offline on 21 October 2026 at 10:00" for models that no table dates."""
    dated = tally.values(("retired",)).keys() | tally.unclear(("retired",))
    for block in page.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(block.text):
                days = moments(sentence, zone)
                for model in _going(sentence) if len(days) == 1 else ():
                    if model not in dated:
                        draft.state(("models", model, "retired"), days[0], sentence, block.line)


def _going(sentence: str) -> Sequence[str]:
    """Give the models of which a sentence says that they go on a day; none: it is not certain of which, or when.

    They stand before the verb, with no words beside them but those of a list and of a day. What follows them stands
    in another part of the sentence.
    """
    flat = plain(sentence)
    verb = _GOING.search(flat)
    if verb is None or _NOT.search(flat):
        return ()
    before, after = flat[: verb.start()], _CLAUSE_ENDS.split(flat[verb.end() :])[0]
    models = ids_in(before)
    rest = before
    for model in sorted(models, key=len, reverse=True):
        rest = rest.replace(model, " ")
    beside = " ".join(word for word in _WORD.findall(rest) if word not in _OF_MODELS)
    return models if is_bare(beside) and is_bare(after) else ()
