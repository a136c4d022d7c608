"""Base URLs: what host, family and surface one names, what is wrong with it, and what would be right.

The rules are MiMo's (`mimo-api.md` §3.1, `lingtai-presets.md` §3.3); hosts and keys come from the catalogue.
A URL is text that a person wrote: nothing here raises on any of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mimo_tui.core.catalogue import Catalogue, Family, Host, KeyKind, Surface, Wire
from mimo_tui.core.findings import Severity
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean, clean

__all__ = [
    "Endpoint",
    "Fit",
    "KeyKind",
    "Surface",
    "UrlFault",
    "Wire",
    "host_takes",
    "key_kind",
    "lint",
    "read",
    "request_url",
]

MIMO = "mimo"

_SPEAK_OPENAI = frozenset({MIMO, "openai", "openrouter", "deepseek", "glm", "zhipu"})
_SPEAK_ANTHROPIC = frozenset({"anthropic", "minimax"})

_TAILS = {
    Wire.CHAT_COMPLETIONS: "chat/completions",
    Wire.RESPONSES: "responses",
    Wire.MESSAGES: "v1/messages",
}

_REQUEST_PATH = re.compile(r"/+(?:chat/+completions|completions|responses|messages|models)/*$", re.IGNORECASE)
_SURE_REQUEST_PATH = re.compile(
    r"/+chat/+completions/*$|(?<=/v[0-9])/+(?:responses|messages|models)/*$", re.IGNORECASE
)
_VERSION = re.compile(r"/+v[0-9]+/*$", re.IGNORECASE)
_DOUBLED = re.compile(r"(/v[0-9]+)(?:/*\1)+(?=/|$)", re.IGNORECASE)
_ODD = re.compile(r"[^!#-;=?-\[\]_a-z~]")
_URL = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.\-]*(?=://)|https?(?=:(?![0-9])))(?P<separator>:/*)|/*)"
    r"(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE | re.DOTALL,
)

_ADDRESSES = "the addresses of MiMo's API are documented (mimo-api.md §3.1)"
_APPENDED = "the client appends the request's path to the base URL (lingtai-presets.md §3.3)"
_PLAIN = "over http anybody on the way can read the key; MiMo's hosts answer on https (mimo-api.md §3.1)"
_SCHEME = "a client calls http:// and https:// addresses and refuses any other (mimo-api.md §3.1)"
_NO_CLUSTER = "a plan's key works on one cluster and does not say which; the console does (mimo-api.md §3.1)"
_ADAPTER = "Lingtai's adapter for MiMo speaks the OpenAI form only (lingtai-presets.md §10)"
_LOOKALIKE = 0.9
_LONGEST = 2000


class Fit(StrEnum):
    """Whether a host takes keys of a kind. Unknown: it is no host whose keys have a known form."""

    FITS = "fits"
    MISFIT = "misfit"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a base URL names. `url` is as written; `host` in lower case, empty where there is none.

    `surface` is the one that the client speaks there, `title` says in words where it leads. `port` is None
    where none is written or it is no number.
    """

    # A person may have pasted a key into any part of it.
    url: str = field(repr=False)
    scheme: str
    host: str
    port: int | None
    path: str = field(repr=False)
    family: Family | None
    cluster: str | None
    surface: Surface
    title: Clean


@dataclass(frozen=True, slots=True)
class UrlFault:
    """Something wrong with a base URL, and the rule behind it.

    `completed` is the whole URL that would be right; None: not known, perhaps one of `candidates`.
    """

    code: str
    severity: Severity
    message: Clean
    because: str
    completed: str | None = field(default=None, repr=False)
    candidates: tuple[str, ...] = ()


def key_kind(secret: Secret, catalogue: Catalogue) -> KeyKind | None:
    """Tell the kind of a key by its prefix, the longest first; None: of no known kind."""
    text = secret.reveal()
    return next((kind for kind in catalogue.key_kinds if text.startswith(kind.prefix)), None)


def host_takes(kind: KeyKind | None, endpoint: Endpoint) -> Fit:
    """Tell whether the endpoint's host takes keys of that kind; `Catalogue.bases_for` has those that do."""
    if kind is None or endpoint.family is None or not endpoint.family.key_prefixes:
        return Fit.UNKNOWN
    return Fit.FITS if endpoint.family.id in kind.families else Fit.MISFIT


