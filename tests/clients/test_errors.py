"""Every documented error (§12) reaches the users of both packages as the exception that they expect."""

from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import openai
import pytest

from mimo_tui.simulator import accounts
from mimo_tui.simulator.faults import ERRORS
from tests.clients import anthropic_calls, openai_calls
from tests.clients.call import HOST, MODEL
from tests.simulator import files
from tests.simulator.files import data_url

Wanted = tuple[type[openai.APIStatusError], type[anthropic.APIStatusError], int, str, str | None, str | None]

# By name: the exception of openai, of anthropic, the status, and of the envelope message, param and type.
DOCUMENTED: dict[str, Wanted] = {
    "invalid-key": (
        openai.AuthenticationError, anthropic.AuthenticationError, 401, "Invalid API Key",
        "Please provide valid API Key", "invalid_key",
    ),
    "unsupported-model": (
        openai.BadRequestError, anthropic.BadRequestError, 400, "Unsupported model X", None, None,
    ),
    "parameter": (
        openai.BadRequestError, anthropic.BadRequestError, 400, "Param Incorrect",
        "temperature must be between 0 and 1.5", "",
    ),
    "schema": (
        openai.BadRequestError, anthropic.BadRequestError, 400, "Invalid request parameters", "", "Bad Request",
    ),
    "media": (
        openai.BadRequestError, anthropic.BadRequestError, 400,
        "Multimodal data is corrupted or cannot be processed.", None, "BadRequestError",
    ),
    "balance": (
        openai.APIStatusError, anthropic.PaymentRequiredError, 402,
        "Insufficient balance, please recharge your account", None, None,
    ),
    "funds": (
        openai.APIStatusError, anthropic.PaymentRequiredError, 402, "Insufficient account funds", None,
        "server_error",
    ),
    "forbidden": (
        openai.PermissionDeniedError, anthropic.PermissionDeniedError, 403, "Illegal access", None,
        "illegal_access",
    ),
    "not-found": (openai.NotFoundError, anthropic.NotFoundError, 404, "Not Found", None, "not_found"),
    "moderation": (
        openai.APIStatusError, anthropic.APIStatusError, 421, "Moderation Block",
        "The request was rejected because it was considered high risk", "content_filter",
    ),
    "rate": (
        openai.RateLimitError, anthropic.RateLimitError, 429, "Too many requests", None, "limitation",
    ),
    "quota": (
        openai.RateLimitError, anthropic.RateLimitError, 429,
        "Token Plan quota exhausted, please wait for renewal", None, None,
    ),
    "server": (
        openai.InternalServerError, anthropic.InternalServerError, 500, "Internal server error", None,
        "server_error",
    ),
    "overloaded": (
        openai.InternalServerError, anthropic.ServiceUnavailableError, 503,
        "Service overloaded, please try again later", None, "server_error",
    ),
}  # fmt: skip


def simulated(script: str) -> dict[str, str]:
    return {"x-simulate": script}


def test_no_documented_error_is_left_out() -> None:
    assert set(DOCUMENTED) == set(ERRORS)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("name", DOCUMENTED)
def test_openai_raises_the_right_exception_with_code_and_message(
    origin: str, name: str, stream: bool
) -> None:
    raised, _, status, message, param, kind = DOCUMENTED[name]
    with openai_calls.client(origin) as mimo, pytest.raises(openai.APIStatusError) as caught:
        mimo.chat.completions.create(
            model=MODEL,
            messages=openai_calls.user("Hello"),
            stream=stream,
            extra_headers=simulated(f"error={name}"),
        )
    error = caught.value
    assert type(error) is raised
    assert (error.status_code, error.code) == (status, str(status))
    assert (error.param, error.type) == (param, kind)
    assert isinstance(error.body, dict)
    assert error.body["message"] == message
    assert message in str(error)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("name", DOCUMENTED)
def test_anthropic_raises_the_right_exception_with_code_and_message(
    origin: str, name: str, stream: bool
) -> None:
    _, raised, status, message, param, kind = DOCUMENTED[name]
    with anthropic_calls.client(origin) as mimo, pytest.raises(anthropic.APIStatusError) as caught:
        mimo.messages.create(
            model=MODEL,
            max_tokens=64,
            messages=anthropic_calls.user("Hello"),
            stream=stream,
            extra_headers=simulated(f"error={name}"),
        )
    error = caught.value
    assert type(error) is raised
    assert error.status_code == status
    assert error.api_message == message
    envelope = {"code": str(status), "message": message, "param": param, "type": kind}
    assert error.body == {"error": {name: value for name, value in envelope.items() if value is not None}}


