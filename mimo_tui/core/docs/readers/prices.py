"""The pages of prices: of a model in money or in credits of a plan, and what is charged besides (`mimo-api.md` §13)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.amounts import number, silent
from mimo_tui.core.docs.readers.conditions import condition_of, is_conditional
from mimo_tui.core.docs.readers.extras import read_extras
from mimo_tui.core.docs.readers.grid import Grid, Line, grids
from mimo_tui.core.docs.readers.money import Per, Unit, currencies_in, currency_of, price_of, unit_of
from mimo_tui.core.docs.readers.rows import Said, Tally
from mimo_tui.core.docs.readers.statements import Draft, Reading, shortened
from mimo_tui.core.docs.readers.words import Meaning, plain, sentences, words
from mimo_tui.core.facts import Toml
from mimo_tui.core.text import Clean, clean

_HIT = ("hit", "hits", "cached", "cache read", "命中")
_MISS = ("miss", "misses", "uncached", "non cached", "not cached", "no cache", "未命中", "未缓存", "不命中")
_WRITTEN = ("write", "writes", "creation", "storage", "写入", "存储", "创建")
_BATCH = ("batch", "批量", "批处理")
_KINDS = {
    "cached_input": Meaning((*_HIT, "缓存"), (*_MISS, *_WRITTEN, *_BATCH, "output", "输出")),
    "input": Meaning(("input", "prompt", "输入", *_MISS), (*_HIT, *_WRITTEN, *_BATCH, "output", "输出")),
    "output": Meaning(("output", "completion", "generat", "输出", "生成"), (*_WRITTEN, *_BATCH, *_HIT)),
}
_ABOUT_MONEY = ("price", "cost", "charge", "billed", "unit", "价", "费", "单位")
_MISSED = Meaning(_MISS, (*_WRITTEN, *_BATCH))
_UNIT = Meaning(("for", "unit", "per", "billing unit", "measured", "单位", "计量", "计费方式"))
_PRICE = Meaning(("price", "cost", "credits", "fee", "价", "费用", "积分"), _BATCH)
_OTHER_TIMES = (
    "batch", "at night", "night", "off peak", "history", "earlier", "previous", "old prices", "example", "until",
    "批量", "夜间", "闲时", "历史", "示例", "此前", "旧",
)  # fmt: skip
_SIDES_OF_CALLS = (
    "image", "audio", "video", "picture", "film", "thinking", "reasoning", "图片", "图像", "音频", "视频", "思考",
)  # fmt: skip
_NEAR = 3
_SUBJECTS = {"CNY": "price_cny", "USD": "price_usd", "credits": "price_credits"}


def read_prices(page: Page) -> Reading:
    """Read the prices of pay-as-you-go, in each currency."""
    return _read(page, ("CNY", "USD"))


def read_plan_prices(page: Page) -> Reading:
    """Read what a token costs in credits of a plan."""
    return _read(page, ("credits",))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of prices: which kind (empty: by the unit), and the currency that its heading names."""

    at: int
    kind: str
    currency: str


@dataclass(slots=True)
class _Section:
    """The paragraphs below a heading, with the line of each."""

    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def beside(self, line: int) -> tuple[Sequence[str], Sequence[str]]:
        """Give the nearest ones before and after a line."""
        end, start = bisect_left(self.lines, line), bisect_right(self.lines, line)
        return self.texts[max(0, end - _NEAR) : end], self.texts[start : start + _NEAR]


def _read(page: Page, currencies: Sequence[str]) -> Reading:
    draft = Draft()
    tally = Tally(draft)
    sections = _sections(page)
    for grid in grids(page):
        if not words(*grid.headings).say(_OTHER_TIMES):
            _read_grid(grid, sections.get(grid.headings, _Section()), page.title, currencies, tally, draft)
    if not any(tally.seen((_SUBJECTS[one],)) for one in currencies):
        return Reading(problem=clean("no table with a column for the model id and one for the price"))
    for one in currencies:
        if not tally.seen((_SUBJECTS[one],)):
            draft.miss(f"no price in {one}")
    tally.finish()
    read_extras(page, currencies, draft)
    return draft.reading()


def _read_grid(
    grid: Grid, section: _Section, title: str, currencies: Sequence[str], tally: Tally, draft: Draft
) -> None:
    before, after = section.beside(grid.line)
    around = [*_around(grid, before, after), title]
    stated = _unit(around)
    named = next((found for text in around if (found := currency_of(text))), "")
    columns = [one for at, heading in enumerate(grid.columns) if (one := _column(at, heading)) is not None]
    units = [at for at, heading in enumerate(grid.columns) if _is_unit(heading)]
    condition = condition_of(grid, before)
    for currency in currencies:
        own = [one for one in columns if (one.currency or _of_cells(grid, one.at) or named) == currency]
        kinds = [one.kind for one in own]
        about = (_SUBJECTS[currency],)
        if not own:
            continue
        if limited := condition or next(filter(_is_limited, (grid.columns[one.at] for one in own)), ""):
            tally.partial([about], f"a price with a condition: {shortened(limited, 60)}")
            continue
        if len(set(kinds)) != len(kinds):
            tally.partial([about], f"several columns for the same price in {currency}")
            continue
        if missing := _missing(kinds):
            tally.partial([about], f"no column for {missing} in {currency}")
            continue

        def say(line: Line, own: Sequence[_Column] = own, currency: str = currency) -> Said:
            unit = _unit(line.cells[at] for at in units) or stated
            return _price(grid, line, own, unit, currency, draft)

        tally.unnamed(grid, [about])
        tally.lines(grid, about, say)


