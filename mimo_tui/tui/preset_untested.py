"""A preset of which nothing is asked: why, and which keys of the screens lead further."""

from typing import Final

from textual.content import Content

from mimo_tui.core import preset as at
from mimo_tui.core.exchange import Failure
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import CannotTest, KeyGoesElsewhere, LampState
from mimo_tui.tui.widgets.finding_text import finding_paragraph
from mimo_tui.tui.widgets.lamp_text import Untested

OFFLINE: Final = Untested(
    clean("Nothing was sent: the program is offline. Start it without --offline to test the preset.")
)


def untested(view: PresetView, problem: CannotTest) -> Untested:
    """Give why the preset is not tested, and what to press."""
    preset, endpoint = view.preset, view.endpoint
    if isinstance(problem, KeyGoesElsewhere):
        return Untested(clean(str(problem)), clean(f"Nothing was sent. y sends it to {problem.host}."))
    if preset is None:
        return Untested(clean(str(problem)), clean("escape goes back; the text beside the list says where."))
    if endpoint is None or not endpoint.host:
        says = clean(f"{view.reference} names no host to ask.")
        return Untested(says, clean("escape goes back; there enter edits it: give it a base URL."))
    if view.key is None and preset.slot:
        says = clean(f"{view.reference} has no key: its slot {safe(preset.slot)} is empty.")
        return Untested(says, clean("k goes to its slot, where s sets a key."))
    if view.key is None:
        says = clean(f"{view.reference} has no key: it names no slot.")
        return Untested(says, clean("escape goes back; there enter edits it: give it a key slot."))
    return Untested(clean(str(problem)))


def is_offline(state: LampState) -> bool:
    """Tell whether the lamp is as it is because the program sends nothing."""
    return state.exchange is not None and state.exchange.failure is Failure.OFFLINE


def endpoint_text(view: PresetView, width: int) -> Content:
    """Give what is wrong with the preset's endpoint by its file alone: a host may answer and be the wrong one."""
    found = [finding for finding in view.findings if finding.path == at.BASE_URL]
    return Content("\n").join(finding_paragraph(finding, width) for finding in found)
