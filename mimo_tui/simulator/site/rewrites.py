"""Sites that say the same in another way: other order, blanks, markup and wording. None of them is drift."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType

from mimo_tui.simulator.site.contents import Site
from mimo_tui.simulator.site.planted import (
    CHAT,
    DEPRECATIONS,
    ERRORS,
    FIRST_CALL,
    LIMITS,
    MODELS,
    PLAN_ACCESS,
    PLAN_PRICES,
    PRICES,
    SPEECH,
)
from mimo_tui.simulator.site.tables import Grid, as_one_line, as_pipes, change_tables

FACT_PAGES = (
    *(MODELS, DEPRECATIONS, PRICES, PLAN_PRICES, LIMITS, ERRORS, CHAT, SPEECH, FIRST_CALL, PLAN_ACCESS),
    "api/chat/anthropic-api",
    "api/chat/responses",
    "api/guidance/model-hyperparameters",
)
"""The pages that state facts."""

Text = Callable[[str], str]

_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_CODE = re.compile(r"<code>(.*?)</code>")
_CELL_END = re.compile(r"</t[hd]>")
_FOOTER = re.compile(r"^(Update Time|更新时间)(\W*)(\d{4})-(\d\d)-(\d\d)\s*$", re.MULTILINE)
_MODEL = re.compile(r"<code>(mimo-v[\w.\-]+)</code>")
_HEADING = re.compile(r"^(#{2,5}) (.+)$", re.MULTILINE)
_PROSE = "This page is kept by the people of the documentation. 本页由文档团队维护。\n"
_OTHER_TABLE = (
    "<table>\n  <thead>\n    <tr>\n      <th>Office</th>\n      <th>Open</th>\n    </tr>\n  </thead>\n  <tbody>\n"
    "    <tr>\n      <td>Support</td>\n      <td>9 to 18</td>\n    </tr>\n  </tbody>\n</table>\n"
)


def _on_pages(change: Text) -> Callable[[Site], Site]:
    """Give the change of every page that states facts, in every language, outside its code and schemas."""

    def whole(site: Site) -> Site:
        pages = {
            key: replace(page, text=change(page.text)) if page.path in FACT_PAGES else page
            for key, page in site.pages.items()
        }
        return replace(site, pages=MappingProxyType(pages))

    return whole


def _outside_code(change: Text) -> Text:
    """Give the change of everything that is not inside a fence."""

    def whole(text: str) -> str:
        parts: list[str] = []
        for block, is_code in _blocks(text):
            parts.append(block if is_code else change(block))
        return "".join(parts)

    return whole


def _blocks(text: str) -> list[tuple[str, bool]]:
    """Split at fences, and at schemas, which are written in code."""
    blocks: list[tuple[str, bool]] = []
    current: list[str] = []
    fence, schema = "", False
    for line in text.splitlines(keepends=True):
        if not fence and not schema and (_FENCE.match(line) or line.startswith("<InlineSchemaV2")):
            blocks.append(("".join(current), False))
            current, fence, schema = [], line[:3], line.startswith("<InlineSchemaV2")
            current.append(line)
            if schema and line.rstrip().endswith("/>"):
                schema, fence = False, ""
                blocks.append(("".join(current), True))
                current = []
        elif (schema and line.rstrip().endswith("/>")) or (not schema and fence and line.startswith(fence)):
            blocks.append(("".join((*current, line)), True))
            current, fence, schema = [], "", False
        else:
            current.append(line)
    blocks.append(("".join(current), bool(fence)))
    return blocks


def _tables(change: Callable[[Grid], Grid]) -> Callable[[Site], Site]:
    return _on_pages(lambda text: change_tables(text, change))


def _words(*pairs: tuple[str, str]) -> Callable[[Site], Site]:
    """Give the change of words, wherever they stand outside code."""

    def change(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return _on_pages(_outside_code(change))


def _cells(*pairs: tuple[str, str]) -> Callable[[Site], Site]:
    """Give the change of cells of tables that hold exactly these words."""
    return _tables(lambda grid: grid.cells(lambda cell: dict(pairs).get(cell, cell)))


def _heads(*pairs: tuple[str, str]) -> Callable[[Site], Site]:
    """Give the change of the names of columns."""
    return _tables(lambda grid: Grid(tuple(dict(pairs).get(name, name) for name in grid.head), grid.rows))


def _replaced(pattern: re.Pattern[str], by: str) -> Callable[[Site], Site]:
    return _on_pages(_outside_code(lambda text: pattern.sub(by, text)))


def _sections(order: Callable[[list[str]], list[str]]) -> Callable[[Site], Site]:
    """Give the change of the order of the sections of level 2; the head and the footer stay where they are."""

    def change(text: str) -> str:
        body, rule, footer = text.rpartition("\n---\n")
        parts: list[str] = [""]
        for block, is_code in _blocks(body):
            pieces = [block] if is_code else re.split(r"(?m)^(?=## )", block)
            parts[-1] += pieces[0]
            parts += pieces[1:]
        head, *sections = parts
        ordered = (section if section.endswith("\n") else f"{section}\n" for section in order(sections))
        return "\n".join((head if head.endswith("\n") else f"{head}\n", *ordered)) + rule + footer

    return _on_pages(change)


def _rows(order: Callable[[list[tuple[str, ...]]], list[tuple[str, ...]]]) -> Callable[[Site], Site]:
    return _tables(lambda grid: Grid(grid.head, tuple(order(list(grid.rows)))))


def _columns(order: Callable[[list[int]], list[int]]) -> Callable[[Site], Site]:
    return _tables(lambda grid: grid.columns(order(list(range(len(grid.head))))))


def _shuffled(seed: int) -> Callable[[list[int]], list[int]]:
    def order(values: list[int]) -> list[int]:
        Random(seed).shuffle(values)  # noqa: S311
        return values

    return order


def _shuffled_rows(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [rows[place] for place in _shuffled(7)(list(range(len(rows))))]


def _with_column(grid: Grid) -> Grid:
    rows = tuple((*row, f"see note {number}") for number, row in enumerate(grid.rows, 1))
    return Grid((*grid.head, "Remark"), rows)


def _with_first_column(grid: Grid) -> Grid:
    return Grid(("#", *grid.head), tuple((str(number), *row) for number, row in enumerate(grid.rows, 1)))


def _display_name(match: re.Match[str]) -> str:
    name = match[1].replace("mimo-v", "MiMo-V").replace("-pro", "-Pro").replace("-flash", "-Flash")
    return f"{name} ({match[0]})"


def _linked(match: re.Match[str]) -> str:
    return f'<a target="_blank" href="https://mimo.mi.com/models/en-US/{match[1]}">{match[0]}</a>'


def _schemas(change: Text) -> Callable[[Site], Site]:
    """Give the change of what is written inside schemas."""

    def whole(text: str) -> str:
        return "".join(
            change(block) if is_code and block.startswith("<InlineSchemaV2") else block
            for block, is_code in _blocks(text)
        )

    return _on_pages(whole)


def _same_site(site: Site) -> Site:
    return site.replace(
        "quick-start/summary/welcome", site.page("quick-start/summary/welcome").text + "\nMore.\n"
    )


HARMLESS: Mapping[str, Callable[[Site], Site]] = MappingProxyType(
    {
        # Blanks and line ends.
        "line ends of Windows": _on_pages(lambda text: text.replace("\n", "\r\n")),
        "more blank lines": _on_pages(_outside_code(lambda text: text.replace("\n\n", "\n\n\n\n"))),
        "blanks at line ends": _on_pages(_outside_code(lambda text: text.replace("\n", "  \n"))),
        "a mark of byte order": _on_pages(lambda text: f"\ufeff{text}"),
        "no line end at the end": _on_pages(lambda text: text.rstrip("\n")),
        "indented tables": _on_pages(_outside_code(lambda text: re.sub(r"(?m)^( *<)", r"    \1", text))),
        "tables flush left": _on_pages(_outside_code(lambda text: re.sub(r"(?m)^ +<", "<", text))),
        "blanks in cells": _tables(lambda grid: grid.cells(lambda cell: f"\n  {cell}\n  ")),
        "hard blanks in cells": _tables(lambda grid: grid.cells(lambda cell: f"&nbsp;{cell}&nbsp;")),
        # Order.
        "rows backwards": _rows(lambda rows: rows[::-1]),
        "rows sorted": _rows(sorted),
        "rows rotated": _rows(lambda rows: [*rows[1:], *rows[:1]]),
        "rows shuffled": _rows(_shuffled_rows),
        "columns backwards": _columns(lambda places: places[::-1]),
        "columns rotated": _columns(lambda places: [*places[1:], *places[:1]]),
        "columns but the first backwards": _columns(lambda places: [places[0], *places[:0:-1]]),
        "columns shuffled": _columns(_shuffled(3)),
        "sections backwards": _sections(lambda sections: sections[::-1]),
        "sections rotated": _sections(lambda sections: [*sections[1:], *sections[:1]]),
        # Markup.
        "tables of markdown": _on_pages(lambda text: change_tables(text, lambda grid: grid, as_pipes)),
        "tables on one line": _on_pages(lambda text: change_tables(text, lambda grid: grid, as_one_line)),
        "no widths of columns": _replaced(re.compile(r"<colgroup>.*?</colgroup>", re.DOTALL), ""),
        "styles on cells": _replaced(re.compile(r"<(t[hd])>"), r'<\1 align="left" style={{ width: 40 }}>'),
        "capital tags": _on_pages(
            _outside_code(lambda text: re.sub(r"</?(?:t\w+|code)>", lambda match: match[0].upper(), text))
        ),
        "no code in cells": _tables(lambda grid: grid.cells(lambda cell: _CODE.sub(r"\1", cell))),
        "bold cells": _tables(lambda grid: grid.cells(lambda cell: f"<b>{cell}</b>")),
        "bold columns": _tables(
            lambda grid: Grid(
                tuple(f"<strong>{name}</strong>" if name else name for name in grid.head), grid.rows
            )
        ),
        "links on models": _tables(lambda grid: grid.cells(lambda cell: _MODEL.sub(_linked, cell))),
        "line breaks in cells": _tables(lambda grid: grid.cells(lambda cell: f"{cell}<br />")),
        "paragraphs in cells": _tables(lambda grid: grid.cells(lambda cell: f"<p>{cell}</p>")),
        "comments of HTML": _on_pages(
            _outside_code(lambda text: text.replace("\n## ", "\n<!-- checked -->\n\n## "))
        ),
        "comments of JSX": _on_pages(
            _outside_code(lambda text: text.replace("\n## ", "\n{/* checked */}\n\n## "))
        ),
        "imports": _on_pages(lambda text: f"import Tabs from '@theme/Tabs';\n\n{text}"),
        "headings one deeper": _replaced(_HEADING, r"#\1 \2"),
        "anchors at headings": _replaced(_HEADING, r"\1 \2 {#here}"),
        "numbered headings": _replaced(re.compile(r"(?m)^## "), "## 3.1 "),
        # More than there was.
        "prose above": _on_pages(lambda text: text.replace("\n", f"\n\n{_PROSE}\n", 1)),
        "prose between": _on_pages(_outside_code(lambda text: text.replace("\n## ", f"\n{_PROSE}\n## "))),
        "a table of something else": _on_pages(
            _outside_code(lambda text: text.replace("\n## ", f"\n{_OTHER_TABLE}\n## "))
        ),
        "one more column": _tables(_with_column),
        "rows numbered": _tables(_with_first_column),
        "names beside ids": _tables(lambda grid: grid.cells(lambda cell: _MODEL.sub(_display_name, cell))),
        # Footers.
        "no footer": _on_pages(lambda text: _FOOTER.sub("", text)),
        "a later footer": _on_pages(lambda text: _FOOTER.sub(r"\1\g<2>2026-11-20", text)),
        "another footer": _on_pages(lambda text: _FOOTER.sub(r"Last updated: \3/\4/\5", text)),
        # Wording.
        "other headings": _words(
            ("## All models", "## Overview"),
            ("## What each can do", "## Capabilities"),
            ("## Voices", "## Built-in voices"),
            ("## 全部模型", "## 概览"),
        ),
        "other names of columns": _heads(
            ("Model ID", "Model"),
            ("Context", "Context window"),
            ("Max Output", "Maximum output"),
            ("RPM", "Requests per minute (RPM)"),
            ("TPM", "Tokens per minute (TPM)"),
            ("上下文", "上下文长度"),
            ("最大输出", "最大输出长度"),
        ),
        "marks for yes and no": _cells(
            ("Yes", "✓"), ("No", "✗"), ("是", "✓"), ("否", "✗"), ("支持", "✓"), ("不支持", "✗")
        ),
        "other words for yes and no": _cells(("Yes", "Supported"), ("No", "Not supported")),
        "limits in full": _cells(
            ("1M", "1,048,576"),
            ("128K", "131,072"),
            ("8K", "8,192"),
            ("10M", "10,000,000"),
            ("10K", "10,000"),
        ),
        "limits with units": _cells(("1M", "1M tokens"), ("128K", "128K tokens"), ("8K", "8K tokens")),
        "prices with all digits": _cells(
            ("3", "3.00"), ("6", "6.00"), ("1", "1.00"), ("2", "2.00"), ("0.87", "0.870")
        ),
        "inputs with strokes": _words(
            ("Text, image, audio, video", "Text / Image / Audio / Video"),
            ("文本、图片、音频、视频", "文本/图片/音频/视频"),
        ),
        "days written out": _words(
            ("2026-10-21 10:00", "21 October 2026 at 10:00"), ("2026-09-08 00:00", "8 September 2026")
        ),
        "other meanings of errors": _words(
            ("The balance is used up", "There is no money left"),
            ("Something broke at our side", "An internal error"),
            ("Check the key, and that the address belongs to it", "Look at your key"),
        ),
        "other prose": _words(
            ("Ids are written in lower case", "Write ids in lower case"),
            ("Times are of Beijing.", "All times are Beijing time."),
            ("Three models speak.", "There are three models that speak."),
            ("A plan lies on one cluster.", "Every plan is bound to a cluster."),
        ),
        "other words in schemas": _schemas(
            lambda text: text.replace("How freely the next token is drawn.", "Sampling temperature.")
        ),
        "narrow schemas": _schemas(lambda text: re.sub(r"\n\s+", "\n", text)),
        "another page": _same_site,
    }
)
"""By what is other than before."""