def read(base_url: str, catalogue: Catalogue, *, provider: str = "", api_compat: str = "") -> Endpoint:
    """Read a base URL, as leniently as one can. Without a provider the path tells the surface."""
    parts = _split(_visible(base_url))
    family, host = _find(parts, catalogue)
    website = catalogue.website(parts.host)
    if family is not None:
        title = f"{family.title} · {host.cluster}" if host is not None and host.cluster else family.title
    elif website is not None:
        title = f"{website.title}, no API"
    else:
        title = "other host" if parts.host else "no host"
    return Endpoint(
        url=base_url,
        scheme=parts.scheme,
        host=parts.host,
        port=_number(parts.port),
        path=parts.path,
        family=family,
        cluster=(host.cluster or None) if host is not None else None,
        surface=_surface(provider, api_compat, parts.path),
        title=clean(title),
    )


def request_url(base_url: str, *, surface: Surface, wire: Wire = Wire.CHAT_COMPLETIONS) -> str:
    """Give the URL that the client will really call: the path is appended as it is, as the SDKs do.

    On the OpenAI surface `wire` says in which form; Lingtai 0.19.3 calls provider mimo in the Responses form
    unless told otherwise (`Lingtai.wire`). Empty for an empty base: the SDK then has a default of its own.
    """
    base = base_url.partition("#")[0]
    if not base:
        return ""
    tail = _TAILS[Wire.MESSAGES if surface is Surface.ANTHROPIC else wire]
    return f"{base}{'' if base.endswith('/') else '/'}{tail}"


def lint(
    base_url: str, catalogue: Catalogue, *, provider: str, api_compat: str, key: KeyKind | None
) -> tuple[UrlFault, ...]:
    """Give what is wrong with a base URL.

    For provider mimo and on MiMo's hosts all rules hold. Elsewhere only blanks, the scheme and a pasted
    request path are looked at, since other hosts have rules of their own. All faults of a URL share one
    completion, in which none of them is left. A cluster is never guessed.
    """
    if len(base_url) > _LONGEST:
        message = f"the base URL has {len(base_url):,} characters"
        return (
            _fault("too-long", Severity.ERROR, message, f"no address of an API is longer than {_LONGEST:,}"),
        )
    case = _case(base_url, catalogue, provider, api_compat, key)
    faults = _faults(case)
    if not faults:
        return ()
    completed, candidates = _complete(case)
    if completed is not None and _faults(_case(completed, catalogue, provider, api_compat, key)):
        completed = None
    return tuple(replace(fault, completed=completed, candidates=candidates) for fault in faults)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A URL, split without judging it. `host` is in lower case, `written_host` as it stands there."""

    scheme: str
    separator: str
    user: str | None
    written_host: str
    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None


@dataclass(frozen=True, slots=True)
class _Case:
    """A base URL under lint: as written, without blanks, and what it names. `strict`: MiMo's rules hold."""

    written: str
    visible: str
    parts: _Parts
    catalogue: Catalogue
    family: Family | None
    host: Host | None
    surface: Surface
    mimo: bool
    strict: bool
    key: KeyKind | None


def _case(written: str, catalogue: Catalogue, provider: str, api_compat: str, key: KeyKind | None) -> _Case:
    visible, mimo = _visible(written), provider.lower() == MIMO
    plain, normal = _split(visible), _split(_normal(visible))
    strict = mimo or _under(normal.host, catalogue.domain) or catalogue.is_website(normal.host)
    parts = normal if strict else plain
    family, host = _find(parts, catalogue) if strict else (None, None)
    surface = _surface(provider, api_compat, parts.path)
    return _Case(written, visible, parts, catalogue, family, host, surface, mimo, strict, key)


def _faults(case: _Case) -> list[UrlFault]:
    faults = [*_text_faults(case), *_scheme_faults(case)]
    if case.strict and case.visible:
        faults += [*_extra_faults(case), *_host_faults(case)]
    return [*faults, *_path_faults(case)]


def _fault(code: str, severity: Severity, message: str, because: str) -> UrlFault:
    return UrlFault(code, severity, clean(message), because)


