"""What `mimo-tui chat` is told: by its words, by standard input, by files, and by a conversation that is kept."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mimo_tui.cli import output
from mimo_tui.cli.errors import Declined, Usage, say
from mimo_tui.core.conversation import Answer, Attachment, Conversation
from mimo_tui.core.json_text import Json
from mimo_tui.core.parameters import ParameterError, offer_named, offers, overridden, read_value, said_name
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import CannotAsk
from mimo_tui.services.playground.attaching import STDIN, attach, most_bytes
from mimo_tui.services.playground.prompts import (
    LARGEST,
    BadPromptName,
    NoPrompt,
    read_system_prompt,
    system_prompts,
)
from mimo_tui.services.playground.records import keeps, load, records
from mimo_tui.services.playground.targets import target_for
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import CannotTest, KeyGoesElsewhere, Target

LONGEST: Final = 16 << 20
"""Bytes of a prompt, which is more than any model reads."""


def begun(services: Services, arguments: argparse.Namespace) -> Conversation:
    """Give the conversation to go on with; an empty one unless that was asked for. Raises CannotAsk, Usage."""
    conversation = Conversation()
    if arguments.goes_on:
        kept = records(services, 1).records
        if not kept:
            why = _why_none(services)
            raise CannotAsk(f"There is no conversation to go on with: {why}.")
        conversation = load(services, kept[0].id)
    if arguments.system is not None:
        conversation = replace(conversation, system=_system(services, arguments.system))
    return conversation


def _why_none(services: Services) -> str:
    if services.simulated:
        return "a demonstration keeps nothing from one run to the next"
    if keeps(services):
        return "none is kept yet"
    settings = services.knowledge.settings
    return settings.problem.rstrip(".") if settings.keeping_unknown else "config.toml says that none is kept"


def last_answer(conversation: Conversation) -> Answer | None:
    """Give how the newest answer on the way to where it stands came about."""
    found = (turn.answer for turn in reversed(conversation.path()))
    return next((answer for answer in found if answer is not None), None)


def agreed_target(services: Services, view: PresetView, model: str, arguments: argparse.Namespace) -> Target:
    """Give whom to ask; a key of MiMo goes to another host only if the person says so."""
    return agreed(lambda agreed: target_for(services, view, model=model, agreed=agreed), arguments)


def agreed(target: Callable[[bool], Target], arguments: argparse.Namespace) -> Target:
    """Give the target; where a key of MiMo would go to another host, only if the person agrees to that.

    Raises CannotTest, and Declined.
    """
    try:
        return target(bool(arguments.yes))
    except KeyGoesElsewhere as problem:
        if arguments.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise CannotTest(f"{problem} Say --yes if it shall.") from problem
        if not output.ask(f"{problem} Send it there?"):
            raise Declined("Nothing was sent.") from None
    return target(True)


def is_plan(target: Target) -> bool:
    """Tell whether a plan's key asks."""
    family = target.endpoint.family
    return family is not None and family.plan


def parameters(services: Services, target: Target, written: Sequence[str]) -> Mapping[str, Json]:
    """Read `NAME=VALUE` words, and say which of them the service does not heed. Raises Usage."""
    if not written:
        return {}
    offered = offers(services.catalogue, target.model, target.wire, is_plan=is_plan(target))
    values: dict[str, Json] = {}
    for each in written:
        name, sign, value = each.partition("=")
        if not sign:
            raise Usage(
                f"--param takes NAME=VALUE, not “{safe(each)}”. `mimo-tui chat --params` lists the names."
            )
        try:
            offer = offer_named(offered, name.strip())
            values[offer.name] = read_value(offer, value)
        except ParameterError as error:
            raise Usage(str(error)) from error
    for name, forced in overridden(offered, values).items():
        say(f"{said_name(name)} has no effect: while the model thinks, the service takes {forced}.")
    return values


def prompt_of(arguments: argparse.Namespace) -> str | None:
    """Give what to ask, with what came by a pipe; None: the person is to be asked for it. Raises Usage."""
    given, attaches = arguments.prompt, STDIN in arguments.attach
    if attaches and given == STDIN:
        raise Usage("Standard input is either the prompt or an attachment, not both.")
    parts = [] if given in (None, STDIN) else [in_unicode(given)]
    if given == STDIN or not (attaches or sys.stdin.isatty()):
        parts.append(piped_text())
    text = "\n\n".join(part for part in parts if part.strip())
    if text:
        return text
    if given is None and not attaches and sys.stdin.isatty():
        if sys.stdout.isatty() and not (arguments.json or arguments.raw):
            return None
        raise Usage("Say what to ask: `mimo-tui chat PROMPT`, or send it by a pipe.")
    if arguments.attach:
        return ""
    raise Usage("There is nothing to ask: the prompt is empty.")


def attachments(services: Services, target: Target, arguments: argparse.Namespace) -> tuple[Attachment, ...]:
    """Take the files; says what they will cost and what speaks against them. Raises CannotAttach, Usage."""
    return tuple(_attached(services, target, arguments))


def _attached(services: Services, target: Target, arguments: argparse.Namespace) -> Iterator[Attachment]:
    if arguments.attach.count(STDIN) > 1:
        raise Usage("Standard input can be attached once only.")
    for location in arguments.attach:
        data = None
        if location == STDIN:
            if sys.stdin.isatty():
                raise Usage("-a - takes a file from a pipe, and there is none.")
            data = piped(most_bytes(services))
        found = attach(services, location, surface=target.endpoint.surface, model=target.model, data=data)
        for warning in found.warnings:
            say(warning)
        tokens = found.attachment.tokens
        if tokens is not None and not arguments.quiet:
            say(f"{found.attachment.name} takes about {tokens:,} tokens.")
        yield found.attachment


def _system(services: Services, written: str) -> str:
    """Give the system prompt: of a file, of the library, or as it was written."""
    if written.startswith("@"):
        return _file_text(written[1:])
    try:
        if written in system_prompts(services):
            return read_system_prompt(services, written)
    except (NoPrompt, BadPromptName) as error:
        raise Usage(str(error)) from error
    if written and not any(map(str.isspace, written)):
        # A single word may well be a name that was mistyped.
        say(f"“{safe(written)}” is no system prompt that is kept, so that it is sent as the prompt itself.")
    return in_unicode(written)


def _file_text(name: str) -> str:
    try:
        with Path(name).expanduser().open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Usage(
            f"The system prompt {safe(name)} cannot be read: {clean(reason or 'it is not there')}."
        ) from error
    except ValueError as error:
        raise Usage(f"The system prompt {safe(name)} is not text in UTF-8.") from error
    if len(data) > LARGEST:
        raise Usage(f"The system prompt {safe(name)} has more than {LARGEST >> 20} MB.")
    return text


def piped_text(
    otherwise: str = "`-a -` attaches an image, a sound or a film that comes by a pipe.",
) -> str:
    """Give the text that comes on standard input; `otherwise` says what takes anything else. Raises Usage."""
    data = piped(LONGEST)
    if len(data) > LONGEST:
        raise Usage(f"Standard input has more than {LONGEST >> 20} MB, which no text may have.")
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Usage(f"Standard input is not text in UTF-8. {otherwise}") from error


def piped(most: int) -> bytes:
    """Give what comes on standard input; of more than `most` bytes one more than that. Raises Usage."""
    try:
        return sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise Usage(f"Standard input cannot be read: {clean(error.strerror or str(error))}.") from error


def in_unicode(argument: str) -> str:
    """Give an argument as text that can be sent: what is no character becomes the sign for that."""
    return argument.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
