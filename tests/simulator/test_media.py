"""Media is decoded, weighed by the documented formulas, and refused in the words of the platform (§8)."""

import math
import struct
import zlib
from dataclasses import replace
from types import MappingProxyType

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, Modality, load
from mimo_tui.core.facts import Fact
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.films import read_film
from mimo_tui.core.media.sounds import read_sound
from mimo_tui.simulator.app import application
from mimo_tui.simulator.fault import Fault, Refusal
from mimo_tui.simulator.media import Weight, weigh
from mimo_tui.simulator.pictures import read_picture
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.samples import addresses, at, sample
from tests.simulator import files
from tests.simulator.files import data_url

CATALOGUE = load()
CORRUPT = "Multimodal data is corrupted or cannot be processed."


def image(url: str) -> dict[str, Json]:
    return {"type": "image_url", "image_url": {"url": url}}


def audio(url: str) -> dict[str, Json]:
    return {"type": "input_audio", "input_audio": {"data": url}}


def video(url: str, **beside: Json) -> dict[str, Json]:
    return {"type": "video_url", "video_url": {"url": url}, **beside}


def weighed(part: dict[str, Json]) -> Weight:
    return weigh(part, CATALOGUE)


def refusal(part: dict[str, Json], catalogue: Catalogue = CATALOGUE) -> Fault:
    with pytest.raises(Refusal) as caught:
        weigh(part, catalogue)
    return caught.value.fault


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WebP", "BMP"])
def test_a_picture_of_every_documented_format_is_decoded_and_described(form: str) -> None:
    url = data_url(f"image/{form.lower()}", files.picture(form, (640, 480)))
    weight = weighed(image(url))
    assert (weight.kind, weight.audio_tokens) == (Modality.IMAGE, 0)
    assert weight.words == f"a {form} image of 640×480 pixels, all blue"
    assert weight.tokens == 20 * 15


@pytest.mark.parametrize(
    ("size", "tokens"),
    [((1, 1), 1), ((32, 32), 1), ((47, 49), 2), ((1024, 1024), 1024), ((4000, 3000), 8112), ((5, 6000), 188)],
)
def test_an_image_costs_a_token_for_each_32_by_32_pixels(size: tuple[int, int], tokens: int) -> None:
    assert weighed(image(data_url("image/png", files.picture("PNG", size)))).tokens == tokens


@pytest.mark.parametrize(
    ("colour", "name"),
    [("black", "black"), ("white", "white"), ("grey", "grey"), ("red", "red"), ("gold", "yellow"),
     ("#663311", "brown"), ("green", "green"), ("teal", "turquoise"), ("navy", "blue"), ("purple", "purple"),
     ("hotpink", "pink"), ("indigo", "purple"), ("darkorange", "orange")],
)  # fmt: skip
def test_colours_have_names(colour: str, name: str) -> None:
    assert weighed(image(data_url("image/png", files.picture(colour=colour)))).words.endswith(f"all {name}")


@pytest.mark.parametrize(
    ("mime", "seconds"),
    [("audio/wav", 1), ("audio/mpeg", 2.6), ("audio/flac", 3), ("audio/ogg", 2), ("audio/mp4", 5)],
)
def test_a_sound_of_every_documented_format_costs_six_and_a_quarter_tokens_a_second(
    mime: str, seconds: float
) -> None:
    weight = weighed(audio(data_url(mime, files.SOUNDS[mime])))
    assert weight.words.endswith(f" sound of {seconds:.1f} seconds")
    assert weight.tokens == weight.audio_tokens
    assert weight.tokens == pytest.approx(seconds * 6.25, abs=1)


@pytest.mark.parametrize("mime", ["audio/x-wav", "AUDIO/WAV", "audio/wav;codecs=1"])
def test_the_other_names_of_a_format_are_known(mime: str) -> None:
    assert weighed(audio(data_url(mime, files.wav()))).tokens == 7


def test_an_ogg_of_vorbis_and_an_mp3_without_a_tag_are_read() -> None:
    assert read_sound(files.ogg(4, "vorbis")).seconds == 4
    assert read_sound(files.mp3(10, tagged=False)).seconds == pytest.approx(10 * 1152 / 44_100)


