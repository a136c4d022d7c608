"""The way to every screen and dialog of the program, and back: what must hold on each of them walks here."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from tests.journeys.walker import Walker

Stage = Callable[[Walker], Awaitable[None]]


async def presets(walker: Walker) -> None:
    await walker.find("mimo-1")


async def filtering(walker: Walker) -> None:
    await walker.press("slash")


async def switch(walker: Walker) -> None:
    await walker.open("mimo-1", "m", "SwitchModel")


async def editor(walker: Walker) -> None:
    await walker.open("mimo-1", "enter", "EditorScreen")


async def editor_file(walker: Walker) -> None:
    await editor(walker)
    await walker.press("f2")


async def fixes(walker: Walker) -> None:
    await walker.open("mimo-1", "f", "Choose")


async def add(walker: Walker) -> None:
    await editor(walker)
    await walker.press("f5")
    await walker.on("Choose")


async def remove(walker: Walker) -> None:
    await editor(walker)
    await walker.press("f6")
    await walker.on("Choose")


async def values(walker: Walker) -> None:
    await editor(walker)
    await walker.press("tab", "tab", "f4")
    await walker.on("Choose")


async def leave(walker: Walker) -> None:
    await editor(walker)
    await walker.paste("changed")
    await walker.until("1 change")
    await walker.press("escape")
    await walker.on("Choose")


async def save(walker: Walker) -> None:
    await editor(walker)
    await walker.press("tab")
    await walker.paste("changed")
    await walker.until("1 change")
    await walker.press("ctrl+s")
    await walker.on("Confirm")


async def delete(walker: Walker) -> None:
    await walker.open("mimo-1", "d", "Confirm")


async def blocked(walker: Walker) -> None:
    await switch(walker)
    await walker.press("end", "enter")
    await walker.on("Confirm")


async def clone(walker: Walker) -> None:
    await walker.open("mimo-1", "c", "AskText")


async def rename(walker: Walker) -> None:
    await walker.open("mimo-1", "r", "AskText")


async def history(walker: Walker) -> None:
    await presets(walker)
    await walker.press("h")
    await walker.on("HistoryScreen")


async def help_(walker: Walker) -> None:
    await presets(walker)
    await walker.press("question_mark")
    await walker.on("HelpScreen")


async def palette(walker: Walker) -> None:
    await presets(walker)
    await walker.press("ctrl+p")
    await walker.on("CommandPalette")


async def conflict(walker: Walker) -> None:
    """Another program writes the file while it is being edited."""
    await save(walker)
    file = walker.saved / "mimo-1.json"
    file.write_bytes(file.read_bytes().replace(b"The strong MiMo", b"Theirs: the strong MiMo"))
    await walker.press("enter")
    await walker.on("ConflictDialog")


QUIET: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        "presets": presets,
        "filter": filtering,
        "switch": switch,
        "editor": editor,
        "editor-file": editor_file,
        "fixes": fixes,
        "add": add,
        "remove": remove,
        "values": values,
        "leave": leave,
        "save": save,
        "delete": delete,
        "blocked": blocked,
        "clone": clone,
        "rename": rename,
        "history": history,
        "help": help_,
        "palette": palette,
    }
)
"""Those that are reached without any file being touched."""

STAGES: Final[Mapping[str, Stage]] = MappingProxyType({**QUIET, "conflict": conflict})


async def back(walker: Walker) -> None:
    """Cancel everything, until the list of presets is on top."""
    while walker.screen != "PresetsScreen":
        top = walker.app.screen
        discards = walker.screen == "Choose" and "not saved" in walker.text
        await walker.press(*(("end", "enter") if discards else ("escape",)))
        await walker.until(lambda: walker.app.screen is not top)  # noqa: B023 it is awaited here
    await walker.press("escape")