@pytest.mark.parametrize("name", DOCUMENTED)
async def test_the_asynchronous_clients_raise_the_same(origin: str, name: str) -> None:
    raised, also_raised, *_ = DOCUMENTED[name]
    async with openai_calls.asynchronous(origin) as mimo:
        with pytest.raises(raised):
            await mimo.models.list(extra_headers=simulated(f"error={name}"))
    async with anthropic.AsyncAnthropic(
        base_url=f"{origin}/{HOST}/anthropic", api_key=accounts.PAY_AS_YOU_GO, max_retries=0
    ) as other:
        with pytest.raises(also_raised):
            await other.messages.create(
                model=MODEL,
                max_tokens=64,
                messages=anthropic_calls.user("Hello"),
                extra_headers=simulated(f"error={name}"),
            )


def ask(content: object, key: str = accounts.PAY_AS_YOU_GO, **fields: Any) -> Callable[[str], object]:
    """Give what asks by chat completions; a field may replace any other."""

    def run(origin: str) -> object:
        with openai_calls.client(origin, key) as mimo:
            return mimo.chat.completions.create(
                **{"model": MODEL, "messages": openai_calls.user(content), **fields}
            )

    return run


def part(url: str) -> list[object]:
    return [{"type": "image_url", "image_url": {"url": url}}]


def tool(name: str) -> object:
    return {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": {}}},
    }


def case(run: Callable[[str], object], status: int, words: str, name: str) -> object:
    return pytest.param(run, status, words, id=name)


SPEAK = openai_calls.said({"role": "assistant", "content": "Hello"})
CALLED = openai_calls.said(
    {"role": "user", "content": "Weather?"},
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "x", "arguments": "{}"}}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "fog"},
)


def mistakes() -> Iterator[object]:
    """Give what people really do wrong, with the status and the words that the platform has for it."""
    yield case(ask("Hello", "sk-of-nobody"), 401, "Invalid API Key", "a key of nobody")
    yield case(ask("Hello", accounts.SINGAPORE), 401, "Invalid API Key", "a plan's key on pay-as-you-go")
    yield case(ask("Hello", accounts.NO_BALANCE), 402, "Insufficient balance", "an empty account")
    yield case(ask("Hello", accounts.FORBIDDEN), 403, "Illegal access", "risk control")
    yield case(ask("Hello", model="mimo-v2-flash"), 400, "Unsupported model mimo-v2-flash", "a retired model")
    yield case(ask("Hello", model="MiMo-V2.6-Pro"), 400, "Unsupported model MiMo-V2.6-Pro", "a display name")
    yield case(ask("say something forbidden!"), 421, "Moderation Block", "moderation")
    yield case(
        ask("say something forbidden!", stream=True), 400, "Moderation Block", "moderation of a stream"
    )
    yield case(ask("Hello", temperature=1.9), 400, "temperature", "a temperature out of range")
    yield case(ask("Hello", n=2), 400, "n is not supported", "several answers")
    yield case(ask("Hello", messages=[]), 400, "Invalid request parameters", "no messages")
    yield case(
        ask("Hello", messages=CALLED), 400, "reasoning_content in the thinking mode", "reasoning left out"
    )
    yield case(ask("Hello", tools=[tool("a"), tool("a")]), 400, "duplicate names: a", "a tool twice")
    yield case(
        ask("News", extra_body={"tools": [{"type": "web_search"}]}),
        400,
        "webSearchEnabled is false",
        "no plugin",
    )
    yield case(ask(part(data_url("application/pdf", files.PDF))), 400, "file type is not supported", "a PDF")
    yield case(ask(part(data_url("image/png", files.PDF))), 400, "Multimodal data is corrupted", "no image")
    yield case(
        ask("", model="mimo-v2.5-tts", messages=SPEAK, audio={"format": "wav", "voice": "Nobody"}),
        400, "Unknown voice: Nobody", "an unknown voice",
    )  # fmt: skip
    yield case(ask("Hello", model="mimo-v2.5-tts"), 400, "must contain an assistant role", "nothing to speak")
    yield case(
        ask("Hello", model="mimo-v2.5-asr"), 400, "ASR request requires a user message", "nothing to hear"
    )


