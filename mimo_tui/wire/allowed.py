"""Where a request may go. This is asked before anything is opened; a key goes where it must and nowhere else."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from mimo_tui.core.catalogue import Catalogue

_PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.\-]*[a-z0-9_])?")
_LONGEST = 8000


class NotAllowed(Exception):
    """The request may not go out. The sentence says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a URL names: `host` in lower case, an IPv6 address without brackets, and the effective `port`."""

    scheme: str
    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether it is this machine."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def has_usual_port(self) -> bool:
        """Whether the port is the one of the scheme."""
        return self.port == _PORTS[self.scheme]


def place_of(url: str) -> Place:
    """Read whom a URL names. Raises NotAllowed where two readers of URLs could understand it differently."""
    if len(url) > _LONGEST:
        raise NotAllowed(f"the address has {len(url):,} characters")
    if not url.isprintable() or " " in url or "\\" in url:
        raise NotAllowed("the address holds a blank, a backslash or an invisible character")
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _PORTS:
        raise NotAllowed("the address does not begin with https://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        raise NotAllowed("the address carries a user name or password")
    if not authority.isascii():
        raise NotAllowed("the host's name is not plain ASCII; write it in its xn-- form")
    try:
        split = urlsplit(f"{scheme}://{authority}")
        host, port = split.hostname or "", split.port
    except ValueError as error:
        raise NotAllowed(f"the address cannot be read: {error}") from None
    if not (_NAME.fullmatch(host) or (authority.startswith("[") and _is_address(host))):
        raise NotAllowed(f"the address names no host: {authority}")
    if port == 0:
        raise NotAllowed("no server has the port 0")
    return Place(scheme, host, port or _PORTS[scheme])


def check(url: str, *, with_key: bool, named: str, catalogue: Catalogue, demo: bool = False) -> Place:
    """Give whom the URL names, if a request may go there; raises NotAllowed.

    A key goes over https to the hosts of the API, on their usual port, and to `named` (a host, perhaps with a
    port); never to a website. Plain http is for `named` on this machine alone. In a `demo` only the hosts of the
    catalogue are there, since they are simulated, and `named` on this machine.
    """
    place = place_of(url)
    is_named = bool(named) and _is_same(place, named)
    if place.scheme == "http" and not (place.is_local and is_named):
        raise NotAllowed(
            f"{place.host} is asked over http, where anybody on the way can read along; use https"
        )
    if with_key:
        _check_key(place, is_named=is_named, catalogue=catalogue)
    if demo and not (is_known(place, catalogue) or (place.is_local and is_named)):
        raise NotAllowed(f"a demo asks simulated hosts only, and {place.host} is none of them")
    return place


def is_known(place: Place, catalogue: Catalogue) -> bool:
    """Tell whether it is exactly a host of the catalogue, with an API or with pages, on its usual port."""
    known = place.host in catalogue.api_hosts or any(site.host == place.host for site in catalogue.websites)
    return known and place.scheme == "https" and place.has_usual_port


def _check_key(place: Place, *, is_named: bool, catalogue: Catalogue) -> None:
    website = catalogue.website(place.host)
    if website is not None:
        raise NotAllowed(f"{place.host} is MiMo's {website.title}; a key is never sent there")
    if is_named:
        return
    if place.host not in catalogue.api_hosts:
        raise NotAllowed(
            f"a key goes only to hosts of the API and to those that a preset names, not to {place.host}"
        )
    if not place.has_usual_port:
        raise NotAllowed(f"a key goes to {place.host} only on its usual port, not to {place.port}")


def _is_same(place: Place, named: str) -> bool:
    try:
        return place_of(f"{place.scheme}://{named}") == place
    except NotAllowed:
        return False


def _is_address(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False
