"""A request as a program in Python, with the SDK of its surface."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.services.playground.asking import Asking
from mimo_tui.services.playground.copying import MASKED, SIMULATED, Copied, copied, cut, shown, variable

_OF_THE_OPENAI_SDK = frozenset(
    {
        *(
            "model",
            "messages",
            "max_completion_tokens",
            "stop",
            "temperature",
            "top_p",
            "tools",
            "tool_choice",
        ),
        *("frequency_penalty", "presence_penalty", "response_format", "reasoning_effort"),
    }
)
_OF_THE_ANTHROPIC_SDK = frozenset(
    {"model", "messages", "system", "max_tokens", "stop_sequences", "thinking", "tools", "tool_choice"}
)
"""Those of every version: version 2 has no name for `temperature` and `top_p` any more."""

_MOST_TOKENS = 16_384
"""The SDK of the Anthropic surface wants a limit, and more than 21,333 only of an answer that is streamed."""

_IN_BASE64 = """

def in_base64(path):
    return b64encode(Path(path).read_bytes()).decode()

"""


def as_python(asking: Asking, slot: str, secrets: Sequence[Secret] = (), *, simulated: bool = False) -> Clean:
    """Give the request as a program with the SDK of its surface, the key read from `os.environ[slot]`.

    Raises CannotCopy.
    """
    request, is_anthropic = copied(asking, secrets), asking.target.wire is Wire.MESSAGES
    package = "from anthropic import Anthropic" if is_anthropic else "from openai import OpenAI"
    standard = [
        "import os",
        *(["from base64 import b64encode", "from pathlib import Path"] if request.files else []),
    ]
    lines = [
        *([SIMULATED, ""] if simulated else []),
        *([MASKED, ""] if request.masked else []),
        *standard,
        "",
        package,
        *([_IN_BASE64.rstrip("\n"), ""] if request.files else []),
        "",
        *(_anthropic_lines if is_anthropic else _openai_lines)(asking, request, variable(slot)),
    ]
    return shown(lines)


def _openai_lines(asking: Asking, request: Copied, slot: str) -> list[str]:
    call = _call(request, _OF_THE_OPENAI_SDK, streamed=asking.streamed)
    client = f"client = OpenAI(base_url={request.base!r}, api_key=os.environ[{slot!r}])"
    if not asking.streamed:
        return [
            client,
            f"answer = client.chat.completions.create({call})",
            "print(answer.choices[0].message.content)",
        ]
    return [
        client,
        f"stream = client.chat.completions.create({call})",
        "for chunk in stream:",
        "    if chunk.choices:",
        "        print(chunk.choices[0].delta.content or '', end='', flush=True)",
        "print()",
    ]


def _anthropic_lines(asking: Asking, request: Copied, slot: str) -> list[str]:
    if "max_tokens" not in request.body:
        request = replace(request, body={**request.body, "max_tokens": _MOST_TOKENS})
    call = _call(request, _OF_THE_ANTHROPIC_SDK, streamed=asking.streamed)
    head = [
        "# A key of another service, which some versions of the package would send along.",
        "os.environ.pop('ANTHROPIC_API_KEY', None)",
        f"client = Anthropic(base_url={request.base!r}, auth_token=os.environ[{slot!r}])",
    ]
    if not asking.streamed:
        return [
            *head,
            f"answer = client.messages.create({call})",
            "print(''.join(block.text for block in answer.content if block.type == 'text'))",
        ]
    return [
        *head,
        f"stream = client.messages.create({call})",
        "for event in stream:",
        "    if event.type == 'content_block_delta' and event.delta.type == 'text_delta':",
        "        print(event.delta.text, end='', flush=True)",
        "print()",
    ]


def _call(request: Copied, known: frozenset[str], *, streamed: bool) -> str:
    """Give the arguments of a call; what the SDK has no name for goes by `extra_body`."""
    named = {name: value for name, value in request.body.items() if name in known}
    other: dict[str, Json] = {
        name: value for name, value in request.body.items() if name not in known | {"stream"}
    }
    lines = [f"    {name}={_python(value, request.files, '    ')},\n" for name, value in named.items()]
    lines += [f"    extra_body={_python(other, request.files, '    ')},\n"] if other else []
    lines += ["    stream=True,\n"] if streamed else []
    return f"\n{''.join(lines)}"


def _python(value: Json, files: Mapping[str, str], indent: str) -> str:
    """Write a value as Python; an expression that reads a file stands where its mark was."""
    inner = f"{indent}    "
    match value:
        case str():
            words = [
                f"in_base64({files[part]!r})" if part in files else repr(part) for part in cut(value, files)
            ]
            return " + ".join(word for word in words if word != "''") or "''"
        case dict() if value:
            members = (f"{inner}{name!r}: {_python(each, files, inner)},\n" for name, each in value.items())
            return f"{{\n{''.join(members)}{indent}}}"
        case list() if value:
            return (
                f"[\n{''.join(f'{inner}{_python(each, files, inner)},{chr(10)}' for each in value)}{indent}]"
            )
        case _:
            return repr(value)
