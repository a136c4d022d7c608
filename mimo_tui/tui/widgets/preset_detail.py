"""All about one preset: what it is, where its requests go, what is wrong with it and what would mend that."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from mimo_tui.core.preset import Source
from mimo_tui.core.text import clean
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.tui.widgets.finding_text import findings_text

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
        self.watch_preset(self.preset)

    def watch_preset(self, preset: PresetView | None) -> None:
        self.query_one(Static).update(Content("") if preset is None else detail_text(preset))
        self.scroll_home(animate=False)


def detail_text(view: PresetView) -> Content:
    """Give the whole detail as one text, so that it can be selected and copied."""
    title = Content.styled(view.name or view.entry.path.name, "bold")
    preset = view.preset
    summary = Content(clean(preset.summary)) if preset and preset.summary else Content("")
    facts = Content("\n").join(
        Content.assemble((f"{name:<9}", "$text-muted"), value) for name, value in _facts(view) if value
    )
    parts = [title, summary, facts, Content(""), findings_text(view.findings)]
    return Content("\n").join(part for number, part in enumerate(parts) if part.plain or number > 1)


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
