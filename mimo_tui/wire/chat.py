"""An answer of the OpenAI surface, as typed events (`mimo-api.md` §7)."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping

from mimo_tui.core.conversation import Citation
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.usage import Usage
from mimo_tui.wire.answer_reader import AnswerReader
from mimo_tui.wire.answering import ChatRequest, listen
from mimo_tui.wire.events import Cited, Delta, Finished, StreamEvent, Told, ToolFragment, Warned
from mimo_tui.wire.evidence import line, words
from mimo_tui.wire.http import Client, Limits
from mimo_tui.wire.json_values import amount_of, count_of, table_of, tables_of, text_of

__all__ = ["ChatRequest", "stream_chat"]


def stream_chat(
    client: Client,
    request: ChatRequest,
    limits: Limits | None = None,
    *,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[StreamEvent, None]:
    """Give the events of an answer as they come, and `Ended` last, however it ends; nothing raises.

    One that is not streamed gives the same events, all at once. `limits` are by default those that suit it. Once
    `stop` is set nothing more is waited for, and `Ended` comes. Leave it early by `aclose` (`contextlib.aclosing`):
    the connection closes at once.
    """
    return listen(client, request, AnswerReader(ChatDialect(request.key), request.key), limits, stop)


class ChatDialect:
    """Chunks and whole completions."""

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._named: set[int] = set()
        self.finished = False
        self.ended = False

    def read(self, document: dict[str, Json]) -> list[StreamEvent]:
        """Give what a chunk or a whole completion says."""
        found: list[StreamEvent] = []
        for choice in tables_of(document.get("choices")):
            # More than one answer is never asked for (`mimo-api.md` §6.2).
            if not count_of(choice.get("index")):
                self._read_choice(choice, found)
        usage = document.get("usage")
        if isinstance(usage, dict):
            found.append(Told(_usage(usage)))
        return found

    def _read_choice(self, choice: dict[str, Json], found: list[StreamEvent]) -> None:
        # A choice has a delta where it is streamed, and a message where the whole answer came at once.
        part = choice.get("delta") or choice.get("message")
        if isinstance(part, dict):
            self._read_part(part, found)
        if reason := text_of(choice.get("finish_reason")):
            self.finished = True
            found.append(Finished(line(reason, self._key)))

    def _read_part(self, part: dict[str, Json], found: list[StreamEvent]) -> None:
        text, reasoning = text_of(part.get("content")), text_of(part.get("reasoning_content"))
        if text or reasoning:
            found.append(Delta(text, reasoning))
        if citations := tuple(map(self._citation, tables_of(part.get("annotations")))):
            found.append(Cited(citations))
        if failure := text_of(part.get("error_message")):
            found.append(Warned(line(failure, self._key)))
        for position, call in enumerate(tables_of(part.get("tool_calls"))):
            found.append(self._fragment(call, position))

    def _citation(self, annotation: dict[str, Json]) -> Citation:
        # OpenAI itself writes the page one level further down.
        page = table_of(annotation.get("url_citation")) or annotation
        names = ("url", "title", "summary", "site_name", "publish_time")
        return Citation(*words([text_of(page.get(name)) for name in names], self._key))

    def _fragment(self, call: dict[str, Json], position: int) -> ToolFragment:
        function = table_of(call.get("function"))
        index = count_of(call.get("index"))
        index = position if index is None else index
        is_first = index not in self._named
        self._named.add(index)
        arguments = function.get("arguments")
        return ToolFragment(
            index=index,
            id=text_of(call.get("id")) if is_first else "",
            name=text_of(function.get("name")) if is_first else "",
            arguments=json.dumps(arguments) if isinstance(arguments, dict) else text_of(arguments),
        )


def _usage(usage: Mapping[str, Json]) -> Usage:
    prompt = table_of(usage.get("prompt_tokens_details"))
    completion = table_of(usage.get("completion_tokens_details"))
    search = table_of(usage.get("web_search_usage"))
    return Usage(
        prompt=count_of(usage.get("prompt_tokens")),
        completion=count_of(usage.get("completion_tokens")),
        total=count_of(usage.get("total_tokens")),
        cached=count_of(prompt.get("cached_tokens")),
        reasoning=count_of(completion.get("reasoning_tokens")),
        image=count_of(prompt.get("image_tokens")),
        audio=count_of(prompt.get("audio_tokens")),
        video=count_of(prompt.get("video_tokens")),
        searches=count_of(search.get("tool_usage")),
        pages=count_of(search.get("page_usage")),
        seconds=amount_of(usage.get("seconds")),
    )
