"""Other people's clients work with the simulated platform as with the real one, over a real socket."""

import inspect

import pytest

from tests.clients.call import ClientCall
from tests.clients.calls import CALLS


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.client}-{call.run.__name__}")
async def test_another_program_understands_the_platform(call: ClientCall, origin: str) -> None:
    running = call.run(origin)
    if inspect.isawaitable(running):
        await running


def test_every_call_says_what_it_does() -> None:
    assert len({(call.client, call.surface, call.title) for call in CALLS}) == len(CALLS)
    assert all(call.title.endswith(".") for call in CALLS)
