"""Promise 15, for conversations that are kept: no key reaches the disk, in whatever part of them, cut wherever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from mimo_tui.core.conversation import (
    Answer,
    Attachment,
    Citation,
    Conversation,
    Role,
    Thought,
    ToolCall,
    Turn,
)
from mimo_tui.core.model import Modality, Wire
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import clean
from mimo_tui.core.veil import Veil
from mimo_tui.services import Services
from mimo_tui.services.playground import prompts, records
from tests.promises.test_p15_canaries import CANARIES, Said

Reached = Callable[[str, str], None]

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def conversation(key: str) -> Conversation:
    """Give a conversation that holds the key in every part of it."""
    attachment = Attachment(
        Modality.IMAGE, clean(f"/home/me/{key}/a.png"), clean(f"{key}.png"), "image/png", data=key.encode()
    )
    answer = Answer(
        clean(key),
        Wire.MESSAGES,
        clean(key),
        clean(key),
        MappingProxyType({"stop": [key, {key: f"x {key}"}]}),
        finish=clean(key),
    )
    turns = (
        Turn(1, None, Role.USER, AT, f"{key} is my key\n{key}", attachments=(attachment,)),
        Turn(
            *(2, 1, Role.ASSISTANT, AT, f"you said {key}.", f'"{key}"'),
            calls=(ToolCall(key, key, f'{{"key": "{key}"}}'),),
            thoughts=(Thought(f"{key}\n", key),),
            citations=(Citation(clean(f"https://x.example/?api_key={key}"), clean(key), clean(key)),),
            answer=answer,
        ),
        Turn(3, 2, Role.TOOL, AT, f"[{key}]", answers=key),
    )
    return Conversation(
        MappingProxyType({each.id: each for each in turns}), 3, f"never say {key}", clean(key)
    )


def listen(folder: Path, said: Said) -> None:
    for path in (folder, *folder.rglob("*")):
        said.hear(str(path), "a name")
        if path.is_file():
            said.hear(path.read_bytes().decode("utf-8", "replace"), path)


def test_no_key_is_in_the_records_whatever_was_said(services: Services, reached: Reached) -> None:
    said, state, sessions = Said(), services.places.state, services.sessions
    secrets = tuple(map(Secret, CANARIES))
    numbers = []
    for key in CANARIES:
        made = conversation(key)
        numbers.append(sessions.begin(made, secrets))
        for turn in made.turns.values():
            sessions.put_turn(numbers[-1], turn, secrets)
        sessions.set_system(numbers[-1], f"{key}, again", secrets)
        sessions.rename(numbers[-1], f"about {key}", secrets)
        listen(state, said)
    sessions.close()
    listen(state, said)
    sessions.delete(numbers[0])
    listen(state, said)
    kept = records.records(services).records
    assert len(kept) == len(CANARIES) - 1
    said.hear(repr(kept), "the list")
    said.hear(repr([vars_of(services, number) for number in numbers[1:]]), "the records")
    said.hear(repr(records.search(services, "never say")), "the search")
    said.hear(repr(prompts.recent_prompts(services)), "the prompts")
    reached(
        "15",
        f"{len(CANARIES)} canaries in every part of a conversation: 0 hits in {said.length:,} characters of the "
        "file of records, its log and its freed pages, and in what is read from them",
    )


def vars_of(services: Services, number: int) -> object:
    found = records.load(services, number)
    turns = [
        (each, each.text, each.reasoning, each.calls, each.thoughts, each.answers)
        for each in found.turns.values()
    ]
    inner = [(call.id, call.name, call.arguments) for turn in found.turns.values() for call in turn.calls]
    return found, found.system, turns, inner


def test_no_key_that_an_answer_repeats_is_kept_however_it_is_cut(
    services: Services, reached: Reached
) -> None:
    said, state, sessions, count = Said(), services.places.state, services.sessions, 0
    for key in CANARIES:
        empty = Turn(2, 1, Role.ASSISTANT, AT)
        asked = replace(conversation(key), title=clean("x")).put(empty)
        for cut in range(1, len(key)):
            number = sessions.begin(asked, (Secret(key),))
            veil = Veil(Secret(key))
            for piece in (f"It is {key[:cut]}", f"{key[cut:]} or ", f"{key[:cut]}", f"{key[cut:]}."):
                sessions.grow(number, 2, veil.feed(piece))
            sessions.grow(number, 2, veil.close())
            count += 1
            if cut % 8 == 1:
                listen(state, said)
            sessions.end_turn(number, replace(empty, text=f"It is {key} or {key}."), (Secret(key),))
        listen(state, said)
    reached(
        "15",
        f"{count} answers that repeat a canary, cut at every place: 0 hits in the records while they come",
    )


def test_no_key_is_in_the_library_of_system_prompts(services: Services) -> None:
    said = Said()
    for key in CANARIES[:3]:
        prompts.save_system_prompt(services, "mine", f"never say {key}\n")
        listen(services.places.settings_folder, said)
        assert prompts.read_system_prompt(services, "mine").startswith("never say")


def test_every_key_that_is_known_here_can_be_taken_away(services: Services) -> None:
    from mimo_tui.services.keys.listing import list_keys
    from mimo_tui.services.presets.listing import list_presets

    found = records.every_secret(list_presets(services))
    held = {slot.secret for slot in list_keys(services) if slot.secret is not None}
    fillers = {Secret("x"), Secret("abc")}
    assert found
    assert held - fillers <= set(found)
    assert not fillers & set(found)
    said = "assert 1 >= 0  # !x, abc"
    assert redact(said, found) == said