def _text_faults(case: _Case) -> Iterator[UrlFault]:
    if not case.visible:
        if case.mimo:
            yield _fault("empty", Severity.ERROR, "the base URL is empty", _ADDRESSES)
        return
    if case.visible != case.written:
        inside = case.visible not in case.written
        message = f"the base URL has blanks or invisible characters {'in it' if inside else 'around it'}"
        yield _fault("blanks", Severity.ERROR, message, "Lingtai uses the base URL as it is written")
    if case.strict and _ODD.search(case.visible):
        odd = "".join(dict.fromkeys(_ODD.findall(case.visible)))[:10]
        message = f"the base URL has characters that none of MiMo's addresses has: {odd}"
        yield _fault("odd-characters", Severity.ERROR, message, _ADDRESSES)


def _scheme_faults(case: _Case) -> Iterator[UrlFault]:
    parts = case.parts
    if not case.visible:
        return
    if not parts.scheme:
        yield _fault("no-scheme", Severity.ERROR, "the base URL does not begin with https://", _SCHEME)
    elif parts.separator != "://":
        message = f"after {parts.scheme} must stand ://, not {parts.separator}"
        yield _fault("scheme", Severity.ERROR, message, _SCHEME)
    elif parts.scheme not in ("https", "http"):
        message = f"the base URL begins with {parts.scheme}://, not https://"
        yield _fault("scheme", Severity.ERROR, message, _SCHEME)
    elif parts.scheme == "http" and not _is_local(parts.host):
        yield _fault("insecure", Severity.ERROR, "the base URL is http, not https", _PLAIN)


def _extra_faults(case: _Case) -> Iterator[UrlFault]:
    parts = case.parts
    if parts.user is not None:
        message = "the base URL carries a user name or password"
        yield _fault("user-info", Severity.ERROR, message, "the key goes in a header (mimo-api.md §3.2)")
    for name, value in (("query", parts.query), ("fragment", parts.fragment)):
        if value is not None and not case.catalogue.is_website(parts.host):
            yield _fault(name, Severity.ERROR, f"the base URL has a {name}", _APPENDED)
    number = _number(parts.port)
    if parts.port is not None and number is None:
        yield _fault("port", Severity.ERROR, f"the port {parts.port} is no number up to 65535", _ADDRESSES)
    elif case.family is not None and number not in (None, 80 if parts.scheme == "http" else 443):
        yield _fault("port", Severity.WARNING, f"MiMo's hosts have no port {number}", _ADDRESSES)


def _host_faults(case: _Case) -> Iterator[UrlFault]:
    parts, catalogue = case.parts, case.catalogue
    website = catalogue.website(parts.host)
    if not parts.host:
        yield _fault("no-host", Severity.ERROR, "the base URL names no host", _ADDRESSES)
    elif website is not None:
        message = f"{parts.host} is MiMo's {website.title} and carries no API"
        yield _fault("website", Severity.ERROR, message, _NO_CLUSTER if _needs_cluster(case) else _ADDRESSES)
    elif case.family is not None and not case.family.realtime:
        message = f"{parts.host} takes {case.family.title} jobs, not conversations"
        yield _fault("batch-host", Severity.ERROR, message, "batch has a host of its own (mimo-api.md §11.2)")
    elif case.family is None and _under(parts.host, catalogue.domain):
        message = f"{parts.host} is no host of MiMo's API that the catalogue knows"
        because = (
            f"known are {', '.join(name for name in catalogue.api_hosts if _under(name, catalogue.domain))}"
        )
        yield _fault("unknown-host", Severity.WARNING, message, because)
    elif case.family is None and (known := _close_hosts(case, _LOOKALIKE)):
        message = f"{parts.host} looks like {known[0].name} and is another host"
        yield _fault("look-alike", Severity.WARNING, message, "the key would go to whoever owns that host")
    if case.family is not None and parts.written_host != parts.host:
        yield _fault("host-case", Severity.INFO, "a host is written in lower case", _ADDRESSES)


