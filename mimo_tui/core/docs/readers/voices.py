"""The page of speech: the built-in voices and the model that has them (`mimo-api.md` §9.2)."""

import re
from collections.abc import Iterator, Mapping, Sequence

from mimo_tui.core.docs.page import Code, Page, Table
from mimo_tui.core.docs.readers.amounts import silent
from mimo_tui.core.docs.readers.conditions import is_not_here
from mimo_tui.core.docs.readers.grid import find_column, grids, row_quote, tables
from mimo_tui.core.docs.readers.ids import ids_in
from mimo_tui.core.docs.readers.sound_limits import read_sound_limits
from mimo_tui.core.docs.readers.statements import Draft, Reading, shortened
from mimo_tui.core.docs.readers.words import Meaning, bare, words
from mimo_tui.core.facts import Toml
from mimo_tui.core.text import clean

_VOICE = Meaning(("voice", "speaker", "timbre", "音色", "声音", "发音人"))
_NAMED = Meaning(
    ("voice id", "voice name", "voice", "speaker", "id", "name", "音色", "声音", "发音人", "名称")
)
_ABOUT: Mapping[str, Meaning] = {
    "language": Meaning(("language", "语言", "语种")),
    "gender": Meaning(("gender", "sex", "性别")),
    "character": Meaning(
        ("character", "style", "description", "personality", "feature", "特点", "风格", "描述", "特征")
    ),
}
_LANGUAGES = {
    "Chinese": ("chinese", "mandarin", "中文", "普通话", "汉语"),
    "English": ("english", "英文", "英语"),
}
_GENDERS = {"female": ("female", "woman", "girl", "女"), "male": ("male", "man", "boy", "男")}
_WORDED: Mapping[str, Mapping[str, tuple[str, ...]]] = {"language": _LANGUAGES, "gender": _GENDERS}
_ID = re.compile(r"[^\s~^,;/|()、，；（）]{1,40}")
_LISTED = ("list", "listed", "built in", "preset", "predefined", "列表", "内置", "预置", "预设")
_MADE = (
    "describe",
    "description",
    "design",
    "play",
    "sample",
    "clone",
    "描述",
    "样本",
    "设计",
    "克隆",
    "复刻",
)
_HERE = ("china", "mainland", "cn", "中国", "国内", "境内")
_ELSEWHERE = (
    "other",
    "others",
    "elsewhere",
    "rest",
    "outside",
    "international",
    "overseas",
    "其他",
    "其余",
    "海外",
    "境外",
)
_CLAUSE = re.compile(r"[,;，；、。|]|\band\b|\bwhile\b")


def read_voices(page: Page) -> Reading:
    """Read the table of voices, for the model that speaks with a voice of the list, and what it says of sounds."""
    found = _table(page)
    if found is None:
        return Reading(
            problem=clean(
                "no table with a column for the voice and one for its language, gender or character"
            )
        )
    if len(list(_tables(page))) > 1:
        return Reading(problem=clean("several tables of voices, and nothing says what each is for"))
    model = _model(page)
    if not model:
        return Reading(problem=clean("nothing says which model has the voices of the list"))
    table, rows, at = found
    rows = [tuple(map(bare, row)) for row in rows]
    unread = [row for row in rows if not _ID.fullmatch(row[at]) or any(map(is_not_here, row))]
    if unread or not rows:
        odd = ", ".join(shortened(row[at], 40) for row in unread)
        return Reading(problem=clean(f"not every voice is understood: {odd}"))
    draft = Draft()
    subject = ("models", model, "voices")
    names = [row[at] for row in rows]
    columns = {
        part: column
        for part, meaning in _ABOUT.items()
        if (column := find_column(table.columns, meaning)) is not None
    }
    voices: list[Toml] = [_voice(row, at, columns, names) for row in rows]
    draft.state(subject, voices, " ; ".join(row_quote(row) for row in rows), table.line)
    draft.cover([subject])
    read_sound_limits(page, draft)
    return draft.reading()


def _table(page: Page) -> tuple[Table, list[tuple[str, ...]], int] | None:
    return next(_tables(page), None)


def _tables(page: Page) -> Iterator[tuple[Table, list[tuple[str, ...]], int]]:
    for table, rows in tables(page):
        about = [at for one in _ABOUT.values() if (at := find_column(table.columns, one)) is not None]
        at = find_column(table.columns, _VOICE)
        if at is None:
            at = find_column(table.columns, _NAMED)
        if about and at is not None and at not in about:
            yield table, rows, at


def _model(page: Page) -> str:
    """Give the model that has the voices: by its row in a table of models, else by the sample that uses one of them."""
    lines = [
        (line.ids[0], words(*line.cells)) for grid in grids(page) for line in grid.lines if len(line.ids) == 1
    ]
    listed = {model for model, said in lines if said.say(_LISTED)}
    left = listed or {model for model, said in lines if not said.say(_MADE)}
    if len(left) == 1:
        return left.pop()
    found = _table(page)
    names = {bare(row[found[2]]) for row in found[1]} if found else set()
    shown = [block.text for block in page.blocks if isinstance(block, Code)]
    using = {
        ids_in(text)[0]
        for text in shown
        if len(ids_in(text)) == 1 and any(f'"{name}"' in text for name in names)
    }
    return using.pop() if len(using) == 1 else ""


def _voice(row: Sequence[str], at: int, columns: Mapping[str, int], names: Sequence[str]) -> Toml:
    voice: dict[str, Toml] = {"id": row[at]}
    others = [name for name in names if name != row[at]]
    if stands_for := next((found for cell in row if (found := _stands_for(cell, others))), None):
        return voice | {"stands_for": stands_for}
    for part, column in columns.items():
        cell = row[column]
        if not silent(cell) and not (part == "character" and any(name in cell for name in others)):
            voice[part] = _as_written(part, cell)
    return voice


def _as_written(part: str, cell: str) -> str:
    known = _WORDED.get(part, {})
    said = words(cell)
    fitting = [name for name, forms in known.items() if said.say(forms)]
    if len(fitting) == 1:
        return fitting[0]
    text = re.sub(r"^(?:an?|the) ", "", cell, flags=re.IGNORECASE) if part == "character" else cell
    return text[:1].lower() + text[1:] if part == "character" and not text[:2].isupper() else text


def _stands_for(cell: str, names: Sequence[str]) -> dict[str, Toml]:
    """Read "`A` on the cluster in China, `B` on the others"; empty: the cell says nothing of the kind."""
    found: dict[str, Toml] = {}
    for clause in _CLAUSE.split(cell):
        said = words(clause)
        named = [name for name in names if name in clause]
        where = [key for key, forms in (("cn", _HERE), ("elsewhere", _ELSEWHERE)) if said.say(forms)]
        if len(named) == 1 and len(where) == 1:
            found[where[0]] = named[0]
    return found if len(found) == 2 else {}
