"""What must hold on every screen and dialog (promise 29): keys act, everything can be reached, nothing is markup."""

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

import mimo_tui.tui
from mimo_tui.services import Services
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.stages import STAGES, back
from tests.journeys.walker import Walker, opened
from tests.promises.conftest import reached  # noqa: F401 a fixture

ROOT = Path(mimo_tui.tui.__file__).parent
MODULES = sorted(name for _, name, _ in pkgutil.walk_packages([str(ROOT)], "mimo_tui.tui."))
FILES = sorted(ROOT.rglob("*.py"))
TEXTUALS_OWN = {"CommandPalette"}


def classes() -> Iterator[type[Widget]]:
    """Every screen and widget of ours."""
    for name in MODULES:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Widget) and value.__module__ == name:
                yield value


def method(node: object, action: str) -> object:
    """Give what carries an action out: `name`, or `screen.name` and `app.name` for those around `node`."""
    where, _, name = action.rpartition(".")
    assert isinstance(node, Widget) or not where
    target = {"": node, "screen": getattr(node, "screen", None), "app": getattr(node, "app", None)}[where]
    name = name.partition("(")[0]
    return getattr(target, f"action_{name}", None) or getattr(target, f"_action_{name}", None)


async def every_key_acts(walker: Walker, name: str) -> int:
    """Each key that is shown does something here, and stands in the help; gives how many there are."""
    keys = 0
    for key, (node, binding, enabled, tooltip) in walker.app.screen.active_bindings.items():
        assert callable(method(node, binding.action)), f"{name}: {key} {binding.action}"
        if tooltip:
            assert enabled, f"{name}: {key} is shown and does nothing"
            keys += 1
    await every_key_is_told(walker)
    return keys


async def every_key_is_told(walker: Walker) -> None:
    """What the footer shows, and every key of ours besides, stands in the help."""
    from mimo_tui.tui.screens.help import HelpScreen, keys

    if not isinstance(walker.app.screen, HelpScreen):
        told = {(key.title, key.tooltip) for key in keys(walker.app.screen)}
        for _, binding, _, tooltip in walker.app.screen.active_bindings.values():
            if tooltip or binding.show:
                assert (binding.description, tooltip) in told, binding


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_every_binding_of_ours_has_an_id_and_a_tooltip(kind: type[Widget]) -> None:
    for binding in kind.__dict__.get("BINDINGS", ()):
        assert isinstance(binding, Binding)
        assert binding.id, binding
        assert binding.tooltip, binding
        assert binding.description, binding


def test_no_two_bindings_have_one_id() -> None:
    from mimo_tui.tui.app import MimoApp

    bindings = [each for kind in classes() for each in kind.__dict__.get("BINDINGS", ())] + [
        *MimoApp.BINDINGS
    ]
    ids = [binding.id for binding in bindings if isinstance(binding, Binding)]
    twice = {each for each in ids if ids.count(each) > 1}
    # What enter does in a list differs from place to place; it is one key to a person who remaps it.
    assert twice <= {"table.select"}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in classes() if issubclass(kind, Screen) or kind.can_focus],
    ids=lambda kind: kind.__name__,
)
def test_every_screen_and_everything_that_takes_the_focus_has_help(kind: type[Widget]) -> None:
    own_screens = (
        "Table",
        "Input",
        "List",
        "TextArea",
    )  # those have the help of the screen that they stand on
    if kind.__name__ not in ("Dialog", "ListPlace"):
        assert kind.HELP or kind.__name__.endswith(own_screens)


async def tab_comes_to_every_control(walker: Walker, size: tuple[int, int]) -> None:
    """Each control can be reached with tab, and is in sight then."""
    screen = walker.app.screen
    wanted = set(screen.focus_chain)
    controls = {each for each in screen.query("*") if each.focusable and is_shown(each)}
    assert controls <= wanted, f"out of reach: {controls - wanted}"
    met: set[Widget] = set()
    for _ in range(len(wanted)):
        focused = screen.focused
        if focused is not None:
            await walker.until(lambda: in_sight(focused, size))  # noqa: B023 it is awaited here
            met.add(focused)
        await walker.press("tab")
        if isinstance(screen.focused, Widget) and screen.focused in met:
            break
    assert met == wanted, f"tab never comes to {wanted - met}"


def is_shown(widget: Widget) -> bool:
    """Whether it and all that it stands in are there to be seen."""
    return widget.visible and all(
        part.display for part in widget.ancestors_with_self if isinstance(part, Widget)
    )


def in_sight(widget: Widget, size: tuple[int, int]) -> bool:
    """Whether a part of it is shown that one can work with."""
    region = widget.region.intersection(widget.screen.region)
    return region.width >= 8 and region.height >= 1 and region.bottom <= size[1]


HALVES = (0, 1)
"""The screens are walked through in two halves, so that two processors share the work."""


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(
    "size",
    [(80, 24), *(pytest.param(size, marks=pytest.mark.long) for size in ((120, 40), (60, 20)))],
    ids=str,
)
async def test_every_screen_says_simulated_is_whole_and_its_keys_act(
    demo: Services,  # noqa: F811
    reached: Callable[[str, str], None],  # noqa: F811
    size: tuple[int, int],
    half: int,
) -> None:
    """On every screen and dialog, one after the other: each would cost a start of the program."""
    keys, stages = 0, list(STAGES.items())[half :: len(HALVES)]
    async with opened(demo, size) as walker:
        for name, stage in stages:
            await stage(walker)
            if walker.screen not in TEXTUALS_OWN:
                keys += await every_key_acts(walker, name)
                for text in walker.app.screen.query(Static):
                    await walker.until(lambda: is_whole(text))  # noqa: B023 it is awaited here
            assert "SIMULATED" in walker.lines[0], name
            if size != (120, 40):
                await tab_comes_to_every_control(walker, size)
            await back(walker)
    if size == (80, 24):
        reached("29", f"{keys} keys on {len(stages)} screens and dialogs act and stand in the help")


def is_whole(text: Static) -> bool:
    """Whether it is as high as its text. One that was filled before the first layout could keep an old height."""
    height = text.styles.height
    if not (text.display and text.region.width and height is not None and height.is_auto):
        return True
    size = text.content_size
    text.clear_cached_dimensions()
    return size.height == text.get_content_height(size, size, size.width)


FORBIDDEN = {("Text", "from_markup"), ("Content", "from_markup")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_text_from_outside_is_ever_read_as_markup(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function, named = node.func, {keyword.arg: keyword.value for keyword in node.keywords}
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        line = f"{file.name}:{node.lineno}"
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            assert (function.value.id, function.attr) not in FORBIDDEN, line
        assert called != "escape", line
        markup = named.get("markup")
        assert not (isinstance(markup, ast.Constant) and markup.value is True), line
        if called == "notify":
            assert isinstance(markup, ast.Constant), line
            assert markup.value is False, line
        if called in ("Static", "Label", "Button", "Option", "update") and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr), (
                f"{line}: a str is read as markup; give a Content"
            )


KNOWN_TO_WIDGETS = ("mimo_tui.tui.widgets", "mimo_tui.tui.page", "mimo_tui.tui.failures")


@pytest.mark.parametrize("file", sorted((ROOT / "widgets").glob("*.py")), ids=lambda file: file.name)
def test_a_widget_knows_neither_screens_nor_the_app(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert not name.startswith(("mimo_tui.tui.screens", "mimo_tui.tui.app", "mimo_tui.store")), name
            assert not name.startswith("mimo_tui.tui") or name.startswith(KNOWN_TO_WIDGETS), name
