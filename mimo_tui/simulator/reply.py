"""What the simulated models say: useful to look at, the same every time, and open about being simulated.

Words in the last message of the user steer it, see `STEERING`.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import prose
from mimo_tui.simulator.fault import MODERATED, Refusal
from mimo_tui.simulator.searching import Page, Search, find_pages, is_wanted, keywords
from mimo_tui.simulator.tools import Tool, ToolCall, ToolResult, choose

STEERING = (
    ("say nothing", "an answer with no text at all"),
    ("say exactly WORDS", "just these words"),
    ("write N words", "so many words of prose, up to 100,000; in Chinese 写 N 字"),
    ("long code", "300 lines of code"),
    ("long table", "a table of 200 rows"),
    ("long list", "a list of 300 items"),
    ("think long", "2,000 words of reasoning"),
    ("repeat yourself", "an answer that the platform stops because it repeats itself"),
    ("say something forbidden", "an answer that moderation replaced by a refusal"),
    ("say something forbidden!", "moderation refuses the request"),
    ("search fails", "a web search that finds nothing because of an error"),
)
"""What to write into a prompt, and what then comes."""

MOST_WORDS = 100_000

REFUSAL_SENTENCE = MODERATED.param or ""
SEARCH_FAILED = "web search failed: the search service did not answer in time"

_LONGEST_ECHO = 4000
_AMOUNT = re.compile(r"\bwrite (\d[\d,]*) words?\b|写\s*(\d+)\s*(?:个)?字", re.IGNORECASE)
# Who quotes the rule not to does not ask for it.
_REPEAT = re.compile(r"(?<!n['’]t )(?<!not )(?<!never )\brepeat yourself\b", re.IGNORECASE)
_FORBIDDEN = re.compile(r"\bsay something forbidden!", re.IGNORECASE)
_EXACTLY = re.compile(r"\bsay exactly:?\s+(.+)", re.IGNORECASE | re.DOTALL)


class Finish(StrEnum):
    """Why an answer ended (`mimo-api.md` §7.1)."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    REPETITION = "repetition_truncation"


@dataclass(frozen=True, slots=True)
class Question:
    """What a conversation asks for. `media` describes what came with it as nouns: "a PNG image of 64×48 pixels".

    `parallel`: several tools may be called at once.
    """

    text: str
    model: str
    at: datetime
    system: str = ""
    turn: int = 1
    media: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    parallel: bool = True
    results: tuple[ToolResult, ...] = ()
    as_json: bool = False
    search: Search | None = None

    @property
    def chinese(self) -> bool:
        """Whether it is to be answered in Chinese."""
        return prose.is_chinese(self.text)

    def says(self, words: str) -> bool:
        """Whether these words stand in it, whatever their case."""
        return re.search(rf"\b{re.escape(words)}\b", self.text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, whole. `searched` are the keywords of a web search, `search_error` says why it failed."""

    reasoning: str
    content: str
    calls: tuple[ToolCall, ...] = ()
    pages: tuple[Page, ...] = ()
    finish: Finish = Finish.STOP
    searched: tuple[str, ...] = ()
    search_error: str = ""


def compose(question: Question) -> Composed:
    """Give the whole answer, of any length, with its reasoning. Raises Refusal where moderation refuses."""
    if _FORBIDDEN.search(question.text):
        raise Refusal(MODERATED)
    if question.says("say something forbidden"):
        return Composed(_reasoning(question, ()), REFUSAL_SENTENCE, finish=Finish.CONTENT_FILTER)
    calls = () if question.results else choose(question.tools, question.text, seed=question.model)
    calls = calls if question.parallel else calls[:1]
    reasoning = _reasoning(question, calls)
    if calls:
        return Composed(reasoning, "", calls, finish=Finish.TOOL_CALLS)
    if _REPEAT.search(question.text):
        return Composed(reasoning, prose.again_and_again(question.text), finish=Finish.REPETITION)
    searched, pages, error = _search(question)
    return Composed(reasoning, _content(question, pages), pages=pages, searched=searched, search_error=error)


def _search(question: Question) -> tuple[tuple[str, ...], tuple[Page, ...], str]:
    search = question.search
    if search is None or not (search.force or is_wanted(question.text)):
        return (), (), ""
    words = keywords(question.text, search)
    if question.says("search fails"):
        return words, (), SEARCH_FAILED
    return words, find_pages(words, search, question.at), ""


def _reasoning(question: Question, calls: tuple[ToolCall, ...]) -> str:
    if question.says("think long"):
        return prose.thoughts(question.text, 2000)
    asked = prose.shortened(question.text, 120)
    if question.chinese:
        thoughts = [f"用户问的是：“{asked}”。这是模拟的思考，并没有模型在想。"]
        thoughts += [f"需要调用工具 {call.name}。" for call in calls]
        thoughts += [f"工具 {result.name} 已经给出结果，可以直接使用。" for result in question.results]
        thoughts += [f"消息里还有{words}，要一并说明。" for words in question.media]
        return "".join(thoughts if calls else [*thoughts, "先说明这一点，再分条回答。"])
    thoughts = [f"The user asks: “{asked}”. This reasoning is simulated; no model is thinking."]
    thoughts += [f"I need the tool {call.name}." for call in calls]
    thoughts += [
        f"The tool {result.name} has answered, so I can use what it gave." for result in question.results
    ]
    thoughts += [f"There is {words} too, which I should mention." for words in question.media]
    return " ".join(
        thoughts if calls else [*thoughts, "I will say so first, and then answer point by point."]
    )


def _content(question: Question, pages: tuple[Page, ...]) -> str:
    exactly = _EXACTLY.search(question.text)
    amount = _AMOUNT.search(question.text)
    if question.says("say nothing"):
        return ""
    if question.as_json:
        return _document(question)
    if exactly:
        return exactly[1].strip().strip("\"“”'")
    if amount:
        wanted = min(int((amount[1] or amount[2]).replace(",", "")), MOST_WORDS)
        return prose.words(question.text, wanted, chinese=amount[2] is not None)
    for steer, made in (
        ("long code", prose.code_lines),
        ("long table", prose.table_rows),
        ("long list", prose.list_items),
    ):
        if question.says(steer):
            return made()
    return _answer(question, pages)


def _document(question: Question) -> str:
    document: dict[str, Json] = {
        "simulated": True,
        "model": question.model,
        "question": prose.shortened(question.text, _LONGEST_ECHO),
        "answer": prose.NOTICE_CHINESE if question.chinese else prose.NOTICE,
        "media": list(question.media),
        "results": [{"tool": result.name, "content": result.content} for result in question.results],
    }
    return json.dumps({name: value for name, value in document.items() if value != []}, ensure_ascii=False)


def _answer(question: Question, pages: tuple[Page, ...]) -> str:
    facts = prose.Facts(
        asked=question.text,
        model=question.model,
        turn=question.turn,
        system=question.system,
        media=question.media,
        tools=tuple(tool.name for tool in question.tools),
        results=tuple(
            (result.name, prose.shortened(result.content, _LONGEST_ECHO)) for result in question.results
        ),
        pages=tuple((page.title, page.url) for page in pages),
    )
    return prose.chinese_answer(facts) if question.chinese else prose.english_answer(facts)
