"""The way to every screen and dialog of the program, and back: what must hold on each of them walks here."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from mimo_tui.core.model import ModelKind
from mimo_tui.tui.doc_spots import NOTHING_HERE
from mimo_tui.tui.screens.docs import DocsScreen
from mimo_tui.tui.screens.speech import SpeechScreen
from mimo_tui.tui.widgets.stream_view import StreamView
from tests.journeys.walker import Walker
from tests.simulator.speaking import speak

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


async def docs(walker: Walker) -> None:
    await walker.press("escape", "3")
    await walker.on("DocsScreen")
    await walker.until(lambda: docs_screen(walker).spot is not None)


async def docs_fetched(walker: Walker) -> None:
    """Fetch the documentation, if it is not here, and wait until its first page is shown."""
    await docs(walker)
    if not has_pages(walker):
        await walker.press("ctrl+r")
        await walker.until(lambda: has_pages(walker))
    await walker.until(lambda: not docs_screen(walker).is_fetching)
    await walker.until(lambda: docs_screen(walker).spot is not None)


def docs_screen(walker: Walker) -> DocsScreen:
    shown = walker.app.screen
    assert isinstance(shown, DocsScreen)
    return shown


def has_pages(walker: Walker) -> bool:
    spot = docs_screen(walker).spot
    return spot is not None and spot.path != NOTHING_HERE


async def docs_hits(walker: Walker) -> None:
    await docs_fetched(walker)
    await walker.press("slash")
    await walker.paste("cluster")
    await walker.until("FAQ: Token Plan ›")


async def docs_history(walker: Walker) -> None:
    await docs_fetched(walker)
    await walker.press("h")
    await walker.on("DocHistoryScreen")


async def field_page(walker: Walker) -> None:
    await editor(walker)
    await walker.press("f1")
    await walker.on("DocPageScreen")
    await walker.until("lingtai-presets.md")


async def doctor(walker: Walker) -> None:
    await walker.press("escape", "4")
    await walker.on("DoctorScreen")
    await walker.until("remarks")


async def doctor_filtering(walker: Walker) -> None:
    await doctor(walker)
    await walker.press("slash")


async def report_name(walker: Walker) -> None:
    await doctor(walker)
    await walker.press("w")
    await walker.on("AskText")


async def doctor_checked(walker: Walker) -> None:
    """Have the docs fetched and every key checked."""
    await doctor(walker)
    await walker.press("c")
    await walker.until("escape stops")
    await walker.until(lambda: "remarks" in walker.text and "c asks the docs" not in walker.text)


async def playground(walker: Walker) -> None:
    """The playground, with nothing said yet: what was said there before stays behind."""
    await walker.find("saved/mimo-pro")
    await walker.press("p")
    await walker.on("PlaygroundScreen")
    await walker.until(lambda: walker.lines[1].strip().startswith("mimo-pro"))
    await walker.press("escape", "n")
    await walker.until("Write below, and enter sends it.")


async def answered(walker: Walker) -> None:
    """An answer, with the focus on the conversation. The service refuses the preset's model."""
    await playground(walker)
    await walker.paste("Hello")
    await walker.press("enter")
    await walker.until("✗ mimo-v2.5-pro was retired")
    await walker.press("escape")
    await walker.until(lambda: isinstance(walker.app.focused, StreamView))


async def editing(walker: Walker) -> None:
    await answered(walker)
    await walker.press("e")
    await walker.until("Changing an earlier prompt")


async def which_preset(walker: Walker) -> None:
    await playground(walker)
    await walker.press("f3")
    await walker.on("Choose")


async def which_model(walker: Walker) -> None:
    await playground(walker)
    await walker.press("ctrl+g")
    await walker.on("Choose")


async def tools(walker: Walker) -> None:
    await playground(walker)
    await walker.press("f5")
    await walker.on("AskTools")
    await walker.press("f2")


async def parameters(walker: Walker) -> None:
    await playground(walker)
    await walker.press("f2")
    await walker.until("frequency_penalty")


async def system_prompts(walker: Walker) -> None:
    await playground(walker)
    await walker.press("f4")
    await walker.on("SystemPrompts")


async def prompt_search(walker: Walker) -> None:
    await playground(walker)
    await walker.press("ctrl+s")
    await walker.on("PromptSearch")


async def conversations(walker: Walker) -> None:
    await playground(walker)
    await walker.press("ctrl+l")
    await walker.on("Conversations")


async def raw_exchange(walker: Walker) -> None:
    await answered(walker)
    await walker.press("o")
    await walker.on("RawExchange")


