"""The way to every screen and dialog of the program, and back: what must hold on each of them walks here."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from tests.journeys.walker import Walker

KEY: Final = "tp-simulated-sgp-0003"
"""A key that the simulated platform takes on one cluster."""

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


async def keys(walker: Walker) -> None:
    await walker.find_slot("MIMO_1_API_KEY")


async def keys_filtering(walker: Walker) -> None:
    await keys(walker)
    await walker.press("slash")


async def revealed(walker: Walker) -> None:
    await keys(walker)
    await walker.press("v")


async def which_family(walker: Walker) -> None:
    await walker.find_slot("ZHIPU_INTL_1_API_KEY")
    await walker.press("c")
    await walker.on("Choose")


async def ask_key(walker: Walker) -> None:
    await walker.find_slot("MIMO_API_KEY")
    await walker.press("s")
    await walker.on("AskKey")


async def save_key(walker: Walker) -> None:
    await ask_key(walker)
    await walker.paste(KEY)
    await walker.press("enter")
    await walker.on("Confirm")


async def tested(walker: Walker) -> None:
    await walker.open("mimo-1", "t", "PresetTest")
    await walker.until("✗ key accepted")


async def help_(walker: Walker) -> None:
    await presets(walker)
    await walker.press("question_mark")
    await walker.on("HelpScreen")


async def palette(walker: Walker) -> None:
    await presets(walker)
    await walker.press("ctrl+p")
    await walker.on("CommandPalette")


async def checked(walker: Walker) -> None:
    await keys(walker)
    await walker.press("c")
    await walker.until("✗ ams refuses the key")
    await walker.until("✓ belongs to Token Plan · cn")


async def fix_key(walker: Walker) -> None:
    await checked(walker)
    await walker.press("f")
    await walker.on("Confirm")


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
        "keys": keys,
        "keys-filter": keys_filtering,
        "revealed": revealed,
        "which-family": which_family,
        "ask-key": ask_key,
        "save-key": save_key,
        "tested": tested,
        "help": help_,
        "palette": palette,
    }
)
"""Those that are reached without any file being touched."""

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {**QUIET, "checked": checked, "fix-key": fix_key, "conflict": conflict}
)


async def back(walker: Walker) -> None:
    """Cancel everything, until the list of presets is on top."""
    while walker.screen != "PresetsScreen":
        top = walker.app.screen
        discards = walker.screen == "Choose" and "not saved" in walker.text
        leaves = walker.screen == "KeysScreen"
        await walker.press(*(("end", "enter") if discards else ("escape", "1") if leaves else ("escape",)))
        await walker.until(lambda: walker.app.screen is not top)  # noqa: B023 it is awaited here
    await walker.press("escape")
