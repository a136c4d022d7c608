"""Edit a preset in the form: mistakes are said at once, nothing typed is lost, nothing else is touched."""

import errno
import os

import pytest
from textual import events

from mimo_tui.services import Services
from mimo_tui.tui.widgets.field_row import FieldRow
from tests.journeys.conftest import Open
from tests.journeys.walker import Walker, opened


async def go_to(walker: Walker, field: str) -> None:
    """Put the focus on that field. That tab comes to each is tested in `tests/tui/test_every_screen.py`."""
    row = next(row for row in walker.app.screen.query(FieldRow) if row.field.id == field)
    value = row.query("PlainInput, PlainTextArea").first().focus()
    await walker.until(lambda: value.has_focus)


async def fill_in(walker: Walker, field: str, text: str) -> None:
    """Go to that field and replace what it holds."""
    await go_to(walker, field)
    await walker.press("home", "shift+end")
    await (walker.paste(text) if text else walker.press("delete"))


async def test_a_mistake_is_said_under_its_field_while_typing_and_goes_when_it_is_corrected(
    open_app: Open,
) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "base_url", "http://token-plan-sgp.xiaomimimo.com/v1")
        await walker.until(lambda: any("http://" in line for line in walker.lines))
        at = next(number for number, line in enumerate(walker.lines) if line.startswith(" Base URL"))
        assert "✗" in walker.lines[at + 1]
        await fill_in(walker, "base_url", "https://token-plan-sgp.xiaomimimo.com/v1")
        await walker.until("no change")
        assert "✗" not in walker.lines[at + 1]


async def test_a_number_that_is_none_is_said_and_not_saved(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "context_limit", "many")
        await walker.until("✗ Context limit is a whole")
        await walker.press("ctrl+s")
        await walker.told("Not saved | Context limit is a whole number above 0, in digits.")
        assert walker.screen == "EditorScreen"
        assert file.read_bytes() == first


