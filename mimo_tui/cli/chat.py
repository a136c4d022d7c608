"""`mimo-tui chat`: ask a model through a preset."""

import argparse
import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from mimo_tui.cli import output
from mimo_tui.cli.chat_input import (
    agreed_target,
    attachments,
    begun,
    last_answer,
    parameters,
    prompt_of,
)
from mimo_tui.cli.chat_output import Teller, code_of
from mimo_tui.cli.chat_parameters import list_parameters
from mimo_tui.cli.errors import ExitCode, say, stopped
from mimo_tui.cli.stopping import interrupts, leaving
from mimo_tui.core.conversation import Attachment, Conversation, Role
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import Asking, answer
from mimo_tui.services.playground.asking import say as said
from mimo_tui.services.playground.events import Answered, Began
from mimo_tui.services.playground.targets import the_preset
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.services.presets.testing import Target

_PROMPT = "> "


@dataclass(slots=True)
class _Talk:
    """A conversation, whom it is with and how."""

    services: Services
    arguments: argparse.Namespace
    conversation: Conversation
    target: Target
    preset: Clean
    parameters: Mapping[str, Json]
    teller: Teller

    async def ask(self, text: str, media: tuple[Attachment, ...]) -> Answered | None:
        """Say this, and tell the answer as it comes. Raises NothingSent, and BrokenPipeError where nobody listens."""
        services, ended = self.services, None
        asked = said(self.conversation, text, media, services.now(), parent=_below(self.conversation))
        asking = Asking(
            asked,
            asked.next_id - 1,
            self.target,
            self.preset,
            self.parameters,
            streamed=not self.arguments.no_stream,
            currency=self.arguments.currency,
        )
        stop, left = asyncio.Event(), asyncio.Event()
        try:
            with interrupts(stop), leaving(stop, left):
                async with aclosing(answer(services, asking, stop)) as events:
                    async for event in events:
                        if left.is_set():
                            raise BrokenPipeError
                        if isinstance(event, Began):
                            asked = replace(asked, id=event.conversation)
                        elif isinstance(event, Answered):
                            self.conversation = asked.put(event.turn).at(event.turn.id)
                            ended = event
                        # Whoever reads slowly must not hold up what comes from the service.
                        await asyncio.to_thread(self.teller.tell, event)
        except asyncio.CancelledError:
            self.teller.close()
            raise
        return ended


def chat(services: Services, arguments: argparse.Namespace) -> ExitCode:
    if arguments.params:
        return list_parameters(services, arguments)
    conversation = begun(services, arguments)
    before = last_answer(conversation)
    name = arguments.preset or (before.preset if before is not None else "")
    model = arguments.model or (before.model if before is not None and not arguments.preset else "")
    view = the_preset(list_presets(services), name)
    target = agreed_target(services, view, model, arguments)
    values = parameters(services, target, arguments.param)
    prompt = prompt_of(arguments)
    media = attachments(services, target, arguments)
    talk = _Talk(services, arguments, conversation, target, view.reference, values, Teller(arguments, view))
    with asyncio.Runner() as runner:
        try:
            if prompt is not None:
                return _code(runner.run(talk.ask(prompt, media)))
            return _one_by_one(runner, talk, media)
        finally:
            runner.run(services.client.aclose())


def _one_by_one(runner: asyncio.Runner, talk: _Talk, media: tuple[Attachment, ...]) -> ExitCode:
    """Ask what the person types until they end it by ctrl+d."""
    with suppress(ImportError):
        import readline  # noqa: F401 with it a line can be edited
    code, target = ExitCode.DONE, talk.target
    if not talk.arguments.quiet:
        where = f"{target.model} by {talk.preset}, at {target.endpoint.host}"
        say(
            f"{'SIMULATED: ' if talk.services.simulated else ''}{where}. ctrl+c stops an answer, ctrl+d ends this."
        )
    while True:
        try:
            prompt = input(_PROMPT)
        except EOFError:
            output.write_lines(("",))
            return code
        if prompt.strip():
            code = _code(runner.run(talk.ask(prompt, media)))
            media = ()


def _code(ended: Answered | None) -> ExitCode:
    if ended is None or (ended.turn.answer is not None and ended.turn.answer.stopped):
        return stopped()
    return code_of(ended.diagnosis)


def _below(conversation: Conversation) -> int | None:
    """Give the turn to speak below: the last one to which there was an answer."""
    at = conversation.head
    while at is not None:
        turn = conversation.turns[at]
        if turn.role is Role.TOOL or (turn.role is Role.ASSISTANT and (turn.text or turn.calls)):
            break
        at = turn.parent
    return at
