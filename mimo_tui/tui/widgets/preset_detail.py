"""All about one preset: what it is, where its requests go, what is wrong with it and what would mend that."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from mimo_tui.core.preset import Source
from mimo_tui.core.text import clean
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.tui.widgets.finding_text import MUTED, findings_text, hanging

_PLACES = {
    Source.SAVED: "saved",
    Source.TEMPLATE: "template (a change makes a copy)",
    Source.LEGACY: "old flat place",
}


class PresetDetail(VerticalScroll, can_focus=True):
    """Shows one preset."""

    HELP = """\
## The preset

The endpoint in words and the URL that requests really go to, the model that vision really uses, then every
finding with its reason and its fixes. `f` on the list applies a fix.
"""
    DEFAULT_CSS = """
    PresetDetail {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > Static { width: 1fr; height: auto; }
    }
    """

    preset: reactive[PresetView | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Static(), id=id)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def watch_preset(self) -> None:
        self._show()
        self.scroll_home(animate=False)

    def _show(self) -> None:
        width = self.scrollable_content_region.width
        content = Content("") if self.preset is None else detail_text(self.preset, width)
        self.query_one(Static).update(content)


def detail_text(view: PresetView, width: int) -> Content:
    """Give the whole detail as one text of that width, so that it can be selected and copied."""
    preset = view.preset
    parts = [Content.styled(view.name if view.name.strip() else view.entry.path.name, "bold")]
    if preset is not None and preset.summary:
        parts.append(Content(clean(preset.summary)))
    parts.extend(
        hanging(Content.styled(f"{name:<9}", MUTED), Content(clean(value)), width)
        for name, value in _facts(view)
        if value
    )
    return Content("\n").join([*parts, Content(""), findings_text(view.findings, width)])


def _facts(view: PresetView) -> list[tuple[str, str]]:
    preset, endpoint, key = view.preset, view.endpoint, view.key
    facts = [("file", f"{view.reference} · {_PLACES[view.source]}")]
    if view.entry.link is not None:
        facts.append(("link to", clean(str(view.entry.link))))
    if preset is not None:
        vision = preset.vision
        seen = (
            f"{vision.model or 'no model'} ({'pinned' if vision.pinned else 'as the preset'})"
            if vision
            else "off"
        )
        facts += [
            ("model", clean(f"{preset.provider} · {preset.model}")),
            ("endpoint", clean(endpoint.title) if endpoint else ""),
            ("request", view.request_url or ""),
            ("vision", clean(seen)),
            ("slot", clean(preset.slot or "none")),
            ("key", f"{key.secret.masked} from {key.source}" if key else "none"),
            ("can", clean(", ".join(preset.capabilities))),
        ]
    facts.append(("agents", ", ".join(agent.name for agent in view.agents)))
    return facts
