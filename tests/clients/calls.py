"""Every call of another program that is made against the simulated platform. The list is the test."""

from collections.abc import Iterator

from tests.clients import anthropic_calls, curl_calls, openai_calls, openai_more_calls
from tests.clients.call import ClientCall, Run

_CHAT, _RESPONSES, _MESSAGES, _MODELS = "chat completions", "responses", "messages", "models"

_RUNS: tuple[tuple[str, str, tuple[Run, ...]], ...] = (
    ("openai", _MODELS, (openai_calls.models, openai_calls.models_of_a_cluster)),
    (
        "openai",
        _CHAT,
        (
            openai_calls.chat,
            openai_calls.without_thinking,
            openai_calls.streamed,
            openai_calls.accumulated,
            openai_calls.tools,
            openai_calls.tools_streamed,
            openai_calls.image,
            openai_calls.sound_and_film,
            openai_calls.json_object,
            openai_calls.web_search,
            openai_calls.budget,
            openai_calls.raw,
            openai_calls.stopped,
            openai_calls.tried_again,
            openai_calls.chat_async,
            openai_calls.streamed_async,
            openai_more_calls.speech,
            openai_more_calls.designed,
            openai_more_calls.cloned,
            openai_more_calls.speech_streamed,
            openai_more_calls.heard,
        ),
    ),
    (
        "openai",
        _RESPONSES,
        (
            openai_more_calls.response,
            openai_more_calls.response_streamed,
            openai_more_calls.response_accumulated,
            openai_more_calls.response_tools,
            openai_more_calls.response_image,
            openai_more_calls.response_async,
        ),
    ),
    (
        "anthropic",
        _MESSAGES,
        (
            anthropic_calls.message,
            anthropic_calls.bearer,
            anthropic_calls.without_thinking,
            anthropic_calls.stop_sequences,
            anthropic_calls.events,
            anthropic_calls.streamed,
            anthropic_calls.thinking_streamed,
            anthropic_calls.tools,
            anthropic_calls.tools_streamed,
            anthropic_calls.tool_runner,
            anthropic_calls.image,
            anthropic_calls.document,
            anthropic_calls.stopped,
            anthropic_calls.message_async,
            anthropic_calls.streamed_async,
        ),
    ),
    ("curl", _MODELS, (curl_calls.models, curl_calls.api_key, curl_calls.refused)),
    ("curl", _CHAT, (curl_calls.chat, curl_calls.streamed)),
    ("curl", _RESPONSES, (curl_calls.response,)),
    ("curl", _MESSAGES, (curl_calls.message, curl_calls.message_streamed)),
)


def _calls() -> Iterator[ClientCall]:
    for client, surface, runs in _RUNS:
        for run in runs:
            yield ClientCall(client, surface, (run.__doc__ or "").strip(), run)


CALLS = tuple(_calls())


def rows() -> Iterator[str]:
    """Give the table of README: for each program and surface its calls."""
    yield "| Program | Surface | Calls | What they do |"
    yield "|---|---|---|---|"
    for client, surface, runs in _RUNS:
        titles = "; ".join((run.__doc__ or "").strip().removesuffix(".") for run in runs)
        yield f"| {client} | {surface} | {len(runs)} | {titles} |"
