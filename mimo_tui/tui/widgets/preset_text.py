"""A preset as text: what it is, where its requests go, what is wrong with it and what would mend that."""

from textual.content import Content

from mimo_tui.core.preset import Source
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.tui.widgets.finding_text import MUTED, findings_text, hanging

_PLACES = {
    Source.SAVED: "saved",
    Source.TEMPLATE: "template (a change makes a copy)",
    Source.LEGACY: "old flat place",
}


def detail_text(view: PresetView, width: int) -> Content:
    """Give the whole detail as one text of that width, so that it can be selected and copied."""
    preset = view.preset
    parts = [Content.styled(view.name if view.name.strip() else view.entry.path.name, "bold")]
    if preset is not None and preset.summary:
        parts.append(Content(safe(preset.summary)))
    facts = (
        hanging(Content.styled(f"{name:<9}", MUTED), Content(safe(value)), width)
        for name, value in _facts(view)
        if value
    )
    # What is wrong comes first: on 24 lines there is room for little more.
    return Content("\n").join([*parts, Content(""), findings_text(view.findings, width), Content(""), *facts])


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
            ("kernel", _agent_url(view)),
            ("vision", clean(seen)),
            ("slot", clean(preset.slot or "none")),
            ("key", f"{key.secret.masked} from {key.source}" if key else "none"),
            ("can", clean(", ".join(preset.capabilities))),
        ]
    facts.append(("used by", ", ".join(agent.name for agent in view.agents)))
    return facts


def _agent_url(view: PresetView) -> str:
    """Where Lingtai's kernel sends its requests, if that is another place than a chat completion goes to."""
    return f"calls {view.agent_url}" if view.agent_url and view.agent_url != view.request_url else ""
