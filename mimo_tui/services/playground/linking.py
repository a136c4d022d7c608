"""A URL of an image, a sound or a film, which the service fetches itself: nothing is fetched here."""

from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.conversation import Attachment
from mimo_tui.core.media.limits import endings
from mimo_tui.core.secrets import looks_like_a_key, safe
from mimo_tui.core.text import clean
from mimo_tui.services.playground.media_files import CannotAttach

_SCHEMES = ("http", "https")
_LONGEST = 8192
"""Characters. A longer address is none, but perhaps a whole file (`data:`)."""


def is_url(location: str) -> bool:
    """Tell whether it is an address of the web, or of any other kind that is no file here."""
    scheme, colon, _ = location.partition(":")
    # One letter is a drive of Windows.
    is_scheme = len(scheme) > 1 and scheme.isascii() and scheme.isalnum() and scheme.lower() != "file"
    return bool(colon) and is_scheme and ("//" in location[: len(scheme) + 3] or scheme.lower() == "data")


def linked(url: str, catalogue: Catalogue) -> Attachment:
    """Give the attachment that a URL is. What it is, its ending says. Raises CannotAttach."""
    parts = _parts(url)
    path = PurePosixPath(unquote(parts.path))
    ending = path.suffix.removeprefix(".").lower()
    for modality, media in catalogue.media.items():
        if mime := media.formats.value.get(ending):
            location = clean(f"{parts.scheme}{url[len(parts.scheme) :]}")
            return Attachment(modality, location, safe(path.name), mime)
    raise CannotAttach(
        f"The ending of {clean(url)} does not say what it is. It would have to be one of "
        f"{endings(catalogue.media.values())}; or fetch it and attach the file."
    )


def _parts(url: str) -> SplitResult:
    if len(url) > _LONGEST:
        raise CannotAttach(
            f"A URL of {len(url):,} characters is none that the service fetches: attach a file."
        )
    if looks_like_a_key(url):
        raise CannotAttach(
            "This URL has what looks like a key or password in it, and it would be sent. Attach a file in its place."
        )
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise CannotAttach(f"{safe(url)} is no URL.") from error
    if parts.scheme not in _SCHEMES:
        raise CannotAttach(
            f"{clean(parts.scheme)}: is not fetched by the service, only http: and https: are."
        )
    if not host or clean(url) != url or any(letter.isspace() for letter in url):
        raise CannotAttach(f"{safe(url)} is no URL: it has no host, or characters that no URL has.")
    if _is_here(host):
        raise CannotAttach(
            f"The service cannot fetch from {clean(host)}, which only this network knows. Attach the file."
        )
    return parts


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
