"""The endpoint: the base URL, its host, and whether the host takes the key (`mimo-api.md` §3)."""

import re
from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.endpoints import Fit, Surface, UrlFault, host_takes, key_kind, lint, read, request_url
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Delete, Set
from mimo_tui.core.preset import is_mimo
from mimo_tui.core.rules.document import KERNEL_BOOT, kind_of
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.secrets import redact
from mimo_tui.core.slots import KeySource
from mimo_tui.core.text import Clean, clean

MIX = "keys are bound to the hosts of their kind; mixing them answers 401 invalid_key (mimo-api.md §3.1, §12)"
REQUIRED = "Lingtai's screen refuses to save this provider without a base URL (lingtai-presets.md §2)"
NOT_BLANK = frozenset({"zhipu", "minimax"})
"""Providers whose base URL may be left out, but not blank (`lingtai-presets.md` §2)."""
ABOUT_HOST = frozenset({"website", "no-host", "batch-host", "unknown-host", "look-alike"})
"""Faults of a URL that say already what is wrong with its host."""

_USER = re.compile(r"//[^/?#]*@")


def base_url(subject: Subject, context: Context) -> Iterator[Finding]:
    value, provider = subject.llm.get("base_url"), subject.preset.provider
    required = provider.lower() in context.lingtai.base_url_required
    if value is not None and not isinstance(value, str):
        mend = Delete(at.BASE_URL) if provider.lower() in NOT_BLANK else Set(at.BASE_URL, None)
        clear = Fix("clear-base-url", "clear base_url", (mend,))
        fixes = _family_fix(subject, context) if required else (clear,)
        message = f"base_url is {kind_of(value)}, not text"
        yield Finding("base-url-type", Severity.ERROR, at.BASE_URL, message, KERNEL_BOOT, fixes)
    elif value:
        yield from _faults(subject, context, value)
    elif required:
        because = f"{REQUIRED}; Lingtai's kernel would call the OpenAI SDK's default host"
        fixes = _family_fix(subject, context)
        yield Finding("base-url-missing", Severity.ERROR, at.BASE_URL, "no base URL is set", because, fixes)
    elif provider.lower() in NOT_BLANK and "base_url" in subject.llm:
        fix = Fix("remove-base-url", "remove base_url", (Delete(at.BASE_URL),))
        message = f"base_url is blank; for {clean(provider)} leave it out or fill it in"
        yield Finding("base-url-missing", Severity.ERROR, at.BASE_URL, message, REQUIRED, (fix,))


def _faults(subject: Subject, context: Context, url: str) -> Iterator[Finding]:
    preset, catalogue, endpoint = subject.preset, context.catalogue, subject.endpoint
    kind = key_kind(subject.key.secret, catalogue) if subject.key else None
    faults = lint(url, catalogue, provider=preset.provider, api_compat=preset.api_compat, key=kind)
    for fault in faults:
        message = f"{fault.message}; requests would go to {_request(subject, context, url)}"
        fixes = _url_fixes(fault, context)
        yield Finding(f"url-{fault.code}", fault.severity, at.BASE_URL, message, fault.because, fixes)
    if endpoint is None or not is_mimo(preset) or endpoint.family is not None or not endpoint.host:
        return
    if not any(fault.code in ABOUT_HOST for fault in faults):
        message = f"{clean(endpoint.host)} is no host of Xiaomi MiMo that the catalogue knows"
        because = f"known hosts: {', '.join(catalogue.api_hosts)} (mimo-api.md §3.1)"
        fixes = _family_fix(subject, context)
        yield Finding("host-unknown", Severity.WARNING, at.BASE_URL, message, because, fixes)


def key_fits(subject: Subject, context: Context) -> Iterator[Finding]:
    endpoint, key = subject.endpoint, subject.key
    if endpoint is None or endpoint.family is None or key is None or not endpoint.family.key_prefixes:
        return
    kind = key_kind(key.secret, context.catalogue)
    if kind is None:
        where = "api_key" if key.source is KeySource.INLINE else clean(subject.preset.slot or "")
        message = f"the key in {where} begins like no known kind of MiMo key"
        because = "kinds: " + ", ".join(
            f"{known.prefix} {known.title}" for known in context.catalogue.key_kinds
        )
        path = at.INLINE_KEY if key.source is KeySource.INLINE else at.SLOT
        yield Finding("key-kind-unknown", Severity.WARNING, path, message, f"{because} (mimo-api.md §3.1)")
    elif host_takes(kind, endpoint) is Fit.MISFIT:
        message = f"a {kind.title} key ({kind.prefix}…) does not work on {endpoint.title}"
        yield Finding(
            "key-kind-misfit", Severity.ERROR, at.BASE_URL, message, MIX, _family_fix(subject, context)
        )


RULES: tuple[Rule, ...] = (base_url, key_fits)


def _request(subject: Subject, context: Context, url: str) -> Clean:
    """Give the URL that the client would call, as it may be shown: without a password or a key in it."""
    preset, chosen = subject.preset, subject.llm.get("wire_api")
    wire = context.lingtai.wire(preset.provider, chosen if isinstance(chosen, str) else "")
    surface = read(url, context.catalogue, provider=preset.provider, api_compat=preset.api_compat).surface
    called = request_url(url, surface=surface, wire=wire)
    return clean(redact(_USER.sub("//•••@", called))) or clean("the default host of its SDK")


def _url_fixes(fault: UrlFault, context: Context) -> tuple[Fix, ...]:
    if fault.completed:
        return (Fix("complete-url", f"write {clean(fault.completed)}", (Set(at.BASE_URL, fault.completed),)),)
    titles = {
        url: title
        for kind in context.catalogue.key_kinds
        for surface in Surface
        for title, url in context.catalogue.bases_for(kind, surface)
    }
    return tuple(_use(titles[url], url) for url in fault.candidates if url in titles)


def _family_fix(subject: Subject, context: Context) -> tuple[Fix, ...]:
    """Offer every base URL that the key's kind allows; the person chooses, a key does not say its cluster."""
    endpoint = subject.endpoint
    on_mimo = endpoint is not None and endpoint.family is not None and bool(endpoint.family.key_prefixes)
    if subject.key is None or not (on_mimo or is_mimo(subject.preset)):
        return ()
    kind = key_kind(subject.key.secret, context.catalogue)
    if kind is None:
        return ()
    surface = endpoint.surface if endpoint is not None else Surface.OPENAI
    return tuple(_use(title, url) for title, url in context.catalogue.bases_for(kind, surface))


def _use(title: str, url: str) -> Fix:
    return Fix(f"base-url:{title}", f"use {url}", (Set(at.BASE_URL, url),))
