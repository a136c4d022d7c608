"""The estimate is what the platform then counts: the same documented formula, written twice (`mimo-api.md` §8)."""

import json
import wave
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mimo_tui.core.conversation import Attachment
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.data_url import NoData, data_url
from mimo_tui.core.media.kinds import HEAD, format_of
from mimo_tui.core.media.measuring import measure
from mimo_tui.core.media.tokens import estimate, film_tokens, image_tokens, sound_tokens
from mimo_tui.core.model import Modality
from mimo_tui.core.text import clean
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.server import serve
from tests.simulator import files
from tests.simulator.asking import PAY_AS_YOU_GO_HOST, chat_body, platform_at

TYPES = {
    "png": "image/png",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "wmv": "video/x-ms-wmv",
}


def attachment(data: bytes, *, frames_a_second: float | None = None, detailed: bool = False) -> Attachment:
    form = format_of(data[:HEAD])
    assert form is not None
    found = measure(data, form)
    name = clean(f"file.{form}")
    return Attachment(
        form.modality,
        name,
        name,
        TYPES[form],
        data=data,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        sound_seconds=found.sound_seconds,
        frames_a_second=frames_a_second,
        detailed=detailed,
    )


@pytest.fixture(scope="module")
def asking() -> Iterator[httpx2.Client]:
    with serve(platform_at()) as served:
        headers = {
            "authorization": f"Bearer {PAY_AS_YOU_GO}",
            "host": PAY_AS_YOU_GO_HOST,
            "content-type": "application/json",
        }
        with httpx2.Client(base_url=served.origin, headers=headers, timeout=30) as client:
            yield client


def part(sent: Attachment) -> dict[str, Json]:
    url = data_url(sent)
    match sent.modality:
        case Modality.IMAGE:
            return {"type": "image_url", "image_url": {"url": url}}
        case Modality.AUDIO:
            return {"type": "input_audio", "input_audio": {"data": url}}
        case _:
            beside: dict[str, Json] = {"media_resolution": "max" if sent.detailed else "default"}
            if sent.frames_a_second is not None:
                beside["fps"] = sent.frames_a_second
            return {"type": "video_url", "video_url": {"url": url}, **beside}


def counted(asking: httpx2.Client, *sent: Attachment) -> int:
    """Give the tokens of the media, as the platform counts them."""
    parts: list[Json] = [{"type": "text", "text": "What is it?"}, *map(part, sent)]
    said = chat_body([{"role": "user", "content": parts}], max_completion_tokens=1)
    response = asking.post("/v1/chat/completions", content=json.dumps(said))
    assert response.status_code == 200, response.text
    details = response.json()["usage"]["prompt_tokens_details"]
    return sum(details[f"{kind}_tokens"] for kind in ("image", "audio", "video"))


def png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def wav(rate: int, frames: int) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames))
    return file.getvalue()


SIDES = st.integers(1, 400) | st.sampled_from([15, 16, 17, 47, 48, 1024, 1080, 1920, 3000])
IMAGES = st.builds(attachment, st.builds(png, SIDES, SIDES))
SOUNDS = st.builds(
    attachment,
    st.builds(wav, st.integers(4000, 48_000), st.integers(1, 90_000))
    | st.builds(files.mp3, st.integers(2, 300)),
)
FILMS = st.builds(
    attachment,
    st.builds(files.avi, st.integers(1, 4000), st.tuples(SIDES, SIDES), sound=st.booleans())
    | st.builds(files.wmv, st.integers(1, 4000), st.tuples(SIDES, SIDES), sound=st.booleans())
    | st.builds(files.mp4, st.integers(1, 5), st.tuples(SIDES, SIDES), sound=st.booleans())
    | st.builds(files.mov, st.integers(1, 5), st.tuples(SIDES, SIDES)),
    frames_a_second=st.none() | st.floats(0.1, 10) | st.sampled_from([0.1, 2, 2.5, 10]),
    detailed=st.booleans(),
)


def check(asking: httpx2.Client, sent: tuple[Attachment, Attachment, Attachment]) -> None:
    estimates = [estimate(each) for each in sent]
    assert None not in estimates
    assert counted(asking, *sent) == sum(each or 0 for each in estimates)


@given(sent=st.tuples(IMAGES, SOUNDS, FILMS))
@example(
    sent=(attachment(png(4000, 3000)), attachment(wav(8000, 1)), attachment(files.avi(100_000, (64, 64))))
)
@settings(max_examples=25, deadline=None)
def test_what_files_cost_is_what_was_estimated(
    asking: httpx2.Client, sent: tuple[Attachment, Attachment, Attachment]
) -> None:
    check(asking, sent)


@pytest.mark.long
@given(sent=st.tuples(IMAGES, SOUNDS, FILMS))
@settings(max_examples=250, deadline=None)
def test_what_very_many_files_cost_is_what_was_estimated(
    asking: httpx2.Client, sent: tuple[Attachment, Attachment, Attachment]
) -> None:
    check(asking, sent)


def test_the_sample_image_of_the_docs_costs_1024_tokens() -> None:
    assert image_tokens(1024, 1024) == 1024


def test_the_documented_figures_of_sound_and_film() -> None:
    assert sound_tokens(60) == 375
    # 8 frames are 4 pairs of 10 × 8 squares, each with a time of 3 tokens and 2 more, and 2 for the whole.
    assert film_tokens(320, 240, 4, frames_a_second=2, detailed=False) == 4 * (80 + 3 + 2) + 2


def test_more_frames_and_more_pixels_cost_more() -> None:
    film = attachment(files.mp4(4, (1920, 1080)))
    usual, often, sharp = (
        estimate(replace(film, frames_a_second=fps, detailed=detailed))
        for fps, detailed in ((None, False), (10.0, False), (None, True))
    )
    assert usual is not None
    assert often is not None
    assert sharp is not None
    assert usual < often < sharp


def test_a_url_and_a_sound_of_unknown_length_have_no_estimate() -> None:
    link = clean("https://example.com/cat.png")
    assert estimate(Attachment(Modality.IMAGE, link, link, "image/png")) is None
    assert estimate(Attachment(Modality.AUDIO, link, link, "audio/flac", data=b"fLaC")) is None


@given(st.binary(max_size=20), st.sampled_from([0, 3 << 18, (3 << 18) + 1]))
@settings(max_examples=20)
def test_a_data_url_holds_the_bytes(end: bytes, before: int) -> None:
    data = bytes(before) + end
    name = clean("a.png")
    url = data_url(Attachment(Modality.IMAGE, name, name, "image/png", data=data))
    head, _, text = url.partition(",")
    assert (head, b64decode(text, validate=True)) == ("data:image/png;base64", data)


def test_a_url_goes_as_it_is_and_bytes_that_are_gone_are_told() -> None:
    link, path = clean("https://example.com/cat.png"), clean("/home/me/cat.png")
    assert data_url(Attachment(Modality.IMAGE, link, link, "image/png")) == link
    with pytest.raises(NoData, match="attach it again"):
        data_url(Attachment(Modality.IMAGE, path, path, "image/png"))
