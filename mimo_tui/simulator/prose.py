"""The text of simulated answers: Markdown with a heading, a list, code and a table, and as much more as is asked."""

import re
from dataclasses import dataclass
from itertools import cycle, islice

from mimo_tui.simulator import tokens

NOTICE = "This answer is simulated: no model has read your message, and nothing here is knowledge."
NOTICE_CHINESE = "这是模拟的回答：没有模型读过您的消息，这里的内容也不是知识。"

_SENTENCES = (
    "The simulated platform writes plain sentences so that a long answer can be read while it arrives.",
    "Every sentence says as little as possible, and says it in the same order each time.",
    "A reader may scroll back, stop the stream, or wait until the last word is there.",
    "Nothing in these lines was learned from anywhere, and nobody should quote them.",
    "What matters is their number, their pace, and that the very same words come again tomorrow.",
)
_SENTENCES_CHINESE = (
    "模拟平台写下这些普通的句子，好让很长的回答可以边到边读。",
    "每一句都尽量少说，而且每次的顺序都一样。",
    "读者可以往回翻，可以停下，也可以等到最后一个字。",
    "这里没有任何内容来自别处，请不要引用。",
)
_THOUGHTS = (
    "First I look at what is asked.",
    "Then I weigh one way against another, and neither is real.",
    "It would be easy to stop here, but long thinking was asked for.",
    "Let me check that once more from the other side.",
    "This reasoning is simulated, so I may go on for as long as I am told.",
)
_SENTENCES_A_PARAGRAPH = 5
_HEADING = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer can truly say: things about the conversation itself. `pages` are titles with addresses."""

    asked: str
    model: str
    turn: int
    system: str
    media: tuple[str, ...]
    tools: tuple[str, ...]
    results: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, str], ...]

    @property
    def topics(self) -> list[str]:
        """Give the longest words of the question, at most three."""
        words = dict.fromkeys(re.findall(r"[^\W\d_]{4,}", self.asked))
        return sorted(words, key=len, reverse=True)[:3]


def is_chinese(text: str) -> bool:
    """Tell whether a text is to be answered in Chinese."""
    return tokens.is_wide(text)


def shortened(text: str, most: int) -> str:
    """Give the beginning of a text, with an ellipsis where something was left out."""
    return text if len(text) <= most else text[: most - 1] + "…"


def english_answer(facts: Facts) -> str:
    """Give a few paragraphs that echo what was asked."""
    heading = shortened(" ".join(facts.asked.split()), _HEADING) or "An empty question"
    parts = [f"## {heading}", f"> {NOTICE}"]
    parts += [f"The tool `{name}` answered:\n\n{_fenced(content)}" for name, content in facts.results]
    parts += [f"I was given {words}." for words in facts.media]
    topics = facts.topics or ["the question"]
    parts += [
        f"You asked about **{topics[0]}**. A model would answer that here; this is what can be said instead:",
        "\n".join(f"- **{topic}** stands in your message." for topic in topics)
        + f"\n- Your message has {len(facts.asked.split())} words and {len(facts.asked)} characters."
        + ("\n- The system prompt was read." if facts.system else "\n- There is no system prompt."),
        _sources("Sources", facts.pages),
        "The same in code:",
        _code(len(facts.asked.split())),
        _table(
            ("What", "Value"), _rows(facts, ("Model", "Turn", "Tokens of your message", "Tools on offer"))
        ),
        "Ask something else, or write *long table* to see a long one.",
    ]
    return "\n\n".join(part for part in parts if part)


def chinese_answer(facts: Facts) -> str:
    """Give the same in Chinese."""
    heading = shortened(" ".join(facts.asked.split()), _HEADING)
    parts = [f"## {heading}", f"> {NOTICE_CHINESE}"]
    parts += [f"工具 `{name}` 的结果是：\n\n{_fenced(content)}" for name, content in facts.results]
    parts += [f"您还发来了：{words}。" for words in facts.media]
    parts += [
        "真正的模型会在这里回答。模拟平台只能说明这些：",
        f"- 您的消息有 {len(facts.asked)} 个字符。\n- 这是第 {facts.turn} 轮。"
        + ("\n- 系统提示已经读过。" if facts.system else "\n- 没有系统提示。"),
        _sources("来源", facts.pages),
        "用代码来说：",
        _code(len(facts.asked)),
        _table(("项目", "值"), _rows(facts, ("模型", "轮次", "消息的 token 数", "可用的工具"))),
    ]
    return "\n\n".join(part for part in parts if part)


def words(asked: str, amount: int, *, chinese: bool) -> str:
    """Give exactly so many words of prose in paragraphs; in Chinese, so many characters."""
    if chinese:
        text = "".join(islice(cycle("".join(_SENTENCES_CHINESE)), amount))
        width = len("".join(_SENTENCES_CHINESE))
        return "\n\n".join(text[at : at + width] for at in range(0, len(text), width))
    sentences = [sentence.split() for sentence in _SENTENCES]
    if topics := re.findall(r"\b[A-Z][a-z]{3,}\b", asked):
        sentences.append(["None", "of", "it", "is", "about", f"{topics[-1]}."])
    paragraph = [word for sentence in sentences for word in sentence]
    whole, rest = divmod(amount, len(paragraph))
    made = [" ".join(paragraph)] * whole + ([" ".join(paragraph[:rest])] if rest else [])
    return "\n\n".join(made)


def thoughts(asked: str, amount: int) -> str:
    """Give about so many words of reasoning."""
    made, length = [f"The user asks: “{shortened(asked, 120)}”."], 0
    for number, sentence in enumerate(cycle(_THOUGHTS), start=1):
        made.append(sentence + ("\n" if number % _SENTENCES_A_PARAGRAPH == 0 else ""))
        length += len(sentence.split())
        if length >= amount:
            return " ".join(made).replace("\n ", "\n").rstrip("\n")
    return ""


def again_and_again(asked: str) -> str:
    """Give a text that repeats itself until somebody stops it."""
    line = shortened(" ".join(asked.split()), 40) or "again"
    return " ".join([f"{line}."] * 30)


def code_lines(amount: int = 300) -> str:
    """Give a long program."""
    lines = ['"""Simulated code."""', ""]
    for number in range(1, (amount - 2) // 5 + 1):
        lines += [
            "",
            f"def step_{number}(value: int) -> int:",
            f'    """Give the value, {number} more."""',
            f"    return value + {number}",
            "",
        ]
    return f"```python\n{chr(10).join(lines)}\n```"


def table_rows(amount: int = 200) -> str:
    """Give a long table."""
    rows = tuple(
        (str(n), str(n * n), "一二三四五六七八九十"[n % 10] * (n % 7 + 1)) for n in range(1, amount + 1)
    )
    return f"{NOTICE}\n\n{_table(('Number', 'Square', '字'), rows)}"


def list_items(amount: int = 300) -> str:
    """Give a long list."""
    items = (f"{n}. Item {n}: {_SENTENCES[n % len(_SENTENCES)]}" for n in range(1, amount + 1))
    return f"{NOTICE}\n\n" + "\n".join(items)


def _rows(facts: Facts, titles: tuple[str, str, str, str]) -> tuple[tuple[str, str], ...]:
    on_offer = ", ".join(facts.tools) or "–"
    values = (f"`{facts.model}`", str(facts.turn), str(tokens.count(facts.asked)), on_offer)
    return tuple(zip(titles, values, strict=True))


def _sources(title: str, pages: tuple[tuple[str, str], ...]) -> str:
    lines = [f"- [{number}] [{name}]({url})" for number, (name, url) in enumerate(pages, start=1)]
    return f"{title}:\n\n" + "\n".join(lines) if lines else ""


def _code(length: int) -> str:
    return (
        f'```python\ndef answer(question: str) -> str:\n    return "simulated"\n\n\nassert {length} >= 0\n```'
    )


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