def _path_faults(case: _Case) -> Iterator[UrlFault]:
    path = case.parts.path
    stripped = _without_request_path(path, case)
    if stripped != path:
        yield _fault("pasted-path", Severity.ERROR, "the base URL ends in the path of a request", _APPENDED)
    if not case.strict:
        return
    single = _DOUBLED.sub(r"\1", stripped)
    if single != stripped:
        yield _fault("doubled-version", Severity.ERROR, "the base URL has its version twice", _APPENDED)
    if case.family is not None and case.family.realtime:
        yield from _family_path_faults(case, case.family, single.removesuffix("/"))
    elif case.mimo and _ends_in_anthropic(single) and not case.catalogue.is_website(case.parts.host):
        yield _wrong_surface(case)


def _family_path_faults(case: _Case, family: Family, path: str) -> Iterator[UrlFault]:
    expected = family.paths.get(case.surface)
    if path == expected:
        return
    others = [other for surface, other in family.paths.items() if surface is not case.surface]
    if expected is None or any(f"{path}/".startswith(f"{other}/") for other in others):
        yield _wrong_surface(case)
    elif f"{expected}/".startswith(f"{path}/"):
        message = (
            f"the path {expected} is missing" if path in ("", family.mount) else f"the path is not {expected}"
        )
        yield _fault("missing-path", Severity.ERROR, message, _APPENDED)
    elif _VERSION.sub("", path) == expected:
        message = f"the client appends the version itself: the path must be {expected}"
        yield _fault("doubled-version", Severity.ERROR, message, _APPENDED)
    else:
        message = f"the path is {path or '/'}, and the API is at {expected}"
        yield _fault("unknown-path", Severity.ERROR, message, "an unknown path answers 404 (mimo-api.md §12)")


def _wrong_surface(case: _Case) -> UrlFault:
    if case.mimo:
        message = "provider mimo cannot use /anthropic; provider custom with api_compat anthropic can"
        return _fault("surface", Severity.ERROR, message, _ADAPTER)
    message = f"this preset speaks the {_SPOKEN[case.surface]} form, and the path is the other form's"
    return _fault("surface", Severity.ERROR, message, "each form has its own path (mimo-api.md §3.1)")


_SPOKEN = {Surface.OPENAI: "OpenAI", Surface.ANTHROPIC: "Anthropic"}


def _complete(case: _Case) -> tuple[str | None, tuple[str, ...]]:
    """Give the URL that would be right; or none, and those that may be."""
    if not case.visible or (case.strict and _names_no_api_host(case)):
        bases = _bases(case)
        return (bases[0], ()) if len(bases) == 1 else (None, bases)
    if not case.strict:
        return _mended(case), ()
    if case.family is not None and case.host is not None:
        return case.family.base(case.host, case.surface), ()
    close = tuple(
        base
        for host in _close_hosts(case, 0.6)
        if (found := case.catalogue.find_host(host.name)) is not None
        and (base := found[0].base(host, case.surface)) is not None
    )
    if _under(case.parts.host, case.catalogue.domain) or _close_hosts(case, _LOOKALIKE):
        return None, close
    return _mended(case), ()


def _names_no_api_host(case: _Case) -> bool:
    batch = case.family is not None and not case.family.realtime
    return batch or case.catalogue.is_website(case.parts.host)


def _bases(case: _Case) -> tuple[str, ...]:
    """Give the base URLs that the key allows; without a known key those that need no choice of a cluster."""
    kinds = [case.key] if case.key is not None else case.catalogue.key_kinds
    bases = [[base for _, base in case.catalogue.bases_for(kind, case.surface)] for kind in kinds]
    if case.key is None:
        bases = [found for found in bases if len(found) == 1]
    return tuple(dict.fromkeys(base for found in bases for base in found))


def _needs_cluster(case: _Case) -> bool:
    return len(_bases(case)) > 1


def _mended(case: _Case) -> str | None:
    """Mend what is wrong on a host that we know nothing of, and leave the rest as it is."""
    parts = case.parts
    scheme = parts.scheme or ("http" if _is_local(parts.host) else "https")
    if scheme == "http" and not _is_local(parts.host):
        scheme = "https"
    surely_a_host = "." in parts.host or parts.host == "localhost" or parts.host.startswith("[")
    if scheme not in ("http", "https") or not (surely_a_host or (parts.host and parts.separator == "://")):
        return None
    path = _without_request_path(parts.path, case)
    host = parts.written_host if parts.port is None else f"{parts.written_host}:{parts.port}"
    if not case.strict:
        user = "" if parts.user is None else f"{parts.user}@"
        query = "" if parts.query is None else f"?{parts.query}"
        fragment = "" if parts.fragment is None else f"#{parts.fragment}"
        return f"{scheme}://{user}{host}{path}{query}{fragment}"
    path = _DOUBLED.sub(r"\1", path)
    bad_port = parts.port is not None and _number(parts.port) is None
    url = f"{scheme}://{host}{path}"
    return None if bad_port or _ends_in_anthropic(path) or _ODD.search(url) else url


