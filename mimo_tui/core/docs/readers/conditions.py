"""What makes a table, a column or a row hold for some calls, some time or some models only."""

import re
from collections.abc import Sequence

from mimo_tui.core.docs.readers.grid import Grid
from mimo_tui.core.docs.readers.moments import moments
from mimo_tui.core.docs.readers.words import plain, words

_CONDITIONS = (
    "promotion", "discount", "special offer", "sale", "old", "former", "original", "peak", "off peak", "tier",
    "above", "below", "over", "up to", "longer", "shorter", "less than", "more than", "beyond", "first", "until",
    "from now", "effective", "starting", "beta", "preview", "planned", "coming", "soon", "default", "trial",
    "优惠", "折扣", "促销", "原价", "旧价", "高峰", "阶梯", "以上", "以下", "以内", "超过", "生效", "内测", "公测",
    "试用", "即将", "默认",
)  # fmt: skip
_OTHER_UNITS = (
    "words",
    "characters",
    "chars",
    "bytes",
    "thousand",
    "million",
    "千",
    "万",
    "百万",
    "字符",
    "字节",
)
_BOUND = re.compile(r"[≤≥<>]|[0-9] ?[km] ?[-+~]")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_SCALE = re.compile(r"[(/\[] ?(?:in )?[km]\b")
_FROM = (
    "from", "until", "before", "after", "since", "effective", "starting", "起", "之前", "以前", "截至", "至",
)  # fmt: skip
_NOT_HERE = (
    "coming soon", "soon", "planned", "upcoming", "roadmap", "comparison with", "compared with", "versus", "vs",
    "other models", "competitor", "retired", "deprecat", "discontinued", "offline", "legacy", "previous", "history",
    "open weight", "open source", "即将", "敬请期待", "规划", "与其他", "已下线", "下线", "停用", "历史", "旧版",
    "开源",
)  # fmt: skip


def is_conditional(text: str) -> bool:
    """Tell whether a heading limits what stands below it: to a time, to a length of the input, to an offer."""
    flat = plain(text)
    return (
        words(text).say(_CONDITIONS)
        or any(form.search(flat) for form in (_BOUND, _YEAR))
        or bool(moments(text))
    )


def is_limited(heading: str) -> bool:
    """Tell whether the counts below a heading are of some calls only, in thousands, or not of tokens and requests."""
    return (
        is_conditional(heading)
        or words(heading).say(_OTHER_UNITS)
        or _SCALE.search(plain(heading)) is not None
    )


def condition_of(grid: Grid, above: Sequence[str]) -> str:
    """Give the heading, or the text right above (the last one), that limits all of a table; empty: none does."""
    for heading in grid.headings:
        if is_conditional(heading):
            return heading
    return next((text for text in above[-1:] if moments(text) and words(text).say(_FROM)), "")


def are_elsewhere(headings: Sequence[str]) -> bool:
    """Tell whether models below these headings are none that the API offers: to come, over, or other people's."""
    return words(*headings).say(_NOT_HERE)


def is_not_here(cell: str) -> bool:
    """Tell whether a cell says of its model that it is not there yet, or no more."""
    return words(cell).say(_NOT_HERE)