async def speech(walker: Walker, kind: ModelKind = ModelKind.SPEECH) -> SpeechScreen:
    """Speech, with a preset that can be asked; what was spoken there before stays."""
    await walker.press("escape", "6")
    await walker.on("SpeechScreen")
    await walker.press("f3")
    await walker.on("Choose")
    await walker.press(*"mimo-pro", "enter")
    await walker.on("SpeechScreen")
    shown = walker.app.screen
    assert isinstance(shown, SpeechScreen)
    while shown.form.kind is not kind:
        await walker.press("f2")
    await walker.until(lambda: shown.asked.model and shown.kind is kind)
    await walker.until(lambda: shown.form.voices.voices or kind is not ModelKind.SPEECH)
    return shown


async def speaking(walker: Walker) -> None:
    await speech(walker)


async def designing(walker: Walker) -> None:
    await speech(walker, ModelKind.VOICE_DESIGN)


async def cloning(walker: Walker) -> None:
    """The form for a voice that is cloned, with a sample that was read."""
    sample = walker.home / "voice.wav"
    if not sample.exists():
        sample.write_bytes(await speak("This is how I sound."))
    shown = await speech(walker, ModelKind.VOICE_CLONE)
    shown.form.path.put(str(sample))
    await walker.until(lambda: shown.sample.sample is not None)


async def spoken(walker: Walker) -> None:
    """A take, with the cursor on it."""
    shown = await speech(walker)
    if not shown.shelf.takes:
        shown.form.text.focus()
        await walker.paste("Hello.")
        await walker.press("enter")
        await walker.until(lambda: shown.shelf.takes and not shown.queue.is_busy)
    await walker.press("escape")
    await walker.until(lambda: shown.table.has_focus)


async def save_take(walker: Walker) -> None:
    await spoken(walker)
    await walker.press("s")
    await walker.on("AskText")


async def delete_take(walker: Walker) -> None:
    await spoken(walker)
    await walker.press("d")
    await walker.on("Choose")


async def listening(walker: Walker) -> None:
    """Listen, with nothing heard yet; what was heard there before stays."""
    await walker.press("escape", "7")
    await walker.on("ListenScreen")
    await walker.until(lambda: "Paste or drop a recording above" in walker.text or "charged" in walker.text)


async def heard(walker: Walker) -> None:
    """A recording that was heard, with the focus on the list of all that were."""
    recording = walker.home / "recording.wav"
    if not recording.exists():
        recording.write_bytes(await speak("The harbour lights went out."))
    await listening(walker)
    await walker.press("f3")
    await walker.on("Choose")
    await walker.press(*"mimo-pro", "enter")
    await walker.on("ListenScreen")
    await walker.paste(str(recording))
    await walker.until("1 request")
    await walker.press("f5")
    await walker.until("charged")


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
        "docs": docs,
        "doctor": doctor,
        "doctor-filter": doctor_filtering,
        "report-name": report_name,
        "field-page": field_page,
        "playground": playground,
        "which-preset": which_preset,
        "which-model": which_model,
        "tools": tools,
        "parameters": parameters,
        "system-prompts": system_prompts,
        "prompt-search": prompt_search,
        "conversations": conversations,
        "speech": speaking,
        "designing": designing,
        "listening": listening,
    }
)
"""Those that are reached without any file being touched."""

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        **QUIET,
        "checked": checked,
        "fix-key": fix_key,
        "docs-hits": docs_hits,
        "docs-history": docs_history,
        "answered": answered,
        "editing": editing,
        "raw-exchange": raw_exchange,
        "cloning": cloning,
        "spoken": spoken,
        "save-take": save_take,
        "delete-take": delete_take,
        "heard": heard,
        "conflict": conflict,
    }
)


async def back(walker: Walker) -> None:
    """Cancel everything, until the list of presets is on top."""
    while walker.screen != "PresetsScreen":
        top = walker.app.screen
        discards = walker.screen == "Choose" and "not saved" in walker.text
        talks = walker.screen in ("PlaygroundScreen", "SpeechScreen")
        leaves = talks or walker.screen in ("KeysScreen", "DocsScreen", "DoctorScreen", "ListenScreen")
        await walker.press(
            *(
                ("end", "enter")
                if discards
                else ("escape", "escape", "1")
                if talks
                else ("escape", "1")
                if leaves
                else ("escape",)
            )
        )
        await walker.until(lambda: walker.app.screen is not top)  # noqa: B023 it is awaited here
    await walker.press("escape")
