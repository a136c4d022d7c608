"""Files that go with a turn: what they are is told by their bytes, and what cannot be sent is said before it is."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.core.catalogue import Catalogue, Surface
from mimo_tui.core.facts import Fact
from mimo_tui.core.model import Modality, Model, ModelKind
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import (
    Attached,
    CannotAttach,
    as_film,
    attach,
    attach_again,
    most_bytes,
    warnings_of,
)
from tests.simulator import files

MODEL = "mimo-v2.6-flash"
Attach = Callable[..., Attached]


@pytest.fixture
def attached(services: Services) -> Attach:
    def at(location: str | Path, data: bytes | None = None, *, surface: Surface = Surface.OPENAI) -> Attached:
        return attach(services, str(location), surface=surface, model=MODEL, data=data)

    return at


@pytest.fixture
def refused(attached: Attach) -> Callable[..., str]:
    def at(location: str | Path, data: bytes | None = None) -> str:
        with pytest.raises(CannotAttach) as caught:
            attached(location, data)
        return str(caught.value)

    return at


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def at(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return at


Put = Callable[[str, bytes], Path]
Refused = Callable[..., str]


def limited(services: Services, characters: int) -> Services:
    """Give services that know of a small limit of images within a message."""
    catalogue = services.catalogue
    media = catalogue.media[Modality.IMAGE]
    claim = replace(media.base64_characters.claims[0], value=characters)
    small = replace(media, base64_characters=Fact((claim,)))
    knowing(services, replace(catalogue, media=MappingProxyType({**catalogue.media, Modality.IMAGE: small})))
    return services


def knowing(services: Services, catalogue: Catalogue) -> None:
    services.knowledge._known = catalogue


def test_an_image_is_measured_and_weighed(attached: Attach, put: Put) -> None:
    data = files.picture("PNG", (640, 480))
    path = put("cat.png", data)
    found = attached(path)
    sent = found.attachment
    assert found.warnings == ()
    assert (sent.modality, sent.location, sent.name) == (Modality.IMAGE, str(path), "cat.png")
    assert (sent.media_type, sent.size, sent.digest) == ("image/png", len(data), sha256(data).hexdigest())
    assert (sent.width, sent.height, sent.tokens, sent.data) == (640, 480, 300, data)


def test_a_sound_and_a_film_are_measured_and_weighed(attached: Attach, put: Put) -> None:
    sound = attached(put("said.m4a", files.m4a(4))).attachment
    assert (sound.modality, sound.media_type, sound.seconds, sound.tokens) == ("audio", "audio/mp4", 4.0, 25)
    film = attached(put("clip.MOV", files.mov(4))).attachment
    assert (film.modality, film.media_type, film.seconds, film.tokens) == (
        "video",
        "video/quicktime",
        4.0,
        342,
    )


def test_how_often_and_how_closely_a_film_is_looked_at_can_be_set(services: Services, put: Put) -> None:
    path = put("clip.mp4", files.mp4(4, (1920, 1080)))
    film = attach(
        services, str(path), surface=Surface.OPENAI, model=MODEL, frames_a_second=5, detailed=True
    ).attachment
    usual = as_film(film, frames_a_second=None, detailed=False)
    assert (film.frames_a_second, film.detailed) == (5, True)
    assert (film.tokens or 0) > (usual.tokens or 0) > 0
    image = attach(
        services, str(put("a.png", files.picture())), surface=Surface.OPENAI, model=MODEL, frames_a_second=5
    )
    assert image.attachment.frames_a_second is None


@pytest.mark.parametrize("often", [0, 0.05, 11, float("nan")])
def test_a_film_is_looked_at_no_more_often_than_the_service_allows(
    services: Services, put: Put, often: float
) -> None:
    with pytest.raises(CannotAttach, match="to 10 times a second"):
        attach(
            services,
            str(put("a.mp4", files.mp4())),
            surface=Surface.OPENAI,
            model=MODEL,
            frames_a_second=often,
        )


@pytest.mark.parametrize(
    ("name", "data", "sent"),
    [
        ("cat.png", files.picture("JPEG"), "JPEG"),
        ("clip.mp4", files.m4a(3).replace(b"ftypM4A ", b"ftypisom"), "M4A"),
        ("scan.pdf", files.picture("PNG"), "PNG"),
        ("cat.gif", files.wav(), "WAV"),
    ],
)
def test_where_name_and_bytes_contradict_the_bytes_are_believed(
    attached: Attach, put: Put, name: str, data: bytes, sent: str
) -> None:
    found = attached(put(name, data))
    assert found.warnings == (
        f"{name} is {sent} by its bytes, whatever its name says, and is sent as {sent}.",
    )


@pytest.mark.parametrize("name", ["cat.jpg", "cat.JPEG", "cat", "cat.of.me", "cat.tmp"])
def test_a_name_that_says_nothing_else_is_no_cause_for_a_warning(
    attached: Attach, put: Put, name: str
) -> None:
    found = attached(put(name, files.picture("JPEG")))
    assert (found.warnings, found.attachment.media_type) == ((), "image/jpeg")


def test_what_does_not_say_how_long_it_is_goes_without_an_estimate(attached: Attach, put: Put) -> None:
    found = attached(put("live.flac", files.flac(0)))
    assert (found.attachment.seconds, found.attachment.tokens) == (None, None)
    assert found.warnings == ("live.flac does not say how long it is, so its cost cannot be told.",)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("paper.pdf", files.PDF, "is a PDF, which MiMo does not take"),
        ("me.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "is a HEIC picture"),
        ("me.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "It takes JPG, PNG, GIF, WEBP, BMP, MP3, WAV"),
        ("notes.txt", b"Buy milk\n", "put it into the prompt itself"),
        ("none.png", b"", "none.png is empty"),
        ("cut.png", files.picture()[:60], "begins as PNG but cannot be read: the image ends in the middle"),
        ("cut.jpg", files.picture("JPEG")[:-30], "the image ends in the middle"),
        ("cut.mp4", files.mp4()[:-30], "cannot be read"),
        ("a.bin", bytes(50), "is of no kind that is known"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(
    refused: Refused, put: Put, name: str, data: bytes, says: str
) -> None:
    assert says in refused(put(name, data))
    if data:
        assert says.replace(name, "standard input") in refused("-", data).replace(name, "standard input")


def test_what_is_no_file_is_refused_and_never_waited_for(refused: Refused, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        assert "no file but a pipe or a device" in refused(tmp_path / "socket")
    assert "no file but a pipe or a device" in refused(pipe)
    assert "no file but a pipe or a device" in refused("/dev/zero")
    assert "is a folder" in refused(tmp_path)
    assert "There is no file" in refused(tmp_path / "cat.png")
    assert "There is no file" in refused(f"{tmp_path}/pipe.png/cat.png")
    assert "There is no file" in refused("a\0b.png")
    assert "There is no file" in refused("\ud800.png")
    assert "cannot be read: File name too long" in refused("/" + "x" * 5000)
    assert "No file is named" in refused("  ")
    assert "nobody knows whose home" in refused("~nobody-here-at-all/cat.png")
    (tmp_path / "round.png").symlink_to("round.png")
    assert "cannot be read" in refused(tmp_path / "round.png")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read_is_told(refused: Refused, put: Put) -> None:
    path = put("mine.png", files.picture())
    path.chmod(0)
    assert "its permissions forbid it" in refused(path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    services: Services, refused: Refused, tmp_path: Path
) -> None:
    path = tmp_path / "vast.wav"
    with path.open("wb") as file:
        file.write(files.wav(1)[:100])
        # A hole of 8 TB: reading it would never end.
        file.truncate(1 << 43)
    says = refused(path)
    assert "8,796,093,022,208 bytes" in says
    assert "attach its URL" in says


def test_the_limit_is_that_of_the_data_url(services: Services, refused: Refused, put: Put) -> None:
    data = files.picture("BMP", (20, 20))
    head = len("data:image/bmp;base64,")
    limited(services, head + (len(data) + 2) // 3 * 4)
    attach(services, str(put("a.bmp", data)), surface=Surface.OPENAI, model=MODEL)
    limited(services, head + (len(data) + 2) // 3 * 4 - 1)
    assert f"a.bmp has {len(data):,} bytes" in refused(put("a.bmp", data))
    assert f"standard input has {len(data):,} bytes" in refused("-", data)


def test_as_much_of_a_pipe_is_worth_reading_as_may_be_sent(services: Services) -> None:
    assert 39_000_000 < most_bytes(services) < 52_428_800 * 3 // 4


def test_bytes_of_a_pipe_are_attached(attached: Attach) -> None:
    sent = attached("-", files.wav(2)).attachment
    assert (sent.name, sent.location, sent.seconds, sent.is_url) == ("standard input", "-", 2.0, False)


def test_a_path_may_be_written_as_a_terminal_pastes_it(attached: Attach, put: Put) -> None:
    path = put("my cat's.png", files.picture())
    for written in (str(path), path.as_uri(), f'"{path}"', str(path).replace(" ", r"\ ").replace("'", r"\'")):
        assert attached(written).attachment.name == "my cat's.png"


def test_a_file_of_another_machine_is_none(refused: Refused) -> None:
    assert "no file of this machine" in refused("file://elsewhere/cat.png")


@pytest.mark.parametrize(
    ("url", "modality", "media_type"),
    [
        ("https://example.com/cat.JPG", Modality.IMAGE, "image/jpeg"),
        ("HTTPS://example.com/a/said.m4a?size=2#t", Modality.AUDIO, "audio/mp4"),
        ("http://93.184.215.14/clip%20one.mov", Modality.VIDEO, "video/quicktime"),
    ],
)
def test_a_url_goes_as_it_is_and_nothing_is_fetched(
    attached: Attach, url: str, modality: Modality, media_type: str
) -> None:
    sent = attached(url).attachment
    assert (sent.modality, sent.media_type, sent.is_url) == (modality, media_type, True)
    assert sent.location.lower() == url.lower()
    assert (sent.data, sent.size, sent.digest, sent.tokens) == (None, None, "", None)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.com/cat", "does not say what it is"),
        ("https://example.com/paper.pdf", "or fetch it and attach the file"),
        ("https://example.com/", "does not say what it is"),
        ("ftp://example.com/cat.png", "only http: and https:"),
        ("data:image/png;base64,AAAA", "only http: and https:"),
        ("data:image/png;base64," + "A" * 10_000, "10,022 characters"),
        ("https:///cat.png", "is no URL"),
        ("https://[::1/cat.png", "is no URL"),
        ("https://example.com/a cat.png", "characters that no URL has"),
        ("https://example.com/\u202ecat.png", "characters that no URL has"),
        ("https://localhost/cat.png", "only this network knows"),
        ("http://192.168.1.7/cat.png", "only this network knows"),
        ("http://[::1]:80/cat.png", "only this network knows"),
    ],
)
def test_a_url_that_the_service_cannot_use_is_refused(refused: Refused, url: str, says: str) -> None:
    assert says in refused(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/cat.png?api_key=abcdef123456",
        "https://me:hunter2hunter2@example.com/cat.png",
        "https://example.com/sk-canary0123456789abcdef/cat.png",
    ],
)
def test_a_key_in_a_url_does_not_go_out(refused: Refused, url: str) -> None:
    says = refused(url)
    assert "looks like a key" in says
    assert not any(secret in says for secret in ("abcdef", "hunter2", "canary"))


def test_a_key_or_an_escape_in_a_name_is_not_shown(attached: Attach, refused: Refused, put: Put) -> None:
    for name in ("sk-canary0123456789abcdef.png", "\x1b]52;c;x\x07.png"):
        sent = attached(put(name, files.picture())).attachment
        says = refused(put(name, b"text")) + sent.name + sent.location
        assert "canary" not in says
        assert "\x1b" not in says


def test_the_anthropic_surface_takes_images_and_drops_the_rest_which_is_said(
    attached: Attach, put: Put
) -> None:
    anthropic = Surface.ANTHROPIC
    assert attached(put("a.png", files.picture()), surface=anthropic).warnings == ()
    for path, many in ((put("a.wav", files.wav()), "sounds"), (put("a.mp4", files.mp4()), "films")):
        (warning,) = attached(path, surface=anthropic).warnings
        assert f"drops {many} without a word" in warning
        assert "OpenAI surface" in warning


def named_model(services: Services, fits: Callable[[Model], bool]) -> str:
    return next(model.id for model in services.catalogue.models if fits(model))


def test_a_model_that_does_not_take_it_is_named_with_the_source(services: Services, put: Put) -> None:
    model = named_model(
        services, lambda each: each.kind.value is ModelKind.CHAT and each.refuses(Modality.IMAGE)
    )
    found = attach(services, str(put("a.png", files.picture())), surface=Surface.OPENAI, model=model)
    (warning,) = found.warnings
    assert warning.startswith(f"{model} takes no images, by ")
    again = warnings_of(services.catalogue, found.attachment, surface=Surface.OPENAI, model=MODEL)
    unknown = warnings_of(services.catalogue, found.attachment, surface=Surface.OPENAI, model="mine")
    assert again == unknown == ()


def test_what_is_more_than_a_model_can_hold_is_told(attached: Attach, put: Put) -> None:
    (warning,) = attached(put("long.flac", files.flac(200_000))).warnings
    assert "takes about 1,250,000 tokens" in warning


def test_a_file_that_was_kept_without_its_bytes_is_read_again(
    services: Services, attached: Attach, put: Put
) -> None:
    sent = attached(put("a.png", files.picture())).attachment
    kept = replace(sent, data=None)
    assert attach_again(services, kept).data == sent.data
    put("a.png", files.picture(colour="red"))
    with pytest.raises(CannotAttach, match="another file"):
        attach_again(services, kept)
    Path(kept.location).unlink()
    with pytest.raises(CannotAttach, match="There is no file"):
        attach_again(services, kept)
    piped = replace(attached("-", files.wav()).attachment, data=None)
    with pytest.raises(CannotAttach, match="was not kept"):
        attach_again(services, piped)
    link = attached("https://example.com/cat.png").attachment
    assert attach_again(services, link) == link
