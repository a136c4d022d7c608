"""What the palette finds: every action that acts where one is, by the words that its key has in the help."""

from collections.abc import Awaitable, Callable, Iterator

from textual.app import App, SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen


def action_commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """Give the actions of the screen, and the ways to other places; one that has several keys by the first of them."""
    given: set[tuple[DOMNode, str]] = set()
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        goes = binding.action.startswith("place(")
        ours = (node is not app or goes) and bool(tooltip) and binding.action != "app.help"
        is_given = (node, binding.action) in given
        if enabled and ours and not is_given and (binding.show or goes or node is screen):
            given.add((node, binding.action))
            # The palette looks for words in the title only.
            title, key = f"{binding.description} · {tooltip}", f"Key: {app.get_key_display(binding)}"
            yield SystemCommand(title, key, _runner(app, binding.action, node))


def _runner(app: App[None], action: str, node: DOMNode) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await app.run_action(action, node)

    return run
