"""The tables of README that nobody writes by hand: `python -m tests.readme` writes them.

The keys come from the bindings, the clients from the calls that are tested, the promises from the figures that the
tests noted (run them first, with `-m long` too).
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding
from textual.keys import format_key

from mimo_tui.tui.app import MimoApp
from mimo_tui.tui.screens.confirm import Confirm
from mimo_tui.tui.screens.conflict import ConflictDialog
from mimo_tui.tui.screens.docs import DocsScreen
from mimo_tui.tui.screens.doctor import DoctorScreen
from mimo_tui.tui.screens.editor import EditorScreen
from mimo_tui.tui.screens.history import HistoryScreen
from mimo_tui.tui.screens.keys import KeysScreen
from mimo_tui.tui.screens.list_place import ListPlace
from mimo_tui.tui.screens.listen import ListenScreen
from mimo_tui.tui.screens.playground import PlaygroundScreen
from mimo_tui.tui.screens.preset_test import PresetTest
from mimo_tui.tui.screens.presets import PresetsScreen
from mimo_tui.tui.screens.reading import ReadingScreen
from mimo_tui.tui.screens.speech import SpeechScreen
from mimo_tui.tui.screens.switch_model import SwitchModel
from mimo_tui.tui.screens.talking import TalkingScreen
from mimo_tui.tui.widgets.choice_row import ChoiceRow
from mimo_tui.tui.widgets.complaint_table import ComplaintTable
from mimo_tui.tui.widgets.field_row import FieldRow
from mimo_tui.tui.widgets.key_table import KeyTable
from mimo_tui.tui.widgets.page_lines import PageLines
from mimo_tui.tui.widgets.path_input import PathInput
from mimo_tui.tui.widgets.preset_table import PresetTable
from mimo_tui.tui.widgets.prompt_area import PromptArea
from mimo_tui.tui.widgets.search_hits import SearchHits
from mimo_tui.tui.widgets.speech_area import SpeechArea
from mimo_tui.tui.widgets.stream_view import StreamView
from mimo_tui.tui.widgets.voice_list import VoiceList
from tests.clients.calls import rows as client_rows
from tests.promises.conftest import FIGURES

README = Path(__file__).parents[1] / "README.md"
PLACES = {
    "everywhere": (MimoApp,),
    "Presets, Keys, Doctor": (ListPlace,),
    "Presets": (PresetTable, PresetsScreen),
    "Keys": (KeyTable, KeysScreen),
    "Docs": (DocsScreen, ReadingScreen, PageLines, SearchHits),
    "Doctor": (ComplaintTable, DoctorScreen),
    "Playground": (PromptArea, PlaygroundScreen, TalkingScreen, StreamView),
    "Speech": (SpeechArea, SpeechScreen, ChoiceRow, VoiceList),
    "Listen": (PathInput, ListenScreen),
    "Test": (PresetTest,),
    "Switch model": (SwitchModel,),
    "Editor": (EditorScreen, FieldRow),
    "Save?": (Confirm,),
    "Conflict": (ConflictDialog,),
    "History": (HistoryScreen,),
}


def key_rows() -> Iterator[str]:
    """Give the table of keys, as the bindings have it."""
    yield "| Where | Key | Does |"
    yield "|---|---|---|"
    for place, owners in PLACES.items():
        for owner in owners:
            for binding in owner.__dict__["BINDINGS"]:
                assert isinstance(binding, Binding)
                keys = " ".join(f"`{format_key(key)}`" for key in binding.key.split(","))
                yield f"| {place} | {keys} | {binding.tooltip} |"


def promise_rows() -> Iterator[str]:
    """Give the table of promises; where the full count of a test was run, its figure is the one."""
    yield "| Promise | Reached | Test |"
    yield "|---|---|---|"
    found: dict[tuple[int, str, str], list[tuple[bool, str]]] = {}
    for path in sorted(FIGURES.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        file, _, name = record["test"].partition("::")
        key = (int(record["promise"]), file, name.partition("[")[0])
        found.setdefault(key, []).append((record["long"], record["figure"]))
    for (number, file, _), figures in sorted(found.items()):
        best = [figure for long, figure in figures if long] or [figure for _, figure in figures]
        cases = f"{len(best)} cases, one of them: " if len(set(best)) > 1 else ""
        yield f"| {number} | {cases}{best[-1]} | [{Path(file).stem}]({file}) |"


def table(text: str, name: str) -> list[str]:
    """Give the lines of a table of README, between its two marks."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)\n?<!-- /{name} -->", text, flags=re.DOTALL)
    if found is None:
        raise ValueError(f"README has no table {name}")
    return found[1].split("\n")


def written(text: str, name: str, lines: Iterator[str]) -> str:
    """Give README with another table in that place."""
    body = "\n".join(lines)
    pattern = rf"(<!-- {name}:.*?-->\n).*?(<!-- /{name} -->)"
    return re.sub(pattern, lambda match: f"{match[1]}{body}\n{match[2]}", text, flags=re.DOTALL)


def main() -> int:
    """Write the tables; gives the exit code."""
    text = README.read_text(encoding="utf-8")
    text = written(text, "keys", key_rows())
    text = written(text, "clients", client_rows())
    if any(FIGURES.glob("*.json")):
        text = written(text, "promises", promise_rows())
    README.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