async def test_the_file_pane_marks_the_lines_that_come(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        assert not [line for line in walker.lines if "+     " in line]
        await fill_in(walker, "model", "mimo-v2.6-pro")
        await walker.until('+       "model": "mimo-v2.6-pro"')
        await walker.until("1 change")
        await walker.press("f2")
        await walker.until(lambda: '"model"' not in walker.text)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_in_a_narrow_window_the_file_takes_the_place_of_the_form(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.press("f2")
        await walker.until('"name": "mimo-1"')
        assert "Summary" not in walker.text
        await walker.press("f2")
        await walker.until("Summary")
        await walker.write("x")
        await walker.until("1 change")


async def test_save_shows_the_diff_and_touches_that_value_alone(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "unknown.json"
        first = file.read_bytes()
        await walker.open("unknown", "enter", "EditorScreen")
        await fill_in(walker, "summary", "Drafts")
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.until('+     "summary": "Drafts"')
        await walker.until("Save unknown.json?")
        await walker.press("enter")
        await walker.told("Saved | Edit unknown. u takes it back.")
        await walker.on("PresetsScreen")
        assert file.read_bytes() == first.replace(b"Written by hand, with fields of its own", b"Drafts")
        await walker.until("Drafts")
        assert walker.file == "saved/unknown.json"


async def test_no_at_the_diff_leads_back_to_the_draft(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "summary", "Drafts")
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.press("escape")
        await walker.on("EditorScreen")
        await walker.write("!")
        await walker.until("Drafts!")


@pytest.mark.parametrize("answer", ["keep", "save", "discard", "escape"])
async def test_leaving_with_changes_asks(open_app: Open, answer: str) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "summary", "Drafts")
        await walker.press("escape")
        await walker.on("Choose")
        await walker.until("There are changes that are not saved.")
        match answer:
            case "keep" | "escape":
                await walker.press("enter" if answer == "keep" else "escape")
                await walker.on("EditorScreen")
                await walker.until("Drafts")
            case "save":
                await walker.press("down", "enter")
                await walker.on("Confirm")
                await walker.press("enter")
                await walker.on("PresetsScreen")
            case _:
                await walker.press("end", "enter")
                await walker.on("PresetsScreen")
        assert (file.read_bytes() == first) == (answer != "save")


async def test_leaving_without_changes_asks_nothing(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.write("x")
        await walker.press("backspace")
        await fill_in(walker, "name", "mimo-1")
        await walker.until("no change")
        await walker.press("escape")
        await walker.on("PresetsScreen")


async def test_quitting_over_a_draft_asks(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.write("x")
        await walker.press("ctrl+q")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.on("EditorScreen")
        await walker.press("ctrl+q")
        await walker.on("Choose")
        await walker.press("down", "enter")
        await walker.until(lambda: not walker.app.is_running or walker.app._exit)


async def test_a_capability_is_added_filled_in_and_taken_away(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.press("f5")
        await walker.on("Choose")
        await walker.press(*("down",) * list_place(walker, "knowledge"), "enter")
        await walker.until("capability knowledge ")
        await walker.press("ctrl+a")
        await walker.paste('{"shelf": "books"}')
        await walker.until('"shelf": "books"')
        await walker.press("f6")
        await walker.on("Choose")
        await walker.until("Which capability shall go?")
        await walker.press("end", "enter")
        await walker.until("no change")
        await walker.press("f6")
        await walker.on("Choose")
        await walker.press("home", "enter")
        await walker.until("1 change")
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        assert b"skills" in first
        assert b"skills" not in file.read_bytes()


async def test_a_capability_that_was_taken_away_can_be_given_back(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.press("f6")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.until("1 change")
        await walker.press("f5")
        await walker.on("Choose")
        await walker.until("skills")
        await walker.press(*("down",) * list_place(walker, "skills"), "enter")
        await walker.until("no change")


def list_place(walker: Walker, name: str) -> int:
    from textual.widgets import OptionList

    options = walker.app.screen.query_one(OptionList)
    return next(number for number, option in enumerate(options.options) if option.id == name)


async def test_a_list_is_one_entry_a_line(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await go_to(walker, "skills.paths")
        await walker.press("down", "end", "enter")
        await walker.paste("~/mine")
        await walker.until('+           "~/mine"')
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        assert b"~/mine" in file.read_bytes()
        assert file.read_bytes().count(b"\n") == first.count(b"\n") + 1


async def test_known_values_are_offered(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await go_to(walker, "model")
        await walker.until("f4 Choose")
        await walker.press("f4")
        await walker.on("Choose")
        await walker.until("mimo-v2.6-flash")
        await walker.press("enter")
        await walker.on("EditorScreen")
        await walker.until("1 change")


async def test_enter_goes_to_the_next_field(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        before = walker.app.focused
        await walker.press("enter")
        await walker.until(lambda: walker.app.focused is not before)
        await walker.write("x")
        await walker.until(lambda: any(line.startswith(" Summary") and " x" in line for line in walker.lines))


@pytest.mark.parametrize(
    ("call", "code", "cause"),
    [
        ("replace", errno.ENOSPC, "No space left on device"),
        ("fsync", errno.EIO, "Input/output error"),
        ("write", errno.EDQUOT, "Disk quota exceeded"),
        ("open", errno.EROFS, "Read-only file system"),
    ],
)
async def test_a_save_that_fails_keeps_the_draft_on_the_screen_and_says_why(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, call: str, code: int, cause: str
) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "summary", "Precious words")
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        original = getattr(os, call)

        def failing(*arguments: object, **named: object) -> object:
            flags = arguments[1] if call == "open" and len(arguments) > 1 else os.O_WRONLY
            if call == "open" and not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
                return original(*arguments, **named)
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patched:
            patched.setattr(os, call, failing)
            await walker.press("enter")
            await walker.told("Not saved", "mimo-1.json", cause)
        await walker.on("EditorScreen")
        await walker.until("Precious words")
        assert file.read_bytes() == first
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        assert b"Precious words" in file.read_bytes()


async def test_a_broken_file_says_why_it_cannot_be_edited(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.find("saved/broken.json")
        await walker.press("enter")
        await walker.told("Cannot be edited", "saved/broken.json")
        assert walker.screen == "PresetsScreen"


async def test_editing_a_template_says_that_a_save_makes_a_copy(open_app: Open) -> None:
    async with open_app() as walker:
        template = walker.saved.parent / "templates" / "mimo.json"
        first = template.read_bytes()
        await walker.open("templates/mimo.json", "enter", "EditorScreen")
        await walker.until("a save makes a copy")
        for name, sentence in (
            ("a/b", "cannot be the name"),
            ("", "needs a name"),
            ("mimo-1", "is there already"),
        ):
            await fill_in(walker, "name", name)
            await walker.until(sentence)
        await fill_in(walker, "name", "mine")
        await walker.press("ctrl+s")
        await walker.on("Confirm")
        await walker.until("Save the copy mine.json?")
        await walker.press("enter")
        await walker.told("Saved")
        assert template.read_bytes() == first
        await walker.until(lambda: walker.file == "saved/mine.json")


async def test_a_name_that_lingtai_could_not_address_is_never_saved(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "enter", "EditorScreen")
        await fill_in(walker, "name", "../elsewhere")
        await walker.press("ctrl+s")
        await walker.told("Not saved", "../elsewhere")
        assert walker.screen == "EditorScreen"
        assert file.read_bytes() == first


async def test_what_is_pasted_is_harmless(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        for field in ("summary", "skills.paths"):
            await go_to(walker, field)
            await walker.paste("a\x1b]52;c;aGk=\x07b\u202ec\x9bd")
            await walker.until("a␛]52;c;aGk=␇b⟨U+202E⟩c⟨U+009B⟩d")
        await walker.until("2 changes")
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(walker.text)


async def test_a_field_with_control_characters_is_shown_and_not_typed_over(demo: Services) -> None:
    file = demo.places.saved / "mimo-1.json"
    file.write_bytes(file.read_bytes().replace(b'"mimo-1"', b'"mimo\\u001b-1"'))
    async with opened(demo, (120, 40), listed="mimo␛-1") as walker:
        await walker.open("saved/mimo-1", "enter", "EditorScreen")
        await walker.until("holds control characters")
        await walker.write("x")
        await walker.until(lambda: any(line.startswith(" Summary") and " x" in line for line in walker.lines))


async def test_pressing_a_key_twice_opens_one_dialog(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.find("mimo-1")
        for _ in range(3):
            walker.app.post_message(events.Key("m", "m"))
        await walker.on("SwitchModel")
        await walker.press("escape")
        await walker.on("PresetsScreen")
