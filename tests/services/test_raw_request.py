"""The request as it may be shown, and how many of them went out."""

import json
from datetime import timedelta

from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.services.playground.raw_request import raw_request
from mimo_tui.services.requests import RecentRequests
from tests.conftest import NOW

KEY = Secret("sk-canary-0123456789")
MEDIA = "A" * 5000


def shown(body: dict[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = json.loads(raw_request("https://h/v1", KEY, body, streamed=True).request_body)
    return found


def test_media_are_shortened_to_their_beginning_on_both_surfaces() -> None:
    url = f"data:image/png;base64,{MEDIA}"
    source: Json = {"type": "base64", "media_type": "image/png", "data": MEDIA}
    found = shown({"image_url": {"url": url}, "content": [{"type": "image", "source": source}]})
    text = json.dumps(found, ensure_ascii=False)
    assert len(text) < 600
    assert "data:image/png;base64,AAAA" in text
    assert text.count("characters left out") == 2


def test_a_long_text_is_shown_whole_and_a_key_in_it_is_not() -> None:
    found = shown({"content": f"{'word ' * 5000}{KEY.reveal()} and tp-0123456789", "temperature": 0.5})
    content = found["content"]
    assert isinstance(content, str)
    assert content.count("word") == 5000
    assert content.endswith("•••••• and tp-••••••")
    assert found["temperature"] == 0.5


def test_the_head_names_the_url_and_masks_the_key() -> None:
    raw = raw_request(f"https://h/v1?key={KEY.reveal()}", KEY, {}, streamed=False)
    assert KEY.reveal() not in raw.request_head
    assert "Authorization: Bearer ••••••6789" in raw.request_head
    assert "Accept: application/json" in raw.request_head


def test_requests_are_counted_a_minute_back_by_host_and_model_with_their_retries() -> None:
    requests = RecentRequests()
    assert requests.count("h", "m", NOW - timedelta(seconds=61)) == 1
    assert requests.count("h", "m", NOW - timedelta(seconds=59), attempts=3) == 4
    assert requests.count("h", "other", NOW) == 1
    assert requests.count("h", "m", NOW) == 4
