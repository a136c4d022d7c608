"""Where a request may go, decided before anything is opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, load
from mimo_tui.wire.allowed import NotAllowed, check, place_of

CATALOGUE = load()


@pytest.mark.parametrize("host", CATALOGUE.api_hosts)
def test_a_key_may_go_to_every_host_of_the_api(host: str) -> None:
    assert check(f"https://{host}/v1/models", with_key=True, named="", catalogue=CATALOGUE).host == host


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://API.XIAOMIMIMO.COM/v1", ""),
        ("HTTPS://api.xiaomimimo.com:443/v1", ""),
        ("https://api.xiaomimimo.com:8443/v1", "api.xiaomimimo.com:8443"),
        ("https://models.example.com/v1", "models.example.com"),
        ("https://models.example.com/v1", "Models.Example.com:443"),
        ("https://models.example.com:8443/v1", "models.example.com:8443"),
        ("http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
        ("http://localhost:8000/v1", "localhost:8000"),
        ("http://[::1]:8000/v1", "[::1]:8000"),
        ("https://192.168.1.5/v1", "192.168.1.5"),
    ],
)
def test_a_key_may_go_where_the_preset_says(url: str, named: str) -> None:
    check(url, with_key=True, named=named, catalogue=CATALOGUE)


NOWHERE = [
    ("http://api.xiaomimimo.com/v1", ""),
    ("http://api.xiaomimimo.com/v1", "api.xiaomimimo.com"),
    ("https://api.xiaomimimo.com:8443/v1", ""),
    ("https://api.xiaomimimo.com:8443/v1", "api.xiaomimimo.com"),
    ("https://api.xiaomimimo.com./v1", ""),
    ("https://api.xiaomimimo.com.example.com/v1", ""),
    ("https://xapi.xiaomimimo.com/v1", ""),
    ("https://api.xiaomimimo.com@example.com/v1", "example.com"),
    ("https://user:word@api.xiaomimimo.com/v1", ""),
    ("https://example.com\\@api.xiaomimimo.com/v1", ""),
    ("https://example.com#@api.xiaomimimo.com/v1", ""),
    ("https://api.xiaomimimo.com\t.example.com/v1", ""),
    ("https:/api.xiaomimimo.com/v1", ""),
    ("//api.xiaomimimo.com/v1", ""),
    ("https://аpi.xiaomimimo.com/v1", ""),
    ("https://аpi.xiaomimimo.com/v1", "аpi.xiaomimimo.com"),
    ("https://xn--pi-6kc.xiaomimimo.com/v1", ""),
    ("https://api。xiaomimimo。com/v1", ""),
    ("https://mimo.mi.com/v1", ""),
    ("https://mimo.mi.com/v1", "mimo.mi.com"),
    ("https://www.mimo.mi.com/v1", "www.mimo.mi.com"),
    ("https://platform.xiaomimimo.com/v1", "platform.xiaomimimo.com"),
    ("https://example.com/v1", ""),
    ("https://example.com/v1", "other.example.com"),
    ("http://example.com/v1", "example.com"),
    ("http://192.168.1.5:8000/v1", "192.168.1.5:8000"),
    ("http://127.0.0.1:8000/v1", ""),
    ("http://127.0.0.1:8000/v1", "127.0.0.1:9000"),
    ("http://0x7f.1/v1", "0x7f.1"),
    ("http://localhost.example.com/v1", "localhost.example.com"),
    ("ftp://api.xiaomimimo.com/v1", ""),
    ("https://api.xiaomimimo.com:99999/v1", ""),
    ("https://api.xiaomimimo.com:0/v1", "api.xiaomimimo.com:0"),
    ("https:///v1", ""),
    ("", ""),
    ("https://" + "a" * 9000, ""),
]


@pytest.mark.parametrize(("url", "named"), NOWHERE)
def test_a_key_goes_nowhere_else(url: str, named: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        check(url, with_key=True, named=named, catalogue=CATALOGUE)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize("url", ["https://mimo.mi.com/llms.txt", "https://anything.example.org:8443/a?b#c"])
def test_without_a_key_any_https_address_will_do(url: str) -> None:
    check(url, with_key=False, named="", catalogue=CATALOGUE)


@pytest.mark.parametrize(
    "url", ["http://mimo.mi.com/", "http://127.0.0.1/", "https://a:b@mimo.mi.com/", "file:///etc"]
)
def test_without_a_key_plain_http_and_passwords_will_not(url: str) -> None:
    with pytest.raises(NotAllowed):
        check(url, with_key=False, named="", catalogue=CATALOGUE)


def test_a_demo_asks_simulated_hosts_and_this_machine_only() -> None:
    def demo(url: str, named: str = "") -> None:
        check(url, with_key=False, named=named, catalogue=CATALOGUE, demo=True)

    demo("https://api.xiaomimimo.com/v1")
    demo("https://mimo.mi.com/llms.txt")
    demo("http://127.0.0.1:8000/v1", "127.0.0.1:8000")
    for url, named in (("https://example.com/", "example.com"), ("https://mimo.mi.com:8443/", "")):
        with pytest.raises(NotAllowed, match="demo asks simulated hosts only"):
            demo(url, named)


hosts = st.sampled_from([*CATALOGUE.api_hosts, "mimo.mi.com", "example.com", "127.0.0.1", "[::1]"])
noise = st.text(alphabet="/\\@:?#.%[] \t\n\x00aé。-0", max_size=4)


@given(st.sampled_from(["https://", "http://", "https:", "//", ""]), noise, hosts, noise, hosts, noise)
def test_whatever_is_allowed_is_read_alike_by_the_http_library(
    scheme: str, before: str, host: str, between: str, other: str, after: str
) -> None:
    import httpx2

    url = f"{scheme}{before}{host}{between}{other}{after}"
    try:
        place = check(url, with_key=True, named="", catalogue=CATALOGUE)
    except NotAllowed:
        return
    try:
        read = httpx2.URL(url)
    except httpx2.InvalidURL:
        return
    assert (read.scheme, read.host, read.port) == ("https", place.host, None)
    assert place.host in CATALOGUE.api_hosts
    assert not read.userinfo


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, f"https://{text}"):
        try:
            place_of(url)
        except NotAllowed:
            continue


def test_the_catalogue_has_the_hosts_that_these_tests_speak_of(catalogue: Catalogue) -> None:
    assert "api.xiaomimimo.com" in catalogue.api_hosts
    assert catalogue.is_website("mimo.mi.com")
