"""What an empty conversation says: how to begin, or why one cannot."""

from mimo_tui.services import Services
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.tui.playground_head import invitation


def test_one_is_asked_to_write_only_where_there_is_a_key_to_send_it_with(services: Services) -> None:
    listing = list_presets(services)
    with_key, without = (
        invitation(find(listing, name), has_presets=True).plain for name in ("mimo-pro", "no-slot")
    )
    assert "Write below, and enter sends it." in with_key
    assert "Write below" not in without
    assert "This preset has no key" in without