@pytest.mark.parametrize("mime", list(files.FILMS))
def test_a_film_of_every_documented_format_is_weighed_by_the_formula(mime: str) -> None:
    weight = weighed(video(data_url(mime, files.FILMS[mime])))
    assert weight.words.endswith(" film of 4.0 seconds, 320×240 pixels, silent")
    # 8 frames are 4 pairs; 320×240 is 10×8 cells (240 lies half-way and goes to the even number).
    assert weight.tokens == 4 * 10 * 8 + 4 * 3 + 2 * 4 + 2


@pytest.mark.parametrize(
    ("film", "mime"),
    [
        (files.mp4(sound=True), "video/mp4"),
        (files.avi(sound=True), "video/avi"),
        (files.wmv(sound=True), "video/wmv"),
    ],
)
def test_the_sound_track_of_a_film_is_counted_apart(film: bytes, mime: str) -> None:
    silent, heard = weighed(video(data_url("video/mp4", files.mp4()))), weighed(video(data_url(mime, film)))
    assert heard.picture_tokens == silent.tokens
    assert heard.audio_tokens == 25 + 2
    assert heard.words.endswith("with sound")


@pytest.mark.parametrize(
    ("fps", "resolution", "frames", "cells"),
    [(2, "default", 8, 300), (0.1, "default", 2, 300), (10, "default", 40, 300), (2, "max", 8, 60 * 34),
     (0.1, "max", 2, 60 * 34)],
)  # fmt: skip
def test_frames_a_second_and_resolution_change_what_a_film_costs(
    fps: float, resolution: str, frames: int, cells: int
) -> None:
    url = data_url("video/mp4", files.mp4(4, (1920, 1080)))
    pairs = frames // 2
    stamps = 5 if fps > 2 else 3
    if resolution == "default":
        shrunk = math.sqrt(300 * 1024 / (1920 * 1080))
        cells = math.floor(1920 * shrunk / 32) * math.floor(1080 * shrunk / 32)
    weight = weighed(video(url, fps=fps, media_resolution=resolution))
    assert weight.tokens == pairs * cells + pairs * stamps + 2 * pairs + 2


def test_a_long_film_has_no_more_than_2048_frames() -> None:
    film = read_film(files.avi(100_000, (64, 64)))
    assert film.seconds == 100_000
    assert (
        weighed(video(data_url("video/avi", files.avi(100_000, (64, 64))))).tokens == 1024 * (4 + 3 + 2) + 2
    )


@pytest.mark.parametrize("value", [0, 0.05, 10.5, "2", True])
def test_frames_a_second_out_of_range_are_refused(value: Json) -> None:
    fault = refusal(video(data_url("video/mp4", files.mp4()), fps=value))
    assert (fault.status, fault.message) == (400, "Param Incorrect")
    assert fault.param is not None
    assert "fps" in fault.param


def test_an_unknown_resolution_is_refused() -> None:
    fault = refusal(video(data_url("video/mp4", files.mp4()), media_resolution="high"))
    assert "media_resolution" in (fault.param or "")


@pytest.mark.parametrize(
    "part",
    [image(data_url("application/pdf", files.PDF)), image(data_url("image/tiff", b"II*\0")),
     audio(data_url("audio/midi", b"MThd")), video(data_url("video/webm", b"\x1aE")),
     audio(data_url("video/mp4", files.mp4())), image("data:,hello")],
)  # fmt: skip
def test_a_pdf_and_every_other_type_is_not_supported(part: dict[str, Json]) -> None:
    fault = refusal(part)
    assert (fault.status, fault.message) == (400, "file type is not supported")


@pytest.mark.parametrize(
    "part",
    [image(data_url("image/png", b"")), image(data_url("image/png", files.PDF)),
     image(data_url("image/png", files.wav())), image("data:image/png;base64,@@@"),
     image("data:image/png;base64,QQ"), audio(data_url("audio/wav", files.picture())),
     audio(data_url("audio/mpeg", b"\xff\xfb\x90\x00 too short")), video(data_url("video/mp4", files.m4a())),
     audio(data_url("audio/mp4", files.mp4())), image("https://example.com/cat.png")],
)  # fmt: skip
def test_media_that_cannot_be_decoded_is_corrupt(part: dict[str, Json]) -> None:
    fault = refusal(part)
    assert (fault.status, fault.message, fault.type) == (400, CORRUPT, "BadRequestError")