def _column(at: int, heading: str) -> _Column | None:
    said, currency = words(heading), currency_of(heading)
    kind = next((kind for kind, meaning in _KINDS.items() if meaning.fits(said)), None)
    if kind is None and _MISSED.fits(said):
        kind = "input"
    if kind is None and (currency or _PRICE.fits(said)) and not said.say(_BATCH) and not said.say(_WRITTEN):
        kind = ""
    return None if kind is None else _Column(at, kind, currency)


def _is_limited(heading: str) -> bool:
    """Tell whether a column is of some calls, or of some time, only."""
    return is_conditional(heading) or words(heading).say(_SIDES_OF_CALLS)


def _is_of_some_calls(line: Line) -> bool:
    """Tell whether a row is of some calls of its models only: `x (batch)`, `x (over 256K)`."""
    rest = plain(line.label)
    for one in line.ids:
        rest = rest.replace(one, " ")
    return _is_limited(rest) or words(rest).say((*_BATCH, *_OTHER_TIMES))


def _is_unit(heading: str) -> bool:
    return _UNIT.fits(words(heading)) and _column(0, heading) is None


def _missing(kinds: Sequence[str]) -> str:
    if kinds == [""]:
        return ""
    return ", ".join(kind.replace("_", " ") for kind in _KINDS if kind not in kinds)


def _of_cells(grid: Grid, at: int) -> str:
    """Give the currency that the cells of a column name, where they name one."""
    named = {found for line in grid.lines if (found := currency_of(line.cells[at]))}
    return named.pop() if len(named) == 1 else ""


def _sections(page: Page) -> Mapping[tuple[Clean, ...], _Section]:
    found: dict[tuple[Clean, ...], _Section] = {}
    for block in sorted((one for one in page.blocks if isinstance(one, Paragraph)), key=lambda one: one.line):
        section = found.setdefault(block.headings, _Section())
        section.lines.append(block.line)
        section.texts.append(block.text)
    return found


def _around(grid: Grid, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Give the texts that may name currency and unit of a table, the nearest first."""
    yield from reversed(grid.headings)
    for text in (*reversed(before), *after):
        # Any other sentence may speak of tokens: how many a word has, how many are in the example.
        yield from (one for one in sentences(text) if words(one).say(_ABOUT_MONEY) or currencies_in(one))


def _unit(texts: Iterable[str]) -> Unit | None:
    return next((unit for text in texts if (unit := unit_of(text)) is not None), None)


def _price(
    grid: Grid,
    line: Line,
    columns: Sequence[_Column],
    stated: Unit | None,
    currency: str,
    draft: Draft,
) -> Said:
    """Give the price of a line, for 1,000,000 tokens or an hour of sound.

    `stated` is the unit that the line or the text around the table names; that of a cell or heading goes before it.
    """
    parts: dict[str, Toml] = {}
    note = ""
    quote = line.quotes[columns[0].at]
    if _is_of_some_calls(line):
        draft.miss(f"a price with a condition: {shortened(line.label, 60)}")
        return Said(None, quote, understood=False)
    for column in columns:
        cell, heading = line.cells[column.at], grid.columns[column.at]
        if silent(cell):
            continue
        found = price_of(cell, currency)
        unit = _unit((cell, heading)) or stated
        if found is None or not _fits(found.value, unit, column.kind):
            draft.miss(f"{heading} of {shortened(line.label, 60)}: {shortened(cell, 60)}")
            return Said(None, quote, understood=False)
        note = note or found.note
        if unit is not None and unit.per is Per.HOUR and found.value:
            parts["audio_hour"] = number(found.value * unit.scale)
        elif column.kind and not (column.kind == "cached_input" and found.note):
            parts[column.kind] = number(found.value * (unit.scale if unit else 1))
        elif not column.kind:
            parts |= {"input": 0, "output": 0}
    ordered = {kind: parts[kind] for kind in (*_KINDS, "audio_hour") if kind in parts}
    value: Toml = ordered | ({"note": note} if note else {})
    return Said(value if ordered else None, quote)


def _fits(value: Decimal, unit: Unit | None, kind: str) -> bool:
    """Tell whether the price has a unit that says for what it is; nothing costs nothing for anything."""
    if not value:
        return True
    return unit is not None and (unit.per is Per.HOUR or (unit.per is Per.TOKENS and bool(kind)))
