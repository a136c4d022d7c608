"""What leaves the playground: a request as code for the clipboard, a conversation as a file. Nothing holds a key."""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mimo_tui.core.secrets import HIDDEN, Secret
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.doctor.writing import NotThere, Occupied, report_file, write_report
from mimo_tui.services.playground.copying import CannotCopy, as_curl, slot_of
from mimo_tui.services.playground.copying_python import as_python
from mimo_tui.services.playground.documents import as_json
from mimo_tui.services.playground.exporting import as_markdown
from mimo_tui.services.playground.records import every_secret
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.tui.saving import BRIEFLY
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.talking import SHORTLY

if TYPE_CHECKING:
    from mimo_tui.tui.screens.playground import PlaygroundScreen

_PROGRAMS: Final[Mapping[str, Callable[..., Clean]]] = MappingProxyType(
    {"curl": as_curl, "python": as_python}
)
_TEXTS: Final[Mapping[str, Callable[..., Clean]]] = MappingProxyType(
    {"markdown": as_markdown, "json": as_json}
)


async def code(screen: "PlaygroundScreen") -> None:
    """Copy the request that has the chosen turn answered as a program, or the conversation as text."""
    view, parent = screen.view, screen.to_answer
    programs = []
    if view is not None and parent is not None:
        programs = [
            Choice(
                "curl", clean("curl"), clean(f"the request for a shell; the key stands in ${slot_of(view)}")
            ),
            Choice("python", clean("Python"), clean("the request, with the SDK of its surface")),
        ]
    texts = [
        Choice("markdown", clean("Markdown"), clean("what was said, up to where you stand")),
        Choice("json", clean("JSON"), clean("all of the tree, with usage and cost")),
    ]
    answer = await screen.app.push_screen_wait(Choose(clean("Copy as what?"), [*programs, *texts]))
    if answer is None:
        return
    if answer in _TEXTS:
        form, conversation = _TEXTS[answer], screen.talk.conversation
        _copy(screen, await asyncio.to_thread(form, conversation, _secrets(screen)))
    elif view is not None and parent is not None:
        text = await _program(screen, answer, parent, slot_of(view))
        if text is not None:
            _copy(screen, text)


async def _program(screen: "PlaygroundScreen", form: str, parent: int, slot: str) -> Clean | None:
    making = await screen.target()
    if making is None:
        return None
    asking, secrets, write = making(screen.talk.conversation, parent), _secrets(screen), _PROGRAMS[form]
    try:
        return await asyncio.to_thread(
            lambda: write(asking, slot, secrets, simulated=screen.services.simulated)
        )
    except CannotCopy as problem:
        screen.notify(
            clean(str(problem)), title="Not copied", severity="error", timeout=SHORTLY, markup=False
        )
        return None


def _copy(screen: "PlaygroundScreen", text: Clean) -> None:
    screen.app.copy_to_clipboard(text)
    told = f"Handed to the terminal's clipboard, {len(text):,} characters, without the key.{_masked(text)}"
    screen.notify(told, title="Copied", timeout=BRIEFLY, markup=False)


def _masked(text: Clean) -> str:
    return f" What may be a key stood in it, and is masked: {HIDDEN}" if HIDDEN in text else ""


def _secrets(screen: "PlaygroundScreen") -> tuple[Secret, ...]:
    return every_secret(screen.listing) if screen.listing is not None else ()


async def export(screen: "PlaygroundScreen") -> None:
    """Write the conversation into a file, as markdown or JSON by the ending of its name."""
    services, conversation = screen.services, screen.talk.conversation
    folder = "." if services.simulated else "~"
    name = f"{folder}/conversation-{services.now().astimezone():%Y-%m-%d}.md"
    hint = clean("Markdown; a name that ends with .json gets all of the tree. It holds no key.")
    refused = NOTHING
    while True:
        asked = AskText(clean("Write the conversation to:"), name, refused or hint, _fault)
        given = await screen.app.push_screen_wait(asked)
        if given is None:
            return
        name = given
        form = as_json if name.endswith(".json") else as_markdown
        text = await asyncio.to_thread(form, conversation, _secrets(screen))
        try:
            path = await asyncio.to_thread(report_file, services, name)
            await asyncio.to_thread(write_report, path, text)
        except Occupied:
            refused = clean(f"✗ {name} is there already and stays as it is. Give another name.")
        except (NotThere, SaveFailed) as error:
            refused = clean(f"✗ {error}")
        else:
            break
    told = clean(f"{path}{'.' if HIDDEN in text else ''}{_masked(text)}")
    screen.notify(told, title="Written", timeout=SHORTLY, markup=False)


def _fault(name: str) -> str | None:
    return None if name.strip() else "a conversation needs the name of a file"