def _close_hosts(case: _Case, likeness: float) -> list[Host]:
    """Give up to three realtime hosts whose names are that close, the closest first."""
    name = case.parts.host
    if not name or len(name) > 100 or _is_local(name) or case.catalogue.find_host(name) is not None:
        return []
    from difflib import get_close_matches

    hosts = {
        host.name: host
        for family in case.catalogue.families
        if family.realtime and (case.key is None or family.id in case.key.families)
        for host in family.hosts
    }
    # `api.example.com.elsewhere.org` begins like a host of ours and is one of elsewhere.org.
    if f".{case.catalogue.domain}." in f".{name}" and not _under(name, case.catalogue.domain):
        likeness = 0.1
    return [hosts[match] for match in get_close_matches(name, hosts, n=3, cutoff=likeness)]


def _find(parts: _Parts, catalogue: Catalogue) -> tuple[Family, Host] | tuple[None, None]:
    found = catalogue.find_host(parts.host)
    if found is None or not f"{parts.path}/".startswith(f"{found[0].mount}/"):
        return None, None
    return found


def _surface(provider: str, api_compat: str, path: str) -> Surface:
    """Tell which surface the client speaks (lingtai 0.19.3, `llm/_register.py`); else the path tells."""
    provider, api_compat = provider.lower(), api_compat.lower()
    if not provider and not api_compat:
        return Surface.ANTHROPIC if _ends_in_anthropic(path) else Surface.OPENAI
    if provider in _SPEAK_ANTHROPIC:
        return Surface.ANTHROPIC
    chosen = api_compat == "anthropic" and provider not in _SPEAK_OPENAI
    return Surface.ANTHROPIC if chosen else Surface.OPENAI


def _ends_in_anthropic(path: str) -> bool:
    return path.rstrip("/").endswith("/anthropic")


def _without_request_path(path: str, case: _Case) -> str:
    pattern = _REQUEST_PATH if case.strict else _SURE_REQUEST_PATH
    while True:
        stripped = pattern.sub("", path)
        if stripped == path:
            return path
        # An Anthropic client appends the version too.
        path = _VERSION.sub("", stripped) if case.surface is Surface.ANTHROPIC else stripped


def _under(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _is_local(host: str) -> bool:
    """Tell whether the host is this machine or in a private network, where http is usual."""
    one_word = "." not in host and ":" not in host
    if one_word or host.endswith((".localhost", ".local", ".internal")):
        return bool(host)
    if not re.fullmatch(r"[0-9.]+|\[.*\]", host, re.DOTALL):
        return False
    from ipaddress import ip_address

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local


def _visible(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character != " ")


def _normal(text: str) -> str:
    """Write full-width signs, as Chinese keyboards give them, and backslashes as what they stand for."""
    if not text.isascii():
        from unicodedata import normalize

        text = _visible(normalize("NFKC", text).replace("。", "."))
    return text.replace("\\", "/")


def _number(port: str | None) -> int | None:
    if port is None or not port.isascii() or not port.isdecimal() or len(port) > 5:
        return None
    return int(port) if int(port) <= 65535 else None


def _split(text: str) -> _Parts:
    match = _URL.fullmatch(text)
    if match is None:  # the pattern takes any text; this only tells the type checker
        return _Parts("", "", None, "", "", None, text, None, None)
    user, at, place = match["authority"].rpartition("@")
    if place.startswith("["):
        host, bracket, rest = place.partition("]")
        host, port = host + bracket, rest.removeprefix(":")
    else:
        host, _, port = place.partition(":")
    return _Parts(
        scheme=(match["scheme"] or "").lower(),
        separator=match["separator"] or "",
        user=user if at else None,
        written_host=host,
        host=host.lower().rstrip("."),
        port=port or None,
        path=match["path"],
        query=match["query"],
        fragment=match["fragment"],
    )
