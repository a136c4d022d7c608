"""From a prompt to an answer that keeps to its limits, with the count of tokens; and the answer as a stream."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from starlette.responses import StreamingResponse

from mimo_tui.core.catalogue import Modality
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.conversation import PER_MESSAGE, Conversation
from mimo_tui.simulator.fault import Refusal, wrong_parameter
from mimo_tui.simulator.reply import Composed, Finish, Question, compose
from mimo_tui.simulator.searching import Search
from mimo_tui.simulator.tools import ToolCall

UNLIMITED = 131_072
"""Tokens of output where the catalogue knows no limit of the model."""

Paced: TypeAlias = tuple[bytes, int]
"""Bytes of a stream, and how many tokens of the answer they carry."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request that was found in order. `budget` is tokens of output, those of reasoning included.

    `parallel`: several tools may be called at once.
    """

    conversation: Conversation
    budget: int
    thinking: bool
    stops: tuple[str, ...] = ()
    stream: bool = False
    as_json: bool = False
    search: Search | None = None
    parallel: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `prompt` holds the cached ones and those of media, `completion` those of reasoning."""

    prompt: int
    cached: int
    image: int
    audio: int
    video: int
    completion: int
    reasoning: int

    @property
    def total(self) -> int:
        """Give what is billed in all."""
        return self.prompt + self.completion


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model gives for a prompt. `id` is 32 hex digits, the same for the same prompt at the same time."""

    id: str
    composed: Composed
    usage: Usage


def output_limit(call: Call) -> int:
    """Give the most tokens that the model puts out, which is also what it takes by default."""
    return call.model.max_output.value if call.model.max_output else UNLIMITED


def thinks_by_default(call: Call) -> bool:
    """Tell whether the model thinks unless it is told not to."""
    return call.model.thinking is not None and call.model.thinking.value


def generate(call: Call, prompt: Prompt) -> Generated:
    """Give the answer within its limits. Raises Refusal where moderation refuses or the context is too long."""
    conversation = prompt.conversation
    size, context = conversation.prompt_tokens, call.model.context
    if context is not None and size > context.value:
        raise Refusal(wrong_parameter(f"the prompt has {size} tokens, the context takes {context.value}"))
    asked = conversation.last_user
    question = Question(
        text=asked.text,
        model=call.model.id,
        at=call.at,
        system=conversation.system,
        turn=conversation.user_turns,
        media=tuple(weight.words for weight in asked.media),
        tools=conversation.tools,
        parallel=prompt.parallel,
        results=conversation.results,
        as_json=prompt.as_json,
        search=prompt.search,
    )
    composed = fit(compose(question), prompt)
    spent = tokens.count(composed.reasoning)
    usage = Usage(
        prompt=size,
        cached=conversation.cached_tokens,
        image=sum(one.picture_tokens for one in conversation.media if one.kind is Modality.IMAGE),
        audio=sum(one.audio_tokens for one in conversation.media),
        video=sum(one.picture_tokens for one in conversation.media if one.kind is Modality.VIDEO),
        completion=spent + tokens.count(composed.content) + sum(map(call_tokens, composed.calls)),
        reasoning=spent,
    )
    return Generated(conversation.digest(call.model.id, call.at.isoformat()), composed, usage)


def fit(composed: Composed, prompt: Prompt) -> Composed:
    """Cut an answer at a stop sequence, and where its budget ends: first it is thought with, then said with."""
    reasoning = composed.reasoning if prompt.thinking else ""
    thought = tokens.cut(reasoning, prompt.budget)
    left = prompt.budget - tokens.count(thought)
    content = _until(composed.content, prompt.stops)
    said = tokens.cut(content, left)
    left -= tokens.count(said)
    calls: list[ToolCall] = []
    for call in composed.calls:
        cost = call_tokens(call)
        if cost > left:
            # A budget that ends within a call leaves arguments that are no JSON, as models do.
            room = left - call_tokens(replace(call, arguments=""))
            calls += [replace(call, arguments=tokens.cut(call.arguments, room))] if room > 0 else []
            break
        calls.append(call)
        left -= cost
    cut = thought != reasoning or said != content or tuple(calls) != composed.calls
    stopped = Finish.STOP if content != composed.content else composed.finish
    return replace(
        composed,
        reasoning=thought,
        content=said,
        calls=tuple(calls),
        finish=Finish.LENGTH if cut else stopped,
    )


def call_tokens(call: ToolCall) -> int:
    """Give what a tool call adds to the output."""
    return tokens.count(call.name) + tokens.count(call.arguments) + PER_MESSAGE


def stream_of(call: Call, events: Iterable[Paced]) -> StreamingResponse:
    """Answer with a stream at the platform's pace. A client that goes away ends it at the next event."""
    return StreamingResponse(
        _flow(call, events), media_type="text/event-stream", headers={"cache-control": "no-cache"}
    )


async def _flow(call: Call, events: Iterable[Paced]) -> AsyncIterator[bytes]:
    for data, carried in events:
        yield data
        # Also without a pace: other calls, and the news that the client has gone, get their turn.
        await call.sleep(carried / call.tokens_per_second if call.tokens_per_second else 0.0)


def _until(content: str, stops: tuple[str, ...]) -> str:
    found = [at for stop in stops if (at := content.find(stop)) >= 0]
    return content[: min(found)] if found else content