@pytest.mark.parametrize(("run", "status", "words"), list(mistakes()))
def test_a_mistake_is_refused_in_the_words_of_the_platform(
    origin: str, run: Callable[[str], object], status: int, words: str
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        run(origin)
    assert caught.value.status_code == status
    assert words in str(caught.value.body)


@pytest.mark.parametrize(
    "run",
    [
        lambda mimo: mimo.models.list(),
        lambda mimo: mimo.messages.count_tokens(model=MODEL, messages=anthropic_calls.user("Hello")),
    ],
    ids=["models", "count_tokens"],
)
def test_what_the_anthropic_surface_does_not_have_is_not_found(
    origin: str, run: Callable[[anthropic.Anthropic], object]
) -> None:
    with anthropic_calls.client(origin) as mimo, pytest.raises(anthropic.NotFoundError):
        run(mimo)


@pytest.mark.parametrize(
    "run",
    [
        lambda mimo: mimo.audio.speech.create(model="mimo-v2.5-tts", voice="Mia", input="Hello"),
        lambda mimo: mimo.embeddings.create(model=MODEL, input="Hello"),
        lambda mimo: mimo.images.generate(model=MODEL, prompt="A cat"),
    ],
    ids=["speech", "embeddings", "images"],
)
def test_what_the_openai_surface_does_not_have_is_not_found(
    origin: str, run: Callable[[openai.OpenAI], object]
) -> None:
    with openai_calls.client(origin) as mimo, pytest.raises(openai.NotFoundError):
        run(mimo)


def test_one_model_cannot_be_asked_for(origin: str) -> None:
    with openai_calls.client(origin) as mimo, pytest.raises(openai.BadRequestError) as caught:
        mimo.models.retrieve(MODEL)
    assert (caught.value.param, caught.value.code) == ("404 NOT_FOUND", "400")


def test_an_error_behind_data_still_raises_by_its_status(origin: str) -> None:
    with openai_calls.client(origin) as mimo, pytest.raises(openai.BadRequestError) as caught:
        mimo.chat.completions.create(
            model=MODEL,
            messages=openai_calls.user("Hello"),
            stream=True,
            extra_headers=simulated("error=parameter; data-error"),
        )
    assert str(caught.value.body).startswith("data:{")


def test_a_connection_that_breaks_raises(origin: str) -> None:
    with openai_calls.client(origin) as mimo, pytest.raises(openai.APIConnectionError):
        mimo.models.list(extra_headers=simulated("reset"))
    with anthropic_calls.client(origin) as other, pytest.raises(anthropic.APIConnectionError):
        other.messages.create(
            model=MODEL,
            max_tokens=64,
            messages=anthropic_calls.user("Hello"),
            extra_headers=simulated("reset"),
        )


def test_an_error_in_the_middle_of_a_stream_raises_after_what_had_come(origin: str) -> None:
    came: list[object] = []
    with openai_calls.client(origin) as mimo:
        stream = mimo.chat.completions.create(
            model=MODEL,
            messages=openai_calls.user("Hello"),
            stream=True,
            extra_headers=simulated("cut=4000; data-error"),
        )
        with pytest.raises(openai.APIError) as caught:
            came.extend(stream)
    assert len(came) > 1
    assert (caught.value.code, caught.value.message) == ("400", "Param Incorrect")


def test_an_error_in_the_middle_of_a_stream_raises_for_anthropic_too(origin: str) -> None:
    came: list[object] = []
    with anthropic_calls.client(origin) as mimo:
        stream = mimo.messages.create(
            model=MODEL,
            max_tokens=4096,
            messages=anthropic_calls.user("Hello"),
            stream=True,
            extra_headers=simulated("cut=2000; data-error"),
        )
        with pytest.raises(anthropic.APIStatusError) as caught:
            came.extend(stream)
    assert len(came) > 1
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error"]["message"] == "Param Incorrect"


def test_an_error_in_the_middle_of_a_response_raises(origin: str) -> None:
    with openai_calls.client(origin) as mimo:
        stream = mimo.responses.create(
            model=MODEL, input="Hello", stream=True, extra_headers=simulated("cut=4000; data-error")
        )
        with pytest.raises(openai.APIError) as caught:
            list(stream)
    assert (caught.value.code, caught.value.message) == ("400", "Param Incorrect")
