"""What curl does with the platform."""

import json
import shutil
import subprocess

import pytest

from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from tests.clients.call import HOST, MODEL


def _curl(url: str, body: object = None, *, auth: str = f"Authorization: Bearer {PAY_AS_YOU_GO}") -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    command = [program, "--silent", "--show-error", "--no-buffer", "--noproxy", "*", "--max-time", "20", url]
    # As our own command does, the key does not go by the command line, which others can read.
    settings = [f'header = "{auth}"']
    if body is not None:
        text = json.dumps(body).replace("\\", "\\\\").replace('"', '\\"')
        settings += ['header = "content-type: application/json"', f'data = "{text}"']
    done = subprocess.run(
        [*command, "--config", "-"], input="\n".join(settings), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def models(origin: str) -> None:
    """List the models."""
    listed = json.loads(_curl(f"{origin}/{HOST}/v1/models"))
    assert listed["object"] == "list"
    assert MODEL in [model["id"] for model in listed["data"]]


def api_key(origin: str) -> None:
    """List the models with the header `api-key`."""
    assert json.loads(_curl(f"{origin}/{HOST}/v1/models", auth=f"api-key: {PAY_AS_YOU_GO}"))["data"]


def chat(origin: str) -> None:
    """Ask by chat completions."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
    answer = json.loads(_curl(f"{origin}/{HOST}/v1/chat/completions", body))
    assert answer["choices"][0]["finish_reason"] == "stop"


def streamed(origin: str) -> None:
    """Read a stream of chat completions with `-N`."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    lines = _curl(f"{origin}/{HOST}/v1/chat/completions", body).splitlines()
    assert all(not line or line.startswith((":", "data: ")) for line in lines)
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data:")]
    assert data[-1] == "[DONE]"
    assert json.loads(data[-2])["choices"] == []
    assert "".join(json.loads(one)["choices"][0]["delta"].get("content") or "" for one in data[:-2])


def response(origin: str) -> None:
    """Ask by the Responses API."""
    answer = json.loads(_curl(f"{origin}/{HOST}/v1/responses", {"model": MODEL, "input": "Hello"}))
    assert answer["status"] == "completed"


def message(origin: str) -> None:
    """Ask by the Anthropic surface."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
    answer = json.loads(_curl(f"{origin}/{HOST}/anthropic/v1/messages", body))
    assert answer["stop_reason"] == "end_turn"


def message_streamed(origin: str) -> None:
    """Read a stream of the Anthropic surface with `-N`."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    text = _curl(f"{origin}/{HOST}/anthropic/v1/messages", body)
    assert text.startswith("event: message_start\n")
    assert text.rstrip().endswith('data: {"type":"message_stop"}')


def refused(origin: str) -> None:
    """Send a key that nobody has, and read why it is refused."""
    answer = json.loads(_curl(f"{origin}/{HOST}/v1/models", auth="Authorization: Bearer sk-of-nobody"))
    assert answer == {
        "error": {
            "code": "401",
            "message": "Invalid API Key",
            "param": "Please provide valid API Key",
            "type": "invalid_key",
        }
    }