@pytest.mark.parametrize(
    "part",
    [{"type": "image_url"}, {"type": "image_url", "image_url": "https://x"}, {"type": "file"}, {"type": 7}, {},
     {"type": "image_url", "image_url": {"url": 3}}, {"type": "input_audio", "input_audio": {"url": "x"}},
     audio("UklGRi4A"), image("ftp://host/cat.png"), image("data:image/png,%89PNG")],
)  # fmt: skip
def test_a_part_of_another_shape_says_what_is_wrong(part: dict[str, Json]) -> None:
    fault = refusal(part)
    assert (fault.status, fault.message, fault.type) == (400, "Param Incorrect", "")
    assert fault.param


def test_a_string_longer_than_the_limit_is_refused_before_it_is_decoded() -> None:
    media = CATALOGUE.media[Modality.IMAGE]
    short = replace(media, base64_characters=replace_value(media.base64_characters, 100))
    catalogue = replace(CATALOGUE, media=MappingProxyType({**CATALOGUE.media, Modality.IMAGE: short}))
    assert "exceeds 100 characters" in (
        refusal(image("data:image/png;base64," + "!" * 101), catalogue).param or ""
    )


def replace_value(fact: Fact[int], value: int) -> Fact[int]:
    return replace(fact, claims=(replace(fact.claims[0], value=value),))


def test_a_few_bytes_that_unpack_to_a_huge_picture_are_refused() -> None:
    small = files.picture("PNG", (1, 1))
    head = b"IHDR" + struct.pack(">II", 40_000, 40_000) + small[24:29]
    bomb = small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    assert refusal(image(data_url("image/png", bomb))).message == CORRUPT


def test_the_simulators_own_samples_are_known_by_their_address() -> None:
    kinds = {"png": image, "wav": audio, "mp4": video}
    weights = [weighed(kinds[url[-3:]](url)) for url in addresses(CATALOGUE)]
    assert [weight.kind for weight in weights] == [Modality.IMAGE, Modality.AUDIO, Modality.VIDEO]
    assert at("/static/sample/dog.png") is None


async def test_the_simulators_own_samples_lie_where_their_addresses_say() -> None:
    transport = httpx2.ASGITransport(app=application(Platform()))
    async with httpx2.AsyncClient(transport=transport) as client:
        for url in addresses(CATALOGUE):
            response = await client.get(url)
            assert response.content == sample(url, CATALOGUE)
            assert response.headers["content-type"] in ("image/png", "audio/wav", "video/mp4")


@pytest.mark.parametrize("whole", files.ALL, ids=lambda data: repr(data[:12]))
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_a_file_that_is_cut_or_garbled_is_broken_or_read_and_nothing_else(
    whole: bytes, data: st.DataObject
) -> None:
    end = data.draw(st.integers(0, min(len(whole), 700)))
    at = data.draw(st.integers(0, min(len(whole), 400)))
    noise = data.draw(st.binary(max_size=8))
    for damaged in (whole[:end], whole[:at] + noise + whole[at + len(noise) :]):
        for read in (read_sound, read_film, read_picture):
            try:
                read(damaged)
            except Broken:
                continue


@settings(deadline=None, max_examples=200)
@given(
    head=st.sampled_from(
        [b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0AVI ", b"fLaC", b"OggS", b"\0\0\0\x18ftyp", b"ID3",
         b"\xff\xfb\x90\x00", files.wmv()[:30], b"\0\0\0\x10moov", b"GIF89a", b"BM", b"\xff\xd8\xff"]
    ),
    rest=st.binary(max_size=300),
)  # fmt: skip
def test_any_bytes_at_all_are_read_or_broken(head: bytes, rest: bytes) -> None:
    for read in (read_sound, read_film, read_picture):
        try:
            read(head + rest)
        except Broken:
            continue
